"""What German service boxes and result lines write: `(dpa)` at the start, `AS Homberg`, `zzgl. NK`, `Tabellen-4.`"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.acronyms import as_acronym
from tts_service.speakable.de.grammar import ordinal, words_before
from tts_service.speakable.de.places import CITIES
from tts_service.speakable.rules import Rule, any_of, rule, word_after, word_before
from tts_service.speakable.tables import rows

_ENDS = {short: (said, genitive) for short, said, genitive in rows("de", "compound_ends")}
_OF = re.compile(r"(?:des|eines|dieses|jenes|ihres|seines|unseres)")
_ROADS = re.compile(r"\b(?:A|AK|AD|AS)\s?\d{1,3}\b|\bStau|\bAutobahn|\bzw\.|\bRi\.|\bAS\s[A-ZÄÖÜ]")
_MARGIN = 8
"""Characters of white space before a text's first word, at most."""
_CROSSINGS = {"AS": "Anschlussstelle", "AK": "Autobahnkreuz", "AD": "Autobahndreieck"}
_RANKED = r"(?:Tabellen|Vorjahres|WM-?|EM-?|Olympia-?|DM-?|[A-ZÄÖÜ][a-zäöü]{0,20}(?:liga|ranglisten|lisch))"
_RENT = {"NK": "Nebenkosten", "BK": "Betriebskosten", "HK": "Heizkosten", "WM": "Warmmiete", "KM": "Kaltmiete"}


def box_rules() -> Iterator[Rule]:
    """Asked before acronyms and numbers."""
    numbered = r"(?!(?:i{1,3}|iv|vi{0,3}|ix|xi{0,3})\))"
    agency = r"(?:[a-zäöü]{2,6}|[A-Z]{3})"
    credited = rf"\({numbered}{agency}(?:/{agency}){{0,3}}\)(?=\s[A-ZÄÖÜ„])"
    yield rule("agency", "sign", credited, _agency)
    yield rule("abbreviation", "letter", rf"(?P<short>{any_of(_CROSSINGS)})(?=\s[A-ZÄÖÜ][a-zäöü])", _crossing)
    yield rule("abbreviation", "letter", rf"(?P<short>{any_of(_RENT)})(?![\w-])", _rent)
    yield rule("abbreviation", "letter", r"(?P<general>Gen)?StA(?![\w'’])(?!-)", _prosecution)
    letters = r"(?P<a>[A-Z])[–-](?P<b>[A-Z])(?![\w-])"
    yield rule("range", "letter", letters, _letters)
    quarters = r"Q(?P<a>[1-4])\s?[-–]\s?Q(?P<b>[1-4])(?!\w)"
    yield rule(
        "range",
        "letter",
        quarters,
        lambda m: f"Q {numerals.cardinal(m['a'], 'de')} bis Q {numerals.cardinal(m['b'], 'de')}",
    )
    ends = rf"(?P<name>[A-ZÄÖÜ][^\W\d_]{{1,30}}(?:-[A-ZÄÖÜ][^\W\d_]{{1,30}}){{0,2}})-(?P<end>{any_of(_ENDS)})\.(?!\w)"
    yield rule("abbreviation", "letter", ends, _compound_end)
    ranked = rf"(?P<name>{_RANKED})-(?P<rank>\d{{1,2}})\.(?=[\s,;:!?)]|$)"
    yield rule("ordinal", "letter", ranked, _ranked)
    led = r"v\.(?=\s(?:[A-ZÄÖÜ]\.(?:\s?[A-ZÄÖÜ]\.)?\s?[A-ZÄÖÜ][a-zäöü]|(?!Chr)[A-ZÄÖÜ][a-zäöüß]{2}))"
    yield rule("abbreviation", "letter word", led, _by)


def _agency(match: re.Match[str]) -> str | None:
    """`(sda) Das Bundesgericht`: who wrote it, before the first word."""
    return "" if match.start() < _MARGIN and not match.string[: match.start()].strip() else None


def _crossing(match: re.Match[str]) -> str | None:
    near = _ROADS.search(match.string, max(0, match.start() - 60), match.start())
    return _CROSSINGS[match["short"]] if near else None


def _rent(match: re.Match[str]) -> str | None:
    """`620 € zzgl. NK`, `480 € KM`."""
    head = match.string[max(0, match.start() - 24) : match.start()]
    led = re.search(
        r"(?:zzgl|inkl|zuzügl|exkl)\.\s$|(?:€|Euro)\s(?:\w{4}\s)?(?:(?:zzgl|inkl|zuzügl|exkl)\.|plus|und|u\.|\+)?\s?$",
        head,
    )
    paid = re.match(r"\s€", match.string[match.end() : match.end() + 2])
    return _RENT[match["short"]] if led or paid else None


def _letters(match: re.Match[str]) -> str | None:
    """`von A–Z`, `Block B–D`"""
    return f"{match['a']} bis {match['b']}" if match["a"] < match["b"] and "–" in match.group() else None


_PROSECUTORS = re.compile(r"(?:(?:[Dd]e[mn]|[Ee]in(?:e[mn])?|Erste[rnm]|Leitende[rnm]|Oberste[rnm]|Herr)\s|\bDer\s)$")
_PERSON = re.compile(r"(?:^|[.!?:]|,)\s?$")


def _prosecution(match: re.Match[str]) -> str:
    """`die StA ermittelt` is the office; `der erste StA` and `StA Meier` are people."""
    head = match.string[max(0, match.start() - 24) : match.start()]
    after = word_after(match)
    named = _PERSON.search(head) and after[:1].isupper() and after not in CITIES
    word = "staatsanwalt" if _PROSECUTORS.search(head) or named else "staatsanwaltschaft"
    return f"General{word}" if match["general"] else word.capitalize()


def _compound_end(match: re.Match[str]) -> str:
    """`des Goethe-Gymn.`"""
    before = (["", *words_before(match, 1)])[-1]
    name = as_acronym(match["name"])
    return f"{name + ' ' if name else match['name'] + '-'}{_ENDS[match['end']][bool(_OF.fullmatch(before))]}"


_NOMINATIVE = ("", "ein", "als", "wurde", "wird", "ist", "war", "bleibt")


def _ranked(match: re.Match[str]) -> str:
    """`den Tabellen-4.`, `der WM-3.`"""
    name, before = match["name"].rstrip("-"), (["", *words_before(match, 1)])[-1]
    ending = "e" if before in ("der", "die") else "er" if before in _NOMINATIVE else "en"
    said = ordinal(match["rank"], ending)
    if name.isupper():
        return f"{' '.join(name)} {said.capitalize()}"
    return f"{name}-{said.capitalize()}" if name == "Olympia" else f"{name}{said}"


def _by(match: re.Match[str]) -> str | None:
    """`Werke v. J. S. Bach`, `Bernd v. Hagen`; `5 v. H.` and `i. v. Müller` are none."""
    before = word_before(match)
    quoted = match.string[max(0, match.start() - 2) : match.start()].strip() in ("“", "”", '"', "«", "»")
    return (
        "von"
        if (before[:1].isalpha() or quoted) and len(before.rstrip(".")) > 1 and word_after(match) != "Chr"
        else None
    )
