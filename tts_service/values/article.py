"""An article as received, and its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from tts_service.values.web_address import WebAddress

MAX_ARTICLE_CHARACTERS = 200_000
"""Maximum characters of an article in plain text or Markdown."""
MAX_HTML_BYTES = 5_000_000
"""Maximum bytes of an article in HTML."""
PUBLIC = "public"
"""Visibility of an article without access restrictions."""


class SourceFormat(StrEnum):
    """Format of an article's source."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    SSML = "ssml"
    """W3C SSML 1.1, the subset supported by article/ssml.py."""


class BlockKind(StrEnum):
    """Kind of a block."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CAPTION = "caption"
    TABLE = "table"
    CODE = "code"


class SayAs(StrEnum):
    """Meaning of a span of text, set by an editor (SSML say-as: W3C Note 26 May 2005)."""

    CHARACTERS = "characters"
    SPELL_OUT = "spell-out"
    DIGITS = "digits"
    TELEPHONE = "telephone"
    CARDINAL = "cardinal"
    NUMBER = "number"
    ORDINAL = "ordinal"
    DATE = "date"
    DATE_DMY = "date dmy"
    DATE_MDY = "date mdy"
    DATE_YMD = "date ymd"
    DATE_DM = "date dm"
    DATE_MD = "date md"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as received."""

    site: str
    """The publication's short name."""
    external_id: str
    """The CMS's own id of the article, unique within the site."""
    source: str
    """The article's text as sent."""
    source_format: SourceFormat
    """Format of `source`."""
    url: WebAddress | None = None
    """The article's public address."""
    title: str | None = None
    """Headline; spoken first, unless the source begins with it."""
    author: str | None = None
    published_at: datetime | None = None
    publish_at: datetime | None = None
    """Embargo: no clip is public before this time (UTC)."""
    language: str | None = None
    """Declared BCP 47 tag; None: to be detected."""
    section: str | None = None
    """Newspaper section, as named by its site; None: unknown."""
    tags: tuple[str, ...] | None = None
    """Subjects, as named by its site; None: unknown."""
    visibility: str | None = None
    """`public` or the audience (members, paid, …); None: unchanged, or public for a new article."""
    read_as: Literal["page", "fragment"] | None = None
    """Whether HTML is a whole page or the body field of a CMS; None: decided by its markup."""

    def __post_init__(self) -> None:
        # Normalised here, so that no caller can store an address as it was sent.
        if self.url is not None:
            object.__setattr__(self, "url", WebAddress(self.url))


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """How an editor wants a span of a block spoken: an SSML element, or `data-tts="alias:…"`. Unset fields don't apply.

    A block's directions are ordered by `start`, outer before inner.
    """

    start: int
    """First character in the block's text."""
    end: int
    """One past the last character; `start` for a break."""
    alias: str | None = None
    """Replacement text, read by the language's rules (SSML sub)."""
    ipa: str | None = None
    """Pronunciation (SSML phoneme, alphabet ipa)."""
    say_as: SayAs | None = None
    """Meaning of the span (SSML say-as interpret-as)."""
    language: str | None = None
    """BCP 47 tag of the span (SSML lang)."""
    rate: float | None = None
    """Speed of the span; 1.0 is the voice's own (SSML prosody)."""
    break_ms: int | None = None
    """Silence at `start` in ms (SSML break)."""
    sentence: bool = False
    """The span is a sentence regardless of punctuation (SSML s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of an article with its kind. Positions (start, end) refer to `text`."""

    kind: BlockKind
    text: str
    language: str
    """BCP 47 tag of this block."""
    spoken: bool = True
    skip_reason: str | None = None
    """Why it is skipped; None for a spoken block."""
    announcement: str | None = None
    """Spoken in place of the text ("There is a table here: …"); None: the text is spoken."""
    voice: str | None = None
    """Voice id from the site's policy; None: the article's voice, or one for the block's language."""
    rate: float = 1.0
    """Speed; 1.0 is the voice's own."""
    directions: tuple[Direction, ...] = ()
