"""Amounts of languages whose numbers follow their noun: French "vingt et une tonnes", Spanish "doscientas libras".

One value holds what a language knows; the rules made of it are in measures.py, numbers.py and times.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tts_service.speakable.nouns import Noun
from tts_service.speakable.rules import words_before

Form = Literal["alone", "label", "m", "f"]
"""How a number stands: by itself ("uno"), behind what it names ("page quatre-vingt"), before a masculine noun ("un"),
before a feminine one ("una")."""
SPACES = " \u00a0\u202f\u2009"
_PARTS = re.compile(r"(\d+)(?:([.,])(\d+))?")
_GAPS = re.compile(f"[{SPACES}'’]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The small words between numbers."""

    comma: str
    dot: str
    minus: str
    plus: str
    to: str
    """Between the ends of a range."""
    and_: str
    """Between them behind "entre"."""
    percent: str
    permille: str
    per: str
    """`/` between a unit and what it is shared by."""
    each: str
    """`/` between nouns: 24 élèves/classe."""
    times: str
    by: str
    """Between the sides of something measured: 10 x 15 cm."""
    out_of: str
    """`/` in a mark: 16/20."""
    dash: str
    """In the number of a document: n° 2025-117."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Romance:
    """How a language writes and says amounts."""

    language: str
    words: Words
    cardinal: Callable[[str, Form], str | None]
    """Digits in a form -> number words."""
    form: Callable[[re.Match[str]], Form]
    """The form of the plain number that a match holds, by the words around it."""
    is_single: Callable[[str, str], bool]
    """Whether (whole, fraction) takes the singular."""
    of: Callable[[str], str]
    """A noun behind "million": "euros" -> "d'euros"."""
    takes_of: re.Pattern[str]
    """The ends of number words that take it."""
    with_cents: Callable[[str, str, str], str]
    """("five euros", "twenty", "twenty cents") -> what is said."""
    fraction: Callable[[int, int], str | None]
    """(2, 3) -> "two thirds"."""
    scales: Mapping[str, Noun]
    currencies: Mapping[str, Noun]
    units: Mapping[str, Noun]
    decimal_mark: str = ","
    grouping: str = "."
    """The mark that divides thousands; a space does so everywhere."""
    is_word: Callable[[re.Match[str]], bool] = lambda match: False
    """Whether what looks like a unit is a word here: "el 112 ha recibido"."""
    shared_words: frozenset[str] = frozenset()
    """What stands behind a stroke besides units: vehículos/hora."""
    fraction_is_short: bool = False
    """`8,1 millones`: whether a fraction has the form before a masculine noun."""
    decimals_agree: bool = False
    """`1,5 t`: whether the number before the comma follows the noun's gender."""

    @property
    def number(self) -> str:
        """A number as this language writes it, as a pattern."""
        mark, group = re.escape(self.decimal_mark), re.escape(self.grouping)
        thousands = "|".join(rf"(?:{between}\d{{3}}){{1,9}}" for between in (group, f"[{SPACES}]", "['’]"))
        grouped = rf"[1-9]\d{{0,2}}(?:{thousands})(?!\d)(?:{mark}\d{{1,12}})?"
        return rf"(?:{grouped}|\d{{1,30}}(?:[.,]\d{{1,12}})?)(?!\d)"

    def parts(self, written: str) -> tuple[str, str, str]:
        """`1 234,5` -> ("1234", ",", "5"); no mark and no fraction are ""."""
        return _parts(written, self.decimal_mark, self.grouping)

    def say(self, written: str, form: Form = "alone") -> str | None:
        """`1 234,5` -> "mille deux cent trente-quatre virgule cinq"."""
        whole, mark, fraction = self.parts(written)
        if not fraction:
            return self.digits(whole, form)
        first = self.digits(whole, form if self.decimals_agree else "alone")
        short: Form = "m" if form == "m" and self.fraction_is_short else "alone"
        rest = self.digits(fraction, short) if len(fraction) <= 3 else self.one_by_one(fraction)
        point = self.words.comma if mark == "," else self.words.dot
        return f"{first} {point} {rest}" if first and rest else None

    def digits(self, digits: str, form: Form = "alone") -> str | None:
        """Digits as one number; zeros before it are said: `06`, `007`."""
        bare = digits.lstrip("0")
        zero = self.cardinal("0", "alone")
        if bare == digits:
            return self.cardinal(digits, form)
        zeros = " ".join([str(zero)] * (len(digits) - len(bare)))
        return f"{zeros} {self.cardinal(bare, form)}" if bare else zeros

    def one_by_one(self, digits: str) -> str:
        """`4071` -> "quatre zéro sept un"."""
        return " ".join(filter(None, (self.cardinal(digit, "alone") for digit in digits)))

    def counted(self, written: str, noun: Noun) -> str | None:
        """A number with its noun in the right gender and number."""
        whole, _, fraction = self.parts(written)
        said = self.say(written, "f" if noun.feminine else "m")
        return self.joined(said, noun.one if self.is_single(whole, fraction) else noun.many)

    def scaled(self, written: str, scale: str, noun: str = "") -> str | None:
        """`1,5`, `M` -> "un virgule cinq million", with "d'euros" behind it when there is a noun."""
        if scale in ("k", "K"):
            whole, _, fraction = self.parts(written)
            said = self.cardinal((whole + fraction.ljust(3, "0")).lstrip("0"), "m") if len(fraction) <= 3 else None
        else:
            said = self.counted(written, self.scales[scale])
        return self.joined(said, noun)

    @property
    def signs(self) -> Mapping[str, str]:
        """The words of signs before a number."""
        return {"+": self.words.plus, **dict.fromkeys("-−–", self.words.minus)}

    @property
    def sharing(self) -> str:
        """Said for the stroke of km/h."""
        return self.words.per

    def shared_by(self, written: str) -> str:
        """What a unit is shared by: `/h` is "per hour", `/mois` a word."""
        return self.units[written].one if written in self.units else written

    def between(self, first: str | None, second: str | None, joint: str = "") -> str | None:
        """Both ends of a range as words; None when one of them has none."""
        return f"{first} {self.words.and_ if joint else self.words.to} {second}" if first and second else None

    def ranged(self, match: re.Match[str], first: str, second: str) -> str:
        """Both ends of a range of numbers without a unit, or of years."""
        return f"{first} {self.words.and_ if 'entre' in words_before(match, 2) else self.words.to} {second}"

    def opening(self, match: re.Match[str], scale: str | None, noun: Noun | None) -> str | None:
        """The first number of a range."""
        return self.say(match["number"])

    def amount(self, match: re.Match[str], written: str, scale: str | None, noun: Noun | None) -> str | None:
        """`1,5`, `M`, euro -> "un virgule cinq million d'euros"."""
        if scale:
            return self.scaled(written, scale, noun.many if noun else "")
        if noun is None:
            return self.say(written)
        if self.is_word(match):
            return None
        if match["unit"] in "%‰":
            said = self.say(written)
            return f"{said} {noun.many}" if said else None
        whole, _, fraction = self.parts(written)
        if len(fraction) != 2 or noun.part is None:
            return self.counted(written, noun)
        if fraction == "00":
            return self.counted(whole, noun)
        cents = self.counted(fraction.lstrip("0"), noun.part)
        if not whole.strip("0"):
            return cents
        first, rest = self.counted(whole, noun), self.cardinal(fraction.lstrip("0"), "alone")
        return self.with_cents(first, rest, cents) if first and rest and cents else None

    def joined(self, said: str | None, noun: str) -> str | None:
        """`deux millions`, `euros` -> "deux millions d'euros"."""
        if not said:
            return None
        if not noun:
            return said
        return f"{said} {self.of(noun) if self.takes_of.search(said) else noun}"


@lru_cache(maxsize=4096)
def _parts(written: str, decimal_mark: str, grouping: str) -> tuple[str, str, str]:
    bare = _GAPS.sub("", written)
    mark, group = re.escape(decimal_mark), re.escape(grouping)
    if re.fullmatch(rf"[1-9]\d{{0,2}}(?:{group}\d{{3}})+(?:{mark}\d+)?", bare):
        bare = bare.replace(grouping, "")
    found = _PARTS.fullmatch(bare)
    return (found[1], found[2] or "", found[3] or "") if found else (bare, "", "")
