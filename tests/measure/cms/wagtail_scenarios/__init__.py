"""What our Wagtail app must do, as functions that run inside a Wagtail site (tests/slow/wagtail_site.py).

Every public function of a module here is one scenario: it takes a World and fails by an exception.
"""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """`module.function` of each scenario, read without importing what needs Django."""
    return [
        f"{path.stem}.{node.name}"
        for path in sorted(HERE.glob("[a-z]*.py"))
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
