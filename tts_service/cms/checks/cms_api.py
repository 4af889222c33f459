"""Queries the CMS's own API about a known article: the most reliable source."""

from __future__ import annotations

from collections.abc import Mapping

from tts_service.article.closed_page import PageStanding
from tts_service.cms.checks.verdicts import CheckAnswer
from tts_service.cms.feeds.fetch import Politeness
from tts_service.cms.inbox.addresses import find_hook
from tts_service.cms.inbox.cms_api import Fetch
from tts_service.cms.inbox.recheck import apply_recalled, ask_article
from tts_service.cms.sources.base import EventKind
from tts_service.db.tables import ArticleRow
from tts_service.errors import AddressRefused, BodyUnreadable, NotAllowed, NotFound, RemoteTooLarge, RemoteUnavailable
from tts_service.parts import Parts
from tts_service.values import PUBLIC

_CLOSING = {
    EventKind.DELETED: PageStanding.GONE,
    EventKind.UNPUBLISHED: PageStanding.GONE,
    EventKind.CLOSED: PageStanding.CLOSED,
}


def ask_cms(parts: Parts, politeness: Politeness, article_id: str, fetch: Fetch) -> CheckAnswer | None:
    """Queries the API of the CMS that sent the article; adopts a newer text or a reopening.

    None if no API can tell, so that the page must. A closing is only reported: the caller acts on it, as it counts
    closings. Raises ServiceErrors of `submit`.
    """
    with parts.database.reading() as session:
        article = session.get(ArticleRow, article_id)
    hook = find_hook(parts.database, article.hook_id) if article is not None and article.hook_id else None
    if article is None or hook is None:
        return None
    try:
        recalled = ask_article(parts, _polite(fetch, politeness), hook, article.external_id)
    except (AddressRefused, BodyUnreadable, NotAllowed, NotFound, RemoteTooLarge, RemoteUnavailable) as error:
        return CheckAnswer(verdict=PageStanding.UNKNOWN, reason=error.message)
    event = recalled.event
    if event.kind is EventKind.IGNORED:
        return None
    if event.document is None:
        reason = event.reason or f"According to the CMS's API, it is {event.kind.value}."
        return CheckAnswer(verdict=_CLOSING[event.kind], reason=reason, visibility=event.visibility, sure=True)
    outcome = apply_recalled(parts, hook, recalled)
    verdict = PageStanding.OPEN if event.document.visibility == PUBLIC else PageStanding.CLOSED
    reason = f"The CMS's API shows it to {'everybody' if verdict is PageStanding.OPEN else event.document.visibility}."
    # Outdated: closed so recently that the response may be cached. A second check decides.
    return CheckAnswer(verdict=verdict, reason=reason, sure=outcome.state != "outdated")


def _polite(fetch: Fetch, politeness: Politeness) -> Fetch:
    """The same function, limited to the host's request rate."""

    def asked(url: str, headers: Mapping[str, str]) -> bytes:
        politeness.wait(url)
        trouble = True
        try:
            body = fetch(url, headers)
            trouble = False
            return body
        except (NotFound, NotAllowed):
            trouble = False
            raise
        finally:
            politeness.asked(url, trouble=trouble)

    return asked
