"""What French and Spanish dates, years and durations share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.rules import Rule, any_of, rule, word_after, word_before

GAP = f"[{SPACES}]"
_YEAR = r"(?P<year>[12]\d{3}|[12]\.\d{3})(?![\w–-]|[.,]\d)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """How a language writes and says dates."""

    months: tuple[str, ...]
    short: Mapping[str, str]
    """Written short, without its dot -> the month."""
    doubtful: frozenset[str] = frozenset()
    """Short months that are words too: without a dot they are months only before a year."""
    first: str
    """The first day of a month: "premier"."""
    of: str
    """Between day, month and year: "" or "de "; a year may take "del" too."""
    to: str
    """Between two days of a month: "au"."""
    before_day: frozenset[str]
    """Behind these `15/3` is a day, not a fraction."""


def date_rules(tongue: Romance, calendar: Calendar) -> Iterator[Rule]:
    """`1er mai 2024`, `1 de mayo de 2024`, `15/03/2024`, `2024-03-15`, `3-5 mai`, and `15/3` behind an article."""

    def named(match: re.Match[str]) -> str | None:
        written = match["month"].lower().rstrip(".")
        said = _date(tongue, calendar, match["day"], calendar.short.get(written, written), match["year"])
        first = _day(tongue, calendar, match["first"]) if match["first"] else None
        return f"{first} {calendar.to} {said}" if first and said else said

    def numeric(match: re.Match[str]) -> str | None:
        month, year = int(match["m"]), match["year"]
        if not year and int(match["day"]) < month <= 5 and _OF_WHOLE.match(match.string, match.end()):
            return None
        if not 1 <= month <= 12 or (not year and word_before(match).lower() not in calendar.before_day):
            return None
        if year and len(year) == 2:
            year = ("20" if int(year) < 50 else "19") + year
        return _date(tongue, calendar, match["day"], calendar.months[month - 1], year)

    of = f"(?:{calendar.of.strip()}l?{GAP})?" if calendar.of else ""
    short = any_of(calendar.short)
    bare = any_of(calendar.short.keys() - calendar.doubtful)
    written = rf"{any_of(calendar.months)}|(?:{short})\.|(?:{short})(?={GAP}[12]\d{{3}})|(?:{bare})(?![\w.'’-])"
    month = rf"(?P<month>{written})(?!\w)"
    first = rf"(?:(?P<first>\d{{1,2}}){GAP}?[-–/]{GAP}?)?"
    day = r"(?P<day>\d{1,2})(?:er|\.?[º°]|\.o)?"
    yield rule("date", "digit", rf"{first}{day}{GAP}{of}{month}(?:{GAP}{of}{_YEAR})?", named, re.I)
    digits = r"(?P<day>\d{1,2})(?P<mark>[/.-])(?P<m>\d{1,2})(?P=mark)(?P<year>[12]\d{3}|\d{2})(?![\w/]|[.,-]\d)"
    yield rule("date", "digit", digits, numeric)
    yield rule("date", "digit", r"(?P<year>[12]\d{3})-(?P<m>\d{2})-(?P<day>\d{2})(?!\w)", numeric)
    yield rule("date", "digit", r"(?P<day>\d{1,2})/(?P<m>\d{1,2})(?P<year>)(?![\w/])", numeric)


def _day(tongue: Romance, calendar: Calendar, digits: str) -> str | None:
    """`1` -> "premier"; the other days are plain numbers."""
    value = int(digits)
    if not 1 <= value <= 31:
        return None
    return calendar.first if value == 1 else tongue.cardinal(str(value), "alone")


def _date(tongue: Romance, calendar: Calendar, day: str, month: str, year: str | None) -> str | None:
    said = _day(tongue, calendar, day)
    if not said:
        return None
    said = f"{said} {calendar.of}{month}"
    return f"{said} {calendar.of}{tongue.cardinal(year.replace('.', ''), 'label')}" if year else said


def years_rule(tongue: Romance) -> Rule:
    """`1914-1918` is a range; `2023-24`, `2023/2024` is one season."""

    def say(match: re.Match[str]) -> str | None:
        first, second = match["a"], match["b"]
        next_year = str(int(first) + 1)
        if (len(second) == 2 and not next_year.endswith(second)) or (len(second) == 4 and second <= first):
            return None
        if "/" in match.group() and len(second) == 4 and second != next_year:
            return None  # the number of a law: "1021/2022"
        said, then = tongue.cardinal(first, "label"), tongue.digits(second, "label")
        if not said or not then:
            return None
        return f"{said} {then}" if next_year.endswith(second) else tongue.ranged(match, said, then)

    year = r"(?:1\d|20)\d{2}"
    return rule("years", "digit", rf"(?P<a>{year})[-–/](?P<b>{year}|\d{{2}})(?![\w–-])", say)


_OF_WHOLE = re.compile(r" d(?:es?|u|['’])(?!\w)(?! \d)")
"""`les 3/4 des voix` are a part, no day."""
_BEFORE_TIME = re.compile(r", ?\d{1,2}(?!\d)")


_HOURS = re.compile(r"[ ]\d{1,2}(?:[-–:.]\d|[ ]?[hH-])")

_NAMED = re.compile(r" [A-ZÀ-Þ][a-zà-ÿ]{2,20} (?!\d)[a-zà-ÿ]")
"""`il mar. Lodi ha arrestato`: a rank before a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekdays:
    """How a language writes weekdays short."""

    names: Mapping[str, str]
    """Written short, without its dot -> the day."""
    span: Callable[[str, str], str]
    """The first and the last day of `lun.-ven.` -> "du lundi au vendredi"."""
    doubtful: frozenset[str]
    """Short forms that are words too: alone they are days only behind one of `before`."""
    before: frozenset[str]
    behind: frozenset[str]
    """Words behind them that show the same: "closed"."""


def weekday_rules(days: Weekdays) -> Iterator[Rule]:
    """`lun.-ven.`, `lun., mer. e ven.`, `da mar. a sab.`, `le dim.`."""
    short = any_of(days.names)
    between = r",? (?-i:(?:ed?|et|y|ou?|au|al?|alla|à|il|la|le|el) ){0,2}"
    neighbour_before = re.compile(rf"(?<!\w)(?:{short})\.?{between}$", re.I)
    neighbour_behind = re.compile(rf"{between}(?:{short})\.", re.I)

    def span(match: re.Match[str]) -> str:
        return days.span(*(days.names[match[name].lower()] for name in ("day", "until")))

    def alone(match: re.Match[str]) -> str | None:
        text, day = match.string, match["day"].lower()
        sure = (
            day not in days.doubtful
            or _BEFORE_TIME.match(text, match.end())
            or word_before(match).lower() in days.before
            or word_after(match).lower() in days.behind
        )
        head = neighbour_before.search(text, max(0, match.start() - 14), match.start())
        if day in days.doubtful and not head and _NAMED.match(text, match.end()):
            return None
        if not (sure or head or neighbour_behind.match(text, match.end())):
            return None
        opening = match.start() == 0 and match["day"][0].isupper()
        return days.names[day].capitalize() if opening else days.names[day]

    def bare(match: re.Match[str]) -> str | None:
        day, behind = match["day"].lower(), match.string[match.end() : match.end() + 12]
        head = neighbour_before.search(match.string, max(0, match.start() - 14), match.start())
        if day in days.doubtful and not head and not _HOURS.match(behind):
            return None
        return days.names[day].capitalize() if match.start() == 0 and match["day"][0].isupper() else days.names[day]

    until = rf"(?P<day>{short})\.?[-–/](?P<until>{short})(?:\.|(?!\w))"
    yield rule("weekday", "letter word", until, span, re.I)
    # `sáb 10:00`, `sab 9-12.30`, `dom chiuso`, `sam 14 juin`, `lun a vie de 9 a 14 h`
    links, numbered = r"(?:al?|à|au|alla|y|ed?|et)", rf"{_HOURS.pattern}|[ ]\d{{1,2}}[ ][a-zà-ÿ]{{3,12}}"
    hours = rf"{numbered}|[ ](?:de|dalle|des?)[ ]\d|[ ](?:\d{{1,2}}[ ])?{links}[ ](?:(?:{short})(?!\w)|\d)"
    closed = any_of(days.behind)
    yield rule("weekday", "letter word", rf"(?P<day>{short})(?=,?(?:{hours}|[ ](?:{closed})(?!\w)))", bare, re.I)
    yield rule("weekday", "letter", rf"(?P<day>{short})\.(?!\w)", alone, re.I)


def duration_rules(tongue: Romance) -> Iterator[Rule]:
    """`2 h 05 min 12 s`, `3'45''`, `2h01'09''`, `1:02:03`."""

    def say(match: re.Match[str]) -> str:
        named = ((match["hour"], "h"), (match["minute"], "min"), (match["second"], "s"))
        said = (tongue.counted(digits.lstrip("0") or "0", tongue.units[unit]) for digits, unit in named if digits)
        return " ".join(filter(None, said))

    end = r"(?![^\W\d_]|\d)"
    hour, minute, second = r"(?P<hour>\d{1,3})", r"(?P<minute>\d{1,2})", r"(?P<second>\d{1,2})"
    h, min_, s = rf"{GAP}?[hH]\.?{GAP}?", rf"{GAP}?(?:min|mn)\.?", rf"{GAP}?s(?:ec|eg)?\.?"
    primes = rf"['’′]{GAP}?{second}(?:['’′]{{2}}|[\"”″])"
    yield rule("duration", "digit", rf"{hour}{h}{minute}{min_}(?:{GAP}?{second}{s})?{end}", say)
    yield rule("duration", "digit", rf"(?P<hour>){minute}{min_}{GAP}?{second}{s}{end}", say)
    yield rule("duration", "digit", rf"(?:{hour}{h})?{minute}{primes}", say)
    yield rule("duration", "digit", r"(?P<hour>\d{1,2}):(?P<minute>[0-5]\d):(?P<second>[0-5]\d)(?![\w:])", say)

    def race(match: re.Match[str]) -> str:
        named = ((match["minute"], "min"), (match["second"], "s"))
        said = (tongue.counted(digits.lstrip("0") or "0", tongue.units[unit]) for digits, unit in named)
        return " ".join(filter(None, (*said, tongue.digits(match["part"]))))

    yield rule(
        "duration", "digit", r"(?P<minute>\d{1,2}):(?P<second>[0-5]\d)[.,](?P<part>\d{1,3})(?![\w:]|[.,]\d)", race
    )
