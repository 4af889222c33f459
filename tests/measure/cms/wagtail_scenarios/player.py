"""The tag: on the page itself and nowhere else, for who may hear it, and never slower than a moment."""

from __future__ import annotations

import threading
import time

from blog import acting
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import RequestFactory, override_settings
from listen_to_the_article import lookup

from tests.measure.cms.wagtail_world import World

READY = {"state": "ready"}


def the_player_stands_on_the_page(world: World) -> None:
    page = world.publish()
    world.receiver.clips = [READY]
    shown = world.show(page)
    assert f'<script type="module" async src="{world.receiver.url}/player.js"></script>' in shown
    assert f'<article-audio site="gazette" article="{page}" lang="en-GB"></article-audio>' in shown
    (asked,) = world.receiver.asked
    assert asked[1] == f"/v1/clips?site=gazette&article={page}"
    assert world.show(page) == shown
    assert len(world.receiver.asked) == 1, "the answer is kept"


def nothing_dead_is_shown_where_scripts_are_blocked(world: World) -> None:
    """Without its script the element is empty."""
    page = world.publish()
    world.receiver.clips = [READY]
    assert "></article-audio>" in world.show(page)
    assert "<audio" not in world.show(page)


def nothing_is_shown_without_audio(world: World) -> None:
    page = world.publish()
    assert world.show(page) == ""
    cache.clear()
    world.receiver.clips = [{"state": "failed"}]
    assert world.show(page) == ""


def never_in_listings_feeds_and_previews(world: World) -> None:
    parent = acting.section()["id"]
    page = world.publish(parent=parent)
    world.receiver.clips = [READY]
    assert world.show(page)
    front = world.article(page).get_parent().get_url()
    for elsewhere in (front, "/feed/", "/search/", "/"):
        assert world.show(page, path=elsewhere) == "", elsewhere
    loop = "{% load listen %}{% for page in pages %}{% listen_player page %}{% endfor %}"
    assert world.show(page, path=front, template=loop, pages=[world.article(page)]) == ""
    assert world.show(page, request=None) == ""
    preview = RequestFactory(SERVER_NAME="gazette.example").get(world.article(page).get_url())
    preview.is_preview = True
    assert world.show(page, request=preview) == ""


def the_listing_of_a_real_page_has_no_player(world: World) -> None:
    parent = acting.section()["id"]
    page = world.publish(parent=parent)
    world.receiver.clips = [READY]
    client = world.client()
    listing = client.get(world.article(page).get_parent().get_url()).content.decode()
    assert "Ferry runs again" in listing
    assert "article-audio" not in listing
    assert "<article-audio" in client.get(world.article(page).get_url()).content.decode()


def a_draft_has_no_player(world: World) -> None:
    page = world.publish()
    world.receiver.clips = [READY]
    acting.put(page, "draft")
    assert world.show(page, path="/anywhere/") == ""


def a_private_page_shows_nothing_without_a_key(world: World) -> None:
    page = world.publish()
    world.receiver.clips = [READY]
    assert world.show(page)
    acting.put(page, "private")
    reader = get_user_model().objects.create(username="reader")
    assert world.show(page, user=reader) == "", "although the answer of before is still kept"
    assert world.show(page) == ""


def a_private_page_asks_for_a_grant_for_who_may_read_it(world: World) -> None:
    page = world.publish()
    acting.put(page, "private")
    world.receiver.grant, world.receiver.grant_status = "1.2.3.f", 201
    reader = get_user_model().objects.create(username="reader")
    with override_settings(LISTEN_KEY="ltk_test"):
        assert world.show(page, user=AnonymousUser()) == ""
        assert world.receiver.asked == []
        shown = world.show(page, user=reader)
        assert 'grant="1.2.3.f"' in shown
        (asked,) = world.receiver.asked
        assert asked[:2] == ("POST", f"/v1/articles/gazette/{page}/grants")
        assert asked[2]["Authorization"] == "Bearer ltk_test"


def who_has_entered_the_password_hears_it(world: World) -> None:
    page = world.publish()
    acting.put(page, "password")
    world.receiver.grant, world.receiver.grant_status = "1.2.3.f", 201
    (restriction,) = world.article(page).get_view_restrictions()
    with override_settings(LISTEN_KEY="ltk_test"):
        assert world.show(page) == ""
        session = {restriction.passed_view_restrictions_session_key: [restriction.pk]}
        assert "grant=" in world.show(page, session=session)


def a_paywall_of_the_sites_own(world: World) -> None:
    page = world.publish()
    world.receiver.grant, world.receiver.grant_status = "1.2.3.f", 201
    with override_settings(LISTEN_KEY="ltk_test", LISTEN_VISIBILITY=lambda page: "paid"):
        assert world.show(page) == ""
        with override_settings(LISTEN_MAY_LISTEN=lambda page, request: True):
            assert "grant=" in world.show(page)


def a_stopped_service_costs_one_moment_for_the_whole_site(world: World) -> None:
    pages = [world.publish() for _ in range(3)]
    world.receiver.silent = threading.Event()
    began = time.monotonic()
    assert world.show(pages[0]) == ""
    first = time.monotonic() - began
    assert cache.get("listen:rest"), "nobody asks for a while"
    asked: list[object] = []
    original, lookup._in_time = lookup._in_time, asked.append
    try:
        assert [world.show(page) for page in pages] == ["", "", ""]
    finally:
        lookup._in_time = original
    assert asked == []
    assert lookup.PATIENCE_S <= 0.3
    assert first < 5, "however busy this machine is"


def a_nonce_is_passed_on(world: World) -> None:
    page = world.publish()
    world.receiver.clips = [READY]
    assert 'nonce="n0"' in world.show(page, csp_nonce="n0")
