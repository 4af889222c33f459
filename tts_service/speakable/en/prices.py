"""Prices with parts of a cent: `$4.18¾ a bushel`, `$3.29⁹/gal.`; and what a ticket costs `adv./dos`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amounts import Amounts
from tts_service.speakable.rules import Rule, any_of, rule

_PARTS = {
    "½": "and a half",
    "¼": "and a quarter",
    "¾": "and three quarters",
    "⅛": "and an eighth",
    "⅜": "and three eighths",
    "⅝": "and five eighths",
    "⅞": "and seven eighths",
    "⁹": "point nine",
}
_TICKETS = {
    "adv.": "in advance",
    "adv": "in advance",
    "dos": "day of show",
    "DOS": "day of show",
    "GA": "general admission",
    "gen. adm.": "general admission",
    "OTD": "on the door",
    "otd": "on the door",
}
_SHARE = re.compile(r"\d\s?(?:%|percent|per cent)")
_SUM = re.compile(r"[$£€]\d[\d.,]{0,6}\s$")


def price_rules(amounts: Amounts) -> Iterator[Rule]:
    """Asked with money."""

    def cents(match: re.Match[str]) -> str | None:
        dollars = amounts.counted(match["whole"], amounts.currencies["$"]) if match["whole"].strip("0") else ""
        part = amounts.say(match["cents"].lstrip("0") or "0")
        joint = " and " if dollars else ""
        return f"{dollars}{joint}{part} {_PARTS[match['part']]} cents"

    def ticket(match: re.Match[str]) -> str | None:
        behind = _SUM.search(match.string, max(0, match.start() - 10), match.start())
        return _TICKETS[match.group().rstrip("/")] + "," * match.group().endswith("/") if behind else None

    def small(match: re.Match[str]) -> str | None:
        noun = amounts.currencies["$"].part
        return amounts.amount(match, match["number"], None, noun) if noun else None

    def points(match: re.Match[str]) -> str | None:
        near = match.string[max(0, match.start() - 60) : match.end() + 14]
        if not _SHARE.search(near):
            return None
        said = amounts.say(match["number"])
        return f"{said} point{'s' * (match['number'] != '1')}" if said else None

    yield rule("unit", "digit", rf"(?P<number>{amounts.number})[\s-]?pts?(?!\w)\.?", points)
    yield rule("money", "digit", r"(?P<number>\d{1,3}(?:\.\d)?)c(?![\w'’-]|\.\w|\.\s[a-z])", small)
    yield rule("money", "sign", rf"\$(?P<whole>\d{{0,3}})\.(?P<cents>\d\d)(?P<part>[{''.join(_PARTS)}])(?!\w)", cents)
    yield rule("abbreviation", "letter word", rf"(?:{any_of(_TICKETS)})(?!\w|\.\w)/?", ticket)
