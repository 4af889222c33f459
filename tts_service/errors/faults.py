"""Turns a validator's error about a field into a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NOT_AS_WRITTEN = "This has the wrong format: see the field's description at /openapi.json"
_EXPECTED: dict[str, str] = {}
"""Pattern -> its meaning in words."""


def expected(pattern: str, words: str) -> str:
    """Registers the meaning of a pattern and returns the pattern; `words` replace the regular expression in errors."""
    _EXPECTED[pattern] = words
    return pattern


def fault_text(fault: Mapping[str, Any]) -> str:
    """The message of one of pydantic's errors, with the words for a pattern instead of the regular expression."""
    if fault["type"] == "string_pattern_mismatch":
        return _EXPECTED.get(fault["ctx"]["pattern"], _NOT_AS_WRITTEN)
    return str(fault["msg"]).removeprefix("Value error, ")
