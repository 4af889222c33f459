"""What a validator finds wrong with a field, as a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NOT_AS_WRITTEN = "This is not written as it has to be: see its description in the API's document"


def fault_text(fault: Mapping[str, Any]) -> str:
    """The message of one of pydantic's errors. A regular expression helps nobody: it stands in the API's document."""
    if fault["type"] == "string_pattern_mismatch":
        return _NOT_AS_WRITTEN
    return str(fault["msg"]).removeprefix("Value error, ")
