"""Drupal: translations apart, and JSON:API asked as a reader who without a login."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.parts.webhook_sender import ENGLISH, GERMAN, UUID, Sender, T, heard, iso, node, rows
from tests.parts.webhooks import Desk, make_hook, now_ms
from tts_service.errors import NotAllowed, NotFound


def test_a_translation_that_goes_leaves_the_others(here: Desk) -> None:
    sender = Sender(here, make_hook(here.parts, "drupal"))
    for langcode in ("en", "de", "fr"):
        sender.send(node(langcode, at_ms=T))
    sender.send(node("de", at_ms=T + 1000, status=False))
    assert heard(here) == {f"{UUID}:en", f"{UUID}:fr"}
    sender.send(node("fr", at_ms=T + 1000, event="entity:node:delete"))
    assert heard(here) == {f"{UUID}:en"}
    sender.send(node("de", at_ms=now_ms() + 1000))
    sender.send(node("en", at_ms=now_ms() + 1000, event="entity:node:translation:delete"))
    assert heard(here) == {f"{UUID}:de"}


def test_a_node_that_is_deleted_goes_in_all_languages(here: Desk) -> None:
    sender = Sender(here, make_hook(here.parts, "drupal"))
    for langcode in ("en", "de"):
        sender.send(node(langcode, at_ms=T))
    sender.send(node("en", at_ms=T + 1000, event="entity:node:delete"))
    assert heard(here) == set()
    assert sender.send(node("fr", at_ms=T + 500)).outcome[0]["state"] == "outdated"  # type: ignore[index]


class Site:
    """Drupal's JSON:API: which text it shows at which address, to a reader who without a login."""

    def __init__(self, **shown: Any) -> None:
        self.shown = shown
        self.asked: list[str] = []

    def __call__(self, url: str, headers: Mapping[str, str]) -> bytes:
        assert "Authorization" not in headers
        path = url.removeprefix("https://gazette.example")
        self.asked.append(path)
        found = self.shown.get(path.strip("/").split("/")[0], 404)
        if found == 404:
            raise NotFound("nothing there", by_api=True)
        if found in (401, 403):
            raise NotAllowed("refused", by_api=True)
        if found == "proxy":
            raise NotAllowed("refused", by_api=False)
        attributes = {"title": "Railway", "status": True, "changed": iso(T), **found}
        return json.dumps({"data": {"attributes": attributes}}).encode()


def shown_as(langcode: str, text: str, **more: Any) -> dict[str, Any]:
    return {"langcode": langcode, "body": {"processed": text}, **more}


IN_ENGLISH = shown_as("en", ENGLISH)
PLACE = f"/jsonapi/node/article/{UUID}"


@pytest.mark.parametrize(
    ("langcode", "site", "asked", "heard_after"),
    [
        ("en", Site(jsonapi=shown_as("en", ENGLISH)), [PLACE], {f"{UUID}:en"}),
        ("de", Site(de=shown_as("de", GERMAN)), [f"/de{PLACE}"], {f"{UUID}:de"}),
        # German is the site's own language: its address has no prefix.
        ("de", Site(jsonapi=shown_as("de", GERMAN)), [f"/de{PLACE}", PLACE], {f"{UUID}:de"}),
        # The site's own language isn't the article's.
        ("en", Site(jsonapi=shown_as("de", GERMAN), en=IN_ENGLISH), [PLACE, f"/en{PLACE}"], {f"{UUID}:en"}),
        # Drupal shows the original where a translation is missing.
        ("de", Site(de=shown_as("en", ENGLISH)), [f"/de{PLACE}"], set()),
        ("en", Site(jsonapi=403), [PLACE], set()),
        ("en", Site(jsonapi=401), [PLACE], set()),
        ("en", Site(), [PLACE], set()),
        ("en", Site(jsonapi=shown_as("en", ENGLISH, status=False)), [PLACE], set()),
        ("en", Site(jsonapi=shown_as("en", "")), [PLACE], set()),
        ("en", Site(jsonapi={"langcode": "en", "body": None}), [PLACE], set()),
    ],
)
def test_drupal_is_asked_as_a_stranger_and_in_the_right_language(
    here: Desk, langcode: str, site: Site, asked: list[str], heard_after: set[str]
) -> None:
    site.asked.clear()
    hook = make_hook(here.parts, "drupal", api_url="https://gazette.example", api_token="for drafts")
    Sender(here, hook).send(node(langcode, at_ms=T), fetch=site)
    assert site.asked == asked
    assert heard(here) == heard_after


def test_what_drupal_doesnt_show_to_strangers_is_closed_for_members(here: Desk) -> None:
    hook = make_hook(here.parts, "drupal", api_url="https://gazette.example", api_token="for drafts")
    sender = Sender(here, hook)
    sender.send(node("en", at_ms=T), fetch=Site(jsonapi=shown_as("en", ENGLISH)))
    event = sender.send(node("en", at_ms=T + 1000), fetch=Site(jsonapi=403))
    assert heard(here) == set()
    assert rows(here)[f"{UUID}:en"].visibility == "members"
    assert "without a login" in event.reason
    opened = Site(jsonapi=shown_as("en", ENGLISH, changed=iso(now_ms() + 1000)))
    sender.send(node("en", at_ms=now_ms() + 1000), fetch=opened)
    assert heard(here) == {f"{UUID}:en"}


def test_a_refusal_by_a_proxy_closes_nothing(here: Desk) -> None:
    hook = make_hook(here.parts, "drupal", api_url="https://gazette.example")
    sender = Sender(here, hook)
    sender.send(node("en", at_ms=T), fetch=Site(jsonapi=shown_as("en", ENGLISH)))
    event = sender.send(node("en", at_ms=T + 1000), fetch=Site(jsonapi="proxy"))
    assert event.state == "failed"
    assert heard(here) == {f"{UUID}:en"}


def test_two_deliveries_of_one_body_both_ask_where_drupal_is_asked(here: Desk) -> None:
    hook = make_hook(here.parts, "drupal", api_url="https://gazette.example")
    sender = Sender(here, hook)
    sender.send(node("en", at_ms=T), fetch=Site(jsonapi=shown_as("en", ENGLISH)))
    sender.send(node("en", at_ms=T), fetch=Site(jsonapi=403))
    assert heard(here) == set()
