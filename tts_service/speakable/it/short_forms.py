"""Italian short forms: abbreviations by what must stand behind them, acronyms said and spelt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.romance.short_forms import ShortForms
from tts_service.speakable.rules import Rule, any_of, rule, word_before, words_before
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
)
"""Short forms of Italian."""
_CODES = pairs("it", "codes")
_LAWS = _LISTS["laws"]


def law_rules(tongue: Romance) -> Iterator[Rule]:
    """`l'art. 2043 c.c.`, `la legge 104/1992`, `lett. a)`."""

    def code(match: re.Match[str]) -> str:
        said = _CODES[re.sub(f"[{SPACES}]", "", match.group()).lower()]
        return f"del {said}" if word_before(match)[-1:].isdigit() else said

    def numbered(match: re.Match[str]) -> str | None:
        if not _LAWS & {word.strip(".") for word in words_before(match, 4)}:
            return None
        return f"{tongue.say(match['number'])} del {tongue.digits(match['year'])}"

    spellings = any_of(_CODES).replace(r"\.", rf"\.[{SPACES}]?").replace(rf"[{SPACES}]?|", "|")
    yield rule("abbreviation", "letter word", rf"(?:{spellings})(?<=\.)(?!\w)", code, re.I)
    yield rule("law", "digit", r"(?P<number>\d{1,4})/(?P<year>(?:19|20)\d\d|\d\d)(?![\w/])", numbered)
    yield rule("abbreviation", "letter word", r"lett\.(?=[ \u00a0][a-z](?!\w))", lambda match: "lettera")
