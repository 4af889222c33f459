"""Limits the nesting depth of HTML so that parsing stays linear."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tts_service.article.pieces import listed

MAX_DEPTH = 1_000
"""Open elements that are read as such; no real page has more than about 60."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})[^<>]{0,2000}>")
_NEVER_DEEP = listed("p li br img hr input meta link source wbr td th tr dt dd area base col embed track option")
"""Elements that hold nothing, or close by themselves when the next one opens."""


def shallow(source: str, limit: int = MAX_DEPTH) -> str:
    """The source without the tags nested deeper than `limit`; their text stays.

    The parser's time grows with the square of the depth: 100 000 open elements would take it 20 seconds.
    """
    if max(_depths(source), default=0) <= limit:
        return source
    depths = _depths(source)
    return _TAG.sub(lambda tag: tag.group() if next(depths) <= limit else " ", source)


def _depths(source: str) -> Iterator[int]:
    """How deep each tag lies, itself counted. A closing tag without an open element of its name closes nothing."""
    depth = 0
    opened: Counter[str] = Counter()
    for tag in _TAG.finditer(source):
        name = tag.group(2).lower()
        if name in _NEVER_DEEP:
            yield depth
        elif not tag.group(1):
            opened[name] += 1
            depth += 1
            yield depth
        else:
            yield depth
            if opened[name]:
                opened[name] -= 1
                depth -= 1
