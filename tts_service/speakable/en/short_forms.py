"""English short forms that depend on the words around them: St., Dr., No., Mr without a dot, w/o, Town v City."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.en.amounts import is_american
from tts_service.speakable.letters import abbreviation_rules
from tts_service.speakable.rules import Rule, any_of, listed, rule, word_after, word_before
from tts_service.speakable.tables import pairs, words

ENGLISH, ENGLISH_UNDOTTED = pairs("en", "abbreviations"), pairs("en", "undotted")
ENGLISH_WORDS = pairs("en", "short_words")
_OFTEN_WORDS = words("en")["often words"]
"""Words of their own at a sentence's end: said in full only when something follows."""


_WEEKDAYS = {"mon.": "Monday", "wed.": "Wednesday", "sat.": "Saturday", "sun.": "Sunday"}
_BEFORE_DAYS = words("en")["before weekdays"]
_BEFORE_SPANS = listed("a an per each every last next this first second third")
_CODE = re.compile(r"[A-Z]{1,4}-?\d")
_CHANNEL = re.compile(r"\s\d{1,2}(?:\s\(?[KW][A-Z]{2,3}\b|\s(?:[Nn]ews|will air|airs|aired|reported|reports))")
_ADJUSTED = listed("EPS profit profits earnings income EBITDA net margin loss operating gross basis")
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)")
_BEFORE_NUMBERS = listed("No Nos Fig Vol Yr Yrs Bldg Apt Rm Jct")
_CAPITALISED = words("en")["capitalised"]
"""Titles and places only with a capital: "gov." is the end of an address."""


def short_forms(language: str) -> Iterator[Rule]:
    """Abbreviations with their dots, then without, then those with a stroke."""
    table = ENGLISH if is_american(language) else {**ENGLISH, "hon.": "Honourable", "rt. hon.": "Right Honourable"}
    yield from abbreviation_rules(table, needs_number=words("en")["needs number"], decide=_decide)

    def undotted(match: re.Match[str]) -> str | None:
        after, written = word_after(match), match.group()
        if written in _BEFORE_NUMBERS:
            return ENGLISH_UNDOTTED[written] if after[:1].isdigit() else None
        if written in ("Inc", "Ltd", "Co", "Corp", "Jr", "Sr", "Bros"):
            return ENGLISH_UNDOTTED[written] if word_before(match)[:1].isupper() or word_before(match) == "&" else None
        if not after[:1].isupper() or after in ("Z", "X", "Y"):
            return None
        return ENGLISH_UNDOTTED[written]

    yield rule("abbreviation", "letter", rf"(?:{any_of(ENGLISH_UNDOTTED)})(?![\w.'’-])", undotted)
    yield rule(
        "abbreviation", "letter word", rf"(?:{any_of(ENGLISH_WORDS)})(?!\w|\.\w)", lambda m: ENGLISH_WORDS[m.group()]
    )

    yield rule("abbreviation", "letter", r"[Nn]o\.-(?=\d)", lambda match: "number")

    yield rule(
        "acronym",
        "letter",
        r"(?!Mc|Mi|Le|La|De|Di|Du|Ma)[A-Z][a-z][A-Z](?![\w])",
        lambda m: " ".join(m.group().upper()),
    )

    def side(match: re.Match[str]) -> str:
        return {"N": "North", "S": "South", "E": "East", "W": "West"}[match.group()[0]]

    lands = "Korean?s?|Carolina|Dakota|Africans?|Africa|Ireland|Yorkshire|Virginia|Vietnam|Sudan|Wales|Jersey|Australia"
    yield rule("abbreviation", "letter", rf"[NSEW]\.?(?=\s(?:{lands})(?!\w))", side)

    def against(match: re.Match[str]) -> str | None:
        return "versus" if word_before(match)[:1].isupper() and word_after(match)[:1].isupper() else None

    yield rule("abbreviation", "letter", r"v(?=\s)", against)
    yield rule("abbreviation", "letter word", r"(?<=,\s)v\.(?=\s[$£€]?\d)", lambda match: "versus")
    yield rule("abbreviation", "letter", r"(?<=(?:nd|rd|th|st)\s)Bn(?![\w.])", lambda match: "Battalion")
    yield rule("abbreviation", "letter word", r"nr(?=\s[A-Z])", lambda match: "near")
    yield rule("abbreviation", "letter", r"Op\.(?=\s[A-Z][a-z])", lambda match: "Operation")
    again = {"yr": "year", "wk": "week", "mo": "month", "qtr": "quarter"}
    twice = r"(?P<unit>yr|wk|mo|qtr)\.?/(?P=unit)(?!\w)\.?"
    yield rule("rate", "letter word", twice, lambda match: f"{again[match['unit']]} over {again[match['unit']]}")


def _decide(key: str, match: re.Match[str]) -> str | None:
    """What the words around decide; "" : not an abbreviation here."""
    before = word_before(match)
    after = word_after(match) or match.string[match.end() : match.end() + 1].strip(",;:.!?)")
    name, number = after[:1].isupper(), after[:1].isdigit()
    if key == "st.":
        return "Saint" if name else "Street" if before[:1].isupper() else ""
    if (key in ("lat.", "long.") and not number) or (key == "adj." and after not in _ADJUSTED):
        return ""
    if key == "min." and _ORDINAL.fullmatch(before):
        return "minute"
    if key in ("max.", "min.") and after.islower() and after.isalpha():
        return "maximum" if key == "max." else "minimum"
    if key == "dr." and before[:1].isupper() and not name:
        return "Drive"
    if (
        key in _WEEKDAYS
        and match.group()[0].isupper()
        and (before.lower() in _BEFORE_DAYS or before.islower() or before.isdecimal())
    ):
        return _WEEKDAYS[key]
    if (
        key in ("yr.", "wk.", "mo.", "hr.")
        and not match.group().isupper()
        and (_ORDINAL.fullmatch(before) or before.lower() in _BEFORE_SPANS)
    ):
        return ENGLISH[key]
    if key in ("sec.", "pt.") and not number:
        office = name or (key == "sec." and after == "of")
        return ("Secretary" if key == "sec." else "Point") if office else ""
    if key == "no." and after == "I":
        return ""
    if key == "no." and _CODE.match(after):
        return "number"
    if key == "maj." and match.group()[0] == "m" and (number or after == "of"):
        return "majority"
    if key == "ch." and _CHANNEL.match(match.string, match.end()):
        return "Channel"
    if key == "rev." and match.group()[0] == "r" and not name:
        return "revenue" if after else ""
    if key == "ord." and after in ("No", "No.", "Number"):
        return "Ordinance"
    if key == "pt." and word_before(match).endswith("-"):
        return "point"
    if (key == "est." and (after[:1] == "0" or after == "zero")) or (key == "hr." and match.group().isupper()):
        return ""
    if key == "est." and number and len(after.rstrip(",.;)")) == 4:
        return "established"
    last = match.end() >= match.endpos
    ends = last or (not after and match.string[match.end() : match.end() + 1] not in (",", ";", ":", ")"))
    small = key in _CAPITALISED and not match.group()[0].isupper()
    return "" if small or (ends and key in _OFTEN_WORDS) else None
