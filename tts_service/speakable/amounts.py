"""How a language writes and says amounts, and the rules about plain numbers made of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tts_service.speakable import numerals
from tts_service.speakable.nouns import Noun
from tts_service.speakable.rules import Rule, rule, word_after, word_before, words_before

_ROW_BEHIND, _ROW_BEFORE = re.compile(r"\s[-–—]\s\d"), re.compile(r"\d\s[-–—]\s$")


_CODE = re.compile(r"\d{5,10}[1-9]\d|\d{6,11}[1-9]")
"""Long and without thousands apart: a number that is no amount."""
_ADJECTIVE_BEHIND = re.compile(r",\s\d[\d.,]{0,9}-[a-z]")
"""`a £5m, 200-seat hall`"""


def in_a_row(match: re.Match[str]) -> bool:
    """`3 - 12 - 17 - 25`: numbers with pauses between them, no ranges."""
    text, start = match.string, match.start()
    return bool(_ROW_BEHIND.match(text, match.end()) or _ROW_BEFORE.search(text, max(0, start - 4), start))


def number_rules(amounts: Amounts) -> Iterator[Rule]:
    """The last rules to be asked about digits: ranges, decimals, plain numbers, and digits glued to letters."""
    number = amounts.number

    def plain(match: re.Match[str]) -> str | None:
        sign = match["sign"]
        if sign and match.string[max(0, match.start() - 1) : match.start()].strip(" \n\t\u00a0(\"'“‘„«["):
            return None
        said = amounts.say(match["number"])
        if _CODE.fullmatch(match["number"]):
            said = numerals.each_digit(match["number"], amounts.language)
        return f"{amounts.plus if sign == '+' else amounts.minus} {said}" if said and sign else said

    def between(match: re.Match[str]) -> str | None:
        return None if in_a_row(match) else amounts.between(amounts.say(match["number"]), amounts.say(match["until"]))

    def digits(match: re.Match[str]) -> str | None:
        return numerals.each_digit(match.group(), amounts.language)

    def dotted(match: re.Match[str]) -> str | None:
        groups = match.group().split(".")
        if amounts.grouping.startswith(".") and all(len(group) == 3 for group in groups[1:]):
            return None
        return f" {amounts.dot} ".join(amounts.say(group) or group for group in groups)

    yield rule("version", "digit", r"\d{1,3}(?:\.\d{1,3}){2,5}(?![\w]|\.\d)", dotted)
    yield rule("range", "digit", rf"(?P<number>{number})\s?[–—-]\s?(?P<until>{number})(?![^\W_])", between)
    yield rule("number", "digit sign", rf"(?P<sign>[-−–+](?=[\d.]))?(?P<number>(?>{number}))(?!\w)", plain)
    yield rule("digits", "digit", r"\d{31,}(?!\w)", digits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How a language writes and says amounts."""

    language: str
    point: str
    """Said for the decimal mark."""
    decimal_mark: str = "."
    grouping: str = ","
    """Characters that divide thousands, as a regular expression's class holds them."""
    bare_point: bool = False
    """Whether `.5` is a number."""
    minus: str = "minus"
    plus: str = "plus"
    to: str = "to"
    """Said between the two ends of a range."""
    by: str = "by"
    """Said for the cross of 20 x 30."""
    percent: str = "percent"
    per: str = "per"
    """Said for the stroke between two units: mg/l."""
    one: str = "one"
    """`1` before a unit: German says "ein Kilometer", not "eins"."""
    dot: str = ""
    """Said for the dots of a version: 2.0.1."""
    in_serial: Callable[[str, str], str | None] = numerals.cardinal
    """(digits, tag) -> how they are said in a serial: the 380 of A380."""
    plural: Callable[[str], str] = str
    """Number words -> their plural, for F-35s."""
    scales: Mapping[str, str] = field(default_factory=dict)
    """Written scale -> its name: "bn" -> "billion"."""
    paid_scales: Mapping[str, str] = field(default_factory=dict)
    """Scales that only money has: $5mm."""
    glued: str = r"(?!)"
    """What may be glued to money, as a pattern: £12pp."""
    currencies: Mapping[str, Noun] = field(default_factory=dict)
    before_part: str = ""
    """Said between unit and part: "four dollars and ten cents"."""
    silent_parts: frozenset[str] = frozenset()
    """Parts left out behind their unit: "seven pounds eighty"."""
    units: Mapping[str, Noun] = field(default_factory=dict)
    per_units: Mapping[str, str] = field(default_factory=dict)
    """What stands behind a stroke besides the units themselves: hr -> "hour"."""
    determiners: frozenset[str] = frozenset()
    """After these an amount before a noun has no plural: "a five million dollar deal". Empty: no such rule."""
    no_nouns: frozenset[str] = frozenset()
    """Lower-case words that are no noun in that place: "the five dollars in my pocket"."""

    @property
    def number(self) -> str:
        """A number as this language writes it, as a pattern."""
        mark, group = re.escape(self.decimal_mark), f"[{self.grouping}]"
        bare = rf"|(?<![\w.,]){mark}\d{{1,12}}" if self.bare_point else ""
        return (
            rf"(?:\d{{1,3}}(?:{group}\d{{3}}){{1,9}}(?:{mark}\d{{1,12}})?|\d{{1,30}}(?:{mark}\d{{1,12}})?{bare})(?!\d)"
        )

    def say(self, written: str) -> str | None:
        """`1,234.5` -> "one thousand two hundred thirty-four point five"."""
        whole, _, fraction = written.partition(self.decimal_mark)
        whole = re.sub(f"[{self.grouping}]", "", whole)
        if fraction and not whole:
            rest = numerals.each_digit(fraction, self.language)
            return f"{self.point} {rest}" if rest else None
        if fraction:
            return numerals.decimal(whole, fraction, self.point, self.language)
        if len(whole) > 1 and whole[0] == "0":
            return numerals.each_digit(whole, self.language)
        return numerals.cardinal(whole, self.language)

    def counted(self, written: str, noun: Noun) -> str | None:
        """A number with its unit: `1` "kilometre", `5` "kilometres"."""
        if self._is_one(written):
            return f"{self.one} {noun.one}"
        said = self.say(written)
        return f"{said} {noun.many}" if said else None

    def _is_one(self, written: str) -> bool:
        return written == "1"

    def scaled(self, written: str, scale: str | None) -> str | None:
        """`1.5`, `bn` -> "one point five billion"."""
        if not scale:
            return self.say(written)
        said = self.one if self._is_one(written) else self.say(written)
        return f"{said} {(self.scales.get(scale) or self.paid_scales[scale])}" if said else None

    @property
    def signs(self) -> Mapping[str, str]:
        """The words of signs before a number."""
        return {"+": self.plus, **dict.fromkeys("-−–", self.minus)}

    @property
    def sharing(self) -> str:
        """Said for the stroke of km/h."""
        return self.per

    def shared_by(self, written: str) -> str:
        """`hr` -> "hour"."""
        return self.per_units.get(written) or self.units[written].one

    def between(self, first: str | None, second: str | None, joint: str = "") -> str | None:
        """Both ends of a range as words; None when one of them has none."""
        return f"{first} {self.to} {second}" if first and second else None

    def opening(self, match: re.Match[str], scale: str | None, noun: Noun | None) -> str | None:
        """The first number of a range; money keeps its cents."""
        written = match["number"]
        cents = noun is not None and noun.part is not None and len(written.partition(self.decimal_mark)[2]) == 2
        return self._paid(written, None, noun) if noun and cents and not scale else self.scaled(written, scale)

    def amount(self, match: re.Match[str], written: str, scale: str | None, noun: Noun | None) -> str | None:
        """`1.2`, `bn`, dollar -> "one point two billion dollars"."""
        found = match.groupdict()
        if noun is None:
            return self.scaled(written, scale)
        if found.get("dash") or self.is_adjective(match):
            noun = noun.alone
        said = self._paid(written, scale, noun)
        return f"{self.minus} {said}" if said and found.get("below") else said

    def _paid(self, written: str, scale: str | None, noun: Noun) -> str | None:
        if scale:
            said = self.scaled(written, scale)
            return f"{said} {noun.many}" if said else None
        whole, _, fraction = written.partition(self.decimal_mark)
        if len(fraction) != 2 or noun.part is None:
            return self.counted(written, noun)
        first = self.counted(whole, noun) if whole else None
        if fraction == "00":
            return first
        if whole.strip("0") == "":
            return self.counted(fraction.lstrip("0"), noun.part)
        rest = numerals.cardinal(fraction, self.language)
        name = noun.part.one if fraction == "01" else noun.part.many
        if not first or not rest:
            return None
        if name in self.silent_parts:
            return f"{first} {rest}"
        return " ".join(filter(None, (first, self.before_part, rest, name)))

    def is_adjective(self, match: re.Match[str]) -> bool:
        """Whether an amount stands before its noun: `a $5 million deal`, `a 5-km run`."""
        if not self.determiners:
            return False
        tail = match.string[match.end() : match.end() + 6].lower()
        led = (
            word_before(match).endswith(("'s", "’s"))
            or word_before(match).lower() in self.determiners
            or bool(self.determiners & set(words_before(match, 2)))
        )
        if tail[:1] == "-" and tail[1:2].isalpha():
            return not tail.startswith("-plus") and (led or not tail.startswith(("-a-", "-an-")))
        if led and _ADJECTIVE_BEHIND.match(match.string, match.end()):
            return True
        noun = word_after(match)
        named = word_before(match).lower() in ("a", "an") and noun[:1].isupper()
        return led and noun.isalpha() and (noun.islower() or named) and noun not in self.no_nouns
