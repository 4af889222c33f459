"""A Wagtail site in this process, and what scenarios do with it. Imported only by a Python that has Wagtail."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from blog import acting
from blog.models import ArticlePage
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from listen_to_the_article import wake
from listen_to_the_article.models import PendingPage
from listen_to_the_article.sending import Report, deliver_due
from wagtail.models import Page, Site

from tests.measure.cms.wagtail_receiver import HOOK, SECRET, Receiver


class World:
    """An empty newspaper, the receiver of its deliveries, and an editor."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        receiver.reset()
        cache.clear()
        self.front = Site.objects.get().root_page_id
        wake._Process.wanted = False

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "LISTEN_ADDRESS": self.receiver.url + HOOK,
            "LISTEN_SECRET": SECRET,
            "LISTEN_SITE": "gazette",
            "LISTEN_PAGES": {"blog.ArticlePage": ["standfirst", "body"]},
        }

    def publish(self, html: str = "<p>The ferry runs again.</p>", **more: Any) -> int:
        """A published article that the service doesn't know of yet."""
        return int(acting.publish("Ferry runs again", html, **{"parent": self.front, **more})["id"])

    def told(self, html: str = "<p>The ferry runs again.</p>", **more: Any) -> int:
        """A published article that the service was told of."""
        page = self.publish(html, **more)
        self.deliver()
        return page

    def deliver(self) -> list[dict[str, Any]]:
        """Send what is due; the deliveries that came of it."""
        before = len(self.receiver.bodies)
        self.report()
        return self.receiver.bodies[before:]

    def report(self, seconds: float = 20) -> Report:
        return deliver_due(until=time.monotonic() + seconds)

    def only(self) -> dict[str, Any]:
        """The one delivery that is due, sent."""
        (body,) = self.deliver()
        return body

    def article(self, page: int) -> ArticlePage:
        return ArticlePage.objects.get(pk=page)

    def due_now(self) -> None:
        """Waits are over."""
        PendingPage.objects.update(due_at="2020-01-01T00:00:00Z")

    def show(self, page: int, *, path: str = "", user: Any = None, template: str = "", **context: Any) -> str:
        """The tag's output for a request of the page's own address, or of another one."""
        article = Page.objects.get(pk=page).specific
        request = RequestFactory(SERVER_NAME="gazette.example").get(path or article.get_url())
        request.user = user or AnonymousUser()
        request.session = context.pop("session", {})
        text = template or "{% load listen %}{% listen_player page %}"
        return Template(text).render(Context({"page": article, "request": request, **context})).strip()

    def client(self, user: Any = None) -> Client:
        client = Client(SERVER_NAME="gazette.example")
        if user:
            client.force_login(user)
        return client

    @contextmanager
    def queries(self, most: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as seen:
            yield
        said = "\n".join(one["sql"][:150] for one in seen)
        assert len(seen) <= most, f"{len(seen)} queries, at most {most}:\n{said}"

    set = staticmethod(override_settings)
