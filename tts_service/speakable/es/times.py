"""Spanish dates, years and times of day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tts_service.speakable.language import language_of
from tts_service.speakable.romance.amounts import Romance
from tts_service.speakable.romance.times import GAP, Calendar, Weekdays, duration_rules, weekday_rules, years_rule
from tts_service.speakable.romance.times import date_rules as romance_dates
from tts_service.speakable.rules import Rule, listed, rule, word_before, words_before
from tts_service.speakable.tables import pairs, series

_WEEKDAYS = pairs("es", "weekdays")
CALENDAR = Calendar(
    months=series("es", "months"),
    short=pairs("es", "short_months"),
    first="uno",
    of="de ",
    to="a",
    before_day=listed("el del al") | frozenset(_WEEKDAYS.values()),
)

_BEFORE_HOUR = frozenset((*_WEEKDAYS, *_WEEKDAYS.values())) | listed("hoy mañana ayer hora horario horas noche tarde")
_DAYS = Weekdays(
    names=_WEEKDAYS,
    span=lambda first, last: f"de {first} a {last}",
    doubtful=listed("mar vie"),
    before=frozenset(),
    behind=listed("cerrado cerrada abierto abierta"),
)


def date_rules(tongue: Romance) -> Iterator[Rule]:
    """Dates, years and eras; America's first day of a month is "primero"."""
    abroad = "primero" in language_of(tongue.language).traits
    yield from romance_dates(tongue, replace(CALENDAR, first="primero") if abroad else CALENDAR)
    yield _named_day(tongue)
    yield from weekday_rules(_DAYS)
    yield years_rule(tongue)
    christ = rf"\.{GAP}?(?:de{GAP})?(?:J\.{GAP}?)?C\."
    yield rule("era", "letter", f"a{christ}", lambda match: "antes de Cristo")
    yield rule("era", "letter", f"d{christ}", lambda match: "después de Cristo")


def _named_day(tongue: Romance) -> Rule:
    """`el 8M`, `el 11-M`, `el 23-F`: days that have a name."""

    def say(match: re.Match[str]) -> str | None:
        if word_before(match).lower() not in ("el", "del", "al", "este") or int(match["day"]) > 31:
            return None
        return f"{tongue.digits(match['day'])} {match['month']}"

    return rule("date", "digit", r"(?P<day>[1-3]?\d)-?(?P<month>[EFMAJSOND])(?![\w€$-])", say)


def clock_rules(tongue: Romance) -> Iterator[Rule]:
    """`18:30`, `9.30 h`, `20-22 h`, `10:00-14:00`, `10 a. m.`, `2 h 15 min`."""

    def clock(match: re.Match[str]) -> str | None:
        hour, minute, named = match["hour"], match["minute"], match["h"]
        if int(hour) > 24 or not _is_hour(match):
            return None
        return _clock(tongue, hour, minute, named=bool(named))

    def halves(match: re.Match[str]) -> str:
        hour, morning = int(match["hour"]), match["half"][0] in "aA"
        said = _clock(tongue, match["hour"], match["minute"] or "00", named=False, bare=True)
        return f"{said} de la {'mañana' if morning else 'noche' if 9 <= hour < 12 else 'tarde'}"

    def span(match: re.Match[str]) -> str | None:
        first = _clock(tongue, match["a"], match["am"] or "00", named=False, bare=True)
        second = _clock(tongue, match["b"], match["bm"] or "00", named=bool(match["h"]) or match["bm"] == "00")
        return f"{first} {tongue.words.to} {second}" if first and second else None

    h = rf"(?:{GAP}?(?P<h>h(?:oras?|rs?|s)?\.?)(?!\w))"
    half = rf"(?P<half>[aApP]\.?{GAP}?[mM]\.?)(?!\w)"
    until = rf"{GAP}?[-–]{GAP}?(?P<b>\d{{1,2}})"

    def short(match: re.Match[str]) -> str:
        return f"{tongue.counted(match['hour'], tongue.units['h'])} {tongue.digits(match['minute'].lstrip('0') or '0')}"

    yield rule("duration", "digit", r"(?P<hour>\d{1,2})h(?P<minute>[0-5]\d)(?!\w)", short)
    yield rule("time", "digit", rf"(?P<a>\d{{1,2}})[:.](?P<am>[0-5]\d){until}[:.](?P<bm>[0-5]\d){h}?(?!\w|:\d)", span)
    yield rule("time", "digit", rf"(?P<a>\d{{1,2}})(?P<am>){until}(?P<bm>){h}", span)
    yield rule("time", "digit", rf"(?P<a>\d{{1,2}})(?P<am>){until}[:.](?P<bm>[0-5]\d){h}", span)
    yield from duration_rules(tongue)
    yield rule("time", "digit", rf"(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?{GAP}?{half}", halves)
    yield rule("time", "digit", rf"(?P<hour>\d{{1,2}})(?P<mark>[:.,])(?P<minute>[0-5]\d){h}?(?!\w|:\d|[.,]\d)", clock)


def _is_hour(match: re.Match[str]) -> bool:
    """`18:30`, `a las 9.30`, `9.30 h`; a comma, which amounts have too, only in `a las 9,30`."""
    before = words_before(match, 2)
    led = before[-1:] in (["las"], ["la"])
    if match["mark"] == ",":
        return led and before[0] in ("a", "desde", "hasta", "sobre")
    if match["mark"] == ":" or led or match["h"]:
        return True
    lead = before[-1].rstrip(".") if before else ""
    until = before[-1:] == ["a"] and words_before(match, 3)[0] in ("de", "desde")
    # A point is no decimal mark in Spain: `(sáb., 21.00, Movistar)`.
    alone = match["minute"][1] in "05" and re.match(r"\s?(?:[,;)]|\.?$)", match.string[match.end() : match.end() + 3])
    return bool(lead in _BEFORE_HOUR or (until and match["minute"][1] in "05") or (alone and _is_set_off(match)))


def _is_set_off(match: re.Match[str]) -> bool:
    return bool(re.search(r"[,(] ?$", match.string[max(0, match.start() - 2) : match.start()]))


def _clock(tongue: Romance, hour: str, minute: str, *, named: bool, bare: bool = False) -> str | None:
    """`18`, `05` -> "dieciocho cero cinco"; full hours of the second half of the day are "veinte horas".

    Args:
        named: "horas" was written.
        bare: "horas" is said later, or never.
    """
    said = tongue.cardinal(str(int(hour)), "f")
    if said and int(minute):
        said = f"{said} {tongue.digits(minute)}"
    elif not bare and int(hour) > 12:
        named = True
    return f"{said} {'hora' if hour in ('1', '01') and not int(minute) else 'horas'}" if said and named else said
