"""IPA as editors write it: its sounds, where the stress lies, and which of them a voice knows.

The sounds of espeak-ng's voices, and how they are written for it, stand in ipa.tsv (made by
tests/measure/ipa_tables.py): "own" ones occur in words of the language, "foreign" ones espeak-ng can form besides;
"near" is what a regional voice says for a sound of the language's main voice. Piper's voices learned from espeak-ng's
phonemes: they know the own ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import Any, Protocol, runtime_checkable

from tts_service.engines.word_times import PUNCTUATION, VOWELS
from tts_service.speakable.language import language_of
from tts_service.values import Voice

MAX_IPA = 200
"""Characters of a pronunciation."""
PRIMARY, SECONDARY, BOUNDARY = "ˈ", "ˌ", " "
SYLLABIC = "\u0329"
_LOOSE: dict[int, int | str | None] = {
    **{ord(mark): None for mark in "\u0361\u035c.‿-"},
    **dict(zip(map(ord, "g:'’ʧʤʦʣ"), ("ɡ", "ː", PRIMARY, PRIMARY, "tʃ", "dʒ", "ts", "dz"), strict=True)),
}
"""What editors type for a sign of IPA, and signs that no voice needs: ties, syllable dots, hyphens."""
_FINE = frozenset("ːˑʰʲʷˠˤ\u031e\u031f\u0320\u031a\u031d\u0324\u0325\u0329\u032a\u032c\u032f\u0330\u0339\u031c")
"""Length, aspiration and the like: left out where a voice doesn't tell the difference."""
_FAMILY = {"en-us": "en-us", "en-us-nyc": "en-us"}
_SAME_VOICE = {"en-gb": "en", "fr-fr": "fr", "es-es": "es", "de-de": "de"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A pronunciation as one voice takes it."""

    sounds: tuple[str, ...]
    """Sounds, marks of stress (each just before its vowel) and boundaries of words."""
    unknown: tuple[str, ...]
    """Symbols the voice doesn't know, each once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alphabet:
    """The sounds that a voice can say, in decomposed Unicode."""

    own: Mapping[str, str]
    """Sound -> how the engine writes it; those of the voice's language."""
    foreign: Mapping[str, str] = field(default_factory=dict)
    """Other sounds it can form."""
    near: Mapping[str, str] = field(default_factory=dict)
    """What is said for sounds it would not say well."""

    def read(self, ipa: str) -> Read:
        """The sounds of a pronunciation. Something is unknown exactly if the voice can't say it all."""
        text = unicodedata.normalize("NFD", cleaned(ipa))
        found: list[str] = []
        unknown: dict[str, None] = {}
        place = 0
        while place < len(text):
            sounds, end = self._next(text, place)
            if sounds is None:
                start = place
                while start and unicodedata.category(text[start])[0] == "M":
                    start -= 1
                unknown[unicodedata.normalize("NFC", text[start:end])] = None
            elif sounds != ["ɹ"] or not found or found[-1][-1] != "ɹ":  # "ʊə" may have become "ʊɹ": one ɹ is enough
                found += sounds
            place = end
        return Read(sounds=tuple(_stressed(found)), unknown=tuple(unknown))

    def pronounced(self, ipa: str) -> tuple[str, ...]:
        """The sounds of a pronunciation that the voice can say as a whole; none of another, or an endless one."""
        read = self.read(ipa) if len(ipa) <= MAX_IPA else None
        return read.sounds if read and not read.unknown else ()

    def _next(self, text: str, place: int) -> tuple[list[str] | None, int]:
        """The sounds that begin here, None for an unknown one, and where they end."""
        if text[place] in (PRIMARY, SECONDARY, BOUNDARY):
            return [text[place]], place + 1
        ends = range(min(len(text), place + 4), place, -1)
        other = next((end for end in ends if text[place:end] in self.foreign), place)
        for end in ends:
            piece = text[place:end]
            if end < other and all(unicodedata.category(mark)[0] == "M" for mark in text[end:other]):
                break  # "n" with its marks is a sound of its own
            if piece in self.own:
                return [piece], end
            if piece in self.near:
                return [near for near in (self.near[piece],) if near], end
        if other > place:
            return [text[place:other]], other
        if text[place] in _FINE and place:
            return [], place + 1
        end = place + 1
        while end < len(text) and unicodedata.category(text[end])[0] == "M" and text[end] not in _FINE:
            end += 1
        return None, end

    def written(self, sound: str) -> str:
        """How the engine writes one of `Read.sounds`."""
        return self.own.get(sound) or self.foreign.get(sound, "")


@runtime_checkable
class SaysIpa(Protocol):
    """What an engine has besides `Engine`, if its voices take pronunciations."""

    def alphabet(self, voice: Voice) -> Alphabet | None:
        """The sounds of one of its voices; None: this voice takes no pronunciations. Cheap: no model is loaded."""


def cleaned(ipa: str) -> str:
    """A pronunciation without its slashes or brackets, look-alikes replaced ("g" by "ɡ"), composed Unicode."""
    text = unicodedata.normalize("NFC", ipa).strip()
    if len(text) > 1 and text[0] + text[-1] in ("//", "[]"):
        text = text[1:-1]
    return " ".join(text.translate(_LOOSE).split())


def named(symbol: str) -> str:
    """A symbol as an editor can find it: `ǃ (U+01C3 LATIN LETTER RETROFLEX CLICK)`."""
    points = " + ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'without a name')}" for c in symbol)
    return f"{symbol} ({points})"


def closing_mark(text: str) -> str | None:
    """The punctuation at the end of a word that shapes how the sentence is said: the comma of `"York,"`."""
    behind = list(takewhile(lambda character: not character.isalnum(), reversed(text)))
    return next((character for character in reversed(behind) if character in PUNCTUATION), None)


def espeak_alphabet(voice_name: str) -> Alphabet | None:
    """The sounds of an espeak-ng voice; None for a language without a table."""
    name = _SAME_VOICE.get(voice_name.lower(), voice_name.lower())
    table = _tables().get(name) or _tables().get(name.split("-")[0])
    if table is None:
        return None
    own = table["own"]
    base = name.split("-")[0]
    pairs = language_of(base).ipa_near.get(_FAMILY.get(name, base), "")
    near = dict(pair.split("=") for pair in pairs.split()) | table.get("near", {})
    sayable = {sound: other for sound, other in near.items() if (not other or other in own) and sound not in own}
    return Alphabet(own=own, foreign=table["foreign"], near=sayable)


def piper_alphabet(espeak_voice: str, phonemes: Collection[str]) -> Alphabet:
    """The sounds of a Piper voice that was trained on an espeak-ng voice's words: those its model has numbers for."""
    spoken = espeak_alphabet(espeak_voice)
    if spoken is None:
        single = (symbol for symbol in phonemes if unicodedata.category(symbol[0])[0] in "LM")
        return Alphabet(own={symbol: symbol for symbol in single if symbol not in (PRIMARY, SECONDARY)})
    own = {sound: sound for sound in spoken.own if all(symbol in phonemes for symbol in sound)}
    near = {sound: other for sound, other in spoken.near.items() if not other or other in own}
    return Alphabet(own=own, near=near)


def alphabet_of(piper_config: Mapping[str, Any]) -> Alphabet | None:
    """The sounds of the Piper voice with this configuration; None: its model doesn't speak from phonemes."""
    if piper_config.get("phoneme_type", "espeak") != "espeak":
        return None
    return piper_alphabet(piper_config["espeak"]["voice"], piper_config["phoneme_id_map"].keys())


@cache
def _tables() -> dict[str, dict[str, dict[str, str]]]:
    """By voice and kind of sound: sound -> notation; of the kind near: sound -> own sound."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for line in (files("tts_service.engines") / "ipa.tsv").read_text(encoding="utf-8").splitlines():
        voice, sound, written, kind = line.split("\t")
        found.setdefault(voice, {}).setdefault(kind, {})[sound] = written
    return found


def _stressed(sounds: list[str]) -> list[str]:
    """Each stress mark just before the vowel that it stresses; one on the only vowel, if none is marked."""
    out: list[str] = []
    mark = ""
    for sound in sounds:
        if sound in (PRIMARY, SECONDARY):
            mark = sound
        elif sound == BOUNDARY:
            mark = ""
            out.append(sound)
        else:
            out += [mark, sound] if mark and _is_vowel(sound) else [sound]
            mark = "" if _is_vowel(sound) else mark
    vowels = [place for place, sound in enumerate(out) if _is_vowel(sound)]
    if len(vowels) == 1 and PRIMARY not in out and SECONDARY not in out:
        out.insert(vowels[0], PRIMARY)
    return out


def _is_vowel(sound: str) -> bool:
    return sound[0] in VOWELS or SYLLABIC in sound
