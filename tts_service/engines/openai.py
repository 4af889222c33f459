"""OpenaiEngine: voices of another server that has OpenAI's speech API. docs/engines.md describes its settings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tts_service.engines.base import Sound, VoiceFilesMissing
from tts_service.engines.models.silence import clamped_times, trim
from tts_service.engines.models.spread import spread_words
from tts_service.engines.remote.answers import RemoteSound, checked_sound, read_events, read_wav
from tts_service.engines.remote.server import SpeechServer
from tts_service.engines.remote.timing import by_letters
from tts_service.errors import VoiceNotFound, VoiceRefused
from tts_service.errors.faults import expected, fault_text
from tts_service.values import SAMPLE_WIDTH, DigitalSourceType, SpokenWord, Voice
from tts_service.values.speech_policy import LanguageTag

REVISION = "openai-1"
"""Bump when this file changes the sound made from the same words."""
SETTINGS = "openai.json"
"""In the voices folder."""
_SILENT_MS = 40
"""Length of a sentence without letters, for which no server is asked."""
_URL = expected(r"^https?://[^\s@]+$", "must begin with http:// or https://, without a user name")
_NAME = expected(r"^[^\s/]+$", "must be one word")


class RemoteVoice(BaseModel):
    """A voice of the server."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=100, pattern=_NAME)]
    """As the server calls it."""
    language: LanguageTag
    sample_rate_hz: Annotated[int, Field(ge=8_000, le=48_000)] = 24_000
    licence: str = "as the server says"
    gain_db: Annotated[float, Field(ge=-40, le=40)] = 0.0
    """Brings its speech near -16 LUFS while an article is being made; finished clips are measured."""


class RemoteSettings(BaseModel):
    """The file openai.json."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(pattern=_URL)]
    """Address up to and including /v1."""
    model: Annotated[str, Field(min_length=1)]
    voices: Annotated[list[RemoteVoice], Field(min_length=1)]
    key_file: str | None = None
    """File with the key, in the same folder unless it is an absolute path; None: the server asks for none."""
    word_times: bool = False
    """Whether the server sends word times in its events, as this service does."""
    deadline_s: Annotated[float, Field(gt=0, le=25)] = 15.0
    """For one sentence, with all attempts."""


class OpenaiEngine:
    """Sends each sentence to the server; reads its settings once."""

    name = "openai"

    def __init__(self, voices_folder: Path) -> None:
        """Raises ImportError, with the reason, if the settings are missing or invalid."""
        self._settings = _read_settings(voices_folder / SETTINGS)
        key = _read_key(voices_folder, self._settings.key_file)
        self._server = SpeechServer(self._settings.url, key, self._settings.deadline_s)
        self._pace: dict[str, list[float]] = {}
        """Seconds for a letter in the latest sentences, by voice."""

    def voices(self) -> Sequence[Voice]:
        return tuple(
            Voice(
                engine=self.name,
                name=one.name,
                language=one.language,
                sample_rate_hz=one.sample_rate_hz,
                licence=one.licence,
                digital_source_type=DigitalSourceType.TRAINED,
                gain_db=one.gain_db,
                fingerprint=f"{REVISION}, {self._settings.url}, {self._settings.model}",
                remote=True,
            )
            for one in self._settings.voices
        )

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """Speaks the words by their spelling.

        Raises SpeechServerUnavailable (its fault, or the network's), EngineUnavailable (what it sent is no speech of
        this sentence), VoiceNotFound, VoiceRefused (it speaks with another voice or sample rate, or refuses the text).
        """
        known = next((one for one in self.voices() if one.name == voice.name), None)
        if known is None:
            raise VoiceNotFound(f"{SETTINGS} names no voice {voice.name!r}.")
        texts = [word.text for word in words]
        if not any(any(map(str.isalnum, text)) for text in texts):
            pcm = bytes(_SILENT_MS * known.sample_rate_hz // 1000 * SAMPLE_WIDTH)
            times = clamped_times([(0.0, 0.0)] * len(texts), _SILENT_MS)
            return Sound(pcm=pcm, sample_rate_hz=known.sample_rate_hz, words=times)
        heard = self._heard(" ".join(texts), known, rate)
        checked_sound(heard, known, texts, rate, self._pace.setdefault(known.name, []))
        length_ms = len(heard.pcm) / SAMPLE_WIDTH * 1000 / heard.sample_rate_hz
        spans = by_letters(texts, heard.words)
        sound = Sound(
            pcm=heard.pcm,
            sample_rate_hz=heard.sample_rate_hz,
            words=clamped_times(spans, length_ms) if spans else clamped_times([(0.0, 0.0)] * len(texts), length_ms),
        )
        sound = trim(sound)
        return sound if spans else replace(sound, words=spread_words(sound.pcm, sound.sample_rate_hz, texts))

    def close(self) -> None:
        """Does nothing: each call has its own connection."""

    def _heard(self, text: str, voice: Voice, rate: float) -> RemoteSound:
        asked: dict[str, Any] = {
            "model": self._settings.model,
            "input": text,
            "voice": voice.name,
            "response_format": "wav",
            "speed": rate,
        }
        if self._settings.word_times:
            answer = self._server.post({**asked, "stream_format": "sse", "language": voice.language})
            _check_speaker(answer.headers.get("speech-voice"), voice)
            return read_events(answer)
        answer = self._server.post(asked)
        _check_speaker(answer.headers.get("speech-voice"), voice)
        return read_wav(answer)


def _check_speaker(named: str | None, voice: Voice) -> None:
    if named and named != voice.name and not named.endswith(f":{voice.name}"):
        raise VoiceRefused(f"The speech server spoke with {named[:100]!r} instead of {voice.name!r}: check {SETTINGS}.")


def _read_settings(path: Path) -> RemoteSettings:
    if not path.is_file():
        raise VoiceFilesMissing(f"its settings are missing: {SETTINGS} in the voices folder, see docs/engines.md")
    try:
        return RemoteSettings.model_validate(json.loads(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise ImportError(f"{SETTINGS}, {field}: {fault_text(first)}") from None  # the cause shows what was entered
    except (OSError, ValueError) as error:
        raise ImportError(f"{SETTINGS} can't be read: {error}") from error


def _read_key(folder: Path, name: str | None) -> str | None:
    if name is None:
        return None
    try:
        key = (folder / name).read_text("utf-8").strip()
    except (OSError, ValueError):
        raise ImportError(f"the key in {name}, which {SETTINGS} names, can't be read") from None
    if not (key.isascii() and key.isprintable() and key):
        raise ImportError(f"{name}, which {SETTINGS} names, holds no key: write it on one line") from None
    return key
