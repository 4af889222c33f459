"""Compares what a recogniser heard with what was to be said, and counts the wrong words.

A recogniser spells names as it likes, writes numbers in digits, joins and divides compounds. So both sides are brought
into one form: what was heard goes through the same rules as an article's text, and words are compared by their sound,
roughly. A word that is missing, added or another one counts 1, a name in another spelling a part of that. Numbers must
be equal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from num2words import num2words

from tts_service.speakable.language import language_of
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.tokens import tokens

_MOST_JOINED = 4
"""Words that are tried as one, against one on the other side."""
_LETTERS = re.compile(r"[^\w]+|_")
_ALIKE = {
    "ph": "f",
    "ck": "k",
    "qu": "kw",
    "sch": "sh",
    "ß": "s",
    "tz": "z",
    "dt": "t",
    "th": "t",
    "c": "k",
    "q": "k",
    "z": "s",
    "y": "i",
    "v": "f",
    "j": "i",
    "w": "f",
    "x": "ks",
    "h": "",
}
"""Letters and what they sound like, roughly, in any of our languages; replaced in this order."""
_TWICE = re.compile(r"(.)\1+")
_JOINED_LETTERS = 1
"""Tolerated difference in letters where several words were heard as one."""
_LONGER = 1.8
"""A word this many times as long isn't the same one."""
_NUMBERS = (*range(20), *range(20, 100, 10), 100, 1000, 10**6)
_ORDINALS = range(1, 32)
"""Of days."""
_JOINERS = ("und", "et", "e", "y")
_DIGITS = re.compile(r"\w*\d\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The difference between what was heard and what was to be said."""

    words: float
    """How many words went wrong; parts of a word count as such."""
    expected: str = ""
    """The words that weren't heard, or were heard otherwise."""
    heard: str = ""


def difference(spoken: Sequence[str], heard: str, language: str, written: str = "") -> Difference:
    """Compare what a recogniser wrote with the spoken words, or with the written sentence if that is closer, in a
    language (BCP 47)."""
    numbers = _number_words(language)
    found = _compared(plain_words(spoken), heard_words(heard, language), numbers)
    if not written or not found.words:
        return found
    as_written = _compared(plain_words(written.split()), plain_words(heard.split()), numbers)
    return min(found, as_written, key=lambda one: one.words)


def _compared(wanted: Sequence[str], found: Sequence[str], numbers: re.Pattern[str]) -> Difference:
    wrong = [step for step in _aligned(wanted, found, numbers) if step.cost]
    return Difference(
        words=round(sum(step.cost for step in wrong), 3),
        expected=" … ".join(step.wanted for step in wrong if step.wanted),
        heard=" … ".join(step.found for step in wrong if step.found),
    )


@dataclass(frozen=True, slots=True)
class _Step:
    wanted: str
    found: str
    cost: float


def _aligned(wanted: Sequence[str], found: Sequence[str], numbers: re.Pattern[str]) -> list[_Step]:
    """The cheapest way from one side to the other: words that are equal, other words, several as one, none."""
    rows, columns = len(wanted) + 1, len(found) + 1
    costs = [[0.0] * columns for _ in range(rows)]
    ways = [[(0, 0)] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if row == column == 0:
                continue
            best, way = float("inf"), (0, 0)
            for down, right in _moves(row, column):
                left = wanted[row - down : row]
                heard = found[column - right : column]
                cost = costs[row - down][column - right] + _cost(left, heard, numbers)
                if cost < best:
                    best, way = cost, (down, right)
            costs[row][column], ways[row][column] = best, way
    steps = []
    row, column = rows - 1, columns - 1
    while row or column:
        down, right = ways[row][column]
        before = costs[row - down][column - right]
        one = " ".join(wanted[row - down : row]), " ".join(found[column - right : column])
        steps.append(_Step(*one, round(costs[row][column] - before, 6)))
        row, column = row - down, column - right
    return steps[::-1]


def _moves(row: int, column: int) -> list[tuple[int, int]]:
    moves = [
        (1, 1),
        (1, 0),
        (0, 1),
        *((n, 1) for n in range(2, _MOST_JOINED)),
        *((1, n) for n in range(2, _MOST_JOINED)),
    ]
    return [(down, right) for down, right in moves if down <= row and right <= column]


def _cost(wanted: Sequence[str], found: Sequence[str], numbers: re.Pattern[str]) -> float:
    one, other = "".join(wanted), "".join(found)
    if one == other:
        return 0.0
    if not wanted or not found:
        return 1.0
    count = max(len(wanted), len(found))
    if any(map(numbers.fullmatch, (*wanted, *found, one, other))):
        return float(count)
    if count > 1 and abs(len(one) - len(other)) > _JOINED_LETTERS:
        return float("inf")
    return _unlike(one, other) * count


@lru_cache(maxsize=4096)
def _unlike(one: str, other: str) -> float:
    """0: they sound alike, 1: nothing of them does."""
    first, second = _sound(one), _sound(other)
    if first == second:
        return 0.0
    shorter, longer = sorted((len(first), len(second)))
    if longer > _LONGER * shorter and longer > shorter + _JOINED_LETTERS:
        return 1.0
    return 1.0 - SequenceMatcher(None, first, second, autojunk=False).ratio()


@lru_cache(maxsize=4096)
def _sound(word: str) -> str:
    for written, sounds in _ALIKE.items():
        word = word.replace(written, sounds)
    return _TWICE.sub(r"\1", word)


def plain_words(words: Sequence[str]) -> list[str]:
    """Words as they are compared: letters and digits in lower case, without accents; compounds in their parts."""
    bare = []
    for word in words:
        plain = unicodedata.normalize("NFKD", word.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"))
        plain = "".join(one for one in plain if not unicodedata.combining(one)).replace("'", "").replace("’", "")
        bare += [part for part in _LETTERS.split(plain) if part]
    return bare


def heard_words(heard: str, language: str) -> list[str]:
    """What a recogniser wrote, as it is compared: read as an article would be."""
    said = tokens(heard, 0, len(heard), rules_for(language))
    return plain_words([word for token in said for word in token.spoken])


@lru_cache(maxsize=64)
def _number_words(language: str) -> re.Pattern[str]:
    """Fits digits, and words that a language makes numbers of, also of several: "achtundvierzigtausend"."""
    name = language_of(language).num2words or language
    try:
        one, two, *others = [num2words(value, lang=name) for value in (1, 2, *_NUMBERS)]
        others += [num2words(value, lang=name, to="ordinal") for value in _ORDINALS]
    except NotImplementedError:
        return _DIGITS
    larger = [num2words(2 * value, lang=name).replace(two, "") for value in (100, 1000, 10**6)]
    words = {part for text in (one, two, *others, *larger) for part in plain_words(text.split())}
    first, further = (
        "|".join(sorted(some, key=len, reverse=True)) for some in (words, words.union(_JOINERS))
    )  # each once: what can be read in two ways is tried in both, again and again in a long word
    return re.compile(rf"(?:{first})(?:{further})*|\w*\d\w*")
