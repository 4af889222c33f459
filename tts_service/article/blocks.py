"""An article as received -> its blocks, in order, each spoken or skipped with a stated reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from tts_service.article.account import Accounted, account, doubt_line
from tts_service.article.clean import clean, one_line
from tts_service.article.language import settle_language
from tts_service.article.loss import NOTHING, Lost, lost_text, text_of_html
from tts_service.article.opening import with_headline
from tts_service.article.pieces import Piece
from tts_service.article.plain import read_plain, text_of_plain
from tts_service.article.sifting import skip_furniture
from tts_service.article.treatment import blocks_of, only_chosen
from tts_service.errors import EmptyArticle
from tts_service.values import Article, Block, BlockKind, SourceFormat
from tts_service.values.speech_policy import DEFAULT_POLICY, SpeechPolicy

How = Literal["page", "fragment", "text", "markdown", "ssml"]
LOST_IN_HTML = "the markup around it is broken, or nested too deep"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """An article's blocks and metadata."""

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
    """Invisible characters removed from the source (clean.py)."""
    lost: Lost
    """Source text that ended up in no block."""
    account: tuple[Accounted, ...]
    """One line per block, plus one for lost text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    pieces: list[Piece]
    how: How
    title: str | None
    shown: str | None = None
    """The headline shown on the page, which may differ from the CMS title."""
    author: str | None = None
    url: str | None = None
    language: str | None = None
    published: str | None = None
    lost: Lost = NOTHING


def _speaks_all(language: str) -> bool:
    return True


def read_blocks(
    article: Article, policy: SpeechPolicy = DEFAULT_POLICY, speaks: Callable[[str], bool] = _speaks_all
) -> ReadArticle:
    """Splits an article into blocks, headline first, following the site's policy.
    The language is detected from the text if the declared one is contradicted; `speaks` says whether a voice exists
    for a language.

    Raises EmptyArticle if there is no text at all. An article with only skipped blocks is valid.
    """
    source, dropped = clean(article.source)
    title = one_line(clean(article.title)[0]) if article.title else None
    read = _read(article, source, title or None)
    pieces = with_headline(only_chosen(read.pieces), read.title, read.shown)
    if not pieces:
        raise EmptyArticle("The article has no text: neither a title nor anything in its source.")
    settled = settle_language(article.language, read.language, " ".join(_own_words(pieces)), speaks)
    language = settled.tag
    blocks = tuple(blocks_of(pieces, language, policy))
    return ReadArticle(
        blocks=blocks,
        title=title or next((b.text for b in blocks if b.kind is BlockKind.HEADLINE), read.title),
        author=article.author or read.author,
        url=article.url or read.url,
        language=language,
        published=article.published_at.isoformat() if article.published_at else read.published,
        how=read.how,
        dropped=dropped + sum(item.dropped for item in pieces),
        lost=read.lost,
        account=(*account(blocks, read.lost), *doubt_line(settled.tag, settled.doubted)),
    )


def _read(article: Article, source: str, title: str | None) -> _Read:
    """Dispatches by source format. Imports of the heavy readers are deferred to here."""
    if article.source_format is SourceFormat.TEXT:
        pieces = read_plain(source, title)
        lost = lost_text(text_of_plain(source), [item.text for item in pieces], "")
        return _Read(pieces=pieces, how="text", title=title, lost=lost)
    if article.source_format is SourceFormat.MARKDOWN:
        from tts_service.article.markdown import read_markdown

        pieces, lost = read_markdown(source)
        return _Read(pieces=skip_furniture(pieces, title), how="markdown", title=title, lost=lost)
    if article.source_format is SourceFormat.SSML:
        from tts_service.article.ssml import read_ssml

        ssml = read_ssml(source)
        return _Read(
            pieces=ssml.pieces, how="ssml", title=title, language=ssml.language, lost=_lost(source, ssml.pieces)
        )
    return _read_html(article, source, title)


def _read_html(article: Article, source: str, title: str | None) -> _Read:
    from tts_service.article.page import is_page, read_page

    if article.read_as == "page" or (article.read_as is None and is_page(source)):
        pieces, facts = read_page(source)
        return _Read(
            pieces=skip_furniture(pieces, title),
            how="page",
            title=title or facts.title,
            shown=facts.title if facts.title_is_shown else None,
            author=facts.author,
            url=facts.url,
            language=facts.language,
            published=facts.published,
            lost=_lost(source, pieces),
        )
    from tts_service.article.cards import skip_cards
    from tts_service.article.html import read_fragment

    pieces = skip_cards(read_fragment(source), (article.author,) if article.author else ())
    return _Read(pieces=skip_furniture(pieces), how="fragment", title=title, lost=_lost(source, pieces))


def _lost(source: str, pieces: Iterable[Piece]) -> Lost:
    return lost_text(text_of_html(source), [item.text for item in pieces], LOST_IN_HTML)


def _own_words(pieces: Iterable[Piece]) -> Iterable[str]:
    """Spoken text in the article's own language: no quotations, nothing marked as another language."""
    spoken = [item for item in pieces if item.skip_reason is None]
    own = [item.text for item in spoken if item.kind is not BlockKind.QUOTE and item.language is None]
    return own or [item.text for item in spoken]
