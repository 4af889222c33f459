"""Made articles of a newspaper: sentences of ordinary length, names in some of them, the same ones every time."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.parts.clip_rows import RowArticle
from tts_service.values import Block, BlockKind

NAME = "Holyrood"
"""The name whose entry is weighed."""
WORDS_OF_ARTICLE = 500


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_COMMON = _listed(
    "the of and to in a is that for it was on with as by at from his an were are which this be had has have not "
    "he they but their one all who been will more when so no out up into than its about some could them only "
    "other new time these two may then do first any my now such like our over man me even most made after also "
    "well down should"
)
_NOUNS = _listed(
    "council report minister school bridge harbour river mayor budget market hospital station union company "
    "village season storm vote plan road officer court question answer week number paper train price winter "
    "garden letter farmer teacher engine museum doctor island border forest speech inquiry payment festival shop "
    "family"
)
_VERBS = _listed(
    "said met opened closed asked found called moved built paid left held saw won lost began ended gave took"
)
_ODD = _listed(
    "Dr. Holt £3.5m 1,200 Monday March 15 10.30 U.S. “quite”, Elmsworth Mrs. Marlow St. James 40% 2024 EU-wide "
    "Müller o’clock No. 5 p.m. Prof. Lindqvist (two) 7-6"
)


def newspaper(count: int, *, with_name: float, seed: int = 1) -> Iterator[RowArticle]:
    """Articles of WORDS_OF_ARTICLE words each; a share of them has the name, in one to four sentences."""
    chance = random.Random(seed)
    for number in range(count):
        named = chance.random() < with_name
        yield _article(f"{number:06d}", chance, chance.randint(1, 4) if named else 0)


def _article(name: str, chance: random.Random, mentions: int) -> RowArticle:
    sentences: list[str] = []
    words = 0
    while words < WORDS_OF_ARTICLE:
        sentences.append(_sentence(chance))
        words += sentences[-1].count(" ") + 1
    for place in chance.sample(range(len(sentences)), mentions):
        sentences[place] = _with_name(sentences[place], chance)
    title = _sentence(chance)[:60].rsplit(" ", 1)[0]
    blocks = [Block(kind=BlockKind.HEADLINE, text=title, language="en")]
    while sentences:
        size = chance.randint(2, 5)
        text, sentences = " ".join(sentences[:size]), sentences[size:]
        blocks.append(Block(kind=BlockKind.PARAGRAPH, text=text, language="en"))
    return RowArticle(external_id=name, blocks=blocks, title=title)


def _sentence(chance: random.Random) -> str:
    words = []
    for _ in range(chance.randint(8, 30)):
        kind = chance.random()
        pool = _COMMON if kind < 0.55 else _NOUNS if kind < 0.8 else _VERBS if kind < 0.95 else _ODD
        words.append(chance.choice(pool))
    return " ".join(words)[:1].upper() + " ".join(words)[1:] + chance.choice("....?!")


def _with_name(sentence: str, chance: random.Random) -> str:
    """The name somewhere in a sentence, as newspapers write it."""
    words = sentence.split(" ")
    form = chance.choice([NAME, NAME, NAME, f"{NAME}’s", f"{NAME},", f"({NAME})", f"{NAME}-based", f"“{NAME}”"])
    words.insert(chance.randrange(len(words)), form)
    return " ".join(words)
