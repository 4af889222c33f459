"""What each CMS's webhook says: the recorded ones read, and whatever else may come."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parts.examples import examples
from tests.parts.webhooks import NAMES, body_of, case_of, event_in, now_ms, plain_headers
from tts_service.article.blocks import read_blocks
from tts_service.cms.inbox.addresses import options_from
from tts_service.cms.sources.base import Delivery, Document, Event, EventKind, Hook
from tts_service.cms.sources.json_body import MAX_DEPTH, read_json
from tts_service.cms.sources.registry import SOURCES, admit
from tts_service.errors import BodyUnreadable
from tts_service.values import Article, SourceFormat


def hook_for(source: str, **more: Any) -> Hook:
    options = options_from(case_of(source).get("options", {}) | more)
    return Hook(id="hook_1", source=source, site="gazette", secret=SOURCES[source].new_secret(), options=options)


def read(source: str, name: str, headers: dict[str, str] | None = None, **more: Any) -> Event:
    """The one event of a recorded webhook."""
    return read_body(source, json.loads(body_of(source, name)), headers or plain_headers(source, name), **more)


def read_body(source: str, body: Any, headers: dict[str, str], **more: Any) -> Event:
    return event_in(hook_for(source, **more), body, headers)


def answered(source: str, name: str, event: Event, **more: Any) -> Event:
    return answered_body(source, json.loads(body_of(source, name)), event, **more)


def answered_body(source: str, body: Any, event: Event, **more: Any) -> Event:
    asking: Any = SOURCES[source]
    found: Event = asking.answered(body, event, hook_for(source, **more))
    return found


def document(event: Event) -> Document:
    assert event.document is not None, event
    return event.document


def spoken(found: Document) -> str:
    """What would be read aloud of it."""
    article = Article(site="s", external_id="1", source=found.source, source_format=found.source_format, language="en")
    return " ".join(block.text for block in read_blocks(article).blocks if block.spoken)


@pytest.mark.parametrize("source", NAMES)
def test_a_published_article_is_read_whole(source: str) -> None:
    case, event = case_of(source), read(source, "published")
    if event.call is not None:
        assert event.call.url == case["asks"]
        assert event.call.headers == {"authorization": "Bearer made-up"}
        event = answered(source, "published.api", event)
    found = document(event)
    assert event.kind in (EventKind.PUBLISHED, EventKind.UPDATED)
    assert (event.external_id, found.external_id) == (case["external_id"], case["external_id"])
    assert (found.title, found.url) == (case["title"], case["url"])
    assert found.author == case.get("author")
    assert list(found.left_out) == case.get("left_out", [])
    assert found.visibility == "public"
    for sentence in (
        "Velden and Oberau",
        "replaced forty metres of track below the Kaltbach bridge",
        "left at six with thirty people",
    ):
        assert sentence in spoken(found), spoken(found)


@pytest.mark.parametrize("source", NAMES)
def test_a_change_is_later_and_says_something_else(source: str) -> None:
    first, second = read(source, "published"), read(source, "changed")
    if second.call is not None:
        first = answered(source, "published.api", first)
        second = answered(source, "changed.api", second)
    if source != "directus":  # its items are as they were when the API was asked
        assert first.changed_ms is not None
        assert second.changed_ms is not None
        assert second.changed_ms > first.changed_ms
    assert "thirty-four people" in spoken(document(second))


@pytest.mark.parametrize("source", NAMES)
def test_an_article_taken_offline_says_so(source: str) -> None:
    event = read(source, "withdrawn")
    if event.call is not None:
        event = answered(source, "withdrawn.api", event)
    assert event.kind in (EventKind.UNPUBLISHED, EventKind.DELETED)
    assert event.external_id == case_of(source)["external_id"]
    assert event.document is None


@pytest.mark.parametrize(
    ("source", "name", "reason"),
    [
        ("ghost", "draft", "not published: draft"),
        ("ghost", "page", "not about a post: page"),
        ("ghost", "empty", "neither current nor previous"),
        ("wordpress", "page", "not an article: page"),
        ("contentful", "draft", "auto_save of Entry"),
        ("sanity", "draft", "a draft"),
        ("strapi", "draft", "a draft"),
    ],
)
def test_what_is_no_published_article_is_ignored_with_a_reason(source: str, name: str, reason: str) -> None:
    event = read(source, name)
    assert event.kind is EventKind.IGNORED
    assert reason in event.reason


@pytest.mark.parametrize(("source", "name"), [("ghost", "deleted"), ("drupal", "deleted")])
def test_a_deleted_article(source: str, name: str) -> None:
    event = read(source, name)
    assert (event.kind, event.external_id) == (EventKind.DELETED, case_of(source)["external_id"])


@pytest.mark.parametrize(
    ("source", "name", "visibility"),
    [("ghost", "paid", "paid"), ("generic", "members", "members"), ("wordpress", "password", "password")],
)
def test_who_may_read_it_is_kept(source: str, name: str, visibility: str) -> None:
    assert document(read(source, name)).visibility == visibility


def test_several_deleted_items_of_one_directus_event() -> None:
    body = json.loads(body_of("directus", "deleted"))
    delivery = Delivery(body=b"", headers={}, path="/", received_ms=1)
    events = SOURCES["directus"].read(delivery, body, hook_for("directus"))
    assert [(event.kind, event.external_id) for event in events] == [
        (EventKind.DELETED, "31"),
        (EventKind.DELETED, "32"),
    ]


def test_directus_without_an_api_takes_what_is_sent_and_says_what_is_missing() -> None:
    whole = {
        "event": "articles.items.create",
        "key": 7,
        "collection": "articles",
        "payload": {"title": "T", "content": "One sentence.", "status": "published"},
    }
    assert document(read_body("directus", whole, {}, api_url=None)).source == "One sentence."
    only_changed = json.loads(body_of("directus", "published"))
    event = read_body("directus", only_changed, {}, api_url=None)
    assert event.kind is EventKind.IGNORED
    assert "api_url" in event.reason


def test_strapi_asks_for_what_relations_hide() -> None:
    assert "api_url" in read("strapi", "bare").reason
    event = read("strapi", "bare", api_url="https://cms.example/", api_token="made-up")
    assert event.call is not None
    start = "https://cms.example/api/articles/"
    assert event.call.url == start + "k3v9d0w1x2y3z4a5b6c7d8e9?status=published&locale=en&populate=*"
    assert "thirty-four people" in spoken(document(answered("strapi", "api", event)))


def test_drupal_is_asked_by_jsonapi_where_an_api_is_set() -> None:
    event = read("drupal", "published", api_url="https://cms.example")
    assert event.call is not None
    assert event.call.url == "https://cms.example/jsonapi/node/article/2f1c7b9e-4b0a-4d57-9f0e-6a1b2c3d4e5f"
    assert "thirty-four people" in spoken(document(answered("drupal", "api", event)))


def test_a_woocommerce_action_is_asked_by_rest() -> None:
    assert "api_url" in read("woocommerce", "action").reason
    event = read("woocommerce", "action", api_url="https://gazette.example", api_token="u:p")
    assert event.call is not None
    assert event.call.url == "https://gazette.example/wp-json/wp/v2/posts/812?_embed=author,wp:term"
    assert "Authorization" not in event.call.headers  # what is spoken is what everybody may read
    assert "thirty-four people" in spoken(document(answered("woocommerce", "changed", event)))


def test_an_id_cant_lead_elsewhere_in_the_cmss_api() -> None:
    for key in ("..", "../users", "31/../../users", "31?x=", "a#b"):
        body = {"event": "articles.items.update", "keys": [key], "collection": "articles"}
        event = read_body("directus", body, {})
        start, end = "https://cms.example/items/articles?filter%5Bid%5D%5B_eq%5D=", "&limit=1"
        if event.call is not None:
            assert event.call.url.startswith(start)
            assert event.call.url.endswith(end)
            assert not set("/?=&#") & set(event.call.url.removeprefix(start).removesuffix(end))


@pytest.mark.parametrize("topic", ["publish", "save", "unpublish", "delete"])
def test_contentfuls_unsigned_topic_cant_turn_one_event_into_another(topic: str) -> None:
    headers = {"x-contentful-topic": f"ContentManagement.Entry.{topic}"}
    expected = {"published": {"publish"}, "withdrawn": {"unpublish", "delete"}, "draft": set()}
    for name, fitting in expected.items():
        event = read("contentful", name, headers)
        assert (event.kind is not EventKind.IGNORED) == (topic in fitting), (name, topic)


def test_contentful_in_another_language() -> None:
    found = document(read("contentful", "published", locale="de-DE"))
    assert (found.title, found.language, spoken(found)) == ("Bahn nach Oberau fährt wieder", "de-DE", "Die Bahn fährt.")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>One.</p>", SourceFormat.HTML),
        ("One *two* three.", SourceFormat.MARKDOWN),
        ("2 < 3 > 1", SourceFormat.MARKDOWN),
    ],
)
def test_a_body_field_is_html_or_markdown(body: str, expected: SourceFormat) -> None:
    sent = {"type": "article.published", "data": {"id": 1, "body": body}}
    assert document(read_body("generic", sent, {})).source_format is expected


def test_fields_under_other_names() -> None:
    data = {"id": 1, "copy": {"main": "<p>One.</p>"}, "kicker": "Über &amp; unter", "desk": {"name": "Mara"}}
    fields = {"body": "copy.main", "title": "kicker", "author": "desk"}
    found = document(read_body("generic", {"type": "x.published", "data": data}, {}, fields=fields))
    assert (found.source, found.title, found.author) == ("<p>One.</p>", "Über & unter", "Mara")


@pytest.mark.parametrize("source", NAMES)
def test_the_sample_of_a_source_is_admitted_and_reads_back(source: str) -> None:
    sent = Document(external_id="812", title="A title", source="<p>One sentence.</p>", source_format=SourceFormat.HTML)
    hook = replace(hook_for(source), options=options_from({}))
    delivery = SOURCES[source].sample(sent, hook, "/v1/webhooks/x", now_ms())
    admit(delivery, hook)
    event, *_ = SOURCES[source].read(delivery, read_json(delivery.body), hook)
    assert (event.external_id, document(event).title) == ("812", "A title")
    assert "One sentence." in document(event).source
    assert abs((event.changed_ms or now_ms()) - now_ms()) < 5000


@pytest.mark.parametrize("source", NAMES)
def test_what_to_enter_in_the_cms_names_address_and_secret(source: str) -> None:
    hook = hook_for(source)
    told = "\n".join(SOURCES[source].advice("https://audio.example/v1/webhooks/x/y", hook))
    assert "https://audio.example/v1/webhooks/x/y" in told
    assert hook.secret in told


# --- whatever comes ---

KEYS = st.sampled_from(
    [
        "post",
        "current",
        "previous",
        "id",
        "sys",
        "fields",
        "body",
        "html",
        "data",
        "type",
        "event",
        "entry",
        "payload",
        "keys",
        "entity",
        "uuid",
        "status",
        "_id",
        "_type",
        "operation",
        "nodeType",
        "content",
        "children",
        "text",
        "marks",
        "title",
        "tags",
        "author",
        "rendered",
        "level",
        "listItem",
        "value",
        "updated_at",
        "published_at",
        "model",
    ]
)
WORDS = st.sampled_from(
    [
        "post",
        "Entry",
        "DeletedEntry",
        "entry.publish",
        "entity:node:update",
        "articles.items.update",
        "create",
        "update",
        "article.published",
        "published",
        "document",
        "block",
        "paragraph",
        "text",
        "list",
        "bullet",
        "\ud800",
        "\x00",
        "..",
        "2025-13-01",
        "2025-03-01T08:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "99999999999",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


@pytest.mark.slow
@pytest.mark.parametrize("source", NAMES)
@settings(max_examples=examples(120), deadline=None)
@given(data=st.data())
def test_reading_never_fails(source: str, data: st.DataObject) -> None:
    body = data.draw(JSON)
    if isinstance(body, dict) and data.draw(st.booleans()):  # often half-right, so that reading goes deep
        body = json.loads(body_of(source, "published")) | body
    hook = hook_for(source)
    headers = plain_headers(source, "published")
    delivery = Delivery(body=b"", headers=headers, path="/", received_ms=1)
    events = SOURCES[source].read(delivery, body, hook)
    asking: Any = SOURCES[source]
    if hasattr(asking, "answered"):
        asking.answered(body, Event(kind=EventKind.UPDATED, external_id="1"), hook)
    assert events
    for event in events:
        assert event.kind is EventKind.IGNORED or event.external_id
        for text in (event.document.source, event.document.title or "") if event.document else ():
            text.encode("utf-8")  # nothing that can't be kept
            assert "\x00" not in text


def test_what_cant_be_kept_is_taken_out_of_trees_too() -> None:
    body = [{"_type": "block", "children": [{"_type": "span", "text": "One\x00 \ud800two."}]}]
    sent = {"operation": "create", "_id": "1", "_type": "post", "title": "A\x00\udfff title", "body": body}
    found = document(read_body("sanity", sent, {}))
    assert (found.source, found.title) == ("<p>One two.</p>", "A title")


# --- the body itself ---


def test_json_is_utf_8_and_bounded() -> None:
    assert read_json('{"a": "ü"}'.encode()) == {"a": "ü"}
    assert read_json(b"\xef\xbb\xbf{}") == {}
    deep = b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1)
    assert read_json(deep) is not None
    for bad in (
        b"[" * 100_000,
        b"[" * 101 + b"]" * 101,
        b'{"a":' * 100_000,
        b"{",
        b"",
        b"NaN",
        b"-Infinity",
        b'{"a": "\xfc"}',
        '{"a": 1}'.encode("utf-16"),
        b"9" * 5000,
        b"\x00",
        b'{"a": 1}}',
    ):
        with pytest.raises(BodyUnreadable):
            read_json(bad)


@pytest.mark.parametrize(
    ("more", "kind", "visibility"),
    [
        ({}, EventKind.PUBLISHED, "public"),
        ({"status": "private"}, EventKind.UNPUBLISHED, None),
        ({"status": "future"}, EventKind.UNPUBLISHED, None),
        ({"content": {"rendered": "", "protected": True}}, EventKind.CLOSED, "password"),
        ({"content": {"rendered": "<p>Shown.</p>", "protected": True}}, EventKind.PUBLISHED, "password"),
        ({"excerpt": {"rendered": "", "protected": True}}, EventKind.PUBLISHED, "password"),
        ({"password": "x"}, EventKind.PUBLISHED, "password"),
        ({"post_password": "x"}, EventKind.PUBLISHED, "password"),
        ({"password": ""}, EventKind.PUBLISHED, "public"),
        ({"visibility": "members"}, EventKind.PUBLISHED, "members"),
        ({"visibility": "members", "content": {"rendered": " "}}, EventKind.CLOSED, "members"),
        ({"visibility": ["members"], "status": None}, EventKind.PUBLISHED, "public"),
    ],
)
def test_who_may_read_a_post_of_the_rest_api(more: dict[str, Any], kind: EventKind, visibility: str | None) -> None:
    body = json.loads(body_of("woocommerce", "published")) | more
    event = read_body("woocommerce", body, plain_headers("woocommerce", "published"))
    assert event.kind is kind
    assert (event.document.visibility if event.document else event.visibility) == visibility


def test_a_post_that_was_sent_is_asked_for_all_the_same_where_there_is_an_api() -> None:
    event = read("woocommerce", "published", api_url="https://gazette.example", api_token="u:p")
    assert event.document is None
    assert event.call is not None
    assert event.call.refusal_closes


@pytest.mark.parametrize("source", ["generic", "wordpress", "wagtail", "woocommerce", "sanity", "drupal"])
def test_a_language_of_the_hook_only_fills_a_gap(source: str) -> None:
    declared = document(read(source, "published", language="pt")).language
    assert declared in ("en", "en-GB", "pt")
    body = json.loads(body_of(source, "published"))
    where = {"drupal": ("entity", "langcode"), "woocommerce": (None, "lang"), "sanity": (None, "language")}
    outer, name = where.get(source, ("data", "language"))
    (body[outer] if outer else body).pop(name, None)
    assert document(read_body(source, body, plain_headers(source, "published"), language="pt")).language == "pt"
    (body[outer] if outer else body)[name] = [{"value": "fr"}] if source == "drupal" else "fr"
    assert document(read_body(source, body, plain_headers(source, "published"), language="pt")).language == "fr"
