"""What English courts and schools write: `No. 22-451`, `s.1 of the Act`, `A*-C`, `the card ending 4412`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.en.amounts import is_american
from tts_service.speakable.en.serials import by_pairs
from tts_service.speakable.rules import Rule, listed, rule, word_before, words_after, words_before
from tts_service.speakable.tables import words

_EXAMS = words("en")["exams"]
_CARDS = re.compile(r"\b(?:card|account|number|phone|plate)", re.IGNORECASE)
_PARTED = listed("section sections sec rule rules article clause paragraph para subsection regulation §")
_NUMBERED = listed("no. nos. case docket ordinance ord. resolution res. bill file permit petition application contract")
_CIRCUITS = re.compile(r"(?:1?[0-9](?:st|nd|rd|th)|D\.C\.|DC|Fed\.)")
_BILLS = listed("bill bills senate senators act passed sponsored vetoed signed introduced")
_LAWS = listed("of act code rules")


def law_rules(amounts: Amounts) -> Iterator[Rule]:
    """Dockets, sections, and the last digits of a card: asked before ranges and numbers."""

    def docket(match: re.Match[str]) -> str | None:
        if word_before(match).lower() not in _NUMBERED:
            return None
        tail = match["number"]
        said = by_pairs(tail, amounts.language) if len(tail) < 5 else numerals.each_digit(tail, amounts.language)
        year = match["year"]
        said_year = numerals.year(year, amounts.language) if len(year) == 4 else amounts.say(year)
        return f"{said_year} {said}"

    def section(match: re.Match[str]) -> str | None:
        if not _LAWS & set(words_after(match, 3)):
            return None
        return "sections" if match["many"] else "section"

    def ending(match: re.Match[str]) -> str | None:
        before = words_before(match, 3)
        if before and before[-1] == "in":
            before.pop()
        if before[-1:] in (["pin"], ["passcode"], ["password"]):
            return numerals.each_digit(match.group(), amounts.language)
        ends = before[-1:] in (["ending"], ["ends"], ["ended"]) and before[0] not in ("year", "years", "season")
        carded = ends and _CARDS.search(match.string, max(0, match.start() - 60), match.start())
        return numerals.each_digit(match.group(), amounts.language) if carded else None

    def circuit(match: re.Match[str]) -> str | None:
        return "Circuit" if _CIRCUITS.fullmatch(word_before(match)) else None

    def parts(match: re.Match[str]) -> str | None:
        several = match["parts"].count("(") > 1
        if not several and word_before(match).lower().rstrip(".") not in _PARTED:
            return None
        inner = re.findall(r"\(([^()]+)\)", match["parts"])
        said = [amounts.say(part) if part.isdecimal() else part for part in (match["number"], *inner)]
        return " ".join(filter(None, said))

    def bill(match: re.Match[str]) -> str | None:
        near = {*words_before(match, 4), *words_after(match, 5)}
        return f"Senate Bill {by_pairs(match['number'], amounts.language)}" if near & _BILLS else None

    def filed(match: re.Match[str]) -> str:
        year, number = match["year"], match["number"]
        said = numerals.year(year, amounts.language) if len(year) == 4 else amounts.say(year)
        short = len(number) < 5 and number[0] != "0"
        tail = by_pairs(number, amounts.language) if short else numerals.each_digit(number, amounts.language)
        court = amounts.say(match["court"].rstrip(":")) if match["court"] else ""
        return " ".join(filter(None, (court, said, " ".join(match["kind"].upper()), tail)))

    kinds = "cv|cr|mc|mj|md|ap|bk|civ|cf|fc|pr|CV|CR|MC|MJ|MD|AP|BK|CIV|CF|FC|PR"
    filing = rf"(?P<court>\d{{1,2}}:)?(?P<year>(?:19|20)?\d\d)-(?P<kind>{kinds})-(?P<number>\d{{2,6}})(?!\w)"
    yield rule("docket", "digit", filing, filed)
    yield rule("docket", "letter", r"S\.\s?(?P<number>\d{1,4})(?!\w|[.,]\d)", bill)
    yield rule("abbreviation", "letter", r"Cir\.", circuit)
    part = r"(?P<number>\d{1,4}[A-Z]?)(?P<parts>(?:\([a-zA-Z0-9]{1,4}\)){1,4})"
    yield rule("section", "digit", part, parts)
    yield rule("docket", "digit", r"(?P<year>\d{2}|(?:19|20)\d{2})-(?P<number>\d{2,5})(?![\w-])", docket)
    yield rule("section", "letter", r"s(?P<many>s)?\.?\s?(?=\d{1,3}[A-Z]?(?!\w))", section)
    yield rule("number code", "digit", r"\d{3,6}(?![\w%]|[.,:/-]\d)", ending)


def grade_rules(amounts: Amounts) -> Iterator[Rule]:
    """`A*-C`, `an A* in maths`."""

    def graded(match: re.Match[str]) -> bool:
        near = {*words_before(match, 5), *words_after(match, 4)}
        return not is_american(amounts.language) or bool(near & _EXAMS)

    def span(match: re.Match[str]) -> str | None:
        return f"{match['a']} star {amounts.to} {match['b']}" if graded(match) else None

    def star(match: re.Match[str]) -> str | None:
        return f"{match['a']} star{match['many'] or ''}" if graded(match) else None

    listed = r"(?<=Grade )(?P<ones>I{1,2})\*(?!\w)"
    yield rule("grade", "letter", listed, lambda match: f"{amounts.say(str(len(match['ones'])))} star")
    yield rule("grade", "letter", r"(?P<a>A)\*\s?[-–]\s?(?P<b>[A-G])(?!\w)", span)
    yield rule("grade", "letter", r"(?P<a>A)\*(?:(?P<many>s)(?!\w)|(?![^\W_A-E]))", star)
