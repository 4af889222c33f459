"""French short forms that only the words around show: departures, cantons, sides of a street."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.romance.amounts import Romance
from tts_service.speakable.rules import Rule, any_of, rule, word_before
from tts_service.speakable.tables import pairs

_CANTONS = pairs("fr", "cantons")
_STREET = re.compile(r"(?<!\w)(?:rue|avenue|av\.|boul\.|boulevard|chemin|ch\.|rang|route) [^,.;]{2,40} $")


def news_rules(tongue: Romance) -> Iterator[Rule]:
    """`dép. 8 h`, `resp. : M. Roux`, `(PLR/VD)`, `rue Ste-Catherine O.`"""

    def canton(match: re.Match[str]) -> str:
        return f"{', ' if match['party'] else ''}{_CANTONS[match['canton']]}"

    def side(match: re.Match[str]) -> str | None:
        led = _STREET.search(match.string, max(0, match.start() - 60), match.start())
        return {"O": "ouest", "E": "est", "N": "nord", "S": "sud"}[match["side"]] if led else None

    def contents(match: re.Match[str]) -> str | None:
        counted = word_before(match).replace(",", "").isdecimal()
        return None if counted else {"d": "départ", "a": "arrivée"}[match.group()[0].lower()]

    hour = r"(?=\s(?:à\s)?\d{1,2}\s?[hH:])"
    yield rule("abbreviation", "letter word", rf"(?:[Dd]ép|[Aa]rr)\.{hour}", contents)
    yield rule("abbreviation", "letter", r"ex-n[°º](?=\s?\d)", lambda match: "ex-numéro")
    yield rule("abbreviation", "letter word", r"[Rr]esp\.(?=\s?:)", lambda match: "responsable")
    yield rule("abbreviation", "letter word", r"[Rr]és\.(?=\s?:|\s(?:au|sur|à)\s)", lambda match: "réservations")
    yield rule("abbreviation", "letter word", r"[Mm](?:i-)?[tT]\.?(?=\s?:\s?\d)", lambda match: "mi-temps")
    yield rule("abbreviation", "letter word", r"(?<=\d\s)a\.(?=[,)])", lambda match: "ans")
    yield rule("direction", "letter", r"(?P<side>[NSEO])\.(?=[\s,])", side)
    if tongue.language == "fr-CH":
        names = any_of(_CANTONS)
        yield rule("canton", "letter", rf"(?<=\()(?P<party>)(?P<canton>{names})(?=\))", canton)
        yield rule("canton", "letter", rf"(?<=, )(?P<party>)(?P<canton>{names})(?=\))", canton)
        yield rule("canton", "sign", rf"/(?P<party>)(?P<canton>{names})(?=\))", lambda m: f", {_CANTONS[m['canton']]}")
