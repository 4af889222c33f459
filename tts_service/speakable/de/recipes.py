"""What German recipes write: `1 kl. Zwiebel`, `2 gestr. TL Salz`, `3-4 x tägl.`; adjectives agree with their noun."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amounts import Amounts
from tts_service.speakable.de.grammar import gender_of, noun_after, one
from tts_service.speakable.de.units import UNITS
from tts_service.speakable.rules import Rule, any_of, rule
from tts_service.speakable.tables import pairs

_KINDS = pairs("de", "recipe_kinds")
_SPOONS = ("EL", "TL")
_NEAR = rf"(?P<kind>{any_of(_KINDS)})\."
_ENDINGS = {"m": "er", "f": "e", "n": "es"}
_AMOUNT_BEFORE = re.compile(r"(?P<one>(?<![\d.,/½¼¾])1)?[\d½¼¾]?\s(?:(?P<unit>[^\W\d_]{1,6}\.?)\s)?$")


def recipe_rules(amounts: Amounts) -> Iterator[Rule]:
    """Asked before short forms: `kl.` is a class elsewhere."""

    def kind(match: re.Match[str]) -> str | None:
        before = _AMOUNT_BEFORE.search(match.string, max(0, match.start() - 12), match.start())
        if before is None or not re.search(r"[\d½¼¾]\s", before.group()[:3] + " "):
            return None
        if before["unit"] and before["unit"] not in UNITS:
            return None
        stem = _KINDS[match["kind"]]
        spoon = noun_after(match)
        if match["kind"] == "geh" and spoon in _SPOONS:
            stem = "gehäuft"
        noun = UNITS[spoon].one if spoon in UNITS else spoon
        return f"{stem}{_ENDINGS[gender_of(noun)] if before['one'] and not before['unit'] else 'e'}"

    def single(match: re.Match[str]) -> str:
        spoon = noun_after(match)
        return one(match, gender_of(UNITS[spoon].one if spoon in UNITS else spoon))

    def times(match: re.Match[str]) -> str | None:
        first, last = amounts.say(match["a"]), amounts.say(match["b"])
        return f"{first} bis {last}mal" if first and last else None

    yield rule("recipe", "letter", rf"{_NEAR}(?=\s[A-ZÄÖÜ])", kind)
    yield rule("one", "digit", rf"1(?=\s{_NEAR}\s[A-ZÄÖÜ])", single)
    yield rule("times", "digit", r"(?P<a>\d{1,2})\s?[-–]\s?(?P<b>\d{1,2})\s?[x×](?![\w])(?!\s?\d)", times)
    spoon = rf"(?P<unit>{'|'.join(_SPOONS)})"
    behind = rf"(?<=\.\s){spoon}(?=\s[A-ZÄÖÜ]|\s?$)"
    yield rule("unit", "letter", behind, _spoon)


def _spoon(match: re.Match[str]) -> str | None:
    head = match.string[max(0, match.start() - 20) : match.start()]
    found = re.search(rf"(?P<number>[\d½¼¾,/]{{1,6}})\s{_NEAR}\s$", head)
    unit = UNITS[match["unit"]]
    return (unit.one if found["number"] == "1" else unit.many) if found else None
