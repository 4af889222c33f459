"""English units that are also something else (m, ', \", st, C), and units behind a number in words (`two tbsp`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amounts import Amounts
from tts_service.speakable.nouns import Noun
from tts_service.speakable.rules import Rule, any_of, listed, rule, word_after, word_before, words_after, words_before
from tts_service.speakable.tables import words

RACES = words("en")["races"]
"""What is run over a distance."""
_LONG = words("en")["long"]
_DISTANCES = words("en")["distances"]


def length_rules(amounts: Amounts) -> Iterator[Rule]:
    """Temperatures, weights, heights and inches."""
    yield _temperatures(amounts)
    yield from _people(amounts)
    yield from _inches(amounts)
    yield _feet(amounts)
    yield _spaced_temperatures(amounts)


def _temperatures(amounts: Amounts) -> Rule:
    """`40C`, `25–28C`, `104F`; `Flat 25C` is none."""

    def say(match: re.Match[str]) -> str | None:
        before = word_before(match)
        if before.lower() not in _THERMOMETER and (before[:1].isupper() or before in _PLACES):
            return None
        said = amounts.say(match["number"])
        if match["until"]:
            said = amounts.between(said, amounts.say(match["until"]))
        scale = "Celsius" if match["scale"] == "C" else "Fahrenheit"
        return f"{amounts.minus + ' ' if match['minus'] else ''}{said} degrees {scale}"

    minus = r"(?P<minus>(?<![\w.)])[-−](?=\d))?"
    degrees = r"\d{1,3}(?:\.\d)?"
    number = rf"(?P<number>{degrees})(?:[-–](?P<until>{degrees}))?"
    return rule("unit", "digit sign", rf"{minus}{number}(?P<scale>[CF])(?![\w-])", say)


def _people(amounts: Amounts) -> Iterator[Rule]:
    """`12st 7lb`, `6lb 3oz`, `5ft 10in`, `6'2"`."""

    def stone(match: re.Match[str]) -> str | None:
        if _is_first(match["a"]) and match.group()[len(match["a"])] == "s":
            return None
        pounds = amounts.counted(match["b"], amounts.units["lb"]) if match["b"] else ""
        return f"{amounts.say(match['a'])} stone {pounds}".strip()

    def two_units(match: re.Match[str]) -> str | None:
        names = ("lb", "oz") if match["ub"] == "oz" else ("ft", "in.")
        if _JOINED.search(match.group()):
            one = (
                f"{amounts.say(match[part])} {amounts.units[unit].one}" for part, unit in zip("ab", names, strict=True)
            )
            return " ".join(one)
        said = (amounts.counted(match[part], amounts.units[unit]) for part, unit in zip("ab", names, strict=True))
        return " ".join(filter(None, said))

    def height(match: re.Match[str]) -> str | None:
        inches = f" {amounts.say(match['inch'])}" if match["inch"] != "0" else ""
        side = inches and word_after(match) in _SIDES
        return f"{amounts.say(match['foot'])} foot{inches}{' inches' if side else ''}"

    first = r"(?P<a>\d{1,3})[\s-]?(?:lbs?|ft|feet|foot)\.?,?[\s-]?"
    second = r"(?P<b>\d{1,2})[\s-]?(?P<ub>oz|in|ins|inch|inches)(?:\.|(?!\w))"
    yield rule("unit", "digit", r"(?P<a>\d{1,2})\s?st(?:\s(?P<b>\d{1,2})\s?lbs?)?(?![\w.])", stone)
    yield rule("unit", "digit", first + second, two_units)
    yield rule("unit", "digit", r"(?P<foot>\d{1,2})\s?['’′]\s?(?P<inch>1[01]|\d)(?:[\"”″]|['’′]{2}|(?!\w))", height)


def _is_first(digits: str) -> bool:
    """`21st` is an ordinal, `12st` and `11st` are weights."""
    return digits.endswith("1") and digits != "11"


def metre_rule(amounts: Amounts) -> Rule:
    """`40m long`, `the 100m` and `5 m` are metres, `5m people` is five million."""
    metre = amounts.units["km"].one.removeprefix("kilo")

    def say(match: re.Match[str]) -> str | None:
        after, before = word_after(match).lower(), word_before(match).lower()
        tail = match.string[match.end() : match.end() + 1]
        event = before in ("the", "men's", "women's") and not after.endswith("s") and match["number"] in _DISTANCES
        high = before in _ALTITUDE and not _MILLIONS & {*words_before(match, 6), after}
        run = before in _COVERED
        large = "," in match["number"] and not _MILLIONS & {*words_before(match, 6), after}
        if not (
            high
            or run
            or large
            or match["gap"]
            or match["dash"]
            or tail == "-"
            or after in RACES
            or after in _LONG
            or event
        ):
            return None
        one = match["dash"] or tail == "-" or after in RACES or amounts.is_adjective(match)
        return amounts.counted(match["number"], Noun(one=metre, many=metre if one else f"{metre}s"))

    gap = r"(?:(?P<dash>-)|(?P<gap>[ \u00a0\u202f]))?"
    return rule("unit", "digit", rf"(?P<number>{amounts.number}){gap}m(?![\w²³/'’]|\s?[xX×]\s?\d)", say)


def _feet(amounts: Amounts) -> Rule:
    """`20' high`, `a 30' wall`."""

    def say(match: re.Match[str]) -> str | None:
        one = word_after(match) in ("wall", "fence", "wave", "ceiling")
        return amounts.counted(match["number"], Noun(one="foot", many="foot" if one else "feet"))

    tall = rf"{amounts.number}(?=['’′]\s(?:{any_of(_TALL)})(?!\w))"
    return rule("unit", "digit", rf"(?P<number>{tall}|\d{{1,3}},\d{{3}})['’′](?!\w)", say)


def _spaced_temperatures(amounts: Amounts) -> Rule:
    """`10 C colder`, `a low of -5 C`."""

    def say(match: re.Match[str]) -> str | None:
        if not _THERMOMETER & {*words_before(match, 4), *words_after(match, 3)}:
            return None
        scale = "Celsius" if match["scale"] == "C" else "Fahrenheit"
        return f"{amounts.minus + ' ' if match['minus'] else ''}{amounts.say(match['number'])} degrees {scale}"

    minus = r"(?P<minus>(?<![\w.)])[-−](?=\d))?"
    return rule("unit", "digit sign", rf"{minus}(?P<number>\d{{1,3}})\s(?P<scale>[CF])(?![\w'’-])", say)


def _inches(amounts: Amounts) -> Iterator[Rule]:
    """`a 27" screen`; after an opening quote the sign closes it."""

    def say(match: re.Match[str]) -> str | None:
        opened = len(_QUOTE.findall(match.string, max(0, match.start() - 300), match.start()))
        if match["mark"] == '"' and opened % 2:
            return None
        after = word_after(match)
        one = after[:1].islower() and after not in amounts.no_nouns and not _NO_NOUN.fullmatch(after)
        said = amounts.counted(match["number"], Noun(one="inch", many="inch" if one else "inches"))
        return amounts.between(amounts.say(match["first"]), said) if match["first"] else said

    def sides(match: re.Match[str]) -> str | None:
        one = word_after(match)[:1].islower() and word_after(match) not in amounts.no_nouns
        last = amounts.counted(match["b"], Noun(one="inch", many="inch" if one else "inches"))
        return f"{amounts.say(match['a'])} {amounts.by} {last}" if last else None

    number = amounts.number
    yield rule("dimensions", "digit", rf"(?P<a>{number})[\"″]\s?[x×]\s?(?P<b>{number})[\"″]", sides)
    first = rf"(?:(?P<first>{amounts.number})[-–])?"
    yield rule("unit", "digit", rf"{first}(?P<number>{amounts.number})(?P<mark>[\"″])(?=[\s,.;)]|$)", say)


_PART_BEHIND = re.compile(r"(?P<whole>\d{0,3})[½¼¾⅓⅔⅛⅜⅝⅞]")
_JOINED = re.compile(r"\d-[a-z]{2,4}\.?-\d{1,2}-[a-z]")
"""`a 6-ft.-4-in. guard`"""
_SCALED = re.compile(r"(?:\d[\d.,]{0,12})?(?:bn|m|k|tn|million|billion|trillion|thousand)")
_ONE = words("en")["one"]
_MANY = words("en")["many"]
_HEAPED = words("en")["heaped"]
_UNITS = words("en")["units"]
_TALL, _SIDES, _THERMOMETER = (words("en")[name] for name in ("tall", "measured side", "thermometer"))
_COVERED = listed("ran run runs swam swim swims jumped threw sprinted walked fell climbed hurled")
_ALTITUDE, _MILLIONS = words("en")["altitude"], words("en")["millions"]
_NO_NOUN = re.compile(r"[a-z]{2,15}(?:ible|able|ected|ecast)|likely|fell|thick|more|less|rain|snow|sleet|hail")
"""Behind inches: "1-3 inches possible", "2 inches snow"."""
_QUOTE = re.compile(r'(?<!\d)"')
"""One that is no sign of inches."""
_PLACES = listed("seat row gate room flat unit apartment block class pier platform bay locker form year")
"""Behind these `14C` is a place."""
_RECIPE = listed("tbs tbsp tbsps tsp tsps dsp dsps")
"""Nothing else looks like these: said in full wherever they stand."""
_VOLUME = {"vol": "by volume", "abv": "A B V"}


def measured_rules(amounts: Amounts) -> Iterator[Rule]:
    """A unit is many or one as the word before it says."""

    def unit(match: re.Match[str]) -> str | None:
        written = match["unit"].lower() if match["unit"].lower() in _RECIPE else match["unit"]
        before = words_before(match, 2)
        if before and before[-1] in _HEAPED:
            before.pop()
        nearest = re.split("[-–]", before[-1])[-1] if before else ""
        if glued := _PART_BEHIND.fullmatch(nearest):
            return amounts.units[written].many if glued["whole"] else amounts.units[written].one
        if nearest in ("1/2", "1/4", "3/4", "1/3", "2/3"):
            mixed = len(before) > 1 and before[0].isdecimal()
            return amounts.units[written].many if mixed else amounts.units[written].one
        counted = nearest in _MANY or _SCALED.fullmatch(nearest) or (nearest[-1:].isdigit() and nearest != "1")
        if not counted and nearest not in _ONE and written not in _RECIPE:
            return None
        return amounts.units[written].many if counted else amounts.units[written].one

    def volume(match: re.Match[str]) -> str | None:
        behind = match.string[max(0, match.start() - 2) : match.start()].strip().endswith("%")
        return _VOLUME[match["word"].lower()] if behind else None

    written = any_of([*_UNITS, *(name.capitalize() for name in _RECIPE), "TBSP", "TSP"])
    yield rule("unit", "letter word", rf"(?P<unit>{written})(?![\w'’/²³-]|\.\w)(?:\.(?=\s[a-z]))?", unit)
    yield rule("unit", "letter", r"(?P<unit>m/s²|m/s|km/h)(?!\w)", lambda match: amounts.units[match["unit"]].many)
    yield rule("percent", "letter word", r"(?P<word>vol|abv|Vol|ABV|VOL)(?!\w)(?:\.(?=\s[a-z]|$))?", volume)
