"""German short forms of articles, prepositions and nouns that take their form from the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.de.grammar import ending_of, gender_of
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before
from tts_service.speakable.tables import words


def agreeing_rules() -> Iterator[Rule]:
    """`Leiter d. Schule`, `i. Kreis`, `des Angekl.`, `2. Rd.`, `im Gr. Saal`."""
    yield rule("abbreviation", "letter", r"(?:[Ii]\.\s?)?d\.(?=\s[A-ZÄÖÜ][a-zäöüß]{2})", _article)
    yield rule("abbreviation", "letter", r"e\.(?=\s[A-ZÄÖÜ][a-zäöüß]{2})", _of_one)
    yield rule("abbreviation", "letter", r"b\.\s?d\.(?=\s[A-ZÄÖÜ][a-zäöüß]{2})", _at_the)
    within = r"i\.\s?R\.\s?d\.(?=\s[A-ZÄÖÜ][a-zäöüß])"
    yield rule("abbreviation", "letter", within, lambda match: f"im Rahmen {_genitive(word_after(match))}")
    dated = r"d\.(?=\s\d{1,2}\.\s?(?:[A-ZÄ][a-zä]{2}|\d{1,2}\.))"
    yield rule("abbreviation", "letter", dated, _dated)
    accused = r"(?P<stem>[Aa]ngekl|[Bb]eschuld|[Gg]eschäd|[Vv]erl)\."
    yield rule("abbreviation", "letter", accused, _accused)
    inside = (
        rf"i\.(?=\s(?:[A-ZÄÖÜ][a-zäöüß]{{2}}|{'|'.join(key[:3].capitalize() for key in words('de')['month keys'])}))"
    )
    yield rule("abbreviation", "letter", inside, _inside)
    yield rule("abbreviation", "letter", r"(?<=\()s\.(?=\s[A-ZÄÖÜ][a-zäöü])", lambda match: "siehe")
    yield rule("abbreviation", "letter", r"f\.(?=\s\d)", _for_number)
    yield rule("abbreviation", "letter", r"z\.(?=\s[A-ZÄÖÜ][a-zäöüßj])", _to)
    yield rule("abbreviation", "letter", r"Rd\.", _round)
    yield rule("abbreviation", "letter", r"Vorl\.(?=\s[A-ZÄÖÜ])", lambda match: "Vorlage")
    yield rule("abbreviation", "letter", r"(?P<size>Gr|Kl)\.(?=\s[A-ZÄÖÜ][a-zäöüß]{3})", _size)
    yield rule("abbreviation", "letter", r"gg\.(?=\s[\dA-ZÄÖÜ])", lambda match: "gegen")


def _article(match: re.Match[str]) -> str | None:
    """`Leiter d. Schule`, `Ende d. Jahres`, `stürmen d. Rathaus`, `i. d. Stadt`."""
    noun, before = word_after(match), word_before(match)
    gender = gender_of(noun)
    if match.group()[0] in "iI":
        return "in der" if gender == "f" else "in dem"
    if len(before) < 2 and not before.isdecimal() and before != "%":
        return None
    if before.endswith("."):
        return None
    if before[0].isupper() or before.isdecimal() or before == "%":
        return _genitive(noun)
    if before.lower() in words("de")["with dative"]:
        return "der" if gender == "f" else "dem"
    return {"m": "den", "f": "die", "n": "das"}[gender]


def _inside(match: re.Match[str]) -> str:
    """`i. Kreis`, `i. Okt.`"""
    return "in der" if gender_of(word_after(match)) == "f" else "im"


def _dated(match: re.Match[str]) -> str:
    """`am Dienstag, d. 3. Dezember`"""
    return "dem" if _ON_DAY.search(match.string, max(0, match.start() - 20), match.start()) else "der"


_ON_DAY = re.compile(r"\b[Aa]m\s\S{2,12},\s$")


def _genitive(noun: str) -> str:
    return "des" if gender_of(noun) != "f" and noun.endswith("s") else "der"


def _of_one(match: re.Match[str]) -> str | None:
    """`der Fahrer e. Sattelzugs`"""
    before, noun = word_before(match), word_after(match)
    if len(before) < 2 or not before[0].isupper() or before.endswith("."):
        return None
    return "einer" if gender_of(noun) == "f" else "eines"


def _at_the(match: re.Match[str]) -> str:
    """`b. d. Feuerwehr`"""
    return "bei der" if gender_of(word_after(match)) == "f" else "bei dem"


def _to(match: re.Match[str]) -> str | None:
    """`2 % z. Vormonat`"""
    opened = match.string[max(0, match.start() - 1) : match.start()] == "("
    if len(word_before(match).rstrip(".")) < 2 and word_before(match) != "%" and not opened:
        return None
    return "zur" if gender_of(word_after(match)) == "f" else "zum"


def _for_number(match: re.Match[str]) -> str | None:
    """`Zahlen f. 2024`, but `S. 34 f. 2 Bilder`"""
    return None if not word_before(match) or word_before(match)[-1].isdecimal() else "für"


def _round(match: re.Match[str]) -> str | None:
    """`2. Rd.`"""
    return "Runde" if re.fullmatch(r"\d{1,2}\.", word_before(match)) else None


def _size(match: re.Match[str]) -> str | None:
    """`im Gr. Saal`"""
    listed_ = match.string[max(0, match.start() - 2) : match.start()] == ", "
    if not listed_ and word_before(match).lower() not in _BEFORE_SIZE:
        return None
    return f"{'Groß' if match['size'] == 'Gr' else 'Klein'}{ending_of(match)}"


_BEFORE_SIZE = listed("der die das den dem des im am zum zur vom beim")
_ACCUSED = {"angekl": "Angeklagte", "beschuld": "Beschuldigte", "geschäd": "Geschädigte", "verl": "Verletzte"}


def _accused(match: re.Match[str]) -> str | None:
    """`des Angekl.`, `ein Beschuld.`"""
    article = word_before(match).lower()
    if match["stem"].lower() == "verl" and article not in ("der", "die", "den", "dem", "des"):
        return None
    ending = "r" if article == "ein" else "" if article in ("der", "die", "das", "eine", "") else "n"
    return f"{_ACCUSED[match['stem'].lower()]}{ending}"
