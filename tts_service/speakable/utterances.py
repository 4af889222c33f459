"""Blocks -> utterances: one per sentence, ready to be spoken, with the pause that follows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tts_service.speakable.apostrophes import with_apostrophes
from tts_service.speakable.base_lexicon import readings_of
from tts_service.speakable.directions import DirectedSpan, stretches
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.opening import with_short_start
from tts_service.speakable.readings import NO_LEXICON, Lexical, Reading, undivided
from tts_service.speakable.sentences import sentences
from tts_service.speakable.tokens import tokens
from tts_service.values import Block, Token, Utterance
from tts_service.values.speech_policy import DEFAULT_POLICY, SpeechPolicy

_SENTENCE_END = frozenset(".!?…。！？؟।")
_MARKS_AT_END = "\"'”’“»«)]›‹ "
FIRST_WORDS = 12
"""Written words of a clip's first utterance where a clause ends among them (`opening.py`)."""


@dataclass(frozen=True, slots=True)
class SaidSpan:
    """A stretch of a block that becomes one utterance."""

    stretch: DirectedSpan
    end: int
    """One past its last character: further than the stretch's when what follows has nothing to say."""
    tokens: tuple[Token, ...]


def make_utterances(
    blocks: Sequence[Block],
    *,
    policy: SpeechPolicy = DEFAULT_POLICY,
    lexicon: Lexical = NO_LEXICON,
    first_words: int = FIRST_WORDS,
) -> tuple[Utterance, ...]:
    """The utterances of all spoken blocks, in order; empty when nothing is spoken.

    Every character of a spoken block but white space lies in exactly one of them, unless its stretch has nothing to say
    (a rule of asterisks).

    Args:
        blocks: an article's blocks, skipped ones too: `Utterance.block` counts all of them.
        policy: the silence after each kind of block, and whether emoji are named.
        lexicon: what editors settled for single words.
        first_words: the clip's first utterance ends within this many written words where that divides nothing.
    """
    out: list[Utterance] = []
    for index, block in enumerate(blocks):
        if block.spoken:
            limit = None if out else first_words
            announced = _announced(index, block, policy) if block.announcement else ()
            out.extend(announced or _of_block(index, block, policy, lexicon, limit))
    return tuple(out)


def _announced(index: int, block: Block, policy: SpeechPolicy) -> Iterator[Utterance]:
    """One utterance that says what is there; it stands for the whole block."""
    said = block.announcement or ""
    rules = rules_for(block.language, policy.emoji)
    words = tuple(word for token in tokens(said, 0, len(said), rules) for word in token.spoken)
    token = Token(start=0, end=len(block.text), spoken=words, after=".", rules=("announcement",))
    yield Utterance(
        block=index,
        start=0,
        end=len(block.text),
        tokens=(token,),
        language=block.language,
        voice=block.voice,
        rate=block.rate,
        pause_after_ms=policy.pauses.after(block.kind),
    )


def _of_block(
    index: int, block: Block, policy: SpeechPolicy, lexicon: Lexical, limit: int | None
) -> Iterator[Utterance]:
    block = replace(block, text=with_apostrophes(block.text))
    readings = readings_of(block, lexicon)
    said = joined(
        (stretch, tokens(block.text, stretch.start, stretch.end, rules_for(stretch.language, policy.emoji), readings))
        for stretch in block_stretches(block, readings, sentences(block.text, block.language), limit)
    )
    yield from spoken_spans(index, block, said, policy)


def block_stretches(
    block: Block, readings: Sequence[Reading], found: Sequence[tuple[int, int]], limit: int | None
) -> Iterator[DirectedSpan]:
    """What is said in one breath in a block with these readings. `found`: its sentences; `limit`: written words of the
    first one."""
    spans = undivided(found, readings)
    if limit and spans:
        rules = rules_for(block.language)
        spans = undivided(with_short_start(block.text, spans, limit, block.language, rules), readings)
    return stretches(block, spans)


def spoken_spans(
    index: int, block: Block, said: Sequence[SaidSpan], policy: SpeechPolicy, *, to_end: bool = True
) -> Iterator[Utterance]:
    """The utterances of block number `index`. `to_end`: the last one is the block's last, too."""
    pauses = policy.pauses
    for number, part in enumerate(said):
        pause = part.stretch.pause_ms
        if pause is None and to_end and number == len(said) - 1:
            pause = pauses.after(block.kind)
        elif pause is None:
            ended = block.text[part.stretch.start : part.end].rstrip(_MARKS_AT_END)[-1:] in _SENTENCE_END
            pause = pauses.sentence_ms if ended else pauses.division_ms
        yield Utterance(
            block=index,
            start=part.stretch.start,
            end=part.end,
            tokens=part.tokens,
            language=part.stretch.language,
            voice=block.voice,
            rate=part.stretch.rate,
            pause_after_ms=pause,
        )


def joined(made: Iterable[tuple[DirectedSpan, tuple[Token, ...]]]) -> list[SaidSpan]:
    """Stretches with nothing to say (an emoji alone) join the one before, or the one behind."""
    out: list[SaidSpan] = []
    waiting: tuple[int, tuple[Token, ...]] | None = None
    for stretch, found in made:
        if waiting:
            stretch, found = replace(stretch, start=waiting[0]), waiting[1] + found
        if any(token.spoken for token in found):
            out.append(SaidSpan(stretch, stretch.end, found))
            waiting = None
        elif out:
            before = out[-1]
            pause = before.stretch.pause_ms if stretch.pause_ms is None else stretch.pause_ms
            out[-1] = SaidSpan(replace(before.stretch, pause_ms=pause), stretch.end, before.tokens + found)
        else:
            waiting = (stretch.start, found)
    return out
