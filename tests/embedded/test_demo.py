"""What `demo` prints where its output is no terminal: plain lines, each at once."""

from __future__ import annotations

import io
import json
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from tts_service.embedded import demo
from tts_service.embedded.demo_reports import send_reports


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


class QuickService(FakeService):
    """One whose reports may be sent at once."""

    class settings:  # noqa: N801
        feedback_min_s = 0.0


def test_a_report_names_the_clip_the_time_and_the_word_and_unknown_words_are_left_out(tmp_path: Path) -> None:
    sentence = {"words": [{"text": "Ms", "start_ms": 0.0}, {"text": "Adeyemi,", "start_ms": 412.5}]}
    clip = {"id": "clip_1", "revision": 1, "marks_url": "/marks", "feedback_token": "t"}
    sent: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/marks":
            return httpx.Response(200, json={"sentences": [sentence]})
        if request.url.path == "/v1/clips":
            return httpx.Response(200, json={"clips": [clip] if request.url.params["site"] == "known" else []})
        sent.append(json.loads(request.content))
        return httpx.Response(201, json={"reference": "R-1"})

    report = {"article": "1", "category": "pronunciation"}
    wanted = [("known", "Adeyemi"), ("known", "Nobody"), ("unknown", "Adeyemi")]
    path = tmp_path / "reports.json"
    path.write_text(json.dumps([report | {"site": site, "word": word} for site, word in wanted]))
    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://service.test") as client:
        count = send_reports(client, QuickService(), path, threading.Event())  # type: ignore[arg-type]

    assert count == 1
    assert [(one["clip"], one["position_ms"], one["token"], one["clip_token"]) for one in sent] == [
        ("clip_1", 412, 1, "t")
    ]
