"""Sentences of news to be spoken: of the stories in `tests/data/newsroom` and the sample articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tests.measure.bench.texts import SAMPLES
from tests.measure.text.newsroom.stories import stories
from tts_service.article.blocks import read_blocks
from tts_service.commands.speak import article_from_json
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind, Utterance

_FEWEST_WORDS = 4
_WHOLE = 10**6
"""First words of a clip: nothing is divided here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsSentence:
    """A sentence as it is written, and as it is to be spoken."""

    written: str
    language: str
    utterance: Utterance


@lru_cache
def news_sentences(language: str) -> tuple[NewsSentence, ...]:
    """Those of a language (BCP 47), at least four words each, in a fixed order."""
    return tuple(sentence for text in _texts(language.partition("-")[0]) for sentence in spoken_as(text, language))


def spoken_as(text: str, language: str) -> list[NewsSentence]:
    """The sentences of a text."""
    said = make_utterances((Block(kind=BlockKind.PARAGRAPH, text=text, language=language),), first_words=_WHOLE)
    return [
        NewsSentence(written=text[one.start : one.end], language=language, utterance=one)
        for one in said
        if len(one.words) >= _FEWEST_WORDS
    ]


def _texts(language: str) -> Iterator[str]:
    for story in stories(language):
        yield from (story.headline, story.standfirst, *(line.text for line in story.lines))
    for path in sorted(SAMPLES.glob("*.json")):
        text = path.read_text("utf-8")
        if json.loads(text).get("language", "").partition("-")[0] == language:
            blocks = read_blocks(article_from_json(text, path.name, None)).blocks
            yield from (block.text for block in blocks if block.spoken)
