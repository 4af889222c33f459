"""Why a text is said as it is: each written word, what is said for it, and the rule that made it."""

from __future__ import annotations

from dataclasses import dataclass

from tts_service.speakable.readings import NO_LEXICON, Lexical
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind
from tts_service.values.speech_policy import DEFAULT_POLICY, SpeechPolicy


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


def explain(
    text: str, language: str, *, lexicon: Lexical = NO_LEXICON, policy: SpeechPolicy = DEFAULT_POLICY
) -> tuple[Explained, ...]:
    """Every written word of a text (one paragraph), in order."""
    block = Block(kind=BlockKind.PARAGRAPH, text=text, language=language)
    said = make_utterances([block], policy=policy, lexicon=lexicon)
    return tuple(
        Explained(
            start=token.start,
            end=token.end,
            written=text[token.start : token.end],
            spoken=" ".join(token.spoken),
            ipa=token.ipa,
            rule=token.rules[0] if token.rules else None,
        )
        for utterance in said
        for token in utterance.tokens
    )
