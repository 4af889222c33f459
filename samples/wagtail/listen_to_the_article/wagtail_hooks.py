"""What editors see in Wagtail's admin: a report, a button in the page listing, and messages when deliveries fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from listen_to_the_article import setting, views
from listen_to_the_article.models import PendingPage


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    """Below /admin/listen/, behind Wagtail's own check that somebody may use the admin."""
    addresses = [
        path("", views.report, name="report"),
        path("again/<int:page_id>/", views.tell_again, name="again"),
        path("check/", views.check, name="check"),
    ]
    return [path("listen/", include((addresses, "listen_to_the_article"), namespace="listen_to_the_article"))]


class _ReportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return views.may_see(request.user)


@hooks.register("register_reports_menu_item")
def report_item() -> MenuItem:
    address = reverse("listen_to_the_article:report")
    return _ReportItem(_("Audio"), address, name="listen-to-the-article", icon_name="media", order=1300)


@hooks.register("register_page_listing_more_buttons")
def listing_button(page: Page, *_args: Any, **_kwargs: Any) -> Iterator[Button]:
    """Wagtail 5 hands over the permissions, later versions the user: neither is needed for a link."""
    model = page.specific_class
    if model is not None and model._meta.label in setting.pages():
        address = f"{reverse('listen_to_the_article:report')}?page={page.pk}"
        yield Button(_("Audio"), address, icon_name="media", priority=70)


@hooks.register("after_publish_page")
@hooks.register("after_unpublish_page")
def warn_after_publishing(request: HttpRequest, page: Page) -> None:
    """The page's own delivery goes out after this response: what failed before tells how it will fare."""
    failed = PendingPage.objects.exclude(last_error="").order_by("-last_attempt_at")
    row = failed.filter(page_id=page.pk).first() or failed.first()
    if row is not None and setting.pages():
        _warn(request, row)


@hooks.register("before_edit_page")
def warn_on_edit(request: HttpRequest, page: Page) -> None:
    """Who opens a page sees that the audio service doesn't know its state yet, and why."""
    row = PendingPage.objects.filter(page_id=page.pk).exclude(last_error="").first()
    if row is not None and request.method == "GET":
        _warn(request, row)


def _warn(request: HttpRequest, row: PendingPage) -> None:
    text = gettext("The audio is not up to date, the delivery will be tried again.")
    link = format_html('<a href="{}">{}</a>', reverse("listen_to_the_article:report"), gettext("Audio"))
    messages.warning(request, format_html("{} {} {}", text, gettext(row.last_error), link))
