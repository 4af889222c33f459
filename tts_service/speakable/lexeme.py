"""A lexeme: written words, and how an editor wants them said."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import pairwise

from tts_service.errors import InputRefused
from tts_service.speakable.apostrophes import with_apostrophes

MAX_GRAPHEME = 100
"""Characters of a grapheme."""
MAX_WORDS = 10
"""Words of a grapheme."""
MAX_GRAPHEMES = 20
"""Graphemes of a lexeme."""
MAX_SAID = 200
"""Characters of an alias or a pronunciation."""
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,6}")
_WHITE = "\t\n\r\x0b\x0c\x85\xa0\u2007\u2009\u200a\u2028\u2029\u202f\u3000"
_LIKE = str.maketrans(dict.fromkeys("’‘＇ʼ`´", "'") | dict.fromkeys("‐‑", "-") | dict.fromkeys(_WHITE, " "))
"""Signs that are the same to a lexeme: apostrophes, hyphens, white space."""
_SPACES = re.compile(r" +")


class Scope(StrEnum):
    """Where a lexeme holds; the narrower one wins."""

    GLOBAL = "global"
    SITE = "site"
    ARTICLE = "article"


SCOPES = tuple(Scope)
"""From the widest to the narrowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexeme:
    """Exactly one of `alias` and `ipa` is set."""

    graphemes: tuple[str, ...]
    """Spellings, each of one or more words."""
    language: str
    """BCP 47 tag: "en" holds for "en-GB" too, never the other way round."""
    alias: str | None = None
    """A respelling, read by the language's rules."""
    ipa: str | None = None
    scope: Scope = Scope.SITE
    case_sensitive: bool = True
    alone: bool = False
    """Only the word by itself: "Nato" isn't found in "Nato-Gipfel"."""


@dataclass(frozen=True, slots=True)
class Written:
    """A grapheme, taken apart."""

    lead: str
    """Signs before the first word (".NET")."""
    words: tuple[str, ...]
    gaps: tuple[str, ...]
    """What stands between two words: one fewer than words."""
    tail: str
    """Signs behind the last word ("C++")."""

    @property
    def steps(self) -> tuple[str, ...]:
        """Each word with the gap before it."""
        return (self.words[0], *(gap + word for gap, word in zip(self.gaps, self.words[1:], strict=True)))


@cache
def word_pattern() -> re.Pattern[str]:
    """Whole words: letters and digits with the marks on them. Linear: the two classes have nothing in common."""
    planes = (range(0x300, 0x20000), range(0xE0100, 0xE01F0))
    marks = "".join(re.escape(chr(c)) for plane in planes for c in plane if unicodedata.category(chr(c))[0] == "M")
    # The look ahead spares nearly every word a search among some hundred ranges of marks.
    return re.compile(rf"(?:[^\W_]+(?:(?=[\u0300-\U000e01ef])[{marks}]+)?)+")


def alike(text: str) -> str:
    """The same text, character by character, with one apostrophe, one hyphen, one space."""
    return text.translate(_LIKE)


def one_gap(text: str) -> str:
    """What stands between two words, in the form that is compared."""
    return " " if text.isspace() else _SPACES.sub(" ", alike(text))


def taken_apart(grapheme: str) -> Written:
    """The words of a grapheme that has some, and what stands around them."""
    grapheme = with_apostrophes(grapheme)
    found = list(word_pattern().finditer(grapheme))
    return Written(
        lead=alike(grapheme[: found[0].start()]),
        words=tuple(word.group() for word in found),
        gaps=tuple(one_gap(grapheme[one.end() : other.start()]) for one, other in pairwise(found)),
        tail=alike(grapheme[found[-1].end() :]),
    )


def same_when(grapheme: str, case_sensitive: bool) -> str:
    """Two graphemes that are found at the same words have the same form."""
    parts = taken_apart(grapheme)
    form = parts.lead + "".join(parts.steps) + parts.tail
    return form if case_sensitive else form.casefold()


def tidied(lexeme: Lexeme) -> Lexeme:
    """The lexeme in normal form: NFC, single spaces. Raises InputRefused: what is wrong, and in which spelling."""
    if bool(lexeme.alias) == bool(lexeme.ipa):
        raise InputRefused("An entry needs either a respelling or IPA, not both.", field="alias")
    if not _TAG.fullmatch(lexeme.language):
        raise InputRefused(f'{lexeme.language[:40]!r} is not a language tag such as "en" or "en-GB".', field="language")
    graphemes = tuple(_grapheme(text) for text in lexeme.graphemes)
    if not 0 < len(graphemes) <= MAX_GRAPHEMES:
        raise InputRefused(
            f"An entry must have 1 to {MAX_GRAPHEMES} spellings; this one has {len(graphemes)}.", field="graphemes"
        )
    seen: dict[str, str] = {}
    for grapheme in graphemes:
        form = same_when(grapheme, lexeme.case_sensitive)
        if form in seen:
            raise InputRefused(f"The spelling {grapheme!r} is listed twice.", field="graphemes", grapheme=grapheme)
        seen[form] = grapheme
    alias = _alias(lexeme.alias) if lexeme.alias else None
    ipa = _ipa(lexeme.ipa) if lexeme.ipa else None
    return replace(lexeme, graphemes=graphemes, alias=alias, ipa=ipa)


def _grapheme(text: str) -> str:
    tidy = _one_line(text, "graphemes")
    if len(tidy) > MAX_GRAPHEME:
        raise InputRefused(
            f"The spelling {text[:40]!r} has {len(tidy)} characters; the limit is {MAX_GRAPHEME}.", field="graphemes"
        )
    words = len(word_pattern().findall(tidy))
    if not words:
        raise InputRefused(f"The spelling {text[:40]!r} has no letter or digit.", field="graphemes", grapheme=text[:40])
    if words > MAX_WORDS:
        raise InputRefused(
            f"The spelling {tidy[:40]!r} has {words} words; the limit is {MAX_WORDS}.",
            field="graphemes",
            grapheme=tidy,
        )
    return tidy


def _alias(text: str) -> str:
    tidy = _one_line(text, "alias")
    if len(tidy) > MAX_SAID:
        raise InputRefused(f"The respelling has {len(tidy)} characters; the limit is {MAX_SAID}.", field="alias")
    if not any(map(str.isalnum, tidy)):
        raise InputRefused(f"The respelling {text[:40]!r} contains nothing to speak.", field="alias")
    return tidy


def _ipa(text: str) -> str:
    tidy = _one_line(text, "ipa")
    if len(tidy) > MAX_SAID:
        raise InputRefused(f"The pronunciation has {len(tidy)} IPA symbols; the limit is {MAX_SAID}.", field="ipa")
    if not any(map(str.isalpha, tidy)):
        raise InputRefused(f"The pronunciation {text[:40]!r} contains nothing to speak.", field="ipa")
    return tidy


def _one_line(text: str, field: str) -> str:
    tidy = unicodedata.normalize("NFC", " ".join(text.split()))
    odd = next((c for c in tidy if unicodedata.category(c) in ("Cc", "Cs", "Cn", "Co")), None)
    if odd is not None:
        raise InputRefused(
            f"{text[:40]!r} has a character that can't be stored, U+{ord(odd):04X}: type it again without it.",
            field=field,
        )
    return tidy
