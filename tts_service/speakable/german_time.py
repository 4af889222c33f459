"""German ordinals with their endings, dates, years and times of day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before

MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
_SHORT = {"jän": "Jänner", "mrz": "März"} | {name[:3].lower(): name for name in MONTHS}
_MONTH = (
    r"(?P<month>"
    + "|".join(MONTHS)
    + r"|Jänner|Feber|(?:Jan|Feb|Mrz|Mär|Apr|Jun|Jul|Aug|Sept|Sep|Okt|Nov|Dez)\.)(?!\w)"
)
_DATIVE = listed(
    "im am vom zum zur beim ins dem den des einem einer eines ihrem ihrer seinem seiner unserem diesem dieser jedem "
    "jeder ab seit nach bis vor ans meinem jenem deren"
)  # fmt: skip
_PREPOSITIONS = listed("in aus von mit nach seit zu bei vor auf an unter über zwischen neben hinter")
_NEUTER = tuple(
    listed(
        "jahrhundert tor mal spiel jahr quartal halbjahr kapitel jahrtausend rennen lebensjahr kind album buch haus "
        "drittel viertel gleis regiment obergeschoss semester"
    )
)
_FEMININE = tuple(
    listed(
        "runde auflage liga minute klasse etage staffel bundesliga stunde woche frau stelle ausgabe saison folge "
        "mannschaft halbzeit etappe welle stufe generation"
    )
)


def ordinal(digits: str, ending: str) -> str:
    """`20`, `en` -> "zwanzigsten"."""
    said = numerals.ordinal(digits, "de") or digits
    return said[:-1] + ending if said.endswith("e") else said


def ending_of(match: re.Match[str]) -> str | None:
    """The ending an ordinal takes here: after "im" -en, after "die" -e,
    alone by its noun's gender. None: a full stop."""
    after, before = word_after(match), word_before(match).lower()
    if not after or (before in ("jahr", "nummer", "nr.") and before != "im"):
        return None
    if before in _DATIVE:
        return "en"
    if before in ("der", "die", "das"):
        earlier = match.string[max(0, match.start() - 40) : match.start()].split()
        return "en" if before == "der" and len(earlier) > 1 and earlier[-2].lower() in _PREPOSITIONS else "e"
    noun = after.lower()
    if noun.endswith(_NEUTER):
        return "es"
    if noun.endswith(_FEMININE):
        return "e"
    return "er"


def date_rules(language: str) -> Iterator[Rule]:
    """`1. Oktober 2024`, `03.10.2024`, `2024-10-03`, `1./2. Oktober`."""

    def long(match: re.Match[str]) -> str | None:
        if not 1 <= int(match["day"]) <= 31:
            return None
        year = match["year"]
        written = match["month"]
        month = written if not written.endswith(".") else _SHORT[written[:3].lower()]
        said = f"{ordinal(match['day'], _day_ending(match))} {month}"
        return f"{said} {numerals.year(year, language)}" if year else said

    def numeric(match: re.Match[str]) -> str | None:
        day, month, year = int(match["day"]), int(match["m"]), match["year"]
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        said = f"{ordinal(str(day), _day_ending(match))} {MONTHS[month - 1]}"
        if not year:
            return said
        if len(year) == 2:
            year = ("20" if int(year) < 50 else "19") + year
        return f"{said} {numerals.year(year, language)}"

    def span(match: re.Match[str]) -> str | None:
        end = _day_ending(match)
        word = "bis" if match["mark"] in "-–" else "und"
        return f"{ordinal(match['a'], end)} {word} {ordinal(match['b'], end)}"

    year = r"(?:\s(?P<year>[12]\d{3})(?![\w–-]|[.,]\d))?"
    yield rule(
        "date", "digit", rf"(?P<a>\d{{1,2}})\.\s?(?P<mark>[/–-])\s?(?P<b>\d{{1,2}})\.(?=\s(?:{'|'.join(MONTHS)}))", span
    )
    yield rule("date", "digit", rf"(?P<day>\d{{1,2}})\.\s?{_MONTH}{year}", long)
    yield rule(
        "date", "digit", r"(?P<day>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<year>[12]\d{3}|\d{2})(?![\w]|[.,:]\d)", numeric
    )
    yield rule("date", "digit", r"(?P<day>\d{1,2})\.(?P<m>0[1-9]|1[0-2]|[1-9])\.(?P<year>)(?![\w])", numeric)
    yield rule("date", "digit", r"(?P<year>[12]\d{3})-(?P<m>\d{2})-(?P<day>\d{2})(?!\w)", numeric)


_WEEKDAYS = listed("montag dienstag mittwoch donnerstag freitag samstag sonntag sonnabend")


def _day_ending(match: re.Match[str]) -> str:
    before = word_before(match).lower()
    if before in _WEEKDAYS:
        words = match.string[max(0, match.start() - 40) : match.start()].split()
        before = words[-2].lower() if len(words) > 1 else ""
    if before == "der":
        return "e"
    return "en" if before in _DATIVE or before in ("und", "zwischen") else "er"


def says_year(language: str) -> Rule:
    """Four digits without a dot: before 2000 a year is said in hundreds, unless a noun follows that is counted."""

    def say(match: re.Match[str]) -> str | None:
        before, after = word_before(match).lower(), word_after(match)
        if not 1100 <= int(match["year"]) <= 1999:
            return None
        cue = before in ("jahr", "jahre", "jahren", "jahres", "seit", "sommer", "winter", "herbst", "frühjahr",
        "frühling", "ende",
                         "anfang", "mitte") or before in {m.lower() for m in MONTHS}  # fmt: skip
        if not cue and after[:1].isupper() and before not in ("", "und", "bis", "von", "ab"):
            return None
        return numerals.year(match["year"], language)

    return rule("year", "digit", r"(?P<year>1[1-9]\d{2})(?![\w]|[.,:]\d|[-–/]\d)", say)


def time_rules(language: str) -> Iterator[Rule]:
    """`18.30 Uhr`, `8:05 Uhr`, `14 bis 16 Uhr`, `90er`, `1914–1918`."""

    def clock(match: re.Match[str]) -> str | None:
        hour, minute = match["hour"], match["minute"]
        if int(hour) > 24 or int(minute or 0) > 59:
            return None
        said = f"{_hour(hour, language)} Uhr"
        return said if not minute or minute == "00" else f"{said} {numerals.cardinal(minute, language)}"

    def between(match: re.Match[str]) -> str | None:
        return f"{numerals.cardinal(match['a'], language)} bis {_hour(match['b'], language)} Uhr"

    yield rule("time", "digit", r"(?P<a>\d{1,2})\s?[–-]\s?(?P<b>\d{1,2})\sUhr(?!\w)", between)
    yield rule("time", "digit", r"(?P<hour>\d{1,2})(?:[.:](?P<minute>\d{2}))?\sUhr(?!\w)", clock)
    yield rule("time", "digit", r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?=\s?(?:[–-]|bis|und|,))", clock)
    yield from _year_rules(language)


def _year_rules(language: str) -> Iterator[Rule]:
    """Decades and ranges of years: `90er`, `1914–1918`, `2023/24`."""

    def decade(match: re.Match[str]) -> str | None:
        digits = match["decade"]
        said = numerals.year(digits, language) if len(digits) == 4 else numerals.cardinal(digits, language)
        return f"{said}er{match['end'] or ''}{' Jahre' + (match['n'] or '') if match['years'] else ''}"

    def years(match: re.Match[str]) -> str | None:
        first, second = match["a"], match["b"]
        if len(second) == 2 and int(second) <= int(first[2:]):
            return None
        end = numerals.year(second, language) if len(second) == 4 else numerals.cardinal(second, language)
        until = "" if match["mark"] == "/" else "bis"
        return f"{numerals.year(first, language)} {until} {end}"

    yield rule(
        "decade",
        "digit",
        r"(?P<decade>1[0-9]\d0|20\d0|[2-9]0)er(?P<end>n)?(?:[- ](?P<years>Jahre)(?P<n>n)?)?(?!\w)",
        decade,
    )
    yield rule(
        "years",
        "digit",
        r"(?P<a>1[0-9]\d{2}|20\d{2})(?P<mark>[-–/])(?P<b>1[0-9]\d{2}|20\d{2}|\d{2})(?![\w–-]|[.,]\d)",
        years,
    )


def _hour(digits: str, language: str) -> str:
    return "ein" if digits.lstrip("0") == "1" else numerals.cardinal(digits, language) or digits
