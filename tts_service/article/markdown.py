"""Markdown -> pieces: CommonMark with tables through markdown-it-py, then the HTML reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tts_service.article.html import read_fragment
from tts_service.article.loss import Lost, long_words, lost_text, text_of_html
from tts_service.article.markdown_notes import FrontMatter, front_matter, with_notes
from tts_service.article.markdown_signs import LEFT_OUT, NOTES, read_signs
from tts_service.article.pieces import Piece, piece
from tts_service.values import BlockKind

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_NESTING = 100
"""Maximum nesting of quotes and lists. markdown-it drops deeper content; the loss check reports it."""
LOST = "nested deeper than Markdown is read"
MAX_BRACKETS = 2_000
"""Maximum opening brackets tried as links in one source: parsing time is quadratic in their number."""


def read_markdown(source: str) -> tuple[list[Piece], Lost]:
    """The pieces of a Markdown source in order, and the text they are missing."""
    front = front_matter(source)
    text = with_notes(front.rest)
    html, named = to_html(text)
    pieces = read_fragment(html)
    lost = lost_text(text_of_html(html), [item.text for item in pieces], LOST)
    head = list(_head(front, pieces))
    if lost.characters:
        return head + pieces, lost
    missing = long_words(unescape(text)) - long_words(unescape(unquote(html))) - long_words(unquote(named))
    return head + pieces, Lost(characters=sum(map(len, missing.elements())), sample=" ".join(missing), reason=LOST)


def _head(front: FrontMatter, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The front matter, skipped; its title is the headline of a text without one."""
    if front.fields:
        yield piece(BlockKind.PARAGRAPH, front.fields, "front matter")
    if front.title and all(item.level != 1 for item in pieces):
        yield piece(BlockKind.HEADING, front.title, level=1)


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
    html = str(parser.renderer.render(tokens, parser.options, env))
    notes = "".join(f"<p>{parser.renderInline(note)}</p>" for note in env.get(NOTES, ()))
    html += f'<div class="footnotes">{notes}</div>' if notes else ""
    return html, " ".join([*references, *env.get(LEFT_OUT, ()), *(token.info for token in tokens)])


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    parser.core.ruler.before("inline", "signs", read_signs)
    return parser
