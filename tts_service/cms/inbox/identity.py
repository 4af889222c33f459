"""Ids of articles whose document has several languages: the document's id, or id and locale.

An article that is known under the document's bare id keeps it, so that its address, its clip and its players go on.
Every other version is `<document id>:<locale>`.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.cms.sources.fields import MAX_ID
from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow
from tts_service.jobs.versions import Version, language_known, same_language, tidy_locale

NO_LANGUAGE = ("und", "zxx", "mul", "*", "x-default")
"""What CMSs write for a document that has no language, or several."""
_LONGEST_LOCALE = 35
"""BCP 47 asks for room for so many characters."""


def locale_given(locale: str | None) -> str | None:
    """A locale as the CMS writes it; None: it names no language."""
    found = (locale or "").strip()
    return None if not found or found.lower() in NO_LANGUAGE else found[:_LONGEST_LOCALE]


def article_id(database: Database, site: str, version: Version) -> str:
    """The id under which a version of a document is kept here."""
    locale = locale_given(version.locale)
    if locale is None:
        return version.document_id
    with database.reading() as session:
        if _has_bare_id(session, site, version.document_id, locale):
            return version.document_id
    return versioned_id(version.document_id, locale)


def versioned_id(document_id: str, locale: str) -> str:
    """The id of a version that hasn't the document's own."""
    tail = f":{tidy_locale(locale)}"
    if len(document_id) + len(tail) <= MAX_ID:
        return document_id + tail
    return f"sha256:{hashlib.sha256(document_id.encode()).hexdigest()}{tail}"


def _has_bare_id(session: Session, site: str, document_id: str, locale: str) -> bool:
    mine = (ArticleRow.site == site, ArticleRow.external_id == document_id)
    bare = session.scalars(select(ArticleRow).where(*mine)).one_or_none()
    if bare is None:
        return False
    if bare.locale is not None:
        return tidy_locale(bare.locale) == tidy_locale(locale)
    own = (ArticleRow.site == site, ArticleRow.external_id == versioned_id(document_id, locale))
    if session.scalar(select(ArticleRow.id).where(*own)) is not None:
        return False  # this version has an id of its own already
    language = language_known(session, bare)
    if language is not None:
        return same_language(language, locale)
    others = select(ArticleRow.id).where(ArticleRow.site == site, ArticleRow.document_id == document_id).limit(1)
    return session.scalar(others) is None
