"""English dates, years, decades and times of day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SHORT = {name[:3].lower(): name for name in MONTHS} | {"sept": "September"}
_MONTH = r"(?P<month>(?:" + "|".join(MONTHS) + r")|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?)(?![a-z])"
_YEAR_CUES = listed(
    "in since until till during by from early late mid before after circa spring summer autumn fall winter year and "
    "to around between of"
) | {m.lower() for m in MONTHS}  # fmt: skip
_CERTAIN = listed("in since until till during early late mid circa spring summer autumn fall winter year")
_NOT_PLURAL = listed("was is has as its this his does us vs less across thus plus versus always perhaps towards")
_COUNTED = listed("people men women children staff homes troops police jobs votes new more extra square miles")


def date_rules(language: str) -> Iterator[Rule]:
    """`15 March 2024`, `March 15, 2024`, `2024-03-15`, `15/03/2024`."""
    british = language not in ("en", "en-US")

    def day_month(match: re.Match[str]) -> str | None:
        day = numerals.ordinal(match["day"], language)
        if not 1 <= int(match["day"]) <= 31:
            return None
        of = "" if word_before(match).lower() == "the" else "the "
        return f"{of}{day} of {_month(match['month'])}{_and_year(match['year'], language)}"

    def month_day(match: re.Match[str]) -> str | None:
        if not 1 <= int(match["day"]) <= 31:
            return None
        day = numerals.ordinal(match["day"], language)
        return f"{_month(match['month'])} {'the ' if british else ''}{day}{_and_year(match['year'], language)}"

    def numeric(match: re.Match[str]) -> str | None:
        first, second = int(match["a"]), int(match["b"])
        day, month = (first, second) if (british or first > 12) and second <= 12 else (second, first)
        year = match["year"] if len(match["year"]) == 4 else ("20" if int(match["year"]) < 50 else "19") + match["year"]
        return _date(day, month, year)

    def iso(match: re.Match[str]) -> str | None:
        return _date(int(match["d"]), int(match["m"]), match["y"])

    def _date(day: int, month: int, year: str) -> str | None:
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        said = numerals.ordinal(str(day), language)
        if british:
            return f"the {said} of {MONTHS[month - 1]}{_and_year(year, language)}"
        return f"{MONTHS[month - 1]} {said}{_and_year(year, language)}"

    year = r"(?:,?\s(?P<year>[12]\d{3})(?![\w–-]|[.,]\d))?"
    th = r"(?:st|nd|rd|th)?"
    yield rule("date", "digit", rf"(?P<day>\d{{1,2}}){th}(?:\sof)?\s{_MONTH}{year}", day_month)
    yield rule("date", "letter", rf"{_MONTH}\s(?P<day>\d{{1,2}}){th}(?![\w:]|[.,]\d|\s?[ap]\.?m){year}", month_day)
    yield rule("date", "digit", r"(?P<y>[12]\d{3})-(?P<m>\d{2})-(?P<d>\d{2})(?!\w)", iso)
    yield rule("date", "digit", r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<year>\d{4}|\d{2})(?![\w/])", numeric)


def _month(written: str) -> str:
    bare = written.rstrip(".")
    return bare if bare in MONTHS else _SHORT[bare.lower()[:4] if bare.lower()[:4] == "sept" else bare.lower()[:3]]


def _and_year(year: str | None, language: str) -> str:
    return f" {numerals.year(year, language)}" if year else ""


def says_year(language: str) -> Rule:
    """Four digits without a comma: a year, unless things are counted."""

    def say(match: re.Match[str]) -> str | None:
        value, before, after = match["year"], word_before(match).lower(), word_after(match)
        if match["s"]:
            return f"{numerals.year(value, language)}'s"
        if not 1100 <= int(value) <= 2099:
            return None
        plural = after.endswith("s") and after.islower() and after not in _NOT_PLURAL
        if before in _CERTAIN and not plural and after not in _COUNTED:
            return numerals.year(value, language)
        if before not in _CERTAIN and (plural or after in _COUNTED):
            return None
        return numerals.year(value, language)

    return rule("year", "digit", r"(?P<year>[12]\d{3})(?P<s>['’]s)?(?![\w]|[.,:]\d|[-–/]\d)", say)


def time_rules(language: str) -> Iterator[Rule]:
    """Times of day, decades and ranges of years."""

    def clock(match: re.Match[str]) -> str | None:
        hour, minute, half = match["hour"], match["minute"], match["half"]
        if int(hour) > 24 or int(minute or 0) > 59:
            return None
        said = numerals.cardinal(hour, language) or hour
        if minute and minute != "00":
            said += f" {'oh ' if minute[0] == '0' else ''}{numerals.cardinal(minute, language)}"
        elif minute and not half:
            said = f"{said} hundred" if int(hour) > 12 or hour[0] == "0" else f"{said} o'clock"
        return f"{said} {half[0].upper()} M" if half else said

    def hours(match: re.Match[str]) -> str | None:
        first, second = _hour(match["a"], match["am"], language), _hour(match["b"], match["bm"], language)
        early = f" {match['early'][0].upper()} M" if match["early"] else ""
        return f"{first}{early} to {second} {match['half'][0].upper()} M"

    half = r"(?P<half>[aApP]\.?\s?[mM]\.?)(?![\w])"
    early = r"(?:\s?(?P<early>[aApP]\.?\s?[mM]\.?))?"
    span = rf"(?P<a>\d{{1,2}})(?:[:.](?P<am>\d\d))?{early}\s?[-–]\s?(?P<b>\d{{1,2}})(?:[:.](?P<bm>\d\d))?"
    yield rule("time", "digit", rf"{span}\s?{half}", hours)
    yield rule("time", "digit", rf"(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d{{2}}))?\s?{half}", clock)
    yield rule("time", "digit", r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<half>)(?![\w:])", clock)
    yield from _year_rules(language)


def _year_rules(language: str) -> Iterator[Rule]:
    """Decades and ranges of years: `the 1990s`, `1914–18`, `2023-24`."""

    def decade(match: re.Match[str]) -> str | None:
        digits = match["decade"]
        if digits.endswith("00") and len(digits) == 4:
            return f"{numerals.year(digits, language)}s" if digits != "2000" else "two thousands"
        tens = _tens(digits[-2:], language)
        return tens if len(digits) == 2 else f"{numerals.cardinal(digits[:2], language)} {tens}"

    def years(match: re.Match[str]) -> str | None:
        first, second = match["a"], match["b"]
        if len(second) == 2 and (
            int(second) <= int(first[2:]) or (1 <= int(first[2:]) <= 12 and first[:2] not in ("18", "19", "20"))
        ):
            return None
        end = numerals.year(second, language) if len(second) == 4 else numerals.cardinal(second, language)
        if len(second) == 2 and second[0] == "0":
            end = f"oh {numerals.cardinal(second[1], language)}"
        return f"{numerals.year(first, language)} to {end}"

    yield rule("years", "digit", r"(?P<a>1[0-9]\d{2}|20\d{2})[-–/](?P<b>1[0-9]\d{2}|20\d{2}|\d{2})(?![\w–-])", years)
    yield rule("decade", "digit", r"(?P<decade>1[0-9]\d0|20\d0|[2-9]0)['’]?s(?!\w)", decade)
    yield rule("decade", "sign", r"['’‘](?P<decade>[2-9]0)s(?!\w)", decade)


def _hour(hour: str, minute: str | None, language: str) -> str:
    said = numerals.cardinal(hour, language) or hour
    if not minute or minute == "00":
        return said
    return f"{said} {'oh ' if minute[0] == '0' else ''}{numerals.cardinal(minute, language)}"


def _tens(digits: str, language: str) -> str:
    said = numerals.cardinal(digits, language) or digits
    return said[:-1] + "ies" if said.endswith("y") else said + "s"
