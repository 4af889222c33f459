"""Amounts: cardinals, decimals, percent, money and measures, from one table per language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tts_service.speakable import numerals
from tts_service.speakable.letters import MIXED
from tts_service.speakable.rules import Rule, rule, word_before

Forms = tuple[str, str]
"""(one, many): "dollar", "dollars"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How a language writes and says amounts."""

    language: str
    point: str
    """Said for the decimal mark."""
    decimal_mark: str = "."
    grouping: str = ","
    """Characters that divide thousands, as a regular expression's class holds them."""
    minus: str = "minus"
    plus: str = "plus"
    to: str = "to"
    """Said between the two ends of a range."""
    percent: str = "percent"
    one: str = "one"
    """`1` before a unit: German says "ein Kilometer", not "eins"."""
    scales: Mapping[str, Forms] = field(default_factory=dict)
    """Written scale -> (after one, after more): "bn" -> ("billion", "billion")."""
    currencies: Mapping[str, tuple[Forms, Forms]] = field(default_factory=dict)
    """Written currency -> (unit, hundredth part)."""
    units: Mapping[str, Forms] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """A number as this language writes it, as a pattern."""
        mark, group = re.escape(self.decimal_mark), f"[{self.grouping}]"
        return rf"(?:\d{{1,3}}(?:{group}\d{{3}}){{1,9}}(?:{mark}\d{{1,12}})?|\d{{1,30}}(?:{mark}\d{{1,12}})?)(?![\d])"

    def say(self, written: str) -> str | None:
        """`1,234.5` -> "one thousand two hundred thirty-four point five"."""
        whole, _, fraction = written.partition(self.decimal_mark)
        whole = re.sub(f"[{self.grouping}]", "", whole)
        if fraction:
            return numerals.decimal(whole, fraction, self.point, self.language)
        if len(whole) > 1 and whole[0] == "0":
            return numerals.each_digit(whole, self.language)
        return numerals.cardinal(whole, self.language)

    def counted(self, written: str, forms: Forms) -> str | None:
        """A number with its unit: `1` "kilometre", `5` "kilometres"."""
        if self._is_one(written):
            return f"{self.one} {forms[0]}"
        said = self.say(written)
        return f"{said} {forms[1]}" if said else None

    def _is_one(self, written: str) -> bool:
        return written == "1"

    def scaled(self, written: str, scale: str | None) -> str | None:
        """`1.5`, `bn` -> "one point five billion"."""
        if not scale:
            return self.say(written)
        forms = self.scales[scale]
        if self._is_one(written):
            return f"{'eine' if self.language.startswith('de') and forms[0][0].isupper() else self.one} {forms[0]}"
        said = self.say(written)
        return f"{said} {forms[1]}" if said else None


def amount_rules(amounts: Amounts) -> Iterator[Rule]:
    """The rules for a language's amounts, in the order they are asked."""
    if amounts.currencies:
        yield from _money(amounts)
    yield from _measures(amounts)


def _any_of(words: Mapping[str, object]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _money(amounts: Amounts) -> Iterator[Rule]:
    number, names = amounts.number, _any_of(amounts.currencies)
    scale = rf"(?:[\s-]?(?P<scale>{_any_of(amounts.scales)})(?![^\W\d_]))?"
    sign = r"(?P<minus>[-−–](?=\S))?"

    def say(match: re.Match[str]) -> str | None:
        written, scale = match["number"], match["scale"]
        unit, part = amounts.currencies[match["currency"]]
        until = match.groupdict().get("until")
        if until:
            first = amounts.say(written)
            second = _amount(amounts, until, scale, (unit, part))
            return f"{first} {amounts.to} {second}" if first and second else None
        said = _amount(amounts, written, scale, (unit, part))
        if said and match.re.pattern.startswith(sign) and _is_adjective(match):
            said = said[: -len(unit[1])] + unit[0] if said.endswith(unit[1]) else said
        return f"{amounts.minus} {said}" if said and match.groupdict().get("minus") else said

    until = rf"(?:\s?[-–]\s?(?:{names})?(?P<until>{number}))?"
    yield rule("money", "sign letter", rf"{sign}(?P<currency>{names})\s?(?P<number>{number}){until}{scale}(?!\w)", say)
    yield rule("money", "digit", rf"(?P<number>{number}){until}{scale}\s?(?P<currency>{names})(?!\w)", say)


def _is_adjective(match: re.Match[str]) -> bool:
    """`a $5 million deal`: the unit has no plural there."""
    tail = match.string[match.end() : match.end() + 2]
    if tail[:1] == "-" and tail[1:].isalpha():
        return True
    return word_before(match).lower() in ("a", "an") and tail[:1] == " " and tail[1:].islower()


def _amount(amounts: Amounts, written: str, scale: str | None, names: tuple[Forms, Forms]) -> str | None:
    unit, part = names
    if scale:
        said = amounts.scaled(written, scale)
        return f"{said} {unit[1]}" if said else None
    whole, _, fraction = written.partition(amounts.decimal_mark)
    if len(fraction) == 2 and part[0]:
        first = amounts.counted(whole, unit)
        if fraction == "00":
            return first
        if whole.strip("0") == "":
            return amounts.counted(fraction.lstrip("0"), part)
        rest = numerals.cardinal(fraction, amounts.language)
        end = "" if amounts.language.startswith("de") else f" {part[0] if fraction == '01' else part[1]}"
        return f"{first} {rest}{end}" if first and rest else None
    return amounts.counted(written, unit)


def _with_ends(amounts: Amounts, match: re.Match[str], forms: Forms) -> str | None:
    """A measure that may be a range (5–10 km) or below zero."""
    first: str | None
    if match["until"]:
        first, second = amounts.say(match["number"]), amounts.counted(match["until"], forms)
        first = f"{first} {amounts.to} {second}" if first and second else None
    else:
        first = amounts.counted(match["number"], forms)
    if first is None or not match["minus"]:
        return first
    return f"{amounts.minus} {first}"


def _measures(amounts: Amounts) -> Iterator[Rule]:
    number = amounts.number
    signed = rf"(?P<minus>(?<![\w.)%])[-−–](?=\d))?(?P<number>{number})"
    until = rf"(?:\s?[-–]\s?(?P<until>{number}))?"

    def percent(match: re.Match[str]) -> str | None:
        first = amounts.say(match["number"])
        if match["until"] and first:
            first = f"{first} {amounts.to} {amounts.say(match['until'])}"
        if first == numerals.cardinal("1", amounts.language):
            first = amounts.one
        sign = {"+": f"{amounts.plus} ", None: ""}.get(match["sign"], f"{amounts.minus} ")
        return f"{sign}{first} {amounts.percent}" if first else None

    def scaled(match: re.Match[str]) -> str | None:
        first = amounts.scaled(match["until"] or match["number"], match["scale"])
        if match["until"] and first:
            first = f"{amounts.say(match['number'])} {amounts.to} {first}"
        return f"{amounts.minus} {first}" if first and match["minus"] else first

    yield rule("percent", "digit sign", rf"(?P<sign>(?<![\w.)%])[-−–+](?=\d))?(?P<number>{number}){until}\s?%", percent)
    if amounts.units:
        units = _any_of(amounts.units)
        yield rule(
            "unit",
            "digit sign",
            rf"{signed}{until}[\s-]?(?P<unit>{units})(?![\w²³]|\.\w\.)",
            lambda m: _with_ends(amounts, m, amounts.units[m["unit"]]),
        )
    # Beside money `B` and `T` are scales; alone they are letters: 4K, 3B.
    scales = {name: forms for name, forms in amounts.scales.items() if len(name) > 1 or name in "mk"}
    if scales:
        yield rule("scale", "digit sign", rf"{signed}{until}\s?(?P<scale>{_any_of(scales)})(?![^\W\d_])", scaled)


def number_rules(amounts: Amounts) -> Iterator[Rule]:
    """The last rules to be asked about digits: ranges, decimals, plain numbers, and digits glued to letters."""
    number = amounts.number

    def plain(match: re.Match[str]) -> str | None:
        sign = match["sign"]
        if sign and match.string[match.start() - 1 : match.start()].strip():
            return None
        said = amounts.say(match["number"])
        return f"{amounts.plus if sign == '+' else amounts.minus} {said}" if said and sign else said

    def between(match: re.Match[str]) -> str | None:
        first, second = amounts.say(match["number"]), amounts.say(match["until"])
        return f"{first} {amounts.to} {second}" if first and second else None

    def digits(match: re.Match[str]) -> str | None:
        return numerals.each_digit(match.group(), amounts.language)

    def glued(match: re.Match[str]) -> str | None:
        return _glued(match.group(), amounts)

    def dotted(match: re.Match[str]) -> str | None:
        groups = match.group().split(".")
        if amounts.grouping.startswith(".") and all(len(group) == 3 for group in groups[1:]):
            return None
        point = "point" if amounts.language.startswith("en") else "Punkt" if amounts.language == "de" else ""
        return f" {point} ".join(amounts.say(group) or group for group in groups)

    yield rule("version", "digit", r"\d{1,3}(?:\.\d{1,3}){2,5}(?![\w]|\.\d)", dotted)
    yield rule("range", "digit", rf"(?P<number>{number})\s?[–-]\s?(?P<until>{number})(?![\w-])", between)
    yield rule("number", "digit sign", rf"(?P<sign>[-−+](?=\d))?(?P<number>{number})(?!\w)", plain)
    yield rule("digits", "digit", r"\d{31,}(?!\w)", digits)
    yield rule(
        "serial",
        "digit letter",
        r"(?=[^\W_]{0,12}(?:-[^\W\d_]{0,12})?\d)[^\W_]{1,20}(?:[-–][^\W_]{1,20}){0,3}(?!\w)",
        glued,
    )


_PIECE = re.compile(r"\d+|[^\W\d_]+")


def _glued(written: str, amounts: Amounts) -> str | None:
    """`A380` -> "A three eighty", `Covid-19` -> "Covid nineteen", `G7` -> "G seven"."""
    out: list[str] = []
    english = amounts.language.startswith("en")
    for match in _PIECE.finditer(written):
        part = match.group()
        if not part.isdecimal():
            out.append(MIXED.get(part) or (" ".join(part) if part.isupper() and len(part) <= 3 else part))
        elif len(part) > 4 or part[0] == "0":
            out.append(numerals.each_digit(part, amounts.language) or part)
        elif english and len(part) == 3 and part[1:] != "00":
            head, tail = numerals.cardinal(part[0], "en"), part[1:]
            rest = numerals.cardinal(tail, "en")
            out.append(f"{head} oh {rest}" if tail[0] == "0" else f"{head} {rest}")
        else:
            out.append(numerals.cardinal(part, amounts.language) or part)
    return " ".join(out)
