"""Sites and their articles, as received."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict, page_key_of, where


class SiteRow(Base):
    """Settings of a site. A site without a row has the defaults."""

    __tablename__ = "sites"

    name: Mapped[str] = mapped_column(primary_key=True)
    policy: Mapped[JsonDict | None]
    """Differences from the default speech policy (values.SpeechPolicy); None: none."""
    origins: Mapped[list[Any] | None]
    """Origins of its pages, whose scripts may read clips and send feedback; None: none."""
    options: Mapped[JsonDict | None]
    """Differences from the default options (values.SiteOptions); None: none."""
    kept_voices: Mapped[JsonDict | None]
    """Default voices that it has had since before an update: id by language. None: none."""
    created_ms: Mapped[int]
    updated_ms: Mapped[int]
    closed_ms: Mapped[int | None]
    """When its erasure began (retention.site_erasure): since then, nothing new is accepted for it. None: it is open."""
    closed_by: Mapped[str | None]
    """Who erases it, as in the audit log."""
    unnamed_ms: Mapped[int | None]
    """When its articles were offline and its names gone from the rows of others, which whatever resumes its erasure
    doesn't search again. None: that is still to do (once more at the end), or it is open."""
    emptied_ms: Mapped[int | None]
    """When everything else of it was erased; None: not yet, or it is open."""


class ArticleRow(Base):
    """An article as identified by its site; its texts are in its revisions."""

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("site", "external_id"),
        Index("ix_articles_document", "site", "document_id"),
        Index("ix_articles_round", "site", "id"),
        Index("ix_articles_page", "page_key", "site"),
        Index("ix_articles_dated", "site", text("coalesce(published_ms, created_ms)")),
        Index("ix_articles_withdrawn", "site", "withdrawn_ms", **where("withdrawn_ms IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str]
    external_id: Mapped[str]
    document_id: Mapped[str | None]
    """The CMS's id of the document that this is a language version of; None: the document has no versions here."""
    locale: Mapped[str | None]
    """Language version in the CMS's own notation; None: not stated."""
    url: Mapped[str | None] = mapped_column(index=True)
    page_key: Mapped[str | None] = mapped_column(default=lambda context: page_key_of(context, "url"))
    """Key shared by all addresses of its page (db.pages.identity_in); None: no address."""
    title: Mapped[str | None]
    withdrawn_ms: Mapped[int | None]
    withdrawn_by: Mapped[str | None]
    """Who withdrew it: `cms` (a webhook) or `check` (a check of its page); None: a person, by API or command, so that
    no check restores it."""
    source_updated_ms: Mapped[int | None]
    """The CMS's timestamp of the newest known state; None: never sent."""
    source_told_ms: Mapped[int | None]
    """When the CMS announced that state, to order states with equal timestamps; None: unknown (jobs.order)."""
    visibility: Mapped[str] = mapped_column(default="public")
    """`public`, or the audience (paid, members, password, …) whose clip requires a grant."""
    published_ms: Mapped[int | None]
    """Publication time according to its site; None: unknown. Determines the order of feeds."""
    hook_id: Mapped[str | None]
    """The hook of the CMS that sent it and can be asked for it again; None: from the API, a feed, or before 0.1.1."""
    created_ms: Mapped[int]


class WithdrawnDocumentRow(Base):
    """A document withdrawn by its CMS in all languages, or in all but some: versions that arrive late aren't
    published."""

    __tablename__ = "withdrawn_documents"

    site: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(primary_key=True)
    source_updated_ms: Mapped[int | None]
    """The CMS's timestamp of the withdrawal."""
    source_told_ms: Mapped[int | None]
    kept: Mapped[list[Any]]
    """Locales that were kept; empty: none."""


class ArticleRevisionRow(Base):
    """One received version of an article's text."""

    __tablename__ = "article_revisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), index=True)
    content_hash: Mapped[str]
    source: Mapped[str]
    source_format: Mapped[str]
    title: Mapped[str | None]
    author: Mapped[str | None]
    url: Mapped[str | None]
    language: Mapped[str | None]
    published_at: Mapped[str | None]
    section: Mapped[str | None]
    """Newspaper section, as named by its site; None: unknown."""
    tags: Mapped[list[Any] | None]
    """Subjects, as named by its site; None: unknown."""
    created_ms: Mapped[int]
