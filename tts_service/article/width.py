"""Limits the number of attributes of an HTML element so that parsing stays fast."""

from __future__ import annotations

import re
from itertools import islice

MAX_ATTRIBUTES = 500
"""Maximum attributes read per element; real pages stay below about 60."""
_LONG = 5_000
"""Minimum characters of a tag for its attributes to be counted."""
_ATTRIBUTE = (
    r"[\s/]++(?:[^\s/>][^\s/>=]*+"  # a name: HTML allows nearly any character
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]++)?)?)?"
)
_OPENED = re.compile(rf"<[a-zA-Z][^\s/>]*+((?:{_ATTRIBUTE})*+)")
_ONE = re.compile(_ATTRIBUTE)


def narrow(source: str) -> str:
    """The source with each element cut to `MAX_ATTRIBUTES` attributes.

    Parsing time is quadratic in their number: 600 000 would take half an hour.
    """
    if len(source) < _LONG:
        return source
    return _OPENED.sub(_cut, source)


def _cut(tag: re.Match[str]) -> str:
    if len(tag.group()) < _LONG:
        return tag.group()
    kept = [one.end() for one in islice(_ONE.finditer(tag.group(1)), MAX_ATTRIBUTES)]
    return tag.group()[: tag.start(1) - tag.start() + (kept[-1] if kept else 0)]
