"""The article's language: as given, else from metadata, else detected from its words, offline.

A language that is given counts for little where the words plainly contradict it: an editor's profile or a template may
have named it. Then the words decide, and the account says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.core import Locale, UnknownLocaleError

from tts_service.article.pieces import Piece, listed
from tts_service.values import BlockKind

if TYPE_CHECKING:
    from lingua import Language, LanguageDetector

FALLBACK = "en"
MIN_LETTERS = 20
"""Letters a text needs before its language is worth guessing."""
MIN_QUOTE_WORDS = 8
"""Words a quote needs before it may be in another language than its article."""
SURE, UNLIKELY = 0.9, 0.05
"""How probable another language must be, and the article's own at most, before a quote counts as foreign."""
LIKELY = 0.8
"""How probable a language must be to be an article's."""
MIN_LETTERS_TO_DOUBT = 200
"""Letters an article needs before a language that is given for it may be doubted."""
_STRETCHES = 3
"""Stretches of an article, at its beginning, in its middle and at its end, that all have to contradict it."""
_SAMPLE = 2_000
"""Characters looked at: more doesn't change the answer and costs time."""
_KNOWN = listed(
    "ENGLISH GERMAN FRENCH SPANISH ITALIAN PORTUGUESE DUTCH POLISH SWEDISH DANISH BOKMAL FINNISH CZECH HUNGARIAN "
    "ROMANIAN CROATIAN TURKISH RUSSIAN UKRAINIAN GREEK ARABIC HEBREW HINDI CHINESE JAPANESE KOREAN"
)


def language_of(given: str | None, metadata: str | None, text: str) -> str:
    """BCP 47 tag of an article: what the CMS says, else what the page says, else what its words say."""
    for tag in (given, metadata):
        if tag and (known := tidy_tag(tag)):
            return known
    return detect(text) or FALLBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledLanguage:
    """An article's language, and the one that was given for it, if its words contradict that."""

    tag: str
    """BCP 47."""
    doubted: str | None = None
    """The language given, where it doesn't count; None: it does, or none was given."""


def settle_language(
    given: str | None, metadata: str | None, text: str, speaks: Callable[[str], bool]
) -> SettledLanguage:
    """The language that an article is read in. `speaks`: whether there is a voice for a language; one that nobody
    speaks is no reason to read the article otherwise than it was declared."""
    tag = language_of(given, metadata, text)
    if tidy_tag(given or "") is None and tidy_tag(metadata or "") is None:
        return SettledLanguage(tag=tag)
    found = _contradicted_by(text, tag)
    if found is None or not speaks(found):
        return SettledLanguage(tag=tag)
    return SettledLanguage(tag=found, doubted=tag)


def _contradicted_by(text: str, tag: str) -> str | None:
    """The language that all of a text is surely in, if it isn't the given one."""
    if sum(map(str.isalpha, text)) < MIN_LETTERS_TO_DOUBT:
        return None
    length = max(len(text) // _STRETCHES, 1)
    found = {foreign(text[start : start + length], tag) for start in range(0, length * _STRETCHES, length)}
    return found.pop() if len(found) == 1 else None


def tidy_tag(tag: str) -> str | None:
    """The tag as BCP 47 writes it (`de_at` -> `de-AT`); None when it is no language."""
    try:
        locale = Locale.parse(tag.strip().replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    parts = (locale.language, locale.script, locale.territory)
    return "-".join(part for part in parts if part)


def language_of_piece(item: Piece, article: str) -> str:
    """BCP 47 tag of one piece: what its markup says; of a long quote, what its words say; else the article's."""
    if item.language:
        same = item.language == _primary(article)
        return article if same else item.language
    if item.kind is BlockKind.QUOTE and item.skip_reason is None and len(item.text.split()) >= MIN_QUOTE_WORDS:
        return foreign(item.text, article) or article
    return article


def detect(text: str) -> str | None:
    """The language of a text by its words; None when there are too few to tell."""
    found, probability, _ = _most_likely(text, FALLBACK)
    return found if probability >= LIKELY else None


def foreign(text: str, article: str) -> str | None:
    """The language of a text that is surely not in the article's; None when it may be."""
    own = _primary(article)
    if own not in _subtags():
        return None
    found, probability, own_probability = _most_likely(text, own)
    return found if found != own and probability >= SURE and own_probability <= UNLIKELY else None


def _primary(tag: str) -> str:
    return tag.split("-", 1)[0].lower()


def _most_likely(text: str, own: str) -> tuple[str | None, float, float]:
    """(language, its probability, the probability of `own`)."""
    sample = text[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < MIN_LETTERS:
        return None, 0.0, 1.0
    values = {_subtag(found.language): found.value for found in _detector().compute_language_confidence_values(sample)}
    best = max(values, key=values.__getitem__)
    return best, values[best], values.get(own, 0.0)


@lru_cache(maxsize=1)
def _subtags() -> frozenset[str]:
    from lingua import Language

    return frozenset(_subtag(getattr(Language, name)) for name in _KNOWN)


def _subtag(language: Language) -> str:
    return str(language.iso_code_639_1.name).lower()


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    """Low accuracy mode: trigrams only, a tenth of the memory, and right on whole paragraphs."""
    from lingua import Language, LanguageDetectorBuilder

    languages = [getattr(Language, name) for name in sorted(_KNOWN)]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
