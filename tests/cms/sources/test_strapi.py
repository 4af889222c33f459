"""Strapi: each language of a document is an article, and only what is published is spoken. Bodies are recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.cms.sources.test_sources import answered_body, document, hook_for, read_body, spoken
from tests.parts.webhooks import body_of
from tts_service.cms.sources.base import Event, EventKind
from tts_service.cms.sources.strapi import Strapi

RECORDED: dict[str, Any] = json.loads(body_of("strapi", "recorded"))
PUBLISHED: dict[str, Any] = RECORDED["publish en"]["entry"]
DOCUMENT = PUBLISHED["documentId"]
API = {"api_url": "https://cms.example", "api_token": "made-up"}
KNOWN = Event(kind=EventKind.UPDATED, external_id=DOCUMENT, locale="en")


def recorded(name: str, more: dict[str, Any] | None = None, **entry: Any) -> Event:
    body = json.loads(json.dumps(RECORDED[name]))
    body["entry"] |= entry
    return read_body("strapi", body, {}, **(more or {}))


def asked(entry: Any, event: Event = KNOWN) -> Event:
    return answered_body("strapi", {"data": entry, "meta": {}}, event, **API)


# --- languages ---


def test_every_language_is_an_article_of_its_own() -> None:
    english, german = recorded("publish en"), recorded("publish de")
    assert english.external_id == german.external_id == DOCUMENT
    assert (english.locale, german.locale) == ("en", "de")
    assert (document(english).language, document(german).language) == ("en", "de")
    assert "Ein Satz." in spoken(document(german))


@pytest.mark.parametrize("name", ["unpublish en", "delete en", "delete de"])
def test_a_language_that_goes_leaves_the_others(name: str) -> None:
    event = recorded(name)
    assert (event.locale, event.every_locale) == (name[-2:], False)


@pytest.mark.parametrize("locale", [None, "", 7, ["en"], {"a": 1}])
@pytest.mark.parametrize("name", ["unpublish en", "delete en"])
def test_without_a_language_all_of_the_document_go(name: str, locale: Any) -> None:
    event = recorded(name, locale=locale)
    assert (event.locale, event.every_locale) == (None, True)


def test_in_strapi_4_the_id_alone_names_the_language_version() -> None:
    body = json.loads(json.dumps(RECORDED["publish en"]))
    del body["entry"]["documentId"]
    event = read_body("strapi", body, {}, **API)
    assert (event.external_id, event.locale) == (str(body["entry"]["id"]), None)
    assert event.call is not None
    assert event.call.url == f"https://cms.example/api/articles/{event.external_id}?status=published&populate=*"


def test_an_answer_in_another_language_is_not_taken() -> None:
    event = asked({**PUBLISHED, "locale": "de"})
    assert (event.kind, event.document, event.locale) == (EventKind.UNPUBLISHED, None, "en")


# --- drafts ---


@pytest.mark.parametrize("more", [{}, API])
@pytest.mark.parametrize("name", ["create en draft", "update en draft", "saved over a live one", "create de draft"])
def test_a_draft_is_never_spoken_and_changes_nothing(name: str, more: dict[str, Any]) -> None:
    event = recorded(name, more)
    assert (event.kind, event.document, event.call, event.reason) == (EventKind.IGNORED, None, None, "a draft")


def test_a_discarded_draft_changes_nothing() -> None:
    body = {**RECORDED["update en draft"], "event": "entry.draft-discard"}
    assert read_body("strapi", body, {}).kind is EventKind.IGNORED


@pytest.mark.parametrize("name", ["delete en draft", "delete of an unpublished one"])
def test_deleting_a_draft_deletes_the_document(name: str) -> None:
    """Strapi can't delete a draft alone. Should an "unpublish" have been lost, this is the last word about it."""
    assert recorded(name).kind is EventKind.DELETED


def test_an_answer_that_is_a_draft_closes_the_article() -> None:
    event = asked({**PUBLISHED, "publishedAt": None})
    assert (event.kind, event.document) == (EventKind.UNPUBLISHED, None)


# --- asking ---


def test_the_published_version_of_this_language_is_asked_for() -> None:
    event = recorded("publish de", API)
    assert event.document is None
    assert event.call is not None
    assert event.call.url == f"https://cms.example/api/articles/{DOCUMENT}?status=published&locale=de&populate=*"
    assert event.call.headers == {"authorization": "Bearer made-up"}


def test_what_goes_is_not_asked_about() -> None:
    assert recorded("unpublish en", API).call is None
    assert recorded("delete en", API).call is None


def test_the_api_is_asked_about_a_known_article() -> None:
    call = Strapi().recall(DOCUMENT, "de", hook_for("strapi", types=("article",), **API))
    assert call is not None
    assert call.url == f"https://cms.example/api/articles/{DOCUMENT}?status=published&locale=de&populate=*"
    named = hook_for("strapi", fields={"collection": "stories"}, **API)
    call = Strapi().recall("17", None, named)
    assert call is not None
    assert call.url == "https://cms.example/api/stories/17?status=published&populate=*"


def test_all_versions_are_asked_for_where_the_language_isnt_known() -> None:
    call = Strapi().recall(DOCUMENT, None, hook_for("strapi", types=("article",), **API))
    assert call is not None
    which = f"filters%5BdocumentId%5D%5B%24eq%5D={DOCUMENT}&locale=*&status=published&populate=*"
    assert call.url == f"https://cms.example/api/articles?{which}"
    unknown = replace(KNOWN, locale=None)
    german = RECORDED["publish de"]["entry"]
    assert asked([], unknown).kind is EventKind.UNPUBLISHED
    event = asked([german], unknown)
    assert (event.locale, document(event).language) == ("de", "de")
    assert asked([PUBLISHED, german], unknown).kind is EventKind.IGNORED


@pytest.mark.parametrize("more", [API, {"types": ("article",)}, API | {"types": ("article", "post")}])
def test_nothing_is_asked_where_the_collection_isnt_known(more: dict[str, Any]) -> None:
    assert Strapi().recall(DOCUMENT, "de", hook_for("strapi", **more)) is None


def test_answers_of_strapi_4_and_5() -> None:
    assert "One sentence." in spoken(document(asked(PUBLISHED)))
    attributes = {name: value for name, value in PUBLISHED.items() if name not in ("id", "documentId")}
    assert "One sentence." in spoken(document(asked({"id": 2, "attributes": attributes})))


@pytest.mark.parametrize("body", [None, 7, [], {}, {"data": None}, {"data": []}, {"data": {}}, {"error": {}}])
def test_an_answer_without_an_entry_says_nothing(body: Any) -> None:
    assert answered_body("strapi", body, KNOWN).kind is EventKind.IGNORED


# --- order ---


def test_a_version_published_again_without_an_edit_is_newer_than_its_unpublishing() -> None:
    gone = recorded("unpublish en")
    again = recorded("publish en", createdAt="2026-11-28T18:14:23.385Z")
    assert gone.changed_ms is not None
    body = json.loads(json.dumps(RECORDED["publish en"])) | {"createdAt": "2026-11-28T18:20:00.000Z"}
    assert read_body("strapi", body, {}).changed_ms > gone.changed_ms  # type: ignore[operator]
    assert again.changed_ms is not None
    event = asked({**PUBLISHED, "publishedAt": "2026-11-28T18:20:00.000Z"})
    assert event.changed_ms is not None
    assert event.changed_ms > gone.changed_ms


def test_events_are_in_the_order_in_which_strapi_made_them() -> None:
    names = ["publish en", "publish de", "unpublish en", "delete en", "delete de"]
    times = [recorded(name).changed_ms for name in names]
    assert times == sorted(times, key=lambda ms: ms or 0)


@pytest.mark.parametrize(
    "odd",
    [
        {"locale": "x" * 500},
        {"locale": "\x00"},
        {"updatedAt": "yesterday"},
        {"publishedAt": 7},
        {"publishedAt": {}},
        {"body": None, "title": 7},
        {"body": [{"type": []}]},
        {"documentId": ["x"]},
        {"documentId": "../users"},
    ],
)
def test_odd_values_do_no_harm(odd: dict[str, Any]) -> None:
    for more in ({}, API):
        event = recorded("publish en", more, **odd)
        assert event.call is None or "/../" not in event.call.url
        answered = asked({**PUBLISHED, **odd})
        assert answered.kind in (EventKind.UPDATED, EventKind.IGNORED, EventKind.UNPUBLISHED)
