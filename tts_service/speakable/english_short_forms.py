"""English short forms that depend on the words around them: St., Dr., No., Mr without a dot, w/o, Town v City."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.abbreviations import ENGLISH, ENGLISH_UNDOTTED, ENGLISH_WORDS
from tts_service.speakable.english_amounts import is_american
from tts_service.speakable.letters import abbreviation_rules
from tts_service.speakable.rules import Rule, any_of, listed, rule, word_after, word_before

_OFTEN_WORDS = listed(
    "al. mar. max. est. wed. mon. sat. sun. sen. rep. pop. fig. art. ill. mass. wash. inst. ore. cap. del. ed. "
    "temp. sec. fr. pt. mt. ft. c. no. hon. lit. sing. ext. min."
)
"""Words of their own at a sentence's end: said in full only when something follows."""


def short_forms(language: str) -> Iterator[Rule]:
    """Abbreviations with their dots, then without, then those with a stroke."""
    table = ENGLISH if is_american(language) else {**ENGLISH, "hon.": "Honourable", "rt. hon.": "Right Honourable"}
    yield from abbreviation_rules(table, "en", _decide)

    def undotted(match: re.Match[str]) -> str | None:
        after, written = word_after(match), match.group()
        if written in ("No", "Nos", "Fig", "Vol"):
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

    def side(match: re.Match[str]) -> str:
        return {"N": "North", "S": "South", "E": "East", "W": "West"}[match.group()[0]]

    lands = "Korean?s?|Carolina|Dakota|Africans?|Africa|Ireland|Yorkshire|Virginia|Vietnam|Sudan|Wales|Jersey|Australia"
    yield rule("abbreviation", "letter", rf"[NSEW]\.?(?=\s(?:{lands})(?!\w))", side)

    def against(match: re.Match[str]) -> str | None:
        return "versus" if word_before(match)[:1].isupper() and word_after(match)[:1].isupper() else None

    yield rule("abbreviation", "letter", r"v(?=\s)", against)


def _decide(key: str, match: re.Match[str]) -> str | None:
    """What the words around decide; "" : not an abbreviation here."""
    before, after = (
        word_before(match),
        word_after(match) or match.string[match.end() : match.end() + 1].strip(",;:.!?)"),
    )
    if key == "st.":
        return "Saint" if after[:1].isupper() else "Street" if before[:1].isupper() else ""
    if key in ("max.", "min.") and after.islower() and after.isalpha():
        return "maximum" if key == "max." else "minimum"
    if key == "dr." and before[:1].isupper() and not after[:1].isupper():
        return "Drive"
    if key == "sec." and not after[:1].isdigit():
        return "Secretary" if after[:1].isupper() else ""
    if key == "est." and after[:1].isdigit() and len(after.rstrip(",.;)")) == 4:
        return "established"
    if key == "pt." and not after[:1].isdigit():
        return "Point" if after[:1].isupper() else ""
    if key in _OFTEN_WORDS and not after and match.string[match.end() : match.end() + 1] != ",":
        return ""
    if (
        key
        in (
            "rep.",
            "col.",
            "fr.",
            "ill.",
            "del.",
            "mass.",
            "miss.",
            "hon.",
            "gen.",
            "sun.",
            "sat.",
            "gov.",
            "sen.",
            "rev.",
            "pres.",
            "det.",
        )
        and not match.group()[0].isupper()
    ):
        return ""
    return None
