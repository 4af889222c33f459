"""German dates with their endings, weekdays and months in short, years."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.de.grammar import ordinal, words_before
from tts_service.speakable.de.places import CITIES
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before
from tts_service.speakable.tables import pairs, series, words

MONTHS = series("de", "months in order")
_SHORT = {name[:3].lower(): name for name in MONTHS} | {"jän": "Jänner", "mrz": "März"}
_FULL = "|".join([*MONTHS, "Jänner", "Feber"])
_DOTTED = r"(?:Jan|Jän|Feb|Febr|Mrz|Mär|Apr|Jun|Jul|Aug|Sept|Sep|Okt|Nov|Dez)\."
_ENDS_DATE = re.compile(rf"(?:\d\.|(?:{_FULL}|{_DOTTED}))\s?$")
_WEEKDAYS = pairs("de", "weekdays")
_ALL_WEEKDAYS = (
    {"sonnabend"}
    | {day.lower() for day in _WEEKDAYS.values()}
    | {f"{day.lower()}{dot}" for day in _WEEKDAYS for dot in (".", "")}
)
_INCLUDED = listed("einschl. inkl. inklusive")
_ASK_EN = words("de")["ask en"]


def _month(written: str) -> str:
    return _SHORT[written[:3].lower()] if written.endswith(".") else written


def _year(written: str) -> str:
    digits = written.strip("'’")
    if len(digits) == 2:
        digits = ("20" if int(digits) < 50 else "19") + digits
    return numerals.year(digits, "de") or digits


_ON_DAY = re.compile(r"\b[Aa]m\s\S{2,12},\sd\.\s$")
"""`am Dienstag, d. 3. Dezember`"""


def _day_ending(match: re.Match[str]) -> str:
    """`am 3. Mai` -en, `der 3. Mai` -e, alone -er; a weekday between passes on what stands before it."""
    before = [word for word in words_before(match, 4) if word not in _INCLUDED]
    while before and before[-1] in _ALL_WEEKDAYS:
        before.pop()
    article = before[-1] if before else ""
    if article == "d.":
        return "en" if _ON_DAY.search(match.string, max(0, match.start() - 24), match.start()) else "e"
    if article in ("der", "dieser", "jeder"):
        return "e"
    return "en" if article in _ASK_EN else "er"


def date_rules() -> Iterator[Rule]:
    """`1. Oktober 2024`, `03.10.2024`, `2024-10-03`, `1./2. Oktober`, `1.-Mai-Demo`."""

    def long(match: re.Match[str]) -> str | None:
        if not 1 <= int(match["day"]) <= 31:
            return None
        said = f"{ordinal(match['day'], _day_ending(match))} {_month(match['month'])}"
        return f"{said} {_year(match['year'])}" if match["year"] else said

    def numeric(match: re.Match[str]) -> str | None:
        day, month, year = int(match["day"]), int(match["m"]), match["year"]
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        said = f"{ordinal(str(day), _day_ending(match))} {MONTHS[month - 1]}"
        return f"{said} {_year(year)}" if year else said

    month = rf"(?P<month>{_FULL}|{_DOTTED})(?!\w)"
    year = r"(?:\s(?P<year>[12]\d{3}|['’]\d\d)(?![\w–-]|[.,]\d))?"
    numbers = r"(?P<day>\d{1,2})\.\s?(?P<m>\d{1,2})\."
    short = r"(?P<year>\s?[12]\d{3}|['’]?\d\d)(?![\w%]|[.,:]\d|\s?(?:Uhr|Euro|€))"
    yield from _parts_of_dates()
    yield rule("date", "digit", rf"(?P<day>\d{{1,2}})\.\s?{month}{year}", long)
    yield rule("date", "digit", rf"{numbers}{short}", numeric)
    yield rule("date", "digit", r"(?P<day>\d{1,2})\.\s?(?P<m>0?[1-9]|1[0-2])\.(?P<year>)(?!\w)", numeric)
    yield rule("date", "digit", r"(?P<year>[12]\d{3})[-/](?P<m>\d\d)[-/](?P<day>\d\d)(?!\w)", numeric)
    yield rule("date", "digit", r"(?P<day>\d{1,2})[-/](?P<m>\d{1,2})[-/](?P<year>[12]\d{3})(?!\w)", numeric)
    yield rule("date", "sign", r"['’](?P<year>\d\d)(?!\w)", lambda match: numerals.cardinal(match["year"], "de"))


def _parts_of_dates() -> Iterator[Rule]:
    """`1./2. Oktober`, `1. April–31. Oktober`, `1.-Mai-Demo`."""

    def span(match: re.Match[str]) -> str | None:
        if not (1 <= int(match["a"]) <= 31 and 1 <= int(match["b"]) <= 31):
            return None
        end, word = _day_ending(match), "und" if match["mark"] == "/" else "bis"
        return f"{ordinal(match['a'], end)} {word}"

    def feast(match: re.Match[str]) -> str:
        return f"{ordinal(match['day'], 'er').capitalize()} {match['month']}"

    def until(match: re.Match[str]) -> str | None:
        return "bis" if _ENDS_DATE.search(match.string, max(0, match.start() - 14), match.start()) else None

    follows = rf"\.\s?(?:{_FULL}|{_DOTTED}|\d{{1,2}}\.)"
    first = r"(?P<a>\d{1,2})\.\s?(?P<mark>[/–-])\s?"
    yield rule("date", "digit", rf"(?P<day>\d{{1,2}})\.-(?P<month>{_FULL})-(?=\w)", feast)
    yield rule("date", "digit", rf"{first}(?=(?P<b>\d{{1,2}}){follows})", span)
    yield rule("date", "sign", rf"[-–](?=\d{{1,2}}{follows})", until)
    included = r"(?:(?:inkl|einschl)\.\s|inklusive\s|einschließlich\s|zum\s)?"
    led = rf"(?P<day>\d{{1,2}})\.(?=\s(?:bis|und|u\.|oder|sowie)\s{included}\d{{1,2}}{follows})"
    yield rule("date", "digit", led, lambda match: ordinal(match["day"], _day_ending(match)))


def calendar_rules() -> Iterator[Rule]:
    """`Mo.–Fr.`, `Sa./So.`, `Mo., 5. Mai`, `Okt. 2024`: short names only beside what shows them for such."""
    day = rf"(?:{'|'.join(_WEEKDAYS)})"
    day_before = re.compile(rf"(?<!\w)(?:{day})\.?,?\s(?:und|u\.|oder)?\s?$")

    def days(match: re.Match[str]) -> str | None:
        mark = match["mark"]
        timed = re.match(r",?\s\d", match.string[match.end() : match.end() + 3])
        if mark[0] in "bu" and "." not in match.group() and not timed:
            return None
        word = " " if mark == "/" else " bis " if mark in ("-", "–", "bis") else " und "
        return f"{_WEEKDAYS[match['a']]}{word}{_WEEKDAYS[match['b']]}"

    def month(match: re.Match[str]) -> str | None:
        around = (
            match.string[match.end() : match.end() + 1] == ":"
            or word_after(match)[:1].isdecimal()
            or word_before(match).lower() in _BEFORE_MONTH
        )
        return _SHORT[match.group()[:3].lower()] if around else None

    def named(match: re.Match[str]) -> str:
        first, second = (_month(match[end]) for end in "ab")
        return f"{first} bis {second}"

    def led(match: re.Match[str]) -> str | None:
        sure = word_before(match).lower() in _BEFORE_WEEKDAY or word_after(match).lower() in _BEHIND_WEEKDAY
        beside = day_before.search(match.string, max(0, match.start() - 14), match.start())
        return _WEEKDAYS[match["day"]] if sure or beside else None

    def before(match: re.Match[str]) -> str | None:
        led = word_before(match).lower() in _BEFORE_FRIDAY
        return _WEEKDAYS[match["day"]] if led or match["day"] != "Fr" else None

    full = rf"{_FULL}|{_DOTTED}|{'|'.join(_WEEKDAYS.values())}|Sonnabend"
    yield rule("range", "letter", rf"(?P<a>{full})\s?[-–]\s?(?P<b>{full})(?![\w-])", named)
    row = rf"(?P<day>{day})\.(?=,\s(?:{day})\.)"
    yield rule("weekday", "letter", row, lambda match: _WEEKDAYS[match["day"]])
    before_noun = rf"(?P<day>{day})\.(?=\s[A-ZÄÖÜ][a-zäöüß])"
    yield rule("weekday", "letter", before_noun, before)
    francs = r"(?!(?<=Fr\.)\s(?:[\d,.]{1,6}\s(?:Mio|Mrd)|[\d'’.]{1,12}[.,][-–—]))"
    yield rule("weekday", "letter", rf"(?P<day>{day})\.{francs}", led)
    yield rule("weekday", "letter", rf"(?P<a>{day})\.?\s?(?P<mark>[-–/+]|bis|und|u\.)\s?(?P<b>{day})(?!\w)\.?", days)
    yield rule(
        "weekday",
        "letter",
        rf"(?P<day>{day})\.(?=,?\s?\d)(?!\s[\d'’.]{{1,12}}[.,][-–—])(?!(?<=Fr\.)\s[\d,.]{{1,6}}\s(?:Mio|Mrd))(?!(?<=Fr\.)\s\d{{1,3}}\.\d\d(?!\d|\.\d|\s?(?:Uhr|[-–])))",
        lambda match: _WEEKDAYS[match["day"]],
    )
    yield rule(
        "weekday", "letter", rf"(?P<day>{day})(?=,\s\d{{1,2}}\.|\s\d{{1,2}}[.:–-]\d)", lambda m: _WEEKDAYS[m["day"]]
    )
    yield rule("weekday", "letter", rf"(?P<day>{day})(?=\s(?:geschl|Ruhetag))", lambda match: _WEEKDAYS[match["day"]])
    holiday = r"So\.?\s?(?:/|\+|&|und|u\.)\s?Fe(?:iert)?(?!\w)\.?"
    yield rule("weekday", "letter", holiday, lambda match: "Sonntag und Feiertag")
    yield rule("month", "letter", rf"{_DOTTED}", month)


_BEFORE_WEEKDAY, _BEHIND_WEEKDAY = words("de")["weekday leads"], words("de")["weekday follows"]
_BEFORE_FRIDAY = words("de")["before friday"]
_BEFORE_MONTH = listed("im i. seit bis ab anfang ende mitte vom von")

_YEAR_CUES = words("de")["year cues"] | {month.lower() for month in MONTHS}
_QUANTITY_CUES = words("de")["quantity cues"]


def year_rule() -> Rule:
    """`1984`: years before 2000 are said in hundreds, unless something is counted."""

    def say(match: re.Match[str]) -> str | None:
        before, after = word_before(match), word_after(match)
        named = before[:1].isupper() and before.lower() not in _QUANTITY_CUES
        counted = after[:1].isupper() and not named and after not in CITIES
        road = len(before) == 1 and before.isupper()
        if before.lower() not in _YEAR_CUES and (counted or road or before.lower() in _ABOUT):
            return None
        return numerals.year(match["year"], "de")

    return rule("year", "digit", r"(?P<year>1[1-9]\d\d)(?!\w|[.,:]\d|[–/-]\d)", say)


def years_rule() -> Rule:
    """`1914–1918`, `2023/24`."""

    def span(match: re.Match[str]) -> str | None:
        first, second = match["a"], match["b"]
        if len(second) == 2 and int(second) <= int(first[2:]) and second != "00":
            return None
        end = numerals.year(second, "de") if len(second) == 4 else numerals.cardinal(second, "de")
        until = "" if match["mark"] == "/" else "bis"
        return f"{numerals.year(first, 'de')} {until} {end}"

    years = r"(?P<a>1\d{3}|20\d\d)\s?(?P<mark>[-–/])\s?(?P<b>1\d{3}|20\d\d|\d\d)(?![\w–]|[.,]\d)-?"
    return rule("years", "digit", years, span)


_ABOUT = words("de")["dates: about"]
