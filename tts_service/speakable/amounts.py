"""Amounts: all rules about numbers that a language has from its table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amount_words import Amounts
from tts_service.speakable.rules import Rule, rule


def number_rules(amounts: Amounts) -> Iterator[Rule]:
    """The last rules to be asked about digits: ranges, decimals, plain numbers, and digits glued to letters."""
    number = amounts.number

    def plain(match: re.Match[str]) -> str | None:
        sign = match["sign"]
        if sign and match.string[max(0, match.start() - 1) : match.start()].strip(" \n\t\u00a0(\"'“‘„«["):
            return None
        said = amounts.say(match["number"])
        return f"{amounts.plus if sign == '+' else amounts.minus} {said}" if said and sign else said

    def between(match: re.Match[str]) -> str | None:
        return amounts.between(amounts.say(match["number"]), amounts.say(match["until"]))

    def digits(match: re.Match[str]) -> str | None:
        return numerals.each_digit(match.group(), amounts.language)

    def dotted(match: re.Match[str]) -> str | None:
        groups = match.group().split(".")
        if amounts.grouping.startswith(".") and all(len(group) == 3 for group in groups[1:]):
            return None
        return f" {amounts.dot} ".join(amounts.say(group) or group for group in groups)

    yield rule("version", "digit", r"\d{1,3}(?:\.\d{1,3}){2,5}(?![\w]|\.\d)", dotted)
    yield rule("range", "digit", rf"(?P<number>{number})\s?[–—-]\s?(?P<until>{number})(?![^\W_])", between)
    yield rule("number", "digit sign", rf"(?P<sign>[-−–+](?=[\d.]))?(?P<number>{number})(?!\w)", plain)
    yield rule("digits", "digit", r"\d{31,}(?!\w)", digits)
