"""Every change that can alter who may hear a page marks it: text, privacy, place in the tree, site, deletion."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    pre_page_move,
)

from listen_to_the_article import setting
from listen_to_the_article.marking import article_pages, below, mark
from listen_to_the_article.models import PendingPage, ToldPage

_OF_DRAFTS = frozenset(
    (
        "latest_revision",
        "latest_revision_created_at",
        "draft_title",
        "has_unpublished_changes",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "search_description",
        "show_in_menus",
    )
)
"""Fields whose change alone says nothing about the published page."""
_OF_ADDRESSES = ("hostname", "port", "root_page_id", "is_default_site")


def connect() -> None:
    """Connect all receivers; called once at start."""
    for signal, receiver, sender in (
        (post_save, page_saved, None),
        (post_delete, page_deleted, Page),
        (page_published, page_published_now, None),
        (page_unpublished, page_unpublished_now, None),
        (pre_page_move, page_moves, None),
        (post_page_move, page_moved, None),
        (page_slug_changed, page_moved, None),
        (pre_save, restriction_changes, PageViewRestriction),
        (post_save, restriction_changed, PageViewRestriction),
        (post_delete, restriction_changed, PageViewRestriction),
        (pre_save, site_changes, Site),
        (post_save, site_changed, Site),
        (post_delete, site_deleted, Site),
    ):
        signal.connect(receiver, sender=sender, dispatch_uid=f"listen_{receiver.__name__}_{id(signal)}")


def page_saved(sender: Any, instance: Any, raw: bool = False, update_fields: Any = None, **_: Any) -> None:
    """Inside Page.save()'s own transaction: the row is stored with the change, or neither is."""
    if raw or not isinstance(instance, Page) or not _holds_an_article(instance):
        return
    if update_fields is not None and _OF_DRAFTS.issuperset(update_fields):
        return
    if instance.live or _was_told(instance.pk):
        mark([instance.pk], closes=not instance.live)


def page_published_now(sender: Any, instance: Page, **_: Any) -> None:
    """Published for the first time, or again; aliases of a page come one by one."""
    if _holds_an_article(instance):
        mark([instance.pk])


def page_unpublished_now(sender: Any, instance: Page, **_: Any) -> None:
    """Taken offline by an editor, by its expiry or with its parent."""
    if _holds_an_article(instance):
        mark([instance.pk], closes=True)


def page_deleted(sender: Any, instance: Page, **_: Any) -> None:
    """Deleted, also with a page above it."""
    if _holds_an_article(instance):
        mark([instance.pk], closes=True)


def page_moves(sender: Any, instance: Page, **_: Any) -> None:
    """Written before the move: should the process die between the move and its signal, the row is there."""
    mark(below(instance), closes=True, ahead=True)


def page_moved(sender: Any, instance: Page, **_: Any) -> None:
    """Below another parent, or under another slug: address and privacy of everything below may differ."""
    mark(below(instance), closes=True)


def restriction_changes(sender: Any, instance: PageViewRestriction, raw: bool = False, **_: Any) -> None:
    """Saving a restriction is no transaction of its own, so the rows are written before it, as for a move."""
    if not raw:
        _mark_restricted(instance, ahead=True)


def restriction_changed(sender: Any, instance: PageViewRestriction, raw: bool = False, **_: Any) -> None:
    """Privacy set, changed or removed, for the page and everything that inherits from it."""
    if not raw:
        _mark_restricted(instance, ahead=False)


def site_changes(sender: Any, instance: Site, **_: Any) -> None:
    """Remember the addresses of before."""
    instance.listen_before = Site.objects.filter(pk=instance.pk).values(*_OF_ADDRESSES).first()


def site_changed(sender: Any, instance: Site, raw: bool = False, **_: Any) -> None:
    """Another host name, port or root page: other addresses, or pages that are in no site any more."""
    now = {name: getattr(instance, name) for name in _OF_ADDRESSES}
    if not raw and getattr(instance, "listen_before", None) not in (None, now):
        mark(list(article_pages().values_list("pk", flat=True)), closes=True)


def site_deleted(sender: Any, instance: Site, **_: Any) -> None:
    """Its pages are in no site any more."""
    mark(list(article_pages().values_list("pk", flat=True)), closes=True)


def _holds_an_article(page: Page) -> bool:
    model = page.specific_class
    return model is not None and model._meta.label in setting.pages()


def _was_told(page_id: int) -> bool:
    told = ToldPage.objects.filter(page_id=page_id).exclude(kind__in=("unpublished", "deleted"))
    return told.exists() or PendingPage.objects.filter(page_id=page_id).exists()


def _mark_restricted(restriction: PageViewRestriction, *, ahead: bool) -> None:
    page = Page._base_manager.filter(pk=restriction.page_id).first()
    if page is not None:  # None: the page itself is being deleted
        mark(below(page), closes=True, ahead=ahead)
