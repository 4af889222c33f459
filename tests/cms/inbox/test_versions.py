"""One document in several languages: each is an article of its own, and what was known before keeps its id."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cms.inbox.test_order import bring
from tests.parts.factories import make_article
from tests.parts.webhook_sender import ENGLISH, GERMAN, UUID, Sender, T, heard, iso, node, rows, standard_body
from tests.parts.webhooks import Desk, make_hook, now_ms
from tts_service.access.keys import create_key
from tts_service.cms.inbox.apply import Arrival, apply_event
from tts_service.cms.inbox.identity import article_id, locale_given, versioned_id
from tts_service.cms.sources.base import Delivery, Event, EventKind, Hook
from tts_service.cms.sources.registry import SOURCES
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.jobs.versions import Version, same_language, tidy_locale


def known_before(here: Desk, language: str | None, external_id: str = UUID) -> None:
    """An article as the version before this one kept it: under the document's id, without a locale."""
    submit(here.parts, make_article(external_id=external_id, language=language), Wish(), as_of_ms=T - 1000)


def entry(*, at_ms: int, status: Mapping[str, str] | None = None, **texts: str) -> dict[str, Any]:
    """An entry as Contentful's webhooks send it; `de_DE=…`: its text in that language."""
    fields = {"body": {name.replace("_", "-"): text for name, text in texts.items()}, "slug": {"en-GB": "railway"}}
    sys: dict[str, Any] = {
        "type": "Entry",
        "id": UUID,
        "revision": 2,
        "updatedAt": iso(at_ms),
        "contentType": {"sys": {"id": "article"}},
    }
    if status is not None:
        sys["fieldStatus"] = {"*": status}
    return {"sys": sys, "fields": fields}


def gone_entry(at_ms: int) -> dict[str, Any]:
    sys = {"type": "DeletedEntry", "id": UUID, "deletedAt": iso(at_ms), "contentType": {"sys": {"id": "article"}}}
    return {"sys": sys}


class Contentful(Sender):
    """A space with one hook for all languages."""

    def topic(self, action: str, body: Any) -> Any:
        return self.send(body, headers={"x-contentful-topic": f"ContentManagement.Entry.{action}"})


def contentful(here: Desk, **options: Any) -> Contentful:
    return Contentful(here, make_hook(here.parts, "contentful", locale=options.pop("locale", None), **options))


# --- who keeps the bare id ---


@pytest.mark.parametrize(
    ("language", "locale", "bare"),
    [
        ("de", "de", True),
        ("de-DE", "de", True),
        ("de", "de-AT", True),
        ("de-DE", "de_DE", True),
        ("de-DE", "de-AT", False),
        ("de", "en", False),
        (None, "fr", True),
        ("en", "EN", True),
    ],
)
def test_what_was_known_keeps_its_id_for_its_own_language(
    here: Desk, language: str | None, locale: str, bare: bool
) -> None:
    known_before(here, language)
    found = article_id(here.parts.database, "gazette", Version(document_id=UUID, locale=locale))
    assert found == (UUID if bare else f"{UUID}:{tidy_locale(locale)}")


def test_a_known_article_goes_on_under_its_id_and_the_other_language_is_another(here: Desk) -> None:
    known_before(here, "en")
    clip = rows(here)[UUID].id
    sender = Sender(here, make_hook(here.parts, "drupal"))
    for number, langcode in enumerate(("de", "en", "de", "en")):
        sender.send(node(langcode, at_ms=T + number * 1000))
    assert heard(here) == {UUID, f"{UUID}:de"}
    assert (rows(here)[UUID].id, rows(here)[UUID].locale) == (clip, "en")
    sender.send(node("en", at_ms=T + 9000, status=False))
    assert heard(here) == {f"{UUID}:de"}


def test_one_language_that_was_never_told_is_taken_by_the_first_only(here: Desk) -> None:
    known_before(here, None)
    sender = Sender(here, make_hook(here.parts, "drupal"))
    sender.send(node("fr", at_ms=T))
    sender.send(node("it", at_ms=T))
    assert heard(here) == {UUID, f"{UUID}:it"}
    assert rows(here)[UUID].locale == "fr"


@pytest.mark.parametrize("langcode", ["und", "zxx", "", "  "])
def test_a_document_without_language_has_its_bare_id(here: Desk, langcode: str) -> None:
    Sender(here, make_hook(here.parts, "drupal")).send(node(langcode, at_ms=T))
    assert heard(here) == {UUID}
    assert rows(here)[UUID].locale is None


def test_an_id_that_would_be_too_long_is_hashed_and_stays_apart(here: Desk) -> None:
    first, second = versioned_id("x" * 199, "de-DE"), versioned_id("y" * 199, "de-DE")
    assert first != second
    assert max(len(first), len(second)) <= 200
    assert first.endswith(":de-DE")


LOCALE = st.text(st.sampled_from("abzXY09-_ é:\x00*"), max_size=40) | st.sampled_from(
    ["de", "DE_at", "zh-hans-CN", "en-x-simple", "sr_Latn_rs", "-", "__"]
)


@given(LOCALE, LOCALE)
def test_a_locale_has_one_spelling_and_no_two_share_an_id(one: str, other: str) -> None:
    assert tidy_locale(tidy_locale(one)) == tidy_locale(one)
    assert tidy_locale(one.swapcase()) == tidy_locale(one)
    same = tidy_locale(one) == tidy_locale(other)
    assert (versioned_id("7", one) == versioned_id("7", other)) == same
    assert same_language(one, one)
    assert same_language(one, other) == same_language(other, one)
    assert locale_given(one) is None or len(locale_given(one) or "") <= 35


VERSIONED = st.lists(
    st.tuples(st.sampled_from(["de", "en", "fr", "all"]), st.sampled_from(["published", "unpublished", "closed"])),
    min_size=1,
    max_size=7,
)
numbers = itertools.count()


@pytest.mark.slow
@given(VERSIONED, st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_language_ends_with_its_own_newest_state_in_whatever_order(
    built: Desk, history: list[tuple[str, str]], chance: Any, is_known: bool
) -> None:
    hook, name = make_hook(built.parts, "generic"), f"doc-{next(numbers)}"
    if is_known:
        known_before(built, "en", name)
    wanted: dict[str, bool] = {"en": True} if is_known else {}
    arrived: list[tuple[int, str | None, str]] = []
    for number, (locale, kind) in enumerate(history):
        if locale == "all":
            arrived.append((number, None, "deleted"))
            wanted = dict.fromkeys(wanted, False)
        else:
            arrived.append((number, locale, kind))
            wanted[locale] = kind == "published"
    chance.shuffle(arrived)
    for number, version, kind in arrived:
        told = standard_body(kind, as_of_ms=T + number, id=name, translation=version)
        if version is None:
            told_all(built, hook, name, T + number)
        else:
            bring(built, hook, told)
    ids = {article_id(built.parts.database, "gazette", Version(document_id=name, locale=one)): one for one in wanted}
    assert len(ids) == len(wanted)
    heard_now = heard(built)
    assert {ids[found]: found in heard_now for found in ids} == wanted
    assert not is_known or ids.get(name) == "en"


def told_all(here: Desk, hook: Hook, name: str, as_of_ms: int) -> None:
    event = Event(kind=EventKind.DELETED, external_id=name, every_locale=True, as_of_ms=as_of_ms)
    apply_event(here.parts, hook, event, Arrival(received_ms=now_ms()))


def test_a_locale_that_a_sender_writes_for_the_language_is_no_part_of_the_id(here: Desk) -> None:
    sender = Sender(here, make_hook(here.parts, "generic"))
    sender.send(standard_body("published", locale="de", language=None, updated_at=iso(T)))
    assert heard(here) == {"7"}
    sender.send(standard_body("unpublished", updated_at=iso(T + 1)))
    assert heard(here) == set()


# --- Contentful ---


def test_each_language_of_an_entry_is_an_article_and_one_that_vanishes_goes(here: Desk) -> None:
    space = contentful(here)
    event = space.topic("publish", entry(at_ms=T, en_GB=ENGLISH, de_DE=GERMAN))
    assert heard(here) == {f"{UUID}:en-GB", f"{UUID}:de-DE"}
    assert [one["state"] for one in event.outcome or ()] == ["queued", "queued"]
    assert rows(here)[f"{UUID}:de-DE"].url == "https://gazette.example/news/railway"  # the address isn't translated
    space.topic("publish", entry(at_ms=T + 1000, en_GB=ENGLISH))
    assert heard(here) == {f"{UUID}:en-GB"}
    space.topic("publish", entry(at_ms=T + 2000, en_GB=ENGLISH, de_DE=GERMAN))
    space.topic("unpublish", gone_entry(T + 3000))
    assert heard(here) == set()


def test_a_language_known_from_before_that_vanishes_goes_too(here: Desk) -> None:
    known_before(here, "de-DE")
    contentful(here).topic("publish", entry(at_ms=T, en_GB=ENGLISH))
    assert heard(here) == {f"{UUID}:en-GB"}


def test_a_version_that_comes_late_after_the_whole_entry_went_stays_out(here: Desk) -> None:
    space = contentful(here)
    space.topic("publish", entry(at_ms=T, en_GB=ENGLISH))
    space.topic("delete", gone_entry(T + 5000))
    event = space.topic("publish", entry(at_ms=T + 1000, en_GB=ENGLISH, de_DE=GERMAN))
    assert {one["state"] for one in event.outcome or ()} == {"outdated"}
    assert heard(here) == set()
    space.topic("publish", entry(at_ms=T + 9_000_000, de_DE=GERMAN))
    assert heard(here) == set()  # a deletion is as of its sending
    space.topic("publish", entry(at_ms=now_ms() + 60_000, de_DE=GERMAN))
    assert heard(here) == {f"{UUID}:de-DE"}


def test_where_languages_are_published_one_by_one_a_draft_is_never_heard(here: Desk) -> None:
    space = contentful(here)
    both = {"en_GB": ENGLISH, "de_DE": GERMAN}
    space.topic("publish", entry(at_ms=T, status={"en-GB": "published", "de-DE": "draft"}, **both))
    assert heard(here) == {f"{UUID}:en-GB"}
    space.topic("publish", entry(at_ms=T + 1000, status={"en-GB": "published", "de-DE": "published"}, **both))
    assert heard(here) == {f"{UUID}:en-GB", f"{UUID}:de-DE"}
    before = rows(here)[f"{UUID}:de-DE"].source_updated_ms
    changed = {"en_GB": ENGLISH, "de_DE": "<p>Ein Entwurf, den niemand hören darf.</p>"}
    event = space.topic("publish", entry(at_ms=T + 2000, status={"en-GB": "published", "de-DE": "changed"}, **changed))
    assert "what is heard stays" in event.reason
    assert heard(here) == {f"{UUID}:en-GB", f"{UUID}:de-DE"}
    assert rows(here)[f"{UUID}:de-DE"].source_updated_ms == before
    space.topic("unpublish", entry(at_ms=T + 3000, status={"en-GB": "published", "de-DE": "draft"}, **both))
    assert heard(here) == {f"{UUID}:en-GB"}


def test_a_hook_of_one_language_leaves_the_others(here: Desk) -> None:
    german = contentful(here, locale="de-DE")
    contentful(here, locale="en-GB").topic("publish", entry(at_ms=T, en_GB=ENGLISH, de_DE=GERMAN))
    german.topic("publish", entry(at_ms=T, en_GB=ENGLISH, de_DE=GERMAN))
    assert heard(here) == {f"{UUID}:en-GB", f"{UUID}:de-DE"}
    german.topic("publish", entry(at_ms=T + 1000, en_GB=ENGLISH))
    assert heard(here) == {f"{UUID}:en-GB"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([ENGLISH, "en-GB", "draft"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["body", "title", "en-GB", "de_DE", "sys", "*", "fieldStatus"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_whatever_a_field_or_a_status_is_nothing_breaks(fields: Any, status: Any) -> None:
    hook = Hook(id="hook_1", source="contentful", site="gazette", secret="x" * 64)
    headers = {"x-contentful-topic": "ContentManagement.Entry.publish"}
    made = Delivery(body=b"", headers=headers, path="/", received_ms=T)
    body = entry(at_ms=T)
    body["fields"], body["sys"]["fieldStatus"] = fields, status
    events = SOURCES["contentful"].read(made, body, hook)
    assert events
    assert all(event.document is None or event.document.external_id == UUID for event in events)


# --- found by the document's own id ---


def test_the_documents_id_finds_its_versions_and_a_language_chooses(here: Desk) -> None:
    sender = Sender(here, make_hook(here.parts, "drupal"))
    for langcode in ("en", "de"):
        sender.send(node(langcode, at_ms=T))

    def found(query: str) -> int:
        answer = here.client.get(f"/v1/clips?site=gazette&article={query}")
        assert answer.status_code == 200
        return len(answer.json()["clips"])

    assert [found(UUID), found(f"{UUID}&language=de-AT"), found(f"{UUID}&language=fr")] == [2, 1, 0]
    shown = here.client.get(f"/v1/clips?site=gazette&article={UUID}").json()["clips"]
    assert {clip["language"] for clip in shown} == {"en", "de"}  # before any text is prepared
    assert [found(f"{UUID}:de"), found(f"{UUID}:fr"), found(f"{UUID[:-1]}")] == [1, 0, 0]
    sender.send(node("de", at_ms=T + 1000, status=False))
    assert found(UUID) == 1


def test_a_grant_by_the_documents_id_is_given_where_it_has_one_version(here: Desk) -> None:
    key = create_key(here.parts.database, "k", scopes=("clips:grant",))
    sender = Sender(here, make_hook(here.parts, "generic"))
    headers = {"Authorization": f"Bearer {key}"}

    def granted() -> int:
        return here.client.post("/v1/articles/gazette/7/grants", headers=headers).status_code

    sender.send(standard_body("published", translation="de", visibility="members", updated_at=iso(T)))
    assert granted() == 201
    sender.send(standard_body("published", translation="en", visibility="members", updated_at=iso(T)))
    assert granted() == 404


def test_a_language_that_vanished_stays_out_though_its_publication_comes_later(here: Desk) -> None:
    space = contentful(here)
    space.topic("publish", entry(at_ms=T + 1000, en_GB=ENGLISH))
    space.topic("publish", entry(at_ms=T, en_GB=ENGLISH, de_DE=GERMAN))
    assert heard(here) == {f"{UUID}:en-GB"}
