"""A report and the words of its sentence: by which key a word is known, and which words a voice often misreads."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from tts_service.corrections.cases.likeness import EDGE_MARKS, folded, text_digest
from tts_service.speakable.language import codes, language_of
from tts_service.speakable.tables import words as word_lists

PASSAGES = ("missing", "extra")
"""Categories about a passage."""
_LONGEST_KEY = 100
"""Characters; PostgreSQL's index takes 2,704 bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenWord:
    """A word of the reported sentence."""

    text: str
    start: int
    """First character in the sentence."""
    end: int
    changed: bool = False
    """Whether the normaliser or the lexicon says something else than what is written."""
    spoken: str = ""
    """What is said instead; empty: it is read as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A report and what it was made about."""

    category: str
    comment: str
    language: str
    """BCP 47 tag of the sentence."""
    clip_id: str
    sentence: str
    """Empty: about no sentence."""
    words: tuple[WrittenWord, ...] = ()
    tapped: int | None = None
    """Index in `words`."""
    block: str = ""
    """Text of the sentence's block."""
    skipped: tuple[str, ...] = ()
    """Texts of the skipped blocks directly around that block, nearest first."""


def word_key(written: str, report: Reported) -> str:
    """The word without what clings to it, in lower case; short forms in capitals stay what they are ("US", "us")."""
    bare = bare_word(written, report.language)
    is_short_form = bare.isupper() and len(bare) > 1 and not report.sentence.isupper()
    key = unicodedata.normalize("NFKC", bare) if is_short_form else folded(bare)
    return key if len(key) <= _LONGEST_KEY else text_digest(key)


def inflections(written: str, report: Reported) -> tuple[str, ...]:
    """Keys of other forms of a name: "Müllers" and "Müller" are one case."""
    bare = bare_word(written, report.language)
    if not bare[:1].isupper() or bare.isupper() or not bare.isalpha() or len(bare) < 4:
        return ()
    key = word_key(written, report)
    stem = (key[:-1],) if key.endswith("s") and len(key) > 4 else ()
    return (*stem, f"{key}s")


def bare_word(written: str, language: str) -> str:
    """A word without what clings to it: "Holyrood's" -> "Holyrood", "d'Holyrood" -> "Holyrood"."""
    clinging = language_of(language).clinging
    word = EDGE_MARKS.sub("", written) or written
    if clinging.behind and (found := clinging.behind.search(word)):
        word = word[: found.start()] or word
    for at, one in enumerate(word):
        if one in "'’" and clinging.before and clinging.before.search(word[: at + 1]):
            word = word[at + 1 :] or word
            break
    return word.rstrip("'’") or word


def is_often_misread(report: Reported, index: int) -> bool:
    """Whether a voice often misreads such a word: a name, a number, a short form, what a rule has changed."""
    word = report.words[index]
    if word.changed or has_digit(word.text):
        return True
    bare = EDGE_MARKS.sub("", word.text)
    inside = index > 0 or sum(one.isupper() for one in bare) > 1
    return inside and any(one.isupper() for one in bare) and not report.sentence.isupper()


def is_function_word(report: Reported, index: int) -> bool:
    """Whether it is a word like "the" or "of"."""
    return report.words[index].text.casefold() in function_words(report.language)


def has_digit(text: str) -> bool:
    """Whether a text has a digit in any script."""
    return any(one.isdigit() for one in text)


@lru_cache(maxsize=64)
def function_words(language: str) -> frozenset[str]:
    """A language's words like "the" or "of", in lower case."""
    base = language.split("-", 1)[0].lower()
    return word_lists(base).get("function", frozenset()) if base in codes() else frozenset()
