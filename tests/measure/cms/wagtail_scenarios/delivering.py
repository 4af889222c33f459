"""Deliveries: kept in the database, read afresh at each try, gone only when they were accepted."""

from __future__ import annotations

import threading
import time
from datetime import datetime

from blog import acting
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from listen_to_the_article.models import PendingPage, ToldPage
from wagtail.models import Page

from tests.measure.cms.wagtail_world import World


def the_life_of_a_page(world: World) -> None:
    page = world.publish("<p>The ferry runs again.</p>")
    first = world.only()
    assert first["type"] == "article.published"
    data = first["data"]
    assert data["id"] == page
    assert data["visibility"] == "public"
    assert data["language"] == "en-GB"
    assert data["url"] == world.article(page).full_url
    assert data["url"].startswith("https://gazette.example/")
    assert "The ferry runs again." in data["html"]
    acting.change(page, "<p>The ferry runs daily.</p>")
    second = world.only()
    assert second["type"] == "article.updated"
    assert second["data"]["as_of"] > data["as_of"]
    acting.put(page, "draft")
    assert world.only()["type"] == "article.unpublished"
    acting.put(page, "public")
    assert world.only()["type"] == "article.published"
    acting.put(page, "trash")
    assert world.only()["type"] == "article.deleted"
    assert not PendingPage.objects.exists()


def the_moment_of_reading_has_milliseconds_and_a_zone(world: World) -> None:
    world.publish()
    moment = world.only()["data"]["as_of"]
    assert len(moment.partition(".")[2]) >= len("123+00:00")
    assert datetime.fromisoformat(moment).tzinfo is not None


def a_reading_bears_the_moment_before_it(world: World) -> None:
    """What closes while a page is read must be told with a later moment than that reading."""
    page = world.publish()
    read: list[datetime] = []

    def slow(page: Page, request: object) -> str:
        read.append(timezone.now())
        return "<p>Read slowly.</p>"

    with override_settings(LISTEN_PAGES={"blog.ArticlePage": slow}):
        said = world.only()
    assert said["data"]["id"] == page
    assert datetime.fromisoformat(said["data"]["as_of"]) <= read[0]


def a_retry_tells_the_state_of_its_own_moment(world: World) -> None:
    """A post set to draft during an outage must not become audio."""
    page = world.publish("<p>Only for a moment.</p>")
    world.receiver.status = 503
    assert world.deliver()[0]["type"] == "article.published"
    acting.put(page, "draft")
    acting.change(page, "<p>The secret draft.</p>")
    world.receiver.status = 202
    world.due_now()
    said = world.only()
    assert said["type"] == "article.unpublished"
    assert "secret" not in str(said)
    assert "moment" not in str(said)


def a_late_unpublishing_does_not_silence_a_live_page(world: World) -> None:
    page = world.told()
    world.receiver.status = 503
    acting.put(page, "draft")
    world.deliver()
    acting.put(page, "public")
    world.receiver.status = 202
    world.due_now()
    assert world.only()["type"] == "article.updated"


def one_row_for_each_page_however_many_events(world: World) -> None:
    page = world.publish()
    for number in range(5):
        acting.change(page, f"<p>Version {number}.</p>")
    assert PendingPage.objects.count() == 1
    assert "Version 4." in world.only()["data"]["html"]


def a_change_during_a_delivery_is_told_too(world: World) -> None:
    page = world.publish("<p>First.</p>")

    def change_once() -> None:
        world.receiver.during = None
        acting.change(page, "<p>Second.</p>")

    world.receiver.during = change_once
    assert "First." in world.only()["data"]["html"]
    assert PendingPage.objects.filter(page_id=page).exists()
    assert "Second." in world.only()["data"]["html"]


def nothing_is_told_that_is_rolled_back(world: World) -> None:
    page = world.told()
    try:
        with transaction.atomic():
            acting.put(page, "draft")
            raise RuntimeError
    except RuntimeError:
        pass
    assert world.deliver() == []


def the_row_is_part_of_the_transaction_that_saves_the_page(world: World) -> None:
    """Should the process die after the commit, the row is there: no signal after it is needed."""
    page = world.article(world.told())
    page.title = "Another title"
    seen = []

    def in_the_transaction(**_: object) -> None:
        seen.append(
            (transaction.get_connection().in_atomic_block, PendingPage.objects.filter(page_id=page.pk).exists())
        )

    from django.db.models.signals import post_save

    post_save.connect(in_the_transaction, sender=type(page))
    try:
        page.save()
    finally:
        post_save.disconnect(in_the_transaction, sender=type(page))
    assert seen == [(True, True)]


def only_a_2xx_counts_and_the_reason_is_kept(world: World) -> None:
    page = world.publish()
    for status in (301, 302, 401, 404, 410, 429, 500, 503):
        world.receiver.status = status
        world.due_now()
        assert len(world.deliver()) == 1
        row = PendingPage.objects.get(page_id=page)
        assert row.last_error, status
    assert "redirects" not in row.last_error
    world.receiver.status = 200
    world.due_now()
    assert world.only()["type"] == "article.published"
    assert not PendingPage.objects.exists()


def every_try_has_an_id_of_its_own(world: World) -> None:
    """The same id with another state would be taken for a repetition and dropped."""
    world.publish()
    world.receiver.status = 500
    world.deliver()
    world.receiver.status = 202
    world.due_now()
    world.deliver()
    assert len(set(world.receiver.ids)) == 2


def waits_grow_and_nobody_gives_up(world: World) -> None:
    page = world.publish()
    world.receiver.status = 500
    waits = []
    for _ in range(7):
        world.due_now()
        world.deliver()
        row = PendingPage.objects.get(page_id=page)
        waits.append(round((row.due_at - row.last_attempt_at).total_seconds()))
    assert waits == sorted(waits)
    assert waits[0] <= 10
    assert waits[-1] == waits[-2] <= 300


def one_page_at_fault_does_not_hold_up_the_others(world: World) -> None:
    bad, good = world.publish(), world.publish()

    def broken(page: Page, request: object) -> str:
        if page.pk == bad:
            raise ValueError("this template is broken")
        return "<p>Fine.</p>"

    with override_settings(LISTEN_PAGES={"blog.ArticlePage": broken}):
        world.deliver()
    assert [body["data"]["id"] for body in world.receiver.bodies] == [good]
    assert "this template is broken" in PendingPage.objects.get(page_id=bad).last_error


def an_outage_costs_one_timeout_not_one_for_each_page(world: World) -> None:
    for _ in range(5):
        world.publish()
    world.receiver.silent = threading.Event()
    began = time.monotonic()
    report = world.report(seconds=0.6)
    assert time.monotonic() - began < 3
    assert report.failed == 1
    assert "did not answer in time" in report.errors[0]
    assert PendingPage.objects.count() == 5
    world.receiver.silent.set()


def after_an_outage_everything_is_told_in_one_round(world: World) -> None:
    pages = {world.publish() for _ in range(4)}
    world.receiver.status = 503
    for _ in range(4):
        world.deliver()
    PendingPage.objects.update(last_attempt_at="2020-01-01T00:00:00Z")
    PendingPage.objects.filter(page_id=min(pages)).update(due_at="2020-01-01T00:00:00Z")
    world.receiver.status = 202
    before = len(world.receiver.bodies)
    world.deliver()
    world.deliver()
    assert {body["data"]["id"] for body in world.receiver.bodies[before:]} == pages


def what_closes_goes_before_what_opens(world: World) -> None:
    closing = world.told()
    opening = [world.publish() for _ in range(3)]
    acting.put(closing, "draft")
    ids = [body["data"]["id"] for body in world.deliver()]
    assert ids[0] == closing
    assert sorted(ids[1:]) == sorted(opening)


def a_delivery_whose_answer_is_lost_leaves_the_told_state_unknown(world: World) -> None:
    page = world.told()
    assert ToldPage.objects.get(page_id=page).fingerprint
    world.receiver.status = 502
    acting.put(page, "draft")
    world.deliver()
    assert ToldPage.objects.get(page_id=page).fingerprint == ""


def two_senders_do_not_send_the_same_row(world: World) -> None:
    world.publish()
    second: list[object] = []
    world.receiver.during = lambda: second.append(world.report().told)
    assert len(world.deliver()) == 1
    assert second == [{}]


def drafts_of_a_live_page_say_nothing(world: World) -> None:
    page = world.article(world.told())
    page.title = "Draft title"
    page.save_revision()
    assert world.deliver() == []


def drafts_that_were_never_published_say_nothing(world: World) -> None:
    from blog.models import ArticlePage

    draft = ArticlePage(title="Draft", slug="draft", live=False)
    Page.objects.get(pk=acting.section()["id"]).add_child(instance=draft)
    draft.save_revision()
    draft.save()
    assert world.deliver() == []
