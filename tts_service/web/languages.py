"""The language of a page, as its address or the browser asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request

from tts_service.values.translations import (
    SOURCE,
    catalogue,
    date_and_time,
    duration,
    first_known,
    gettext_noop,
    language_for,
    locale_of,
    moment,
    page_languages,
    pgettext_noop,
    quoted,
)

__all__ = [
    "LANGUAGE",
    "SOURCE",
    "catalogue",
    "date_and_time",
    "duration",
    "gettext_noop",
    "language_accepted",
    "language_for",
    "language_wanted",
    "locale_of",
    "moment",
    "page_languages",
    "pgettext_noop",
    "quoted",
]

LANGUAGE = "lang"
"""Parameter of a page's address."""
_LONGEST_HEADER = 500


def language_wanted(request: Request) -> str:
    """The language of a page that has none of its own: as its address says (`?lang=de`), else as the browser does."""
    named = first_known([request.query_params.get(LANGUAGE, "")])
    return named or language_accepted(request)


def language_accepted(request: Request) -> str:
    """The language of ours that the browser likes best, by its Accept-Language."""
    return first_known(_accepted(request.headers.get("accept-language", ""))) or SOURCE


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
