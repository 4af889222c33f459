"""Limits the nesting depth of HTML so that parsing stays linear."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tts_service.article.pieces import listed

MAX_DEPTH = 1_000
"""Maximum nesting depth kept; real pages stay below about 60."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})[^<>]{0,2000}>")
_NEVER_DEEP = listed("p li br img hr input meta link source wbr td th tr dt dd area base col embed track option")
"""Void elements, and elements that close implicitly when the next one opens."""


def shallow(source: str, limit: int = MAX_DEPTH) -> str:
    """The source without tags nested deeper than `limit`; their text is kept.

    Parsing time is quadratic in depth: 100 000 open elements would take 20 seconds.
    """
    if max(_depths(source), default=0) <= limit:
        return source
    depths = _depths(source)
    return _TAG.sub(lambda tag: tag.group() if next(depths) <= limit else " ", source)


def _depths(source: str) -> Iterator[int]:
    """Depth of each tag, counting itself. A closing tag without a matching open element closes nothing."""
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
