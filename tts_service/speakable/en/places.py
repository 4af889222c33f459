"""English places: house numbers, streets, states, postal codes, motorway junctions, and numbers that are names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.coordinates import Globe, coordinate_rule
from tts_service.speakable.en.serials import by_pairs, plural
from tts_service.speakable.nouns import Noun
from tts_service.speakable.rules import Rule, any_of, rule, word_after, word_before, words_after, words_before
from tts_service.speakable.tables import pairs, series, words

_DAYS = series("en", "days")
_STREETS = pairs("en", "streets")
_FULL = words("en")["full"]
_STATES = pairs("en", "states")
_NEWS_STATES = pairs("en", "news_states")
_STATE = re.compile(rf"(?<!\w)(?:{any_of(_NEWS_STATES)})(?!\w)")
_ANYWHERE = words("en")["anywhere"]
_SIDES = pairs("en", "sides")
_NAMED = words("en")["named"]
_PARTIES = {"D": "Democrat", "R": "Republican", "I": "Independent"}
_TITLED = re.compile(
    r"\b(?:Mayor|Gov\.?|Governor|Sens?\.?|Senators?|Reps?\.?|Representatives?|Commissioner|Supervisor|Councilman|"
    r"Councilwoman|Councilmember|Treasurer|Sheriff|Assemblyman|Assemblywoman|Congressman|Congresswoman)"
    r"(?:\s[A-Z][\w.'’-]{0,20}){1,4}\s\($"
)
"""`Mayor Dana Ruiz (`"""
_STREET = rf"(?:{'|'.join(sorted(_FULL))}|(?:{any_of(short.capitalize() for short in _STREETS)})\.?)(?!\w)"
_SIDE = r"(?:(?:[NSEW]|NE|NW|SE|SW)\.?|North|South|East|West)"
_NAME = r"(?:[A-Z][\w'’.]{1,20}|\d{1,3}(?:st|nd|rd|th))"


def place_rules(language: str) -> Iterator[Rule]:
    """House numbers and streets, then states and codes, then named numbers."""
    yield from _streets(language)
    yield from _states()
    yield from _codes(language)
    yield _named(language)


def _streets(language: str) -> Iterator[Rule]:
    def house(match: re.Match[str]) -> str | None:
        said = (
            by_pairs(match["number"], language)
            if len(match["number"]) < 5
            else numerals.each_digit(match["number"], language)
        )
        return f"{said} {match['letter']}" if said and match["letter"] else said

    def street(match: re.Match[str]) -> str | None:
        before, after, short = word_before(match), word_after(match), match["short"].lower()
        if match.end() >= match.endpos:
            after = ""
        named = before[:1].isupper() or re.fullmatch(r"\d{1,3}(?:st|nd|rd|th)", before)
        if short in ("hwy", "rte") and after[:1].isdigit():
            return _STREETS[short]
        if not named or (
            before.endswith(".") and len(before) > 2 and before[:-1].lower() not in ("mt", "ft", "st", "jr", "sr")
        ):
            return None
        goes_on = after.rstrip(".") in _SIDES or after in _DAYS
        if short in ("st", "dr", "ct", "pl") and after[:1].isupper() and not goes_on:
            return None
        return _STREETS[short]

    def houses(match: re.Match[str]) -> str | None:
        first, last = (numerals.cardinal(match[end], language) for end in "ab")
        return f"{first} to {last}" if int(match["a"]) < int(match["b"]) else None

    def side(match: re.Match[str]) -> str:
        return _SIDES[match["side"].replace(".", "")]

    number = r"(?P<number>\d{1,5})(?P<letter>[A-Z])?"
    yield rule("address", "digit", rf"{number}(?=\s(?:{_SIDE}\s)?(?:{_NAME}\s){{1,3}}{_STREET})", house)
    yield rule("address", "digit", r"(?P<number>\d{3,5})(?P<letter>)(?=\sBroadway)", house)
    several = rf"(?P<a>\d{{1,4}})[-–](?P<b>\d{{1,4}})(?=\s(?:{_SIDE}\s)?(?:{_NAME}\s){{1,3}}{_STREET})"
    yield rule("address", "digit", several, houses)
    sided = r"(?P<number>\d{1,5})(?P<letter>)\s(?P<side>[NSEW]\.)(?=\s[A-Z][a-z]{2})"
    yield rule("address", "digit", sided, lambda match: f"{house(match)} {side(match)}")
    yield rule(
        "address", "letter", rf"(?P<side>(?:N|S|E|W|NE|NW|SE|SW)(?!\w)\.?)(?=\s(?:{_NAME}\s){{1,3}}{_STREET})", side
    )
    behind = "|".join(
        rf"(?<={end}\s)"
        for end in ("Street", "Avenue", "St\\.", "Ave\\.", "Road", "Rd\\.", "Blvd\\.", "Dr\\.", "Drive", "St", "Ave")
    )
    yield rule("address", "letter", rf"(?:{behind})(?P<side>N\.?W\.?|N\.?E\.?|S\.?W\.?|S\.?E\.?|[NSEW]\.?)(?!\w)", side)
    shorts = any_of(short.capitalize() for short in _STREETS)
    yield rule("address", "letter", rf"(?P<short>{shorts})(?:\.|(?!\w))", street)


def _states() -> Iterator[Rule]:
    def postal(match: re.Match[str]) -> str | None:
        before = word_before(match)
        return _STATES[match["state"]] if before[:1].isupper() and not before.isupper() else None

    def news(match: re.Match[str]) -> str | None:
        head = match.string[max(0, match.start() - 3) : match.start()]
        sure = head.endswith(", ") or match["state"] in _ANYWHERE or _near_state(match)
        return _STATES[_NEWS_STATES[match["state"]]] if sure else None

    def party(match: re.Match[str]) -> str:
        state = match["state"]
        return f"{_PARTIES[match['party']]} {_STATES.get(_NEWS_STATES.get(state, state), state)}"

    def own_party(match: re.Match[str]) -> str | None:
        titled = _TITLED.search(match.string, max(0, match.start() - 50), match.start())
        return _PARTIES[match.group()] if titled else None

    yield rule("party", "letter", r"(?<=\()[DRI](?=\))", own_party)
    names = rf"{any_of([*_NEWS_STATES, *_STATES])}|[A-Z][a-z]{{2,12}}"
    yield rule("address", "letter", rf"(?<![\w-])(?P<party>[DRI])-(?P<state>{names})(?=\)|,|\s|$)", party)
    yield rule("address", "letter", rf"(?<=,\s)(?P<state>{any_of(_STATES)})(?![\w'’]|-[A-Z])", postal)
    yield rule("address", "letter", rf"(?P<state>{any_of(_NEWS_STATES)})(?!\w)", news)


def _near_state(match: re.Match[str]) -> bool:
    """`won Pa. and Ga.`: another state stands near."""
    head, tail = match.string[max(0, match.start() - 24) : match.start()], match.string[match.end() : match.end() + 24]
    return bool(_STATE.search(head) or _STATE.search(tail))


def county_rule() -> Rule:
    """`Co Durham`"""
    names = any_of(words("en")["counties"])
    return rule("address", "letter", rf"Co\.?(?=\s(?:{names})(?!\w))", lambda match: "County")


def position_rules(amounts: Amounts) -> Iterator[Rule]:
    """`25.3N 90.1W`, `40°42′N`."""
    sides = {"N": "north", "S": "south", "E": "east", "W": "west"}

    def both(match: re.Match[str]) -> str:
        first, second = amounts.say(match["a"]), amounts.say(match["b"])
        return f"{first} {sides[match['ns']]} {second} {sides[match['ew']]}"

    number = r"\d{1,3}(?:\.\d{1,4})?"
    pair = rf"(?P<a>{number})\s?(?P<ns>[NS]),?\s(?P<b>{number})\s?(?P<ew>[EW])(?!\w)"
    yield rule("position", "digit", pair, both)
    names = [Noun(one=name, many=f"{name}s") for name in ("degree", "minute", "second")]
    globe = Globe(degree=names[0], minute=names[1], second=names[2], sides=sides, counted=amounts.counted)
    yield coordinate_rule(globe)
    yield from _on_map(amounts)


def _on_map(amounts: Amounts) -> Iterator[Rule]:
    """`lat. 40.7 N, long. 74 W`, `Rwy. 27L`."""
    ways = {"N": "north", "S": "south", "E": "east", "W": "west", "L": "left", "R": "right", "C": "center"}

    def place(match: re.Match[str]) -> str | None:
        cues = (
            ("runway", "runways", "rwy.", "rwy")
            if match["letter"] in "LRC"
            else ("lat.", "long.", "latitude", "longitude")
        )
        if word_before(match).lower() not in cues:
            return None
        return f"{amounts.say(match['number'])} {ways[match['letter']]}"

    yield rule("position", "digit", r"(?P<number>\d{1,3}(?:\.\d{1,4})?)\s?(?P<letter>[NSEWLRC])(?!\w)", place)


def _codes(language: str) -> Iterator[Rule]:
    def zip_code(match: re.Match[str]) -> str | None:
        before = word_before(match).lower()
        state = word_before(match) in _STATES or before in ("zip", "code") or word_before(match) in _NEWS_STATES
        return numerals.each_digit(match.group().replace("-", ""), language) if state else None

    def postcode(match: re.Match[str]) -> str:
        return " ".join(
            numerals.each_digit(mark, language) or mark if mark.isdecimal() else mark
            for mark in match.group()
            if not mark.isspace()
        )

    def road(match: re.Match[str]) -> str | None:
        if word_before(match).rstrip(".") not in ("Rte", "Route", "Hwy", "Highway", "Road", "Rt"):
            return None
        return f"{by_pairs(match['number'], language)} {match['letter']}"

    yield rule("address", "digit", r"(?P<number>\d{1,3})(?P<letter>[A-Z])(?![\w-])", road)
    yield rule("address", "digit", r"\d{5}(?:-\d{4})?(?!\w|[.,-]\d)", zip_code)
    yield rule("address", "letter", r"[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}(?!\w)", postcode)


def british_rules(language: str) -> Iterator[Rule]:
    """`the B4025`, `PC 4471`, `(Con, Eastbrook)`, `u16s`."""

    def road(match: re.Match[str]) -> str:
        digits = " ".join(
            "oh" if mark == "0" else numerals.each_digit(mark, language) or mark for mark in match["digits"]
        )
        return f"B {digits}"

    def officer(match: re.Match[str]) -> str | None:
        return (
            numerals.each_digit(match.group(), language) if word_before(match) in ("PC", "WPC", "Ref", "ref") else None
        )

    parties = pairs("en", "parties")
    yield rule("address", "letter", r"B(?P<digits>\d{4})(?![\w-])", road)
    yield rule("number code", "digit", r"\d{4,9}(?![\w%]|[.,:/-]\d)", officer)
    named = rf"(?<=\()(?P<party>{any_of(parties)})(?=[,;:)])"
    yield rule("party", "letter", named, lambda match: parties[match["party"]])

    sides = {"N": "North ", "S": "South ", "E": "East ", "W": "West "}

    def shire(match: re.Match[str]) -> str | None:
        side = sides[match["side"]] if match["side"] else ""
        listed_ = match.string[max(0, match.start() - 2) : match.start()] == ", "
        return f"{side}{counties[match['county']]}" if side or listed_ else None

    counties = pairs("en", "counties")
    short = rf"(?:(?P<side>[NSEW])\.?\s)?(?P<county>{any_of(counties)})(?![\w'’-])"
    yield rule("address", "letter", short, shire)

    def under(match: re.Match[str]) -> str:
        return f"under {plural(numerals.cardinal(match['age'], language) or match['age'])}"

    yield rule("prefix", "letter", r"[uU]-?(?P<age>1\d|2[0-3])s(?!\w)", under)


def _named(language: str) -> Rule:
    def say(match: re.Match[str]) -> str | None:
        digits, after = match["number"], word_after(match)
        plane = re.fullmatch(r"7\d7", digits) and (
            word_before(match).lower() in ("a", "the", "its", "of")
            or after.lower() in ("max", "jet", "jets", "dreamliner", "plane")
        )
        if word_before(match) not in _NAMED and not plane and not (after == "" and word_before(match) == "Agent"):
            return None
        said = by_pairs(digits, language)
        variant = [by_pairs(match["variant"], language), *match["mark"]] if match["variant"] else []
        return " ".join(filter(None, [said, *variant]))

    return rule(
        "name", "digit", r"(?P<number>\d{3,4})(?:-(?P<variant>\d{1,3})(?P<mark>[A-Z]{0,3}))?(?![\w]|[.,:/]\d|-\d)", say
    )


_ON_ROADS = words("en")["on roads"]
_ROAD = re.compile(r"(?:[am]\d{1,4}|a\d{1,3}\(m\))(?:'s|’s)?")


def road_rules(amounts: Amounts) -> Iterator[Rule]:
    """A letter with a number only where a road stands near: J18 is also a postcode and a paper size."""

    def one(number: str, letter: str | None) -> str:
        return f"{amounts.say(number)}{f' {letter.upper()}' if letter else ''}"

    def junction(match: re.Match[str]) -> str | None:
        near = {*words_before(match, 6), *words_after(match, 6)}
        if not near & _ON_ROADS and not any(map(_ROAD.fullmatch, near)):
            return None
        first = one(match["a"], match["la"])
        return f"junctions {first} to {one(match['b'], match['lb'])}" if match["b"] else f"junction {first}"

    def written(match: re.Match[str]) -> str:
        return f"{'J' if match.group()[0] == 'J' else 'j'}unction{'s' if match['many'] else ''}"

    until = r"(?:\s?[-–]\s?J?(?P<b>\d{1,2})(?P<lb>[a-z])?)?"
    yield rule("address", "letter", rf"J(?P<a>\d{{1,2}})(?P<la>[aAbB])?{until}(?![\w-]|[.,:/]\d)", junction)
    yield rule("address", "letter word", r"[Jj](?:nct|ct|unc|n)(?P<many>s)?\.?(?=\s?\d{1,2}(?!\d))", written)
