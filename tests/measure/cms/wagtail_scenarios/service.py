"""The app and the real audio service: run only where the test has started one."""

from __future__ import annotations

import os
import time

from blog import acting
from django.test import override_settings
from listen_to_the_article.models import PendingPage

from tests.measure.cms.wagtail_world import World


def the_service_takes_every_state_of_a_page(world: World) -> None:
    address, secret = os.environ["SERVICE_ADDRESS"], os.environ["SERVICE_SECRET"]
    with override_settings(LISTEN_ADDRESS=address, LISTEN_SECRET=secret):
        page = world.publish("<p>The little railway runs again.</p>")
        _told(world)
        for state in ("draft", "public", "private", "public", "trash"):
            acting.put(page, state)
            _told(world)


def _told(world: World) -> None:
    """A busy service may say 503: then it is tried again."""
    until = time.monotonic() + 30
    while PendingPage.objects.exists() and time.monotonic() < until:
        world.due_now()
        world.deliver()
    assert not PendingPage.objects.exists()
