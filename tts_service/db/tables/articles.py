"""Sites and their articles, as received."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict, page_key_of


class SiteRow(Base):
    """What is settled for one site. A site without a row is like any other."""

    __tablename__ = "sites"

    name: Mapped[str] = mapped_column(primary_key=True)
    policy: Mapped[JsonDict | None]
    """What its speech policy changes of the usual one (policy.SpeechPolicy); None: nothing."""
    origins: Mapped[list[Any] | None]
    """Origins of its pages, whose scripts may read clips and send feedback; None: none."""
    options: Mapped[JsonDict | None]
    """What its player and feeds do otherwise than usual; None: nothing."""
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class ArticleRow(Base):
    """An article as a site names it; what it says lies in its revisions."""

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("site", "external_id"),
        Index("ix_articles_document", "site", "document_id"),
        Index("ix_articles_round", "site", "id"),
        Index("ix_articles_page", "page_key", "site"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str]
    external_id: Mapped[str]
    document_id: Mapped[str | None]
    """The CMS's id of the document that this is a language version of; None: the document has no versions here."""
    locale: Mapped[str | None]
    """Which version, in the CMS's own notation; None: it doesn't say."""
    url: Mapped[str | None] = mapped_column(index=True)
    page_key: Mapped[str | None] = mapped_column(default=lambda context: page_key_of(context, "url"))
    """What all addresses of its page have in common (sites.identity_in); None: it has no address."""
    title: Mapped[str | None]
    withdrawn_ms: Mapped[int | None]
    withdrawn_by: Mapped[str | None]
    """Whose word took it offline: `cms` (a webhook) or `check` (a look at its page); None: a person, by API or command,
    so that no check brings it back."""
    source_updated_ms: Mapped[int | None]
    """The CMS's own time of the newest state known here; None: it never said one."""
    source_told_ms: Mapped[int | None]
    """When the CMS told of that state, for two states of the same time; None: nothing says it (jobs.order)."""
    visibility: Mapped[str] = mapped_column(default="public")
    """`public`, or who else may read it (paid, members, password, …): then its clip is heard with a grant only."""
    published_ms: Mapped[int | None]
    """When it was published, by its site's own word; None: not told. The order of feeds."""
    hook_id: Mapped[str | None]
    """The hook whose CMS sent it, and can be asked for it again; None: it came by API, from a feed, or before 0.1.1."""
    created_ms: Mapped[int]


class WithdrawnDocumentRow(Base):
    """A document that its CMS took offline in all languages, or in all but some: a version that comes late isn't
    published."""

    __tablename__ = "withdrawn_documents"

    site: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(primary_key=True)
    source_updated_ms: Mapped[int | None]
    """The CMS's own time of the withdrawal."""
    source_told_ms: Mapped[int | None]
    kept: Mapped[list[Any]]
    """Locales that stayed; empty: none did."""


class ArticleRevisionRow(Base):
    """One received text of an article."""

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
    """Department of the paper it stands in, as its site names it; None: not told."""
    tags: Mapped[list[Any] | None]
    """Its subjects, as its site names them; None: not told."""
    created_ms: Mapped[int]
