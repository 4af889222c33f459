"""The account: what happened to every character of an article, verified before anything is spoken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

from tts_service.article.loss import Lost
from tts_service.errors import AccountBroken
from tts_service.values import Block

PREVIEW = 60
"""Characters of a block shown in the account."""


class Accounted(TypedDict):
    """One line of the account: what became of one block's characters."""

    kind: str
    characters: int
    spoken: int
    """Characters spoken as written: all of the block's, or 0."""
    reason: str | None
    """Why the block is not spoken as written; None if it is."""
    text: str
    """The first `PREVIEW` characters of the block."""


def account(blocks: Iterable[Block], lost: Lost | None = None) -> tuple[Accounted, ...]:
    """One line per block, either spoken or with a skip reason, plus one for text found in no block.

    Raises AccountBroken if the totals don't add up.
    """
    blocks = tuple(blocks)
    lines = [_line(block) for block in blocks]
    _check(blocks, lines)
    if lost is not None and lost.characters:
        lines.append(
            Accounted(
                kind="lost",
                characters=lost.characters,
                spoken=0,
                reason=f"not read: {lost.reason}",
                text=_beginning(lost.sample),
            )
        )
    return tuple(lines)


def doubt_line(language: str, doubted: str | None) -> tuple[Accounted, ...]:
    """A line recording that the article is read in a language other than the declared one; empty otherwise."""
    if doubted is None:
        return ()
    reason = f"read as its words are, not as declared: {language} instead of {doubted}"
    return (Accounted(kind="language", characters=0, spoken=0, reason=reason, text=""),)


def instead_line(voice: str, remote: str) -> Accounted:
    """A line recording that a voice speaks because a remote one can't or may not."""
    reason = f"another voice speaks: {voice} instead of {remote}"
    return Accounted(kind="voice", characters=0, spoken=0, reason=reason, text="")


def check_spans(blocks: Sequence[Block], spans: Iterable[tuple[int, int, int]]) -> None:
    """Checks that each letter and digit of every spoken block lies in exactly one span.

    Args:
        blocks: all blocks of an article.
        spans: (block index, start, end) of each utterance, in order.

    Raises AccountBroken, naming the block and the text that is missing or repeated.
    """
    reached = dict.fromkeys((index for index, block in enumerate(blocks) if block.spoken), 0)
    for index, start, end in spans:
        if index not in reached or not reached[index] <= start <= end <= len(blocks[index].text):
            raise AccountBroken(f"Block {index} is skipped, or a stretch of it is said twice.", block=index)
        _check_gap(blocks, index, reached[index], start)
        reached[index] = end
    for index, place in reached.items():
        _check_gap(blocks, index, place, len(blocks[index].text))


def _check_gap(blocks: Sequence[Block], index: int, start: int, end: int) -> None:
    left_out = blocks[index].text[start:end]
    if any(map(str.isalnum, left_out)):
        raise AccountBroken(f"Of block {index} this would not be said: {_beginning(left_out)}", block=index)


def _line(block: Block) -> Accounted:
    as_text = block.spoken and block.announcement is None
    return Accounted(
        kind=block.kind.value,
        characters=len(block.text),
        spoken=len(block.text) if as_text else 0,
        reason=f"announced: {block.announcement}" if block.spoken and not as_text else block.skip_reason,
        text=_beginning(block.text),
    )


def _beginning(text: str) -> str:
    return text if len(text) <= PREVIEW else text[: PREVIEW - 1].rstrip() + "…"


def _check(blocks: Sequence[Block], lines: Sequence[Accounted]) -> None:
    """Every character is either spoken or skipped; directions lie inside their block, in order."""
    for number, (block, line) in enumerate(zip(blocks, lines, strict=True)):
        skipped = line["characters"] if line["reason"] else 0
        if line["spoken"] + skipped != len(block.text) or block.spoken == (block.skip_reason is not None):
            raise AccountBroken(
                f"Block {number} ({block.kind.value}) has {len(block.text)} characters, {line['spoken']} spoken and "
                f"{skipped} skipped: report this article as a fault of the service.",
                block=number,
            )
        reached = 0
        for direction in block.directions:
            if not reached <= direction.start <= direction.end <= len(block.text):
                raise AccountBroken(f"A direction of block {number} lies outside it or out of order.", block=number)
            reached = direction.start
