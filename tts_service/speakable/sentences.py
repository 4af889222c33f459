"""Where sentences begin and end, as exact places in the text.

Our own rules instead of a library's: pysbd's patterns are quadratic in places and it gives no promise about
characters; here one linear pass looks at each end mark, the word before it and the word after it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tts_service.speakable.language import Ordinals, SentenceEnds, language_of

MAX_SENTENCE = 400
"""Characters of a sentence; longer ones are divided."""

_CLOSING = "\"'”’“»«)\\]›‹"
_END = re.compile(rf"(?:[.!?…‽؟۔।]{{1,50}}[{_CLOSING}]{{0,5}}(?=\s|$)|[。！？｡]{{1,50}}[」』”）]{{0,3}}|\n[ \t]*\n)")
_END_SPACED = re.compile(rf"[.!?…]{{1,50}}[ \u00a0\u202f]»(?=\s|$)|{_END.pattern}")
"""A space may stand before the closing quote."""
_LAST_WORD = re.compile(r"(?:[^\W_]|[.’'-])+$")
_OPENING = "\"'“„«»‘‚([¿¡—–-›‹ \t\n\r"
_COMMA = re.compile(r"[,،、，](?=\s|[、，])")
_SPACE = re.compile(r"\s")
_ELIDED = re.compile(r"^[^\W\d_]{1,6}['’]")
_SPAN_BEGIN = re.compile(r"^[^\W\d_]{2,6}\.?-")
"""`lun.-dom. 9-18`"""
_CLOCK = frozenset(("a.m", "p.m"))


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """(start, end) of every sentence, in order; together they hold all characters but the white space between them.

    None is longer than MAX_SENTENCE, or than twice that where one word is.
    """
    ends = _ends_of(language)
    out: list[tuple[int, int]] = []
    start = 0
    for match in (_END_SPACED if ends.spaced_quotes else _END).finditer(text):
        end = match.end()
        if match.start() >= start and not _is_number_of_item(text, start, match) and _is_end(text, match, ends):
            _add(text, start, end, out, language)
            start = end
    _add(text, start, len(text), out, language)
    return out


def _add(text: str, start: int, end: int, out: list[tuple[int, int]], language: str) -> None:
    start, end = _trim(text, start, end)
    if start == end:
        return
    if out and end - out[-1][0] <= MAX_SENTENCE and not any(map(str.isalnum, text[start:end])):
        # Marks alone (a closing quote after a space) belong to the sentence before them.
        out[-1] = (out[-1][0], end)
        return
    out.extend(divide(text, start, end, MAX_SENTENCE, language))


def divide(text: str, start: int, end: int, limit: int, language: str) -> list[tuple[int, int]]:
    """The stretch in parts of at most `limit` characters: at a clause, else a comma, else a word, never inside a
    word."""
    out: list[tuple[int, int]] = []
    while end - start > limit:
        cut = cut_at(text, start, start + limit, floor=start + limit // 3, language=language)
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


def cut_at(text: str, start: int, end: int, *, floor: int, language: str) -> int | None:
    """The best place to divide between `floor` and `end`: behind a clause's end, a comma, else at the last space."""
    for pattern in (_clause(language), _COMMA):
        places = [m.end() for m in pattern.finditer(text, start, end) if m.end() >= floor]
        if places:
            return places[-1]
    for place in range(end, start, -1):
        if place < len(text) and text[place].isspace():
            return place
    return None


@lru_cache(maxsize=256)
def _ends_of(language: str) -> SentenceEnds:
    return language_of(language).ends()


@lru_cache(maxsize=256)
def _clause(language: str) -> re.Pattern[str]:
    return re.compile(rf"[;:](?=\s)|\s[–—-](?=\s)|,(?= (?:{_ends_of(language).joining})\b)")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_end(text: str, match: re.Match[str], ends: SentenceEnds) -> bool:
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
    ordinals = ends.ordinals
    if ordinals and ordinals.led_by and before and word.replace(".", "").isdecimal():
        head = text[max(0, before.start() - 12) : before.start()]
        if ordinals.led_by.search(head):
            return following.split(None, 1)[0] in ordinals.openers
    return quoted or not _dot_belongs(word, following, ends)


def _is_number_of_item(text: str, start: int, match: re.Match[str]) -> bool:
    """`1. Open the box.`: the number belongs to what it counts."""
    number = text[start : match.start()].strip()
    return match.group() == "." and 0 < len(number) <= 2 and number.isdecimal()


def _dot_belongs(word: str, following: str, ends: SentenceEnds) -> bool:
    """Whether the dot behind this word is part of it: an abbreviation, an initial, an ordinal."""
    if not word:
        return False
    bare = word.strip("’'-").lower()
    if ends.elision:
        bare = _ELIDED.sub("", bare)
    next_word = following.split(None, 1)[0]
    opens = next_word.strip(",") in ends.openers
    names = ends.before_names
    if bare in names or bare.rsplit("-", 1)[-1] in names or (bare, next_word) in ends.together:
        return True
    if ends.roman_ordinals and set(word) <= set("IVXL") and len(word) > 1:
        return not opens
    if ends.streets and bare.endswith(ends.streets):
        return next_word[0].isdigit()
    if bare.isdecimal():
        return ends.ordinals is not None and _is_ordinal(bare, next_word, ends.ordinals)
    if _SPAN_BEGIN.sub("", bare) in ends.before_numbers:
        return next_word[0].isdigit() or (ends.roman_numbers and set(next_word.strip(",;.")) <= set("IVXL"))
    if bare in _CLOCK:
        return next_word.strip(".,") in ends.behind_clock
    if len(bare) == 1 and bare.isalpha():
        return ends.single_letters or _is_letter_of(word, next_word)
    if "." in bare and all(len(part) <= 2 and part.isalpha() for part in bare.replace("-", "").split(".")):
        # "in the U.S. The vote" ends; "the U.S. Senate" goes on: the commonest openers of a sentence decide.
        return not opens
    return bare in ends.abbreviations and not opens and bare not in ends.often_last


def _is_letter_of(word: str, next_word: str) -> bool:
    """A single letter with a dot: an initial, "Roe v. Wade", "c. 1850"."""
    return (word.isupper() and word != "I") or word == "v" or (word in "bcdr" and next_word[0].isdigit())


def _is_ordinal(digits: str, next_word: str, ordinals: Ordinals) -> bool:
    """`20. Jahrhundert`, `1. Oktober`; `im Jahr 1990. Danach` is an end."""
    if next_word.strip(",.;:").lower() in ordinals.months:
        return True
    return len(digits) <= 2 and next_word.strip(",") not in ordinals.openers
