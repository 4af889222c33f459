"""Why something is not spoken, said in German: every reason that the golden pages meet has its words."""

from __future__ import annotations

import json
from pathlib import Path

from tts_service.web.reasons import REASONS, reason_in

PAGES = Path(__file__).parent / "data" / "articles"


def test_every_reason_of_the_golden_pages_has_german_words() -> None:
    met = set()
    for path in PAGES.glob("*.blocks.json"):
        document = json.loads(path.read_text("utf-8"))
        blocks = document["blocks"] if isinstance(document, dict) else document
        met |= {block["skip_reason"] for block in blocks if block.get("skip_reason")}
    assert len(met) > 20
    assert sorted(met - set(REASONS)) == []


def test_what_a_reason_names_is_kept() -> None:
    assert reason_in("announced: Hier steht eine Tabelle", "de") == "angekündigt: Hier steht eine Tabelle"
    assert reason_in("announced: There is a table here", "en") == "Announced: There is a table here"
    assert reason_in("byline", "de") == "Autorenzeile"
