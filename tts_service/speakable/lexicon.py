"""Finds lexemes in a text: longest first, then by the narrower scope, the more exact language, the exact case.

Words are whole words by Unicode: "Nato" is in "Nato-Gipfel" (unless the lexeme stands `alone`) and "Nato’s", not in
"Natogipfel". Addresses and numbers are left alone: no "nato" is found in "nato.int" or "@nato", no "5" in "1.5". The
index is a tree of words, so a text costs a look-up per word, however many lexemes there are.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tts_service.speakable.apostrophes import with_apostrophes
from tts_service.speakable.endings import clitics
from tts_service.speakable.lexeme import SCOPES, Lexeme, alike, one_gap, taken_apart, word_pattern
from tts_service.speakable.readings import Reading

LONGEST_GAP = 32
"""Characters between two words of a grapheme, white space alone excepted."""
_IN_ADDRESS = re.compile(r"@|://|\bwww\.", re.IGNORECASE)
_CURRENCIES = "$¢£¤¥֏؋৳฿៛₠-₿﷼﹩＄￠￡￥￦"
_CURRENCY_BEFORE = re.compile(rf"[{_CURRENCIES}]\s?$")
_CURRENCY_BEHIND = re.compile(rf"\s?[{_CURRENCIES}]")
"""An amount of money is said as one, with its currency: "3M" isn't found in "$3M"."""
_HYPHENS = "-‐‑"
_MANY = 50
"""Words from which on splitting a text is cheaper than looking for each of them."""
_NEAR = 60
"""Characters around a word that are looked at to see whether it is part of an address."""


@dataclass(frozen=True, slots=True)
class _End:
    """A grapheme that ends at this node."""

    lexeme: Lexeme
    lead: str
    tail: str
    order: tuple[int, int, bool, int]
    """Of two graphemes over the same stretch the one with the lower order is taken."""

    def around(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """The grapheme's stretch around its words text[start:end]; None if its other signs aren't there."""
        first, last = start - len(self.lead), end + len(self.tail)
        fits = first >= 0 and alike(text[first:start]) == self.lead and alike(text[end:last]) == self.tail
        return (first, last) if fits else None


@dataclass(slots=True)
class _Node:
    """A word, or a gap and a word."""

    next: dict[str, _Node] = field(default_factory=dict)
    ends: list[_End] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Index:
    """The graphemes that hold for a language, as trees of words by the first one."""

    exact: dict[str, _Node]
    folded: dict[str, _Node]
    """Those for any case."""


class Lexicon:
    """Lexemes that hold for one article. Never changes; indexes are made when a language is first asked for."""

    def __init__(self, lexemes: Iterable[Lexeme]) -> None:
        """Of two that are alike in everything the first one counts."""
        self.lexemes = tuple(lexemes)
        self._indexes: dict[str, _Index] = {}

    @property
    def version(self) -> str:
        """Hash of what it says: equal for equal lexemes in any order."""
        rows = sorted(
            json.dumps([x.scope, x.language, x.graphemes, x.alias, x.ipa, x.case_sensitive, x.alone])
            for x in self.lexemes
        )
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()

    def readings(self, text: str, language: str) -> Sequence[Reading]:
        """Readings in order and apart."""
        tag = language.lower().replace("_", "-")
        if tag not in self._indexes:
            self._indexes[tag] = _index(self.lexemes, tag)
        index = self._indexes[tag]
        return tuple(_found(text, tag, index)) if index.exact or index.folded else ()


class GraphemeWords:
    """Tells quickly that a text has no grapheme of some lexemes: that one of its words isn't there, in any case."""

    def __init__(self, lexemes: Iterable[Lexeme]) -> None:
        self._words = frozenset(max(words, key=len) for words in grapheme_words(lexemes))

    def __call__(self, text: str) -> bool:
        """Whether a grapheme may be there."""
        if len(self._words) > _MANY:
            return not self._words.isdisjoint(text_words(text))
        plain = unicodedata.normalize("NFC", with_apostrophes(text)).casefold()
        return any(word in plain for word in self._words)


def grapheme_words(lexemes: Iterable[Lexeme]) -> set[tuple[str, ...]]:
    """The words of each grapheme, case-folded: a text has the grapheme only if `text_words` has all of them."""
    graphemes = (unicodedata.normalize("NFC", grapheme) for lexeme in lexemes for grapheme in lexeme.graphemes)
    return {tuple(word.casefold() for word in taken_apart(grapheme).words) for grapheme in graphemes}


def text_words(text: str) -> set[str]:
    """The words of a text in the form in which graphemes are looked for in any case."""
    words = word_pattern().findall(with_apostrophes(text))
    if not unicodedata.is_normalized("NFC", text):
        words = [unicodedata.normalize("NFC", word) for word in words]
    return {word.casefold() for word in words}


def _index(lexemes: Iterable[Lexeme], tag: str) -> _Index:
    index = _Index({}, {})
    for number, lexeme in enumerate(lexemes):
        own = lexeme.language.lower()
        if tag != own and not tag.startswith(f"{own}-"):
            continue
        order = (-SCOPES.index(lexeme.scope), -own.count("-"), not lexeme.case_sensitive, number)
        for grapheme in lexeme.graphemes:
            parts = taken_apart(unicodedata.normalize("NFC", grapheme))
            branch, node = index.exact if lexeme.case_sensitive else index.folded, _Node()
            for step in parts.steps:
                node = branch.setdefault(step if lexeme.case_sensitive else step.casefold(), _Node())
                branch = node.next
            node.ends.append(_End(lexeme, parts.lead, parts.tail, order))
    return index


def _found(text: str, tag: str, index: _Index) -> Iterator[Reading]:
    words = list(word_pattern().finditer(text))
    plain = [word.group() for word in words]
    if not unicodedata.is_normalized("NFC", text):
        plain = [unicodedata.normalize("NFC", word) for word in plain]
    folded = [word.casefold() for word in plain] if index.folded else plain
    exact, any_case = index.exact, index.folded
    hits = [number for number, word in enumerate(plain) if word in exact or folded[number] in any_case]
    free = 0
    for first in hits:
        if words[first].start() < free:
            continue
        walked = list(_walked(text, words, plain, exact, first))
        if any_case:
            walked += _walked(text, words, folded, any_case, first)
        if not walked:
            continue
        walked.sort(key=lambda found: (found[0] - found[1], found[2].order))
        reading = next(filter(None, (_reading(text, tag, *found, free) for found in walked)), None)
        if reading is not None:
            yield reading
            free = reading.end


def _walked(
    text: str, words: Sequence[re.Match[str]], forms: Sequence[str], tree: dict[str, _Node], first: int
) -> Iterator[tuple[int, int, _End]]:
    """(start, end, grapheme) of all graphemes in the tree whose words begin with word `first`."""
    node, last = tree.get(forms[first]), first
    start = words[first].start()
    while node is not None:
        end = words[last].end()
        for ending in node.ends:
            if (stretch := ending.around(text, start, end)) is not None:
                yield *stretch, ending
        last += 1
        if not node.next or last == len(words):
            return
        gap = text[end : words[last].start()]
        if gap != " ":
            if len(gap) > LONGEST_GAP and not gap.isspace():
                return
            gap = one_gap(gap)
        node = node.next.get(gap + forms[last])


def _reading(text: str, tag: str, start: int, end: int, ending: _End, free: int) -> Reading | None:
    """How the lexeme is said here; None where it is part of something else."""
    if start < free or not _stands_alone(text, start, end):
        return None
    lexeme = ending.lexeme
    if lexeme.alone and in_hyphenated_word(text, start, end):
        return None
    clinging = clitics(text, start, end, tag)
    if clinging.before:
        start -= len(clinging.before) + 1
    if clinging.behind:
        end += len(clinging.behind) + 1
    rule = f"lexicon ({lexeme.scope})"
    if start < free:
        return None
    if lexeme.ipa:
        # Read by the rules too: what a voice says that doesn't know the symbols.
        ipa = clinging.pronounced(lexeme.ipa, tag)
        return Reading(start=start, end=end, said=text[start:end], rule=rule, ipa=ipa, read=True)
    return Reading(start=start, end=end, said=clinging.spelled(lexeme.alias or ""), rule=rule, read=True)


def in_hyphenated_word(text: str, start: int, end: int) -> bool:
    """Whether a hyphen joins a stretch to another word, also one that is left out: "Nato-Gipfel", "Nato- und EU-"."""
    before, behind = text[max(0, start - 2) : start], text[end : end + 2]
    joined_before = before[-1:] in _HYPHENS and before[:-1].isalnum() if before else False
    joined_behind = behind[:1] in _HYPHENS and behind[1:] not in _HYPHENS if behind else False
    return joined_before or joined_behind


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a stretch is no part of an address, a tag or a number."""
    before, behind = text[max(0, start - 2) : start], text[end : end + 2]
    if before[-1:] in ("@", "#", "_") or behind[:1] in ("@", "_"):
        return False
    if (behind[:1] == "." and behind[1:].islower()) or (before[1:] == "." and before[0].isalnum()):
        return False
    if text[start].isdecimal() and (_CURRENCY_BEFORE.search(before) or _CURRENCY_BEHIND.match(behind)):
        return False
    if text[start].isdecimal() and before[-1:] in (".", ",", ":") and before[0].isdecimal():
        return False
    if text[end - 1].isdecimal() and behind[:1] in (".", ",", ":") and behind[1:].isdecimal():
        return False
    left = text[max(0, start - _NEAR) : start].split()[-1:] if start and not text[start - 1].isspace() else []
    right = text[end : end + _NEAR].split()[:1] if end < len(text) and not text[end].isspace() else []
    return not _IN_ADDRESS.search("".join((*left, " ", *right)))
