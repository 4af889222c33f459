"""Normalises white space and invisible characters while keeping track of source positions."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from tts_service.article.clean import INVISIBLE, clean, is_joiner, one_line


def tidied(raw: str, spans: Sequence[tuple[int, int]] = ()) -> tuple[str, list[tuple[int, int]], int]:
    """The text cleaned and on one line, the spans mapped to it, and the number of characters removed.

    A span covers its remaining characters without white space at the ends; it is empty if none remain.

    Args:
        raw: text from a parser.
        spans: (start, end) in `raw`, start <= end.
    """
    if not spans:
        text, dropped = clean(raw)
        return one_line(text), [], dropped
    text, moved = _visible(raw, {place for span in spans for place in span})
    cuts = sorted({0, len(text), *moved.values()})
    out: list[str] = []
    starts: dict[int, int] = {}
    ends = {0: 0}
    waiting = [0]
    length, dropped = 0, len(raw) - len(text)
    gap = False
    for first, last in pairwise(cuts):
        part, gone = clean(text[first:last])
        dropped += gone
        if line := one_line(part):
            if length and (gap or part[0].isspace()):
                out.append(" ")
                length += 1
            starts.update(dict.fromkeys(waiting, length))
            waiting.clear()
            out.append(line)
            length += len(line)
            gap = part[-1].isspace()
        else:
            gap = gap or bool(part)
        ends[last] = length
        waiting.append(last)
    starts.update(dict.fromkeys(waiting, length))
    placed = [(starts[moved[start]], ends[moved[end]]) for start, end in spans]
    return "".join(out), [(start, max(start, end)) for start, end in placed], dropped


def _visible(raw: str, places: set[int]) -> tuple[str, dict[int, int]]:
    """The text without invisible characters, and each position mapped to the nearest possible cut in it."""
    gone = [match.start() for match in INVISIBLE.finditer(raw)]
    text = INVISIBLE.sub("", raw)
    moved: dict[int, int] = {}
    reached = 0
    for place in sorted(places):
        here = place - bisect_left(gone, place)
        reached = _off_marks(text, here) if here > reached else reached
        moved[place] = reached
    return text, moved


def _off_marks(text: str, place: int) -> int:
    """The next position where the text can be cut: accents stay with their letter, joined emoji together."""
    while 0 < place < len(text) and (_hangs_on(text[place]) or is_joiner(text[place - 1])):
        place += 1
    return place


def _hangs_on(character: str) -> bool:
    """Combining marks, joiners, and Hangul letters that attach to the preceding syllable."""
    return unicodedata.category(character).startswith("M") or is_joiner(character) or 0x1160 <= ord(character) <= 0x11FF
