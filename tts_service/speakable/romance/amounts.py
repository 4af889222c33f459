"""Amounts of languages whose numbers follow their noun: French "vingt et une tonnes", Spanish "doscientas libras".

One value holds what a language knows; the rules made of it are in romance_amounts.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from tts_service.speakable.nouns import Noun

Form = Literal["alone", "label", "m", "f"]
"""How a number stands: by itself ("uno"), behind what it names ("page quatre-vingt"), before a masculine noun ("un"),
before a feminine one ("una")."""
SPACES = " \u00a0\u202f\u2009"
_LARGE = re.compile(r"(?:illions?|illiards?|ill[oó]n(?:es)?)$")
_PARTS = re.compile(r"(\d+)(?:([.,])(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The small words between numbers."""

    comma: str
    dot: str
    minus: str
    plus: str
    to: str
    """Between the ends of a range."""
    percent: str
    permille: str
    per: str
    """`/` between a unit and what it is shared by."""
    times: str
    by: str
    """Between the sides of something measured: 10 x 15 cm."""
    out_of: str
    """`/` in a mark: 16/20."""


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
    decimals_agree: bool = False
    """`1,5 t`: whether the number before the comma follows the noun's gender."""

    @property
    def number(self) -> str:
        """A number as this language writes it, as a pattern."""
        mark, group = re.escape(self.decimal_mark), re.escape(self.grouping)
        grouped = (
            rf"[1-9]\d{{0,2}}(?:(?:{group}\d{{3}}){{1,9}}|(?:[{SPACES}]\d{{3}}){{1,9}})(?!\d)(?:{mark}\d{{1,12}})?"
        )
        return rf"(?:{grouped}|\d{{1,30}}(?:[.,]\d{{1,12}})?)(?!\d)"

    def parts(self, written: str) -> tuple[str, str, str]:
        """`1 234,5` -> ("1234", ",", "5"); no mark and no fraction are ""."""
        bare = re.sub(f"[{SPACES}]", "", written)
        mark, group = re.escape(self.decimal_mark), re.escape(self.grouping)
        if re.fullmatch(rf"[1-9]\d{{0,2}}(?:{group}\d{{3}})+(?:{mark}\d+)?", bare):
            bare = bare.replace(self.grouping, "")
        found = _PARTS.fullmatch(bare)
        return (found[1], found[2] or "", found[3] or "") if found else (bare, "", "")

    def say(self, written: str, form: Form = "alone") -> str | None:
        """`1 234,5` -> "mille deux cent trente-quatre virgule cinq"."""
        whole, mark, fraction = self.parts(written)
        if not fraction:
            return self.digits(whole, form)
        first = self.digits(whole, form if self.decimals_agree else "alone")
        rest = self.digits(fraction) if len(fraction) <= 3 else self.one_by_one(fraction)
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

    def joined(self, said: str | None, noun: str) -> str | None:
        """`deux millions`, `euros` -> "deux millions d'euros"."""
        if not said:
            return None
        if not noun:
            return said
        return f"{said} {self.of(noun) if _LARGE.search(said) else noun}"
