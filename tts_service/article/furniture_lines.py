"""Patterns of page furniture lines in all languages, from each language's `data/furniture.tsv`.

Columns: scope ("label", "group", "line", "tail", "begin", "word"), skip reason, pattern.
Every repetition is bounded; patterns see at most 160 characters, those of "begin" at most 480.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from tts_service.speakable.language import codes
from tts_service.speakable.tables import rows

_COUNT = r"\d{1,3}(?:[.,'’  ]?\d{3}){0,3}(?:[.,]\d)? ?[km]?"
_REASONS = (
    "reading time",
    "counts and ratings",
    "agency credit",
    "player",
    "gallery",
    "advertisement",
    "newsletter",
    "share links",
    "live blog",
    "embedded",
    "read more",
    "more information",
    "picture credit",
    "tags",
    "embedded post",
    "paywall",
    "notice",
    "shortcode",
    "copyright",
    "contact",
    "dateline standing alone",
)
"""Skip reasons of whole lines, in matching order; those of line beginnings are in `_BEGUN`."""
_BEGUN = ("disclosure", "cookie notice", "newsletter", "advertisement")
_ORDERED = {"line": _REASONS, "begin": _BEGUN}


def _found() -> dict[tuple[str, str], str]:
    """The patterns of all languages, joined, by (scope, reason)."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for folder in ("", *codes()):
        for scope, reason, pattern in rows(folder, "furniture", optional=True):
            found[scope, reason].append(pattern)
    joined = {key: "|".join(patterns) for key, patterns in found.items()}
    named = {"{COUNT}": _COUNT, "{CHANNEL}": joined["word", "channel"], "{AGENCY}": joined["word", "agency"]}
    for name, pattern in named.items():
        joined = {key: patterns.replace(name, pattern) for key, patterns in joined.items()}
    return joined


_ALL = _found()


@cache
def furniture_patterns(scope: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(skip reason, pattern) of a scope, in matching order. Compiled on first use: most processes see no article.

    "label": labels of buttons and fields, with no content of their own. "group": lines that introduce a list of links
    to other articles. "line": whole lines. "begin": beginnings of lines of any length. "tail": lines that are furniture
    only before the text begins and behind its end.
    """
    reasons = _ORDERED.get(scope) or [reason for known, reason in _ALL if known == scope]
    return tuple((reason, re.compile(_ALL[scope, reason], re.IGNORECASE)) for reason in reasons)


@cache
def furniture_pattern(scope: str, reason: str = "") -> re.Pattern[str]:
    """The one pattern of a scope for a skip reason."""
    return dict(furniture_patterns(scope))[reason]


NO_NAMES = frozenset(_ALL["word", "no name"].replace("|", " ").split())
"""Words after "by"/"von" that start a place or thing rather than a person: "Von Bad Ischl"."""


def any_word(name: str) -> str:
    """Pattern for one part of a line in all languages: "by" -> "by|von|…"."""
    return f"(?:{_ALL['word', name]})"
