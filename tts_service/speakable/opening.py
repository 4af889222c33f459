"""Where the first utterance of a clip ends: short, so that it sounds soon, and never inside what belongs together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tts_service.speakable.rules import RuleSet
from tts_service.speakable.sentences import clause_places, words_that_part
from tts_service.speakable.tokens import tokens
from tts_service.values import Token

LONGEST = 20
"""Written words that are said in one breath where no clause ends among them."""
_FEWEST_OF_CLAUSE, _FEWEST = 3, 6
"""Words before a clause's end, and before another place, that are worth an utterance of their own."""
_WORD = re.compile(r"\S+")


def with_short_start(
    text: str, spans: Sequence[tuple[int, int]], limit: int, language: str, rules: RuleSet
) -> list[tuple[int, int]]:
    """The same spans, the first divided if it has more than `limit` words: where a clause ends, else in a long sentence
    before a small word such as a preposition. Never inside a token, or beside one that a rule has read."""
    start, end = spans[0]
    words = [word.end() for word in _WORD.finditer(text, start, end)]
    if len(words) <= limit:
        return list(spans)
    near, far = words[limit - 1], words[min(max(limit, LONGEST), len(words)) - 1]
    said = tokens(text, start, end, rules)
    floor = words[min(_FEWEST_OF_CLAUSE, limit) - 1]
    ends = [
        [place for place in places if place >= floor and not any(token.start < place < token.end for token in said)]
        for places in clause_places(text, start, min(far + 1, end), language)
    ]
    cut = _clause_end(ends, near + 1)
    if cut is None and len(words) > LONGEST:
        gaps = [gap for gap in _gaps(text, said, language) if words[min(_FEWEST, limit) - 1] <= gap <= far]
        cut = max((gap for gap in gaps if gap <= near), default=min(gaps, default=None))
    if cut is None or cut >= end:
        return list(spans)
    rest = cut
    while rest < end and text[rest].isspace():
        rest += 1
    return [(start, cut), (rest, end), *spans[1:]]


def _clause_end(ends: Sequence[Sequence[int]], near: int) -> int | None:
    """The last clause's end up to `near`, else the last comma's, else the first of either behind it.

    Args:
        ends: the places of clauses' ends, then of commas.
    """
    for places in ends:
        if early := [place for place in places if place <= near]:
            return early[-1]
    return min((place for places in ends for place in places), default=None)


def _gaps(text: str, said: Sequence[Token], language: str) -> Iterator[int]:
    """The ends of plain words that a small word follows."""
    small, parting = words_that_part(language)
    for one, other in pairwise(said):
        word, following = text[one.start : one.end].lower(), text[other.start : other.end]
        plain = not one.rules and not other.rules and word not in small
        if plain and (following in parting or not small):
            yield one.end
