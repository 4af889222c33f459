"""Blocks -> utterances: one per sentence, ready to be spoken, with the pause that follows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tts_service.speakable.normalize import rules_for
from tts_service.speakable.sentences import cut_at, sentences
from tts_service.speakable.tokens import tokens
from tts_service.values import Block, BlockKind, Token, Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseTable:
    """Silence after what was said, in milliseconds."""

    headline_ms: int = 900
    standfirst_ms: int = 700
    heading_ms: int = 700
    paragraph_ms: int = 550
    list_item_ms: int = 400
    quote_ms: int = 550
    sentence_ms: int = 320
    """Between two sentences of a block."""
    division_ms: int = 180
    """Between the parts of a sentence that was divided."""

    def after(self, kind: BlockKind) -> int:
        """The pause behind a block of this kind."""
        pauses = {
            BlockKind.HEADLINE: self.headline_ms, BlockKind.STANDFIRST: self.standfirst_ms,
            BlockKind.HEADING: self.heading_ms, BlockKind.LIST_ITEM: self.list_item_ms, BlockKind.QUOTE: self.quote_ms,
        }  # fmt: skip
        return pauses.get(kind, self.paragraph_ms)


DEFAULT_PAUSES = PauseTable()
_SENTENCE_END = frozenset(".!?…。！？؟।")
_MARKS_AT_END = "\"'”’“»«)]›‹ "
_WORD = re.compile(r"\S+")


def make_utterances(
    blocks: Sequence[Block], *, pauses: PauseTable = DEFAULT_PAUSES, first_words: int = 12
) -> tuple[Utterance, ...]:
    """The utterances of all spoken blocks, in order; empty when nothing is spoken.

    Every character of a spoken block but white space lies in exactly one of them, unless its stretch has nothing to say
    (a rule of asterisks).

    Args:
        blocks: an article's blocks, skipped ones too: `Utterance.block` counts all of them.
        pauses: the silence after each kind of block.
        first_words: the clip's first utterance has at most this many written words, so that it sounds soon.
    """
    out: list[Utterance] = []
    for index, block in enumerate(blocks):
        if not block.spoken:
            continue
        spans = sentences(block.text, block.language)
        if not out and spans:
            spans = _with_short_start(block.text, spans, first_words)
        out.extend(_of_block(index, block, spans, pauses))
    return tuple(out)


def _of_block(index: int, block: Block, spans: Sequence[tuple[int, int]], pauses: PauseTable) -> Iterator[Utterance]:
    rules = rules_for(block.language)
    made = [(start, end, tokens(block.text, start, end, rules)) for start, end in spans]
    said = _joined(made)
    for number, (start, end, found) in enumerate(said):
        last = number == len(said) - 1
        ended = block.text[start:end].rstrip(_MARKS_AT_END)[-1:] in _SENTENCE_END
        pause = pauses.after(block.kind) if last else pauses.sentence_ms if ended else pauses.division_ms
        yield Utterance(block=index, start=start, end=end, tokens=found, language=block.language, pause_after_ms=pause)


def _joined(made: Sequence[tuple[int, int, tuple[Token, ...]]]) -> list[tuple[int, int, tuple[Token, ...]]]:
    """Stretches with nothing to say (an emoji alone) join the one before, or the one behind."""
    out: list[tuple[int, int, tuple[Token, ...]]] = []
    waiting: tuple[int, tuple[Token, ...]] | None = None
    for start, end, found in made:
        if waiting:
            start, found = waiting[0], waiting[1] + found
        if any(token.spoken for token in found):
            out.append((start, end, found))
            waiting = None
        elif out:
            before = out[-1]
            out[-1] = (before[0], end, before[2] + found)
        else:
            waiting = (start, found)
    return out


def _with_short_start(text: str, spans: Sequence[tuple[int, int]], limit: int) -> list[tuple[int, int]]:
    """The same spans, the first divided so that it has at most `limit` words: at a clause, else a comma, else there."""
    start, end = spans[0]
    words = list(_WORD.finditer(text, start, end))
    if len(words) <= limit:
        return list(spans)
    floor = words[min(2, limit - 1)].end()
    cut = cut_at(text, start, words[limit - 1].end() + 1, floor=floor) or words[limit - 1].end()
    while cut < end and text[cut - 1 : cut + 1].strip() and not text[cut].isspace():
        cut += 1
    rest = cut
    while rest < end and text[rest].isspace():
        rest += 1
    return [(start, cut), (rest, end), *spans[1:]]
