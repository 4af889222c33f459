"""docs/languages.md takes an outsider to a working language: its example is built and heard."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tts_service.speakable import tables
from tts_service.speakable.rules import RuleSet
from tts_service.speakable.tokens import tokens

PAGE = (Path(__file__).parents[2] / "docs" / "languages.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\S*)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RuleSet:
    data = tmp_path / "nl" / "data"
    data.mkdir(parents=True)
    for name, text in BLOCKS:
        if name.endswith(".tsv"):
            (data / name).write_text(text, "utf-8")
    made = _example("def dutch")
    monkeypatch.setattr(tables, "_FOLDER", tmp_path)
    found: RuleSet = made["dutch"]("nl")
    return found


def _example(part: str) -> dict[str, Any]:
    """What the page's Python with this in it defines."""
    made: dict[str, Any] = {}
    exec(next(text for name, text in BLOCKS if name == "python" and part in text), made)
    return made


def test_the_example_reads_its_golden_lines(rules: RuleSet) -> None:
    (table,) = (text for name, text in BLOCKS if not name)
    lines = [line.split("\t") for line in table.splitlines() if not line.startswith("# ")]
    said = [
        (written, " ".join(word for token in tokens(written, 0, len(written), rules) for word in token.spoken))
        for written, _ in lines
    ]
    assert said == [(written, spoken) for written, spoken in lines]
    assert len(lines) >= 3


def test_the_example_of_a_language_is_one() -> None:
    assert _example("LANGUAGE =")["LANGUAGE"].notice.startswith("Dit artikel")
