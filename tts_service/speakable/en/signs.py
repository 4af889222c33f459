"""English signs by what stands around them: `and/or`, `$15/hour`, `pre-2020`, `4★`, `C#`, `S&P 500`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.en.amounts import is_american
from tts_service.speakable.rules import Rule, any_of, listed, rule, word_before, words_before
from tts_service.speakable.tables import pairs, words

_PREFIXES = (
    "pre|post|mid|ex|non|anti|pro|sub|early|late|then|self|all|near|under|over|inter|trans|multi|co|re|un|cross|semi|"
    "super|ultra|former|vice|acting|the"
)
_NOUNS = (
    "day|week|month|year|night|hour|head|share|game|barrel|person|pop|gallon|pound|ounce|mile|minute|piece|plate|seat|"
    "side"
)

_COUNTED = re.compile(r"\d\s[a-z]{2,20}$")
"""`1.3 births` before the stroke of "1.3 births/woman"."""
_PAID = pairs("en", "paid")
"""Behind a sum: what it is paid for."""


def rate_rules(amounts: Amounts) -> Iterator[Rule]:
    """`$15/hour`, `$5m-a-year`."""
    per = any_of([*amounts.per_units, *amounts.units])

    def rate(match: re.Match[str]) -> str | None:
        head = match.string[max(0, match.start() - 20) : match.start()].split()
        counted = any(any(map(str.isdigit, word)) for word in head[-2:])
        unit = match["unit"]
        return f"{amounts.per} {amounts.per_units.get(unit) or amounts.units[unit].one}" if counted else None

    yield rule("rate", "sign", rf"/(?P<unit>{per})(?!\w)", rate)
    yield rule("rate", "sign", rf"-(?P<rest>an?-(?:{_NOUNS}))(?!\w)", lambda match: match["rest"].replace("-", " "))

    def each(match: re.Match[str]) -> str | None:
        head = match.string[max(0, match.start() - 30) : match.start()]
        return amounts.per if _COUNTED.search(head) else None

    def priced(match: re.Match[str]) -> str | None:
        head = match.string[max(0, match.start() - 14) : match.start()]
        return amounts.per if re.search(r"[$£€]\d[\d.,]{0,12}$", head) else None

    def paid(match: re.Match[str]) -> str | None:
        head = match.string[max(0, match.start() - 24) : match.start()]
        return _PAID[match["word"]] if re.search(r"[$£€]\d[\d.,]{0,12}(?:k|m|bn|\smillion)?\s?$", head) else None

    measured = r"1(?:0{1,3}|0{1,2},000)\s?(?:mL|ml|g|kg|L|l|km|miles)"
    yield rule(
        "rate", "sign", rf"(?<=[A-Za-z])/(?=(?:{measured}|10{{0,2}}(?:,000){{1,2}}(?![,.]\d)|10{{3,6}})(?!\w))", _per
    )
    yield rule("rate", "sign", r"(?<=\d)/(?=[a-z]{3,20}(?![\w/]))", priced)
    yield rule("rate", "sign", r"(?<=[a-z]s)/(?=(?P<each>[a-z]{2,20}[a-rt-z])(?![\w/]))", each)
    yield rule("rate", "letter word", rf"(?P<word>{any_of(_PAID)})(?!\w)", paid)
    if is_american(amounts.language):
        yield rule("percent", "word", r"per cent(?!\w)", lambda match: "percent")


def _per(match: re.Match[str]) -> str:
    """`235 CFU/100 mL`"""
    return "per"


def joint_rules() -> Iterator[Rule]:
    """`and/or`, `ex-FBI`, `pre-2020`: the hyphen goes with the prefix, before a number it would be a minus."""
    yield rule("and or", "letter", r"and/or(?!\w)", lambda match: "and or")
    joint = r"(?=\d|['’]\d|[A-Z]{2}|[A-Z][\w.]{1,4}\.|\$|£|€)"
    yield rule("prefix", "letter", rf"(?P<word>(?:{_PREFIXES}))[-‑–]{joint}", lambda match: match["word"], re.I)
    yield rule(
        "prefix", "letter", r"(?P<word>(?!noon|midnight)[a-z]{2,20})[-‑](?=['’]?\d)", lambda match: match["word"]
    )


def letter_ranges(amounts: Amounts) -> Iterator[Rule]:
    """`A–Z`, `Q1–Q3`, `noon-1 p.m.`."""

    def letters(match: re.Match[str]) -> str:
        return f"{match.group()[0]} {amounts.to} {match.group()[2]}"

    def quarters(match: re.Match[str]) -> str | None:
        letter = match["letter"]
        return amounts.between(f"{letter} {amounts.say(match['a'])}", f"{letter} {amounts.say(match['b'])}")

    yield rule("range", "letter", r"(?:[A-Z]–[A-Z]|A-Z)(?!\w|['’-]\w)", letters)
    pair = r"(?P<letter>[A-Z])(?P<a>\d{1,2})\s?[-–—]\s?(?P=letter)(?P<b>\d{1,2})(?!\w)"
    yield rule("range", "letter", pair, quarters)
    coded = r"(?P<a>\d{1,3})(?P<c>[A-Z])[-–](?P<b>\d{1,3})(?P<d>[A-Z])(?![\w-])"

    def codes(match: re.Match[str]) -> str | None:
        said = [f"{amounts.say(match[number])} {match[letter]}" for number, letter in ("ac", "bd")]
        return amounts.between(*said)

    yield rule("range", "digit", coded, codes)

    def ages(match: re.Match[str]) -> str | None:
        last = amounts.say(match["b"])
        return (
            amounts.between(amounts.say(match["a"]), amounts.plural(last)) if last and match["a"] < match["b"] else None
        )

    yield rule("range", "digit", r"(?P<a>[1-9]\d)[-–](?P<b>[1-9]\d)s(?!\w)", ages)
    rooms = {"BR": "bedroom", "BA": "bath"}
    home = r"(?P<count>\d)(?P<room>BR|BA)(?!\w)"
    yield rule("rooms", "digit", home, lambda match: f"{amounts.say(match['count'])} {rooms[match['room']]}")
    noon = r"(?P<word>(?:noon|midnight|Noon|Midnight))\s?[-–—]\s?(?=\d)"
    yield rule("range", "letter", noon, lambda match: f"{match['word']} {amounts.to}")
    yield rule("range", "sign", r"[-–—]\s?(?=(?:noon|midnight)(?!\w))", lambda match: amounts.to)


def letter_a_rule() -> Rule:
    """`vitamin A`, `Plan A`, `Group A`: the letter, no article. "A" opens too many sentences to be taken for one
    elsewhere."""

    def letter(match: re.Match[str]) -> str | None:
        parted = match.string[max(0, match.start() - 2) : match.start() - 1] in (",", ";", ":", ".")
        return "A" if word_before(match).lower() in _LETTERED and not parted else None

    return rule("letter", "letter", r"A(?![\w'’*+&/-]|\.\w)", letter)


_YOUTH = (
    "final|finals|team|squad|side|match|game|international|World|European|Euro|championships?|coach|player|women|men|"
    "boys|girls|cap|captain|level|tournament"
)
"""Behind these `U17` is an age."""
_LETTERED = words("en")["lettered"]


def school_rules(amounts: Amounts) -> Iterator[Rule]:
    """`grades K-5`, `Version 3.11`, `(S2, Ep 4)`."""

    def under(match: re.Match[str]) -> str:
        return f"under {amounts.say(match['age'])}"

    def until(match: re.Match[str]) -> str | None:
        graded = word_before(match).lower() in ("grade", "grades", "serves", "students", "from")
        return f"{match['first']} {amounts.to} {amounts.say(match['last'])}" if graded else None

    def version(match: re.Match[str]) -> str | None:
        if word_before(match).lower() not in ("version", "versions", "python", "ios", "android"):
            return None
        return f"{amounts.say(match['a'])} {amounts.point} {amounts.say(match['b'])}"

    def ages(match: re.Match[str]) -> str | None:
        said = amounts.say(match["age"] or match["age2"])
        return f"{match['word']} {amounts.plural(said)}" if said else None

    free = r"(?=\s(?:go\s|get\sin\s)?free\b)"
    aged = rf"(?P<word>(?:[Uu]nder|[Oo]ver))(?:[-‑](?P<age>\d{{1,2}})s(?!\w)|\s(?P<age2>\d{{1,2}})s(?!\w){free})"
    yield rule("prefix", "letter word", aged, ages)
    teams = rf"U-?(?P<age>1\d|2[0-3])(?=\s(?:{_YOUTH})(?!\w))"
    yield rule("prefix", "letter", teams, under)
    series = "season" if is_american(amounts.language) else "series"
    yield rule("range", "letter", r"(?P<first>pre-K|Pre-K|K)[-–](?P<last>\d{1,2})(?!\w)", until)
    yield rule("version", "digit", r"(?P<a>\d{1,3})\.(?P<b>[1-9]\d)(?![\w]|[.,]\d)", version)
    yield rule("abbreviation", "letter", r"S(?=\d{1,2},?\s?Ep?\.?\s?\d)", lambda match: series)
    yield rule("abbreviation", "letter", r"Ep(?=\s?\d{1,3}(?!\w))", lambda match: "episode")


def key_rules(amounts: Amounts) -> Iterator[Rule]:
    """`the # key`, `press *`, `4★`, `C#`, `§§`."""

    def key(match: re.Match[str]) -> str:
        pound = "pound" if is_american(amounts.language) else "hash"
        return {"#": pound, "*": "star", "/": "slash"}[match["sign"]]

    def section(match: re.Match[str]) -> str:
        named = word_before(match).lower() in ("section", "sections", "paragraph")
        return "" if named else "sections" if match.group() == "§§" else "section"

    def row(match: re.Match[str]) -> str | None:
        count = len(match["full"])
        return f"{amounts.say(str(count))} star{'s' if count > 1 else ''}"

    def stars(match: re.Match[str]) -> str | None:
        said = amounts.say(match["number"])
        return f"{said} star" if said else None

    def dialled(match: re.Match[str]) -> str | None:
        if not _DIALLED & set(words_before(match, 4)):
            return None
        return " ".join(
            key(part) if part["sign"] else amounts.say(part["digit"]) or "" for part in _KEYS.finditer(match.group())
        )

    yield rule("key", "sign", r"[#*]\d{2,4}#?(?!\w)", dialled)
    yield rule("key", "sign", r"(?P<sign>[#*/])(?=\s(?:key|button|sign)(?!\w))", key)
    yield rule("key", "sign", r"(?<=ress )(?P<sign>[#*])(?!\w)", key)
    yield rule("stars", "digit", rf"(?P<number>{amounts.number})\s?[★⭐](?!\w)", stars)
    lodging = r"(?=[\s-](?:hotel|hotels|resort|spa|restaurant|rating|hygiene|luxury|accommodation|review|lodge)(?!\w))"
    yield rule("stars", "digit", rf"(?P<number>[1-5])\*{lodging}", stars)
    logged = r"(?P<a>\d{2,3})\*(?P<b>\d{3,7})(?!\w)"
    yield rule("number code", "digit", logged, lambda match: _digits(amounts, match["a"], match["b"]))
    yield rule("sign", "letter", r"(?P<word>[A-Z])#(?!\w)", lambda match: f"{match['word']} sharp")
    yield rule("stars", "sign", r"(?P<full>★{1,10})☆{0,10}", row)
    yield rule("sign", "sign", r"§§?", section)


_KEYS = re.compile(r"(?P<sign>[#*])|(?P<digit>\d)")
_DIALLED = listed("dial dialed dialled press pressing enter call text")


def _digits(amounts: Amounts, first: str, second: str) -> str | None:
    """`ref 24*0561`"""
    said = [numerals.each_digit(part, amounts.language) for part in (first, second)]
    return f"{said[0]} star {said[1]}" if all(said) else None


def silent_signs() -> Iterator[Rule]:
    """The last to be asked: signs that say nothing, so that the account has a reason for them."""
    yield rule("slash", "sign", r"/(?=\w)", lambda match: "")
    yield rule("sign", "sign", r"[™®*^_~<>\\`{}]", lambda match: "")


def bare_ending() -> Rule:
    """`a .gov site`."""
    ends = "com|org|net|edu|gov|io|uk|eu"
    return rule("web address", "sign", rf"(?<!\S)\.(?P<end>{ends})(?!\w)", lambda match: f"dot {match['end']}")
