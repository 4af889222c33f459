"""Why a text is said as it is: each written word, what is said for it, the rule that made it, and the next rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tts_service.speakable.answers import rule_answers
from tts_service.speakable.apostrophes import with_apostrophes
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.readings import NO_LEXICON, Lexical
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind, Token, Utterance
from tts_service.values.speech_policy import DEFAULT_POLICY, SpeechPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class NextReading:
    """What would be said if the rule that decided didn't exist."""

    rule: str
    written: str
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """How one written word is said, and what decided it."""

    start: int
    """First character in the text."""
    end: int
    """One past the last character."""
    written: str
    spoken: str
    """Empty: nothing is said for it."""
    ipa: str | None
    """Its pronunciation, when the lexicon or an editor gives one."""
    rule: str | None
    """The rule's name, such as "money" or "lexicon (site)"; None: said as written."""
    next: NextReading | None
    """The rule that would have answered next, if it says something else."""


def explain(
    text: str, language: str, *, lexicon: Lexical = NO_LEXICON, policy: SpeechPolicy = DEFAULT_POLICY
) -> tuple[Explained, ...]:
    """Every written word of a text (one paragraph), in order."""
    block = Block(kind=BlockKind.PARAGRAPH, text=text, language=language)
    said = make_utterances([block], policy=policy, lexicon=lexicon)
    return tuple(explained_words([block], said, policy))


def explained_words(
    blocks: Sequence[Block], said: Sequence[Utterance], policy: SpeechPolicy = DEFAULT_POLICY
) -> Iterator[Explained]:
    """Every written word of utterances, in order; places count within its block."""
    for utterance in said:
        text = blocks[utterance.block].text
        for token in utterance.tokens:
            yield Explained(
                start=token.start,
                end=token.end,
                written=text[token.start : token.end],
                spoken=" ".join(token.spoken),
                ipa=token.ipa,
                rule=token.rules[0] if token.rules else None,
                next=_next(text, token, utterance, policy) if token.rules else None,
            )


def _next(written: str, token: Token, utterance: Utterance, policy: SpeechPolicy) -> NextReading | None:
    """The first answer behind the one that decided, if it says something else or says it of another stretch."""
    text, rules = with_apostrophes(written), rules_for(utterance.language, policy.emoji)
    found = list(rule_answers(text, token.start, utterance.end, rules))
    decided = found[0] if found and found[0].rule.name == token.rules[0] else None
    for other in found:
        if decided is None or (other.end, other.spoken) != (decided.end, decided.spoken):
            return NextReading(
                rule=other.rule.name, written=written[token.start : other.end], spoken=" ".join(other.spoken)
            )
    return None
