"""The article's text according to trafilatura and the publisher's structured data, for comparison with our pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tts_service.article.places import tidied

SHINGLE = 3
"""Length in words of the shingles compared."""
COVERED = 0.6
"""Minimum share of a piece's shingles that the reference text must contain."""
MAX_TAGS = 8_000
"""Maximum number of tags passed to trafilatura, whose run time is quadratic; real pages have up to 5 000."""
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
"""Scripts written without spaces between words: each letter counts as a word."""
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownText:
    """Reference text that pieces are compared with."""

    text: str
    words: int
    shingles: frozenset[Words]
    lines: frozenset[Words]

    def covers(self, words: Words) -> bool:
        """Whether the text contains most of these words in this order; a short piece must be one of its lines."""
        if len(words) <= SHINGLE:
            return words in self.lines
        own = shingles(words)
        return sum(map(self.shingles.__contains__, own)) >= COVERED * len(own)


def known(text: str) -> KnownText:
    """Prepares a text for comparison; an empty text covers nothing."""
    words = words_of(tidied(text)[0])
    return KnownText(text, len(words), frozenset(shingles(words)), frozenset(map(words_of, text.splitlines())))


def extracted(source: str) -> tuple[KnownText, KnownText]:
    """trafilatura's default and high-precision extractions; empty if it finds no article."""
    if source.count("<") > MAX_TAGS:
        return known(""), known("")
    import trafilatura

    texts = []
    for careful in (False, True):
        try:
            text = trafilatura.extract(source, include_comments=False, favor_precision=careful)
        except (RecursionError, MemoryError, ValueError, OverflowError):
            # Hostile nesting and column counts crash it (trafilatura #657): our own reading of the page must then do.
            text = None
        texts.append(known(text or ""))
    return texts[0], texts[1]


def words_of(text: str) -> Words:
    return tuple(_WORD.findall(text.casefold()))


def shingles(words: Words) -> list[Words]:
    return [words[i : i + SHINGLE] for i in range(len(words) - SHINGLE + 1)]
