"""JSON data -> validated values: returns a usable value or None, never raises."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tts_service.values import WebAddress
from tts_service.values.moments import in_range, utc_of
from tts_service.values.web_address import LONGEST

MAX_TITLE = 1000
MAX_AUTHOR = 500
MAX_ID = 200
MAX_LOCALE = 35
_MAX_TAGS = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNSPEAKABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL refuses, and lone surrogates, which UTF-8 can't encode."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}")
_TAG = re.compile(r"<[^<>]{1,500}>")


def at(data: Any, *path: str | int) -> Any:
    """The value at a path, or None."""
    for step in path:
        if isinstance(step, str):
            data = data.get(step) if isinstance(data, Mapping) else None
        else:
            data = data[step] if isinstance(data, list) and -len(data) <= step < len(data) else None
    return data


def word(data: Any, *path: str | int) -> str:
    """The string at a path; "" for anything else."""
    found = at(data, *path)
    return found if isinstance(found, str) else ""


def items(data: Any) -> list[Any]:
    """A list unchanged, a single value as a list of one, None as an empty list."""
    if isinstance(data, list):
        return data
    return [] if data is None else [data]


def text(value: Any, limit: int | None = None) -> str | None:
    """A string without characters that can't be stored; None for other types, or if nothing is left."""
    if not isinstance(value, str):
        return None
    kept = _UNSPEAKABLE.sub("", value).strip()
    return kept[:limit] or None


def plain(value: Any, limit: int) -> str | None:
    """A string that may contain HTML, for example a title with entities, as plain text."""
    found = text(value)
    return text(html.unescape(_TAG.sub("", found[: limit * 4])), limit) if found else None


def external_id(value: Any) -> str | None:
    """An id: a short string without control characters, or an integer."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**18 else None
    found = text(value)
    if not found or len(found) > MAX_ID or _CONTROL.search(found) or not found.strip("."):
        return None  # also "." and "..", which would change an address's path
    return found


def web_address(value: Any) -> WebAddress | None:
    """A normalised http(s) address."""
    found = text(value)
    if not found or len(found) > LONGEST:
        return None
    return WebAddress.read(found)


def language(value: Any) -> str | None:
    """A BCP 47 tag; `de_DE` is accepted as `de-DE`."""
    found = (text(value) or "").replace("_", "-")
    return found if _LANGUAGE.fullmatch(found) else None


def moment(value: Any) -> datetime | None:
    """A time in ISO 8601 or in seconds since 1970; without a zone it is UTC."""
    read = site_moment(value)
    return in_range(read)


def site_moment(value: Any) -> datetime | None:
    """The same, but a time without a zone stays naive: it is in the site's zone, applied later."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    found = (text(value, 40) or "").strip()
    try:
        if found.isascii() and found.isdigit() and 9 <= len(found) <= 11:
            return datetime.fromtimestamp(int(found), UTC)
        read = datetime.fromisoformat(found)
    except (ValueError, OverflowError):
        return None
    if read.tzinfo is None:
        return read if read.year > 1 else None
    found_there = in_range(read)
    return found_there.astimezone(UTC) if found_there else None


def stamp(ms: int) -> str:
    """Milliseconds since 1970 in ISO 8601."""
    return utc_of(ms).isoformat(timespec="milliseconds")


def milliseconds(value: Any) -> int | None:
    """A time as milliseconds since 1970."""
    found = moment(value)
    return (found - _EPOCH) // timedelta(milliseconds=1) if found else None


def names(values: Any) -> str | None:
    """One or more authors, as strings or objects with a name, joined by commas."""
    found = [text(value) or text(at(value, "name")) or text(at(value, "title")) for value in items(values)]
    return text(", ".join(name for name in found if name), MAX_AUTHOR)


def heading(values: Any) -> str | None:
    """A section's name, from a string or an object with name, title or slug; the first of several."""
    first = next(iter(items(values)), None)
    found = text(first) or text(at(first, "name")) or text(at(first, "title")) or text(at(first, "slug"))
    return text(" ".join(_CONTROL.sub(" ", found).split()), 100) if found else None


def tags(values: Any) -> tuple[str, ...]:
    """Tags in lower case, from strings or objects with slug or name."""
    found: Iterable[str | None] = (
        text(value, 100) or text(at(value, "slug"), 100) or text(at(value, "name"), 100)
        for value in items(values)[:_MAX_TAGS]
    )
    return tuple(tag.lower() for tag in found if tag)
