"""What editors and administrators see: the report, messages, another try, the line's test, checks at start."""

from __future__ import annotations

from io import StringIO

from blog import acting
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import override_settings
from django.utils import translation
from listen_to_the_article.models import PendingPage
from listen_to_the_article.system_checks import check_settings
from wagtail.models import GroupPagePermission, Page

from tests.measure.cms.wagtail_world import World

REPORT = "/admin/listen/"


def _chief(**more: object) -> object:
    return get_user_model().objects.create(username="chief", is_superuser=True, is_active=True, **more)


def _author_of(section: int) -> object:
    """May edit below one section, and publish nothing."""
    group = Group.objects.create(name="Authors")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    may = {"group": group, "page": Page.objects.get(pk=section)}
    change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(**may, permission=change)
    author = get_user_model().objects.create(username="author", is_active=True)
    author.groups.add(group)
    return author


def _failed(world: World, **more: object) -> int:
    page = world.publish(**more)
    world.receiver.status = 401
    world.deliver()
    return page


def the_report_tells_state_and_reason(world: World) -> None:
    told = world.told()
    failed = _failed(world)
    shown = world.client(_chief()).get(REPORT)
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "Audio for everybody" in text
    assert "LISTEN_SECRET is not this hook" in text
    assert f"/admin/pages/{told}/edit/" in text
    assert text.index(f"/pages/{failed}/") < text.index(f"/pages/{told}/")
    assert world.client().get(REPORT).status_code == 302


def a_retry_needs_the_right_to_publish_and_a_csrf_token(world: World) -> None:
    section = acting.section()["id"]
    mine, other = _failed(world, parent=section), _failed(world)
    PendingPage.objects.update(due_at="2099-01-01T00:00:00Z")
    author = world.client(_author_of(section))
    text = author.get(REPORT).content.decode()
    assert f"/pages/{mine}/" in text
    assert f"/pages/{other}/" not in text
    assert author.post(f"{REPORT}again/{mine}/").status_code in (302, 403)
    assert PendingPage.objects.get(page_id=mine).due_at.year == 2099
    chief = world.client(_chief())
    chief.handler.enforce_csrf_checks = True
    assert chief.post(f"{REPORT}again/{mine}/").status_code == 403
    chief.handler.enforce_csrf_checks = False
    assert chief.get(f"{REPORT}again/{mine}/").status_code == 405
    assert chief.post(f"{REPORT}again/{mine}/").status_code == 302
    assert PendingPage.objects.get(page_id=mine).due_at.year != 2099


def a_failed_delivery_is_told_on_the_edit_page_and_after_publishing(world: World) -> None:
    from django.contrib.messages import get_messages
    from django.contrib.messages.storage.fallback import FallbackStorage
    from django.test import RequestFactory
    from listen_to_the_article.wagtail_hooks import warn_after_publishing, warn_on_edit

    page = _failed(world)
    for hook in (warn_on_edit, warn_after_publishing):
        request = RequestFactory().get("/")
        request.session = {}
        request._messages = FallbackStorage(request)
        hook(request, world.article(page))
        (said,) = get_messages(request)
        assert "LISTEN_SECRET is not this hook" in str(said)
    PendingPage.objects.update(last_error="<script>alert(1)</script>")
    request = RequestFactory().get("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    warn_on_edit(request, world.article(page))
    (said,) = get_messages(request)
    assert "<script>" not in str(said)


def the_listing_leads_to_the_report(world: World) -> None:
    page = world.told()
    shown = world.client(_chief()).get(f"/admin/pages/{world.front}/").content.decode()
    assert f"{REPORT}?page={page}" in shown
    assert "Audio" in world.client(get_user_model().objects.get()).get(f"{REPORT}?page={page}").content.decode()


def the_lines_test_says_what_is_wrong_in_words(world: World) -> None:
    def said(**settings: object) -> str:
        out = StringIO()
        with override_settings(**settings):
            try:
                call_command("listen_check", stdout=out)
            except SystemExit as ended:
                assert ended.code == 1
            else:
                assert "WRONG" not in out.getvalue()
        return out.getvalue()

    world.receiver.allowed_origin = "*"
    assert 'takes signed deliveries for the site "gazette"' in said()
    world.receiver.allowed_origin = ""
    assert "tts-service sites origins gazette https://gazette.example" in said()
    world.receiver.allowed_origin = "https://gazette.example"
    assert 'LISTEN_SITE is "other"' in said(LISTEN_SITE="other")
    assert "LISTEN_SECRET is not this hook's secret" in said(LISTEN_SECRET="whsec_" + "QUJD" * 10)
    assert "knows no such hook" in said(LISTEN_ADDRESS=world.receiver.url + "/v1/webhooks/wagtail/gone")
    assert "Nothing listens" in said(LISTEN_ADDRESS="http://127.0.0.1:9/v1/webhooks/wagtail/h")
    assert "cannot be found" in said(LISTEN_ADDRESS="http://no-such-host.invalid/v1/webhooks/wagtail/h")
    world.receiver.answer = {"hello": "world"}
    assert "Something else" in said()
    assert [body["type"] for body in world.receiver.bodies] == ["ping"] * len(world.receiver.bodies)


def the_keys_test(world: World) -> None:
    from listen_to_the_article.checking import _key

    with override_settings(LISTEN_KEY="ltk_test"):
        for status, fine in ((404, True), (401, False), (403, False), (500, False)):
            world.receiver.grant_status = status
            assert _key().fine is fine, status


def settings_are_checked_at_start(world: World) -> None:
    def ids(**settings: object) -> list[str]:
        with override_settings(**settings):
            return [found.id.rpartition(".")[2] for found in check_settings()]

    assert ids() == []
    assert ids(LISTEN_SITE="") == ["W001"]
    assert ids(LISTEN_ADDRESS="audio.example") == ["E001"]
    assert ids(LISTEN_SECRET="hunter2") == ["E002"]
    assert ids(LISTEN_SITE="a site") == ["E003"]
    assert ids(LISTEN_PAGES={"blog.NoPage": "body"}) == ["E004"]
    assert ids(LISTEN_PAGES={"blog.ArticlePage": ["body", "lead"]}) == ["E005"]
    assert ids(LISTEN_KEY="secret") == ["E006"]
    assert ids(LISTEN_VISIBILITY="blog.nothing.here") == ["E007"]


def listen_deliver_says_what_it_did(world: World) -> None:
    def run(*options: str) -> tuple[str, object]:
        out = StringIO()
        try:
            call_command("listen_deliver", *options, stdout=out, stderr=out)
        except SystemExit as ended:
            return out.getvalue(), ended.code
        return out.getvalue(), 0

    world.publish()
    assert run() == ("1 told (1 published), 0 failed, 0 waiting\n", 0)
    world.publish()
    world.receiver.status = 500
    said, code = run("--once")
    assert code == 1
    assert "0 told, 1 failed, 1 waiting" in said
    assert "HTTP 500" in said
    world.receiver.status = 202
    world.due_now()
    assert run("--for", "1")[1] == 0
    assert run("--queue", "all")[0].startswith("2 pages queued\n2 told")
    with override_settings(LISTEN_ADDRESS=""):
        assert run()[1] == 2


def labels_speak_the_editors_language(world: World) -> None:
    from django.utils.translation import gettext

    world.told()
    for code, word in (
        ("de", "Audio für alle"),
        ("fr", "Audio pour tous"),
        ("es", "Audio para todos"),
        ("it", "Audio per tutti"),
    ):
        with translation.override(code):
            assert gettext("Audio for everybody") == word
