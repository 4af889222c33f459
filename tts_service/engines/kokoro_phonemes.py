"""Words as Kokoro's symbols: espeak-ng's phonemes in the notation of misaki, the reader that the model learnt from.

kokoro_symbols.tsv is the model's vocabulary: number and symbol.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import takewhile

from tts_service.engines.models.symbols import MARKS, Symbols
from tts_service.engines.models.word_times import BOUNDARY, words_of_phonemes
from tts_service.engines.pronunciation.ipa import Alphabet, espeak_alphabet
from tts_service.engines.pronunciation.letters import respelled
from tts_service.values import SpokenWord

CACHED_WORDS = 10_000
LAST_LATIN = "\u017f"
"""espeak-ng's voices read the letters up to this one as their neighbours in the alphabet; others they spell out."""
_LANGUAGE_CHANGE = re.compile(r"\([a-z-]+\)")
_SAID_MARKS = MARKS - frozenset(' "()“”')
_OTHER_MARKS = {"–": "—"}
_ALL = {
    "aɪ": "I",
    "aʊ": "W",
    "eɪ": "A",
    "ɔɪ": "Y",
    "dʒ": "ʤ",
    "tʃ": "ʧ",
    "c\u0327": "ç",
    "g": "ɡ",
    "ʑ": "ʒ",
    "ʍ": "w",
    "ɫ": "l",
    "ɬ": "l",
    "ɭ": "l",
    "ʀ": "ʁ",
    "ɱ": "m",
    "ɵ": "ø",
    "ʉ": "u",
    "ɘ": "ə",
    "ħ": "h",
}
"""Phonemes -> symbols, applied in this order: those of all languages, and the nearest for those that lack one."""
_ROMANCE = _ALL | {"oʊ": "O", "əʊ": "Q", "ts": "ʦ", "dz": "ʣ"}
_GERMAN = _ROMANCE | {"ɔø": "Y", "ʏ": "y", "ɜ": "ɐ", "ɑ": "a", "a\u0303": "ɑ\u0303"}
_BRITISH = {"eə": "ɛː", "əʊ": "Q", "əl": "ᵊl", "ɐ": "ə", "r": "ɹ", "x": "k", "ç": "k", "ʔ": "t"}
NOTATIONS = {
    "de": _GERMAN | {"r": "ʁ", "ɾ": "ʁ"},
    "de-tapped": _GERMAN | {"r": "ɾ"},
    "en": _ALL | _BRITISH,
    "es": _ROMANCE,
    "fr": _ROMANCE,
    "it": _ROMANCE,
}
"""By espeak-ng's voice. German in two ways: with Spanish and Italian styles, a tapped r was understood better."""


@cache
def vocabulary() -> dict[str, int]:
    """Symbol -> the number that the model knows it by."""
    table = (files("tts_service.engines") / "kokoro_symbols.tsv").read_text(encoding="utf-8")
    return {symbol: int(number) for number, symbol in (line.split("\t") for line in table.splitlines())}


def notation(ipa: str, reading: str) -> str:
    """Phonemes in one of the `NOTATIONS`, without those that have no symbol."""
    text = unicodedata.normalize("NFD", ipa)
    for sound, symbol in NOTATIONS[reading].items():
        text = text.replace(sound, symbol)
    known = "".join(symbol for symbol in text if symbol in vocabulary())
    return BOUNDARY.join(known.split())


@cache
def kokoro_alphabet(reading: str) -> Alphabet:
    """The sounds of a language in one of the `NOTATIONS`."""
    spoken = espeak_alphabet(_espeak_voice(reading))
    assert spoken is not None
    return spoken.in_notation(lambda sound: notation(sound, reading))


class PhonemeReader:
    """Reads words in one language."""

    def __init__(self, reading: str, phonemes_of: Callable[[str, str], str]) -> None:
        """Args: `reading` is one of the `NOTATIONS`; `phonemes_of` says how an espeak-ng voice reads a text, in IPA."""
        self._reading = reading
        self._espeak_voice = _espeak_voice(reading)
        self._phonemes_of = phonemes_of
        self._alphabet = kokoro_alphabet(reading)
        self._of_word = lru_cache(CACHED_WORDS)(self.read)
        self._known = lru_cache(CACHED_WORDS)(self._respelled)

    def ipa(self, text: str) -> str:
        """How the language's voice says a text."""
        known = " ".join(map(self._known, unicodedata.normalize("NFC", text).split()))
        return self._sounds(known)

    def read(self, text: str) -> str:
        """A text in the model's notation, marks aside."""
        return notation(self.ipa(text), self._reading)

    def symbols(self, words: Sequence[SpokenWord]) -> Symbols:
        """A sentence. espeak-ng reads what lies between two marks at once, as neighbours change each other's sounds,
        and drops the marks."""
        text: list[str] = []
        owners: list[int | None] = []
        start = 0
        for end in range(1, len(words) + 1):
            mark = mark_behind(words[end - 1].text)
            known = self._pronounced(words[end - 1])
            if not (mark or known or end == len(words) or words[end].ipa):
                continue
            group = [known] if known else list(map(self._of_word, (word.text for word in words[start:end])))
            spoken = known or self.read(" ".join(word.text for word in words[start:end]))
            if text and spoken:
                text.append(BOUNDARY)
                owners.append(None)
            text += spoken
            owners += [place if place is None else start + place for place in words_of_phonemes(group, spoken)]
            if mark and text and text[-1] not in MARKS:
                text.append(mark)
                owners.append(None)
            start = end
        return Symbols(text="".join(text), owners=owners)

    def _respelled(self, word: str) -> str:
        """A word as espeak-ng says it: in some languages it says nothing for letters that it knows in others."""
        ways = (respelled(word, reads) for reads in (is_read, str.isascii))
        return next((way for way in ways if self._sounds(way)), word)

    def _sounds(self, text: str) -> str:
        return _LANGUAGE_CHANGE.sub("", self._phonemes_of(text, self._espeak_voice))

    def _pronounced(self, word: SpokenWord) -> str:
        sounds = self._alphabet.pronounced(word.ipa) if word.ipa else ()
        return "".join(self._alphabet.written(sound) or sound for sound in sounds)


def _espeak_voice(reading: str) -> str:
    return reading.partition("-")[0]


def is_read(character: str) -> bool:
    """Whether espeak-ng's voices say a letter, or digit, as more than its name."""
    return character <= LAST_LATIN


def mark_behind(text: str) -> str | None:
    """The first mark behind a word that the model has a symbol for, brackets and quotation marks aside."""
    behind = list(takewhile(lambda character: not character.isalnum(), reversed(text)))
    marks = (_OTHER_MARKS.get(character, character) for character in reversed(behind))
    return next((mark for mark in marks if mark in _SAID_MARKS), None)
