"""EspeakEngine: espeak-ng through pyttsx3; about 140 voices in a hundred languages, small, fast, formant sound."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, cached_property
from importlib import import_module
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import Any

from tts_service.engines.base import Sound
from tts_service.engines.espeak_voices import EspeakVoice, espeak_voices
from tts_service.engines.models.silence import clamped_times, trim
from tts_service.engines.models.word_times import Span, fill_lost
from tts_service.engines.pronunciation.ipa import BOUNDARY, PRIMARY, SECONDARY, Alphabet, closing_mark, espeak_alphabet
from tts_service.errors import EngineUnavailable, VoiceNotFound
from tts_service.speakable.language import languages
from tts_service.values import DigitalSourceType, SpokenWord, Voice

RATE_WPM = 165
"""News reading pace: espeak-ng's default of 175 is rushed for articles."""
RATE_HZ = 22050
CPU_S_PER_MINUTE = 0.1
REVISION = "espeak-2"
"""Bump when this file changes the sound made from the same words."""
_OTHER_GAINS_DB = {"ar": 5.2, "cmn": 3.7, "el": 5.9, "pl": 6.8, "ru": 9.4}
"""Gain towards -16 LUFS after the live limiter, for voices of languages that have no folder in speakable/: measured as
in `calibration.calibrate`. The others have `Language.espeak_gain_db`."""
_NOTATION = {PRIMARY: "'", SECONDARY: ",", BOUNDARY: "||"}
_NO_BRACKETS = str.maketrans({"[": None, "]": None})
DEFAULT_GAIN_DB = 6.4
"""For all other voices: the mean of those measured. With it live.mp3 may miss the final loudness by over 1 LU."""


class EspeakEngine:
    """Speaks with espeak-ng. One instance per process: the library has global state."""

    name = "pyttsx3"

    def __init__(self, _voices_folder: Path) -> None:
        """Raises ImportError if a package is missing."""
        try:
            import espeakng_loader

            versions = f"espeakng-loader {version('espeakng-loader')}, pyttsx3 {version('pyttsx3')}"
        except ImportError as error:
            raise ImportError("it needs pyttsx3 and espeakng-loader: pip install 'tts-service[espeak]'") from error
        self._data_folder = Path(espeakng_loader.get_data_path())
        self._fingerprint = f"{REVISION}, {versions}, {RATE_WPM} wpm"
        self._engine: Any = None
        self._heard: list[Any] = []
        self._errors: list[Exception] = []

    def voices(self) -> Sequence[Voice]:
        """All voices, from the packaged voice files."""
        return self._voices

    @cached_property
    def _voices(self) -> tuple[Voice, ...]:
        # Each article that arrives asks for them.
        return tuple(self._voice(found) for found in espeak_voices(self._data_folder))

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """Speaks the words, using `ipa` where the voice knows all its symbols. Raises VoiceNotFound."""
        if all(voice.name != found.name for found in espeak_voices(self._data_folder)):
            raise VoiceNotFound(f"espeak-ng has no voice {voice.name!r}.")
        alphabet = self.alphabet(voice)
        texts = [espeak_input(word, alphabet) for word in words]
        result = self._say(" ".join(texts), voice.name, rate)
        length_ms = len(result.pcm) / 2 * 1000 / result.sample_rate_hz
        spans = word_spans(texts, result.word_events, length_ms)
        return trim(Sound(pcm=result.pcm, sample_rate_hz=result.sample_rate_hz, words=clamped_times(spans, length_ms)))

    def pronounce(self, text: str, voice: Voice) -> str:
        """How a voice says a text, in IPA. Raises VoiceNotFound."""
        if all(voice.name != found.name for found in espeak_voices(self._data_folder)):
            raise VoiceNotFound(f"espeak-ng has no voice {voice.name!r}.")
        return ipa_of(text, voice.name)

    def alphabet(self, voice: Voice) -> Alphabet | None:
        """The sounds a voice accepts in pronunciations."""
        return espeak_alphabet(voice.name)

    def close(self) -> None:
        """Does nothing: the library can't be started twice, so it stays loaded."""
        self._engine = None

    def _voice(self, found: EspeakVoice) -> Voice:
        return Voice(
            engine=self.name,
            name=found.name,
            language=found.language,
            sample_rate_hz=RATE_HZ,
            licence="GPL-3.0-or-later (espeak-ng)",
            digital_source_type=DigitalSourceType.RULES,
            gain_db=gain_db(found.name),
            cpu_s_per_minute=CPU_S_PER_MINUTE,
            fingerprint=self._fingerprint,
        )

    def _say(self, text: str, voice_name: str, rate: float) -> Any:
        engine = self._started()
        self._heard.clear()
        self._errors.clear()
        engine.setProperty("voice", voice_name)
        engine.setProperty("rate", round(RATE_WPM * rate))
        engine.setProperty("notation", "[[" in text)
        engine.say(text if text.strip() else ".")
        engine.runAndWait()
        if self._errors or len(self._heard) != 1:
            reason = self._errors[0] if self._errors else f"{len(self._heard)} results"
            raise EngineUnavailable(f"espeak-ng failed with voice {voice_name}: {reason}") from None
        return self._heard[0]

    def _started(self) -> Any:
        if self._engine is None:
            driver = espeak_driver()
            import pyttsx3

            self._engine = pyttsx3.init(driver.DRIVER_NAME)
            self._engine.connect(driver.SPOKEN, lambda heard, name: self._heard.append(heard))
            self._engine.connect("error", lambda exception, name: self._errors.append(exception))
        return self._engine


@cache
def espeak_driver() -> Any:
    """The module espeak_driver. The library is loaded first with RTLD_LOCAL (ctypes' default): pyttsx3 then finds this
    one by soname, and Piper's own espeak-ng in the same process keeps its symbols."""
    import espeakng_loader

    ctypes.CDLL(espeakng_loader.get_library_path())
    return import_module("tts_service.engines.espeak_driver")


def ipa_of(text: str, voice_name: str) -> str:
    """How an espeak-ng voice says a text, in IPA, which may name a change of language: `(en)`."""
    return str(espeak_driver().phonemes_of(text, voice_name))


def gain_db(voice_name: str) -> float:
    """Gain of a voice, else of its base language's voice (`fr-be`: `fr`)."""
    measured = _measured_gains_db()
    return measured.get(voice_name, measured.get(voice_name.split("-")[0], DEFAULT_GAIN_DB))


@cache
def _measured_gains_db() -> dict[str, float]:
    """By voice."""
    found = dict(_OTHER_GAINS_DB)
    for language in languages():
        found.update(language.espeak_gain_db)
    return found


def espeak_input(word: SpokenWord, alphabet: Alphabet | None) -> str:
    """A word in espeak-ng's input format: its pronunciation in espeak-ng's notation, else its letters.

    Only sounds of the alphabet are put into double brackets; the words themselves contain no brackets.
    """
    sounds = alphabet.pronounced(word.ipa) if alphabet and word.ipa else ()
    if not alphabet or not sounds:
        return word.text.translate(_NO_BRACKETS)
    # "|" separates sounds: "t" and "S" in a row would be read as "tS". Quotation marks would cost the word its event.
    notation = "|".join(_NOTATION.get(sound) or alphabet.written(sound) for sound in sounds).replace("||||", "||")
    return f"[[{notation}]]{closing_mark(word.text) or ''}"


def word_spans(texts: Sequence[str], events: Sequence[tuple[int, int]], length_ms: float) -> list[Span]:
    """Start and end of each word in milliseconds; a word lasts until the next one starts.

    A word may have several events (numbers): the first counts. It may have none (symbols, joined words).
    """
    places = [0, *accumulate(len(text) + 1 for text in texts)][: len(texts)]
    starts: dict[int, float] = {}
    for place, start_ms in events:
        word = bisect_right(places, place) - 1
        if word >= 0:
            starts.setdefault(word, float(start_ms))
    spans: list[Span | None] = [None] * len(texts)
    end = length_ms
    for word in sorted(starts, reverse=True):
        spans[word] = (starts[word], end)
        end = starts[word]
    return fill_lost(spans, texts)
