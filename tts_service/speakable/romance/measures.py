"""Rules made of a Romance language's amounts: money, percent, measures, large scales, dimensions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.nouns import Noun
from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.rules import Rule, any_of, rule


def _signed(tongue: Romance) -> str:
    until = rf"(?:[{SPACES}]?[-–][{SPACES}]?(?P<until>{tongue.number}))?"
    apart = rf"(?:^|(?<=[;:(] ))[-−–+][{SPACES}](?=\d)"
    return rf"(?P<sign>(?<![\w.)%])[-−–+](?=\d)|{apart})?(?P<number>{tongue.number}){until}"


def money_rules(tongue: Romance) -> Iterator[Rule]:
    """The currency before its number, then behind it."""
    names, scales = any_of(tongue.currencies), any_of({*tongue.scales, "k", "K"})
    scale = rf"(?:[{SPACES}]?(?P<scale>{scales})(?![^\W\d_]))?"
    behind = rf"(?:[{SPACES}]?(?P<scale>{scales})(?=[{SPACES}]|{names}))?(?:[{SPACES}](?:de |d['’])|[{SPACES}])?"

    def say(match: re.Match[str]) -> str | None:
        found = match.groupdict()
        said = _paid(tongue, found.get("until") or match["number"], match["scale"], match["currency"])
        if found.get("until"):
            first = tongue.say(match["number"])
            said = f"{first} {tongue.words.to} {said}" if first and said else None
        if said and found.get("per"):
            said = f"{said} {tongue.words.per} {_shared(tongue, match['per'])}"
        return with_sign(tongue, said, match["sign"])

    per = rf"(?:[{SPACES}]?/[{SPACES}]?(?P<per>[^\W\d_]{{1,12}}[²³]?))?"
    sign = r"(?P<sign>(?<![\w.)%])[-−–+])?"
    yield rule(
        "money", "sign letter", rf"{sign}(?P<currency>{names})[{SPACES}]?(?P<number>{tongue.number}){scale}(?!\w)", say
    )
    yield rule("money", "digit sign", rf"{_signed(tongue)}{behind}(?P<currency>{names})(?!\w){per}", say)


def _paid(tongue: Romance, written: str, scale: str | None, currency: str) -> str | None:
    unit = tongue.currencies[currency]
    if scale:
        return tongue.scaled(written, scale, unit.many)
    whole, _, fraction = tongue.parts(written)
    if len(fraction) != 2 or unit.part is None:
        return tongue.counted(written, unit)
    if fraction == "00":
        return tongue.counted(whole, unit)
    cents = tongue.counted(fraction.lstrip("0"), unit.part)
    if not whole.strip("0"):
        return cents
    first, rest = tongue.counted(whole, unit), tongue.cardinal(fraction.lstrip("0"), "alone")
    return tongue.with_cents(first, rest, cents) if first and rest and cents else None


def with_sign(tongue: Romance, said: str | None, sign: str | None) -> str | None:
    """What is said, behind "minus" or "plus"."""
    if not said or not sign:
        return said
    return f"{tongue.words.plus if sign[0] == '+' else tongue.words.minus} {said}"


def _shared(tongue: Romance, written: str) -> str:
    """What a unit is shared by: `/h` is "per hour", `/mois` a word."""
    return tongue.units[written].one if written in tongue.units else written


def measure_rules(tongue: Romance) -> Iterator[Rule]:
    """Percent, units, large scales, and sides: `5 %`, `-3 °C`, `3 M`, `10 x 15 cm`."""
    signed, units = _signed(tongue), any_of(tongue.units)
    # Scales written out are words like any other: their number looks past them for its noun.
    scales = any_of({"k", "K", *(name for name in tongue.scales if not name.islower())})

    def percent(match: re.Match[str]) -> str | None:
        said = tongue.say(match["number"])
        if match["until"] and said:
            said = f"{said} {tongue.words.to} {tongue.say(match['until'])}"
        name = tongue.words.percent if match["mark"] == "%" else tongue.words.permille
        return with_sign(tongue, f"{said} {name}" if said else None, match["sign"])

    def measure(match: re.Match[str]) -> str | None:
        said = tongue.counted(match["until"] or match["number"], tongue.units[match["unit"]])
        if match["until"] and said:
            said = f"{tongue.say(match['number'])} {tongue.words.to} {said}"
        if match["per"] and said:
            said = f"{said} {tongue.words.per} {_shared(tongue, match['per'])}"
        return with_sign(tongue, said, match["sign"])

    def scaled(match: re.Match[str]) -> str | None:
        said = tongue.scaled(match["until"] or match["number"], match["scale"])
        if match["until"] and said:
            said = f"{tongue.say(match['number'])} {tongue.words.to} {said}"
        return with_sign(tongue, said, match["sign"])

    per = rf"(?:/(?P<per>{units}|[^\W\d_]{{2,12}}))?"
    yield rule("percent", "digit sign", rf"{signed}[{SPACES}]?(?P<mark>[%‰])", percent)
    yield rule("unit", "digit sign", rf"{signed}[{SPACES}]?(?P<unit>{units}){per}(?![\w²³/]|\.\w\.|['’]\w)", measure)
    yield rule("scale", "digit sign", rf"{signed}[{SPACES}]?(?P<scale>{scales})(?!\w)", scaled)
    yield from _sides(tongue)


def height_rule(tongue: Romance) -> Rule:
    """`1,80 m`: "un mètre quatre-vingts"."""

    def say(match: re.Match[str]) -> str:
        return f"{tongue.counted(match['m'], tongue.units['m'])} {tongue.digits(match['cm'])}"

    return rule("unit", "digit", rf"(?P<m>[1-9]),(?P<cm>[1-9]\d)[{SPACES}]?m(?![\w²³/])", say)


def _sides(tongue: Romance) -> Iterator[Rule]:
    """`10 x 15 cm`, `4x100 m`, `3 × 4`."""
    measured = any_of(unit for unit in tongue.units if unit in ("mm", "cm", "m", "km"))

    def say(match: re.Match[str]) -> str | None:
        first = tongue.say(match["number"])
        noun: Noun | None = tongue.units.get(match["unit"] or "")
        second = tongue.counted(match["side"], noun) if noun else tongue.say(match["side"])
        word = tongue.words.by if noun and match["gap"] else tongue.words.times
        return f"{first} {word} {second}" if first and second else None

    yield rule(
        "dimensions",
        "digit",
        rf"(?P<number>{tongue.number})(?P<gap>[{SPACES}]?)[x×](?P=gap)(?P<side>{tongue.number})"
        rf"(?:[{SPACES}]?(?P<unit>{measured}))?(?![\w²³])",
        say,
    )
