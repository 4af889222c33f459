"""Privacy settings, moves, expiry, translations and sites: who may hear a page changes with who may read it."""

from __future__ import annotations

from datetime import timedelta

from blog import acting
from blog.models import ArticlePage
from django.db.models.signals import post_save
from django.test import override_settings
from django.utils import timezone
from listen_to_the_article.marking import AHEAD_S
from listen_to_the_article.models import PendingPage
from listen_to_the_article.reconciling import mark_all
from wagtail.models import Page, PageViewRestriction, Site

from tests.measure.cms.wagtail_world import World

LOGIN = PageViewRestriction.LOGIN


def closing_a_page_takes_effect_at_once_both_ways(world: World) -> None:
    page = world.told("<p>Secret text.</p>", standfirst="Secret lead.")
    for state, visibility in (("private", "members"), ("password", "password"), ("members", "members")):
        acting.put(page, state)
        said = world.only()
        assert said["type"] == "article.closed"
        assert said["data"]["visibility"] == visibility
        assert "Secret" not in str(said)
        assert "Ferry" not in str(said["data"].get("title"))
        PageViewRestriction.objects.get().delete()
        assert world.only()["type"] in ("article.published", "article.updated")


def a_private_page_is_never_told_with_its_text(world: World) -> None:
    parent = acting.section()["id"]
    acting.restrict(parent, LOGIN)
    world.publish("<p>Secret text.</p>", parent=parent)
    said = world.only()
    assert said["type"] == "article.closed"
    assert "Secret" not in str(said)


def a_changed_kind_of_restriction_is_told(world: World) -> None:
    page = world.told()
    acting.put(page, "password")
    assert world.only()["data"]["visibility"] == "password"
    restriction = PageViewRestriction.objects.get()
    restriction.restriction_type = LOGIN
    restriction.save()
    assert world.only()["data"]["visibility"] == "members"


def closing_a_section_closes_all_below_it_with_few_queries(world: World) -> None:
    parent = acting.section()["id"]
    deeper = acting.section(parent=parent)["id"]
    pages = {world.publish(parent=parent if number % 2 else deeper) for number in range(12)}
    other = world.publish()
    world.deliver()
    restriction = PageViewRestriction(page_id=parent, restriction_type=LOGIN)
    with world.queries(most=22):
        restriction.save()
    said = world.deliver()
    assert {body["data"]["id"] for body in said} == pages
    assert {body["type"] for body in said} == {"article.closed"}
    assert other not in pages
    restriction.delete()
    assert {body["type"] for body in world.deliver()} == {"article.published"}


def drafts_below_a_closed_section_are_not_told(world: World) -> None:
    parent = acting.section()["id"]
    page = world.told(parent=parent)
    acting.put(page, "draft")
    world.deliver()
    acting.restrict(parent, LOGIN)
    assert world.deliver() == []


def moving_below_a_closed_page_and_out_again(world: World) -> None:
    closed = acting.section("Members")["id"]
    acting.restrict(closed, LOGIN)
    home = acting.section()["id"]
    page = world.told(parent=home)
    world.article(page).move(Page.objects.get(pk=closed), pos="last-child")
    said = world.only()
    assert said["type"] == "article.closed"
    assert "/members-" in said["data"]["url"]
    world.article(page).move(Page.objects.get(pk=home), pos="last-child")
    assert world.only()["type"] == "article.published"


def moving_a_section_moves_all_below_it(world: World) -> None:
    closed = acting.section("Members")["id"]
    acting.restrict(closed, LOGIN)
    home = acting.section()["id"]
    pages = {world.publish(parent=home) for _ in range(3)}
    world.deliver()
    Page.objects.get(pk=home).move(Page.objects.get(pk=closed), pos="last-child")
    said = world.deliver()
    assert {body["data"]["id"] for body in said} == pages
    assert {body["type"] for body in said} == {"article.closed"}


def a_row_is_there_before_the_restriction_is_stored(world: World) -> None:
    """Outside a transaction a process can die between the restriction and its signal."""
    page = world.told()
    restriction = PageViewRestriction(page_id=page, restriction_type=LOGIN)

    def die(**_: object) -> None:
        raise SystemExit

    post_save.connect(die, sender=PageViewRestriction, dispatch_uid="die")
    receivers = post_save.receivers
    post_save.receivers = [one for one in receivers if one[0][0] == "die"]
    post_save.sender_receivers_cache.clear()
    try:
        restriction.save()
    except SystemExit:
        pass
    finally:
        post_save.receivers = [one for one in receivers if one[0][0] != "die"]
        post_save.sender_receivers_cache.clear()
    assert PageViewRestriction.objects.exists()
    row = PendingPage.objects.get(page_id=page)
    assert timedelta(0) < row.due_at - timezone.now() <= timedelta(seconds=AHEAD_S)
    world.due_now()
    assert world.only()["type"] == "article.closed"


def an_alias_is_a_page_of_its_own_and_as_private_as_its_source(world: World) -> None:
    source = world.told()
    alias = world.article(source).create_alias(update_slug="alias", parent=Page.objects.get(pk=world.front)).pk
    assert [body["data"]["id"] for body in world.deliver()] == [alias]
    acting.restrict(source, LOGIN)
    said = world.deliver()
    assert {body["data"]["id"] for body in said} == {source, alias}
    assert {body["type"] for body in said} == {"article.closed"}
    PageViewRestriction.objects.all().delete()
    world.deliver()
    acting.put(source, "draft")
    assert {body["data"]["id"] for body in world.deliver()} == {source, alias}


def translations_are_separate_articles(world: World) -> None:
    english = world.told()
    german = acting.translate(english)["id"]
    said = world.only()
    assert (said["data"]["id"], said["data"]["language"]) == (german, "de")
    assert "/de/" in said["data"]["url"]
    acting.put(german, "draft")
    said = world.only()
    assert (said["data"]["id"], said["type"]) == (german, "article.unpublished")


def a_copied_page_is_another_article(world: World) -> None:
    page = world.told()
    copied = world.article(page).copy(update_attrs={"slug": "copied", "title": "Copy"}).pk
    said = world.only()
    assert (said["data"]["id"], said["type"]) == (copied, "article.published")


def unpublishing_a_section_with_all_below_it(world: World) -> None:
    from django.contrib.auth import get_user_model
    from wagtail.actions.unpublish_page import UnpublishPageAction

    admin, _ = get_user_model().objects.get_or_create(username="chief", is_superuser=True)
    parent = acting.section()["id"]
    pages = {world.publish(parent=parent) for _ in range(2)}
    world.deliver()
    UnpublishPageAction(Page.objects.get(pk=parent), user=admin, include_descendants=True).execute()
    said = world.deliver()
    assert {(body["data"]["id"], body["type"]) for body in said} == {(pk, "article.unpublished") for pk in pages}


def deleting_a_section_deletes_all_below_it(world: World) -> None:
    parent = acting.section()["id"]
    pages = {world.publish(parent=parent) for _ in range(2)}
    world.deliver()
    Page.objects.get(pk=parent).delete()
    said = world.deliver()
    assert {(body["data"]["id"], body["type"]) for body in said} == {(pk, "article.deleted") for pk in pages}


def a_scheduled_page_is_told_only_when_it_is_live(world: World) -> None:
    page = world.told()
    acting.put(page, "scheduled")
    assert world.only()["type"] == "article.unpublished"


def expiry_counts_even_before_publish_scheduled(world: World) -> None:
    page = world.told()
    article = world.article(page)
    article.expire_at = timezone.now() - timedelta(seconds=1)
    article.save_revision().publish()
    assert world.only()["type"] == "article.unpublished"


def an_earlier_revision_brings_its_own_text(world: World) -> None:
    page = world.publish("<p>As it was.</p>")
    first = world.article(page).latest_revision
    acting.change(page, "<p>As it is.</p>")
    assert "As it is." in world.only()["data"]["html"]
    first.publish()
    said = world.only()
    assert "As it was." in said["data"]["html"]
    assert "As it is." not in said["data"]["html"]


def a_section_under_another_slug_gives_all_its_articles_other_addresses(world: World) -> None:
    parent = acting.section()["id"]
    page = world.told(parent=parent)
    above = Page.objects.get(pk=parent).specific
    above.slug = "renamed"
    above.save()
    said = world.only()
    assert said["data"]["id"] == page
    assert "/renamed/" in said["data"]["url"]


def another_host_name_or_no_site_at_all(world: World) -> None:
    page = world.told()
    site = Site.objects.get()
    site.hostname = "www.gazette.example"
    site.save()
    assert world.only()["data"]["url"].startswith("https://www.gazette.example/")
    site.site_name = "Nothing that matters"
    site.save()
    assert world.deliver() == []
    site.delete()
    said = world.only()
    assert (said["data"]["id"], said["type"]) == (page, "article.unpublished")


def pages_that_are_no_articles_say_nothing(world: World) -> None:
    parent = acting.section()["id"]
    Page.objects.get(pk=parent).specific.save_revision().publish()
    acting.restrict(parent, LOGIN)
    Page.objects.get(pk=parent).delete()
    assert world.deliver() == []


def a_model_taken_out_of_the_setting_is_withdrawn_once_told(world: World) -> None:
    page = world.told()
    acting.change(page, "<p>Another text.</p>")
    with override_settings(LISTEN_PAGES={"blog.SectionPage": "title"}):
        said = world.only()
    assert (said["data"]["id"], said["type"]) == (page, "article.unpublished")


def with_a_key_a_private_page_is_told_with_its_text_and_who_may_hear_it(world: World) -> None:
    page = world.told()
    with override_settings(LISTEN_KEY="ltk_test"):
        acting.put(page, "password")
        said = world.only()
    assert said["type"] in ("article.published", "article.updated")
    assert said["data"]["visibility"] == "password"
    assert said["data"]["html"]


def a_paywall_of_the_sites_own_closes_too(world: World) -> None:
    page = world.publish("<p>Secret text.</p>")
    with override_settings(LISTEN_VISIBILITY=lambda page: "paid"):
        said = world.only()
    assert (said["data"]["id"], said["type"], said["data"]["visibility"]) == (page, "article.closed", "paid")
    assert "Secret" not in str(said)


def what_sends_no_signal_is_found_by_reconciling(world: World) -> None:
    from listen_to_the_article.models import ToldPage
    from listen_to_the_article.reconciling import reconcile

    gone, changed, same = world.told(), world.told(), world.told()
    ArticlePage.objects.filter(pk=gone).update(live=False)
    assert reconcile() == 1, "offline pages are found in every round"
    said = world.only()
    assert (said["data"]["id"], said["type"]) == (gone, "article.unpublished")
    restriction = [PageViewRestriction(page_id=changed, restriction_type=LOGIN)]
    PageViewRestriction.objects.bulk_create(restriction)
    assert reconcile() == 0, "the others are read again once a day"
    ToldPage.objects.update(checked_at=timezone.now() - timedelta(hours=25))
    assert reconcile() == 1
    said = world.only()
    assert (said["data"]["id"], said["type"]) == (changed, "article.closed")
    ToldPage.objects.update(checked_at=timezone.now() - timedelta(hours=25))
    assert reconcile() == 0
    assert same


def an_archive_is_not_told_by_itself_but_its_private_pages_are(world: World) -> None:
    from listen_to_the_article.models import ToldPage
    from listen_to_the_article.reconciling import reconcile

    old, private, new = world.publish(), world.publish(), world.publish()
    ago = timezone.now() - timedelta(days=900)
    ArticlePage.objects.filter(pk__in=(old, private)).update(last_published_at=ago, first_published_at=ago)
    acting.put(private, "private")
    PendingPage.objects.all().delete()
    assert reconcile() == 2
    assert {body["data"]["id"] for body in world.deliver()} == {private, new}
    assert reconcile() == 0
    assert ToldPage.objects.get(page_id=old).kind == ""


def everything_can_be_queued_after_an_upgrade(world: World) -> None:
    public, private, draft = world.told(), world.told(), world.told()
    acting.put(private, "private")
    acting.put(draft, "draft")
    world.deliver()
    assert mark_all(closed_only=True) >= 2
    kinds = {body["data"]["id"]: body["type"] for body in world.deliver()}
    assert (kinds[private], kinds[draft]) == ("article.closed", "article.unpublished")
    assert public not in kinds
