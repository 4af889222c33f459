"""German ordinals, fractions, numbers with a noun, numbers in compounds, and the few signs of arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.de.grammar import ending_of, gender_of, one, ordinal, words_after, words_before
from tts_service.speakable.de.units import SCALES, UNITS
from tts_service.speakable.items import item_rule
from tts_service.speakable.language import language_of
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before
from tts_service.speakable.tables import words

_NO_ORDINAL = words("de")["no ordinal"]
_MONTHS = words("de")["months"]
_BOOKS = listed("Mose Korinther Samuel Petrus Timotheus Thessalonicher Makkabäer Chronik")
_BEHIND_PERSON = listed("der des in im auf von vom aus bei beim")
"""`der 10. der Weltrangliste`"""
_ARTICLES = listed("am vom zum dem den der des die das bis")


def ordinal_rules() -> Iterator[Rule]:
    """`20. Jahrhundert`: a number with a dot before a word, or behind an article; its ending follows both."""

    def say(match: re.Match[str]) -> str | None:
        before = (["", *words_before(match)])[-1]
        if before in _NO_ORDINAL:
            return None
        number = re.sub(r"\D", "", match["number"])
        if word_after(match) in _BOOKS:
            return ordinal(number, "er")
        if word_after(match) in _BEHIND_PERSON and before in ("der", "die", "den", "dem"):
            return ordinal(number, "e" if before in ("der", "die") else "en")
        if len(number) > 2 and len(match["number"]) == 4 and before not in _ARTICLES:
            return None
        return ordinal(number, ending_of(match)) + (" bis" if match["until"] else "")

    def alone(match: re.Match[str]) -> str | None:
        before = (["", *words_before(match)])[-1]
        each = re.fullmatch("jede[nrm]?", before) is not None
        if (before not in _ARTICLES and not each) or before == "bis" or (int(match["number"]) > 31 and not each):
            return None
        return ordinal(
            match["number"],
            "en" if before in ("jeden", "jedem") or before in ("die", "den", "am", "vom", "zum", "dem", "des") else "e",
        )

    number = r"(?P<number>\d{1,3}(?:\.\d{3}){1,2}|\d{1,4})\."
    until = r"\s?(?P<until>[-–])\s?(?=\d{1,3}\.\s?[^\W\d_])"
    follows = r"(?=[-\s]{0,2}[^\W\d_]|\s?(?:/|,\s)\s?\d{1,3}\.\s?[^\W\d_])"
    yield rule("ordinal", "digit", rf"{number}(?:{until}|{follows})", say)
    yield rule("ordinal", "digit", r"(?P<number>\d{1,3})\.(?=\s?(?:$|[,;!?)“”«»\"]))", alone)


def numbered_rule(amounts: Amounts) -> Rule:
    """`3. Die Kosten` "Drittens, Die Kosten"; `1. Bundesliga` and `3. Oktober` are ordinals."""

    def opening(digits: str) -> str:
        return f"{numerals.ordinal(digits, amounts.language)}ns".capitalize()

    def is_ordinal(match: re.Match[str]) -> bool:
        after = word_after(match)
        ordinals = language_of("de").ends().ordinals
        counts = ordinals is not None and ordinals.counts is not None and ordinals.counts(after)
        return not after[:1].isupper() or counts or after.lower() in _MONTHS

    return item_rule(amounts.say, opening, is_ordinal)


def one_rules(amounts: Amounts) -> Iterator[Rule]:
    """`1 Woche` "eine Woche", `vor 1 Jahr` "vor einem Jahr", `1 bis 2 Tage` "ein bis zwei Tage"; `Platz 1` stays."""

    def counts(match: re.Match[str]) -> bool:
        before = word_before(match)
        listed_ = match.string[max(0, match.start() - 4) : match.start()].rstrip()[-1:] in (",", ";")
        return listed_ or not before[:1].isupper() or before.lower() in _BEFORE_COUNTS

    def noun(match: re.Match[str]) -> str | None:
        after = word_after(match)
        if not counts(match) or after in SCALES or after == "Uhr":
            return None
        return one(match, gender_of(after))

    def adjective(match: re.Match[str]) -> str | None:
        after = words_after(match, 2)
        if not counts(match) or len(after) < 2 or not after[1][:1].isupper():
            return None
        end = "eine" if match["end"] == "e" else "ein" if match["end"] in ("er", "es") else f"ein{match['end']}"
        return end if after[0] not in ("oder", "unter", "über", "hinter") else None

    yield rule("one", "digit", r"1(?=\sdavon(?!\w))", _one_of_them)
    yield rule("one", "digit", rf"1(?=\s(?:[A-ZÄÖÜ][a-zäöüß]{{2}}|(?:Ei|Öl|{_VEHICLES})(?!\w)))", noun)
    yield rule("one", "digit", r"1(?=\s[a-zäöüß]{3,20}(?P<end>e[rnsm]?)\s[A-ZÄÖÜ])", adjective)

    def span(match: re.Match[str]) -> str | None:
        if match["to"] == "und":
            noun = re.search(r"\s([A-ZÄÖÜ]\w{2,30})", match.string[match.end() : match.end() + 60])
            between = words_before(match, 1) == ["zwischen"] and noun
            return f"{one(match, gender_of(noun[1]))} und" if between and noun else None
        return f"ein {'bis' if match['to'] in '-–' else match['to']}" if counts(match) else None

    yield rule("one", "digit", rf"1\s?(?P<to>bis|oder|und|[-–])\s?(?={amounts.number}\s[A-ZÄÖÜ])", span)


def _one_of_them(match: re.Match[str]) -> str:
    """`3 Personen, 1 davon schwer`"""
    noun = re.findall(r"\d\s([A-ZÄÖÜ]\w{2,30}\.?)", match.string[max(0, match.start() - 60) : match.start()])
    name = UNITS[noun[-1]].one if noun and noun[-1] in UNITS else noun[-1] if noun else ""
    return {"m": "einer", "f": "eine", "n": "eins"}[gender_of(name.rstrip("."))]


_VEHICLES = "LKW|PKW|PW|SUV|RTW|KTW|PC"
_BEFORE_COUNTS = words("de")["before counts"]


def compound_rules(amounts: Amounts) -> Iterator[Rule]:
    """`18-jährige`, `3-mal`, `10%ig`: one word in German; `90-Minuten-Spiel` stays apart."""
    number = rf"(?P<number>{amounts.number})"

    def joined(match: re.Match[str]) -> str | None:
        return _joined(amounts, match["number"], match["rest"])

    def span(match: re.Match[str]) -> str | None:
        lower = "ein" if match["first"] == "1" else amounts.say(match["first"])
        return amounts.between(lower, joined(match))

    def apart(match: re.Match[str]) -> str | None:
        named = word_before(match).lower().rstrip("-") in _NO_ORDINAL
        alone = (
            not named and match["number"] == "1" and match.string[match.start() - 1 : match.start()] not in ("+", "-")
        )
        return "ein" if alone else amounts.say(match["number"])

    def group(match: re.Match[str]) -> str | None:
        digits = match["number"]
        said = numerals.year(digits, "de") if len(digits) == 4 else numerals.cardinal(digits, "de")
        return f"{said}er{match['end'] or ''}" if said else None

    rest = r"(?P<rest>(?!(?:plus|ern|ers|erinnen)\b)[a-zäöüß]{3,30}|[A-ZÄÖÜ][a-zäöüß]{2,20}ige[rnsm]?)"
    yield rule("decade", "digit", r"(?P<number>\d{1,4})[-‑]?er(?P<end>n|s|innen)?(?!\w)[-‑]?", group)
    first = rf"(?P<first>{amounts.number})\s?[-–]\s?"
    yield rule("compound", "digit", rf"{first}{number}[-‑]?{rest}(?!\w)", span)
    yield rule("compound", "digit", rf"{number}[-‑]?{rest}(?!\w)", joined)
    yield rule("compound", "digit", rf"{number}[-‑](?=\s(?:bis|und|oder|sowie|,)\s)", apart)
    yield rule("compound", "digit", rf"{number}[-‑](?=[^\W\d_]{{2}})", apart)
    yield rule("times", "digit", rf"{number}\s?[x×](?![\w])(?!\s?\d)", lambda match: _joined(amounts, match[1], "mal"))


def percentage_rule(amounts: Amounts) -> Rule:
    """`20%ig`, `20 %-ige`."""

    def say(match: re.Match[str]) -> str | None:
        return _joined(amounts, match["number"], f"prozentig{match['end'] or ''}")

    pattern = rf"(?P<number>{amounts.number})\s?(?:%|Prozent)[-‑]?ig(?P<end>e[rnsm]?)?(?!\w)"
    return rule("compound", "digit", pattern, say)


def _joined(amounts: Amounts, number: str, rest: str) -> str | None:
    said = amounts.say(number)
    if not said:
        return None
    said = "ein" if said == "eins" else said
    if rest[0].isupper():
        said, rest = said[0].upper() + said[1:], rest.lower()
    return f"{said}{rest}"


_LENGTHS = "m|cm|mm|km|dm|Meter|Zentimeter|Millimeter|Zoll"


def arithmetic_rules(amounts: Amounts) -> Iterator[Rule]:
    """`2³`, `10^6`, `3 · 4`, `5 - 3 = 2`, `10 : 2 = 5`."""
    first, second = rf"(?P<a>{amounts.number})", rf"(?P<b>{amounts.number})"

    def said(match: re.Match[str], word: str) -> str | None:
        one_, other = amounts.say(match["a"]), amounts.say(match["b"])
        return f"{one_} {word} {other}" if one_ and other else None

    def times(match: re.Match[str]) -> str | None:
        if match["b"].endswith("00") and len(match["a"]) == 1:
            return _joined(amounts, match["a"], "mal")
        first_said = amounts.say(match["a"])
        return f"{first_said} mal" if first_said else None

    def power(match: re.Match[str]) -> str | None:
        exponent = match["p"].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
        minus = "minus " if exponent.startswith("-") else ""
        base, up = amounts.say(match["a"]), numerals.cardinal(exponent.lstrip("-"), "de")
        return f"{base} hoch {minus}{up}" if base and up else None

    yield rule(
        "arithmetic",
        "digit",
        rf"{first}(?:\^(?P<q>)(?=-?\d)|(?=[⁰¹²³⁴-⁹⁻]))(?P<p>-?\d{{1,3}}|[⁰¹²³⁴-⁹⁻]{{1,4}})",
        power,
    )
    yield rule("dimensions", "digit", rf"{first}\s?[x×*·∙]\s?(?={second})", times)

    def sides(match: re.Match[str]) -> str | None:
        """`3 m x 5 m`, `10 cm × 20 cm`: the unit of the first side stands before the cross."""
        head = match.string[max(0, match.start() - 16) : match.start()]
        return "mal" if re.search(rf"\d\s?(?:{_LENGTHS})\s?$", head) else None

    yield rule("dimensions", "letter sign", r"[x×*](?=\s?\d)", sides)
    yield rule("arithmetic", "digit", rf"{first}\s?[-–−]\s?{second}(?=\s?=)", lambda match: said(match, "minus"))
    yield rule("arithmetic", "digit", rf"{first}\s?:\s?{second}(?=\s?=)", lambda match: said(match, "geteilt durch"))


def score_rule(amounts: Amounts) -> Rule:
    """`7:2`, `1:10.000`."""

    def say(match: re.Match[str]) -> str | None:
        return f"{amounts.say(match['a'])} zu {amounts.say(match['b'])}"

    return rule("score", "digit", r"(?P<a>\d{1,3})(?::|\s:\s?)(?P<b>\d{1,3}(?:\.000){0,2})(?![\w:])[-‑]?", say)


def row_rule(amounts: Amounts) -> Rule:
    """`im 4-2-3-1`, `Bilanz: 5-2-0`."""

    def say(match: re.Match[str]) -> str:
        return " ".join(amounts.say(number) or number for number in re.split("[-–]", match["row"]))

    row = r"(?P<row>\d{1,2}(?:[-–]\d{1,2}){2,4})(?:[-‑](?=[A-ZÄÖÜ][a-zäöüß])|(?![\w-]|[.,:/–]\d))"
    return rule("row", "digit", row, say)


_QUOTE = re.compile(r'(?<!\d)"')
"""One that is no sign of inches."""


def inch_rule(amounts: Amounts) -> Rule:
    """`6,1"`, `27"-Monitor`; after an opening quote the sign closes it."""

    def say(match: re.Match[str]) -> str | None:
        opened = len(_QUOTE.findall(match.string, max(0, match.start() - 300), match.start()))
        return None if opened % 2 else f"{amounts.say(match['number'])} Zoll"

    return rule("unit", "digit", r"(?P<number>\d{1,3}(?:,\d)?)[\"″](?:-(?=[A-ZÄÖÜ])|(?=[\s,;.)]|$))", say)


def school_marks() -> Iterator[Rule]:
    """`Note 2-`, `die Note 3+`."""

    def say(match: re.Match[str]) -> str | None:
        if word_before(match).lower() not in ("note", "schulnote", "gesamtnote", "endnote"):
            return None
        return f"{numerals.cardinal(match['mark'], 'de')} {'plus' if match['sign'] == '+' else 'minus'}"

    yield rule("rating", "digit", r"(?P<mark>[1-6])(?P<sign>[-−–+])(?=[\s,.;:!?)]|$)", say)


def version_rule(amounts: Amounts) -> Rule:
    """`Industrie 4.0`, `Version 2.5`: a dot that groups no thousands is said."""

    def say(match: re.Match[str]) -> str | None:
        first, second = amounts.say(match["a"]), amounts.say(match["b"])
        return f"{first} Punkt {second}" if first and second else None

    return rule("version", "digit", r"(?P<a>\d{1,3})\.(?P<b>\d{1,2})(?:-(?=[A-ZÄÖÜ][a-zäöüß])|(?!\w|[.,]\d))", say)


def versioned_rule(amounts: Amounts) -> Rule:
    """`Version 2.5. erscheint`, `Kap. 3.2.`: no date."""

    def say(match: re.Match[str]) -> str | None:
        if word_before(match).lower() not in _VERSIONED:
            return None
        return f"{amounts.say(match['a'])} {amounts.dot} {amounts.say(match['b'])}"

    return rule("version", "digit", r"(?P<a>\d{1,3})\.(?P<b>\d{1,2})(?!\d|[.,]\d)(?:\.(?=\s[a-zäöü]))?", say)


_VERSIONED = words("de")["versioned"]
