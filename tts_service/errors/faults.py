"""A validator's complaint about a field, as a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NOT_AS_WRITTEN = "This is not written as it has to be: see its description in the API's document"
_EXPECTED: dict[str, str] = {}
"""What a pattern asks for, in words."""


def expected(pattern: str, words: str) -> str:
    """The pattern itself, for a field that has it; `words`: what is told where a text doesn't fit."""
    _EXPECTED[pattern] = words
    return pattern


def fault_text(fault: Mapping[str, Any]) -> str:
    """The message of one of pydantic's errors. A regular expression helps nobody: its words are told instead."""
    if fault["type"] == "string_pattern_mismatch":
        return _EXPECTED.get(fault["ctx"]["pattern"], _NOT_AS_WRITTEN)
    return str(fault["msg"]).removeprefix("Value error, ")
