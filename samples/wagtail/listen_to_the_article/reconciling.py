"""Finds pages whose state differs from what the audio service was told last, and marks them again.

Changes that send no signals (a bulk update, a restored database) are found this way.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from listen_to_the_article.marking import article_pages, mark
from listen_to_the_article.models import PendingPage, ToldPage
from listen_to_the_article.state import PUBLIC, state_of, visibility_of

MOST_AT_ONCE = 200
EVERY = timedelta(days=1)

log = logging.getLogger(__name__)


def reconcile() -> int:
    """Mark what differs, at most a few hundred pages a round. Returns how many were marked."""
    return _mark_offline() + _mark_never_told() + _mark_changed()


def mark_all(*, closed_only: bool) -> int:
    """Mark every article, drafts too, or only those that aren't public: after an upgrade, or for the whole archive."""
    pages = article_pages(live=None)
    if closed_only:
        found = [page.pk for page in pages.iterator() if not page.live or visibility_of(page.specific) != PUBLIC]
    else:
        found = list(pages.values_list("pk", flat=True))
    mark(found, closes=closed_only)
    return len(found)


def _mark_offline() -> int:
    """Told as published, but offline, expired or gone by now: in every round, with one query."""
    online = article_pages().filter(expired=False).exclude(expire_at__lte=timezone.now())
    told = ToldPage.objects.filter(kind__in=("published", "closed")).exclude(page_id__in=online.values("pk"))
    told = told.exclude(page_id__in=PendingPage.objects.values("page_id"))
    found = list(told.values_list("page_id", flat=True)[:MOST_AT_ONCE])
    mark(found, closes=True)
    return len(found)


def _mark_never_told() -> int:
    """Pages that came without a signal since this app was installed, and older ones that aren't public."""
    known = ToldPage.objects.filter(checked_at__gt=timezone.now() - EVERY).values("page_id")
    told = ToldPage.objects.exclude(kind="").values("page_id")
    pages = article_pages().exclude(pk__in=known).exclude(pk__in=told)
    pages = pages.exclude(pk__in=PendingPage.objects.values("page_id"))
    installed = _installed_at()
    marked = 0
    for page in list(pages[:MOST_AT_ONCE]):
        closed = visibility_of(page.specific) != PUBLIC
        if closed or (page.last_published_at and installed and page.last_published_at >= installed):
            mark([page.pk], closes=closed)
            marked += 1
        ToldPage.objects.update_or_create(page_id=page.pk, defaults={"checked_at": timezone.now()})
    return marked


def _mark_changed() -> int:
    """Each told page is read again once a day."""
    now = timezone.now()
    old = ToldPage.objects.exclude(kind="").filter(checked_at__lt=now - EVERY).order_by("checked_at")
    marked = 0
    for told in old.exclude(page_id__in=PendingPage.objects.values("page_id"))[:MOST_AT_ONCE]:
        ToldPage.objects.filter(page_id=told.page_id).update(checked_at=now)
        try:
            state = state_of(told.page_id)
        except Exception:  # one page's template must not stop the round
            log.exception("page %s can't be compared with what the audio service was told", told.page_id)
            continue
        if state and state.fingerprint() != told.fingerprint:
            mark([told.page_id], closes=state.kind != "published")
            marked += 1
    return marked


def _installed_at() -> datetime | None:
    applied = MigrationRecorder.Migration.objects.filter(app="listen_to_the_article", name="0001_initial")
    found: datetime | None = applied.values_list("applied", flat=True).first()
    return found
