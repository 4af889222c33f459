"""Which places that an entry would change look like false hits, and why an entry changes nothing at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from tts_service.engines.voices.languages import same_primary_language
from tts_service.speakable.apostrophes import with_apostrophes
from tts_service.speakable.changes import ChangedSentence
from tts_service.speakable.language import codes, language_of
from tts_service.speakable.lexeme import Lexeme, alike, word_pattern
from tts_service.speakable.lexicon import GraphemeWords, Lexicon, grapheme_words, in_hyphenated_word, text_words
from tts_service.speakable.readings import Reading
from tts_service.values import Block

_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"})
"""Scripts with letters that look alike, as Unicode names of letters begin."""
_FEW = 50
"""Words up to which looking for each of them is cheaper than splitting a text."""
_FOREIGN = 3
"""Words that show another language, and how many times as many they must be as those of the sentence's own."""


class DoubtReason(StrEnum):
    """Why a hit may be a false one."""

    HYPHENATED = "hyphenated"
    """It is part of a hyphenated word."""
    CASE = "case"
    """It is written in another case than the grapheme: "us" for "US"."""
    LANGUAGE = "language"
    """It stands in a sentence of another language."""
    SENTENCE_START = "sentence_start"
    """Its capital may only be there because it begins a sentence: the same word occurs in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A hit that looks false."""

    clip_id: str
    block: int
    start: int
    """First character of the hit in the block's text."""
    end: int
    text: str
    reason: DoubtReason


class NoMatch(StrEnum):
    """Why an entry changes nothing."""

    UNSEEN = "unseen"
    """No clip has its words."""
    LOOK_ALIKE = "look_alike"
    """No clip has its words, some of which mix Latin letters with those of another script that look like them."""
    APART = "apart"
    """Clips have its words, but not side by side as it is written."""
    OTHER_CASE = "other_case"
    """It occurs in another case only."""
    OTHER_LANGUAGE = "other_language"
    """It occurs in texts of other languages only."""
    HYPHENATED = "hyphenated"
    """It occurs in hyphenated words only, and the entry leaves those out."""
    IN_ADDRESS = "in_address"
    """It occurs in addresses, tags and numbers only, which are read as a whole."""
    OVERRULED = "overruled"
    """Wherever it occurs, a longer or narrower entry or the article itself says how it is read."""
    NOT_READ = "not_read"
    """It occurs only in parts of articles that are skipped or announced."""
    LEFT_OUT = "left_out"
    """It occurs only in articles that the entry leaves out."""
    SAME_SOUND = "same_sound"
    """Wherever it occurs, it is said like this already."""


class HitCheck:
    """Looks for false hits of some lexemes while clips are read one after the other."""

    def __init__(self, lexemes: Sequence[Lexeme]) -> None:
        self._lexicon = Lexicon(lexemes)
        self._written: dict[str, set[str]] = {}
        """Graphemes by their first word, case-folded."""
        self._capitals: dict[str, set[str]] = {}
        """Graphemes with capitals by their first word, both case-folded: a file has thousands."""
        for grapheme in (_plain(grapheme) for one in lexemes for grapheme in one.graphemes):
            folded = grapheme.casefold()
            first = _words(folded)[0]
            self._written.setdefault(first, set()).add(grapheme)
            if grapheme != folded:
                self._capitals.setdefault(first, set()).add(folded)
        self._in_lower_case: set[str] = set()
        self._first: list[tuple[str, Doubt]] = []
        self._found: list[Doubt] = []

    def read(self, clip_id: str, blocks: Sequence[Block], changes: Iterable[ChangedSentence]) -> None:
        """Take in the changes of one clip."""
        for block in blocks:
            self._note_lower_case(block.text)
        for change in changes:
            block = blocks[change.block]
            self._found += self._doubts(clip_id, change, block)

    def doubts(self) -> tuple[Doubt, ...]:
        """All that were found, once all clips are read: whether a capital only begins its sentence shows in others."""
        first = (doubt for word, doubt in self._first if word in self._in_lower_case)
        return tuple(sorted((*self._found, *first), key=lambda one: (one.clip_id, one.block, one.start)))

    def _doubts(self, clip_id: str, change: ChangedSentence, block: Block) -> Iterator[Doubt]:
        text = with_apostrophes(block.text)
        for hit in self._lexicon.readings(text, block.language):
            if not (change.start <= hit.start and hit.end <= change.end):
                continue
            reason = self._reason(text, hit, change, block.language)
            if reason is None:
                continue
            written = text[hit.start : hit.end]
            doubt = Doubt(
                clip_id=clip_id, block=change.block, start=hit.start, end=hit.end, text=written, reason=reason
            )
            if reason is DoubtReason.SENTENCE_START:
                self._first.append((_plain(written).casefold(), doubt))
            else:
                yield doubt

    def _reason(self, text: str, hit: Reading, change: ChangedSentence, language: str) -> DoubtReason | None:
        written = text[hit.start : hit.end]
        said = next((one for one in reversed(change.after) if one.start <= hit.start), None)
        if in_hyphenated_word(text, hit.start, hit.end):
            return DoubtReason.HYPHENATED
        directed = said is not None and not same_primary_language(said.language, language)
        if directed or in_another_language(text[change.start : change.end], language):
            return DoubtReason.LANGUAGE
        if not self._as_written(written):
            return DoubtReason.CASE
        starts = {one.start for one in (*change.before, *change.after)}
        folded = _plain(written).casefold()
        capital = any(folded in self._capitals.get(word, ()) for word in _words(folded)[:1])
        if capital and self._begins(text, hit.start, starts):
            return DoubtReason.SENTENCE_START
        return None

    def _as_written(self, written: str) -> bool:
        """Whether a grapheme has exactly these letters, whatever clings to them."""
        plain = _plain(written)
        alike = (grapheme for word in _words(plain.casefold()) for grapheme in self._written.get(word, ()))
        return any(grapheme in plain for grapheme in alike)

    @staticmethod
    def _begins(text: str, start: int, starts: set[int]) -> bool:
        return any(first <= start and not any(map(str.isalnum, text[first:start])) for first in starts)

    def _note_lower_case(self, text: str) -> None:
        if len(self._capitals) <= _FEW and not any(first in text for first in self._capitals):
            return
        plain = _plain(with_apostrophes(text))
        words = set(_words(plain))
        for first in words & self._capitals.keys():
            self._in_lower_case |= {
                form for form in self._capitals[first] if form in words or (" " in form and form in plain)
            }


_ORDER = (
    NoMatch.SAME_SOUND,
    NoMatch.LEFT_OUT,
    NoMatch.OVERRULED,
    NoMatch.HYPHENATED,
    NoMatch.OTHER_CASE,
    NoMatch.OTHER_LANGUAGE,
    NoMatch.NOT_READ,
    NoMatch.IN_ADDRESS,
    NoMatch.APART,
)
"""Of several reasons the first is told: that which is nearest to a change."""


def why_nothing(lexemes: Sequence[Lexeme], texts: Iterable[Block], known: Collection[NoMatch]) -> NoMatch:
    """Why an entry changes nothing. `texts`: some blocks that are read and may have its words; `known`: reasons that
    showed while the clips were read."""
    if len(lexemes) > _FEW:
        longest = [(one, {max(words, key=len) for words in grapheme_words([one])}) for one in lexemes]
        read = [(block, text_words(block.text)) for block in texts]
        named = [([one for one, words in longest if not words.isdisjoint(said)], block) for block, said in read]
    else:
        named = [(list(lexemes), block) for block in texts]
    reasons = {*known, *(_why_not(few, block) for few, block in named)}
    unseen = NoMatch.LOOK_ALIKE if any(map(_mixes_scripts, lexemes)) else NoMatch.UNSEEN
    return next((reason for reason in _ORDER if reason in reasons), unseen)


def _mixes_scripts(lexeme: Lexeme) -> bool:
    """Whether a word has letters of several scripts: an "o" may be a Cyrillic one."""
    words = (word for grapheme in lexeme.graphemes for word in word_pattern().findall(grapheme))
    return any(len({unicodedata.name(sign, "").split()[0] for sign in word} & _SCRIPTS) > 1 for word in words)


def _why_not(lexemes: Sequence[Lexeme], block: Block) -> NoMatch | None:
    text = with_apostrophes(block.text)
    if not GraphemeWords(lexemes)(text):
        return None

    def found(**loosened: object) -> bool:
        loose = [replace(one, **loosened) for one in lexemes]  # type: ignore[arg-type]
        return bool(Lexicon(loose).readings(text, block.language))

    if found():
        return NoMatch.OVERRULED
    if found(alone=False):
        return NoMatch.HYPHENATED
    if found(alone=False, case_sensitive=False):
        return NoMatch.OTHER_CASE
    if found(alone=False, case_sensitive=False, language=block.language):
        return NoMatch.OTHER_LANGUAGE
    words = grapheme_words(lexemes)
    return NoMatch.IN_ADDRESS if all(len(one) == 1 for one in words) else NoMatch.APART


def in_another_language(sentence: str, language: str) -> bool:
    """Whether a sentence has three of another language's commonest words, and three times as many as of its own."""
    own = language.split("-")[0].lower()
    if own not in codes():
        return False
    words = [word.casefold() for word in word_pattern().findall(sentence)]
    most = max(sum(word in _common_words(code) for word in words) for code in codes() if code != own)
    return most >= _FOREIGN and most >= _FOREIGN * sum(word in _common_words(own) for word in words)


@cache
def _common_words(code: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in language_of(code).ends().openers)


def _words(text: str) -> list[str]:
    return word_pattern().findall(text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", alike(text))
