"""Pronunciations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base


class LexiconEntryRow(Base):
    """Pronunciation of a written word, entered by an editor."""

    __tablename__ = "lexicon_entries"
    __table_args__ = (Index("ix_lexicon_entries_scope", "scope", "site", "article"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]
    """global, site, article."""
    site: Mapped[str | None]
    """None for scope global."""
    article: Mapped[str | None]
    """External id of the article; only for scope article."""
    language: Mapped[str]
    """BCP 47 tag; "en" also applies to "en-GB"."""
    graphemes: Mapped[list[Any]]
    """Spellings, each of one or more words."""
    alias: Mapped[str | None]
    """Replacement text, read by the language's rules; exactly one of alias and ipa is set."""
    ipa: Mapped[str | None]
    case_sensitive: Mapped[bool]
    alone: Mapped[bool] = mapped_column(default=False)
    """Whether it applies only to the word by itself, not as part of a hyphenated one."""
    except_articles: Mapped[list[Any] | None]
    """Articles it doesn't apply to, each [site, external id]; None: none."""
    note: Mapped[str]
    author: Mapped[str]
    """Who entered it: an API key's id, a staff session's, or "command line"."""
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class LexiconVersionRow(Base):
    """Version number of a place's entries, to detect changes without reading them."""

    __tablename__ = "lexicon_versions"

    place: Mapped[str] = mapped_column(primary_key=True)
    """lexicon_place.Place.key."""
    version: Mapped[str]
    """Hexadecimal sum of the hashes of its entries."""
