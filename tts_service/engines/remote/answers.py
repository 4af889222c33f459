"""Reads a speech server's answer (WAV, or events with word times) and checks whether it can be the sentence sent."""

from __future__ import annotations

import base64
import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tts_service.engines.remote.timing import HeardWord
from tts_service.errors import EngineUnavailable, SpeechServerUnavailable, VoiceRefused
from tts_service.http.client import Answer
from tts_service.values import SAMPLE_WIDTH, Voice

_UNKNOWN_SIZE = 0x7FFF_0000
"""Sizes from here on, and 0, are placeholders of servers that don't know the size yet."""
_HEAD = 12
_PCM, _MONO, _BITS = 1, 1, 16
_QUIET = 330
"""A sound whose loudest sample is below this (-40 dBFS) is silent."""
_FASTEST_S, _SLOWEST_S, _EDGES_S = 0.012, 0.5, 2.0
"""Least and most time per letter, and most silence around a sentence: anything else isn't speech."""
_USUAL = 6
"""Sentences after which a voice's pace is known; then less than half or more than three times of it is implausible."""
_KEPT = 40
_LONG = 20
"""Least number of letters of a sentence that shows the pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSound:
    """A server's sound."""

    pcm: bytes = field(repr=False)
    sample_rate_hz: int
    words: tuple[HeardWord, ...] = ()
    """Empty: it sent none."""


def read_wav(answer: Answer) -> RemoteSound:
    """The sound in an answer. Raises EngineUnavailable if it is cut, SpeechServerUnavailable if it is none."""
    _require_kind(answer, "audio/", "application/octet-stream")
    return _sound(answer.body)


def read_events(answer: Answer) -> RemoteSound:
    """The same, from server-sent events with word times."""
    _require_kind(answer, "text/event-stream")
    wav, words, done = bytearray(), list[HeardWord](), False
    for line in answer.body.decode("utf-8", "replace").splitlines():
        if not line.startswith("data:"):
            continue
        event = _event(line.removeprefix("data:").strip())
        if event.get("type") == "error":
            raise SpeechServerUnavailable("The speech server failed on the way.")
        done = done or event.get("type") == "speech.audio.done"
        try:
            wav += base64.b64decode(event.get("audio", ""))
            words += map(_heard_word, event.get("words", ()))
        except (ValueError, TypeError, KeyError) as error:
            raise SpeechServerUnavailable("The speech server's events can't be read.") from error
    if not done:
        raise _defect("its events ended early")
    sound = _sound(bytes(wav))
    return RemoteSound(pcm=sound.pcm, sample_rate_hz=sound.sample_rate_hz, words=tuple(words))


def checked_sound(sound: RemoteSound, voice: Voice, texts: Sequence[str], rate: float, paces: list[float]) -> None:
    """Refuse what can't be these words. `paces`: of the voice so far, to which this one is added.

    Raises VoiceRefused (another sample rate), EngineUnavailable (silent, or of implausible length).
    """
    if sound.sample_rate_hz != voice.sample_rate_hz:
        raise VoiceRefused(
            f"{voice.id} came at {sound.sample_rate_hz} Hz, but its settings say {voice.sample_rate_hz}: correct them."
        )
    samples = np.frombuffer(sound.pcm, np.int16)
    if not len(samples) or np.abs(samples.astype(np.int32)).max() < _QUIET:
        raise _defect("the sound is silent")
    letters = sum(sum(map(str.isalnum, text)) for text in texts)
    length_s = len(samples) / sound.sample_rate_hz
    pace = length_s * rate / letters
    usual = statistics.median(paces) if len(paces) >= _USUAL else None
    too_short = pace < (usual / 2 if usual and letters >= _LONG else _FASTEST_S)
    if too_short or length_s * rate > letters * (usual * 3 if usual else _SLOWEST_S) + _EDGES_S:
        raise _defect(f"{length_s:.1f} s of sound can't be {letters} letters")
    if letters >= _LONG:
        paces.append(pace)
        del paces[:-_KEPT]


def _heard_word(data: Mapping[str, Any]) -> HeardWord:
    """Raises ValueError, TypeError, KeyError."""
    word = HeardWord(text=str(data["text"]), start_ms=float(data["start_ms"]), end_ms=float(data["end_ms"]))
    if not (math.isfinite(word.start_ms) and math.isfinite(word.end_ms)):
        raise ValueError("a time is no number")
    return word


def _require_kind(answer: Answer, *kinds: str) -> None:
    kind = answer.headers.get("content-type", "")
    if not kind.lower().startswith(kinds):
        raise SpeechServerUnavailable(f"The speech server sent {kind[:80] or 'no media type'!r} instead of sound.")


def _event(data: str) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}  # "[DONE]" of other servers
    return found if isinstance(found, dict) else {}


def _sound(data: bytes) -> RemoteSound:
    if data[:4] != b"RIFF" or data[8:_HEAD] != b"WAVE":
        raise SpeechServerUnavailable("The speech server sent another format than WAV.")
    at, rate_hz = _HEAD, 0
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt " and len(body) >= 16:
            kind, channels = int.from_bytes(body[:2], "little"), int.from_bytes(body[2:4], "little")
            bits, rate_hz = int.from_bytes(body[14:16], "little"), int.from_bytes(body[4:8], "little")
            if (kind, channels, bits) != (_PCM, _MONO, _BITS):
                raise SpeechServerUnavailable("The speech server sent another WAV than 16 bits, mono.")
        if name == b"data":
            if 0 < size < _UNKNOWN_SIZE and len(body) < size:
                raise _defect(f"{len(body)} of {size} bytes of sound came")
            pcm = body if 0 < size < _UNKNOWN_SIZE else data[at + 8 :]
            return RemoteSound(pcm=pcm[: len(pcm) // SAMPLE_WIDTH * SAMPLE_WIDTH], sample_rate_hz=rate_hz)
        at += 8 + size + size % 2
    raise _defect("there is no sound in it")


def _defect(what: str) -> EngineUnavailable:
    return EngineUnavailable(f"The speech server's answer is no speech of this sentence: {what}.", cause="raised")
