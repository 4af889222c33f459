"""Requests with an Idempotency-Key: answered once, kept with the job, one job however they come."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.measure.openapi_document import document
from tts_service.access.keys import create_key
from tts_service.db.tables import IdempotencyKeyRow, JobRow
from tts_service.errors import IdempotencyKeyMalformed, VoiceNotFound
from tts_service.jobs import submit as submitting
from tts_service.jobs.control import withdraw
from tts_service.jobs.idempotency import KEPT_MS, InFlight, Once, StoredAnswer, answer_once, forget_keys, read_key
from tts_service.parts import Parts
from tts_service.web.app import create_app

KEY = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'
WELL_FORMED: list[tuple[list[str], str | None]] = [
    ([], None),
    (["abc"], "abc"),
    (['"abc"'], "abc"),
    ([" \tabc "], "abc"),
    (['"a b,c"'], "a b,c"),
    ([r'"say \"hi\" \\ there"'], 'say "hi" \\ there'),
    (["x" * 255], "x" * 255),
    (['"' + "x" * 255 + '"'], "x" * 255),
    (['"' + r"\"" * 255 + '"'], '"' * 255),
    (["~!#$%&'()*+-./:;<=>?@[]^_`{|}"], "~!#$%&'()*+-./:;<=>?@[]^_`{|}"),
]
"""Headers as they may be sent, and the key in them."""
MALFORMED: list[list[str]] = [
    [""],
    [" "],
    ['""'],
    ['"'],
    ["x" * 256],
    ['"' + "x" * 256 + '"'],
    ["a b"],
    ["a,b"],
    ['"a'],
    ['a"'],
    ['a"b'],
    ['"a"; b=1'],
    ['"a", "b"'],
    ["a\x00"],
    ["a\x7f"],
    ["a\tb"],
    ['"a\nb"'],
    ["Schlüssel"],
    [r'"\n"'],
    ["a", "a"],
    ["\ud800"],
    ["x" * 100_000],
    ['"' + "\\" * 99_999],
    [r'"\"' * 30_000],
]


def article(name: str = "7", text: str = "One sentence.", **wish: Any) -> dict[str, Any]:
    return {"article": {"site": "gazette", "id": name, "text": text}, "voice": "tone:beep", **wish}


@pytest.fixture
def app(parts: Parts) -> Any:
    return create_app(parts)


@pytest.fixture
def client(parts: Parts, app: Any) -> Iterator[TestClient]:
    with TestClient(app, headers=keyed(parts), raise_server_exceptions=False) as client:
        yield client


def keyed(parts: Parts) -> dict[str, str]:
    return {"Authorization": f"Bearer {create_key(parts.database, 'cms', ('jobs:write', 'jobs:read'))}"}


def post(client: TestClient, body: dict[str, Any], key: str = KEY, **headers: str) -> httpx.Response:
    answer: httpx.Response = client.post("/v1/jobs", json=body, headers={"Idempotency-Key": key, **headers})
    return answer


def count(parts: Parts, table: type[Any] = JobRow) -> int:
    with parts.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(table)) or 0)


def test_a_repeated_request_has_the_first_ones_answer(client: TestClient, parts: Parts) -> None:
    first = post(client, article())
    withdraw(parts, "gazette", "7")  # without the key, the same article would make a new job now
    again = post(client, article())

    assert (first.status_code, first.headers.get("idempotency-replayed")) == (202, None)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (202, "true")
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert count(parts) == 1


def test_the_body_counts_not_how_it_is_written(client: TestClient, parts: Parts) -> None:
    post(client, article())
    turned = b'{ "voice":"tone:beep",\n"article":{"text":"One sentence.", "id":"7","site":"gazette"}}'
    again = client.post(
        "/v1/jobs", content=turned, headers={"Idempotency-Key": KEY, "Content-Type": "application/json"}
    )

    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    "other", [article(text="Another."), article(name="8"), article(priority="breaking"), article(formats=["opus"])]
)
def test_the_same_key_with_another_request_is_refused(client: TestClient, parts: Parts, other: dict[str, Any]) -> None:
    first = post(client, article()).json()
    refused = post(client, other)

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert refused.json()["job"] == first["id"]
    assert count(parts) == 1


def test_another_clients_same_key_is_another_key(client: TestClient, parts: Parts) -> None:
    post(client, article())
    other = post(client, article(name="8"), **keyed(parts))

    assert (other.status_code, other.headers.get("idempotency-replayed")) == (202, None)
    assert count(parts) == 2


def test_quoted_or_not_it_is_the_same_key(client: TestClient, parts: Parts) -> None:
    post(client, article())

    assert post(client, article(), KEY.strip('"')).headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(("sent", "key"), WELL_FORMED)
def test_what_a_key_may_be(sent: list[str], key: str | None) -> None:
    assert read_key(sent) == key


@pytest.mark.parametrize("sent", MALFORMED, ids=lambda sent: ascii(sent)[:40])
def test_what_is_no_key_is_refused(sent: list[str]) -> None:
    with pytest.raises(IdempotencyKeyMalformed):
        read_key(sent)


def test_a_malformed_key_is_a_400_and_makes_no_job(client: TestClient, parts: Parts) -> None:
    for key in ('""', "x" * 256, '"open'):
        refused = post(client, article(), key)
        assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_malformed")
    twice = client.post("/v1/jobs", json=article(), headers=[("Idempotency-Key", "a"), ("Idempotency-Key", "a")])
    assert twice.status_code == 400
    assert count(parts) == 0


def test_a_refused_request_leaves_the_key_free(client: TestClient, parts: Parts) -> None:
    assert post(client, article(voice="tone:nobody")).status_code == 422
    assert count(parts, IdempotencyKeyRow) == 0

    assert post(client, article()).status_code == 202


def test_while_the_first_is_worked_on_the_second_is_told_so(client: TestClient, app: Any, parts: Parts) -> None:
    key_id = client.headers["Authorization"].split("_")[1]
    once = Once(database=parts.database, api_key=key_id, key=KEY.strip('"'), request_sha256="")
    with app.state.in_flight.holding(once):
        busy = post(client, article())

    assert (busy.status_code, busy.json()["code"]) == (409, "request_in_flight")
    assert post(client, article()).status_code == 202


def test_the_answer_and_the_job_are_kept_together_or_not_at_all(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies before the commit leaves neither; the repetition makes the job."""

    def dies(_self: Once, session: Session, answer: StoredAnswer, job_id: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Once, "keep", dies)
        once = Once(database=parts.database, api_key="k", key="k", request_sha256="")
        with pytest.raises(KeyboardInterrupt):
            answer_once(once, InFlight(), lambda keep: _submitted(parts, keep))
    assert (count(parts), count(parts, IdempotencyKeyRow)) == (0, 0)


def _submitted(parts: Parts, keep: Any) -> StoredAnswer:
    from tts_service.web.api.jobs import _taken
    from tts_service.web.schemas.jobs import JobRequest

    return _taken(parts, JobRequest.model_validate(article()), keep)


def test_two_processes_at_once_make_one_job_and_have_one_answer(parts: Parts) -> None:
    """Neither knows of the other before its transaction: the later one's is given up."""
    both = threading.Barrier(2)

    def process(_: int) -> tuple[StoredAnswer, bool]:
        once = Once(database=parts.database, api_key="k", key="k", request_sha256="same")

        def work(keep: Any) -> StoredAnswer:
            both.wait(10)  # both have looked, and found nothing
            return _submitted(parts, keep)

        return answer_once(once, InFlight(), work)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(process, range(2)))

    assert sorted(replayed for _, replayed in answers) == [False, True]
    assert answers[0][0] == answers[1][0]
    assert count(parts) == 1


def test_many_at_once_make_one_job(client: TestClient, parts: Parts) -> None:
    for number in range(3):
        body, key = article(name=str(number)), f"round-{number}"
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda _, body=body, key=key: post(client, body, key), range(12)))  # type: ignore[misc]
        assert {answer.status_code for answer in answers} <= {202, 409}
        assert len({answer.content for answer in answers if answer.status_code == 202}) == 1
        assert count(parts) == number + 1


def test_keys_live_for_a_day(client: TestClient, parts: Parts) -> None:
    first = post(client, article()).json()
    with parts.database.reading() as session:
        row = session.scalars(select(IdempotencyKeyRow)).one()
    assert row.expires_ms - row.created_ms == KEPT_MS == 86_400_000
    assert forget_keys(parts.database) == 0
    with parts.database.writing() as session:
        session.execute(update(IdempotencyKeyRow).values(expires_ms=1))
    # Nobody has swept it up yet: it is free all the same.
    other = post(client, article(name="8"))
    assert (other.status_code, other.headers.get("idempotency-replayed")) == (202, None)
    assert other.json()["id"] != first["id"]
    with parts.database.writing() as session:
        session.execute(update(IdempotencyKeyRow).values(expires_ms=1))

    assert forget_keys(parts.database) == 1
    assert count(parts, IdempotencyKeyRow) == 0


def test_the_same_key_for_an_article_that_is_there_already(client: TestClient, parts: Parts) -> None:
    made = client.post("/v1/jobs", json=article())
    known = post(client, article())
    assert (known.status_code, known.json()["id"]) == (200, made.json()["id"])

    assert post(client, article()).status_code == 200


def test_a_replay_does_not_look_at_the_article_again(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = post(client, article())

    def refused(*_: Any) -> None:
        raise VoiceNotFound("the voice was removed meanwhile")

    monkeypatch.setattr(submitting, "require_acceptable", refused)
    assert post(client, article()).content == first.content


def test_the_api_describes_the_header() -> None:
    described = document()["paths"]["/v1/jobs"]["post"]["parameters"]

    assert [one["name"] for one in described if one["in"] == "header"].count("Idempotency-Key") == 1
