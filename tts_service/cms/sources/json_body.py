"""Parses a webhook's bytes as JSON: UTF-8, bounded depth, unambiguous for other JSON parsers."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from tts_service.errors import BodyUnreadable

MAX_DEPTH = 100
"""Maximum nesting of arrays and objects; rich text needs four levels per nested list."""


def read_json(body: bytes) -> Any:
    """Parses the body. Raises BodyUnreadable: not UTF-8, not JSON, nested too deep."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BodyUnreadable(f"The body is not UTF-8: byte {error.start} can't be read.") from error
    try:
        data = json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise BodyUnreadable(f"The body is nested deeper than {MAX_DEPTH}.") from error
    except ValueError as error:  # including numbers with more than 4300 digits
        raise BodyUnreadable(f"The body is not JSON: {str(error)[:200]}.") from error
    if _deeper_than(data, MAX_DEPTH):
        raise BodyUnreadable(f"The body is nested deeper than {MAX_DEPTH}.")
    return data


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _deeper_than(data: Any, limit: int) -> bool:
    level = [data]
    for _ in range(limit):
        level = [child for value in level for child in _children(value)]
        if not level:
            return False
    return True


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
