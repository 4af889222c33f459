"""English years: `1984`, `the '90s`, `2023-24`, `c. 1850`, `44 BC`, `FY24`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.en.dates import MONTHS, short_year
from tts_service.speakable.en.serials import plural
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before
from tts_service.speakable.tables import words

_CERTAIN = words("en")["certain"] | {m.lower() for m in MONTHS}
_COUNTS = words("en")["counts"]
_NOT_PLURAL = words("en")["not plural"]
_COUNTED = words("en")["counted"]


_OF_DECADES = listed("the early late mid mid- and")
"""`the 1990's` is a decade, `2020's winner` a year."""


def year_rules(language: str) -> Iterator[Rule]:
    """Decades and ranges first, then eras, then years alone."""
    yield from _decades(language)
    yield _ranges(language)
    yield from _eras(language)
    yield _circa(language)


def _decades(language: str) -> Iterator[Rule]:
    def one(digits: str) -> str:
        if digits.endswith("00") and len(digits) == 4:
            return "two thousands" if digits == "2000" else f"{numerals.year(digits, language)}s"
        tens = plural(numerals.cardinal(digits[-2:], language) or digits)
        return tens if len(digits) == 2 else f"{numerals.cardinal(digits[:2], language)} {tens}"

    def say(match: re.Match[str]) -> str | None:
        if match["own"] and word_before(match).lower() not in _OF_DECADES:
            return None
        said = one(match["decade"])
        return f"{said} to {one(match['until'])}" if match["until"] else said

    until = r"(?:\s?[-–—]\s?['’‘]?(?P<until>1\d\d0|20\d0|[2-9]0)['’]?s)?"
    end = r"(?:(?P<own>['’]s)|s)(?!\w)"
    yield rule("decade", "digit", rf"(?P<decade>1[0-9]\d0|20\d0|[2-9]0){end}{until}", say)
    yield rule("decade", "sign", rf"['’‘](?P<decade>[0-9]0){end}{until}", say)


def _ranges(language: str) -> Rule:
    def say(match: re.Match[str]) -> str | None:
        first, second = match["a"], match["b"]
        if len(second) == 1:
            second = first[2] + second
        if len(second) == 2 and (
            (int(second) <= int(first[2:]) and second != "00")
            or (1 <= int(first[2:]) <= 12 and first[:2] not in ("18", "19", "20"))
        ):
            return None
        if len(second) == 4 and not (int(first) < int(second)):
            return None
        end = numerals.year(second, language) if len(second) == 4 else short_year(second, language)
        if second == "00":
            end = "two thousand" if first.startswith("19") else "hundred"
        return f"{numerals.year(first, language)} to {end}"

    return rule("years", "digit", _RANGE, say)


_RANGE = (
    r"(?P<a>1[0-9]\d{2}|20\d{2})(?:\s?[-–—/]\s?(?=\d{4})|[-–/])(?P<b>1[0-9]\d{2}|20\d{2}|\d{2}|\d)(?![\w–/-]|[.,]\d)"
)


def _circa(language: str) -> Rule:
    """`c1340`"""
    return rule(
        "year",
        "letter",
        r"c(?P<year>1\d{3})(?!\w)",
        lambda match: f"circa {numerals.year(match['year'], language)}",
    )


def _eras(language: str) -> Iterator[Rule]:
    era = r"(?P<era>(?:BCE|BC|CE|AD)(?!\w)|B\.\s?C\.(?:\s?E\.)?|A\.\s?D\.|C\.\s?E\.)"

    def ancient(digits: str) -> str:
        bare = digits.replace(",", "")
        said = numerals.year(bare, language) if len(bare) == 4 and int(bare) % 1000 else None
        return said or numerals.cardinal(bare, language) or bare

    def after(match: re.Match[str]) -> str:
        return f"{ancient(match['year'])} {' '.join(c for c in match['era'] if c.isalpha())}"

    def before(match: re.Match[str]) -> str:
        return f"A D {ancient(match['year'])}"

    def fiscal(match: re.Match[str]) -> str:
        year = match["year"]
        return (
            f"fiscal year {numerals.year(year, language) if len(year) == 4 else numerals.year(f'20{year}', language)}"
        )

    def short(match: re.Match[str]) -> str:
        said = short_year(match["year"], language)
        return f"{said} to {short_year(match['until'], language)}" if match["until"] else said

    def circa(match: re.Match[str]) -> str:
        return {"c": "circa", "ca": "circa", "b": "born", "d": "died", "r": "reigned"}[match["word"]]

    yield rule("year", "digit", rf"(?P<year>\d{{1,3}},\d{{3}}|\d{{1,5}})\s?{era}", after)
    yield rule("year", "letter", r"(?:AD|A\.\s?D\.)\s(?P<year>\d{1,4})(?!\w)", before)
    yield rule("year", "letter", r"FY\s?['’]?(?P<year>20\d{2}|\d{2})(?!\w)", fiscal)
    yield rule("year", "letter", r"(?P<word>ca?|[bdr])\.\s?(?=1\d{3}|20\d{2}|\d{3,4}\s?(?:BC|AD))", circa)
    yield rule("year", "letter word", r"c\.\s?(?=\d{1,2}(?:[.:]\d\d)?\s?[ap]\.?m)", lambda match: "circa ")
    yield rule("year", "sign", r"['’‘](?P<year>\d\d)(?:[-–]['’‘]?(?P<until>\d\d))?(?!\w)", short)


def says_year(language: str) -> Rule:
    """Four digits without a comma: a year, unless things are counted."""

    def say(match: re.Match[str]) -> str | None:
        value, before, after = match["year"], word_before(match).lower(), word_after(match)
        if match["s"]:
            return f"{numerals.year(value, language)}'s"
        sure = before in _CERTAIN or before.endswith(("-", "–"))
        if not (1000 if sure else 1100) <= int(value) <= 2099:
            return None
        plural = after.endswith("s") and after.islower() and after not in _NOT_PLURAL
        if (plural or after in _COUNTED or before in _COUNTS) and not (sure and not plural):
            return None
        return numerals.year(value, language)

    return rule("year", "digit", r"(?P<year>[12]\d{3})(?P<s>['’]s)?(?![\w]|[.,:]\d|[-–/]\d)", say)
