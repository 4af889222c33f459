"""What the figures of `make listen` are measured on: the real service, a real Chromium, clips of their own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.measure.bench.texts import ESPEAK
from tests.parts.player_pages import clip_of, started
from tests.parts.service import Running, running
from tests.slow.test_journey import long_text

_NO_LIMITS = {
    "feedback_min_s": 0,
    "rate_feedback_token": "100000/hour",
    "rate_feedback_address": "100000/hour",
    "rate_feedback_clip": "100000/day",
}


@contextmanager
def setting() -> Iterator[tuple[Browser, Running]]:
    """A browser and a service that takes as many reports as come."""
    with (
        tempfile.TemporaryDirectory(prefix="tts-listen-") as folder,
        running(Path(folder) / "d", **_NO_LIMITS) as service,
        started() as browser,
    ):
        yield browser, service


def article(name: str, sentences: int) -> dict[str, Any]:
    """An article whose sentences no other one has."""
    return {"site": "g", "id": name, "title": f"The ferry {name}", "language": "en", "text": long_text(sentences, name)}


def finished_clip(service: Running, sentences: int = 150) -> str:
    """A clip of so many sentences: 150 sound for about eight minutes."""
    return clip_of(service, article("finished", sentences), ESPEAK)
