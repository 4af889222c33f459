"""Articles that should be checked against their CMS now instead of in the next round."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tts_service.db.tables import ArticleCheckRow, ArticleRow, FoundArticleRow, SiteRoundRow
from tts_service.jobs.versions import language_known, same_language

DOUBT = "not open"
"""ArticleCheckRow.suspect of an article that is heard here and may be closed."""
CMS_SAID = 1
"""ArticleCheckRow.suspect_ms where not a look raised the doubt: long ago, so that the next look decides."""
_MOST_FOUND = 50
"""Articles read from pages that are checked when a closing names an article that isn't known here."""


def check_now(session: Session, article: ArticleRow, now_ms: int, *, doubted: bool = False) -> None:
    """Have an article checked with its site's next turn, which comes within seconds. `doubted`: there is a word of its
    CMS against it already, so that one look which agrees is enough."""
    check = session.get(ArticleCheckRow, article.id)
    if check is None:
        check = ArticleCheckRow(article_id=article.id, site=article.site, verdict="unknown", reason="")
        session.add(check)
    check.again_ms = now_ms
    if doubted:
        check.suspect, check.suspect_ms = DOUBT, CMS_SAID
    later = (SiteRoundRow.site == article.site, SiteRoundRow.due_ms > now_ms)
    session.execute(update(SiteRoundRow).where(*later).values(due_ms=now_ms))


def check_found(session: Session, site: str, now_ms: int, *, except_in: str | None = None) -> None:
    """A CMS closed an article that isn't known here by its id. It may be one that catch-up read from its page, which
    goes by its address: the newest of these are checked. `except_in`: only those in other languages than this one."""
    of_pages = (
        select(ArticleRow)
        .join(FoundArticleRow, FoundArticleRow.article_id == ArticleRow.id)
        .where(FoundArticleRow.site == site, ArticleRow.withdrawn_ms.is_(None))
        .order_by(ArticleRow.id.desc())
        .limit(_MOST_FOUND)
    )
    for article in session.scalars(of_pages).all():
        language = language_known(session, article)
        if except_in and (language is None or same_language(language, except_in)):
            continue
        check_now(session, article, now_ms, doubted=True)
