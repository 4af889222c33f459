"""Italian number words: "un", "uno", "un'", ordinals by gender, fractions, and which words are nouns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.romance.amounts import SPACES, Form, Romance
from tts_service.speakable.rules import Rule, rule, word_before
from tts_service.speakable.tables import pairs, series, words

LABELS = words("it")["labels"]
"""Behind these a number is a name: "pagine 12-15"."""
ONE_BEHIND = words("it")["one"]
"""Behind these `1` counts nothing."""
_NO_NOUN = words("it")["no noun"]
_MASCULINE = words("it")["masculine"]
_FEMININE = words("it")["feminine"]
_FEMININE_ENDS = series("it", "feminine ends")
_PARTS = pairs("it", "parts")
_FULL_ARTICLE = re.compile(r"s[^aeiouhàèéìòù]|z|gn|p[sn]|x|y|i[aeou]", re.IGNORECASE)
"""Before these sounds: "uno zaino", "allo studente"."""
_VOWEL = re.compile(r"[aeiouàèéìòùh]", re.IGNORECASE)
_NOUN = rf"[{SPACES}](?P<noun>[a-zà-öø-ÿ]{{2,30}})(?!\w)"
_NEXT = re.compile(_NOUN)


def cardinal(digits: str, form: Form) -> str | None:
    """`21` -> "ventuno"; only "uno" changes with its noun: see `one`."""
    return numerals.cardinal(digits, "it")


def one(noun: str, *, feminine: bool) -> str:
    """ora -> "un'ora", zaino -> "uno zaino"."""
    if feminine:
        return f"un'{noun}" if _VOWEL.match(noun) else f"una {noun}"
    return f"{'uno' if _FULL_ARTICLE.match(noun) else 'un'} {noun}"


def at(noun: str, *, feminine: bool) -> str:
    """ora -> "all'ora", giorno -> "al giorno"."""
    if _VOWEL.match(noun):
        return f"all'{noun}"
    if feminine:
        return f"alla {noun}"
    return f"{'allo' if _FULL_ARTICLE.match(noun) else 'al'} {noun}"


def ordinal(value: int, *, feminine: bool = False) -> str | None:
    """`3` -> "terzo", "terza"."""
    said = numerals.ordinal(str(value), "it") if value else None
    return f"{said[:-1]}a" if said and feminine else said


def fraction(top: int, bottom: int) -> str | None:
    """`2`, `3` -> "due terzi"."""
    if not 2 <= bottom <= 100 or top < 1 or top > 3 * bottom:
        return None
    name = _PARTS.get(str(bottom)) or numerals.ordinal(str(bottom), "it")
    if not name:
        return None
    return f"un {name}" if top == 1 else f"{numerals.cardinal(str(top), 'it')} {name[:-1]}i"


def gender(noun: str, *, many: bool) -> Form | None:
    """ "f" or "m" for a noun in the plural (`many`) or singular, by its ending; None for a word that is none."""
    if noun in _NO_NOUN or len(noun) < 3:
        return None
    if noun in _FEMININE:
        return "f"
    if noun in _MASCULINE:
        return "m"
    if many:
        return {"i": "m", "e": "f", "à": "f"}.get(noun[-1])  # type: ignore[return-value]
    if noun.endswith(_FEMININE_ENDS):
        return "f"
    return "m" if noun.endswith(("o", "e")) else None


def noun_after(match: re.Match[str]) -> bool:
    """Whether a noun in the plural follows, which the number counts."""
    tail = _NEXT.match(match.string, match.end(), min(len(match.string), match.end() + 48))
    return tail is not None and gender(tail["noun"], many=True) is not None


def one_rules() -> Iterator[Rule]:
    """`1 zaino`, `1 amica`, `21 anni`: the only numbers that change with their noun; and `34enne`."""

    def short(match: re.Match[str]) -> str | None:
        kind = None if _is_label(match) else gender(match["noun"], many=False)
        said = one(match["noun"], feminine=kind == "f").partition(" ")[0] if kind else None
        return None if said and "'" in said else said

    def glued(match: re.Match[str]) -> str | None:
        counts = not _is_label(match) and gender(match["noun"], many=False) == "f"
        return one(match["noun"], feminine=True) if counts else None

    def years(match: re.Match[str]) -> str | None:
        said = numerals.cardinal(match["number"], "it")
        joint = " " if match["number"].endswith("1") else "'"
        return f"{said[:-1]}{joint}anni" if said else None

    def aged(match: re.Match[str]) -> str | None:
        said = numerals.cardinal(match["number"], "it")
        if not said:
            return None
        return f"{said[:-1]}{'e' if said.endswith('tré') else ''}{match['end']}"

    yield rule("age", "digit", r"(?P<number>\d{2,3})-?(?P<end>enn[ei]|ennale)(?!\w)", aged)
    yield rule("number", "digit", rf"1(?={_NOUN})", short)
    yield rule("number", "digit", rf"1(?=[{SPACES}][aeiou]){_NOUN}", glued)
    yield rule("number", "digit", rf"(?P<number>\d?[2-9][01])[{SPACES}]anni(?!\w)", years)


def _is_label(match: re.Match[str]) -> bool:
    """`la Formula 1 torna`, `il numero 1 italiano`."""
    before = word_before(match).lower()
    return before in ONE_BEHIND or before in LABELS


def half_rules(tongue: Romance) -> Iterator[Rule]:
    """`½ ora`, `1/2 tazza`, `½ kg`, and with its noun between them `2 1/2 tazze`: "due tazze e mezza"."""

    def kind_of(written: str, *, many: bool) -> tuple[str, bool] | None:
        """(noun, whether it is feminine)"""
        unit = tongue.units.get(written)
        if unit:
            return unit.many if many else unit.one, unit.feminine
        kind = gender(written, many=many)
        return (written, kind == "f") if kind else None

    def half(match: re.Match[str]) -> str | None:
        found = kind_of(match["noun"], many=False)
        if not found:
            return None
        noun, feminine = found
        if feminine and _VOWEL.match(noun):
            return f"mezz'{noun}"
        return f"{'mezza' if feminine else 'mezzo'} {noun}"

    def and_half(match: re.Match[str]) -> str | None:
        found = kind_of(match["noun"], many=match["number"] != "1")
        if not found:
            return None
        noun, feminine = found
        first = one(noun, feminine=feminine) if match["number"] == "1" else f"{tongue.say(match['number'])} {noun}"
        return f"{first} e {'mezza' if feminine else 'mezzo'}"

    noun = rf"[{SPACES}](?P<noun>[a-zà-öø-ÿ]{{1,30}})(?!\w)"
    yield rule("fraction", "digit letter", rf"(?:½|1/2){noun}", half)
    yield rule("fraction", "digit", rf"(?P<number>\d{{1,4}})[{SPACES}]?(?:½|(?<=[{SPACES}])1/2){noun}", and_half)
