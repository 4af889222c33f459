"""English dates: `15 March 2024`, `May 16–18, 2024`, `2024-03-15`, `3/15/24`, `15-Mar-2024`, `Mon–Fri`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.en.amounts import is_american
from tts_service.speakable.rules import Rule, any_of, listed, rule, word_after, word_before, words_before
from tts_service.speakable.tables import pairs, series, words

MONTHS = series("en", "months")
DAYS = series("en", "days")
_SHORT_DAYS = pairs("en", "short_days")
_SHORT = {name[:3].lower(): name for name in MONTHS} | {"sept": "September"}
_LONG = "|".join((*MONTHS, *map(str.upper, MONTHS)))
_NAMES = rf"(?:{_LONG}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|AUG|SEPT|OCT|NOV|DEC)\.?)"
_TH = r"(?:st|nd|rd|th)?"
_DAY = rf"\d{{1,2}}{_TH}"
_YEAR = r"(?:,?\s(?P<year>[12]\d{3}|['’]\d\d)(?![\w]|[.,]\d|[-–]\d))?"
_DASH = r"\s?[-–—]\s?"
_CLEAR = r"(?![\w:]|[.,]\d|\s?[ap]\.?m\b|%|-[a-z])"


def date_rules(language: str) -> Iterator[Rule]:
    """Dates with a month's name, then those of digits, then weekdays and months alone."""
    dates = _Dates(language)
    month, until = rf"(?P<month>{_NAMES})(?![a-z])", rf"(?P<month2>{_NAMES})(?![a-z])"
    day, day2 = rf"(?P<day>{_DAY})", rf"(?P<day2>{_DAY})"
    weekday = r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day),?\s"
    yield rule("date", "digit", rf"{day}\s{month}{_DASH}{day2}\s{until}{_YEAR}", dates.day_first)
    yield rule(
        "date",
        "digit",
        rf"{day}(?:{_DASH}{day2})?(?:\sof)?[\s-]{month}(?:-(?P<year2>\d{{4}}))?{_YEAR}",
        dates.day_first,
    )
    several = r"(?P<several>\d{1,2}(?:,\s\d{1,2}){0,4}),?\sand\s"
    yield rule("date", "digit", rf"{several}{day}\s{month}{_YEAR}", dates.several)
    yield rule("date", "letter", rf"{month}\s{day}{_DASH}{until}\s{day2}{_CLEAR}{_YEAR}", dates.month_first)
    yield rule("date", "letter", rf"{month}\s{day}(?:{_DASH}{day2})?{_CLEAR}{_YEAR}", dates.month_first)
    yield rule("date", "letter", rf"{weekday}{day}\s{month}{_YEAR}", dates.weekday_first)
    short = rf"(?P<day>{any_of(name.capitalize() for name in _SHORT_DAYS)})\.?(?=,?\s(?:\d{{1,2}}\s)?{_NAMES}(?!\w))"
    yield rule("date", "letter", short, lambda match: _day_name(match["day"]))
    yield rule("date", "letter", rf"{month}(?=,?\s[12]\d{{3}}(?![\w,.]\d|\w))", lambda m: month_name(m["month"]))
    iso = r"(?P<y>[12]\d{3})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})(?!\w|[-/.]\d)"
    yield rule("date", "digit", iso, dates.iso)
    numeric = r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<year>[12]\d{3}|\d{2})(?!\w|[-/.]\d)"
    yield rule("date", "digit", numeric, dates.numeric)
    yield rule("date", "digit", r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\w/%])", dates.without_year)
    yield from _names_alone()


class _Dates:
    """How a variety says a day: Americans "May third", the British "the third of May"."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.american = is_american(language)

    def day_first(self, match: re.Match[str]) -> str | None:
        found = match.groupdict()
        month, later = month_name(found["month"]), found.get("month2")
        first = self._ordinal(found["day"])
        second = self._ordinal(found["day2"]) if found.get("day2") else ""
        if first is None or second is None:
            return None
        led = "" if word_before(match).lower() == "the" else "the "
        said = f"{led}{first} of {month}"
        if second:
            said = (
                f"{led}{first} of {month} to the {second} of {month_name(later)}"
                if later
                else (f"{led}{first} to the {second} of {month}")
            )
        return f"{said}{self._year(found.get('year2') or found['year'])}"

    def several(self, match: re.Match[str]) -> str | None:
        """`6, 7 and 9 Sept.`: "the sixth, seventh and ninth of September"."""
        first = [self._ordinal(day) for day in match["several"].split(", ")]
        last = self._ordinal(match["day"])
        if not all(first) or not last:
            return None
        led = "" if word_before(match).lower() == "the" else "the "
        listed_ = ", ".join(day for day in first if day)
        return f"{led}{listed_} and {last} of {month_name(match['month'])}{self._year(match['year'])}"

    def month_first(self, match: re.Match[str]) -> str | None:
        found = match.groupdict()
        first = self._ordinal(found["day"])
        second = self._ordinal(found["day2"]) if found.get("day2") else ""
        if first is None or second is None:
            return None
        the = "" if self.american else "the "
        said = f"{month_name(found['month'])} {the}{first}"
        if second:
            later = f"{month_name(found['month2'])} " if found.get("month2") else ""
            said = f"{said} to {later}{the}{second}"
        return f"{said}{self._year(found['year'])}"

    def weekday_first(self, match: re.Match[str]) -> str | None:
        day = self._ordinal(match["day"])
        return (
            f"{match['weekday']} the {day} of {month_name(match['month'])}{self._year(match['year'])}" if day else None
        )

    def iso(self, match: re.Match[str]) -> str | None:
        return self._said(int(match["d"]), int(match["m"]), match["y"])

    def numeric(self, match: re.Match[str]) -> str | None:
        first, second, year = int(match["a"]), int(match["b"]), match["year"]
        told = match["mark"] == "." and not self.american and word_before(match).lower() in _DATED
        if len(year) == 2 and match["mark"] != "/" and not told:
            return None
        day_first = (not self.american or match["mark"] == "." or first > 12) and second <= 12
        day, month = (first, second) if day_first else (second, first)
        return self._said(day, month, year if len(year) == 4 else ("20" if int(year) < 50 else "19") + year)

    def without_year(self, match: re.Match[str]) -> str | None:
        dated = word_before(match).lower().rstrip(".") in _DATED or (self.american and _in_bracket(match))
        if not dated or _is_share(match):
            return None
        first, second = int(match["a"]), int(match["b"])
        if (first, second) in ((24, 7), (9, 11), (7, 7), (50, 50)):
            return None
        return self._said(second, first, None) if self.american and first <= 12 else self._said(first, second, None)

    def _said(self, day: int, month: int, year: str | None) -> str | None:
        said = self._ordinal(str(day))
        if not said or not 1 <= month <= 12:
            return None
        if self.american:
            return f"{MONTHS[month - 1]} {said}{self._year(year)}"
        return f"the {said} of {MONTHS[month - 1]}{self._year(year)}"

    def _ordinal(self, written: str) -> str | None:
        digits = written.rstrip("stndrh")
        return numerals.ordinal(digits, self.language) if 1 <= int(digits) <= 31 else None

    def _year(self, year: str | None) -> str:
        if not year:
            return ""
        return f" {numerals.year(year, self.language) if len(year) == 4 else short_year(year[1:], self.language)}"


_CHANGED = words("en")["changed"]


_PARTED = words("en")["parted"]


def _is_share(match: re.Match[str]) -> bool:
    """`up by 3/4`, `by 2/3 of voters`: a part, no day."""
    first, second = int(match["a"]), int(match["b"])
    if not first < second or second not in (2, 3, 4, 5, 6, 8, 10):
        return False
    changed = words_before(match, 1) == ["by"] and bool(_CHANGED & set(words_before(match, 5)))
    return changed or word_after(match) in _PARTED


def _in_bracket(match: re.Match[str]) -> bool:
    """`Thanksgiving (11/26)`: no odds, and no part of a whole."""
    around = match.string[max(0, match.start() - 1) : match.start()] + match.string[match.end() : match.end() + 1]
    return around == "()" and int(match["a"]) <= 12 < int(match["b"])


_DATED = words("en")["dated"]


def short_year(digits: str, language: str) -> str:
    """`08` -> "oh eight", `69` -> "sixty-nine"."""
    return f"{'oh ' if digits[0] == '0' and digits != '00' else ''}{numerals.cardinal(digits, language)}"


def month_name(written: str | None) -> str:
    """The month's full name from any of its short forms."""
    bare = (written or "").rstrip(".").lower()
    return _SHORT["sept" if bare[:4] == "sept" else bare[:3]]


def _names_alone() -> Iterator[Rule]:
    """`Mon–Fri`, `Jan–Mar`, `June–August`."""
    days = rf"(?:{'|'.join(DAYS)}|(?:{any_of(name.capitalize() for name in _SHORT_DAYS)})\.?)"

    def weekdays(match: re.Match[str]) -> str:
        return f"{_day_name(match['a'])} to {_day_name(match['b'])}"

    def months(match: re.Match[str]) -> str:
        return f"{month_name(match['a'])} to {month_name(match['b'])}"

    yield rule("range", "letter", rf"(?P<a>{days}){_DASH}(?P<b>{days})(?!\w)", weekdays)
    yield rule("range", "letter", rf"(?P<a>{_NAMES}){_DASH}(?P<b>{_NAMES})(?!\w)", months)
    yield rule("date", "letter", rf"(?P<name>{'|'.join(map(str.capitalize, _SHORT))})(?![\w'’]|\.\w)\b", _short_month)
    dated = rf"(?P<day>{any_of(name.capitalize() for name in _SHORT_DAYS)})\.?(?=,?\s\d{{1,2}}(?:st|nd|rd|th)(?!\w))"
    yield rule("date", "letter", dated, lambda match: _day_name(match["day"]))
    yield rule("date", "letter", r"(?P<name>Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?![\w.'’-])", _short_weekday)


_BEFORE_MONTHS = words("en")["before months"]
_MONTHLY = words("en")["monthly"]
_BEFORE_WEEKDAYS = listed("on last next by until till this every from since")
_ALSO_NAMES = listed("Jan Mar Jun Jul Dec")


def _short_month(match: re.Match[str]) -> str | None:
    """`mid-Oct`, `in Feb`, `Nov sales`; `by Jan Novak` and `Ant and Dec` are people."""
    before, after = word_before(match).lower().rstrip("-–"), word_after(match)
    if match["name"] in _ALSO_NAMES and after[:1].isupper():
        return None
    return month_name(match["name"]) if before in _BEFORE_MONTHS or after in _MONTHLY else None


def _short_weekday(match: re.Match[str]) -> str | None:
    return _day_name(match["name"]) if word_before(match).lower() in _BEFORE_WEEKDAYS else None


def _day_name(written: str) -> str:
    bare = written.rstrip(".")
    return bare if bare in DAYS else _SHORT_DAYS[bare.lower()]
