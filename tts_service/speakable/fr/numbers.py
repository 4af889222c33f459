"""French number words: cardinals by gender, ordinals, fractions, and what the words around a number ask of it."""

from __future__ import annotations

import re

from tts_service.speakable import numerals
from tts_service.speakable.romance.amounts import SPACES, Form
from tts_service.speakable.rules import word_before
from tts_service.speakable.tables import series, words

_MANY_CENTS = re.compile(r"cents (?!m?[bt]?r?illi)")
_ONE_MORE = re.compile(r"(?:^|[ -])un$")
_TAIL = re.compile(rf"[{SPACES}](?:(?P<first>[a-zà-ÿœ]{{2,30}})(?:[{SPACES}](?P<second>[a-zà-ÿœ]{{2,30}}))?)")
_LABELS = words("fr")["labels"]
"""Behind these a number is a name: "page quatre-vingt", without s."""
_NEITHER = words("fr")["neither"]
"""Adjectives of both genders, and some that settle nothing: the word behind them decides."""
_FEMININE_ENDS = series("fr", "feminine ends")
_FEMININE = words("fr")["feminine"]
_MASCULINE = words("fr")["masculine"]


def cardinal(digits: str, form: Form, language: str = "fr") -> str | None:
    """`21`, "f" -> "vingt et une"; `80`, "label" -> "quatre-vingt"."""
    said = numerals.cardinal(digits, language)
    if not said:
        return None
    said = _MANY_CENTS.sub("cent ", said)
    if said.endswith("quatre-vingt"):
        # Belgian num2words leaves the s out.
        said += "s"
    if form == "f":
        return _ONE_MORE.sub(lambda found: f"{found.group()}e", said)
    if form == "label" and said.endswith(("vingts", "cents")):
        return said[:-1]
    return said


def ordinal(digits: str, feminine: bool = False) -> str | None:
    """`1` -> "premier", "première"; `80` -> "quatre-vingtième"."""
    if digits == "1":
        return "première" if feminine else "premier"
    said = numerals.ordinal(digits, "fr")
    return said.replace("vingts", "vingt").replace("cents", "cent") if said else None


def fraction(top: int, bottom: int) -> str | None:
    """`2`, `3` -> "deux tiers"."""
    if not 2 <= bottom <= 100 or top < 1 or top > 3 * bottom:
        return None
    name = {2: "demi", 3: "tiers", 4: "quart"}.get(bottom) or ordinal(str(bottom))
    plural = "" if top == 1 or bottom == 3 else "s"
    return f"{cardinal(str(top), 'm')} {name}{plural}"


def form(match: re.Match[str]) -> Form:
    """The form of a number by the words around it: "vingt et une femmes", "page quatre-vingt"."""
    tail = _TAIL.match(match.string, match.end(), min(len(match.string), match.end() + 64))
    many = match.group() != "1"
    if tail:
        noun = tail["first"]
        if noun in _NEITHER and tail["second"]:
            noun = tail["second"]
        if _is_feminine(noun, many):
            return "f"
        if many and noun.endswith(("s", "x")):
            return "m"
    before = word_before(match).lower() if match.string[match.start() - 2 : match.start() - 1] not in (",", ";") else ""
    if before.rpartition("'")[2].rpartition("’")[2] in _LABELS or re.fullmatch(r"1[1-9]\d\d|20\d\d", match.group()):
        return "label"
    return "alone"


def _is_feminine(noun: str, many: bool) -> bool:
    bare = noun
    if many and noun not in ("fois", "voix"):
        if not noun.endswith("s"):
            return False
        bare = noun[:-1]
    if bare in _MASCULINE:
        return False
    return bare in _FEMININE or bare.endswith(_FEMININE_ENDS)


def of(noun: str) -> str:
    """`euros` -> "d'euros"."""
    return f"d'{noun}" if noun[0].lower() in "aeiouhéèêâîôyœ" else f"de {noun}"
