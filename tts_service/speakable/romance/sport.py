"""Sport in Romance languages: seconds and minutes written with primes, and what stands short behind a result.

`a 8"`, `47''82`, `23'`, `90'+3`, `2-2 dts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.rules import Rule, any_of, rule, word_before

_IN_BRACKET = re.compile(r"[^\W\d_]\.? ?\((?:[^()]{0,60}[,;] ?|[^()]{0,40} (?:y|et|e) )?$")
"""`Moreau (23', 67'`"""
_QUOTED = re.compile(r"(?:^|[\s(])[‘'](?!\d)[^'’]{0,40}$")
_QUOTE = re.compile(r'(?<!\d)"')
_PAIR = "['’′]{2}"
_GAP = f"[{SPACES}]"
_NAMED = re.compile(rf"{_GAP}[A-ZÀ-Ý][\w'’]{{2}}|:")
"""`67' Mbappé`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Primes:
    """How a language says them."""

    joint: str
    """Between seconds and their hundredths, spaces included."""
    before_seconds: frozenset[str]
    """Behind these a number with one double mark is no quotation's end: "a 8\""."""
    before_minute: frozenset[str] = frozenset()
    """Behind these a minute of a match is a plain number: "al minuto 67'"."""
    minute: Callable[[str], str | None] = str
    """A minute of a match that stands alone: digits -> "minuto doce"."""
    more: str = ""
    scored: re.Pattern[str] | None = None
    """What before a minute shows that a number alone is understood: "con goles de Rubén (23')"."""
    halves: Mapping[str, str] = field(default_factory=dict)
    """Behind a minute: `PT` -> "del primer tiempo"."""


def seconds_rule(tongue: Romance, primes: Primes) -> Rule:
    """`a 8"`, `47''82`, `3"4`."""

    def say(match: re.Match[str]) -> str | None:
        if len(match["mark"]) == 1:
            led = match["part"] or word_before(match).lower() in primes.before_seconds
            if not led or _ends_quotation(match):
                return None
        if match["part"] and not match["second"].strip("0"):
            return None
        said = tongue.counted(match["second"].lstrip("0") or "0", tongue.units["s"])
        return f"{said}{primes.joint}{tongue.digits(match['part'])}" if said and match["part"] else said

    mark = rf"(?P<mark>{_PAIR}|[\"”″])"
    return rule("duration", "digit", rf"(?P<second>\d{{1,3}}){mark}(?P<part>\d{{1,3}})?(?![\w\"”])", say)


def prime_rules(tongue: Romance, primes: Primes) -> Iterator[Rule]:
    """Seconds, then minutes: of a match where the words around show it, else a duration (`40' de cuisson`)."""

    def minutes(match: re.Match[str]) -> str | None:
        text, start = match.string, match.start()
        if _QUOTED.search(text, max(0, start - 42), start):
            return None
        more = f" {primes.more} {tongue.digits(match['more'])}" if match["more"] else ""
        half = f" {primes.halves[match['half']]}" if match["half"] else ""
        scored = primes.scored and primes.scored.search(text, max(0, start - 110), start)
        if scored or word_before(match).lower() in primes.before_minute:
            return f"{tongue.digits(match['minute'])}{more}{half}"
        named = _NAMED.match(text, match.end())
        if more or half or named or _IN_BRACKET.search(text, max(0, start - 110), start):
            said = primes.minute(match["minute"])
            return f"{said}{more}{half}" if said else None
        return tongue.counted(match["minute"], tongue.units["min"])

    yield seconds_rule(tongue, primes)
    half = rf"(?:{_GAP}(?P<half>{any_of(primes.halves)})(?!\w))?" if primes.halves else "(?P<half>)"
    more, end = r"\+(?P<more>\d{1,2})", r"(?![\w'’′\"”])"
    yield rule("score", "digit", rf"(?P<minute>\d{{1,3}})['’′](?:{more}['’′]?)?{half}{end}", minutes)
    yield rule("score", "digit", rf"(?P<minute>\d{{2,3}}){more}['’′]{half}{end}", minutes)


def minutes_range_rule(tongue: Romance) -> Rule:
    """`12-15' de cocción`"""

    def say(match: re.Match[str]) -> str | None:
        last = tongue.counted(match["until"], tongue.units["min"])
        return tongue.between(tongue.opening(match, None, None), last)

    return rule("duration", "digit", r"(?P<number>\d{1,3})[-–](?P<until>\d{1,3})['’′](?![\w'’′\"”])", say)


def _ends_quotation(match: re.Match[str]) -> bool:
    """Whether a mark that looks like a double prime closes a quotation that began before it."""
    head = match.string[max(0, match.start() - 160) : match.start()]
    return len(_QUOTE.findall(head)) % 2 == 1 or head.count("“") > head.count("”")


def behind_result_rule(endings: Mapping[str, str]) -> Rule:
    """`3-2 ap`, `45e+2 sp`: short forms that only a number before them shows."""
    behind = r"(?:(?<=\d-\d )|(?<=\d[e'’], )|(?<=\+\d, )|(?<=\d[e'’] )|(?<=\+\d )|(?<=\d-\d\d )|(?<=-\d\) ))"
    return rule(
        "score",
        "letter word",
        rf"{behind}(?P<short>{any_of(endings)})\.?(?=[\s,;:).]|$)",
        lambda match: endings[match["short"]],
    )
