"""Language versions of one document: each is an article of its own, and all can be taken offline at once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, union_all
from sqlalchemy.orm import Session

from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, ClipRow, WithdrawnDocumentRow
from tts_service.jobs.order import Reach, require_newest

_LONGEST_SUBTAG_IN_CAPITALS = 2
_SCRIPT_LETTERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Which version of which document an article is."""

    document_id: str
    """The CMS's own id."""
    locale: str | None = None
    """In the CMS's own notation; None: it doesn't say."""


def tidy_locale(locale: str) -> str:
    """A locale in one spelling, however a CMS writes it: `DE_de` and `de-DE` are `de-DE`."""
    parts = locale.strip().replace("_", "-").lower().split("-")
    rest = [
        part.upper()
        if len(part) == _LONGEST_SUBTAG_IN_CAPITALS
        else part.title()
        if len(part) == _SCRIPT_LETTERS and part.isalpha()
        else part
        for part in parts[1:]
    ]
    return "-".join([parts[0], *rest])


def same_language(one: str, other: str) -> bool:
    """Whether two tags may be the same version: `de` and `de-AT` may, `de-DE` and `de-AT` are two."""
    (first, *own), (second, *others) = (tidy_locale(tag).split("-") for tag in (one, other))
    return first == second and (not own or not others or own == others)


def language_known(session: Session, row: ArticleRow) -> str | None:
    """The version's locale; of a row from before versions were kept apart, the language of its newest text."""
    if row.locale is not None:
        return row.locale
    declared = (
        select(ArticleRevisionRow.language)
        .where(ArticleRevisionRow.article_id == row.id)
        .order_by(ArticleRevisionRow.created_ms.desc(), ArticleRevisionRow.id.desc())
        .limit(1)
    )
    found = session.scalar(declared)
    if found is not None:
        return found
    detected = (
        select(ClipRevisionRow.language)
        .join(ClipRow, ClipRow.id == ClipRevisionRow.clip_id)
        .where(ClipRow.article_id == row.id)
        .order_by(ClipRevisionRow.revision.desc())
        .limit(1)
    )
    return session.scalar(detected)


def name_version(row: ArticleRow, version: Version | None) -> None:
    """Note which version an article is, once it is known."""
    if version is None or version.locale is None:
        return
    row.document_id, row.locale = version.document_id, version.locale


def named_articles(site: str, article_id: str) -> ColumnElement[bool]:
    """The articles that a site's id means: the one that has it, or all versions of the document that does.

    Each half names the site, so that SQLite finds it by an index instead of reading all articles of the site.
    """
    own = and_(ArticleRow.site == site, ArticleRow.external_id == article_id)
    return or_(own, and_(ArticleRow.site == site, ArticleRow.document_id == article_id))


def require_document_open(
    session: Session, site: str, version: Version | None, as_of_ms: int | None, reach: Reach, told_ms: int | None
) -> None:
    """Raises Outdated for a state from before its document was taken offline in this language."""
    if version is None or as_of_ms is None:
        return
    gone = session.get(WithdrawnDocumentRow, (site, version.document_id))
    stays = (
        gone is not None
        and version.locale is not None
        and any(same_language(version.locale, locale) for locale in gone.kept)
    )
    if gone is not None and not stays:
        require_newest(gone, Reach.NOBODY, as_of_ms, reach, told_ms)


def versions_of(session: Session, site: str, document_id: str) -> list[ArticleRow]:
    """The articles that are this document, whichever language they are in; the one under its bare id first."""
    # Each by an index of its own: for "or", SQLite reads all articles of the site.
    ids = union_all(
        *(
            select(ArticleRow.id).where(ArticleRow.site == site, name == document_id)
            for name in (ArticleRow.external_id, ArticleRow.document_id)
        )
    )
    query = select(ArticleRow).where(ArticleRow.id.in_(ids)).order_by(ArticleRow.id)
    found = session.scalars(query.with_for_update(key_share=True))
    return sorted(found, key=lambda row: row.external_id != document_id)
