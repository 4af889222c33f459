"""Puts an article's repairs into its blocks, as directions that an editor could have written into the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tts_service.values import Block, Direction
from tts_service.values.repairs import ArticleRepairs, SentenceRepair


def repaired(blocks: Sequence[Block], repairs: ArticleRepairs) -> tuple[Block, ...]:
    """The blocks with everything that was repaired. A sentence that isn't there any more is left alone."""
    out = list(blocks)
    for repair in repairs.sentences:
        places = list(_places(out, repair.sentence))
        if repair.occurrence < len(places):
            index, start = places[repair.occurrence]
            out[index] = _directed(out[index], repair, start)
    if repairs.rate != 1.0:
        out = [replace(block, rate=block.rate * repairs.rate) for block in out]
    return tuple(out)


def occurrence_of(blocks: Sequence[Block], sentence: str, block: int, start: int) -> int:
    """How many times a sentence stands before this place. Raises ValueError when it isn't there."""
    return list(_places(blocks, sentence)).index((block, start))


def _places(blocks: Sequence[Block], sentence: str) -> Iterator[tuple[int, int]]:
    """(block, start) of each place where a sentence stands in what is spoken, and not inside of words."""
    before = r"(?<!\w)" if re.match(r"\w", sentence) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", sentence) else ""
    alone = re.compile(f"{before}(?={re.escape(sentence)}{after})")
    for index, block in enumerate(blocks):
        if block.spoken and not block.announcement:
            yield from ((index, found.start()) for found in alone.finditer(block.text))


def _directed(block: Block, repair: SentenceRepair, at: int) -> Block:
    end = at + len(repair.sentence)
    words = (at + repair.start, end if repair.end is None else at + repair.end)
    directions = list(block.directions)
    if repair.alias is not None or repair.ipa is not None:
        said = Direction(start=words[0], end=words[1], alias=repair.alias, ipa=repair.ipa)
        directions = [one for one in directions if not _says(one, words)] + [said]
    if repair.pause_after_ms is not None:
        directions = [one for one in directions if not (one.break_ms is not None and one.start == end)]
        directions.append(Direction(start=end, end=end, break_ms=repair.pause_after_ms))
    return replace(block, directions=tuple(sorted(directions, key=lambda one: (one.start, -one.end))))


def _says(direction: Direction, words: tuple[int, int]) -> bool:
    """Whether a direction of the source settles how some of the words are said: the repair stands above it."""
    settles = direction.alias is not None or direction.ipa is not None or direction.say_as is not None
    return settles and direction.start < words[1] and words[0] < direction.end
