"""Speech on request: as OpenAI's API has it, by the service's keys, limits and ways of reading."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import threading
import time
from collections.abc import Generator, Iterator, MutableMapping
from typing import Any

import av
import numpy as np
import pytest
from fastapi.testclient import TestClient

from tests.web.test_jobs import is_problem, keyed
from tts_service.access.keys import SCOPES
from tts_service.audio import streamed
from tts_service.audio.streamed import PCM_RATE_HZ, STREAMED
from tts_service.db.tables import ArticleRow, SpeechUsageRow
from tts_service.engines.base import Sound
from tts_service.engines.child.speak import EngineChild
from tts_service.errors import EngineUnavailable
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.web.app import create_app
from tts_service.web.sound.spoken import SpokenStream

TEXT = "The bridge cost £3.5m. Traffic starts tomorrow.\n\nCyclists wait."
ASKED = {"model": "tts-1", "input": TEXT, "voice": "tone:beep"}


@pytest.fixture
def client(parts: Parts, engine: EngineChild) -> Iterator[TestClient]:
    app = create_app(parts)
    app.state.resident_engine = engine
    with TestClient(app, headers=keyed(parts, *SCOPES, site="gazette"), raise_server_exceptions=False) as client:
        yield client


def spoken(client: TestClient, **changed: Any) -> bytes:
    answer = client.post("/v1/audio/speech", json={**ASKED, **changed})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == STREAMED[changed.get("response_format", "mp3")]
    return answer.content


def seconds(sound: bytes) -> float:
    with av.open(io.BytesIO(sound)) as file:
        return sum(frame.samples for frame in file.decode(audio=0)) / file.streams.audio[0].rate


def events(client: TestClient, **changed: Any) -> list[dict[str, Any]]:
    answer = client.post("/v1/audio/speech", json={**ASKED, "stream_format": "sse", **changed})
    assert answer.headers["content-type"].startswith("text/event-stream")
    return [json.loads(line.removeprefix("data: ")) for line in answer.text.split("\n\n") if line]


def used(parts: Parts) -> int:
    with parts.database.reading() as session:
        row = session.query(SpeechUsageRow).one_or_none()
        return row.characters if row else 0


def test_every_format_has_the_whole_sound(client: TestClient) -> None:
    samples = np.frombuffer(spoken(client, response_format="pcm"), np.int16)
    length_s = len(samples) / PCM_RATE_HZ
    assert length_s > 2 and np.abs(samples).max() > 1_000
    for form in STREAMED.keys() - {"pcm"}:
        assert seconds(spoken(client, response_format=form)) == pytest.approx(length_s, abs=0.12), form


def test_files_say_that_they_are_synthetic(client: TestClient) -> None:
    for form, tag in (("mp3", "digitalSourceType"), ("opus", "digitalsourcetype"), ("flac", "digitalsourcetype")):
        with av.open(io.BytesIO(spoken(client, response_format=form))) as file:
            tags = {**file.metadata, **file.streams.audio[0].metadata}
        assert tags[tag].endswith("/algorithmicMedia"), form


def test_numbers_are_read_and_each_written_word_has_its_time(client: TestClient) -> None:
    *deltas, done = events(client, response_format="pcm")
    words = [word for delta in deltas for word in delta["words"]]
    said = "The bridge cost £3.5m Traffic starts tomorrow Cyclists wait"
    assert " ".join(word["text"] for word in words) == said
    starts = [word["start_ms"] for word in words]
    assert starts == sorted(starts)
    sound = b"".join(base64.b64decode(delta["audio"]) for delta in deltas)
    samples = np.abs(np.frombuffer(sound, np.int16).astype(float))
    for word in words:  # each begins with its beep, behind a gap
        at = round(word["start_ms"] * PCM_RATE_HZ / 1000)
        assert samples[at + 240 : at + 1_200].max() > 1_000 > samples[max(at - 360, 0) : max(at - 120, 1)].max(), word
    assert words[3]["end_ms"] - words[3]["start_ms"] > 4 * (words[2]["end_ms"] - words[2]["start_ms"])
    assert (done["type"], done["usage"]["input_tokens"]) == ("speech.audio.done", len(TEXT))


def test_an_unpublished_text_is_kept_nowhere(client: TestClient, parts: Parts) -> None:
    spoken(client)
    with parts.database.reading() as session:
        assert session.query(ArticleRow).count() == 0
    assert list(parts.store.names("")) == []


def test_the_lexicon_of_the_site_is_used(client: TestClient) -> None:
    usual = spoken(client, input="Holyrood met.", response_format="pcm")
    entry = {"site": "gazette", "language": "en", "graphemes": ["Holyrood"], "alias": "Holly rood house"}
    assert client.post("/v1/lexicon", json=entry).status_code == 201
    assert len(spoken(client, input="Holyrood met.", response_format="pcm")) > len(usual)


def test_speed_makes_it_shorter_within_what_stays_intelligible(client: TestClient) -> None:
    usual, fast, fastest = (len(spoken(client, speed=speed, response_format="pcm")) for speed in (1, 2, 4))
    assert fast < 0.8 * usual
    assert fastest == fast


@pytest.mark.parametrize(
    ("model", "voice", "speaks"),
    [
        ("tts-1", "beep", "tone:beep"),
        ("tone", "beep", "tone:beep"),
        ("tts-1", {"id": "tone:beep"}, "tone:beep"),
        ("tts-1", "tone:beep", "tone:beep"),
    ],
)
def test_a_voice_is_named_in_several_ways(client: TestClient, model: str, voice: Any, speaks: str) -> None:
    answer = client.post("/v1/audio/speech", json={**ASKED, "model": model, "voice": voice})
    assert answer.headers["speech-voice"] == speaks


def test_openais_voices_stand_for_the_voice_of_the_language(client: TestClient, parts: Parts) -> None:
    german = "Die Brücke ist seit Montag wieder für den Verkehr geöffnet."
    for text, language in ((german, "de"), ("The bridge is open again.", "en")):
        answer = client.post("/v1/audio/speech", json={**ASKED, "input": text, "voice": "nova"})
        assert answer.headers["speech-voice"] == parts.voices.default_voice(language).id


def test_an_error_has_openais_form_too(client: TestClient) -> None:
    unknown = client.post("/v1/audio/speech", json={**ASKED, "voice": "nobody"})
    body = is_problem(unknown, 422, "unknown_voice")
    assert body["error"] == {
        "message": body["detail"],
        "type": "invalid_request_error",
        "param": None,
        "code": "unknown_voice",
    }
    missing = client.post("/v1/audio/speech", json={"model": "tts-1", "voice": "beep"})
    assert is_problem(missing, 422, "invalid_request")["error"]["param"] == "input"
    for sent in (b"{", b"\xff\xfe"):
        bad = client.post("/v1/audio/speech", content=sent, headers={"Content-Type": "application/json"})
        assert bad.json()["error"]["type"] == "invalid_request_error"
    no_key = client.post("/v1/audio/speech", json=ASKED, headers={"Authorization": "Bearer sk-none"})
    assert is_problem(no_key, 401, "key_missing")["error"]["type"] == "authentication_error"
    assert "error" not in client.get("/v1/clips/clip_0").json()


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"model": "whisper-1"}, 404, "not_found"),
        ({"input": "a" * 4097}, 422, "invalid_request"),
        ({"input": "…"}, 422, "nothing_to_speak"),
        ({"speed": 0.2}, 422, "invalid_request"),
        ({"voice": "nova", "language": "bo"}, 422, "unknown_language"),
        ({"site": "herald"}, 403, "not_allowed"),
    ],
)
def test_what_can_not_be_spoken_is_named(client: TestClient, changed: dict[str, Any], status: int, code: str) -> None:
    is_problem(client.post("/v1/audio/speech", json={**ASKED, **changed}), status, code)


def test_a_format_that_can_not_be_encoded_here_names_those_that_can(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = is_problem(client.post("/v1/audio/speech", json={**ASKED, "response_format": "ogg"}), 422, "unknown_format")
    assert body["known"] == list(STREAMED)
    monkeypatch.setattr(streamed, "encodable", lambda: ["mp3", "wav", "pcm"])
    answer = client.post("/v1/audio/speech", json={**ASKED, "response_format": "opus"})
    assert is_problem(answer, 422, "unknown_format")["error"]["message"].endswith("ask for mp3, wav, pcm.")


def test_characters_count_towards_the_sites_quota(client: TestClient, parts: Parts) -> None:
    set_options(parts.database, "gazette", {"characters_a_day": len(TEXT) + 5})
    spoken(client)
    body = is_problem(client.post("/v1/audio/speech", json=ASKED), 429, "quota_exceeded")
    assert (body["used"], body["error"]["type"]) == (len(TEXT), "insufficient_quota")
    article = {"article": {"site": "gazette", "id": "7", "text": "A whole sentence."}}
    is_problem(client.post("/v1/jobs", json=article), 429, "quota_exceeded")
    assert used(parts) == len(TEXT)


def test_what_is_not_spoken_does_not_count(client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EngineChild, "speak", _raising(after=0))
    is_problem(client.post("/v1/audio/speech", json=ASKED), 503, "engine_unavailable")
    is_problem(client.post("/v1/audio/speech", json={**ASKED, "stream_format": "sse"}), 503, "engine_unavailable")
    assert used(parts) == 0


def test_an_engine_that_fails_on_the_way_is_reported_in_the_events(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EngineChild, "speak", _raising(after=1))
    first, last = events(client)
    assert (first["type"], last["type"]) == ("speech.audio.delta", "error")
    assert last["error"]["type"] == "server_error"


def test_a_client_that_leaves_in_the_middle_of_a_sentence_ends_the_answer_without_an_error() -> None:
    begun, left, ended = threading.Event(), threading.Event(), threading.Event()

    def pieces() -> Generator[bytes]:
        try:
            begun.set()
            left.wait(10)
            time.sleep(0.05)
            yield b"second"
        finally:
            ended.set()

    async def receive() -> dict[str, Any]:
        await asyncio.to_thread(begun.wait, 10)
        left.set()
        return {"type": "http.disconnect"}

    async def send(_message: MutableMapping[str, Any]) -> None:
        pass

    asyncio.run(SpokenStream(b"first", pieces(), "audio/mpeg", {})({"type": "http"}, receive, send))
    assert ended.is_set()


def test_models_and_voices_are_listed(client: TestClient) -> None:
    models = client.get("/v1/models").json()
    assert (models["object"], {"tts-1", "tone"} <= {one["id"] for one in models["data"]}) == ("list", True)
    assert {"id": "tone:beep", "name": "beep", "language": "en"} in client.get("/v1/audio/voices").json()["voices"]


def _raising(after: int) -> Any:
    speak, calls = EngineChild.speak, iter(range(100))

    def failing(self: EngineChild, *args: Any) -> Sound:
        if next(calls) >= after:
            raise EngineUnavailable("gone")
        return speak(self, *args)

    return failing
