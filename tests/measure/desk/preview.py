"""Preview of one sentence by the real voice: from the editor's request to the addresses of both sounds."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from tests.measure.desk.databases import on_sqlite
from tests.measure.desk.newspaper import NAME, newspaper
from tests.measure.figures import Figure, exact, p95
from tests.parts.clip_rows import insert_clips
from tts_service.access.keys import create_key
from tts_service.web.app import create_app

VOICE = "piper:en_US-joe-medium"
TIMES = 40


def figures() -> Iterator[Figure]:
    """Each time another respelling, so that the new sound is never there already; the old one is, after the first."""
    articles = list(newspaper(40, with_name=1))
    with on_sqlite() as parts:
        insert_clips(parts, articles, VOICE)
        key = create_key(parts.database, "measure", ("lexicon",), None)
        taken_s: list[float] = []
        worked_s: list[float] = []
        with TestClient(create_app(parts), headers={"Authorization": f"Bearer {key}"}) as client:
            asked = {"limit": 100, "lexeme": _lexeme("Holly rood")}
            listed = client.post("/v1/lexicon/impact", json=asked).json()["clips"]
            places = [(clip["clip"], change["position"]) for clip in listed for change in clip["changes"]]
            begun = time.perf_counter()
            _preview(client, *places[0], "Holly rood")
            first_s = time.perf_counter() - begun
            for number in range(TIMES):
                place = places[number % len(places)]
                _preview(client, *place, "Holly rood")  # the old sound is there, as it is for a real clip
                begun, worked = time.perf_counter(), _worked_s(client)
                _preview(client, *place, f"Hollow rude{'e' * (number + 1)}")
                taken_s.append(time.perf_counter() - begun)
                worked_s.append(_worked_s(client) - worked)
    yield p95("preview of one sentence, warm, Piper", taken_s, "s", target=1.0)
    yield p95("preview of one sentence, warm, Piper: processor time of both processes", worked_s, "s")
    yield exact("preview of one sentence, the first of a process", first_s, "s", note="starts the voice, speaks both")


def _worked_s(client: TestClient) -> float:
    """Processor time of this process and of the voice's: what it takes on a machine that does nothing else."""
    app: Any = client.app
    fields = Path(f"/proc/{app.state.resident_engine.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _lexeme(alias: str) -> dict[str, object]:
    return {"site": "gazette", "language": "en", "graphemes": [NAME], "alias": alias}


def _preview(client: TestClient, clip: str, position: int, alias: str) -> None:
    sent = {"sentence": {"clip": clip, "position": position}, "lexeme": _lexeme(alias)}
    answer = client.post("/v1/preview", json=sent)
    assert answer.status_code == 200, answer.text
    for sound in answer.json()["after"]:
        assert client.get(sound["url"]).status_code == 200
