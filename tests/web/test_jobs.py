"""What a CMS meets: keys, jobs, progress, and a clear answer to every bad request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import anyio.to_thread
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, func, select

from tests.parts.factories import Doorbell
from tests.parts.web_rows import Made, clip_token, ready_clip, rendering_clip
from tts_service.access.keys import _check as check_of
from tts_service.access.keys import create_key, list_keys, revoke_key
from tts_service.db.tables import ArticleRow, JobRow
from tts_service.errors import DatabaseUnavailable, InputRefused, NotFound, StoreUnavailable
from tts_service.parts import Parts
from tts_service.web.api import jobs as api_jobs
from tts_service.web.app import create_app
from tts_service.web.shared_poll import SharedPolls

ALL = ("jobs:write", "jobs:read", "reports")


def keyed(parts: Parts, *scopes: str, site: str | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {create_key(parts.database, 'test', scopes or ALL, site)}"}


def article(**values: Any) -> dict[str, Any]:
    return {"article": {"site": "gazette", "id": "7", "title": "A title", "text": "One sentence.", **values}}


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(parts), headers=keyed(parts), raise_server_exceptions=False) as client:
        yield client


def jobs_kept(parts: Parts) -> int:
    with parts.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(JobRow)) or 0)


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= body.keys()
    assert (body["status"], body["code"]) == (status, code)
    return body


# --- jobs ---


def test_an_article_changes_threads_twice_only(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """For its key and for itself: each change costs more than what a small dependency does."""
    changes: list[object] = []
    into_thread = anyio.to_thread.run_sync

    async def counted(work: Any, *args: Any, **options: Any) -> Any:
        changes.append(work)
        return await into_thread(work, *args, **options)

    client.post("/v1/jobs", json=article())  # the day's key is read
    monkeypatch.setattr(anyio.to_thread, "run_sync", counted)
    assert client.post("/v1/jobs", json=article(id="8")).status_code == 202
    assert len(changes) == 2, changes


def test_an_article_becomes_a_job_and_the_same_one_is_not_made_twice(client: TestClient, bell: Doorbell) -> None:
    first = client.post("/v1/jobs", json=article() | {"priority": "breaking", "voice": "tone:beep"})
    job = first.json()
    assert first.status_code == 202
    assert first.headers["location"] == f"/v1/jobs/{job['id']}"
    assert (job["state"], job["progress"], job["priority"]) == ("queued", {"done": 0, "total": None}, "breaking")
    assert job["clip"]["listen_url"] == f"http://127.0.0.1:8000/listen/{job['clip']['id']}"
    assert job["clip"]["audio"]["live"].endswith("/live.mp3?r=1")
    assert job["dropped_characters"] == 0
    assert bell.rung == ["breaking"]
    again = client.post("/v1/jobs", json=article() | {"priority": "normal", "voice": "tone:beep"})
    assert (again.status_code, again.json()["id"]) == (200, job["id"])
    assert client.get(f"/v1/jobs/{job['id']}").json()["id"] == job["id"]


def test_jobs_are_listed_newest_first_page_by_page(client: TestClient) -> None:
    sent = [client.post("/v1/jobs", json=article(id=str(i))).json()["id"] for i in range(5)]
    client.delete(f"/v1/jobs/{sent[4]}")
    seen, cursor = [], None
    for _ in range(3):
        page = client.get("/v1/jobs", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [job["id"] for job in page["jobs"]]
        cursor = page["next"]
    assert (seen, cursor) == (sorted(sent, reverse=True), None)
    cancelled = client.get("/v1/jobs", params={"state": "cancelled"}).json()["jobs"]
    assert [job["id"] for job in cancelled] == [sent[4]]
    assert client.get("/v1/jobs", params={"site": "other"}).json()["jobs"] == []


def test_a_job_is_cancelled_once(client: TestClient) -> None:
    job = client.post("/v1/jobs", json=article()).json()["id"]
    assert client.delete(f"/v1/jobs/{job}").json()["state"] == "cancelled"
    is_problem(client.delete(f"/v1/jobs/{job}"), 409, "conflict")
    is_problem(client.delete("/v1/jobs/nope"), 404, "not_found")


def test_a_withdrawn_article_is_gone_everywhere(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    assert client.delete("/v1/articles/gazette/1").status_code == 204
    for path in (
        "/v1/clips/clip_1",
        "/v1/clips/clip_1/audio.mp3",
        "/v1/clips/clip_1/r/1/audio.mp3",
        "/listen/clip_1",
        "/v1/clips/clip_1/live.mp3",
        "/v1/clips/clip_1/marks.json",
        "/about/clip_1",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get("/v1/clips", params={"url": "https://example.org/1"}).json() == {"clips": []}
    is_problem(client.delete("/v1/articles/gazette/none"), 404, "not_found")


def test_an_embargoed_article_is_not_public(client: TestClient) -> None:
    sent = article(title="Secret merger") | {"publish_at": "2999-01-01T00:00:00Z"}
    job = client.post("/v1/jobs", json=sent).json()
    assert job["not_before"] == "2999-01-01T00:00:00.000Z"
    for path in (f"/v1/clips/{job['clip']['id']}", f"/listen/{job['clip']['id']}"):
        got = client.get(path)
        assert (got.status_code, "Secret" in got.text) == (404, False)
    assert client.get("/v1/clips", params={"site": "gazette", "article": "7"}).json() == {"clips": []}


def test_a_clip_is_found_by_article_and_by_address(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    by_article = client.get("/v1/clips", params={"site": "gazette", "article": "1"}).json()["clips"]
    by_url = client.get("/v1/clips", params={"url": "https://example.org/1"}).json()["clips"]
    by_id = client.get("/v1/clips/clip_1").json()
    assert len({found.pop("feedback_token") for found in (*by_article, *by_url, by_id)}) == 3  # each its own
    assert by_article == by_url == [by_id]
    assert (by_url[0]["state"], by_url[0]["duration_ms"], by_url[0]["revision"]) == ("ready", 7000, 1)
    assert by_url[0]["disclosure"] == "This audio version is artificially generated."
    assert "fingerprint" not in by_url[0]["voice"]
    is_problem(client.get("/v1/clips"), 400, "input_refused")


# --- progress ---


def test_progress_is_told_until_the_job_ends(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Made = rendering_clip(parts)
    monkeypatch.setattr(api_jobs, "EVENT_POLL_S", 0.001)
    real, away = api_jobs._job, [DatabaseUnavailable("gone for a moment")]

    def job(*args: Any) -> Any:
        if len(told) == 4 and away:
            raise away.pop()
        return real(*args)

    monkeypatch.setattr(api_jobs, "_job", job)
    told: list[tuple[str | None, int, str | None]] = []

    async def follow() -> None:
        with SharedPolls(1).place() as place:
            async for event in api_jobs.stream_job_events(real(parts, made.job, None), parts, place):
                told.append((event.event, event.data["progress"]["done"], event.id))
                if len(told) < 4:
                    made.speak(len(told) - 1)
                elif len(told) == 4:
                    made.end()
                    made.finish()

    asyncio.run(follow())
    assert told == [*(("progress", done, str(done + 1)) for done in range(4)), ("succeeded", 3, "5")]
    assert not away


def test_a_stream_ends_when_its_job_is_erased(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    made = rendering_clip(parts)
    monkeypatch.setattr(api_jobs, "EVENT_POLL_S", 0.001)

    async def follow() -> list[str | None]:
        told = []
        with SharedPolls(1).place() as place:
            async for event in api_jobs.stream_job_events(api_jobs._job(parts, made.job, None), parts, place):
                told.append(event.event)
                with parts.database.writing() as session:
                    session.execute(delete(JobRow))
        return told

    assert asyncio.run(follow()) == ["progress"]


def test_an_ended_job_tells_its_end_at_once(client: TestClient, parts: Parts) -> None:
    made = rendering_clip(parts)
    made.fail()
    got = client.get(f"/v1/jobs/{made.job}/events")
    text = got.text
    assert got.headers["content-type"].startswith("text/event-stream")
    assert text.count("event: ") == 1
    assert "event: failed" in text
    assert "unspeakable_text" in text
    is_problem(client.get("/v1/jobs/nope/events"), 404, "not_found")


# --- keys ---


def test_a_key_looks_as_promised_and_is_kept_as_a_hash(parts: Parts) -> None:
    key = create_key(parts.database, "cms", ("jobs:write",), "gazette", 30)
    kept = list_keys(parts.database)[0]
    assert key.startswith(f"ltk_{kept['id']}_")
    assert len(key) == 51
    assert (kept["name"], kept["scopes"], kept["site"]) == ("cms", "jobs:write", "gazette")
    assert kept["expires_ms"] == kept["created_ms"] + 30 * 86_400_000
    assert key not in repr(kept)
    with pytest.raises(InputRefused):
        create_key(parts.database, "cms", ("jobs:everything",))
    with pytest.raises(NotFound):
        revoke_key(parts.database, "nope")


def test_a_missing_wrong_mistyped_old_or_revoked_key_is_a_401(parts: Parts) -> None:
    good = keyed(parts)["Authorization"]
    mistyped = good[:-1] + ("a" if good[-1] != "a" else "b")
    other = keyed(parts)["Authorization"]
    revoke_key(parts.database, other[11:19])
    old = f"Bearer {create_key(parts.database, 'old', ALL, None, 0)}"
    swapped = good[:20] + other[20:]
    forged = good[:20] + "0" * 32  # well-formed, of a key that is known, but with another secret
    forged += check_of(forged.removeprefix("Bearer "))
    with TestClient(create_app(parts)) as client:
        assert client.get("/v1/jobs", headers={"Authorization": good}).status_code == 200
        assert client.get("/v1/jobs", headers={"Authorization": good.replace("Bearer", "bearer")}).status_code == 200
        is_problem(client.get("/v1/jobs"), 401, "key_missing")
        for header in (
            "",
            "Bearer",
            f"Basic {good[7:]}",
            mistyped,
            other,
            old,
            swapped,
            forged,
            "Bearer ltk_ü",
            "Bearer " + "x" * 900,
        ):
            got = client.get("/v1/jobs", headers={b"Authorization": header.encode()})
            is_problem(got, 401, "key_missing")
            assert got.headers["www-authenticate"].startswith("Bearer")


def test_a_key_does_only_what_its_scopes_say(parts: Parts) -> None:
    reader = keyed(parts, "jobs:read")
    with TestClient(create_app(parts)) as client:
        assert client.get("/v1/jobs", headers=reader).status_code == 200
        is_problem(client.post("/v1/jobs", json=article(), headers=reader), 403, "not_allowed")
        is_problem(client.delete("/v1/articles/gazette/1", headers=reader), 403, "not_allowed")
        is_problem(client.get("/v1/reports", headers=reader), 403, "not_allowed")
        is_problem(client.get("/v1/jobs", headers=keyed(parts, "jobs:write")), 403, "not_allowed")


def test_a_site_bound_key_touches_only_its_site(parts: Parts) -> None:
    ready_clip(parts, name="1", site="gazette")
    ready_clip(parts, name="2", site="herald")
    bound = keyed(parts, site="gazette")
    with TestClient(create_app(parts)) as client:
        assert [job["id"] for job in client.get("/v1/jobs", headers=bound).json()["jobs"]] == ["job_1"]
        is_problem(client.get("/v1/jobs?site=herald", headers=bound), 403, "not_allowed")
        is_problem(client.get("/v1/jobs/job_2", headers=bound), 404, "not_found")
        is_problem(client.get("/v1/jobs/job_2/events", headers=bound), 404, "not_found")
        is_problem(client.delete("/v1/jobs/job_2", headers=bound), 404, "not_found")
        is_problem(client.delete("/v1/articles/herald/2", headers=bound), 403, "not_allowed")
        is_problem(client.post("/v1/jobs", json=article(site="herald"), headers=bound), 403, "not_allowed")
        for clip in ("clip_1", "clip_2"):
            report = {"clip": clip, "category": "other", "clip_token": clip_token(client, clip)}
            assert client.post("/v1/feedback", json=report).status_code == 201
        reports = client.get("/v1/reports", headers=bound).json()["reports"]
        assert [report["site"] for report in reports] == ["gazette"]
        other = client.get("/v1/reports", headers=keyed(parts)).json()["reports"]
        foreign = next(report["reference"] for report in other if report["site"] == "herald")
        is_problem(client.patch(f"/v1/reports/{foreign}", json={"state": "rejected"}, headers=bound), 404, "not_found")


# --- bad input ---


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"text": ""}, 422, "empty_article"),
        ({"text": " \n\t "}, 422, "empty_article"),
        ({"text": "\x00\x00"}, 422, "empty_article"),
        ({"text": "a" * 200_001}, 413, "too_large"),
        ({"text": None, "html": "é" * 2_500_001}, 413, "too_large"),
        ({"language": "tlh"}, 422, "unknown_language"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_spoken_is_refused_before_anything_is_kept(
    client: TestClient, parts: Parts, change: dict[str, Any], status: int, code: str
) -> None:
    sent = article(**change)
    sent["article"] = {name: value for name, value in sent["article"].items() if value is not None}
    is_problem(client.post("/v1/jobs", json=sent), status, code)
    assert jobs_kept(parts) == 0


def test_unknown_voices_and_formats_are_refused_with_the_known_ones(client: TestClient) -> None:
    voice = is_problem(client.post("/v1/jobs", json=article() | {"voice": "tone:bleep"}), 422, "unknown_voice")
    assert "tone:beep" in voice["detail"]
    kind = is_problem(client.post("/v1/jobs", json=article() | {"formats": ["flac"]}), 422, "unknown_format")
    assert kind["known"] == ["mp3", "m4a", "opus", "wav"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"article": {"site": "gazette", "id": "1"}}, "article"),
        ({"article": {"site": "gazette", "id": "1", "text": "a", "html": "b"}}, "article"),
        ({"article": {"site": "../etc", "id": "1", "text": "a"}}, "article.site"),
        ({"article": {"site": "gazette", "id": "", "text": "a"}}, "article.id"),
        ({"article": {"site": "gazette", "id": "x" * 201, "text": "a"}}, "article.id"),
        ({"article": {"site": "gazette", "id": "1", "text": "a", "url": "javascript:alert(1)"}}, "article.url"),
        ({"article": {"site": "gazette", "id": "1", "text": "a", "url": "http://[::1"}}, "article.url"),
        ({"article": {"site": "gazette", "id": "1", "text": "a", "markdwon": "b"}}, "article.markdwon"),
        ({"article": {"site": "gazette", "id": "1", "text": 5}}, "article.text"),
        ({"article": "text"}, "article"),
        ({"priority": "urgent"}, "priority"),
        ({"formats": []}, "formats"),
        ({"publish_at": "tomorrow"}, "publish_at"),
        ({"publish_at": "soon"}, "publish_at"),
        ({"callback_url": "ftp://example.org/"}, "callback_url"),
        ({"\ud800": 1}, "body"),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_a_wrong_field_is_named(client: TestClient, parts: Parts, change: dict[str, Any], field: str) -> None:
    body = json.dumps(article() | change).encode()
    got = client.post("/v1/jobs", content=body, headers={"Content-Type": "application/json"})
    problem = is_problem(got, 422, "invalid_request")
    assert problem["errors"][0]["field"] == field
    assert problem["detail"].startswith(field)
    assert jobs_kept(parts) == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nope", b'{"article": \xff\xfe}', b'"\xc3\x28"', b"[" * 30_000, b"1" * 5000],
    ids=["nothing", "open", "word", "bytes", "utf-8", "deep", "number"],
)
def test_what_is_not_json_in_utf_8_is_a_400(client: TestClient, body: bytes) -> None:
    got = client.post("/v1/jobs", content=body, headers={"Content-Type": "application/json"})
    assert got.status_code == 400 if body else 422
    assert got.headers["content-type"] == "application/problem+json"


def test_nuls_and_lone_surrogates_are_dropped_and_counted(client: TestClient, parts: Parts) -> None:
    body = json.dumps(article(title="A\x00B", text="One \ud800sentence.\udfff\x00 And 😀.")).encode()
    got = client.post("/v1/jobs", content=body, headers={"Content-Type": "application/json"})
    assert (got.status_code, got.json()["dropped_characters"]) == (202, 4)
    with parts.database.reading() as session:
        assert session.scalars(select(ArticleRow.title)).one() == "AB"


def test_a_body_is_cut_while_it_arrives(client: TestClient) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield b'{"article": {"html": "'
        for _ in range(1000):
            taken += 1
            yield b"x" * 100_000

    got = client.post("/v1/jobs", content=endless(), headers={"Content-Type": "application/json"})
    is_problem(got, 413, "too_large")
    assert got.headers["connection"] == "close"


def test_a_body_that_announces_too_much_is_not_even_read(client: TestClient) -> None:
    for path, length in [("/v1/jobs", 8_000_001), ("/v1/feedback", 65_537), ("/v1/reports/R-1", 10**30)]:
        got = client.post(path, content=b"{}", headers={"Content-Length": str(length)})
        is_problem(got, 413 if length < 10**20 else 405, "too_large" if length < 10**20 else "method_not_allowed")


def test_a_lying_content_length_does_not_open_the_gate(parts: Parts) -> None:
    with TestClient(create_app(parts)) as client:
        got = client.post("/v1/feedback", content=b"x" * 70_000, headers={"Content-Length": "5"})
    is_problem(got, 413, "too_large")


def test_a_long_article_without_a_key_is_not_read(parts: Parts) -> None:
    with TestClient(create_app(parts)) as client:
        is_problem(client.post("/v1/jobs", json=article(text="a" * 70_000)), 413, "too_large")
        is_problem(client.post("/v1/jobs", json=article()), 401, "key_missing")


def test_unknown_things_are_problems_too(client: TestClient) -> None:
    for path in (
        "/v1/jobs/nope",
        "/v1/clips/nope",
        "/v1/clips/nope/audio.mp3",
        "/v1/clips/nope/live.mp3",
        "/v1/nope",
        "/v1/clips/nope/r/1/captions.vtt",
        "/v1/feedback/R-0000-0000",
        "/static/nope.css",
    ):
        is_problem(client.get(path), 404, "not_found")
    got = client.put("/v1/jobs")
    is_problem(got, 405, "method_not_allowed")
    assert got.headers["allow"]
    is_problem(client.get("/v1/clips/a%00b"), 400, "nul_in_address")
    is_problem(client.get("/v1/clips?url=%00"), 400, "nul_in_address")
    is_problem(client.get(f"/v1/clips/a/r/{10**30}/audio.mp3"), 422, "invalid_request")


def test_a_page_that_is_not_there_is_a_page_for_a_browser(client: TestClient) -> None:
    got = client.get("/listen/nope", headers={"Accept": "text/html,*/*"})
    assert got.status_code == 404
    assert got.headers["content-type"].startswith("text/html")
    is_problem(client.get("/listen/nope"), 404, "not_found")


def test_a_database_or_store_that_is_down_is_a_503_and_nothing_is_accepted(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_args: Any, **_kwargs: Any) -> Any:
        raise DatabaseUnavailable("connection to 10.0.0.1 refused")

    ready_clip(parts)
    report = {"clip": "clip_1", "category": "other", "clip_token": clip_token(client)}
    kept = jobs_kept(parts)
    with monkeypatch.context() as broken:
        broken.setattr(type(parts.database), "writing", down)
        got = client.post("/v1/jobs", json=article())
        assert "10.0.0.1" not in is_problem(got, 503, "database_unavailable")["detail"]
        assert got.headers["retry-after"] == "5"
        is_problem(client.post("/v1/feedback", json=report), 503, "database_unavailable")
    assert jobs_kept(parts) == kept

    def away(*_args: Any) -> Any:
        raise StoreUnavailable("no route to s3.internal")

    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(type(parts.store), "size", away)
    monkeypatch.setattr(type(parts.store), "read_range", away)
    assert "s3.internal" not in is_problem(client.get("/readyz"), 503, "store_unavailable")["detail"]
    is_problem(client.get("/v1/clips/clip_1/r/1/audio.mp3"), 503, "store_unavailable")
    for header in ({"Range": "bytes=0-1"}, {"Range": "bytes=0-1,5-6"}):
        is_problem(client.get("/v1/clips/clip_1/r/1/audio.mp3", headers=header), 503, "store_unavailable")
    assert client.get("/healthz").status_code == 200


def test_an_unexpected_error_tells_nothing_of_the_inside(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise KeyError("secret place")

    monkeypatch.setattr(api_jobs, "submit", broken)
    got = client.post("/v1/jobs", json=article())
    is_problem(got, 500, "internal")
    assert "secret" not in got.text


def test_a_broker_that_is_down_loses_nothing(client: TestClient, parts: Parts, bell: Doorbell) -> None:
    bell.broken = True
    assert client.post("/v1/jobs", json=article()).status_code == 202
    assert jobs_kept(parts) == 1
