"""The report in Wagtail's admin: how each page's audio stands, why a delivery failed, another try, the line's test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from listen_to_the_article.checking import check_line
from listen_to_the_article.marking import mark
from listen_to_the_article.models import PendingPage, ToldPage

ROWS = 100
STATES = {
    "published": _("Audio for everybody"),
    "closed": _("No audio: the page is private"),
    "unpublished": _("No audio: the page is not published"),
    "deleted": _("No audio: the page is deleted"),
    "private": _("Audio for readers with access"),
    "waiting": _("Waits for its delivery"),
    "": _("Not known to the audio service"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A page in the report."""

    page: Page
    state: str
    told_at: datetime | None
    error: str
    tried_at: datetime | None
    may_retry: bool


def may_see(user: Any) -> bool:
    """Whoever may change or publish any page."""
    return bool(PagePermissionPolicy().user_has_any_permission(user, {"add", "change", "publish"}))


def report(request: HttpRequest) -> HttpResponse:
    """Pages that wait come first, then the newest deliveries; `?page=` shows one page."""
    if not may_see(request.user):
        raise PermissionDenied
    asked = request.GET.get("page", "")
    only = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    context = {"rows": _rows(request.user, only), "only": only, "waiting": PendingPage.objects.count()}
    return TemplateResponse(request, "listen_to_the_article/report.html", context)


@require_POST
def tell_again(request: HttpRequest, page_id: int) -> HttpResponse:
    """Queue a page's delivery; it goes out after this response."""
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    mark([page.pk])
    messages.success(request, gettext("The audio service will be told again."))
    return redirect("listen_to_the_article:report")


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """From this site to the audio service and back."""
    if not PagePermissionPolicy().user_has_permission(request.user, "publish"):
        raise PermissionDenied
    for finding in check_line():
        tell = messages.success if finding.fine else messages.error
        tell(request, format_html("{}", gettext(finding.text)))
    return redirect("listen_to_the_article:report")


def _rows(user: Any, only: int | None) -> list[Row]:
    pending = PendingPage.objects.order_by("-closes", "-last_attempt_at")
    told = ToldPage.objects.exclude(kind="").order_by("-as_of")
    if only is not None:
        pending, told = pending.filter(page_id=only), told.filter(page_id=only)
    waiting = {row.page_id: row for row in pending[:ROWS]}
    known = {row.page_id: row for row in told[:ROWS]}
    known |= {row.page_id: row for row in ToldPage.objects.filter(page_id__in=waiting)}
    ids = list(dict.fromkeys([*waiting, *known, *([only] if only else [])]))
    pages = Page.objects.in_bulk(ids)
    return [
        _row(page, waiting.get(page.pk), known.get(page.pk), perms.can_publish())
        for page in (pages[pk] for pk in ids if pk in pages)
        if (perms := page.permissions_for_user(user)).can_edit()
    ]


def _row(page: Page, waiting: PendingPage | None, told: ToldPage | None, may_retry: bool) -> Row:
    kind = told.kind if told else ""
    if kind == "published" and told and told.visibility != "public":
        kind = "private"
    return Row(
        page=page,
        state=str(STATES["waiting" if waiting else kind]),
        told_at=told.as_of if told else None,
        error=gettext(waiting.last_error) if waiting and waiting.last_error else "",
        tried_at=waiting.last_attempt_at if waiting else None,
        may_retry=may_retry,
    )
