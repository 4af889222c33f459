"""How well the player finds a clip's sentences in publishers' pages: ours, written like those of ten systems.

What a page must not have marked carries `data-decoy`: teasers, captions and boxes that repeat what the article says.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from tests.parts.places import DATA
from tests.parts.player_pages import source
from tts_service.article.blocks import read_blocks
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Article, SourceFormat

PAGES = sorted((DATA / "player_pages").glob("*.html"))
_FIND = """([sentences, selector]) => {
  const page = new PageText([...document.querySelectorAll(selector)]);
  let behind = null;
  return placesOf(page, sentences).map((place, i) => {
    if (!place) return null;
    const range = page.range(...place);
    const decoy = [...document.querySelectorAll("[data-decoy]")].some((one) => range.intersectsNode(one));
    const late = behind && range.compareBoundaryPoints(Range.END_TO_START, behind) < 0;
    behind = range;
    return { text: range.toString(), wrong: decoy || Boolean(late) ||
      comparable(range.toString())[0].length < comparable(sentences[i].text)[0].length };
  });
}"""


@dataclass(frozen=True, slots=True)
class Score:
    """What was found in one page."""

    page: str
    sentences: int
    missed: tuple[str, ...]
    wrong: tuple[tuple[str, str], ...]
    """(sentence, what was marked instead)."""


def sentences_of(html: str) -> list[dict[str, object]]:
    """What marks.json would list of this page, without times."""
    article = Article(site="s", external_id="1", source=html, source_format=SourceFormat.HTML)
    blocks = read_blocks(article).blocks
    return [
        {
            "block": said.block,
            "start": said.start,
            "end": said.end,
            "text": blocks[said.block].text[said.start : said.end],
        }
        for said in make_utterances(blocks)
    ]


def score(browser: Browser, path: Path, selector: str = "body") -> Score:
    """Find a page's sentences in it."""
    html = path.read_text("utf-8")
    sentences = sentences_of(html)
    page = browser.new_page(java_script_enabled=True)
    page.set_content(html)
    page.add_script_tag(content=source("places"))
    found = page.evaluate(_FIND, [sentences, selector])
    page.close()
    texts = [str(sentence["text"]) for sentence in sentences]
    pairs = list(zip(texts, found, strict=True))
    return Score(
        page=path.stem,
        sentences=len(texts),
        missed=tuple(text for text, place in pairs if place is None),
        wrong=tuple((text, place["text"]) for text, place in pairs if place and place["wrong"]),
    )
