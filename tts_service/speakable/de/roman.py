"""German rulers, chapters and centuries in roman numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.de.grammar import ending_of, ordinal
from tts_service.speakable.roman import REGNAL, roman_value
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before
from tts_service.speakable.tables import series, words

_QUEENS = words("de")["queens"]
_RULERS = REGNAL | _QUEENS | words("de")["rulers"]
_NUMBERED = words("de")["numbered"]
_NO_NAMES = series("de", "no names")
_TO_DATIVE = words("de")["to dative"]
_TO_ACCUSATIVE = listed("für gegen durch ohne um über an auf")
_PARAGRAPH = re.compile(r"§\s?\d{1,4}[a-z]?\s$")
"""`§ 170 II StPO`"""
_ARTICLES = {  # (feminine, case) -> (article, ending)
    (False, "nominative"): ("der", "e"),
    (False, "genitive"): ("des", "en"),
    (False, "dative"): ("dem", "en"),
    (False, "accusative"): ("den", "en"),
    (True, "nominative"): ("die", "e"),
    (True, "genitive"): ("der", "en"),
    (True, "dative"): ("der", "en"),
    (True, "accusative"): ("die", "e"),
}


def roman_rules() -> Iterator[Rule]:
    """`Wilhelm II.`, `II. Weltkrieg`, `Kapitel IV`; letters that nothing makes a number stay letters."""

    def dotted(match: re.Match[str]) -> str | None:
        name, value = word_before(match).rstrip("."), roman_value(match["roman"])
        if match["roman"] == "L" and name not in _RULERS:
            return None
        if value is None or name in _NUMBERED or _is_initial(match, name) or _is_spelt(match, name):
            return None
        if name in _RULERS or name[:-1] in _RULERS or _looks_like_a_ruler(match, name):
            return _regnal(match, name, value)
        if not word_after(match):
            return _behind_article(match, name.lower(), value)
        said = ordinal(str(value), ending_of(match))
        return said if word_after(match).lower().endswith(_NO_NAMES) else said.capitalize()

    def bare(match: re.Match[str]) -> str | None:
        name, value = word_before(match).rstrip("."), roman_value(match["roman"])
        if value is None or _is_spelt(match, name):
            return None
        if _PARAGRAPH.search(match.string, max(0, match.start() - 12), match.start()):
            return f"Absatz {numerals.cardinal(str(value), 'de')}"
        if name in _RULERS or (len(match["roman"]) > 1 and name[:-1] in _RULERS):
            return _regnal(match, name, value)
        clear = len(match["roman"]) > 1 and name[:1].isupper() and match["roman"] not in ("XL", "LI", "IX", "XX")
        return numerals.cardinal(str(value), "de") if name in _NUMBERED or clear else None

    yield rule("roman numeral", "letter", r"(?P<roman>[IVXL]{1,7})\.(?=\s[^\W\d_]|\s?$|\s?[,;)])", dotted)

    senate = r"(?P<roman>[IVX]{1,5})(?=\s(?:ZR|ZB|StR|StB|AR|BR|ARZ)\s\d)"
    yield rule(
        "roman numeral",
        "letter",
        senate,
        lambda match: (
            numerals.cardinal(str(roman_value(match["roman"]) or 0), "de") if roman_value(match["roman"]) else None
        ),
    )
    section = r"(?P<roman>[IVX]{1,4})\.(?P<part>\d{1,2})(?![\w.])"

    def parted(match: re.Match[str]) -> str | None:
        value = roman_value(match["roman"])
        return (
            f"{numerals.cardinal(str(value), 'de')} Punkt {numerals.cardinal(match['part'], 'de')}" if value else None
        )

    yield rule("roman numeral", "letter", section, parted)

    def year(match: re.Match[str]) -> str | None:
        value = roman_value(match.group())
        return numerals.year(str(value), "de") if value else None

    yield rule("roman numeral", "letter", r"M[MDCLXVI]{3,11}(?!\w)", year)
    yield rule("roman numeral", "letter", r"(?P<roman>[IVXL]{1,7})(?!\w|\.\w|['’-])", bare)


def _behind_article(match: re.Match[str], article: str, value: int) -> str | None:
    """`Heinrich der VIII.`, `Elisabeth der II.` (whose), `Elisabeth die II.`"""
    if article not in ("der", "die", "des", "dem", "den"):
        return None
    names = match.string[max(0, match.start() - 40) : match.start()].split()[:-1]
    oblique = article in ("des", "dem", "den") or (article == "der" and bool(names) and names[-1] in _QUEENS)
    return ordinal(str(value), "en" if oblique else "e").capitalize()


def _is_initial(match: re.Match[str], name: str) -> bool:
    """`Samuel L. Holt`, `Karl V. Holt`: one letter between two names."""
    if name.endswith("s") and name[:-1] in _RULERS:
        return False
    between = name[:1].isupper() and name.lower() not in _ARTICLE_WORDS and word_after(match)[:1].isupper()
    return match["roman"] in ("L", "X", "V") and between


def _is_spelt(match: re.Match[str], name: str) -> bool:
    """One letter beside another: "R K I", "I G Metall"."""
    after = word_after(match)
    return any(len(word) == 1 and word.isupper() for word in (name, after))


_ARTICLE_WORDS = words("de")["article words"]


def _looks_like_a_ruler(match: re.Match[str], name: str) -> bool:
    """A name unknown here, but a number with a dot behind it and no noun: "Bernhard III. sprach"."""
    return name[:1].isupper() and len(match["roman"]) > 1 and not word_after(match)[:1].isupper() and len(name) > 3


def _regnal(match: re.Match[str], name: str, value: int) -> str:
    queen = name in _QUEENS or name[:-1] in _QUEENS
    case = "nominative"
    if name not in _RULERS and name[:-1] in _RULERS and name.endswith("s"):
        case = "genitive"
    else:
        words = match.string[max(0, match.start() - 80) : match.start()].split()
        for word in reversed(words[-5:]):
            if not word[:1].isupper() or word.lower() in _TO_DATIVE | _TO_ACCUSATIVE:
                plain = word.lower()
                case = "dative" if plain in _TO_DATIVE else "accusative" if plain in _TO_ACCUSATIVE else case
                break
    article, ending = _ARTICLES[queen, case]
    return f"{article} {ordinal(str(value), ending).capitalize()}"
