"""An Italian article that doesn't say so is read by an Italian voice, and its marks hold what was said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tts_service.commands import app

pytestmark = pytest.mark.slow

TEXT = "L'8 marzo la funivia riparte alle 9.30. Il biglietto costa 12,50 €, dice l'ing. Bellandi."


def test_an_italian_article_is_spoken_by_an_italian_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTS_DATA_DIR", str(tmp_path / "data"))
    article, clip, marks = tmp_path / "funivia.md", tmp_path / "funivia.mp3", tmp_path / "marks.json"
    article.write_text(TEXT, "utf-8")

    ended = CliRunner().invoke(app, ["speak", str(article), "-o", str(clip), "--marks", str(marks)])

    assert ended.exit_code == 0, ended.output
    words = [word for sentence in json.loads(marks.read_text("utf-8"))["sentences"] for word in sentence["words"]]
    said = {word["text"]: word["spoken"] for word in words if word["spoken"] != word["text"]}
    assert said == {
        "L'8 marzo": "L'otto marzo",
        "9.30": "nove e trenta",
        "12,50 €": "dodici euro e cinquanta centesimi",
        "l'ing.": "l'ingegner",
    }
    assert b"pyttsx3:it" in clip.read_bytes()
    assert b"generata artificialmente" in clip.read_bytes()
