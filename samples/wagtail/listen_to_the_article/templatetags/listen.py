"""{% load listen %}{% listen_player page %} puts the player where it stands, on the page itself and nowhere else."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from django import template
from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction

from listen_to_the_article import lookup, setting
from listen_to_the_article.state import PUBLIC, language_of, restrictions_of, visibility_of

register = template.Library()


@register.inclusion_tag("listen_to_the_article/player.html", takes_context=True)
def listen_player(context: dict[str, Any], page: Page, read_along: str = "") -> dict[str, Any]:
    """Nothing in listings, feeds and previews, nothing while there is no audio, nothing for readers without access."""
    request = context.get("request")
    if not setting.base() or not isinstance(request, HttpRequest) or not _is_the_page(context, request, page):
        return {}
    visibility = visibility_of(page)
    grant = ""
    if visibility == PUBLIC:
        if not lookup.has_audio(page.pk):
            return {}
    else:
        grant = lookup.grant_for(page.pk, visibility) if _may_listen(request, page) else ""
        if not grant:
            return {}
    return {
        "base": setting.base(),
        "site": setting.text("LISTEN_SITE"),
        "article": page.pk,
        "language": language_of(page),
        "grant": grant,
        "read_along": read_along,
        "nonce": context.get("csp_nonce") or getattr(request, "csp_nonce", ""),
    }


def _is_the_page(context: dict[str, Any], request: HttpRequest, page: Page) -> bool:
    """Whether the request asks for this page, live: a listing or a feed has an address of its own."""
    if not page.live or getattr(request, "is_preview", False):
        return False
    own = unquote(urlsplit(page.get_url(request) or "").path).rstrip("/")
    asked = request.path.rstrip("/")
    if asked == own:
        return True
    shown = context.get("page")  # further addresses of the page itself, such as a RoutablePage has
    return bool(own) and getattr(shown, "pk", None) == page.pk and asked.startswith(f"{own}/")


def _may_listen(request: HttpRequest, page: Page) -> bool:
    """Whether this reader may see the page: Wagtail's own answer, and that of the site's paywall."""
    if not hasattr(request, "user") or not hasattr(request, "session"):
        return False
    restrictions: list[PageViewRestriction] = restrictions_of(page)
    if not all(restriction.accept_request(request) for restriction in restrictions):
        return False
    own = setting.function("LISTEN_VISIBILITY")
    if own is None or str(own(page)) == PUBLIC:
        return True
    may_listen = setting.function("LISTEN_MAY_LISTEN")
    return bool(may_listen and may_listen(page, request))
