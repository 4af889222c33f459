"""Range requests and preconditions: RFC 9110, sections 13 and 14, for files that never change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus

MAX_RANGES = 16
"""More in one request are ignored (RFC 9110, 14.2: many small ranges are an attack or a mistake)."""
_SPEC = re.compile(r"(\d{0,18})-(\d{0,18})", re.ASCII)


def parse_range(header: str | None, size: int) -> list[tuple[int, int]] | None:
    """The ranges asked for as (first byte, one past the last), in the order asked for.

    None: no Range, another unit, or malformed: to be ignored (14.2). Empty: none of them can be satisfied (416).
    """
    unit, equals, ranges = (header or "").partition("=")
    if not equals or unit.strip().lower() != "bytes":
        return None
    specs = [spec.strip(" \t") for spec in ranges.split(",", 4 * MAX_RANGES)]
    specs = [spec for spec in specs if spec]  # empty elements of a list are to be ignored (5.6.1.2)
    if not 0 < len(specs) <= MAX_RANGES:
        return None
    found = []
    for spec in specs:
        span = _span(spec, size)
        if span is None:
            return None
        if span[0] < span[1]:
            found.append(span)
    if sum(end - start for start, end in found) > size:
        return None  # overlapping ranges that ask for more than there is: the whole is cheaper
    return found


def _span(spec: str, size: int) -> tuple[int, int] | None:
    """One range; (0, 0) when it can't be satisfied, None when it is malformed."""
    match = _SPEC.fullmatch(spec)
    if match is None or spec == "-":
        return None
    first, last = match.groups()
    if not first:
        suffix = int(last)
        return (max(0, size - suffix), size) if suffix and size else (0, 0)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        return (0, 0)
    return start, min(size, int(last) + 1) if last else size


def wants_range(headers: Mapping[str, str], etag: str, modified_s: int) -> bool:
    """Whether a Range is to be followed: If-Range names this very file (13.1.5), or isn't there."""
    condition = headers.get("if-range")
    if condition is None:
        return True
    if condition.startswith(('"', "W/")):
        return condition == etag  # strong comparison: a weak tag never fits
    return _seconds(condition) == modified_s


def precondition(headers: Mapping[str, str], etag: str, modified_s: int) -> HTTPStatus | None:
    """304 or 412 when the preconditions decide the answer, in the order of RFC 9110, 13.2.2; None: go on."""
    if "if-match" in headers:
        if not _names(headers["if-match"], etag, weak=False):
            return HTTPStatus.PRECONDITION_FAILED
    elif (before := _seconds(headers.get("if-unmodified-since"))) is not None and modified_s > before:
        return HTTPStatus.PRECONDITION_FAILED
    if "if-none-match" in headers:
        return HTTPStatus.NOT_MODIFIED if _names(headers["if-none-match"], etag, weak=True) else None
    since = _seconds(headers.get("if-modified-since"))
    return HTTPStatus.NOT_MODIFIED if since is not None and modified_s <= since else None


def _names(condition: str, etag: str, *, weak: bool) -> bool:
    """Whether a list of entity tags names this one."""
    tags = [tag.strip() for tag in condition.split(",")]
    if weak:
        tags = [tag.removeprefix("W/") for tag in tags]
    return "*" in tags or etag in tags


def _seconds(date: str | None) -> int | None:
    """Seconds since 1970 of an HTTP date; None when it isn't one (to be ignored)."""
    if date is None:
        return None
    try:
        return int(parsedate_to_datetime(date).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
