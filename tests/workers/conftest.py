"""The workers' own tasks and beat in this process, with a test's parts."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from tts_service.engines.child.speak import EngineChild
from tts_service.parts import Parts


@pytest.fixture(scope="session")
def worker_modules(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """(workers.celery_app, workers.tasks): they read their settings when they are imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TTS_DATA_DIR", str(tmp_path_factory.mktemp("workers")))
        patch.setenv("TTS_WARM_VOICES", "")
        return importlib.import_module("workers.celery_app"), importlib.import_module("workers.tasks")


@pytest.fixture
def tasks(worker_modules: Any, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """workers.tasks of a process that has this test's parts, an engine and no way out."""
    celery_app, found = worker_modules
    with EngineChild(parts.settings) as engine:
        owned = celery_app.Process(parts=parts, engine=engine, outbound=object())
        monkeypatch.setattr(celery_app, "process", owned)
        yield found
