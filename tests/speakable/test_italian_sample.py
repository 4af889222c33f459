"""The Italian sample article as it is said."""

from __future__ import annotations

import json
from pathlib import Path

from tests.speakable.said import spoken_form
from tts_service.article.blocks import read_blocks
from tts_service.commands.speak import article_from_json

SAMPLE = Path(__file__).parents[2] / "samples" / "articles" / "funivia-riparte.json"


def test_nothing_in_the_sample_is_left_to_the_voice() -> None:
    fields = json.loads(SAMPLE.read_text("utf-8"))
    del fields["language"]
    read = read_blocks(article_from_json(json.dumps(fields), "sample", None))
    said = " ".join(spoken_form(block.text, "it") for block in read.blocks if block.spoken)
    assert read.language == "it"
    assert not any(character.isdigit() for character in said)
    assert said.endswith("due a uno, con un gol al novantesimo più tre.")
    assert "ventesimo secolo, poco dopo la seconda guerra mondiale" in said
