"""Where sentences begin and end, as exact places in the text.

Our own rules instead of a library's: pysbd's patterns are quadratic in places and it gives no promise about
characters; here one linear pass looks at each end mark, the word before it and the word after it.
"""

from __future__ import annotations

import re

from tts_service.speakable.abbreviations import ABBREVIATIONS
from tts_service.speakable.dots import (
    BEFORE_NAMES,
    BEFORE_NUMBERS,
    BEHIND_CLOCK,
    CLOCK,
    OFTEN_LAST,
    OPENERS,
    TOGETHER,
)
from tts_service.speakable.rules import listed

MAX_SENTENCE = 400
"""Characters of a sentence; longer ones are divided."""

_CLOSING = "\"'”’“»«)\\]›‹"
_END = re.compile(rf"(?:[.!?…‽؟۔।]{{1,50}}[{_CLOSING}]{{0,5}}(?=\s|$)|[。！？｡]{{1,50}}[」』”）]{{0,3}}|\n[ \t]*\n)")
_END_FRENCH = re.compile(rf"[.!?…]{{1,50}}[ \u00a0\u202f]»(?=\s|$)|{_END.pattern}")
"""French sets a space before the closing quote."""
_LAST_WORD = re.compile(r"(?:[^\W_]|[.’'-])+$")
_OPENING = "\"'“„«»‘‚([¿¡—–-›‹ \t\n\r"
_JOINING = (
    "and|but|or|nor|so|yet|because|which|who|while|where|when|although|und|aber|oder|denn|sondern|weil|dass|während|obwohl|"
    "wobei|mais|et|car|pero|y|porque"
)
_CLAUSE = re.compile(rf"[;:](?=\s)|\s[–—-](?=\s)|,(?= (?:{_JOINING})\b)")
_COMMA = re.compile(r"[,،、，](?=\s|[、，])")
_MONTHS_DE = listed(
    "januar jänner februar märz april mai juni juli august september oktober november dezember jan feb mär apr jun "
    "jul aug sep sept okt nov dez"
)  # fmt: skip


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """(start, end) of every sentence, in order; together they hold all characters but the white space between them.

    None is longer than MAX_SENTENCE, or than twice that where one word is.
    """
    base = language.split("-", 1)[0].lower()
    out: list[tuple[int, int]] = []
    start = 0
    for match in (_END_FRENCH if base == "fr" else _END).finditer(text):
        end = match.end()
        if match.start() >= start and not _is_number_of_item(text, start, match) and _is_end(text, match, base):
            _add(text, start, end, out)
            start = end
    _add(text, start, len(text), out)
    return out


def _add(text: str, start: int, end: int, out: list[tuple[int, int]]) -> None:
    start, end = _trim(text, start, end)
    if start == end:
        return
    if out and end - out[-1][0] <= MAX_SENTENCE and not any(map(str.isalnum, text[start:end])):
        # Marks alone (a closing quote after a space) belong to the sentence before them.
        out[-1] = (out[-1][0], end)
        return
    out.extend(divide(text, start, end, MAX_SENTENCE))


def divide(text: str, start: int, end: int, limit: int) -> list[tuple[int, int]]:
    """The stretch in parts of at most `limit` characters: at a clause, else a comma, else a word, never inside a "
    "word."""
    out: list[tuple[int, int]] = []
    while end - start > limit:
        cut = cut_at(text, start, start + limit, floor=start + limit // 3)
        if cut is None:
            # One endless word: no voice survives it whole. Longer than any real one, so it may be cut.
            nearest = _SPACE.search(text, start + limit, min(end, start + 2 * limit))
            cut = nearest.start() if nearest else start + limit
        first = _trim(text, start, cut)
        if first[0] < first[1]:
            out.append(first)
        start = _trim(text, cut, end)[0]
    if start < end:
        out.append((start, end))
    return out


_SPACE = re.compile(r"\s")


def cut_at(text: str, start: int, end: int, *, floor: int) -> int | None:
    """The best place to divide between `floor` and `end`: behind a clause's end, a comma, else at the last space."""
    for pattern in (_CLAUSE, _COMMA):
        places = [m.end() for m in pattern.finditer(text, start, end) if m.end() >= floor]
        if places:
            return places[-1]
    for place in range(end, start, -1):
        if place < len(text) and text[place].isspace():
            return place
    return None


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_end(text: str, match: re.Match[str], base: str) -> bool:
    marks = match.group()
    if not marks.strip() or marks[0] in "。！？｡":
        return True
    rest = match.end()
    while rest < len(text) and rest < match.end() + 20 and text[rest] in _OPENING:
        rest += 1
    following = text[rest : rest + 40]
    if not following:
        return True
    quoted = any(mark in _CLOSING for mark in marks)
    if marks[0] != "." or len(marks.rstrip(_CLOSING)) > 1:
        # "Stop!" he said. / Wait … for it. : a lower-case word goes on.
        return not following[0].islower()
    if following[0].islower():
        return False
    before = _LAST_WORD.search(text, max(0, match.start() - 40), match.start())
    word = before.group() if before else ""
    if (
        base == "de"
        and before
        and word.replace(".", "").isdecimal()
        and _ARTICLE.search(text[max(0, before.start() - 12) : before.start()])
    ):
        return following.split(None, 1)[0] in OPENERS["de"]
    return quoted or not _dot_belongs(word, following, base)


_ARTICLE = re.compile(
    r"\b(?:[ai]m|vom|zu[mr]|beim|de[mnrs]|die|das|(?:s|m|d)?ein(?:e[mnrs]?)?|ihr(?:e[mnrs]?)?)\s$", re.I
)
"""Before a number with a dot: "zum 100. Mal" goes on."""


def _is_number_of_item(text: str, start: int, match: re.Match[str]) -> bool:
    """`1. Open the box.`: the number belongs to what it counts."""
    number = text[start : match.start()].strip()
    return match.group() == "." and 0 < len(number) <= 2 and number.isdecimal()


def _dot_belongs(word: str, following: str, base: str) -> bool:
    """Whether the dot behind this word is part of it: an abbreviation, an initial, an ordinal."""
    if not word:
        return False
    bare = word.strip("’'-").lower()
    if base == "fr" and bare[1:2] in ("'", "’"):
        bare = bare[2:]
    next_word = following.split(None, 1)[0]
    opens = next_word.strip(",") in OPENERS.get(base, OPENERS["en"])
    names = BEFORE_NAMES.get(base, frozenset())
    if bare in names or bare.rsplit("-", 1)[-1] in names or (bare, next_word) in TOGETHER:
        return True
    if base == "de" and set(word) <= set("IVXL") and len(word) > 1:
        return not opens
    if base == "de" and bare.endswith("str"):
        return next_word[0].isdigit()
    if bare.isdecimal():
        return base in ("de", "da", "nb", "fi", "cs", "pl") and _is_ordinal(bare, next_word)
    if bare in BEFORE_NUMBERS.get(base, BEFORE_NUMBERS["en"]):
        numeral = base in ("en", "fr", "es") and set(next_word.strip(",;.")) <= set("IVXL")
        return next_word[0].isdigit() or numeral or bare in ("nr", "abs", "ca", "approx")
    if bare in CLOCK:
        return next_word.strip(".,") in BEHIND_CLOCK
    if len(bare) == 1 and bare.isalpha():
        return (
            base == "de"
            or (word.isupper() and word != "I")
            or word == "v"
            or (word in "bcdr" and next_word[0].isdigit())
        )
    if "." in bare and all(len(part) <= 2 and part.isalpha() for part in bare.replace("-", "").split(".")):
        # "in the U.S. The vote" ends; "the U.S. Senate" goes on: the commonest openers of a sentence decide.
        return not opens
    return bare + "." in ABBREVIATIONS.get(base, {}) and not opens and bare not in OFTEN_LAST


def _is_ordinal(digits: str, next_word: str) -> bool:
    """`20. Jahrhundert`, `1. Oktober`; `im Jahr 1990. Danach` is an end."""
    word = next_word.strip(",.;:").lower()
    if word in _MONTHS_DE:
        return True
    return len(digits) <= 2 and next_word.strip(",") not in OPENERS["de"]
