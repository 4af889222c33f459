"""An article as received -> its blocks, in order, each spoken or skipped with a stated reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypedDict

from tts_service.article import furniture
from tts_service.article.clean import clean, one_line
from tts_service.article.language import language_of
from tts_service.article.pieces import Piece, piece
from tts_service.article.plain import read_plain, skip_furniture
from tts_service.errors import EmptyArticle
from tts_service.values import Article, Block, BlockKind, SourceFormat

How = Literal["page", "fragment", "text", "markdown", "ssml"]

PREVIEW = 60
"""Characters of a block shown in the account."""


class Accounted(TypedDict):
    """One line of the account: what became of one block's characters."""

    kind: str
    characters: int
    spoken: int
    """Characters spoken: all of the block's, or none."""
    reason: str | None
    text: str
    """The block's beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """What an article says, in blocks, and what is known of it."""

    blocks: tuple[Block, ...]
    title: str | None
    author: str | None
    url: str | None
    language: str
    """BCP 47."""
    published: str | None
    """ISO 8601."""
    how: How
    """How the source was read."""
    dropped: int
    """Invisible characters taken out of the source (clean.py)."""
    account: tuple[Accounted, ...]
    """One line per block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    pieces: list[Piece]
    how: How
    title: str | None
    author: str | None = None
    url: str | None = None
    language: str | None = None
    published: str | None = None


def read_blocks(article: Article) -> ReadArticle:
    """An article's blocks: the headline first, then what its source says.

    Raises EmptyArticle when there is no text in it at all. Only skipped blocks are no error here: the account says why.
    """
    source, dropped = clean(article.source)
    title = one_line(clean(article.title)[0]) if article.title else None
    read = _read(source, article.source_format, title or None)
    pieces = _with_headline(read.pieces, read.title)
    if not pieces:
        raise EmptyArticle("The article has no text: neither a title nor anything in its source.")
    language = language_of(article.language, read.language, " ".join(_spoken_text(pieces)))
    blocks = tuple(_block(item, language) for item in pieces)
    return ReadArticle(
        blocks=blocks,
        title=title or next((b.text for b in blocks if b.kind is BlockKind.HEADLINE), read.title),
        author=article.author or read.author,
        url=article.url or read.url,
        language=language,
        published=article.published_at.isoformat() if article.published_at else read.published,
        how=read.how,
        dropped=dropped,
        account=account(blocks),
    )


def account(blocks: Iterable[Block]) -> tuple[Accounted, ...]:
    """What becomes of every character: one line per block, spoken or with the reason why it isn't."""
    return tuple(
        Accounted(
            kind=block.kind.value,
            characters=len(block.text),
            spoken=len(block.text) if block.spoken else 0,
            reason=block.skip_reason,
            text=block.text if len(block.text) <= PREVIEW else block.text[: PREVIEW - 1].rstrip() + "…",
        )
        for block in blocks
    )


def _read(source: str, source_format: SourceFormat, title: str | None) -> _Read:
    """Dispatch by how the source is written; the heavy readers load here."""
    if source_format is SourceFormat.TEXT:
        return _Read(pieces=read_plain(source, title), how="text", title=title)
    if source_format is SourceFormat.MARKDOWN:
        from tts_service.article.markdown import read_markdown

        return _Read(pieces=skip_furniture(read_markdown(source), title), how="markdown", title=title)
    if source_format is SourceFormat.SSML:
        from tts_service.article.ssml import read_ssml

        spoken = read_ssml(source)
        return _Read(pieces=spoken.pieces, how="ssml", title=title, language=spoken.language)
    from tts_service.article.page import is_page, read_page

    if is_page(source):
        pieces, facts = read_page(source)
        return _Read(
            pieces=skip_furniture(pieces, title), how="page", title=title or facts.title, author=facts.author,
            url=facts.url, language=facts.language, published=facts.published,
        )  # fmt: skip
    from tts_service.article.html import read_fragment

    return _Read(pieces=skip_furniture(read_fragment(source)), how="fragment", title=title)


def _with_headline(pieces: Sequence[Piece], title: str | None) -> list[Piece]:
    """The headline is block 0, unless the source begins with it; said once, however often it is repeated."""
    out = list(pieces)
    if not title:
        first = next((i for i, item in enumerate(out) if item.skip_reason is None), None)
        if first is not None and out[first].level == 1:
            out[first] = replace(out[first], kind=BlockKind.HEADLINE)
        return out
    begun = next((i for i, item in enumerate(out) if item.skip_reason in (None, "headline repeated")), None)
    repeats = begun is not None and furniture.same_headline(out[begun].text, title)
    if begun is None or not repeats:
        out.insert(0, piece(BlockKind.HEADLINE, title, level=1))
        begun = 0
    else:
        out[begun] = replace(out[begun], kind=BlockKind.HEADLINE, skip_reason=None)
    for index in range(begun + 1, len(out)):
        item = out[index]
        short = item.kind in (BlockKind.HEADING, BlockKind.HEADLINE) or item.level
        if item.skip_reason is None and short and furniture.same_headline(item.text, title):
            out[index] = replace(item, skip_reason="headline repeated")
    return out


def _spoken_text(pieces: Iterable[Piece]) -> Iterable[str]:
    return (item.text for item in pieces if item.skip_reason is None)


def _block(item: Piece, language: str) -> Block:
    reason = item.skip_reason
    if reason is None and not any(map(str.isalnum, item.text)):
        reason = "marks only, nothing to say"
    return Block(
        kind=item.kind, text=item.text, language=item.language or language, spoken=reason is None, skip_reason=reason,
        directions=item.directions,
    )  # fmt: skip
