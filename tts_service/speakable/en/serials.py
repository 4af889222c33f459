"""English serials that are read in their own way: `ISBN 978-…`, `1080p`, `401(k)`, `8/7c`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.rules import Rule, rule


def own_serials(amounts: Amounts) -> Iterator[Rule]:
    """Asked before numbers: their hyphens are no ranges."""

    def digits(match: re.Match[str]) -> str | None:
        said = [amounts.say(mark) for mark in match.group() if mark.isdecimal()]
        return " ".join(filter(None, said))

    def central(match: re.Match[str]) -> str:
        minutes = [f" {amounts.say(match[end])}" if match[end] else "" for end in ("am", "bm")]
        return f"{amounts.say(match['a'])}{minutes[0]} {amounts.say(match['b'])}{minutes[1]} central"

    def paragraph(match: re.Match[str]) -> str:
        part = f" {amounts.say(match['part'])}" if match["part"] else ""
        return f"{by_pairs(match['number'], amounts.language)} {match['letter']}{part}"

    def lines(match: re.Match[str]) -> str:
        return f"{by_pairs(match.group()[:-1], amounts.language)} {match.group()[-1].upper()}"

    clock = r"(?P<{}>\d{{1,2}})(?::(?P<{}>[1-5]\d))?"
    yield rule("time", "digit", rf"{clock.format('a', 'am')}/{clock.format('b', 'bm')}c(?!\w)", central)
    yield rule("serial", "digit", r"(?P<number>\d{3})\((?P<letter>[a-z])\)(?:\((?P<part>\d)\))?", paragraph)
    yield rule("serial", "digit", r"(?:240|360|480|720|1080|1440|2160)[pi](?!\w)", lines)
    yield rule("serial", "digit", r"97[89][- ](?:\d{1,7}[- ]){3}[\dX](?!\w)", digits)
    yield rule("serial", "digit", r"\d{3}-\d{2}-\d{4}(?![\w-])|\d{4}(?:[ -]\d{4}){2,4}(?![\w-])", digits)


def plural(said: str) -> str:
    """`fifty` -> "fifties", `six` -> "sixes", `two` -> "twos"."""
    if said.endswith("y"):
        return f"{said[:-1]}ies"
    return f"{said}es" if said.endswith("x") else f"{said}s"


def by_pairs(digits: str, language: str) -> str | None:
    """English digits as names are read: `380` "three eighty", `101` "one oh one", `1549` "fifteen forty-nine"."""
    if len(digits) not in (3, 4) or digits[0] == "0" or digits.endswith("000"):
        return numerals.each_digit(digits, language) if digits[0] == "0" else numerals.cardinal(digits, language)
    head, tail = digits[:-2], digits[-2:]
    first = numerals.cardinal(head, language)
    if tail == "00":
        return f"{first} hundred"
    return f"{first} {'oh ' if tail[0] == '0' else ''}{numerals.cardinal(tail, language)}"
