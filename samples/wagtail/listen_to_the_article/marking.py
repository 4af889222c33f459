"""Marks pages whose state must be told. The rows are part of the transaction that changes the pages."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, router, transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page

from listen_to_the_article import setting, wake
from listen_to_the_article.models import PendingPage

AHEAD_S = 30
"""A row written before its change (`ahead`) waits this long: by then the change is stored, or the process has died."""
_AT_ONCE = 200


def mark(page_ids: Collection[int], *, closes: bool = False, ahead: bool = False) -> None:
    """Let these pages' state be told as soon as the transaction is committed."""
    if not page_ids:
        return
    using = router.db_for_write(PendingPage)
    now = timezone.now()
    due = now + timedelta(seconds=AHEAD_S if ahead else 0)
    fields = {"mark": uuid.uuid4().hex, "due_at": due, "attempts": 0}
    if closes:
        fields["closes"] = True
    rows = [PendingPage(page_id=page_id, first_marked_at=now, **fields) for page_id in sorted(set(page_ids))]
    # An upsert even where a row exists: it locks the row until the commit, so no delivery that has read the page before
    # this change can remove it.
    features = connections[using].features
    unique = ["page_id"] if features.supports_update_conflicts_with_target else None
    PendingPage.objects.using(using).bulk_create(
        rows, batch_size=_AT_ONCE, update_conflicts=True, unique_fields=unique, update_fields=list(fields)
    )
    if not ahead:
        transaction.on_commit(wake.wake, using=using)


def article_pages(*, live: bool | None = True) -> models.QuerySet[Page]:
    """All pages whose models LISTEN_PAGES names, read from the database that is written to."""
    wanted = Q(pk__in=[])
    for label in setting.pages():
        app, _, model = label.partition(".")
        wanted |= Q(app_label=app, model=model.lower())
    types = [found.pk for found in ContentType.objects.filter(wanted)]
    found = Page._base_manager.using(router.db_for_write(Page)).filter(content_type_id__in=types)
    return found if live is None else found.filter(live=live)


def below(page: Page) -> list[int]:
    """Ids of the live articles that share the page's privacy: itself, all below it, its aliases and all below those."""
    roots = {page.pk: page.path}
    newest = [page.pk]
    while newest:
        aliases = Page._base_manager.using(router.db_for_write(Page)).filter(alias_of_id__in=newest)
        found = dict(aliases.values_list("pk", "path"))
        newest = [pk for pk in found if pk not in roots]
        roots.update(found)
    return under(roots.values())


def under(paths: Iterable[str]) -> list[int]:
    """Ids of the live articles at these places in the tree and below them."""
    places = Q(pk__in=[])
    for path in paths:
        places |= Q(path__startswith=path)
    return list(article_pages().filter(places).values_list("pk", flat=True))
