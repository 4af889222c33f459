"""The article's language: declared, else from metadata, else detected offline from its words.

A declared language often comes from an editor's profile or a template. If the text clearly contradicts it, the
detected language wins, and the account says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.core import Locale, UnknownLocaleError

from tts_service.article.pieces import Piece, word_set
from tts_service.values import BlockKind

if TYPE_CHECKING:
    from lingua import Language, LanguageDetector

FALLBACK = "en"
MIN_LETTERS = 20
"""Minimum letters of a text for language detection."""
MIN_QUOTE_WORDS = 8
"""Minimum words of a quotation for it to be in another language than the article."""
SURE, UNLIKELY = 0.9, 0.05
"""A quotation is foreign if another language is at least, and the article's at most, this probable."""
LIKELY, MOST = 0.8, 0.5
"""Minimum probability for the detected language of an article, and its mean over the samples of a long one."""
MIN_LETTERS_TO_DOUBT = 200
"""Minimum letters of an article for its declared language to be doubted."""
_STRETCHES = 6
"""Samples spread over an article; all must contradict a declared language."""
_SAMPLE_TO_DOUBT = 350
"""Characters of each of them: many short samples notice a second language better than a few long ones, for less."""
_SAMPLE = 2_000
"""Characters of a quotation that are looked at: more costs time without changing the result."""
_SAMPLE_TO_DETECT = 120
"""Characters of each of them if no language is declared: most of six are right where a long beginning is foreign."""
_KNOWN = word_set(
    "ENGLISH GERMAN FRENCH SPANISH ITALIAN PORTUGUESE DUTCH POLISH SWEDISH DANISH BOKMAL FINNISH CZECH HUNGARIAN "
    "ROMANIAN CROATIAN TURKISH RUSSIAN UKRAINIAN GREEK ARABIC HEBREW HINDI CHINESE JAPANESE KOREAN"
)


def article_language(declared: str | None, metadata: str | None, text: str) -> str:
    """BCP 47 tag of an article: from the CMS, else from the page, else detected."""
    for tag in (declared, metadata):
        if tag and (known := tidy_tag(tag)):
            return known
    return detect(text) or FALLBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledLanguage:
    """An article's language, and the declared one if the text contradicts it."""

    tag: str
    """BCP 47."""
    doubted: str | None = None
    """The declared language that was overruled; None if it holds or none was declared."""


def settle_language(
    declared: str | None, metadata: str | None, text: str, speaks: Callable[[str], bool]
) -> SettledLanguage:
    """The language to read an article in. `speaks`: whether a voice exists for a language; without a voice for the
    detected language, the declared one stands."""
    tag = article_language(declared, metadata, text)
    if tidy_tag(declared or "") is None and tidy_tag(metadata or "") is None:
        return SettledLanguage(tag=tag)
    found = _contradicted_by(text, tag)
    if found is None or not speaks(found):
        return SettledLanguage(tag=tag)
    return SettledLanguage(tag=found, doubted=tag)


def _contradicted_by(text: str, tag: str) -> str | None:
    """The language that all samples of the text are certainly in, if it differs from the declared one."""
    if sum(map(str.isalpha, text)) < MIN_LETTERS_TO_DOUBT:
        return None
    found = (foreign(sample, tag) for sample in _samples(text, _SAMPLE_TO_DOUBT))
    first = next(found)  # of most articles the only one that is looked at: each costs 1 ms
    return first if first is not None and all(other == first for other in found) else None


def _samples(text: str, size: int) -> list[str]:
    """Samples of at most `size` characters, spread over a text."""
    length = max(len(text) // _STRETCHES, 1)
    return [text[start : start + min(length, size)] for start in range(0, length * _STRETCHES, length)]


def tidy_tag(tag: str) -> str | None:
    """The tag in BCP 47 form (`de_at` -> `de-AT`); None if it is not a language tag."""
    try:
        locale = Locale.parse(tag.strip().replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    parts = (locale.language, locale.script, locale.territory)
    return "-".join(part for part in parts if part)


def language_of_piece(item: Piece, article: str) -> str:
    """BCP 47 tag of a piece: from its markup, detected for a long quotation, else the article's."""
    if item.language:
        same = item.language == _primary(article)
        return article if same else item.language
    if item.kind is BlockKind.QUOTE and item.skip_reason is None and len(item.text.split()) >= MIN_QUOTE_WORDS:
        return foreign(item.text, article) or article
    return article


def detect(text: str) -> str | None:
    """Detects a text's language, a long one's as that of most of its samples; None if there are too few words."""
    is_long = len(text) > _STRETCHES * _SAMPLE_TO_DETECT
    found = [_probabilities(sample) for sample in (_samples(text, _SAMPLE_TO_DETECT) if is_long else [text])]
    known = [one for one in found if one]
    if not known:
        return None
    totals = {tag: sum(one[tag] for one in known) for tag in known[0]}
    best = max(totals, key=totals.__getitem__)
    return best if totals[best] >= (MOST if is_long else LIKELY) * len(known) else None


def foreign(text: str, article: str) -> str | None:
    """The language of a text that is certainly not in the article's language; None if it may be."""
    own = _primary(article)
    if own not in _subtags():
        return None
    found = _probabilities(text[:_SAMPLE])
    best = max(found, key=found.__getitem__, default=own)
    return best if best != own and found[best] >= SURE and found.get(own, 0.0) <= UNLIKELY else None


def _primary(tag: str) -> str:
    return tag.split("-", 1)[0].lower()


def _probabilities(text: str) -> dict[str, float]:
    """How probable each language is; empty if there are too few letters."""
    if sum(map(str.isalpha, text)) < MIN_LETTERS:
        return {}
    return {_subtag(found.language): found.value for found in _detector().compute_language_confidence_values(text)}


@lru_cache(maxsize=1)
def _subtags() -> frozenset[str]:
    from lingua import Language

    return frozenset(_subtag(getattr(Language, name)) for name in _KNOWN)


def _subtag(language: Language) -> str:
    return str(language.iso_code_639_1.name).lower()


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    """Low accuracy mode: trigrams only, a tenth of the memory, reliable on whole paragraphs."""
    from lingua import Language, LanguageDetectorBuilder

    languages = [getattr(Language, name) for name in sorted(_KNOWN)]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
