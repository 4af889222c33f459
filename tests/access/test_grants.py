"""Clips that aren't public: only a grant opens them, for a while, everywhere alike."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.measure.doors.grants import (
    AUDIO,
    MEMBERS,
    SAID,
    START_S,
    Gate,
    altered,
    gate,
    given_wrongly,
    late_changes,
    renewals_wrong,
    told_to_strangers,
    wrong_tokens,
)
from tests.parts.factories import make_article, make_parts
from tests.parts.quick_render import Workers, heard
from tests.parts.staff import BASE, signed
from tests.parts.web_rows import clip_token, ready_clip, rendering_clip
from tts_service.access import daily
from tts_service.access.daily import DailyKeys
from tts_service.access.grants import LONGEST_S, Grants, Subject
from tts_service.access.keys import create_key
from tts_service.cms.feeds.fetch import Politeness
from tts_service.cms.feeds.request import FoundArticle, RequestContext, SiteDefaults, submit_found
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, ClipRow, FoundArticleRow, JobRow
from tts_service.errors import Conflict, GrantExpired, GrantRefused
from tts_service.http.client import outbound_of
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.web.app import create_app
from tts_service.web.sound.files import PRIVATE

BEEP = Wish(voice="tone:beep")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    with gate(tmp_path_factory.mktemp("gate")) as made:
        yield made


@pytest.fixture
def here(built: Gate) -> Gate:
    built.now_s = START_S
    built.opened.clear()
    for name, visibility in (("1", "members"), ("2", "paid"), ("3", "members")):
        built.allow(visibility, name)
    return built


# --- the grant itself ---


@pytest.fixture
def grants(parts: Parts) -> Grants:
    return Grants(DailyKeys(parts.database), lambda: START_S)


def test_no_character_of_a_grant_can_be_another(grants: Grants) -> None:
    good = grants.give(MEMBERS, 60, 0)
    assert grants.read(MEMBERS, good.token) == good
    for token in altered(good.token):
        with pytest.raises(GrantRefused):
            grants.read(MEMBERS, token)


def test_a_grant_ends_on_the_second(grants: Grants) -> None:
    token = grants.give(MEMBERS, 60, 0).token
    grants.clock = lambda: START_S + 59.9
    grants.read(MEMBERS, token)
    grants.clock = lambda: START_S + 60
    with pytest.raises(GrantExpired):
        grants.read(MEMBERS, token)


def test_a_renewal_lasts_as_long_as_the_grant_did_and_never_beyond_its_limit(grants: Grants) -> None:
    held = grants.give(MEMBERS, 60, 150)
    grants.clock = lambda: START_S + 50
    second = grants.renewed(MEMBERS, held)
    assert second.expires_s == START_S + 110
    grants.clock = lambda: START_S + 100
    third = grants.renewed(MEMBERS, second)
    assert third.expires_s == held.until_s == START_S + 150
    assert grants.renewed(MEMBERS, third) is third


def test_no_grant_lives_longer_than_a_day_whatever_is_asked_for(grants: Grants) -> None:
    given = grants.give(MEMBERS, 10**9, 10**9)
    assert (given.expires_s, given.until_s) == (START_S + LONGEST_S, START_S + LONGEST_S)


def test_a_grant_of_yesterday_holds_and_every_process_reads_it(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    token = Grants(DailyKeys(parts.database), lambda: START_S).give(MEMBERS, 60).token
    day = daily._day
    monkeypatch.setattr(daily, "_day", lambda days: day(days + 1))
    replica = Grants(DailyKeys(parts.database), lambda: START_S)
    assert replica.read(MEMBERS, token).token == token
    monkeypatch.setattr(daily, "_day", lambda days: day(days + 2))
    with pytest.raises(GrantRefused):
        Grants(DailyKeys(parts.database), lambda: START_S).read(MEMBERS, token)


def test_no_two_subjects_are_signed_alike(grants: Grants) -> None:
    token = grants.give(Subject(clip_id="a", visibility='b", "c'), 60).token
    for other in (Subject(clip_id='a", "b', visibility="c"), Subject(clip_id="a", visibility="b")):
        with pytest.raises(GrantRefused):
            grants.read(other, token)


# --- at every address ---


def test_a_wrong_grant_opens_nothing_at_any_address(here: Gate, tmp_path: Path) -> None:
    everywhere = here.addresses()
    for kind, token in wrong_tokens(here, tmp_path).items():
        for address in everywhere if kind in ("none", "of another clip") else (AUDIO, "/listen/clip_1"):
            here.try_wrong(kind, address, token)
    assert here.tried >= 2 * len(everywhere) + 16
    assert here.opened == []


def test_a_right_grant_opens_every_address_and_no_cache_keeps_what_it_opened(here: Gate) -> None:
    token = here.grants.give(MEMBERS, 60).token
    for address in here.addresses():
        answer = here.client.get(f"{address}{'&' if '?' in address else '?'}grant={token}", follow_redirects=False)
        assert answer.status_code in (200, 302), (address, answer.text)
        assert answer.headers["cache-control"] == PRIVATE, address


def test_once_expired_nothing_opens_and_no_range_is_sent(here: Gate) -> None:
    token = here.grants.give(MEMBERS, 60, 0).token
    assert here.get(AUDIO, token, Range="bytes=0-9").status_code == 206
    here.now_s += 60
    for address in here.addresses():
        here.try_wrong("expired", address, token)
    here.try_wrong("expired, a range", AUDIO, token, Range="bytes=10-20")
    assert here.opened == []
    assert here.get("/v1/clips/clip_1", token).json()["code"] == "grant_expired"
    # Who searches by article, as players do, is told to renew it too; who never had one learns nothing.
    by_article = "/v1/clips?site=gazette&article=1"
    assert here.get(by_article, token).json()["code"] == "grant_expired"
    assert here.get(by_article).json() == {"clips": []}


def test_each_description_renews_the_grant_until_its_limit(here: Gate) -> None:
    assert renewals_wrong(here) == []


def test_an_article_is_for_others_from_the_moment_its_cms_says_so(here: Gate) -> None:
    assert late_changes(here) == []


def test_nothing_of_it_is_told_to_strangers(here: Gate) -> None:
    assert told_to_strangers(here) == []


def test_players_are_led_on_with_their_grant(here: Gate) -> None:
    token = here.grants.give(MEMBERS, 60).token
    answer = here.client.get(f"/v1/clips/clip_1/audio.mp3?grant={token}", follow_redirects=False)
    assert answer.headers["location"] == f"{AUDIO}?grant={token}"
    page = here.get("/listen/clip_1", token).text
    for part in (
        f'grant="{token}"',
        f'src="{AUDIO}?grant={token}"',
        f'href="/about/clip_1?grant={token}"',
        f'href="/feedback?clip=clip_1&amp;r=1&amp;grant={token}"',
        'content="noindex"',
    ):
        assert part in page
    assert "application/ld+json" not in page
    assert "og:" not in page
    assert "oembed" not in page


def test_a_frame_tells_strangers_kindly_in_their_language(here: Gate) -> None:
    asked = {"Accept": "text/html", "Accept-Language": "de-CH,en;q=0.5"}
    answer = here.client.get("/embed/clip_1", headers=asked)
    assert answer.status_code == 403
    assert "Diese Audioversion ist für Abonnenten" in answer.text
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "This audio is for subscribers" in here.client.get("/embed/clip_1", headers={"Accept": "text/html"}).text


def test_no_log_line_and_no_metric_has_a_grant(here: Gate, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = here.grants.give(MEMBERS, 60).token
    for address in here.addresses():
        here.get(address, token)
        here.get(address, f"{token}0")
    # The test's own client logs what it asks for; the service logs nothing of it.
    ours = [line.getMessage() for line in caplog.records if not line.name.startswith("httpx")]
    assert not [line for line in ours if token[:60] in line]
    assert token[:60] not in here.client.get("/metrics").text


# --- who gives grants ---


def test_only_the_sites_own_publisher_gets_a_grant(here: Gate) -> None:
    assert given_wrongly(here) == []


def test_a_publisher_asks_by_clip_or_by_article(here: Gate) -> None:
    key = create_key(here.parts.database, "cms", ("clips:grant",), "gazette")
    for path in ("/v1/clips/clip_1/grants", "/v1/articles/gazette/1/grants"):
        answer = here.client.post(path, json={"life_s": 90, "renew_s": 0}, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 201, answer.text
        assert answer.headers["cache-control"] == "no-store"
        given = answer.json()
        ends = datetime.fromtimestamp(START_S + 90, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        assert (given["clip"], given["expires_at"], given["renewable_until"]) == ("clip_1", ends, ends)
        base = here.parts.settings.base_url
        for name in ("listen_url", "embed_url", "audio_url"):
            assert here.client.get(given[name].removeprefix(base)).status_code == 200, name
    for life in (0, LONGEST_S + 1):
        headers = {"Authorization": f"Bearer {key}"}
        assert here.client.post("/v1/clips/clip_1/grants", json={"life_s": life}, headers=headers).status_code == 422


def test_who_heard_it_can_report_without_the_grant_they_no_longer_hold(here: Gate) -> None:
    description = here.get("/v1/clips/clip_1", here.grants.give(MEMBERS, 60).token).json()
    here.now_s += 60
    sent = {"clip": "clip_1", "category": "other", "clip_token": description["feedback_token"]}
    received = here.client.post("/v1/feedback", json=sent)
    assert received.status_code == 201
    assert here.client.get(f"/feedback/{received.json()['reference']}").status_code == 200
    forged = sent | {"clip_token": description["feedback_token"][:-1] + "x"}
    assert here.client.post("/v1/feedback", json=forged).status_code == 403


def test_staff_are_led_to_every_clip_with_what_opens_it(parts: Parts) -> None:
    ready_clip(parts)
    with TestClient(create_app(parts), base_url=BASE, follow_redirects=False) as client:
        here = Gate(parts, client)
        assert here.client.get("/staff/hear/clip_1").status_code == 401
        cookie = signed(parts).headers
        assert client.get("/staff/hear/clip_1", headers=cookie).headers["location"] == "/listen/clip_1"
        here.allow("members")
        led_to = client.get("/staff/hear/clip_1", headers=cookie).headers["location"]
        assert client.get("/listen/clip_1").status_code == 403
        assert client.get(led_to).status_code == 200


# --- where audio comes from elsewhere ---


@pytest.mark.parametrize(
    "values", [{"audio_base_url": "https://cdn.example/a"}, {"signed_store_urls": True}, {"accel_redirect": "/inside"}]
)
def test_what_isnt_public_is_never_sent_elsewhere(tmp_path: Path, values: dict[str, Any]) -> None:
    parts = make_parts(tmp_path, **values)
    ready_clip(parts)
    with TestClient(create_app(parts)) as client:
        app: Any = client.app
        here = Gate(parts, client)
        here.allow("members")
        token = app.state.grants.give(MEMBERS, 60).token
        answer = client.get(f"{AUDIO}?grant={token}", follow_redirects=False)
        assert answer.status_code == 200
        assert "location" not in answer.headers
        assert answer.headers["cache-control"] == PRIVATE


def test_what_isnt_public_isnt_kept_where_a_cdn_serves_the_store(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, audio_base_url="https://cdn.example/a")
    submit(parts, make_article(), Wish())
    with pytest.raises(Conflict, match="TTS_AUDIO_BASE_URL"):
        submit(parts, make_article(visibility="paid"), Wish())
    with parts.database.reading() as session:
        assert session.scalars(select(ClipRow.state)).one() == "withdrawn"
    parts.close()


# --- what a CMS says ---


@pytest.fixture
def workers(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Workers:
    return Workers(parts, monkeypatch)


def send(parts: Parts, text: str, visibility: str | None = None, **more: Any) -> str:
    return submit(parts, make_article(external_id="1", source=text, visibility=visibility, **more), BEEP).job_id


def states(parts: Parts) -> tuple[str, str, list[str]]:
    """(visibility, clip's state, its revisions' states)."""
    with parts.database.reading() as session:
        article, clip = session.scalars(select(ArticleRow)).one(), session.scalars(select(ClipRow)).one()
        revisions = session.scalars(select(ClipRevisionRow.state).order_by(ClipRevisionRow.revision)).all()
    return article.visibility, clip.state, list(revisions)


def test_the_same_text_for_others_isnt_rendered_again(parts: Parts, workers: Workers) -> None:
    job = send(parts, "All of it.")
    workers.render(job)
    assert send(parts, "All of it.", "paid") == job
    assert states(parts) == ("paid", "ready", ["ready"])
    assert send(parts, "All of it.") == job  # says nothing of who it is for
    assert states(parts)[0] == "paid"
    assert send(parts, "All of it.", "public") == job
    assert states(parts) == ("public", "ready", ["ready"])
    assert heard(parts) == "All of it."


def test_what_was_made_for_payers_isnt_opened_by_another_text_that_is_public(parts: Parts, workers: Workers) -> None:
    workers.render(send(parts, "All of it, for payers.", "paid"))
    begun = workers.begin(send(parts, "More of it, for payers.", "paid"))
    public = send(parts, "A teaser.", "public")
    assert states(parts) == ("public", "rendering", ["withdrawn", "withdrawn"])
    assert begun is not None
    assert not workers.finish(begun)  # its job was ended: it can't publish what it had begun
    with TestClient(create_app(parts)) as client, parts.database.reading() as session:
        clip = session.scalars(select(ClipRow.id)).one()
        assert client.get(f"/v1/clips/{clip}").json()["title"] == make_article().title
        for address in ("r/1/audio.mp3", "r/1/transcript", "live.mp3?r=1", "live.mp3?r=2", "r/2/marks.json"):
            assert client.get(f"/v1/clips/{clip}/{address}").status_code == 404, address
    workers.render(public)
    assert heard(parts) == "A teaser."
    with parts.database.reading() as session:
        ended = session.scalars(select(JobRow.state).order_by(JobRow.revision)).all()
    assert list(ended) == ["succeeded", "superseded", "succeeded"]


def test_what_isnt_public_doesnt_open_before_its_embargo_is_over(parts: Parts, workers: Workers) -> None:
    workers.render(send(parts, "All of it.", "paid"))
    with pytest.raises(Conflict, match="publish_at"):
        send(parts, "All of it.", "public", publish_at=datetime.now(UTC) + timedelta(hours=1))
    assert states(parts)[0] == "paid"


def test_a_feeds_teaser_never_takes_the_place_of_what_only_members_may_hear(parts: Parts) -> None:
    url = "https://gazette.example/bridge"
    whole = make_article(external_id="1", source="All of it.", visibility="members", url=url)
    submit(parts, whole, BEEP)
    with parts.database.writing() as session:
        session.add(
            FoundArticleRow(
                site=whole.site,
                address=url,
                found_in="https://gazette.example/rss",
                state="waiting",
                reason="",
                attempts=0,
                due_ms=0,
                found_ms=1,
            )
        )
    context = RequestContext(
        parts=parts, outbound=outbound_of(parts.settings), politeness=Politeness(0), queue="normal"
    )
    found = FoundArticle(address=url, article=make_article(external_id=url, source="A teaser.", url=url))
    assert submit_found(context, SiteDefaults(), whole.site, found) == "known"
    with parts.database.reading() as session:
        assert session.scalars(select(ArticleRevisionRow.source)).all() == ["All of it."]
        assert session.get_one(FoundArticleRow, (whole.site, url)).state == "known"


def test_a_clip_for_members_is_heard_live_with_a_grant_only(parts: Parts) -> None:
    made = rendering_clip(parts)
    made.speak(0)
    with TestClient(create_app(parts)) as client:
        app: Any = client.app
        Gate(parts, client).allow("members")
        assert client.get("/v1/clips/clip_1/live.mp3", headers={"Range": "bytes=1-5"}).status_code == 403
        token = app.state.grants.give(MEMBERS, 60).token
        answer = client.get(f"/v1/clips/clip_1/live.mp3?grant={token}", headers={"Range": "bytes=1-5"})
        assert (answer.status_code, answer.content) == (206, made.live[1:6])
        assert token not in json.dumps(dict(answer.headers))


def test_what_was_said_is_in_a_public_clip(here: Gate) -> None:
    """The words that must not be told are there to be told."""
    here.allow("public")
    everything = "".join(here.get(address).text for address in here.addresses() if "audio" not in address)
    assert [said for said in SAID if said not in everything] == []
    assert clip_token(here.client)
