"""What happened to a page, as a message for the service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page
from wagtail.rich_text import RichText

from listen_to_the_article.deliver import deliver


def published(sender: type[Page], instance: Page, **_: Any) -> None:
    """Published for the first time, or again."""
    field = settings.LISTEN_PAGES.get(instance._meta.label)
    if field is None:
        return
    owner = instance.owner
    _send(
        "article.published",
        {
            "id": instance.pk,
            "title": instance.title,
            "html": _html(getattr(instance, field)),
            "url": instance.full_url,
            "author": owner.get_full_name() or owner.get_username() if owner else None,
            "language": instance.locale.language_code,
            "visibility": "restricted" if instance.get_view_restrictions().exists() else "public",
            "published_at": _iso(instance.first_published_at),
            "updated_at": _iso(instance.last_published_at),
        },
    )


def unpublished(sender: type[Page], instance: Page, **_: Any) -> None:
    """Taken offline; the page itself doesn't keep when."""
    if instance.specific_class._meta.label in settings.LISTEN_PAGES:
        _send("article.unpublished", {"id": instance.pk, "updated_at": _iso(timezone.now())})


def deleted(sender: type[Page], instance: Page, **_: Any) -> None:
    """Deleted while it was online."""
    model = instance.cached_content_type.model_class()
    if instance.live and model is not None and model._meta.label in settings.LISTEN_PAGES:
        _send("article.deleted", {"id": instance.pk, "updated_at": _iso(timezone.now())})


def _html(value: Any) -> str:
    """The field as readers see it: rich text with its links, a StreamField's blocks by their templates."""
    return str(RichText(value) if isinstance(value, str) else value)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _send(kind: str, data: dict[str, Any]) -> None:
    # After the transaction: nothing is told that is rolled back.
    transaction.on_commit(lambda: deliver(kind, data))
