"""Which sentences of an article are said otherwise under another lexicon, without reading the whole article twice.

Equal to making all utterances under both lexicons and comparing them. What saves the work: a block in which both find
the same readings changes nowhere, and of another block only the sentences around a different reading are read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tts_service.speakable.apostrophes import with_apostrophes
from tts_service.speakable.base_lexicon import readings_of
from tts_service.speakable.directions import DirectedSpan
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.readings import Lexical, Reading
from tts_service.speakable.rules import RuleSet
from tts_service.speakable.sentences import sentences
from tts_service.speakable.tokens import says_something, tokens
from tts_service.speakable.utterances import FIRST_WORDS, block_stretches, joined, spoken_spans
from tts_service.values import Block, Token, Utterance
from tts_service.values.speech_policy import DEFAULT_POLICY, SpeechPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSentence:
    """A stretch of a block that is said otherwise: one sentence, or more where its bounds move."""

    block: int
    """Index of the block in the article."""
    start: int
    """First character in the block's text."""
    end: int
    """One past the last character."""
    before: tuple[Utterance, ...]
    """What was said for it; empty: nothing. Voices are those of the blocks, not cast yet."""
    after: tuple[Utterance, ...]


def changed_sentences(
    blocks: Sequence[Block],
    before: Lexical,
    after: Lexical,
    policy: SpeechPolicy = DEFAULT_POLICY,
    *,
    touches: Callable[[str], bool] | None = None,
) -> tuple[ChangedSentence, ...]:
    """The sentences of an article whose sound is another one under `after`, in order.

    Sounds are compared by what is said: spoken words, pronunciations, marks, language, speed and pause. A lexicon that
    names another rule for the same words changes nothing. `touches`: whether a text may have a grapheme of a lexeme
    that is only in one lexicon (`lexicon.GraphemeWords`); it spares the others a reading.
    """
    out: list[ChangedSentence] = []
    begun, differed = _Begun(blocks, before, after, policy, touches), False
    for index, block in enumerate(blocks):
        if not block.spoken or block.announcement:
            continue
        # Before the first block that differs, a clip can't have begun under one lexicon only.
        late = differed and len(set(begun.before(index))) > 1
        if not late and touches is not None and not touches(block.text):
            continue
        compared = _Compared(index, block, before, after, policy)
        if late or compared.readings_differ:
            out += compared.changes(*begun.before(index))
            differed = True
    return tuple(out)


def same_sound(one: Sequence[Utterance], other: Sequence[Utterance]) -> bool:
    """Whether two series of utterances are heard as the same."""
    return [_heard(utterance) for utterance in one] == [_heard(utterance) for utterance in other]


def _heard(utterance: Utterance) -> tuple[object, ...]:
    return utterance.words, utterance.language, utterance.voice, utterance.rate, utterance.pause_after_ms


def said_words(utterances: Iterable[Utterance]) -> str:
    """The words as spoken; a pronunciation stands between slashes in its word's place, between the same punctuation."""
    out = []
    for said in utterances:
        for token, word in said.words_by_token:
            letters = "-".join(said.tokens[token].spoken)
            out.append(word.text.replace(letters, f"/{word.ipa}/", 1) if word.ipa else word.text)
    return " ".join(out)


def paired(block: int, before: Sequence[Utterance], after: Sequence[Utterance]) -> Iterator[ChangedSentence]:
    """The utterances of a stretch of a block that differ, in the smallest groups that begin at the same place."""
    starts = sorted({one.start for one in before} & {one.start for one in after})
    edges = [0, *starts[1:], max((one.end for one in (*before, *after)), default=0) + 1] if starts else [0, 1 << 60]
    for first, last in pairwise(edges):
        old = tuple(one for one in before if first <= one.start < last)
        new = tuple(one for one in after if first <= one.start < last)
        if not same_sound(old, new):
            both = (*old, *new)
            start, end = min(one.start for one in both), max(one.end for one in both)
            yield ChangedSentence(block=block, start=start, end=end, before=old, after=new)


def _with_apostrophes(block: Block) -> Block:
    text = with_apostrophes(block.text)
    return block if text is block.text else replace(block, text=text)


class _Begun:
    """Whether a clip has begun before a block: its first utterance is shorter (`FIRST_WORDS`) than others."""

    def __init__(
        self,
        blocks: Sequence[Block],
        before: Lexical,
        after: Lexical,
        policy: SpeechPolicy,
        touches: Callable[[str], bool] | None,
    ) -> None:
        self._blocks, self._lexicons, self._policy, self._touches = blocks, (before, after), policy, touches
        self._counted = 0
        """Blocks that `_begun` knows of."""
        self._begun = (False, False)

    def before(self, index: int) -> tuple[bool, bool]:
        """Whether anything is said before block `index`, under each lexicon."""
        while self._counted < index and not all(self._begun):
            block = self._blocks[self._counted]
            if block.spoken:
                old = self._says(block, self._lexicons[0])
                alike = self._touches is not None and not self._touches(block.text)
                new = old if alike else self._says(block, self._lexicons[1])
                self._begun = (self._begun[0] or old, self._begun[1] or new)
            self._counted += 1
        return self._begun

    def _says(self, block: Block, lexicon: Lexical) -> bool:
        if block.announcement:
            return True
        side = _Side(_with_apostrophes(block), lexicon, self._policy)
        spans = side.stretches(sentences(side.block.text, block.language), FIRST_WORDS)
        return any(side.speaks(stretch) for stretch in spans)


class _Side:
    """A block, with its apostrophes, under one of the lexicons."""

    def __init__(self, block: Block, lexicon: Lexical, policy: SpeechPolicy) -> None:
        self.block = block
        self._policy = policy
        self._readings = readings_of(block, lexicon)
        self._made: dict[DirectedSpan, tuple[Token, ...]] = {}
        self.heard = tuple(replace(reading, rule="") for reading in self._readings)
        """The readings without the names of their rules."""

    def stretches(self, found: Sequence[tuple[int, int]], limit: int | None) -> list[DirectedSpan]:
        """What is said in one breath. `found`: the block's sentences."""
        return list(block_stretches(self.block, self._readings, found, limit))

    def inside(self, stretch: DirectedSpan) -> list[Reading]:
        return [reading for reading in self.heard if reading.start >= stretch.start and reading.end <= stretch.end]

    def speaks(self, stretch: DirectedSpan) -> bool:
        if stretch in self._made:
            return any(token.spoken for token in self._made[stretch])
        return says_something(self.block.text, stretch.start, stretch.end, self._rules(stretch), self._readings)

    def tokens(self, stretch: DirectedSpan) -> tuple[Token, ...]:
        if stretch not in self._made:
            rules = self._rules(stretch)
            self._made[stretch] = tokens(self.block.text, stretch.start, stretch.end, rules, self._readings)
        return self._made[stretch]

    def utterances(self, index: int, spans: Iterable[DirectedSpan], *, to_end: bool) -> list[Utterance]:
        made = ((one, self.tokens(one)) for one in spans)
        return list(spoken_spans(index, self.block, joined(made), self._policy, to_end=to_end))

    def _rules(self, stretch: DirectedSpan) -> RuleSet:
        return rules_for(stretch.language, self._policy.emoji)


@dataclass(slots=True)
class _Cell:
    """Stretches of a block from one place where both sides begin one to the next such place."""

    old: list[DirectedSpan] = field(default_factory=list)
    new: list[DirectedSpan] = field(default_factory=list)
    same: bool = False
    """Both sides read the same there: a single stretch."""


class _Compared:
    """A block under both lexicons."""

    def __init__(self, index: int, block: Block, before: Lexical, after: Lexical, policy: SpeechPolicy) -> None:
        self._index, block = index, _with_apostrophes(block)
        self._old, self._new = _Side(block, before, policy), _Side(block, after, policy)

    @property
    def readings_differ(self) -> bool:
        return self._old.heard != self._new.heard

    def changes(self, old_begun: bool, new_begun: bool) -> Iterator[ChangedSentence]:
        """What changes in it. The arguments: whether anything is said before it, on each side."""
        block = self._old.block
        found = sentences(block.text, block.language)
        cells = self._cells(
            self._old.stretches(found, None if old_begun else FIRST_WORDS),
            self._new.stretches(found, None if new_begun else FIRST_WORDS),
        )
        for first, last in self._windows(cells):
            window, to_end = cells[first:last], last == len(cells)
            old = self._old.utterances(self._index, (one for cell in window for one in cell.old), to_end=to_end)
            new = self._new.utterances(self._index, (one for cell in window for one in cell.new), to_end=to_end)
            yield from paired(self._index, old, new)

    def _cells(self, old: Sequence[DirectedSpan], new: Sequence[DirectedSpan]) -> list[_Cell]:
        edges = sorted({one.start for one in old} & {one.start for one in new})[1:]
        cells = [_Cell() for _ in range(len(edges) + 1)]
        for one in old:
            cells[bisect_right(edges, one.start)].old.append(one)
        for one in new:
            cells[bisect_right(edges, one.start)].new.append(one)
        for cell in cells:
            cell.same = cell.old == cell.new and all(self._old.inside(one) == self._new.inside(one) for one in cell.old)
        return cells

    def _windows(self, cells: Sequence[_Cell]) -> Iterator[tuple[int, int]]:
        """(first, last) of the cells that are read: those that differ, and neighbours with which they may be joined,
        since a stretch with nothing to say joins the one before it, or the one behind."""
        end = 0
        for number, cell in enumerate(cells):
            if not cell.same and number >= end:
                first = self._begin(cells, number)
                end = self._end(cells, first, number)
                yield first, end

    def _begin(self, cells: Sequence[_Cell], number: int) -> int:
        """Where the first utterance begins that what is said in a cell may reach. All cells from the window before it
        on, whose neighbour speaks, are the same on both sides."""
        cell, first = cells[number], number
        for side, spans in ((self._old, cell.old), (self._new, cell.new)):
            for one in spans:
                side.tokens(one)  # all of them are wanted, and tell which of them speak
        sides = ((self._old, cell.old), (self._new, cell.new))
        if not all(spans and side.speaks(spans[0]) for side, spans in sides):  # it joins what is before it
            first = self._speaking_before(cells, number)
        # At the block's beginning, what says nothing waits for the first that does.
        return first if first > 0 and self._speaking_before(cells, first) >= 0 else 0

    def _speaking_before(self, cells: Sequence[_Cell], number: int) -> int:
        return next((place for place in range(number - 1, -1, -1) if self._speaks(cells[place])), -1)

    def _end(self, cells: Sequence[_Cell], first: int, number: int) -> int:
        """One past the last cell that what is said in cells[first:number + 1] may reach."""
        end = number + 1
        while end < len(cells):
            if cells[end].same and self._speaks(cells[end]) and self._all_said(cells[first:end]):
                break
            end += 1
        return end

    def _all_said(self, cells: Sequence[_Cell]) -> bool:
        """Whether something is said there on both sides, so that nothing waits for the next stretch."""
        old = any(self._old.speaks(one) for cell in cells for one in cell.old)
        return old and any(self._new.speaks(one) for cell in cells for one in cell.new)

    def _speaks(self, cell: _Cell) -> bool:
        """Of a cell before or behind those that differ."""
        return any(self._old.speaks(one) for one in cell.old) or any(self._new.speaks(one) for one in cell.new)
