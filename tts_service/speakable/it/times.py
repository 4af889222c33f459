"""Italian dates, years, times of day and durations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.romance.times import GAP, Calendar, Weekdays, duration_rules, weekday_rules, years_rule
from tts_service.speakable.romance.times import date_rules as romance_dates
from tts_service.speakable.rules import Rule, any_of, listed, rule, word_before, words_before
from tts_service.speakable.tables import pairs, series

_WEEKDAYS = pairs("it", "weekdays")
CALENDAR = Calendar(
    months=series("it", "months"),
    short=pairs("it", "short_months"),
    doubtful=listed("set mag"),
    first="primo",
    of="",
    to="",
    before_day=listed("il del dal al entro l dell dall all nel sul") | frozenset(_WEEKDAYS.values()),
)
_BEFORE_CLOCK = listed("alle all dalle dall ore delle dell le l verso tra fra")
_BEFORE_HOURS = frozenset(
    (
        *_WEEKDAYS,
        *_WEEKDAYS.values(),
        "orario",
        "orari",
        "fascia",
        "fasce",
        "garantita",
        "garantite",
        "alle",
        "dalle",
        "le",
    )
)


def _from_to(first: str, last: str) -> str:
    return f"{'dalla' if first == 'domenica' else 'dal'} {first} {'alla' if last == 'domenica' else 'al'} {last}"


_DAYS = Weekdays(
    names=_WEEKDAYS,
    span=_from_to,
    doubtful=listed("mar"),
    before=listed("dal al dalla alla il ogni del e da a"),
    behind=listed("chiuso chiusa aperto aperta"),
)
_HOURS_EARLIER = re.compile(r"(?P<lead>[^\W\d_]{1,20})\.?,? \d{1,2}(?:[:.,]\d\d)?[-–]\d{1,2}(?:[:.,]\d\d)?(?:,? e|,) $")
"""`orari 10-13 e 15-19`"""
_BETWEEN_DAY_AND_HOURS = listed("anche solo mattina pomeriggio sera notte")
_BEFORE_DAY_AND_MONTH = CALENDAR.before_day - listed("l all dall dell")
"""`del 30.09`; `all'1.10` is a time."""
_SHORT_YEARS = listed("anni il del dal nel al sul l dell dall nell all dopo")


def date_rules(tongue: Romance) -> Iterator[Rule]:
    """Dates, years and eras, `gli anni '60`, `il '68`."""

    def short_year(match: re.Match[str]) -> str | None:
        led = word_before(match).lower() in _SHORT_YEARS
        return tongue.digits(match["year"]) if led else None

    def both(match: re.Match[str]) -> str:
        return f"{tongue.digits(match['a'])} {tongue.digits(match['b'])}"

    def sunday(match: re.Match[str]) -> str:
        article = match["article"]
        return f"{ {'il': 'la', 'Il': 'La'}.get(article, article + 'la') } domenica"

    yield from romance_dates(tongue, CALENDAR)

    def day_and_month(match: re.Match[str]) -> str | None:
        led = word_before(match).lower() in _BEFORE_DAY_AND_MONTH and 1 <= int(match["day"]) <= 31
        day = "primo" if int(match["day"]) == 1 else tongue.digits(match["day"].lstrip("0"))
        return f"{day} {CALENDAR.months[int(match['m']) - 1]}" if led else None

    yield rule("date", "digit", r"(?P<day>\d{1,2})\.(?P<m>0[1-9]|1[0-2])(?!\w|[.,]\d)", day_and_month)
    yield from weekday_rules(_DAYS)
    # Written in haste, with the article of the other days.
    yield rule("weekday", "letter word", r"(?P<article>[Ii]l|[Aa]l|[Dd][ae]l|[Nn]el) dom\.(?!\w)", sunday)
    yield years_rule(tongue)
    yield rule("years", "sign", r"['’‘](?P<a>\d{2})[-–]['’‘](?P<b>\d{2})(?![\w'’])", both)
    yield rule("years", "sign", r"['’‘](?P<year>\d{2}|[4-9]00)(?![\w'’])", short_year)
    yield rule("era", "letter word", rf"a\.{GAP}?C\.", lambda match: "avanti Cristo")
    yield rule("era", "letter word", rf"d\.{GAP}?C\.", lambda match: "dopo Cristo")


def elided_first_rule() -> Rule:
    """`l'1 marzo`: "l'uno marzo", where "primo" can't be glued."""
    return rule("date", "digit", rf"(?<=['’])1(?={GAP}(?:{any_of(CALENDAR.months)})(?!\w))", lambda match: "uno")


def elided_date_rule(tongue: Romance) -> Rule:
    """`dall'1/1/2010`, `l'1.12`"""

    def say(match: re.Match[str]) -> str:
        year = f" {tongue.digits(match['year'])}" if match["year"] else ""
        return f"uno {CALENDAR.months[int(match['m']) - 1]}{year}"

    year = r"(?P=mark)(?P<year>(?:19|20)\d\d)"
    shape = rf"(?<=['’])0?1(?P<mark>[./])(?P<m>1[0-2]|0?[1-9])(?:{year}|(?<=/\d)|(?<=/\d\d))(?![\w/]|[.,]\d)"
    return rule("date", "digit", shape, say)


def clock_rules(tongue: Romance) -> Iterator[Rule]:
    """`alle 18.30`, `21:15`, `ore 9-12`, `9.00-13.00`, `h 18`, `1h30`, `2 h 15 min`."""

    def clock(match: re.Match[str]) -> str | None:
        led = word_before(match).lower() in _BEFORE_CLOCK
        return _clock(tongue, match["hour"], match["minute"]) if led or match["mark"] == ":" else None

    def hour(match: re.Match[str]) -> str | None:
        return "una" if word_before(match).lower() in ("all", "dall", "l", "dell") else None

    def named(match: re.Match[str]) -> str | None:
        said = _clock(tongue, match["hour"], match["minute"] or "00")
        return f"ore {said}" if said else None

    def span(match: re.Match[str]) -> str | None:
        first = _clock(tongue, match["a"], match["am"] or "00")
        second = _clock(tongue, match["b"], match["bm"] or "00")
        day = word_before(match).lower().rstrip(".").rpartition("-")[2]
        also = day in _BETWEEN_DAY_AND_HOURS and words_before(match, 2)[0].rstrip(".") in _BEFORE_HOURS
        earlier = _HOURS_EARLIER.search(match.string, max(0, match.start() - 40), match.start())
        further = earlier is not None and earlier["lead"].lower() in _BEFORE_HOURS
        timed = match["ore"] or day in _BEFORE_HOURS or also or further
        if not first or not second or not (timed or (match["am"] and "," not in match.group())):
            return None
        if word_before(match).lower() in ("alle", "dalle", "le"):
            return f"{first} {second}"
        if match["ore"]:
            return f"dalle ore {first} {_at(second)}"
        return f"d{_at(first)} {_at(second)}"

    def short(match: re.Match[str]) -> str:
        return f"{tongue.counted(match['hour'], tongue.units['h'])} e {tongue.digits(match['minute'].lstrip('0'))}"

    def hundredths(match: re.Match[str]) -> str:
        part = tongue.digits(match["part"].lstrip("0") or "0")
        if not match["second"].strip("0"):
            return f"{part} {('decimi', 'centesimi', 'millesimi')[len(match['part']) - 1]}"
        return f"{tongue.counted(match['second'], tongue.units['s'])} e {part}"

    end = r"(?!\w|:\d|[.,]\d)"
    first, last = r"(?P<a>\d{1,2})(?:[:.,](?P<am>[0-5]\d))?", r"(?P<b>\d{1,2})(?:[:.,](?P<bm>[0-5]\d))?"
    joint = rf"{GAP}?[-–]{GAP}?"
    no_amount = rf"(?!{GAP}?(?:[€%$£‰]|euro|dollar|mil|punt|[kcm]m|m(?!\w)|kg|grad))"
    yield rule("time", "digit", rf"(?P<ore>){first}{joint}{last}{end}{no_amount}", span)
    yield rule("time", "letter word", rf"(?P<ore>[Oo]re){GAP}{first}{joint}{last}{end}", span)
    yield rule("time", "digit", rf"(?P<hour>\d{{1,2}})(?P<mark>[:.])(?P<minute>[0-5]\d){end}", clock)
    comma = rf"(?P<hour>\d{{1,2}})(?P<mark>,)(?P<minute>[0-5]\d){end}{no_amount}"
    yield rule("time", "digit", comma, clock)
    yield rule("time", "digit", rf"1(?!{GAP}?\w|[\w:]|[.,]\d)", hour)
    h = rf"[Hh]\.?{GAP}?(?P<hour>\d{{1,2}})(?:[:.,](?P<minute>[0-5]\d))?{end}{no_amount}"
    yield rule("time", "letter word", rf"(?=[Hh]\.|[Hh][{SPACES}]|[Hh]\d\d?[.:,]){h}", named)
    yield rule(
        "duration",
        "digit",
        rf"(?P<hour>\d{{1,2}}){GAP}?h{GAP}?(?P<minute>0[1-9]|[1-5]\d)['’′]?(?![\w'’′:]|[.,]\d)",
        short,
    )
    yield rule("duration", "digit", r"(?P<second>\d{1,2})(?:['’′]{2}|[\"”″])(?P<part>\d{1,3})(?!\w)", hundredths)
    yield from duration_rules(tongue)


def _clock(tongue: Romance, hour: str, minute: str) -> str | None:
    """`18`, `05` -> "diciotto e zero cinque"."""
    if int(hour) > 24:
        return None
    said = "una" if int(hour) == 1 else tongue.cardinal(str(int(hour)), "f")
    return f"{said} e {tongue.digits(minute)}" if said and int(minute) else said


def _at(hour: str) -> str:
    """ "alle tredici", "all'una"."""
    return f"all'{hour}" if hour.startswith("una") else f"alle {hour}"
