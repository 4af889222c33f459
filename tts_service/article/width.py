"""Limits the number of attributes of an HTML element so that parsing stays fast."""

from __future__ import annotations

import re
from itertools import islice

MAX_ATTRIBUTES = 500
"""Attributes of one element that are read; no real page has more than about 60."""
_LONG = 5_000
"""Characters from which on a tag may have so many that it matters."""
_ATTRIBUTE = (
    r"[\s/]++(?:[^\s/>][^\s/>=]*+"  # a name; HTML takes nearly anything for one
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]++)?)?)?"
)
_OPENED = re.compile(rf"<[a-zA-Z][^\s/>]*+((?:{_ATTRIBUTE})*+)")
_ONE = re.compile(_ATTRIBUTE)


def narrow(source: str) -> str:
    """The source without the attributes of an element beyond `MAX_ATTRIBUTES`.

    The parser's time grows with the square of their number: 600 000 would take it half an hour.
    """
    if len(source) < _LONG:
        return source
    return _OPENED.sub(_cut, source)


def _cut(tag: re.Match[str]) -> str:
    if len(tag.group()) < _LONG:
        return tag.group()
    kept = [one.end() for one in islice(_ONE.finditer(tag.group(1)), MAX_ATTRIBUTES)]
    return tag.group()[: tag.start(1) - tag.start() + (kept[-1] if kept else 0)]
