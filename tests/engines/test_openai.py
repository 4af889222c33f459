"""The engine of speech servers, against one that fails in every way; the contract has the rest."""

from __future__ import annotations

import base64
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.parts.speech_server import (
    KEY,
    RATE_HZ,
    Reply,
    SpeechStandIn,
    speech,
    speech_stand_in,
    wav,
    with_settings,
)
from tts_service.engines.base import Sound
from tts_service.engines.openai import OpenaiEngine
from tts_service.engines.remote.server import SpeechServer
from tts_service.engines.remote.timing import HeardWord, by_letters
from tts_service.errors import EngineUnavailable, ServiceError, SpeechServerUnavailable, VoiceNotFound, VoiceRefused
from tts_service.values import SpokenWord, Voice

TEXT = "The harbour town of Elmsworth opened its new bridge."
BUSY = Reply(status=429, body=b'{"error": {"message": "too many"}}', kind="application/json")


class SpokenTo:
    """An engine, its server, and how long it would have waited."""

    def __init__(self, stand_in: SpeechStandIn, folder: Path) -> None:
        self.stand_in, self.folder = stand_in, folder
        self.waits: list[float] = []
        self.set_up()

    def set_up(self, deadline_s: float = 15.0, **settings: Any) -> None:
        self.engine = OpenaiEngine(with_settings(self.folder, self.stand_in.url, **settings))
        self.engine._server = SpeechServer(self.stand_in.url, KEY, deadline_s, wait=self.waits.append)

    @property
    def voice(self) -> Voice:
        return self.engine.voices()[0]

    def speak(self, *replies: Reply, text: str = TEXT, rate: float = 1.0) -> Sound:
        self.stand_in.replies.extend(replies)
        return self.engine.speak([SpokenWord(text=word) for word in text.split()], self.voice, rate)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[SpeechStandIn]:
    with speech_stand_in() as server:
        yield server


@pytest.fixture
def remote(stand_in: SpeechStandIn, tmp_path: Path) -> SpokenTo:
    for kept in (stand_in.replies, stand_in.asked, stand_in.keys):
        kept.clear()
    return SpokenTo(stand_in, tmp_path)


def test_it_asks_in_openais_form(remote: SpokenTo) -> None:
    remote.speak(rate=1.25)
    assert remote.stand_in.asked == [
        {"model": "tts-1", "input": TEXT, "voice": "anna", "response_format": "wav", "speed": 1.25}
    ]
    assert remote.stand_in.keys == [f"Bearer {KEY}"]


def test_a_busy_server_is_asked_again_when_it_says(remote: SpokenTo) -> None:
    remote.speak(replace(BUSY, headers={"Retry-After": "3"}), replace(BUSY, status=503), BUSY)
    assert remote.waits == [3.0, 1.0, 2.0]


@pytest.mark.parametrize(("status", "tries"), [(429, 5), (500, 5), (503, 5), (401, 1), (402, 1)])
def test_a_server_that_stays_away_lets_the_job_wait(remote: SpokenTo, status: int, tries: int) -> None:
    with pytest.raises(SpeechServerUnavailable, match=f"127.0.0.1 answered {status}: too many") as caught:
        remote.speak(*[replace(BUSY, status=status)] * tries)
    assert not caught.value.permanent
    assert len(remote.stand_in.asked) == tries


def test_a_wait_beyond_the_deadline_is_left_to_the_job(remote: SpokenTo) -> None:
    with pytest.raises(SpeechServerUnavailable) as caught:
        remote.speak(replace(BUSY, headers={"Retry-After": "60"}))
    assert (caught.value.details["retry_after_s"], remote.waits) == (60, [])


def test_a_server_that_hangs_is_left_at_the_deadline(remote: SpokenTo) -> None:
    release = threading.Event()

    def hanging() -> Reply:
        release.wait(20)
        return BUSY

    remote.set_up(deadline_s=0.3)
    remote.stand_in.replies.append(hanging)
    with pytest.raises(SpeechServerUnavailable, match="No complete response"):
        remote.speak()
    release.set()


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Reply(status=400, body=b'{"detail": "voice anna unknown"}'), VoiceRefused, "answered 400: voice anna unknown"),
        (Reply(body=b"<html>", kind="text/html"), SpeechServerUnavailable, "sent 'text/html' instead of sound"),
        (Reply(body=b"ID3", kind="audio/mpeg"), SpeechServerUnavailable, "another format than WAV"),
        (Reply(body=wav(speech(TEXT), 22_050)), VoiceRefused, "22050 Hz, but its settings say 24000"),
        (Reply(body=wav(speech(TEXT)), headers={"Speech-Voice": "x:bob"}), VoiceRefused, "with 'x:bob' instead of"),
        (Reply(body=wav(bytes(2 * RATE_HZ * 4))), EngineUnavailable, "silent"),
        (Reply(body=wav(b"")), EngineUnavailable, "silent"),
        (Reply(body=wav(speech("The"))), EngineUnavailable, "can't be 43 letters"),
        (Reply(body=wav(speech(TEXT * 20))), EngineUnavailable, "can't be 43 letters"),
        (Reply(body=wav(speech(TEXT), size=10**7)), EngineUnavailable, "of 10000000 bytes of sound came"),
    ],
)
def test_what_is_no_speech_of_the_sentence_is_refused(
    remote: SpokenTo, reply: Reply, error: type[ServiceError], words: str
) -> None:
    with pytest.raises(error, match=words):
        remote.speak(reply)


def test_an_answer_that_is_cut_on_the_way_is_asked_for_again(remote: SpokenTo) -> None:
    whole = wav(speech(TEXT))
    remote.speak(Reply(body=whole[:9_000], announced=len(whole)))
    assert len(remote.stand_in.asked) == 2


def test_half_a_sentence_is_noticed_once_the_voice_is_known(remote: SpokenTo) -> None:
    half = Reply(body=wav(speech(" ".join(TEXT.split()[:4]))))
    remote.speak(half)  # as far as anybody knows, it speaks fast
    for _ in range(6):
        remote.speak()
    with pytest.raises(EngineUnavailable, match="can't be 43 letters"):
        remote.speak(half)


def test_sizes_of_a_wav_that_was_sent_while_it_was_made_are_unknown(remote: SpokenTo) -> None:
    sound = remote.speak(Reply(body=wav(speech(TEXT), size=0xFFFF_FFFF)))
    assert len(sound.pcm) == pytest.approx(len(speech(TEXT)), abs=8_000)


def test_nobody_is_asked_to_say_nothing(remote: SpokenTo) -> None:
    assert len(remote.speak(text="... —").words) == 2
    assert remote.stand_in.asked == []


def test_the_key_is_told_nobody(remote: SpokenTo, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}"}}).encode()
    with pytest.raises(SpeechServerUnavailable) as caught:
        remote.speak(Reply(status=401, body=told))
    with pytest.raises(VoiceRefused) as refused:
        remote.speak(Reply(status=400, body=told))
    assert "provided: …" in caught.value.message
    for error in (caught.value, refused.value):
        assert KEY not in f"{error.message} {error.details} {error!r}"
    assert KEY not in caplog.text
    assert KEY not in repr(remote.voice) + repr(vars(remote.engine))


def test_word_times_of_the_server_are_taken(remote: SpokenTo) -> None:
    remote.set_up(word_times=True)
    texts = [word.strip(".") for word in TEXT.split()]
    words = [{"text": text, "start_ms": 100.0 * n + 50, "end_ms": 100.0 * n + 140} for n, text in enumerate(texts)]
    sound = base64.b64encode(wav(speech(TEXT))).decode()
    events = [
        {"type": "speech.audio.delta", "audio": sound, "words": words},
        {"type": "speech.audio.done"},
    ]
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode()
    spoken = remote.speak(Reply(body=body, kind="text/event-stream"))
    shift = 50 - spoken.words[0].start_ms  # silence was cut from the start
    assert [round(word.start_ms + shift) for word in spoken.words] == [100 * n + 50 for n in range(len(texts))]
    cut = body.partition(b'data: {"type": "speech.audio.done')[0]
    with pytest.raises(EngineUnavailable, match="ended early"):
        remote.speak(Reply(body=cut, kind="text/event-stream"))
    for time in ("NaN", "Infinity", "1e999"):
        odd = body.replace(b'"start_ms": 50.0', f'"start_ms": {time}'.encode())
        with pytest.raises(SpeechServerUnavailable, match="can't be read"):
            remote.speak(Reply(body=odd, kind="text/event-stream"))


def test_words_are_found_by_their_letters() -> None:
    heard = [HeardWord(text="St John’s", start_ms=0, end_ms=700), HeardWord(text="half-way", start_ms=800, end_ms=1500)]
    assert by_letters(["“St", "John’s”,", "—", "half-", "way!"], heard) == [
        (0.0, 200.0),
        (200.0, 700.0),
        (700.0, 700.0),
        (800.0, 1200.0),
        (1200.0, 1500.0),
    ]
    assert by_letters(["Saint", "John’s"], heard) is None
    assert by_letters(["Yes"], []) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"url": "ftp://x"}, "url: must begin with http:// or https://"),
        ({"url": "https://me:secret@x/v1"}, "url: must begin"),
        ({"voices": []}, "voices: List should have at least 1 item"),
        ({"voices": [{"name": "a b", "language": "en"}]}, "voices.0.name: must be one word"),
        ({"modell": "x"}, "modell: Extra inputs are not permitted"),
        ({"key_file": "missing.key"}, "the key in missing.key, which openai.json names, can't be read"),
    ],
)
def test_settings_that_are_wrong_are_named_and_never_shown(
    tmp_path: Path, changed: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ImportError) as caught:
        OpenaiEngine(with_settings(tmp_path, **{"url": "https://tts.example.org/v1", **changed}))
    assert reason in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_voice_that_the_settings_do_not_name_is_not_found(remote: SpokenTo) -> None:
    with pytest.raises(VoiceNotFound, match="names no voice 'bob'"):
        remote.engine.speak([SpokenWord(text="Hello.")], replace(remote.voice, name="bob"))
