"""Golden pages: what an editor would have spoken of each, written by hand; every CMS's way of marking up an article."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.parts.places import DATA
from tts_service.article.blocks import read_blocks
from tts_service.values import Article, Block, SourceFormat

ARTICLES = DATA / "articles"
FORMATS = {".html": SourceFormat.HTML, ".md": SourceFormat.MARKDOWN, ".txt": SourceFormat.TEXT}
GOLDEN = sorted(
    path for path in ARTICLES.glob("*.*") if path.suffix in FORMATS and path.with_suffix(".blocks.json").exists()
)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_a_page_becomes_these_blocks(path: Path) -> None:
    want = json.loads(path.with_suffix(".blocks.json").read_text("utf-8"))
    got = read_blocks(
        Article(
            site="s",
            external_id="1",
            source=path.read_text("utf-8"),
            source_format=FORMATS[path.suffix],
            **want["article"],
        )
    )
    language = want["language"]
    assert [_shown(block, language) for block in got.blocks] == want["blocks"]
    assert (got.how, got.language, got.lost.characters) == (want["how"], language, 0)


def test_there_are_enough_golden_pages() -> None:
    assert len(GOLDEN) >= 25


def _shown(block: Block, language: str) -> dict[str, Any]:
    """A block as the golden files write it: what goes without saying is left out."""
    shown: dict[str, Any] = {"kind": block.kind.value, "text": block.text}
    if block.skip_reason:
        shown["skip_reason"] = block.skip_reason
    if block.announcement:
        shown["announcement"] = block.announcement
    if block.language != language:
        shown["language"] = block.language
    if block.directions:
        shown["said"] = [[block.text[d.start : d.end], d.alias] for d in block.directions]
    return shown
