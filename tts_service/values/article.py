"""An article as it was sent, and its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from tts_service.values.web_address import WebAddress

PUBLIC = "public"
"""Visibility of an article that everybody may read."""


class SourceFormat(StrEnum):
    """How an article's source is written."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    SSML = "ssml"
    """W3C SSML 1.1, the safe subset of article/ssml.py."""


class BlockKind(StrEnum):
    """What a piece of an article is."""

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
    """What a stretch of text is, when an editor says so (SSML say-as: W3C Note 26 May 2005)."""

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
    """What was published, as it was received."""

    site: str
    """The publication's short name."""
    external_id: str
    """The CMS's own id of the article, unique within the site."""
    source: str
    """The article as sent."""
    source_format: SourceFormat
    """How `source` is written."""
    url: WebAddress | None = None
    """The article's public address."""
    title: str | None = None
    """Headline; spoken first, unless the source begins with it."""
    author: str | None = None
    published_at: datetime | None = None
    publish_at: datetime | None = None
    """Embargo: no clip is public before this moment (UTC)."""
    language: str | None = None
    """BCP 47 tag, as given; None: to be found out."""
    section: str | None = None
    """Department of the paper it stands in, as its site names it; None: not told."""
    tags: tuple[str, ...] | None = None
    """Its subjects, as its site names them; None: not told."""
    visibility: str | None = None
    """`public`, or who else may read it (members, paid, …); None: not told, so as it was, and public if it is new."""
    read_as: Literal["page", "fragment"] | None = None
    """Whether HTML is a whole page or the body field of a CMS; None: its own head or body decides."""

    def __post_init__(self) -> None:
        # Whoever makes an article: files, pages and look-ups never hold an address byte for byte as it came.
        if self.url is not None:
            object.__setattr__(self, "url", WebAddress(self.url))


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """How an editor wants a stretch of a block said: an SSML element, or `data-tts="alias:…"`. Only what is set counts.

    Directions of a block are ordered by `start`, outer ones before inner ones.
    """

    start: int
    """First character in the block's text."""
    end: int
    """One past the last character; `start` for a break."""
    alias: str | None = None
    """Said instead, read by the language's rules (SSML sub)."""
    ipa: str | None = None
    """Pronunciation (SSML phoneme, alphabet ipa)."""
    say_as: SayAs | None = None
    """What the stretch is (SSML say-as interpret-as)."""
    language: str | None = None
    """BCP 47 tag of the stretch (SSML lang)."""
    rate: float | None = None
    """Speed of the stretch, 1.0 the voice's own (SSML prosody)."""
    break_ms: int | None = None
    """Silence at `start` (SSML break)."""
    sentence: bool = False
    """The stretch is a sentence whatever its marks say (SSML s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of an article with its kind. `text` is what places (start, end) are counted in."""

    kind: BlockKind
    text: str
    language: str
    """BCP 47 tag of this block."""
    spoken: bool = True
    skip_reason: str | None = None
    """Why it isn't spoken; None for a spoken block."""
    announcement: str | None = None
    """Said instead of the text ("There is a table here: …"); None: the text itself is said."""
    voice: str | None = None
    """Voice id by the site's policy; None: the article's voice, or one of the block's language."""
    rate: float = 1.0
    """Speed, 1.0 the voice's own."""
    directions: tuple[Direction, ...] = ()
