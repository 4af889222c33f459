"""What scenarios name by a dotted name."""

from __future__ import annotations

from typing import Any


def given_text(page: Any, request: object) -> str:
    return f"<p>Given by name for {page.title}.</p>"
