"""French short forms that only the words around show: departures, cantons, sides of a street."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.romance.amounts import Romance
from tts_service.speakable.rules import Rule, any_of, rule, word_before
from tts_service.speakable.tables import pairs

_CANTONS = pairs("fr", "cantons")
_STREET = re.compile(r"(?<!\w)(?:rue|avenue|av\.|boul\.|boulevard|chemin|ch\.|rang|route) [^,.;]{2,40} $")

_ARTICLE = re.compile(r"(?:[Aa]rts?\.|[Aa]rticles?) [^;()]{1,40}$")
_LAWS = {
    "C. pén.": "du Code pénal",
    "C. civ.": "du Code civil",
    "C. trav.": "du Code du travail",
    "C. com.": "du Code de commerce",
    "C. proc. pén.": "du Code de procédure pénale",
    "C. proc. civ.": "du Code de procédure civile",
    "CPP": "du Code de procédure pénale",
    "CPC": "du Code de procédure civile",
    "CGI": "du Code général des impôts",
}


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

    def law(match: re.Match[str]) -> str | None:
        article = _ARTICLE.search(match.string, max(0, match.start() - 50), match.start())
        return _LAWS[match["law"].replace(" ", "").replace(".", ". ").strip()] if article else None

    hour = r"(?=\s(?:à\s)?\d{1,2}\s?[hH:])"
    yield rule("abbreviation", "letter word", rf"(?:[Dd]ép|[Aa]rr)\.{hour}", contents)
    yield rule("abbreviation", "letter word", r"[Rr]esp\.(?=\s?:)", lambda match: "responsable")
    yield rule("abbreviation", "letter word", r"[Rr]és\.(?=\s?:|\s(?:au|sur|à)\s)", lambda match: "réservations")
    yield rule("rate", "sign", r"/(?<=h/)(?=sem\.)", lambda match: "par")
    yield rule("age", "sign", r"[-−–](?=\d{1,2}\sans(?!\w))(?<=(?:[DdLl]es|[Aa]ux)\s.)", lambda match: "moins de")
    former = r"(?P<head>(?:[LlDd]['’])?(?:ex|vice|co)-)n[°º]"
    yield rule("abbreviation", "letter", former, lambda match: f"{match['head']}numéro")
    yield rule("abbreviation", "letter word", r"(?<=voix\s)c\.(?=\s\d)", lambda match: "contre")
    yield rule("unit", "letter word", r"(?<=€\sle\s)m(?=[,;.)]|\s?$)", lambda match: "mètre")
    yield rule("abbreviation", "letter", r"MT(?=\s\d{1,3}-\d)", lambda match: "mi-temps")
    yield rule("abbreviation", "letter word", r"(?<=\()est\.\s?:?(?=\s\d)", lambda match: "estimation")
    yield rule(
        "abbreviation", "letter word", r"[Tt]emp\.(?=\s(?:min|max|moy|ext|int|d[eu])(?!\w))", lambda m: "température"
    )
    yield rule("abbreviation", "letter", r"(?<=\de\s)j\.(?!\w)", lambda match: "journée")
    yield rule(
        "abbreviation",
        "letter word",
        r"(?:(?<=€\s)|(?<=mois\s)|(?<=mois\s\()|(?<=€\s\())(?:c\.\s?c\.|CC)(?!\w)",
        lambda m: "charges comprises",
    )
    laws = any_of(_LAWS).replace(r"\.\ ", r"\.\s?")
    yield rule("law", "letter", rf"(?<=\d\s)(?P<law>{laws})(?!\w)", law)
    yield rule("abbreviation", "letter word", r"[Mm](?:i-)?[tT]\.?(?=\s?:\s?\d)", lambda match: "mi-temps")
    yield rule("abbreviation", "letter word", r"(?<=\d\s)a\.(?=[,)])", lambda match: "ans")
    yield rule("direction", "letter", r"(?P<side>[NSEO])\.(?=[\s,])", side)
    if tongue.language == "fr-CH":
        names = any_of(_CANTONS)
        yield rule("canton", "letter", rf"(?<=\()(?P<party>)(?P<canton>{names})(?=\))", canton)
        yield rule("canton", "letter", rf"(?<=, )(?P<party>)(?P<canton>{names})(?=\))", canton)
        yield rule("canton", "sign", rf"/(?P<party>)(?P<canton>{names})(?=\))", lambda m: f", {_CANTONS[m['canton']]}")
