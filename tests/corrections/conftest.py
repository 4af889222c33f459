"""Fixtures of the corrections' tests."""

from __future__ import annotations

import pytest

from tests.corrections.desk_bench import Newsroom
from tests.parts.quick_render import Workers
from tts_service.parts import Parts


@pytest.fixture
def newsroom(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    return Newsroom(parts, Workers(parts, monkeypatch))
