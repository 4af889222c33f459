"""What lines of page furniture look like, in all languages: patterns for furniture.py, from each language's
`data/furniture.tsv`.

A row of the table: where it counts ("label", "group", "line", "begin", "word"), why a line is skipped, the pattern.
Every repetition is bounded; the patterns see at most 160 characters, but for BEGINNINGS, which see 480.
"""

from __future__ import annotations

import re
from collections import defaultdict

from tts_service.speakable.language import codes
from tts_service.speakable.tables import rows

_COUNT = r"\d{1,3}(?:[.,'’  ]?\d{3}){0,3}(?:[.,]\d)? ?[km]?"
_REASONS = (
    "reading time",
    "counts and ratings",
    "player",
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
"""Of whole lines, in the order they are looked for; those of beginnings: `_BEGUN`."""
_BEGUN = ("disclosure", "cookie notice", "newsletter", "advertisement")


def _found() -> dict[tuple[str, str], str]:
    """By (where, reason): the patterns of all languages as one."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for folder in ("", *codes()):
        for where, reason, pattern in rows(folder, "furniture", optional=True):
            found[where, reason].append(pattern.replace("{COUNT}", _COUNT))
    return {key: "|".join(patterns) for key, patterns in found.items()}


_ALL = _found()


def _compiled(where: str, reason: str = "") -> re.Pattern[str]:
    return re.compile(_ALL[where, reason], re.IGNORECASE)


LABELS = _compiled("label")
"""Labels of buttons and fields, without a content of their own."""
GROUPS = _compiled("group")
"""Lines that open a list of links to other articles."""
LINES = tuple((reason, _compiled("line", reason)) for reason in _REASONS)
"""Whole lines, by the reason why they are skipped."""
BEGINNINGS = tuple((reason, _compiled("begin", reason)) for reason in _BEGUN)
"""How lines of any length begin, by the reason why they are skipped."""
NO_NAMES = frozenset(_ALL["word", "no name"].replace("|", " ").split())
"""Words that begin a place or a thing, not a person: "Von Bad Ischl"."""


def words(name: str) -> str:
    """What all languages say for one part of a line: "by" -> "by|von|…", as a pattern."""
    return f"(?:{_ALL['word', name]})"
