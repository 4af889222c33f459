"""Measures: percent, units, scales (`5 million`), and what is multiplied (`20 x 30 cm`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amount_words import Amounts
from tts_service.speakable.rules import Rule, any_of, rule

_SIGNED = r"(?P<minus>(?<![\w.)%])[-−–](?=[\d.]))?"


def measure_rules(amounts: Amounts) -> Iterator[Rule]:
    """Percent first, so that `5 %` is none of the others."""
    yield _percent(amounts)
    if amounts.units:
        yield _units(amounts)
    if amounts.scales:
        yield _scales(amounts)


def _percent(amounts: Amounts) -> Rule:
    number = amounts.number

    def say(match: re.Match[str]) -> str | None:
        first = amounts.say(match["number"])
        if match["until"]:
            first = amounts.between(first, amounts.say(match["until"]))
        if first == numerals.cardinal("1", amounts.language):
            first = amounts.one
        sign = {"+": f"{amounts.plus} ", None: ""}.get(match["sign"], f"{amounts.minus} ")
        return f"{sign}{first} {amounts.percent}" if first else None

    sign = r"(?P<sign>(?<![\w.)%])[-−–+](?=[\d.]))?"
    until = rf"(?:\s?%?\s?[-–—]\s?(?P<until>{number}))?"
    return rule("percent", "digit sign", rf"{sign}(?P<number>{number}){until}\s?%", say)


def _units(amounts: Amounts) -> Rule:
    """`5–10 km`, `-3°C`, `50 µg/m³`."""
    number, units = amounts.number, any_of(amounts.units)
    behind = any_of({**amounts.units, **amounts.per_units})

    def say(match: re.Match[str]) -> str | None:
        noun = amounts.units[match["unit"]]
        if match["dash"] or amounts.is_adjective(match):
            noun = noun.alone
        said = amounts.counted(match["until"] or match["number"], noun)
        if match["until"]:
            said = amounts.between(amounts.say(match["number"]), said)
        if said and match["per"]:
            other = amounts.per_units.get(match["per"]) or amounts.units[match["per"]].one
            said = f"{said} {amounts.per} {other}"
        return f"{amounts.minus} {said}" if said and match["minus"] else said

    until = rf"(?:[ \u00a0\u202f]?(?:{units})?[ \u00a0]?[-–—][ \u00a0]?(?P<until>{number}))?"
    unit = rf"(?:(?P<dash>-)|[ \u00a0\u202f\u2009])?(?P<unit>{units})(?:/(?P<per>{behind}))?(?![\w²³]|\.\w\.|/\w)"
    return rule("unit", "digit sign", rf"{_SIGNED}(?P<number>{number}){until}{unit}", say)


def _scales(amounts: Amounts) -> Rule:
    """`5 million`, `3bn`. Beside money `B` and `T` are scales; alone they are letters: 4K, 3B."""
    number = amounts.number
    scales = any_of(name for name in amounts.scales if len(name) > 1 or name in "mk")

    def say(match: re.Match[str]) -> str | None:
        said = amounts.scaled(match["until"] or match["number"], match["scale"])
        if match["until"]:
            said = amounts.between(amounts.scaled(match["number"], match["first"]), said)
        return f"{amounts.minus} {said}" if said and match["minus"] else said

    until = rf"(?:\s?(?P<first>{scales})?\s?[-–—]\s?(?P<until>{number}))?"
    return rule(
        "scale",
        "digit sign",
        rf"{_SIGNED}(?P<number>{number}){until}[\s-]?(?P<scale>{scales})(?![^\W\d_])",
        say,
    )
