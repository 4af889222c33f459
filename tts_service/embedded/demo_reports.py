"""The demo's listeners: a few reports about words of the sample articles, sent as the player sends them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tts_service.embedded.run import Service

_MARGIN_S = 0.3
"""Longer than the shortest time that a person needs to fill in the form."""
_MARKS = ".,:;!?“”„\"'()"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a word is heard."""

    position_ms: int
    token: int


def send_reports(client: httpx.Client, service: Service, path: Path, stop: threading.Event) -> int:
    """Send the reports in `path` about clips that are ready. Returns how many were accepted; words that a clip doesn't
    have are left out."""
    reports: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    wanted = {(report["site"], report["article"]) for report in reports}
    clips = {place: clip for place in wanted if (clip := _clip(client, *place)) is not None}
    marks = {place: client.get(clip["marks_url"]).json() for place, clip in clips.items()}
    service.watch(stop, seconds=service.settings.feedback_min_s + _MARGIN_S)
    sent = 0
    for report in reports:
        if stop.is_set():
            break
        clip = clips.get((report["site"], report["article"]))
        place = _place_of(report["word"], marks[report["site"], report["article"]]["sentences"]) if clip else None
        if clip is not None and place is not None:
            sent += _send(client, clip, report, place)
    return sent


def _clip(client: httpx.Client, site: str, article: str) -> dict[str, Any] | None:
    found: list[dict[str, Any]] = client.get("/v1/clips", params={"site": site, "article": article}).json()["clips"]
    return found[0] if found else None


def _place_of(word: str, sentences: Sequence[dict[str, Any]]) -> _Place | None:
    return next(_places(word, sentences), None)


def _places(word: str, sentences: Sequence[dict[str, Any]]) -> Iterator[_Place]:
    for sentence in sentences:
        for number, heard in enumerate(sentence["words"]):
            if heard["text"].strip(_MARKS) == word:
                yield _Place(position_ms=int(heard["start_ms"]), token=number)


def _send(client: httpx.Client, clip: dict[str, Any], report: dict[str, Any], place: _Place) -> bool:
    body = {
        "clip": clip["id"],
        "revision": clip["revision"],
        "category": report["category"],
        "comment": report.get("comment", ""),
        "position_ms": place.position_ms,
        "token": place.token,
        "clip_token": clip["feedback_token"],
    }
    return client.post("/v1/feedback", json=body).is_success
