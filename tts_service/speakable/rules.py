"""What a rule is: a pattern at a place in the text and a function that says what it found.

A rule is asked only where a written word or a sign begins. It answers with the words that are said for the whole match,
or None: not mine. Rules are asked stage by stage; the first stage in which one answers decides, and within a stage the
longest match does, so that the order within a stage says nothing. When no rule answers, the word stays as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from typing import Literal

from tts_service.speakable.beginnings import beginning


class Stage(IntEnum):
    """The order in which all languages ask their rules. What needs its neighbours to be recognised comes early, what
    takes any digits or letters comes last."""

    IDIOMS = 0
    """Fixed phrases, and what only the words around show: 24/7, odds, "geb.", "p." before a number."""
    WEB = 1
    """Web and mail addresses, handles, hashtags."""
    PLACES = 2
    """Addresses, telephones, and other numbers that are read digit by digit."""
    DATES = 3
    """Dates, years with a sign of their own, ranges of years, weekdays and months in short."""
    TIMES = 4
    """Times of day and durations."""
    MONEY = 5
    MEASURES = 6
    """Percent, units, large scales, sides, sums and powers: whatever is counted or reckoned with."""
    SCORES = 7
    """Scores and ratios."""
    NAMES = 8
    """Names and titles: roman numerals, years alone, ratings, abbreviations."""
    NUMBERS = 9
    """Whatever digits are left: ordinals, fractions, compounds, ranges, plain numbers."""
    LETTERS = 10
    """Initials, acronyms, serials, signs that say nothing."""


First = Literal["digit", "letter", "word", "sign"]
"""A digit; a letter; a lower-case word that stands alone (most of a text: few rules want to be asked there); a sign."""
_FIRSTS: tuple[First, ...] = ("digit", "letter", "word", "sign")
Say = Callable[[re.Match[str]], "str | None"]


def listed(words: str) -> frozenset[str]:
    """The words of a list that is easier read as a line of text."""
    return frozenset(words.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one class of written words is said."""

    name: str
    """Shown to editors with the word: "money", "date"."""
    first: tuple[First, ...]
    """What the match can begin with; a rule is asked at no other place. "letter" leaves out lower-case words that stand
    alone; who wants them too says "letter word"."""
    pattern: re.Pattern[str]
    """Bounded: no repetition in it without an upper limit, so that no text makes it slow."""
    say: Say
    """The words for a match; None: not mine. "" : nothing is said. A comma at its beginning or end is a pause there,
    one inside it ("thirteen, four") a pause between its words."""
    stage: Stage = Stage.LETTERS
    begins: Callable[[str], bool] = lambda character: True
    """Whether a match can begin with a character."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RuleSet:
    """A language's rules by what they begin with, stage by stage."""

    language: str
    digit: tuple[Rule, ...]
    letter: tuple[Rule, ...]
    sign: tuple[Rule, ...]
    word: tuple[Rule, ...] = ()
    symbols: Mapping[str, str]
    """Signs said as a word wherever they stand: % & +."""
    elided: re.Pattern[str] | None = None
    """What is glued to the word it stands before (l'ONU, d'1,5 million): the rules are asked behind it."""


def rule_set(
    language: str,
    stages: Mapping[Stage, Iterable[Rule]],
    symbols: Mapping[str, str],
    elided: re.Pattern[str] | None = None,
) -> RuleSet:
    """Sort the rules of all stages by what they begin with."""
    kept = [replace(found, stage=stage) for stage in Stage for found in stages.get(stage, ())]
    digit, letter, word, sign = (tuple(r for r in kept if first in r.first) for first in _FIRSTS)
    return RuleSet(language=language, digit=digit, letter=letter, word=word, sign=sign, symbols=symbols, elided=elided)


@lru_cache(maxsize=4096)
def asked(rules: RuleSet, first: First, character: str) -> tuple[Rule, ...]:
    """The rules for what begins with this character, stage by stage."""
    kinds = {"digit": rules.digit, "letter": rules.letter, "word": rules.word, "sign": rules.sign}
    return tuple(one for one in kinds[first] if one.begins(character))


def rule(name: str, first: str, pattern: str, say: Say, flags: int = 0) -> Rule:
    """A rule from its pattern; `first` holds words such as "digit sign"."""
    kinds: tuple[First, ...] = tuple(kind for kind in _FIRSTS if kind in first.split())
    compiled = re.compile(pattern, flags)
    return Rule(name=name, first=kinds, pattern=compiled, say=say, begins=beginning(pattern, flags))


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of the words, the longest that fits."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def words_before(match: re.Match[str], count: int) -> list[str]:
    """Up to `count` words before a match, lower case, the nearest last, without the marks around them."""
    head = match.string[max(0, match.start() - 20 * count) : match.start()].lower().split()
    return [word.strip("\"'“”„‘’«»()[],;:") for word in head[-count:]]


def words_after(match: re.Match[str], count: int) -> list[str]:
    """Up to `count` words behind a match, lower case, without the marks around them."""
    words = match.string[match.end() : match.end() + 20 * count].lower().split()
    return [word.strip("\"'“”„‘’«»()[],;:.!?") for word in words[:count]]


def word_before(match: re.Match[str]) -> str:
    """The written word before a match, without what stands around it; "" at the text's beginning."""
    head = match.string[max(0, match.start() - 40) : match.start()].split()
    return head[-1].strip("\"'“”„‘’«»()[],;:") if head else ""


def word_after(match: re.Match[str]) -> str:
    """The written word behind a match, without what stands around it; "" at the text's end or behind a mark."""
    tail = match.string[match.end() : match.end() + 40]
    if not tail[:1].isspace():
        return ""
    words = tail.split()
    return words[0].strip("\"'“”„‘’«»()[],;:.!?") if words else ""
