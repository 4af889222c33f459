"""The base lexicon: names of our time as presenters say them, shipped with each language in `data/names.tsv`.

It stands below what the newsroom and its editors say of a word, and above the rules. A row holds spellings with ", "
between them, how they are said (a respelling that the language's rules read, or IPA between slashes), and where that is
known from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from tts_service.speakable.directions import directed
from tts_service.speakable.language import language_of
from tts_service.speakable.lexeme import Lexeme, word_pattern
from tts_service.speakable.lexicon import Lexicon
from tts_service.speakable.readings import Lexical, Reading, settled
from tts_service.speakable.tables import rows
from tts_service.values import Block

RULE = "lexicon (base)"
_CREDIT = re.compile(r"\s{0,8}\([a-z]{2,6}(?:/[a-z]{2,6}){0,3}\)(?=\s[A-ZÀ-Þ„])")
"""`(epd) Der Bischof`: who wrote a text; the rules decide whether it is said."""
_STRESS, _LIGHT_STRESS = "ˈ", "ˌ"
_NO_GENITIVE = tuple("sxzßSXZ’'")
"""Endings behind which German writes an apostrophe at most."""


def readings_of(block: Block, lexicon: Lexical) -> tuple[Reading, ...]:
    """What is settled in a block before the rules are asked: by its editors, by the lexicon, by the base lexicon."""
    found = settled(lexicon.readings(block.text, block.language), base_readings(block.text, block.language))
    return settled(directed(block), found)


def base_readings(text: str, language: str) -> list[Reading]:
    """What the base lexicon of a language says of a text."""
    found = base_lexicon(language.split("-", 1)[0].lower()).readings(text, language)
    credit = _CREDIT.match(text)
    said = credit.end() if credit else 0
    return [replace(word, rule=RULE) for reading in found if reading.start >= said for word in _word_by_word(reading)]


def _word_by_word(reading: Reading) -> Iterator[Reading]:
    """A pronunciation of several words, divided where it has as many: each word keeps its own place in the audio."""
    words = list(word_pattern().finditer(reading.said))
    sounds = (reading.ipa or "").split(" ")
    if len(words) < 2 or len(sounds) != len(words):
        yield reading
        return
    for word, sound in zip(words, sounds, strict=True):
        start = reading.start + word.start()
        # Alone, a short word would get the main stress of a name: the "de" of "de Gaulle".
        stressed = sound if _STRESS in sound else f"{_LIGHT_STRESS}{sound}"
        yield replace(reading, start=start, end=start + len(word.group()), said=word.group(), ipa=stressed)


@cache
def base_lexicon(code: str) -> Lexicon:
    """The base lexicon of a language with this two- or three-letter code; an empty one if it has none."""
    return Lexicon(_lexemes(code))


def _lexemes(code: str) -> Iterator[Lexeme]:
    genitive = language_of(code).genitive
    for spellings, said, _source in rows(code, "names", optional=True):
        graphemes = tuple(spellings.split(", "))
        if not said.startswith("/"):
            yield Lexeme(graphemes=graphemes, language=code, alias=said)
            continue
        ipa = said.strip("/")
        yield Lexeme(graphemes=graphemes, language=code, ipa=ipa)
        if genitive and (owners := tuple(f"{one}{genitive}" for one in graphemes if not one.endswith(_NO_GENITIVE))):
            yield Lexeme(graphemes=owners, language=code, ipa=f"{ipa}{genitive}")
