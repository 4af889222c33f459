"""Prints engines/pronunciation/ipa.tsv: how each sound of a language is written for espeak-ng, by espeak-ng itself.

    python -m tests.measure.ipa_tables > tts_service/engines/pronunciation/ipa.tsv

A sound's notation is the one that espeak-ng uses for it in everyday words (data/ipa_words.txt); sounds that the words
don't have come from its phoneme tables. Each is said once in brackets: only what comes back as the same IPA is taken.
"""

from __future__ import annotations

import argparse
import ctypes
import struct
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import espeakng_loader

from tests.parts.places import DATA
from tts_service.engines.espeak_voices import espeak_voices

WORDS = DATA / "ipa_words.txt"
SYNCHRONOUS, DONT_EXIT, UTF8, PHONEMES, IPA = 2, 0x8000, 1, 0x100, 2
BETWEEN = ord("|") << 8
"""Mode of espeak_TextToPhonemes: this mark between two phonemes."""
VOWEL, SOUNDING = 2, range(2, 9)
"""Types of phonemes (espeak-ng, phoneme.h): 2 vowel, 3 liquid … 8 nasal."""
VOWEL_FRAMES = (("s|'|", "|s|a"), ("s|'|a|s|", "|s|a"))
CONSONANT_FRAMES = (("'|a|", "|a"), ("", "|'|a|s"), ("'|a|", ""))
"""Words around a sound that is tried: (before, behind)."""
BRACKETS = frozenset("[]")
"""What opens and ends the notation: no sound's own may hold them."""
ODD = frozenset("()^-_!?.#/0123456789 ʰʲ")
"""What espeak-ng writes when it has no IPA for a phoneme."""


class Espeak:
    """The library, in this process."""

    def __init__(self) -> None:
        self.library = ctypes.CDLL(espeakng_loader.get_library_path())
        self.library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self.data = Path(espeakng_loader.get_data_path())
        if self.library.espeak_Initialize(SYNCHRONOUS, 200, str(self.data).encode(), DONT_EXIT) <= 0:
            sys.exit("espeak-ng did not start")

    def use(self, voice: str) -> None:
        """Speak with this voice, and take phonemes in brackets."""
        self.library.espeak_SetVoiceByName(voice.encode())
        self.library.espeak_Synth(b"[[a]]", 6, 0, 1, 0, UTF8 | PHONEMES, None, None)

    def phonemes(self, text: str, mode: int) -> str:
        rest, out = ctypes.c_char_p(text.encode()), []
        while rest.value:
            said = self.library.espeak_TextToPhonemes(ctypes.byref(rest), UTF8, mode) or b""
            out.append(said.decode("utf-8", "replace"))
        return unicodedata.normalize("NFD", " ".join(out)).strip()


def words_of_voices(data: Path) -> Iterator[tuple[str, list[str]]]:
    """(voice, words of its language), for every voice of the languages that have words."""
    words = dict(line.split(": ", 1) for line in WORDS.read_text(encoding="utf-8").splitlines() if line[0] != "#")
    for voice in espeak_voices(data):
        language = voice.language.split("-")[0]
        if language in words and voice.name != "en-shaw":
            yield voice.name, words[language].split()


def own_sounds(espeak: Espeak, words: list[str]) -> Counter[tuple[str, str]]:
    """How often each (IPA, notation) occurs in the words."""
    found: Counter[tuple[str, str]] = Counter()
    for word in words:
        written = espeak.phonemes(word, BETWEEN).replace(" ", "|").split("|")
        sounds = espeak.phonemes(word, BETWEEN | IPA).replace(" ", "|").split("|")
        if len(written) == len(sounds):
            pairs = ((s.lstrip("ˈˌ"), w.lstrip("',%=")) for s, w in zip(sounds, written, strict=True))
            found.update((sound, notation) for sound, notation in pairs if is_notation(notation) and is_sound(sound))
    return found


def all_notations(data: bytes, voice_file: Path) -> list[tuple[str, int]]:
    """(notation, type) of every phoneme in a voice's table and those it includes, nearest first.

    phontab: number of tables; for each: number of phonemes, number of the included table, name; 16 bytes a phoneme.
    """
    attributes = dict(
        line.split(None, 1) for line in reversed(voice_file.read_text("utf-8").splitlines()) if " " in line
    )
    wanted = attributes.get("phonemes", attributes["language"].split()[0].split("-")[0])
    tables, place = [], 4
    for _ in range(data[0]):
        count, included = data[place : place + 2]
        name = data[place + 4 : place + 36].split(b"\0")[0].decode()
        rows = struct.iter_unpack("<4s4sHBBBBBB", data[place + 36 : place + 36 + 16 * count])
        tables.append((name, included, [(row[0].rstrip(b"\0").decode("latin-1"), row[4]) for row in rows]))
        place += 36 + 16 * count
    by_name = {name: index for index, (name, _, _) in enumerate(tables, start=1)}
    index, out = by_name[wanted.strip()], []
    while index:
        _, index, rows = tables[index - 1]
        out += rows
    return out


def is_sound(sound: str) -> bool:
    return bool(sound) and not ODD & set(sound)


def is_notation(notation: str) -> bool:
    return bool(notation) and not BRACKETS & set(notation)


def heard(espeak: Espeak, notation: str, frame: tuple[str, str]) -> str:
    """The IPA of a notation within a word; empty when it changes its neighbours."""
    before, after = frame
    first, last = (plain(espeak.phonemes(f"[[{part.strip('|')}]]", IPA)) if part else "" for part in frame)
    said = plain(espeak.phonemes(f"[[{before}{notation}{after}]]", IPA))
    fits = said.startswith(first) and said.endswith(last) and len(said) > len(first) + len(last)
    return said[len(first) : len(said) - len(last)] if fits else ""


def plain(sounds: str) -> str:
    """Without stress."""
    return sounds.replace("ˈ", "").replace("ˌ", "")


class Table:
    """The sounds of one voice."""

    def __init__(self, espeak: Espeak, voice: str, words: list[str]) -> None:
        espeak.use(voice)
        self.espeak, self.voice = espeak, voice
        path = next(path for path in (espeak.data / "lang").rglob("*") if path.name.lower() == voice)
        self.notations = all_notations((espeak.data / "phontab").read_bytes(), path)
        self.types = dict(reversed(self.notations))
        self.own: dict[str, str] = {}
        for (sound, notation), _ in own_sounds(espeak, words).most_common():
            if sound not in self.own and sound in self.heard(notation):
                self.own[sound] = notation

    def heard(self, notation: str) -> list[str]:
        """What a notation sounds like within different words, the plainest first."""
        frames = VOWEL_FRAMES if self.types.get(notation) == VOWEL else CONSONANT_FRAMES
        return [heard(self.espeak, notation, frame) for frame in frames]

    def rows(self, main: Table) -> Iterator[tuple[str, str, str, str]]:
        """(voice, IPA, notation, "own" or "foreign"), and (voice, IPA, own sound, "near"): what it says for the sounds
        of the language's main voice that it doesn't have."""
        near = {sound: self.heard(notation)[0] for sound, notation in main.own.items() if sound not in self.own}
        near = {sound: other for sound, other in near.items() if other in self.own}
        foreign: dict[str, str] = {}
        for notation, kind in sorted(self.notations, key=lambda found: len(found[0])):
            sound = self.heard(notation)[0] if kind in SOUNDING else ""
            if is_sound(sound) and is_notation(notation) and sound not in self.own and sound not in near:
                foreign.setdefault(sound, notation)
        for kept, found in (("own", self.own), ("near", near), ("foreign", foreign)):
            for sound, written in sorted(found.items()):
                yield self.voice, sound, written, kept
        if missing := set(main.own) - {*self.own, *near, *foreign}:
            print(f"{self.voice} has nothing for {' '.join(missing)}", file=sys.stderr)


def main() -> None:
    argparse.ArgumentParser(description="Print how IPA is written for espeak-ng's voices").parse_args()
    espeak = Espeak()
    words = dict(words_of_voices(espeak.data))
    mains = {voice: Table(espeak, voice, words[voice]) for voice in words if "-" not in voice}
    for voice in words:
        for row in Table(espeak, voice, words[voice]).rows(mains[voice.split("-")[0]]):
            print("\t".join(row))


if __name__ == "__main__":
    main()
