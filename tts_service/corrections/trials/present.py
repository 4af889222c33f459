"""How a word is said at present: what says the same is no suggestion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tts_service.engines.pronunciation.ipa import cleaned
from tts_service.speakable.readings import NO_LEXICON, Lexical
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentReading:
    """What is said for a word."""

    spoken: str
    """The words after the language's rules."""
    ipa: str | None = None


def read_alone(word: str, language: str, lexicon: Lexical = NO_LEXICON) -> PresentReading:
    """What is said for a word that stands by itself."""
    block = Block(kind=BlockKind.PARAGRAPH, text=word, language=language)
    tokens = [token for said in make_utterances([block], lexicon=lexicon) for token in said.tokens if token.spoken]
    return PresentReading(
        spoken=" ".join(spoken for token in tokens for spoken in token.spoken),
        ipa=tokens[0].ipa if len(tokens) == 1 else None,
    )


class SameAsNow:
    """Tells whether a respelling or a pronunciation says what is said already."""

    def __init__(self, now: PresentReading, language: str, pronounce: Callable[[str], str]) -> None:
        """`pronounce`: how the voice that is heard says a text, in IPA; empty where nobody can tell."""
        self._now, self._language = now, language
        self._ipa = now.ipa or (pronounce(now.spoken) if now.spoken else "")

    def alias(self, alias: str) -> bool:
        return self._now.ipa is None and read_alone(alias, self._language).spoken == self._now.spoken

    def ipa(self, ipa: str) -> bool:
        return bool(self._ipa) and cleaned(ipa) == cleaned(self._ipa)
