"""The sample articles as they are said."""

from __future__ import annotations

import json

from tests.parts.places import ROOT
from tests.speakable.said import spoken_form
from tts_service.article.blocks import read_blocks
from tts_service.commands.speak import article_from_json


def said_of_sample(name: str, language: str) -> str:
    """All that is spoken of a sample, whose language has to be detected as this one."""
    fields = json.loads((ROOT / f"samples/articles/{name}.json").read_text("utf-8"))
    del fields["language"]
    read = read_blocks(article_from_json(json.dumps(fields), name, None))
    assert read.language == language
    return " ".join(spoken_form(block.text, language) for block in read.blocks if block.spoken)
