"""English ordinals, fractions, compounds (`20-year-old`), products (`4x4`, `2x`), metres and heights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.en.lengths import RACES
from tts_service.speakable.en.math import in_equation
from tts_service.speakable.fractions import fraction_rules
from tts_service.speakable.nouns import Noun
from tts_service.speakable.rules import Rule, any_of, listed, rule, word_after, word_before
from tts_service.speakable.tables import pairs, words

_ROUND = pairs("en", "round")


def round_numbers() -> Rule:
    """`1,000s of fans`, `tens of 1,000s`, `100s of`: a round number in the plural; `the 1000s` stay a decade."""

    def say(match: re.Match[str]) -> str | None:
        written = match["number"]
        decade = written == "1000" and word_before(match).lower() in ("the", "early", "late", "mid")
        sure = word_after(match) == "of" or (len(written) > 2 and not decade)
        return _ROUND.get(written.replace(",", "")) if sure else None

    return rule("number", "digit", r"(?P<number>10{1,7}|10{0,2}(?:,000){1,2})['’]?s(?!\w)", say)


def ordinals(amounts: Amounts) -> Iterator[Rule]:
    """`21st`, `1,000th`, `2nd–3rd`, `9th-12th`; `the 76ers`."""

    def say(match: re.Match[str]) -> str | None:
        digits = re.sub(r"\D", "", match["number"])
        if match["end"].lower() == "st" and (digits[-1] != "1" or digits[-2:] == "11"):
            return None
        first = numerals.ordinal(digits, amounts.language)
        if not match["until"]:
            return first
        return amounts.between(first, numerals.ordinal(match["until"], amounts.language))

    def players(match: re.Match[str]) -> str | None:
        said = numerals.cardinal(match["number"], amounts.language)
        return f"{said.removesuffix('e')}ers" if said else None

    yield rule("number", "digit", r"(?P<number>\d{2,3})[eE]rs(?!\w)", players)
    end = r"(?:st|nd|rd|th|ˢᵗ|ⁿᵈ|ʳᵈ|ᵗʰ)"
    number = r"(?P<number>\d{1,3}(?:,\d{3}){1,3}|\d{1,9})"
    yield rule(
        "ordinal",
        "digit",
        rf"{number}(?P<end>{end}|{end.upper()})(?:\s?[-–—]\s?(?P<until>\d{{1,9}}){end})?(?!\w)",
        say,
        re.I,
    )


_NAMED_STROKES = {(24, 7), (9, 11), (7, 7), (50, 50), (20, 20), (60, 40), (80, 20), (70, 30)}
_PARTS = listed("lap stage page hole part day round")
"""`lap 58/70`"""
_DISASTERS = words("en")["disasters"]
_RATED = words("en")["rated"]
_WORDS = {2: ("half", "halves"), 4: ("quarter", "quarters")}


def fractions(amounts: Amounts) -> Iterator[Rule]:
    """`3/4`, `3 1/2`, `4.5/5`, `9/11`, `rated 8/10`."""
    language = amounts.language

    def name(top: int, bottom: int) -> str:
        plain = (numerals.ordinal(str(bottom), language) or str(bottom)).removeprefix("one ")
        one, many = _WORDS.get(bottom) or (plain, f"{plain}s")
        return one if top == 1 else many

    def say(whole: str | None, top: int, bottom: int, match: re.Match[str]) -> str | None:
        up, down = amounts.say(str(top)), amounts.say(str(bottom))
        named = (top, bottom) in _NAMED_STROKES or (top <= 12 and bottom <= 31 and word_after(match) in _DISASTERS)
        if not whole and named:
            return f"{up} {down}"
        if not whole and bottom in (5, 10, 100) and word_before(match).lower() in _RATED:
            return f"{up} out of {down}"
        if not whole and word_before(match).lower() in _PARTS and top <= bottom:
            return f"{up} of {down}"
        if bottom < 2 or top == 0:
            return None
        if not whole and (short := _short_share(top, bottom, match)):
            return short
        if not whole:
            return f"{up} over {down}" if bottom > 100 or top > bottom > 20 else f"{up} {name(top, bottom)}"
        part = name(1, bottom).removeprefix("one ")
        sharing = f"{'an' if bottom in (8, 11, 18) else 'a'} {part}" if top == 1 else f"{up} {name(top, bottom)}"
        return f"{amounts.say(whole)} and {sharing}"

    def out_of(match: re.Match[str]) -> str | None:
        return f"{amounts.say(match['a'])} out of {amounts.say(match['b'])}"

    yield rule("fraction", "digit", r"(?P<a>\d{1,2}\.\d)/(?P<b>5|10|20|50|100)(?![\w/]|[.,]\d)", out_of)
    yield from fraction_rules(say)


_HALVED = words("en")["halved"]


def _short_share(top: int, bottom: int, match: re.Match[str]) -> str | None:
    """`1/2 a teaspoon` and `1/2 price` are halves, `a 1/4-mile run` a quarter, without "one"."""
    led = word_before(match).lower() in ("a", "an", "the", "per") and match.string[match.end() : match.end() + 1] in (
        "-",
        " ",
    )
    joined = re.match("-[a-z]", match.string[match.end() : match.end() + 2])
    if top == 1 and bottom == 2 and (word_after(match).lower() in _HALVED or led or joined):
        return "half"
    return "quarter" if (top, bottom) == (1, 4) and led else None


def compounds(amounts: Amounts) -> Iterator[Rule]:
    """`20-year-old`, `3-year`, `18-to-34-year-olds`, `100-plus`, `3,000+`."""

    def say(match: re.Match[str]) -> str | None:
        said = amounts.say(match["number"])
        if match["until"]:
            said = amounts.between(said, amounts.say(match["until"]))
        rest = match["rest"].replace("-", " ").replace("sq ft", "square foot")
        for short, full in _SHORT_UNITS.items():
            rest = re.sub(rf"^{short}\b", full, rest)
        return f"{said} {rest}" if said else None

    def chain(match: re.Match[str]) -> str | None:
        parts = match.group().split("-to-")
        said = [amounts.say(part) for part in parts]
        return " to ".join(word for word in said if word) if all(said) else None

    def plus(match: re.Match[str]) -> str | None:
        said = amounts.scaled(match["number"], match["scale"])
        return f"{said} plus" if said else None

    number = amounts.number
    until = rf"(?:(?:[-–]|-to-)(?P<until>{number}))?"
    yield rule(
        "compound", "digit", rf"(?P<number>{number}){until}-(?P<rest>[a-z]{{2,20}}(?:-[a-z]{{2,20}}){{0,3}})(?!\w)", say
    )
    yield rule("compound", "digit", rf"{number}-to-{number}(?![\w])", chain)
    units = any_of(_SHORT_UNITS)
    worded = rf"(?P<number>[A-Z]?[a-z]{{2,8}})-(?P<unit>{units})\.(?=\s[a-z])"
    yield rule("compound", "letter", worded, lambda match: f"{match['number']} {_SHORT_UNITS[match['unit']]}")
    scales = any_of(scale for scale in amounts.scales if len(scale) > 1 or scale in "kmM")
    yield rule("compound", "digit", rf"(?P<number>{number})(?:\s?(?P<scale>{scales}))?\+(?!\w)(?!\s?\d)", plus)


_RACES = listed("Trot Run Race Walk Dash Jog Classic Memorial Challenge Series")
"""`the Harbor Run 10K`"""
_SHORT_UNITS = pairs("en", "short_units")


def products(amounts: Amounts) -> Iterator[Rule]:
    """`20x30`, `4x100m`, `2 m × 3 m`."""
    number, units = amounts.number, any_of([*amounts.units, "m"])
    metre = amounts.units["km"].one.removeprefix("kilo")

    def side(digits: str, unit: str | None, one: bool) -> str | None:
        if not unit:
            return amounts.say(digits)
        noun = amounts.units.get(unit) or Noun(one=metre, many=f"{metre}s")
        return amounts.counted(digits, noun.alone if one else noun)

    def times(match: re.Match[str]) -> str | None:
        spaced = match["gap"] and not (match["ua"] or match["ub"])
        asked = spaced and word_after(match) in ("is", "equals", "makes")
        if (spaced and match["sign"] == "×") or asked or in_equation(match):
            return None
        one = amounts.is_adjective(match) or word_after(match) in RACES
        sides = [side(match["a"], match["ua"], one), side(match["b"], match["ub"], one)]
        if match["c"]:
            sides.append(side(match["c"], match["uc"], one))
        return f" {amounts.by} ".join(said for said in sides if said) if all(sides) else None

    unit = rf"(?:\s?(?P<u%s>{units})(?!\w))?"
    third = rf"(?:\s?[x×]\s?(?P<c>{number}){unit % 'c'})?"
    first = rf"(?P<a>{number})(?:\s?(?P<ua>{units}))?"
    yield rule(
        "dimensions",
        "digit",
        rf"{first}(?P<gap>\s?)(?P<sign>[x×X])\s?(?P<b>{number}){unit % 'b'}{third}(?!\w)",
        times,
    )


def multiples(amounts: Amounts) -> Iterator[Rule]:
    """`2x`, `2–3x`, `10K followers`."""
    number = amounts.number

    def follows(match: re.Match[str]) -> str | None:
        after = word_after(match).split("/")[0].removesuffix(".")
        counted = after.endswith("s") and after.islower() and after not in ("was", "is", "has")
        if word_before(match) in _RACES:
            return None
        counted = (
            counted or "." in match["number"] or after == "mi" or match.string[match.end() : match.end() + 1] == "/"
        )
        return f"{amounts.say(match['number'])} thousand" if counted else None

    def multiple(match: re.Match[str]) -> str | None:
        said = amounts.say(match["number"])
        if match["until"]:
            said = amounts.between(said, amounts.say(match["until"]))
        if match.string[match.end() : match.end() + 3].strip()[:1] in ("+", "-", "−", "=", "²") or in_equation(match):
            return f"{said} x"
        return f"{said} times" if said else None

    yield rule("scale", "digit", rf"(?P<number>{number})K(?![\w+-])", follows)
    millions = rf"(?!3M)(?P<number>{number})M(?![\w+-])"
    yield rule("scale", "digit", millions, lambda match: f"{amounts.say(match['number'])} million")

    def often(match: re.Match[str]) -> str | None:
        said = {"1": "once", "2": "twice"}.get(match["number"]) or f"{amounts.say(match['number'])} times"
        return f"{said} {'an' if match['unit'] == 'hour' else 'a'} {amounts.per_units[match['unit']]}"

    units = "day|week|wk|month|mo|year|yr|hour|night"
    yield rule("rate", "digit", rf"(?P<number>\d{{1,2}})x/(?P<unit>{units})(?!\w)", often)
    yield rule("multiple", "digit", rf"(?P<number>{number})(?:\s?[-–]\s?(?P<until>{number}))?[x×](?!\w)", multiple)
