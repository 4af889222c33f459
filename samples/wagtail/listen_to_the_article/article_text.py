"""An article's text as HTML, as a reader sees it who has not logged in."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.http import HttpRequest
from django.template.defaultfilters import linebreaks
from django.test import RequestFactory
from django.utils import translation
from django.utils.module_loading import import_string
from wagtail.blocks import StreamValue
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.rich_text import RichText

from listen_to_the_article import setting
from listen_to_the_article.blocks_text import stream_html

_MARKUP = re.compile(r"</(?:p|div|h[1-6]|ul|ol|li|blockquote|section|article|figure|table)>", re.IGNORECASE)


def article_html(page: Page) -> str:
    """All parts that LISTEN_PAGES names for this page's model, one after the other."""
    request = anonymous_request(page)
    with translation.override(page.locale.language_code):
        parts = [_part(page, what, request) for what in setting.pages()[page._meta.label]]
    return "\n".join(part for part in parts if part.strip())


def author_of(page: Page) -> str | None:
    """What LISTEN_AUTHOR names, else the full name of the page's owner; never a user name, which no reader sees."""
    named = setting.text("LISTEN_AUTHOR")
    if named:
        value = import_string(named)(page) if "." in named else getattr(page, named, None)
        value = value() if callable(value) else value
        return str(value) if value else None
    return (page.owner.get_full_name() or None) if page.owner else None


def anonymous_request(page: Page) -> HttpRequest:
    """A request for the page by somebody without cookies, for templates that ask who is reading."""
    address = urlsplit(page.full_url)
    port = str(address.port or (443 if address.scheme == "https" else 80))
    factory = RequestFactory(SERVER_NAME=address.hostname, SERVER_PORT=port)
    request = factory.get(address.path or "/", secure=address.scheme == "https")
    request.user = AnonymousUser()
    request.session = SessionStore()
    request.is_preview = False
    request._wagtail_site = page.get_site()
    return request


def _part(page: Page, what: setting.TextPart, request: HttpRequest) -> str:
    if callable(what):
        return _html(what(page, request), request, page)
    if "." in what:
        return _html(import_string(what)(page, request), request, page)
    value = getattr(page, what)
    if callable(value) and not hasattr(value, "__html__"):
        return _html(value(), request, page)
    try:
        field = page._meta.get_field(what)
    except FieldDoesNotExist:
        return _html(value, request, page)
    return _html(value, request, page, field)


def _html(value: Any, request: HttpRequest, page: Page, field: Field[Any, Any] | None = None) -> str:
    if value is None:
        return ""
    if isinstance(value, StreamValue):
        context = {"page": page, "self": page, "request": request, "user": request.user}
        return stream_html(value, context)
    if isinstance(value, str) and not hasattr(value, "__html__"):
        if field is None or isinstance(field, RichTextField) or _MARKUP.search(value):
            return str(RichText(value))
        return str(linebreaks(value, autoescape=True))
    return str(value)
