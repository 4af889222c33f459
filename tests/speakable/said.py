"""What is said for a text, as the tests of speakable/ ask for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tts_service.speakable.base_lexicon import base_readings
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.readings import undivided
from tts_service.speakable.sentences import sentences
from tts_service.speakable.tokens import tokens
from tts_service.values import Token, Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """How one written word is said, and which rule said so."""

    written: str
    spoken: str
    rule: str | None
    """None: as written."""


def spoken_form(text: str, language: str) -> str:
    """The words that are said for a text, its marks in place."""
    rules, readings = rules_for(language), base_readings(text, language)
    said = (
        Utterance(
            block=0,
            start=start,
            end=end,
            tokens=tuple(replace(token, ipa=None) for token in tokens(text, start, end, rules, readings)),
            language=language,
            pause_after_ms=0,
        )
        for start, end in undivided(sentences(text, language), readings)
    )
    return " ".join(one.spoken_text for one in said if one.spoken_text)


def spoken_words(text: str, language: str) -> str:
    """What is said for a text, words only."""
    return " ".join(word for token in _tokens(text, language) for word in token.spoken)


def explain(text: str, language: str) -> tuple[Explained, ...]:
    """Every written word with what is said for it and the rule that made it."""
    return tuple(
        Explained(written=text[t.start : t.end], spoken=" ".join(t.spoken), rule=t.rules[0] if t.rules else None)
        for t in _tokens(text, language)
    )


def _tokens(text: str, language: str) -> list[Token]:
    rules, readings = rules_for(language), base_readings(text, language)
    spans = undivided(sentences(text, language), readings)
    return [token for start, end in spans for token in tokens(text, start, end, rules, readings)]
