"""French dates, years and times of day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.romance.amounts import Romance
from tts_service.speakable.romance.times import GAP, Calendar, Weekdays, duration_rules, weekday_rules, years_rule
from tts_service.speakable.romance.times import date_rules as romance_dates
from tts_service.speakable.rules import Rule, listed, rule, word_before
from tts_service.speakable.tables import pairs, series

_WEEKDAYS = pairs("fr", "weekdays")
CALENDAR = Calendar(
    months=series("fr", "months"),
    short=pairs("fr", "short_months"),
    first="premier",
    of="",
    to="au",
    before_day=listed("le au du jusqu'au jusqu’au les dès") | frozenset(_WEEKDAYS.values()),
)

_DAYS = Weekdays(
    names=_WEEKDAYS,
    span=lambda first, last: f"du {first} au {last}",
    doubtful=listed("mar mer jeu"),
    before=listed("le du au les et"),
    behind=listed("fermé fermée ouvert ouverte"),
)


def date_rules(tongue: Romance) -> Iterator[Rule]:
    """Dates, and years: `1914-1918`, `14-18`."""
    yield from romance_dates(tongue, CALENDAR)
    yield from weekday_rules(_DAYS)
    if tongue.language == "fr-CH":
        yield _short_dates(tongue)
    yield years_rule(tongue)
    decades = r"(?<=années )(?P<a>[1-9]0)[-–/](?P<b>[1-9]0)(?!\w)"
    yield rule("years", "digit", decades, lambda m: f"{tongue.digits(m['a'], 'label')} {tongue.digits(m['b'])}")
    yield rule("years", "digit", r"14[-–]18(?![\w–-])", lambda match: "quatorze dix-huit")
    yield rule("years", "digit", r"39[-–]45(?![\w–-])", lambda match: "trente-neuf quarante-cinq")


def _short_dates(tongue: Romance) -> Rule:
    """`du 7.7 au 25.8`: as Swiss papers write them."""

    def say(match: re.Match[str]) -> str | None:
        led = word_before(match).lower() in CALENDAR.before_day | {"du"}
        day = "premier" if match["day"].lstrip("0") == "1" else tongue.digits(match["day"].lstrip("0"))
        return f"{day} {CALENDAR.months[int(match['month']) - 1]}" if led else None

    amount = r"(?![\w€%]|[.,]\d| ?(?:%|€|km|m|kg|francs?)(?!\w))"
    return rule("date", "digit", rf"(?P<day>0?[1-9]|[12]\d|3[01])\.(?P<month>0?[1-9]|1[0-2])\.?{amount}", say)


def era_rules() -> Iterator[Rule]:
    """`av. J.-C.`."""
    christ = rf"\.?{GAP}?J\.?{GAP}?-?C\.?(?!\w)"
    yield rule("era", "letter word", rf"av(?:ant)?{christ}", lambda match: "avant Jésus-Christ")
    yield rule("era", "letter word", rf"apr?(?:ès)?{christ}", lambda match: "après Jésus-Christ")
    yield rule("era", "letter", r"J\.-?C\.", lambda match: "Jésus-Christ")


def clock_rules(tongue: Romance) -> Iterator[Rule]:
    """`18h30`, `9h-17h`, `20-22 h`, `18:30`, `24h/24`, `2 h 05 min`."""

    def clock(match: re.Match[str]) -> str | None:
        return _clock(tongue, match["hour"], match["minute"]) if int(match["hour"]) <= 24 else None

    def hours(match: re.Match[str]) -> str | None:
        return _clock(tongue, match["hour"], match["minute"])

    def span(match: re.Match[str]) -> str | None:
        first = _clock(tongue, match["a"], match["am"]) if match["ah"] else tongue.cardinal(match["a"], "f")
        second = _clock(tongue, match["b"], match["bm"])
        return f"{first} {tongue.words.to} {second}" if first and second else None

    def always(match: re.Match[str]) -> str:
        said = tongue.counted(match["a"], tongue.units[match["unit"]])
        return f"{said} {tongue.words.out_of} {tongue.cardinal(match['b'], 'alone')}"

    h, end = rf"{GAP}?[hH]", r"(?![^\W\d_]|\d)"
    until = rf"{GAP}?[-–]{GAP}?(?P<b>\d{{1,2}}){h}(?:{GAP}?(?P<bm>[0-5]\d))?{end}"
    yield rule("duration", "digit", r"(?P<a>\d{1,2})(?P<unit>[hj])/(?P<b>\d{1,2})(?!\w)", always)
    yield rule("time", "digit", rf"(?P<a>\d{{1,2}})(?P<ah>{h}(?:{GAP}?(?P<am>[0-5]\d))?)?{until}", span)
    yield from duration_rules(tongue)
    yield rule("time", "digit", rf"(?P<hour>\d{{1,3}}){h}(?:{GAP}?(?P<minute>[0-5]\d))?{end}", hours)
    yield rule("time", "digit", rf"(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?:{h})?(?![\w:])", clock)


def _clock(tongue: Romance, hour: str, minute: str | None) -> str | None:
    """`18`, `05` -> "dix-huit heures cinq"; minutes are feminine."""
    said = tongue.counted(hour.lstrip("0") or "0", tongue.units["h"])
    return f"{said} {tongue.cardinal(str(int(minute)), 'f')}" if said and minute and int(minute) else said
