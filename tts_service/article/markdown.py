"""Markdown -> pieces: CommonMark with tables through markdown-it-py, then the HTML reader."""

from __future__ import annotations

from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tts_service.article.html import read_fragment
from tts_service.article.loss import Lost, lost_text, text_of_html, words_of
from tts_service.article.pieces import Piece

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_NESTING = 100
"""Maximum nesting of quotes and lists. markdown-it drops deeper content; the loss check reports it."""
LOST = "nested deeper than Markdown is read"
MAX_BRACKETS = 2_000
"""Maximum opening brackets tried as links in one source: parsing time is quadratic in their number."""


def read_markdown(source: str) -> tuple[list[Piece], Lost]:
    """The pieces of a Markdown source in order, and the text they are missing."""
    html, named = to_html(source)
    pieces = read_fragment(html)
    lost = lost_text(text_of_html(html), [item.text for item in pieces], LOST)
    if lost.characters:
        return pieces, lost
    missing = words_of(unescape(source)) - words_of(unescape(unquote(html))) - words_of(unquote(named))
    return pieces, Lost(characters=sum(map(len, missing.elements())), sample=" ".join(missing), reason=LOST)


def to_html(source: str) -> tuple[str, str]:
    """Markdown as HTML, and the link targets and names in it that are not text.

    Embedded HTML is kept: editors may use `data-tts`.
    """
    if source.count("[") > MAX_BRACKETS:
        source = source.replace("[", "\\[")
    parser = _parser()
    env: dict[str, Any] = {}
    tokens = parser.parse(source, env)
    references = [f"{name} {link['href']} {link['title']}" for name, link in env.get("references", {}).items()]
    references += [f"{link['href']} {link['title']} {link['label']}" for link in env.get("duplicate_refs", ())]
    html = parser.renderer.render(tokens, parser.options, env)
    return str(html), " ".join([*references, *(token.info for token in tokens)])


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
