"""What the pages say, by language. A language without words of its own gets the English ones."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from babel.dates import format_datetime
from starlette.requests import Request

from tts_service.narration import notice
from tts_service.values.moments import utc_of
from tts_service.web.pages.words import english, french, german, spanish

DEFAULT = "en"
LANGUAGE = "lang"
"""Parameter of a page's address."""
TRANSLATED: Mapping[str, ModuleType] = {"de": german, "fr": french, "es": spanish}
"""Each with WORDS, KINDS, REASONS, OPENINGS."""
_WORDS: Mapping[str, Mapping[str, str]] = {
    DEFAULT: english.WORDS,
    **{lang: translated.WORDS for lang, translated in TRANSLATED.items()},
}


def words_for(language: str) -> Mapping[str, str]:
    """The words for a BCP 47 tag, the fixed disclosure sentence among them as `notice`."""
    found = _WORDS[_known(language) or DEFAULT]
    return {**found, "notice": notice(found["lang"])}


def moment(ms: int, words: Mapping[str, str]) -> str:
    """A time, milliseconds since 1970, as the pages of these words say it."""
    return format_datetime(utc_of(ms), words["moment"], locale=words["lang"])


def kind_name(kind: str, lang: str) -> str:
    """A kind of block in words."""
    if lang not in TRANSLATED:
        return kind.replace("_", " ").capitalize()
    name: str = TRANSLATED[lang].KINDS.get(kind, kind)
    return name


def language_wanted(request: Request) -> str:
    """The language of a page that has none of its own: as its address says (`?lang=de`), else as the browser does."""
    named = _known(request.query_params.get(LANGUAGE, ""))
    return named or language_asked(request.headers.get("accept-language", ""))


def language_asked(accepted: str) -> str:
    """The language of ours that a browser would rather read, from its Accept-Language (RFC 9110, 12.5.4)."""
    best, weight = DEFAULT, 0.0
    for item in accepted[:500].split(","):
        tag, _, rest = item.partition(";")
        try:
            q = float(rest.strip().removeprefix("q=")) if rest.strip() else 1.0
        except ValueError:
            q = 0.0
        known = _known(tag.strip())
        if known and q > weight:
            best, weight = known, q
    return best


def _known(tag: str) -> str | None:
    lang = tag.replace("_", "-").split("-", 1)[0].lower()
    return lang if lang in _WORDS else None
