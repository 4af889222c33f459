"""The texts that are measured with: the 600-word English sample, altered so that nothing is known of it yet."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tts_service.article.blocks import read_blocks
from tts_service.commands.speak import article_from_json

SAMPLES = Path("samples/articles")
PIPER = "piper:en_US-joe-medium"
ESPEAK = "pyttsx3:en-us"
HIBARI = "hibari:heart"
_WORDS = 600
_SMALL_WORDS = re.compile(r"\b(the|and|a|to|in|of)\b")
_SYLLABLES = [consonant + vowel for consonant in "bdfklmnprst" for vowel in "aeiou"]


def sample() -> dict[str, Any]:
    """The English sample article nearest to 600 words, as a CMS sends it."""
    articles = [json.loads(path.read_text("utf-8")) for path in sorted(SAMPLES.glob("*.json"))]
    english = [article for article in articles if article.get("language", "").startswith("en")]
    if not english:
        raise FileNotFoundError(f"There is no English article in {SAMPLES}.")
    return min(english, key=lambda article: abs(len(spoken_text(article).split()) - _WORDS))


def spoken_text(article: dict[str, Any]) -> str:
    """What of an article is spoken, as written: a paragraph per block."""
    read = read_blocks(article_from_json(json.dumps(article), "sample", None))
    return "\n\n".join(block.text for block in read.blocks if block.spoken)


def named(article: dict[str, Any], name: str) -> dict[str, Any]:
    """The same article as one of another name."""
    return article | {"site": "bench", "id": name}


def salt(number: int) -> str:
    """A word that exists nowhere, another for each number, without digits."""
    first, rest = number % len(_SYLLABLES), number // len(_SYLLABLES)
    return _SYLLABLES[first] + _SYLLABLES[(first * 7 + rest) % len(_SYLLABLES)] + "x"


def retitled(article: dict[str, Any], number: int) -> dict[str, Any]:
    """The same article with another headline: its first utterance is new."""
    return _replaced(article, lambda text: text.replace(article["title"], f"{article['title']} {salt(number)}"))


def salted(article: dict[str, Any], number: int) -> dict[str, Any]:
    """The article with nearly every sentence altered: its small words are replaced, its length stays."""
    return _replaced(retitled(article, number), lambda text: _SMALL_WORDS.sub(salt(number), text))


def one_sentence_changed(article: dict[str, Any]) -> dict[str, Any]:
    """The article with one word more in one sentence of its middle."""
    text = str(next(article[kind] for kind in ("html", "markdown", "text") if kind in article))
    ends = [match.start() for match in re.finditer(r"(?<=[a-z]{3})\.(?= [A-Z])", text)]
    middle = min(ends, key=lambda place: abs(place - len(text) // 2))
    return _replaced(article, lambda whole: whole[:middle] + " today" + whole[middle:], title=False)


def long_article(article: dict[str, Any], times: int) -> dict[str, Any]:
    """The article's text many times over; every sentence of every turn is another."""
    turns = [_SMALL_WORDS.sub(salt(turn), spoken_text(article)) for turn in range(times)]
    numbered = [f"Part {turn + 1}.\n\n{text}" for turn, text in enumerate(turns)]
    return {"title": f"{article['title']}, {times} times", "language": "en-US", "text": "\n\n".join(numbered)}


def _replaced(article: dict[str, Any], change: Any, *, title: bool = True) -> dict[str, Any]:
    kinds = ("title", "html", "markdown", "text") if title else ("html", "markdown", "text")
    return article | {kind: change(article[kind]) for kind in kinds if kind in article}
