"""What `demo` prints where its output is no terminal: plain lines, each at once."""

from __future__ import annotations

import io
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from tts_service.embedded import demo


class FakeService:
    """Stands in for the running one where only its watching is needed."""

    def watch(self, stop: threading.Event, seconds: float | None = None) -> None:
        """Nothing dies here."""


def test_each_quarter_of_an_article_is_a_line_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.BytesIO()  # what its reader has: what wasn't flushed isn't there
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(pipe), encoding="utf-8"))  # type: ignore[arg-type]
    states: list[dict[str, Any]] = [
        {"state": state, "progress": {"done": done, "total": total}}
        for state, done, total in (
            ("queued", 0, None),
            ("running", 0, 8),
            ("running", 1, 8),
            ("running", 2, 8),
            ("running", 7, 8),
            ("succeeded", 8, 8),
        )
    ]
    seen: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(pipe.getvalue())
        return httpx.Response(200, json=states.pop(0))

    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://service.test") as client:
        jobs = [{"id": "job_1", "article": {"title": "Brücke offen"}}]
        demo._follow(client, jobs, demo._Lines(), FakeService(), threading.Event())  # type: ignore[arg-type]

    lines = [f"Brücke offen: {done} of 8 sentences\n".encode() for done in (0, 2, 7, 8)]
    assert pipe.getvalue() == b"".join(lines)
    assert seen[2] == lines[0]  # while the second sentence is spoken, its reader has the first line


def test_a_folder_without_articles_is_named(tmp_path: Path) -> None:
    with pytest.raises(demo.NotFound, match=r"no articles \(\*\.json\)"):
        demo.make_samples(FakeService(), tmp_path, tmp_path / "out", threading.Event())  # type: ignore[arg-type]
