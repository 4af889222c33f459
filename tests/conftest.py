"""Fixtures for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.factories import Doorbell, make_parts
from tts_service.parts import Parts

# The same examples every time: a run that fails, fails again. New ones are looked for with
# `pytest --hypothesis-profile search`.
settings.register_profile("steady", derandomize=True)
settings.register_profile("search", max_examples=5_000)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TTS_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def bell() -> Doorbell:
    return Doorbell()


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell)
    yield built
    built.close()
