"""docs/architecture.md names files that exist, the glossary fits a page, and `make house` sees what it counts."""

from __future__ import annotations

import ast
import re

import pytest

from tests.measure import house

DOCS = house.ROOT / "docs"
NAMED = re.findall(r"`([\w/]+(?:\.(?:py|js|toml)|/))`", (DOCS / "architecture.md").read_text("utf-8"))


@pytest.mark.parametrize("named", sorted(set(NAMED)))
def test_each_file_of_the_architecture_exists(named: str) -> None:
    assert any((house.ROOT / start / named).exists() for start in ("", "tts_service"))


def test_every_room_is_named_in_the_architecture() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8")
    rooms = {path.parent.name for path in (house.ROOT / "tts_service").glob("*/__init__.py")}
    assert rooms
    assert not [room for room in sorted(rooms) if f"{room}/" not in text]


def test_the_glossary_is_one_page() -> None:
    assert len((DOCS / "glossary.md").read_text("utf-8").splitlines()) <= 60


def test_circles_are_found_wherever_the_import_stands() -> None:
    modules = {
        "tts_service.a": ast.parse("def f():\n    from tts_service.b import x"),
        "tts_service.b": ast.parse("from tts_service import c"),
        "tts_service.c": ast.parse("import tts_service.a"),
        "tts_service": ast.parse(""),
        "tts_service.d": ast.parse("import tts_service.a"),
    }
    assert house.circles(modules) == [["tts_service.a", "tts_service.b", "tts_service.c"]]
    assert house.rooms_and_arrows(modules)[1] == 4
