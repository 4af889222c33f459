"""Acronyms: which are said as a word, which are spelt, and how to tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tts_service.speakable.rules import Rule, rule
from tts_service.speakable.tables import pairs, words

SAID = words("")["said"]
"""Capitals read as a word."""
SPELT = words("")["spelt"]
"""Capitals spelt though they could be read."""
MIXED = pairs("", "mixed")
_WORDS = words("")["words"]
"""Words, however loud: "do NOT", "ALL"."""
_VOWELS = frozenset("AEIOUYÄÖÜ")
_MAYBE_WORD = re.compile(
    r"(?:B[LR]?|C[HLR]?|D[RW]?|F[LR]?|G[LR]?|H|J|K[LNR]?|L|M|N|P[HLR]?|QU|R|S(?:C[HR]?|H|K|L|M|N|P[LR]?|T[R]?|W)?|T[HRW]?"
    r"|V|W[R]?|X|Y|Z)?[AEIOUYÄÖÜ]{1,2}(?:[BCDFGHJKLMNPQRSTVWXZ]{1,2}[AEIOUYÄÖÜ]{1,2}){0,2}"
    r"(?:[BCDFGKLMNPRSTVWXZ]|C[KHT]|F[FT]|L[DFKLMPT]|MP|N[DGKSTX]|P[ST]|R[BCDFGKLMNPST]|S[HKPST]|T[HSZ]|XT)?"
)
"""A beginning, vowels and an end as words have them."""


_LONG_CAPITALS = re.compile(r"[A-ZÄÖÜ]{5}")


def as_acronym(word: str, loud: Callable[[], bool] | None = None) -> str | None:
    """`FBI` -> "F B I", `NATO` -> "Nato", `CEOs` -> "C E Os"; None for what is a word, or could be one.

    Args:
        loud: whether the words around are capitals too (a headline), so that only known acronyms are.
    """
    bare, end = word, ""
    for ending in ("'s", "’s", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 1 and word[: -len(ending)].isupper():
            bare, end = word[: -len(ending)], ending
            break
    if word in MIXED or bare in MIXED:
        return MIXED.get(word) or f"{MIXED[bare]}{end}"
    if len(bare) < 2 or not bare.isupper() or not bare.isalpha():
        return None
    if bare not in SPELT and loud is not None and loud():
        return word.lower()
    if bare in SAID:
        return bare.capitalize() + end
    if bare not in SPELT and (bare in _WORDS or not _unsayable(bare)):
        return None
    return " ".join(bare) + end


def _unsayable(word: str) -> bool:
    """Whether no reader would try these letters as a word."""
    if len(word) <= 3:
        return True
    return len(word) <= 6 and (not _VOWELS & set(word) or not _MAYBE_WORD.fullmatch(word))


def acronym_rules(and_: str = "", *, serials: bool = False) -> Iterator[Rule]:
    """Acronyms alone and in compounds; `and_` is what is said for `&` in R&D."""

    def pair(match: re.Match[str]) -> str:
        return f"{' '.join(match['a'])} {and_} {' '.join(match['b'])}{match['s'] or ''}"

    if and_:
        yield rule("acronym", "letter", r"(?P<a>[A-Z]{1,3})\s?&\s?(?P<b>[A-Z]{1,3})(?P<s>['’]?s)?(?!\w)", pair)
    yield rule(
        "acronym",
        "letter",
        r"[^\W\d_]{2,12}(?=[-‑/][^\W_]|['’]?s?(?!\w))(?:(?<=[A-ZÄÖÜ])s(?!\w))?(?:['’]s(?!\w))?",
        lambda match: as_acronym(match.group(), lambda: _shouting(match)),
    )
    letter = r"[^\W_]" if serials else r"[^\W\d_]"
    yield rule("acronym", "letter", rf"{letter}{{1,24}}(?:[-‑]{letter}{{1,40}}){{1,4}}(?!\w)", _compound)


def _compound(match: re.Match[str]) -> str | None:
    """`FBI-Agent`, `CDU-Chef`: the acronym is spelt, the word is said."""
    parts = re.split(r"[-‑]", match.group())
    if 2 <= len(parts[0]) <= 12 and parts[0].isalpha() and as_acronym(parts[0], lambda: _shouting(match)):
        return None  # said by itself
    said = [as_acronym(part, lambda: _shouting(match)) for part in parts]
    if not any(said):
        return None
    return " ".join(new or part for new, part in zip(said, parts, strict=True))


def _shouting(match: re.Match[str]) -> bool:
    """Whether the words around are capitals too: a headline set in capitals, not acronyms."""
    if not _LONG_CAPITALS.search(match.string, max(0, match.start() - 40), match.end() + 40):
        return False
    head = re.split(r"[.!?]", match.string[max(0, match.start() - 40) : match.start()])[-1]
    tail = re.split(r"[.!?]", match.string[match.end() : match.end() + 40])[0]
    words = re.findall(r"[^\W\d_]{2,40}", f"{head}{match.group()}{tail}")
    loud = [word for word in words if word.isupper()]
    return len(loud) >= 3 and len(loud) * 10 >= len(words) * 7 and any(len(word) > 4 for word in loud)
