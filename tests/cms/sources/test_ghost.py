"""Ghost: what its readers see of a post is spoken, and what closes a post closes its audio. Bodies are recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cms.sources.test_sources import answered_body, document, hook_for, read_body, spoken
from tests.parts.webhooks import body_of
from tts_service.cms.sources.base import Event, EventKind
from tts_service.cms.sources.ghost import Ghost
from tts_service.cms.sources.ghost_html import seen_by

RECORDED: dict[str, Any] = json.loads(body_of("ghost", "recorded"))
API = {"api_url": "https://gazette.example", "api_token": "a-content-key"}
FOR_ALL = (
    "half hour",
    "Who pays for the bridge?",
    "The canton pays two thirds.",
    "Railway map",
    "All stops on one sheet.",
    "New track",
    "Forty metres in three nights",
    "Everybody reads this.",
    "The first train left at six with thirty people on board.",
)
BUTTONS = (
    "Buy the map",
    "Read the plan",
    "Book a seat",
    "Rail news",
    "Elsewhere",
    "Sign up",
    "Subscribe",
    "SPONSORED",
    "Become a friend",
    "Join us",
    "Sound of the train",
    "0:12",
    "Timetable",
    "light bulb",
    "💡",
)


def recorded(name: str, **current: Any) -> Event:
    """The event of a recorded webhook, some fields of its post changed."""
    body = json.loads(json.dumps(RECORDED[name]))
    body["post"]["current"] |= current
    return read_body("ghost", body, {})


def asked(body: Any) -> Event:
    return answered_body("ghost", body, Event(kind=EventKind.UPDATED, external_id="1"), **API)


def words(visibility: str = "public", **current: Any) -> str:
    return spoken(document(recorded("cards", visibility=visibility, **current)))


# --- cards ---


@pytest.mark.parametrize("visibility", ["public", "members", "paid"])
def test_the_text_in_cards_is_spoken_and_their_buttons_are_not(visibility: str) -> None:
    said = words(visibility)
    assert [part for part in FOR_ALL if part not in said] == []
    assert [part for part in BUTTONS if part in said] == []


@pytest.mark.parametrize(
    ("visibility", "seen"),
    [
        ("public", ["visitors"]),
        ("members", ["members"]),
        ("paid", ["members", "payers"]),
        ("tiers", ["members", "payers"]),
    ],
)
def test_a_card_is_spoken_if_all_readers_of_the_post_see_it(visibility: str, seen: list[str]) -> None:
    found = document(recorded("cards", visibility=visibility))
    said = [group for group in ("visitors", "members", "payers") if f"Only {group} read this" in spoken(found)]
    assert said == seen
    for hidden in {"visitors", "members", "payers"} - set(seen):
        assert f"Only {hidden}" not in found.source  # not even kept


def test_what_is_only_in_the_letter_is_not_spoken() -> None:
    assert "letter," not in words()
    assert "mail readers" not in words()
    assert "Nobody on the web" not in words()


def test_the_service_hides_the_cards_that_ghosts_own_api_hides() -> None:
    ours = spoken(document(recorded("cards")))
    assert spoken(document(asked(RECORDED["cards.api"]))) == ours


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ('A<!--kg-gated-block:begin nonMember:true memberSegment:"" -->B<!--kg-gated-block:end-->C', "ABC"),
        ('A<!--kg-gated-block:begin nonMember:false memberSegment:"" -->B<!--kg-gated-block:end-->C', "AC"),
        ("A<!--kg-gated-block:begin nonMember:'true'-->B<!--kg-gated-block:end-->C", "ABC"),
        ("A<!--kg-gated-block:begin-->B<!--kg-gated-block:end-->C", "AC"),
        ("A<!-- kg-gated-block:begin x -->B<!-- kg-gated-block:end -->C", "AC"),
        ("A<!--kg-gated-block:begin nonMember:false-->B, never closed", "A"),
        ("A<!--kg-gated-block:end-->B", "A<!--kg-gated-block:end-->B"),
    ],
)
def test_a_gate_that_isnt_clear_is_shut(source: str, kept: str) -> None:
    assert seen_by(source, "public") == kept


# --- what stands before the text ---


def test_the_custom_excerpt_is_spoken_as_the_standfirst_and_the_caption_as_a_caption() -> None:
    source = document(recorded("cards")).source
    assert source.startswith(
        '<p class="standfirst">Eleven weeks after the landslide &amp; the storm, trains cross the Kaltbach bridge.</p>'
        "<figure><figcaption>The bridge in the morning</figcaption></figure>"
    )
    assert words().startswith("Eleven weeks after the landslide & the storm")


def test_an_excerpt_that_repeats_the_first_words_is_not_spoken_twice() -> None:
    said = words(custom_excerpt="The little railway between Velden and Oberau runs again")
    assert said.count("The little railway") == 1


@pytest.mark.parametrize("excerpt", [None, "", " ", 7, ["x"], {"a": 1}])
def test_no_excerpt_is_no_standfirst(excerpt: Any) -> None:
    assert "standfirst" not in document(recorded("cards", custom_excerpt=excerpt)).source


def test_a_caption_without_its_picture_is_not_spoken() -> None:
    assert "in the morning" not in document(recorded("cards", feature_image=None)).source


def test_a_post_without_a_text_has_none() -> None:
    assert document(recorded("cards", html="")).source == ""


# --- what closes a post ---


def test_every_recorded_state() -> None:
    kinds = {name: recorded(name).kind for name in RECORDED if "api" not in name and "deleted" not in name}
    assert kinds == {
        "cards": EventKind.UPDATED,
        "published": EventKind.UPDATED,
        "unpublished": EventKind.UNPUBLISHED,
        "members": EventKind.PUBLISHED,
        "paid": EventKind.UPDATED,
        "draft paid": EventKind.UNPUBLISHED,
    }
    assert document(recorded("members")).visibility == "members"
    assert document(recorded("paid")).visibility == "paid"


@pytest.mark.parametrize("name", ["deleted as published", "deleted as draft"])
def test_a_deleted_post_is_gone_whatever_it_was_last(name: str) -> None:
    (event,) = Ghost().read(None, RECORDED[name], hook_for("ghost"))  # type: ignore[arg-type]
    assert event.kind is EventKind.DELETED
    assert event.external_id


def test_a_post_that_became_a_page_is_no_article_any_more() -> None:
    event = recorded("published", show_title_and_feature_image=True)
    assert (event.kind, event.document) == (EventKind.UNPUBLISHED, None)


@pytest.mark.parametrize("visibility", [None, 7, "", ["public"], {"public": True}])
def test_a_post_whose_visibility_cant_be_read_is_for_members(visibility: Any) -> None:
    assert document(recorded("published", visibility=visibility)).visibility == "members"


# --- asking the Content API ---


def test_the_content_api_is_asked_about_a_known_post() -> None:
    call = Ghost().recall("65a1", None, hook_for("ghost", **API))
    assert call is not None
    address = "https://gazette.example/ghost/api/content/posts/65a1/"
    assert call.url == f"{address}?key=a-content-key&formats=html&include=tags,authors"


@pytest.mark.parametrize("missing", ["api_url", "api_token"])
def test_without_address_or_key_nothing_is_asked(missing: str) -> None:
    assert Ghost().recall("65a1", None, hook_for("ghost", **(API | {missing: None}))) is None


def test_a_public_post_is_answered_with_its_text() -> None:
    event = asked(RECORDED["cards.api"])
    assert (event.kind, event.call) == (EventKind.UPDATED, None)
    assert document(event).visibility == "public"
    assert event.changed_ms is not None


def test_a_members_post_is_closed_and_its_preview_is_no_text() -> None:
    assert "The little railway" in RECORDED["members.api"]["posts"][0]["html"]  # the preview
    event = asked(RECORDED["members.api"])
    assert (event.kind, event.visibility, event.document) == (EventKind.CLOSED, "members", None)


@pytest.mark.parametrize("body", [None, [], {}, {"posts": []}, {"posts": [7]}, {"posts": [{}]}, {"errors": [{}]}])
def test_an_answer_without_a_post_says_nothing(body: Any) -> None:
    assert asked(body).kind is EventKind.IGNORED


@pytest.mark.parametrize(
    "odd",
    [
        {"updated_at": "yesterday"},
        {"updated_at": 7},
        {"published_at": ["x"]},
        {"html": None},
        {"html": ["<p>x</p>"]},
        {"authors": "x"},
        {"tags": {"a": 1}},
        {"feature_image": 1, "feature_image_caption": {}},
        {"url": "javascript:alert(1)"},
    ],
)
def test_odd_values_do_no_harm(odd: dict[str, Any]) -> None:
    assert recorded("published", **odd).kind is EventKind.UPDATED
    post = RECORDED["cards.api"]["posts"][0] | odd
    assert asked({"posts": [post]}).kind is EventKind.UPDATED
