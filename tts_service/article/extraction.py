"""What trafilatura and the publisher's structured data consider the article, to compare with our pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tts_service.article.places import tidied

SHINGLE = 3
"""Words in a row that are looked for in such a text."""
COVERED = 0.6
"""Share of a piece's shingles that must stand there."""
MAX_TAGS = 8_000
"""Tags of a page that trafilatura gets to see: its time grows with their square. Real pages have up to 5 000."""
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
"""Scripts that put no spaces between words: each of their letters counts as one."""
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownText:
    """A text to hold pieces against."""

    text: str
    words: int
    shingles: frozenset[Words]
    lines: frozenset[Words]

    def covers(self, words: Words) -> bool:
        """Whether most of these words stand in it in this order; of a short piece, whether it is a line of it."""
        if len(words) <= SHINGLE:
            return words in self.lines
        own = shingles(words)
        return sum(map(self.shingles.__contains__, own)) >= COVERED * len(own)


def known(text: str) -> KnownText:
    """A text made ready to be compared with; empty: it covers nothing."""
    words = words_of(tidied(text)[0])
    return KnownText(text, len(words), frozenset(shingles(words)), frozenset(map(words_of, text.splitlines())))


def extracted(source: str) -> tuple[KnownText, KnownText]:
    """What trafilatura takes for the article, in its usual way and in its careful way; empty where it finds none."""
    if source.count("<") > MAX_TAGS:
        return known(""), known("")
    import trafilatura

    texts = []
    for careful in (False, True):
        try:
            text = trafilatura.extract(source, include_comments=False, favor_precision=careful)
        except (RecursionError, MemoryError, ValueError, OverflowError):
            # Hostile nesting and column counts (trafilatura #657): our own reading of the page stands alone then.
            text = None
        texts.append(known(text or ""))
    return texts[0], texts[1]


def words_of(text: str) -> Words:
    return tuple(_WORD.findall(text.casefold()))


def shingles(words: Words) -> list[Words]:
    return [words[i : i + SHINGLE] for i in range(len(words) - SHINGLE + 1)]
