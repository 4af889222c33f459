"""Fixtures for every test."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer.testing
from hypothesis import settings

from tests.parts.examples import THOROUGH
from tests.parts.factories import Doorbell, make_parts, make_settings
from tests.parts.route_parameters import remember
from tts_service.parts import Parts

if TYPE_CHECKING:  # text and sound need no web
    from fastapi.testclient import TestClient

    from tts_service.engines.child.speak import EngineChild

# Tests start hundreds of processes: where none may keep what it compiled, each compiles the whole service again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
remember()
# Typer builds every command again for each call of its test runner; a process of the service builds them once.
typer.testing._get_command = cache(typer.testing._get_command)  # type: ignore[attr-defined]

# The same examples every time: a run that fails, fails again. New ones are looked for with
# `pytest --hypothesis-profile search`, and more of the same ones with `thorough`.
settings.register_profile("steady", derandomize=True)
settings.register_profile("thorough", derandomize=True, max_examples=THOROUGH)
settings.register_profile("search", max_examples=5_000)
settings.load_profile("steady")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m slow`, files without such tests aren't loaded: each process would take seconds for it."""
    if config.option.markexpr != "slow" or collection_path.suffix != ".py":
        return None
    return "mark.slow" not in collection_path.read_text("utf-8") or None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is loaded here stays to the end: no search for garbage looks through it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TTS_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _log_level() -> Iterator[None]:
    """Some measurements that tests use silence the service's log for their process."""
    logger = logging.getLogger("tts_service")
    level = logger.level
    yield
    logger.setLevel(level)


HASTE = (
    ("tts_service.web.api.webhooks", "ANSWER_WITHIN_S"),
    ("tts_service.web.doors.counting", "_WAIT_S"),
    ("tts_service.web.doors.rates", "_WAIT_S"),
)
"""After so long another answer is given: on a busy machine, where another was meant to be seen."""


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in HASTE:
        if module in sys.modules:  # text and sound need no web
            monkeypatch.setattr(sys.modules[module], name, 60.0)


@pytest.fixture
def bell() -> Doorbell:
    return Doorbell()


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell)
    yield built
    built.close()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineChild]:
    """The process that speaks, for all tests: it takes longer to start than a test to run. One that a test kills is
    replaced."""
    from tts_service.engines.child.speak import EngineChild

    with EngineChild(make_settings(tmp_path_factory.mktemp("engine"))) as child:
        yield child


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    """The application without a server, and a browser that shows redirects instead of following them."""
    from fastapi.testclient import TestClient

    from tests.parts.staff import BASE
    from tts_service.web.app import create_app

    with TestClient(create_app(parts), base_url=BASE, follow_redirects=False) as client:
        yield client
