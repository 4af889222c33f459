"""Spanish number words: cardinals by gender and place, ordinals, fractions, and what the words around a number ask."""

from __future__ import annotations

import re

from tts_service.speakable import numerals
from tts_service.speakable.romance.amounts import SPACES, Form
from tts_service.speakable.rules import word_before
from tts_service.speakable.tables import pairs, series, words

_ONE = re.compile(r"\b(veinti)?uno\b")
_BEFORE_SCALE = re.compile(r"\b(veinti)?uno(?= (?:mil|\w{1,8}ill(?:ón|ones))\b)")
_HUNDREDS = re.compile(r"(cient|quinient)os\b")
_TAIL = re.compile(rf"(?:[{SPACES}]mil)?[{SPACES}](?P<noun>[a-záéíóúüñ]{{2,30}})")
_LABELS = words("es")["labels"]
"""Behind these a number is a name: "la página doscientos"."""
_NO_NOUN = words("es")["no noun"]
"""Words behind a number that it doesn't count."""
_MASCULINE = words("es")["masculine"]
# With the accent of their plural: imágenes, órdenes.
_FEMININE = words("es")["feminine"]
_FEMININE_ENDS = series("es", "feminine ends")
_UNITS = series("es", "units")
_TENS = series("es", "tens")
_JOINED = {1: "decimo", 2: "vigesimo"}
_PARTS = pairs("es", "parts")


def cardinal(digits: str, form: Form) -> str | None:
    """`21`: "veintiuno", before masculine nouns "veintiún", before feminine ones "veintiuna"; `200`, "f" ->
    "doscientas"."""
    said = numerals.cardinal(digits, "es")
    if not said:
        return None
    scale = re.search(r"^.* mill(?:ón|ones)(?= |$)|^.* bill(?:ón|ones)(?= |$)", said)
    head, tail = (said[: scale.end()], said[scale.end() :]) if scale else ("", said)
    head = _BEFORE_SCALE.sub(_short, head)
    if form == "f":
        # "veintiuna mil", but "un mil" is no number: thousands agree with the noun too.
        return head + _HUNDREDS.sub(r"\1as", _ONE.sub(lambda one: f"{one[1] or ''}una", tail))
    tail = _BEFORE_SCALE.sub(_short, tail)
    return head + (_ONE.sub(_short, tail) if form == "m" else tail)


def _short(one: re.Match[str]) -> str:
    return "veintiún" if one[1] else "un"


def ordinal(value: int, feminine: bool = False, before_noun: bool = False) -> str | None:
    """`3` -> "tercero", "tercera", before a masculine noun "tercer"; `25` -> "vigesimoquinto". None from 1000 on."""
    if value == 0 or value > 999:
        return None
    hundreds, rest = divmod(value, 100)
    if hundreds:
        start = numerals.ordinal(str(100 * hundreds), "es")
        start = start[:-1] + "a" if start and feminine else start
        return f"{start} {ordinal(rest, feminine, before_noun)}" if rest else start
    tens, unit = divmod(value, 10)
    if value in (11, 12):
        said = "undécimo" if value == 11 else "duodécimo"
    elif not tens:
        said = _UNITS[unit - 1]
    elif not unit:
        said = _TENS[tens - 1]
    elif tens in _JOINED:
        said = _JOINED[tens] + _UNITS[unit - 1]
    else:
        said = f"{_TENS[tens - 1]} {_UNITS[unit - 1]}"
    if feminine:
        return " ".join(word[:-1] + "a" for word in said.split())
    return said[:-1] if before_noun and said.endswith(("primero", "tercero")) else said


def fraction(top: int, bottom: int) -> str | None:
    """`2`, `3` -> "dos tercios"."""
    if str(bottom) not in _PARTS or top < 1 or top > 3 * bottom:
        return None
    return f"{cardinal(str(top), 'm')} {_PARTS[str(bottom)]}{'' if top == 1 else 's'}"


def form(match: re.Match[str]) -> Form:
    """The form of a number by the words around it: "doscientas personas", "veintiún años", "las veintiuna"."""
    before = word_before(match).lower() if match.string[match.start() - 2 : match.start() - 1] not in (",", ";") else ""
    one = match.group() == "1"
    if before in _LABELS and (
        before not in ("en", "desde", "hasta") or re.fullmatch(r"1[1-9]\d\d|20\d\d", match.group())
    ):
        return "label"
    tail = _TAIL.match(match.string, match.end(), min(len(match.string), match.end() + 48))
    found = gender(tail["noun"], many=not one) if tail else None
    if found:
        return found
    if tail and tail["noun"] == "mil":
        return "m"
    return "f" if before in ("las", "unas") or (before == "la" and one) else "alone"


def gender(noun: str, *, many: bool) -> Form | None:
    """ "f" or "m" for a noun in the plural (`many`) or singular; None for a word that is none."""
    if noun in _NO_NOUN:
        return None
    bare = noun
    if many:
        if not noun.endswith("s"):
            return "m" if noun in ("mil", "millón") else None
        bare = noun if noun in _MASCULINE else _singular(noun)
    if bare in _MASCULINE:
        return "m"
    return "f" if bare in _FEMININE or bare.endswith(_FEMININE_ENDS) else "m"


def _singular(noun: str) -> str:
    if noun.endswith("ces"):
        return noun[:-3] + "z"
    if noun.endswith("iones"):
        return noun[:-5] + "ión"
    if noun.endswith(("dades", "tades", "tudes")) or noun[:-2] in _FEMININE:
        return noun[:-2]
    return noun[:-1]
