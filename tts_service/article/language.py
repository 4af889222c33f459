"""Which language an article is in: given, else from its metadata, else found out from its words, offline."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from babel.core import Locale, UnknownLocaleError

if TYPE_CHECKING:
    from lingua import LanguageDetector

FALLBACK = "en"
MIN_LETTERS = 20
"""Letters a text needs before its language is worth guessing."""
_SAMPLE = 2_000
"""Characters looked at: more doesn't change the answer and costs time."""
_KNOWN = ("ENGLISH", "GERMAN", "FRENCH", "SPANISH", "ITALIAN", "PORTUGUESE", "DUTCH", "POLISH", "SWEDISH", "DANISH",
"CZECH",
          "TURKISH", "RUSSIAN", "UKRAINIAN")  # fmt: skip


def language_of(given: str | None, metadata: str | None, text: str) -> str:
    """BCP 47 tag of an article: what the CMS says, else what the page says, else what its words say."""
    for tag in (given, metadata):
        if tag and (known := tidy_tag(tag)):
            return known
    return detect(text) or FALLBACK


def tidy_tag(tag: str) -> str | None:
    """The tag as BCP 47 writes it (`de_at` -> `de-AT`); None when it is no language."""
    try:
        locale = Locale.parse(tag.strip().replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    parts = (locale.language, locale.script, locale.territory)
    return "-".join(part for part in parts if part)


def detect(text: str) -> str | None:
    """The language of a text by its words; None when there are too few to tell."""
    sample = text[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < MIN_LETTERS:
        return None
    found = _detector().detect_language_of(sample)
    return found.iso_code_639_1.name.lower() if found else None


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    """Low accuracy mode: trigrams only, a tenth of the memory, and right on whole paragraphs."""
    from lingua import Language, LanguageDetectorBuilder

    languages = [getattr(Language, name) for name in _KNOWN]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
