"""What stands in a text and is said in no language: marks of footnotes, time codes, stage directions, placeholders."""

from __future__ import annotations

from collections.abc import Iterator

from tts_service.speakable.rules import Rule, rule
from tts_service.speakable.tables import words

_DIRECTIONS = words("")["stage directions"]
_PLACEHOLDERS = "|".join(words("")["placeholders"])


def aside_rules() -> Iterator[Rule]:
    """`[2]` behind a word, `[^1]`, `[00:02:14]`, `[LAUGHS]`, `{{ad}}`, `%%EMBED%%`, `[gallery ids="1"]`."""
    number = r"\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,5}"
    yield rule("footnote", "sign", rf"(?<=\S)\[(?:{number}|[a-z]|\*)\]", lambda match: "")
    yield rule("footnote", "sign", r"\[\^[\w-]{1,20}\]", lambda match: "")
    yield rule("time code", "sign", r"\[\d{1,2}(?::[0-5]\d){1,2}(?:[.,]\d{1,3})?\]", lambda match: "")
    yield rule("aside", "sign", r"\[(?P<said>[^\W\d_][^\[\]\n]{1,30})\]", lambda m: _direction(m["said"]))
    yield rule("aside", "sign", r"\([!?]{1,3}\)", lambda match: "")
    yield rule("placeholder", "sign", r"\{\{[^{}\n]{1,80}\}\}|%%\w{2,40}%%", lambda match: "")
    yield rule("placeholder", "sign", rf"\[/?(?:{_PLACEHOLDERS})(?:\s[^\[\]\n]{{1,200}})?\]", lambda match: "")


def _direction(said: str) -> str | None:
    """What nobody says: capitals of several letters, or a word from the list; `[new]` is said."""
    loud = said.isupper() and len(said) > 3
    return "" if loud or said.lower() in _DIRECTIONS else None
