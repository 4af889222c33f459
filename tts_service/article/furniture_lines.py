"""Patterns of page furniture lines in all languages, from each language's `data/furniture.tsv`.

Columns: scope ("label", "group", "line", "tail", "begin", "word"), skip reason, pattern.
Every repetition is bounded; patterns see at most 160 characters, those of BEGINNINGS at most 480.
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


def _compiled(scope: str, reason: str = "") -> re.Pattern[str]:
    return re.compile(_ALL[scope, reason], re.IGNORECASE)


LABELS = _compiled("label")
"""Labels of buttons and fields, with no content of their own."""
GROUPS = _compiled("group")
"""Lines that introduce a list of links to other articles."""
LINES = tuple((reason, _compiled("line", reason)) for reason in _REASONS)
"""(skip reason, pattern) of whole lines."""
BEGINNINGS = tuple((reason, _compiled("begin", reason)) for reason in _BEGUN)
"""(skip reason, pattern) of the beginnings of lines of any length."""
TAILS = tuple((reason, _compiled("tail", reason)) for scope, reason in _ALL if scope == "tail")
"""(skip reason, pattern) of lines that are furniture only before the text begins and behind its end."""
NO_NAMES = frozenset(_ALL["word", "no name"].replace("|", " ").split())
"""Words after "by"/"von" that start a place or thing rather than a person: "Von Bad Ischl"."""


def any_word(name: str) -> str:
    """Pattern for one part of a line in all languages: "by" -> "by|von|…"."""
    return f"(?:{_ALL['word', name]})"
