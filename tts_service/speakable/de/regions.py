"""What Austrian and Swiss papers write: `LH Karin Moser`, `VS Oberndorf`, `Härkingen SO`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.rules import Rule, any_of, rule, word_before
from tts_service.speakable.tables import pairs, rows, words

_TITLES = {
    where: {short: (man, woman) for short, place, man, woman in rows("de", "titles") if place == where}
    for where in ("austrian", "swiss")
}
_CANTONS = pairs("de", "cantons")
_WOMEN = words("de")["women"]
_SCHOOLS = {"VS": "Volksschule", "NMS": "Neue Mittelschule", "PI": "Polizeiinspektion", "FF": "Freiwillige Feuerwehr"}
_OFFICE = frozenset(("die", "der", "zur", "laut", "von", "bei"))
_PARTY = re.compile(r"\((?:[A-Z]{2,4}|Grüne|Mitte|Lega)[/,]\s?$")
_DEGREES = r"(?:(?:Univ\.-Prof|Dipl\.-Ing|Dr|Mag|Ing|Prof|DI|MMag|DDr|KR|KommR|ÖR|Ök\.-Rat)\.?\s){0,3}"
_PERSON = rf"\s{_DEGREES}(?P<first>[A-ZÄÖÜ][a-zäöüß]{{1,20}})"


def region_rules(traits: frozenset[str]) -> Iterator[Rule]:
    """Titles of both countries; schools and stations of Austria; cantons of Switzerland."""
    for where in sorted(traits & _TITLES.keys()):
        yield _title(_TITLES[where])
    if "austrian" in traits:
        name = r"(?=\s(?:(?:St|Bad|Maria|Groß|Ober)\.?\s)?[A-ZÄÖÜ][a-zäöüß]{2})"
        yield rule("abbreviation", "letter", rf"(?P<short>{any_of(_SCHOOLS)}){name}", lambda m: _SCHOOLS[m["short"]])
    if "swiss" in traits:
        yield rule("abbreviation", "letter", r"(?<=\d\s)(?:PW|Pw|LKW|Lkw)(?![\w-])", _vehicle)
        yield rule("address", "letter", rf"(?P<canton>{any_of(_CANTONS)})(?![\w'’/&-]|\.\w)", _canton)


def is_woman(name: str) -> bool:
    """Whether a first name is a woman's."""
    return name in _WOMEN or (name.endswith("a") and name not in ("Luca", "Sascha", "Mischa", "Andrea", "Joshua"))


def _title(titles: dict[str, tuple[str, str]]) -> Rule:
    def say(match: re.Match[str]) -> str:
        if match["short"] == "BH" and word_before(match).lower() in _OFFICE:
            return "Bezirkshauptmannschaft"
        return titles[match["short"]][is_woman(match["first"])]

    return rule("title", "letter", rf"(?P<short>{any_of(titles)})(?={_PERSON}(?!\w))", say)


def _vehicle(match: re.Match[str]) -> str:
    """`3 PW und 1 LKW`"""
    return "Personenwagen" if match.group()[0] == "P" else "Lastwagen"


def _canton(match: re.Match[str]) -> str | None:
    """`Härkingen SO`, `Kapo SG`: behind a name."""
    if match.string[match.end() : match.end() + 1] == ")" and _PARTY.search(
        match.string, max(0, match.start() - 12), match.start()
    ):
        return _CANTONS[match["canton"]]
    named = re.fullmatch(r"[A-ZÄÖÜ][a-zäöü]{2,20}(?:-[A-ZÄÖÜ][a-zäöü]{2,20})?", word_before(match))
    glued = match.string[match.start() - 1 : match.start()] == " "
    return _CANTONS[match["canton"]] if named and glued else None
