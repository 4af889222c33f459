"""Translations: the gettext catalogues of pages, player and mail, and how each language writes dates.

The languages are those that have a catalogue in tts_service/locale, and English.
"""

from __future__ import annotations

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
from babel.units import format_unit

from tts_service.values.moments import utc_of

SOURCE = "en"
"""The language of the messages in code and templates: it needs no catalogue."""
_CATALOGUES = files("tts_service") / "locale"
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
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
    """The messages of one of `page_languages()`, read from its catalogue once; without one, in English."""
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
    return first_known([tag]) or SOURCE


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


def duration(ms: float, language: str) -> str:
    """A length of time in its two largest units: "40 secs", "11 mins 24 secs", "3 days 4 hrs"."""
    locale = locale_of(language)
    if 0 < ms < 1000:
        return format_unit(max(1, round(ms)), "duration-millisecond", "short", locale=locale)
    left, parts = round(ms / 1000), []
    for unit, seconds in _UNITS:
        count, left = divmod(left, seconds)
        if count:
            parts.append(format_unit(count, f"duration-{unit}", "short", locale=locale))
        elif parts:
            break
    return " ".join(parts[:2]) or format_unit(0, "duration-second", "short", locale=locale)


def quoted(text: str, words: NullTranslations) -> str:
    """A text in the quotation marks of the language."""
    return words.pgettext("quotation marks", "“{text}”").format(text=text)


def first_known(tags: list[str]) -> str | None:
    """The first language of ours among these tags, by itself or by its base language; None: there is none."""
    known = {name.lower(): name for name in page_languages()}
    found = negotiate_locale([tag.replace("_", "-").lower() for tag in tags if tag], list(known), sep="-")
    return known[found] if found else None
