"""Repairs of single articles by staff."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict


class ArticleRepairRow(Base):
    """How a sentence of an article is spoken, or the whole article, or which rule for blocks applies differently to it.
    Applied whenever its text is prepared."""

    __tablename__ = "article_repairs"

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), index=True)
    kind: Mapped[str]
    """sentence, voice, rule."""
    sentence: Mapped[str]
    """As written; empty for other kinds."""
    occurrence: Mapped[int]
    """How many times the same sentence stands before it."""
    start: Mapped[int]
    """First character of the repaired words in the sentence."""
    end: Mapped[int | None]
    """One past the last character; None: to the end of the sentence."""
    alias: Mapped[str | None]
    ipa: Mapped[str | None]
    pause_after_ms: Mapped[int | None]
    voice: Mapped[str | None]
    """Id of the main voice; None: not repaired."""
    rate: Mapped[float | None]
    """Speed; None: not repaired."""
    rule: Mapped[JsonDict | None]
    """Of kind rule: its fields and its position among the site's rules, None where it doesn't hold for the article."""
    created_ms: Mapped[int]
