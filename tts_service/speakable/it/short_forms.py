"""Italian short forms: abbreviations by what must stand behind them, acronyms said and spelt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.romance.short_forms import ShortForms, letters
from tts_service.speakable.rules import Rule, any_of, listed, rule, word_before, words_before
from tts_service.speakable.tables import pairs, words

_LISTS = words("it")
ITALIAN = ShortForms(
    titles=pairs("it", "titles"),
    numbered=pairs("it", "numbered"),
    anywhere=pairs("it", "anywhere"),
    said=_LISTS["said"],
    spelt=_LISTS["spelt"],
    loud=_LISTS["loud"],
    # Newspapers write acronyms like names: Bce, Cgil.
    whole={name: " ".join(name.upper()) for name in _LISTS["spelt names"]} | {"Ftse": "Futsi", "FTSE": "Futsi"},
    and_="e",
    women={
        "dep.": "deputata",
        "sen.": "senatrice",
        "cons.": "consigliera",
        "ass.": "assessora",
        "prof.": "professoressa",
    },
)
"""Short forms of Italian."""
_CONSONANTS = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ][bcdfghjklmnpqrstvwxz]{1,4}")
"""Newspapers write acronyms like names; without a vowel nobody can say them."""
_WORDS_OF_CONSONANTS = _LISTS["words of consonants"]
_CODES = pairs("it", "codes")
_LAWS = _LISTS["laws"]
_ONLY_NUMBERED = listed("c.d.s.")
"""Codes whose letters are something else without an article's number: the Consiglio di Stato."""
_NUMBER_BEHIND = re.compile(rf"[{SPACES}]\d{{1,5}}(?!\d)")
_BEFORE_LAW = listed("n n. n° nº nr. numero l. legge")


def consonants_rule() -> Rule:
    """`Btp`, `Fca`, where they stand alone."""
    return rule("acronym", "letter", rf"{_CONSONANTS.pattern}(?![\w.'’-])", lambda match: in_letters(match.group()))


def in_letters(part: str) -> str | None:
    """An acronym as it is said: `Onu`, `B T P`. None: a word."""
    said = letters(part, ITALIAN)
    if said or part in _WORDS_OF_CONSONANTS or not _CONSONANTS.fullmatch(part):
        return said
    return " ".join(part.upper())


def law_rules(tongue: Romance) -> Iterator[Rule]:
    """`l'art. 2043 c.c.`, `la legge 104/1992`, `lett. a)`."""

    def code(match: re.Match[str]) -> str | None:
        written = re.sub(f"[{SPACES}]", "", match.group()).lower()
        before = word_before(match)
        if written in ("c.p.", "cp") and not before[-1:].isdigit() and _NUMBER_BEHIND.match(match.string, match.end()):
            return "casella postale"
        if before[-1:].isdigit() or before.endswith(("bis", "ter", "quater")):
            return f"del {_CODES[written]}"
        return None if written in _ONLY_NUMBERED else _CODES[written]

    def of_year(match: re.Match[str]) -> str | None:
        numbered = word_before(match).lower() in _BEFORE_LAW and len(match["year"]) == 4
        before = {part.strip(".") for word in words_before(match, 4) for part in word.split("-")}
        if not numbered and not _LAWS & before:
            return None
        # "81/08" is of 2008, "104/92" is left as it stands.
        year = f"20{match['year']}" if len(match["year"]) == 2 and match["year"] < "30" else match["year"]
        return f"{tongue.say(match['number'])} del {tongue.digits(year)}"

    spellings = any_of(_CODES).replace(r"\.", rf"\.[{SPACES}]?").replace(rf"[{SPACES}]?|", "|")
    yield rule("abbreviation", "letter word", rf"(?:{spellings})(?<=\.)(?!\w)", code, re.I)
    yield rule("law", "digit", r"(?P<number>\d{1,4})/(?P<year>(?:19|20)\d\d|\d\d)(?![\w/])", of_year)
    # Not before "e", as other titles may: "il mar. e il gio." are days.
    yield rule("abbreviation", "letter", rf"[Mm]ar\.(?=[{SPACES}][A-ZÀ-Ý])", lambda match: "maresciallo")
    yield rule("abbreviation", "letter word", r"lett\.(?=[ \u00a0][a-z](?!\w))", lambda match: "lettera")
