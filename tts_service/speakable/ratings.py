"""Marks of rating agencies and schools with a minus behind them: `BBB-`, `an A-`; in compounds it is a hyphen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.rules import Rule, rule, words_after, words_before
from tts_service.speakable.tables import words

_RATED = words("")["rated"]
_OTHER = re.compile(r"[a-d]{2,3}[-−+]?|[a-d][-−+]")
"""A rating near by: `from A- to BBB+`."""
_HANGING = re.compile(r"(?:,\s[A-ZÄÖÜ]\w{0,20}[-‑]){0,4}\s(?:and|or|to|und|oder|bis|sowie)\s[A-ZÄÖÜ]\w{0,20}[-‑]\w")
"""`A- und B-Klasse`: what the hyphen stands for follows."""


def rating_rules(minus: str) -> Iterator[Rule]:
    """`minus`: said for the sign; one letter alone is a mark only beside a word that says so."""

    def say(match: re.Match[str]) -> str | None:
        if _HANGING.match(match.string, match.end()):
            return None
        near = {*words_before(match, 4), *words_after(match, 2)}
        sure = len(match["letters"]) > 1 or near & _RATED or any(map(_OTHER.fullmatch, near))
        return f"{' '.join(match['letters'])} {minus}" if sure else None

    yield rule("rating", "letter", r"(?P<letters>A{1,3}|B{1,3}|C{1,3}|D)[-−–](?=[\s,.;:!?)\"”»]|$)", say)
