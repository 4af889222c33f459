"""The languages of pages and player: those that have a gettext catalogue in tts_service/locale, and English."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Literal

from babel import Locale
from babel.core import negotiate_locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request

from tts_service.values.moments import utc_of

SOURCE = "en"
"""The language of the messages in code and templates: it needs no catalogue."""
LANGUAGE = "lang"
"""Parameter of a page's address."""
_CATALOGUES = files("tts_service") / "locale"
_LONGEST_HEADER = 500
_Length = Literal["short", "medium", "long"]


def gettext_noop(message: str) -> str:
    """Marks a message for the catalogues where it stands; it is translated where it is shown."""
    return message


def pgettext_noop(context: str, message: str) -> str:
    """Marks a message that needs a context: the same English is translated differently elsewhere."""
    return message


@cache
def page_languages() -> tuple[str, ...]:
    """The codes of all languages, English first."""
    found = sorted(folder.name for folder in _CATALOGUES.iterdir() if (folder / "LC_MESSAGES/messages.po").is_file())
    return (SOURCE, *(name.replace("_", "-") for name in found))


@cache
def catalogue(language: str) -> NullTranslations:
    """The words of one of `languages()`, read from its catalogue once; without one, the English messages."""
    if language not in page_languages()[1:]:
        return NullTranslations()
    path = _CATALOGUES / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language.replace("-", "_")))
    compiled.seek(0)
    return GNUTranslations(compiled)


def language_for(tag: str) -> str:
    """The language that a BCP 47 tag is shown in: its own, its base language, else English."""
    return _first_known([tag]) or SOURCE


def language_wanted(request: Request) -> str:
    """The language of a page that has none of its own: as its address says (`?lang=de`), else as the browser does."""
    named = _first_known([request.query_params.get(LANGUAGE, "")])
    return named or language_accepted(request)


def language_accepted(request: Request) -> str:
    """The language of ours that the browser likes best, by its Accept-Language."""
    return _first_known(_accepted(request.headers.get("accept-language", ""))) or SOURCE


def locale_of(language: str) -> Locale:
    """How numbers and dates are written. English pages write them as in Britain, as their words are spelled."""
    return Locale.parse("en-GB" if language == SOURCE else language, sep="-")


def moment(ms: int, language: str) -> str:
    """A time, milliseconds since 1970, in full: "29 November 2026, 07:06 UTC"."""
    return f"{date_and_time(ms, language, 'long', 'short')} UTC"


def date_and_time(ms: int, language: str, date: _Length, time: _Length) -> str:
    """A time in UTC, without saying so."""
    locale, when = locale_of(language), utc_of(ms)
    pattern = str(get_datetime_format("medium", locale))
    return pattern.format(format_time(when, time, locale=locale), format_date(when, date, locale=locale))


def _accepted(header: str) -> list[str]:
    """The tags of an Accept-Language header (RFC 9110, 12.5.4), the most wanted first."""

    def weighed() -> Iterator[tuple[float, str]]:
        for item in header[:_LONGEST_HEADER].split(","):
            tag, _, weight = item.partition(";")
            try:
                q = float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
            except ValueError:
                continue
            if q > 0:
                yield q, tag.strip()

    return [tag for _, tag in sorted(weighed(), key=lambda found: -found[0])]


def _first_known(tags: list[str]) -> str | None:
    known = {name.lower(): name for name in page_languages()}
    found = negotiate_locale([tag.replace("_", "-").lower() for tag in tags if tag], list(known), sep="-")
    return known[found] if found else None
