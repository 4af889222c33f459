"""The spoken notice: a sentence before the first word, and again every few minutes, that says what is heard.

It is no sentence of the article: it has a place in the sound, and none in marks, captions or transcript.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tts_service.speakable.language import languages
from tts_service.speakable.readings import NO_LEXICON, Lexical
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind, Utterance
from tts_service.values.speech_policy import SpeechPolicy

USUAL_NOTICES = {language.tag: language.notice for language in languages() if language.notice}
"""What is said where a site has no words of its own, by primary language subtag."""
OUTSIDE = -1
"""Block of what no block of the article says."""
_NOT_DIVIDED = 1000
_LATE_MS = 60_000
"""So long after its time the notice waits for the end of a paragraph; then the end of a sentence will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The notice of one clip."""

    text: str
    """As written."""
    utterance: Utterance
    every_ms: int | None
    """Time from one to the next; None: it is said once, at the start."""
    sentence_ms: int
    """A pause shorter than this may lie within a sentence."""

    def due(self, at_ms: float, last_ms: float | None, *, block_ends: bool, pause_ms: int) -> bool:
        """Whether it is said at this time of the clip, before an utterance.

        `last_ms`: when it was said last, None: never. `block_ends`, `pause_ms`: whether a block ends here, and the
        pause.
        """
        if last_ms is None:
            return True
        if self.every_ms is None or at_ms - last_ms < self.every_ms:
            return False
        return block_ends or (pause_ms >= self.sentence_ms and at_ms - last_ms >= self.every_ms + _LATE_MS)


def notice_for(language: str, policy: SpeechPolicy, lexicon: Lexical = NO_LEXICON) -> Notice | None:
    """The notice of an article in a language (BCP 47); None: the policy wants none.

    Without words for that language, English ones, which a voice of their own language says.
    """
    wanted = policy.notice
    if wanted is None:
        return None
    text, spoken = _wording({name.lower(): own for name, own in wanted.texts.items()}, language)
    said = _utterance(text, spoken, policy, lexicon)
    if said is None:  # a wording of signs alone says nothing
        text, spoken = _wording({}, language)
        said = _utterance(text, spoken, policy, lexicon)
        assert said is not None, "the usual wording has words"
    every_ms = None if wanted.every_minutes is None else round(wanted.every_minutes * 60_000)
    return Notice(text=text, utterance=said, every_ms=every_ms, sentence_ms=policy.pauses.sentence_ms)


def _wording(own: Mapping[str, str], language: str) -> tuple[str, str]:
    """(text, its language)"""
    tag = language.lower()
    primary = tag.split("-", 1)[0]
    for texts in (own, USUAL_NOTICES):
        for name in (tag, primary):
            if name in texts:
                return texts[name], language
    return own.get("en", USUAL_NOTICES["en"]), "en"


def _utterance(text: str, language: str, policy: SpeechPolicy, lexicon: Lexical) -> Utterance | None:
    """All sentences of a wording as one utterance."""
    block = Block(kind=BlockKind.HEADING, text=text, language=language)
    said = make_utterances([block], policy=policy, lexicon=lexicon, first_words=_NOT_DIVIDED)
    if not said:
        return None
    every = tuple(token for one in said for token in one.tokens)
    return replace(said[0], block=OUTSIDE, end=said[-1].end, tokens=every, pause_after_ms=said[-1].pause_after_ms)
