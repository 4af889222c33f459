"""How a known article stands today, by its CMS's API: what is asked, what the answers do, and what they don't."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.parts.quick_render import Workers
from tests.parts.webhook_sender import ENGLISH, UUID, Sender, heard_by_strangers, iso, job_count, rows, standard_body
from tests.parts.webhooks import Desk, make_hook, now_ms
from tts_service.cms.inbox import recheck as recall
from tts_service.cms.inbox.addresses import options_from
from tts_service.cms.inbox.lookup import look_up_event
from tts_service.cms.inbox.recheck import apply_recalled, ask_article
from tts_service.cms.inbox.staff import list_events
from tts_service.cms.sources.base import AskingSource, Event, EventKind, Hook
from tts_service.cms.sources.registry import SOURCES
from tts_service.errors import InputRefused, NotAllowed, NotFound, RemoteTooSlow, ServiceError
from tts_service.jobs.control import withdraw

HOUR_MS = 3_600_000


class Api:
    """A CMS's API with one article."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __call__(self, url: str, headers: Mapping[str, str]) -> bytes:
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return json.dumps(self.answer).encode()


def post(*, at_ms: int, **more: Any) -> dict[str, Any]:
    """A post as WordPress's REST API has it."""
    return {
        "id": 7,
        "type": "post",
        "status": "publish",
        "modified_gmt": iso(at_ms)[:23],
        "title": {"rendered": "Railway"},
        "content": {"rendered": ENGLISH, "protected": False},
        **more,
    }


@pytest.fixture
def wordpress(here: Desk, monkeypatch: pytest.MonkeyPatch) -> Sender:
    hook = make_hook(here.parts, "woocommerce", api_url="https://gazette.example", voice="tone:beep")
    return Sender(here, hook, Workers(here.parts, monkeypatch))


def known(sender: Sender, at_ms: int) -> None:
    """A post that is heard."""
    sender.send(post(at_ms=at_ms), headers={"x-wc-webhook-topic": "post.created"}, fetch=Api(post(at_ms=at_ms)))
    assert sender.render() == 1
    assert heard_by_strangers(sender.desk, "7", "Railway")


def recalled(sender: Sender, answer: Any, *, after_ms: int = HOUR_MS, monkeypatch: Any = None) -> str:
    if monkeypatch is not None:
        monkeypatch.setattr(recall, "now_ms", lambda: now_ms() + after_ms)
    return asked(sender.desk, sender.hook, answer)


def asked(here: Desk, hook: Hook, answer: Any, external_id: str = "7") -> str:
    """Ask, and do what follows; the outcome's state, or `failed` where the API doesn't answer."""
    try:
        return apply_recalled(here.parts, hook, ask_article(here.parts, Api(answer), hook, external_id)).state
    except ServiceError:
        return "failed"


REFUSED = NotAllowed("401", by_api=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer",
    [
        NotFound("404", by_api=True),
        REFUSED,
        post(at_ms=0, status="private"),
        post(at_ms=0, status="draft"),
        post(at_ms=0, content={"rendered": "", "protected": True}),
        post(at_ms=0, content={"rendered": "", "protected": False}, visibility="members"),
    ],
)
def test_what_the_api_doesnt_show_goes_and_comes_back_without_synthesis(
    wordpress: Sender, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    before = now_ms()
    known(wordpress, before)
    if isinstance(answer, dict):
        answer = answer | {"modified_gmt": iso(before)[:23]}
    assert recalled(wordpress, answer) == "withdrawn"
    assert heard_by_strangers(wordpress.desk, "7", "Railway") == []
    noted = list_events(wordpress.desk.parts.database, limit=1)[0]
    assert (noted.state, noted.external_id) == ("done", "7")
    assert "requested by the service" in noted.reason
    events = len(list_events(wordpress.desk.parts.database))
    assert recalled(wordpress, answer) == "unchanged"
    assert len(list_events(wordpress.desk.parts.database)) == events

    # The CMS shows it again, and its own time hasn't moved: believed when no cache can be the reason any more.
    assert recalled(wordpress, post(at_ms=before), after_ms=10_000, monkeypatch=monkeypatch) == "outdated"
    assert heard_by_strangers(wordpress.desk, "7", "Railway") == []
    recalled(wordpress, post(at_ms=before), monkeypatch=monkeypatch)
    assert heard_by_strangers(wordpress.desk, "7", "Railway")
    assert (wordpress.render(), job_count(wordpress.desk)) == (0, 1)


@pytest.mark.parametrize(
    "answer",
    [
        RemoteTooSlow("20 s"),
        NotFound("a proxy's page", by_api=False),
        NotAllowed("a proxy's page", by_api=False),
        [],
        None,
        {"id": 7, "type": "page"},
    ],
)
def test_an_answer_that_says_nothing_changes_nothing(wordpress: Sender, answer: Any) -> None:
    known(wordpress, now_ms())
    assert recalled(wordpress, answer) in ("failed", "ignored")
    assert heard_by_strangers(wordpress.desk, "7", "Railway")


def test_a_newer_text_is_taken_and_an_older_one_is_not(wordpress: Sender) -> None:
    before = now_ms()
    known(wordpress, before)
    older = post(at_ms=before - 1000, content={"rendered": "<p>An older text.</p>"})
    assert recalled(wordpress, older) == "unchanged"
    newer = post(at_ms=before + 1000, content={"rendered": "<p>A newer text.</p>"})
    assert recalled(wordpress, newer) == "queued"
    assert job_count(wordpress.desk) == 2


def test_what_was_taken_offline_by_hand_isnt_brought_back_by_looking(
    wordpress: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = now_ms()
    known(wordpress, before)
    withdraw(wordpress.desk.parts, "gazette", "7")
    assert recalled(wordpress, post(at_ms=before + 1000), monkeypatch=monkeypatch) == "unchanged"
    assert heard_by_strangers(wordpress.desk, "7", "Railway") == []


def test_an_opening_that_a_cache_may_have_made_up_is_outdated(wordpress: Sender) -> None:
    before = now_ms()
    known(wordpress, before)
    wordpress.send(
        post(at_ms=before + 1000, status="private"), headers={"x-wc-webhook-topic": "post.updated"}, fetch=Api(REFUSED)
    )
    assert heard_by_strangers(wordpress.desk, "7", "Railway") == []
    assert recalled(wordpress, post(at_ms=before)) == "outdated"
    assert heard_by_strangers(wordpress.desk, "7", "Railway") == []


def test_only_asking_changes_nothing(wordpress: Sender) -> None:
    known(wordpress, now_ms())
    for answer in (REFUSED, post(at_ms=now_ms() + 1000)):
        assert ask_article(wordpress.desk.parts, Api(answer), wordpress.hook, "7").changes
        assert heard_by_strangers(wordpress.desk, "7", "Railway")


# --- what each source asks ---


def hook_of(source: str, **options: Any) -> Hook:
    return Hook(id="hook_1", source=source, site="gazette", secret="x" * 32, options=options_from(options))


def chain(source: str, external_id: str, locale: str | None = None, **options: Any) -> list[str]:
    asking = SOURCES[source]
    assert isinstance(asking, AskingSource)
    call, found = asking.recall(external_id, locale, hook_of(source, **options)), []
    while call is not None:
        found.append(call.url)
        call = call.otherwise
    return found


SITE = {"api_url": "https://gazette.example/"}
POSTS = "https://gazette.example/wp-json/wp/v2/{}/7?_embed=author,wp:term"


@pytest.mark.parametrize(
    ("source", "options", "asked"),
    [
        ("wordpress", {}, []),
        ("wordpress", SITE, [POSTS.format("posts")]),
        ("wordpress", {**SITE, "types": ["page", "post"]}, [POSTS.format("pages"), POSTS.format("posts")]),
        ("wordpress", {**SITE, "types": ["post", "recipe"]}, []),  # nobody knows where the API has recipes
        ("woocommerce", SITE, [POSTS.format("posts")]),
        ("drupal", {}, []),
        (
            "drupal",
            {**SITE, "types": ["news", "a b"]},
            [f"https://gazette.example/jsonapi/node/{name}/7" for name in ("news", "a%20b")],
        ),
        ("contentful", SITE, []),
        (
            "contentful",
            {"api_url": "https://cdn.contentful.com/spaces/s/environments/e", "api_token": "t"},
            ["https://cdn.contentful.com/spaces/s/environments/e/entries/7?locale=*"],
        ),
        ("contentful", {"api_url": "https://preview.contentful.com/spaces/s/environments/e", "api_token": "t"}, []),
        ("sanity", {}, []),
    ],
)
def test_what_is_asked(source: str, options: dict[str, Any], asked: list[str]) -> None:
    assert chain(source, "7", **options) == asked


def test_sanity_is_asked_for_what_is_published_with_the_hooks_own_fields() -> None:
    (url,) = chain("sanity", 'a"b', api_url="https://p.api.sanity.io/v1/data/query/d", fields={"body": "story.text"})
    query = parse_qs(urlsplit(url).query)
    assert query["perspective"] == ["published"]
    assert query["$id"] == ['"a\\"b"']
    assert query["query"][0].startswith("*[_id == $id][0]{_id, _type")
    assert query["query"][0].endswith(", body, story}")
    assert "operation" not in query["query"][0]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"result": None}, "deleted"),
        ({}, "ignored"),
        ({"result": []}, "ignored"),
        ({"result": {"_id": "7", "body": ENGLISH, "status": "draft"}}, "unpublished"),
        ({"result": {"_id": "7", "visibility": "paid", "body": None}}, "closed"),
        ({"result": {"_id": "7", "title": "x"}}, "ignored"),
        ({"result": {"_id": "7", "_updatedAt": "2025-03-01T10:00:00Z", "body": ENGLISH}}, "updated"),
    ],
)
def test_what_sanity_answers(answer: Any, kind: str) -> None:
    assert kind_of("sanity", answer, api_url="https://p.api.sanity.io/v1/data/query/d") == kind


def kind_of(source: str, answer: Any, locale: str | None = None, **options: Any) -> str:
    hook, asking = hook_of(source, **options), SOURCES[source]
    assert isinstance(asking, AskingSource)
    call = asking.recall("7", locale, hook)
    assert call is not None
    event = Event(kind=EventKind.UPDATED, external_id="7", locale=locale, call=call)
    return look_up_event(event, hook, Api(answer), is_published=False).kind.value


ENTRY = {"sys": {"updatedAt": "2025-03-01T10:00:00.000Z"}, "fields": {"body": {"en-GB": ENGLISH, "de-DE": "Neu."}}}
DELIVERY = {"api_url": "https://cdn.contentful.com/spaces/s/environments/e", "api_token": "t"}


@pytest.mark.parametrize(
    ("answer", "locale", "kind"),
    [
        (ENTRY, "en-GB", "updated"),
        (ENTRY, None, "updated"),
        (ENTRY, "fr", "unpublished"),
        ({}, "en-GB", "ignored"),
        ({"fields": []}, "de-DE", "ignored"),
        (NotFound("404", by_api=True), "en-GB", "deleted"),
    ],
)
def test_what_contentful_answers(answer: Any, locale: str | None, kind: str) -> None:
    assert kind_of("contentful", answer, locale, **DELIVERY) == kind


def test_contentfuls_preview_api_is_refused(here: Desk) -> None:
    with pytest.raises(InputRefused, match="drafts"):
        make_hook(here.parts, "contentful", api_url="https://preview.contentful.com/spaces/s/environments/e")


def test_one_language_that_the_api_doesnt_have_any_more_goes_alone(here: Desk) -> None:
    hook = make_hook(here.parts, "contentful", locale=None, **DELIVERY)
    body = {
        "sys": {
            "type": "Entry",
            "id": UUID,
            "revision": 1,
            "updatedAt": iso(now_ms()),
            "contentType": {"sys": {"id": "article"}},
        },
        "fields": ENTRY["fields"],
    }
    Sender(here, hook).send(body, headers={"x-contentful-topic": "ContentManagement.Entry.publish"})
    only_english = {"sys": ENTRY["sys"], "fields": {"body": {"en-GB": ENGLISH}}}
    assert asked(here, hook, only_english, f"{UUID}:de-DE") == "withdrawn"
    assert asked(here, hook, only_english, f"{UUID}:en-GB") == "unchanged"
    assert {name for name, row in rows(here).items() if row.withdrawn_ms is None} == {f"{UUID}:en-GB"}


def test_a_hook_without_an_api_has_nothing_to_ask(here: Desk) -> None:
    hook = make_hook(here.parts, "generic")
    Sender(here, hook).send(standard_body("published", updated_at=iso(now_ms())))
    assert asked(here, hook, {}) == "ignored"
