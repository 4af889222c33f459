"""German names with numbers and letters: formulas, names of their own, gendered forms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.acronyms import SPELT, as_acronym
from tts_service.speakable.roman import roman_value
from tts_service.speakable.rules import Rule, any_of, rule, word_before
from tts_service.speakable.tables import pairs

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


_OWN_NAMES = pairs("de", "own_names")
_BEGUN = r"(?=[A-ZÄÖÜ][a-zäöü]{0,3}[aeiouyäöü])(?P<begin>[A-ZÄÖÜ][a-zäöü]{2,9})(?P<letters>[A-ZÄÖÜ]{1,3})"
"""A name whose beginning is said as a word: `FavAC`, `BayernLB`."""
_BEGINS_AS_WORD = re.compile(_BEGUN)


def formula_rules() -> Iterator[Rule]:
    """`CO₂`, `Boeing 737`, `KW 12`, `BAföG`, `FavAC`."""

    def chemical(match: re.Match[str]) -> str:
        parts = re.findall(r"[A-Za-z]|\d+", match.group().translate(_SUBSCRIPTS))
        return " ".join(numerals.cardinal(part, "de") or part if part.isdecimal() else part for part in parts)

    def aircraft(match: re.Match[str]) -> str:
        return f"Boeing {numerals.each_digit(match['number'], 'de')}"

    def week(match: re.Match[str]) -> str:
        return f"Kalenderwoche {numerals.cardinal(match['number'], 'de')}"

    def dust(match: re.Match[str]) -> str:
        return f"P M zwei Komma fünf{' ' if match['rest'] else ''}"

    yield rule("formula", "letter", r"PM[₂2][,.][₅5](?!\d)(?P<rest>-?)", dust)
    yield rule("formula", "letter", r"(?=[A-Za-z]{1,8}[₀-₉])(?:[A-Z][a-z]?[₀-₉]{0,3}){1,8}(?!\w)-?", chemical)
    yield rule("serial", "letter", r"Boeing\s(?P<number>7\d7)(?!\w)", aircraft)
    yield rule("week", "letter", r"KW\s?(?P<number>[1-5]?\d)(?!\w)", week)

    def pointed(match: re.Match[str]) -> str | None:
        if len(match["head"]) > 1 and roman_value(match["head"]):
            return None
        said = [
            numerals.each_digit(digits, "de") if digits[0] == "0" else numerals.cardinal(digits, "de")
            for digits in match["tail"].split(".")
        ]
        return " ".join([*match["head"], *filter(None, said)])

    def mixed(match: re.Match[str]) -> str | None:
        known = as_acronym(match["word"])
        if known and known.endswith("gericht") and word_before(match) == "des":
            return f"{known}s"
        if not known and _BEGINS_AS_WORD.fullmatch(match["word"]):
            return None
        return f"{known or ' '.join(match['word'].upper())}{match['s'] or ''}"

    def begun(match: re.Match[str]) -> str | None:
        if as_acronym(match["begin"] + match["letters"]):
            return None
        return " ".join([match["begin"], *match["letters"]]) + (match["s"] or "")

    def power(match: re.Match[str]) -> str:
        return f"{' '.join(match['letters'])} {'Quadrat' if match['p'] == '²' else 'hoch drei'}"

    yield rule("serial", "letter", r"(?P<head>[A-Z]{1,3})\.(?P<tail>\d{1,3}(?:\.\d{1,3}){0,4})(?!\w|\.\w)", pointed)
    yield rule("formula", "letter", r"(?![cdkm]?m[²³])(?P<letters>[A-Za-z]{1,2})(?P<p>[²³])(?!\w)", power)
    inner = r"(?=[^\W\d_]{1,4}[a-zäöü])[A-ZÄÖÜ][^\W\d_]{1,5}(?<=[A-ZÄÖÜ])"
    yield rule("acronym", "letter", rf"(?P<word>{inner})(?P<s>s)?(?![^\W_]|['’])[-‑]?", mixed)

    def extended(match: re.Match[str]) -> str | None:
        known = as_acronym(match["name"])
        return f"{known} {match['rest']}" if known and match["name"] in SPELT else None

    yield rule("acronym", "letter", r"(?P<name>[A-Z]{3})(?P<rest>[a-z]{3,8})(?![\w'’])", extended)
    yield rule("acronym", "letter", rf"{_BEGUN}(?P<s>s)?(?![^\W_]|['’])[-‑]?", begun)


def own_name_rule() -> Rule:
    """Names that no rule could guess, and acronyms that German says as a word."""
    names = rf"(?:{any_of(_OWN_NAMES)})(?![\w/])[-‑]?"
    return rule("name", "letter word digit", names, lambda match: _OWN_NAMES[match.group().rstrip("-‑")])


_SEXES = {"m": "männlich", "w": "weiblich", "d": "divers", "x": "divers"}


def gender_rules() -> Iterator[Rule]:
    """`Bürger*innen`, `Leser/in`, `BürgerInnen`: the break is heard, every letter stays."""

    def parted(match: re.Match[str]) -> str:
        return f"{match['stem']}-{match['end'].lower()}"

    stem = r"(?P<stem>[A-ZÄÖÜ][^\W\d_]{1,40}(?:-[^\W\d_]{1,40}){0,2})"
    ends = r"(?P<end>in(?:nen)?[a-zäöüß]{0,30})"
    yield rule("gendered", "letter", rf"{stem}(?:[*:_·]|/-?|\*_)-?{ends}(?!\w)", parted)
    yield rule("gendered", "letter", rf"{stem}\((?:-)?(?P<end>in(?:nen)?)\)(?!\w)", parted)
    yield rule(
        "gendered", "letter", r"(?P<stem>[A-ZÄÖÜ][^\W\d_]{1,40}?[a-zäöüß])(?P<end>Innen[a-zäöüß]{0,30})(?!\w)", parted
    )
    yield rule("gendered", "letter", r"(?P<stem>[^\W\d_]{1,40})[*:_](?P<end>[a-z]{1,3})(?!\w)", parted)
    yield rule(
        "gendered",
        "letter",
        r"[mwdx]/[mwdx]/[mwdx](?!\w)",
        lambda m: " ".join(_SEXES[letter] for letter in m.group()[::2]),
    )
