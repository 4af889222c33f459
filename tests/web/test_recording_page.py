"""A recording is sent and taken back on the article's page, without scripts, and by API."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from tests.parts.factories import make_article
from tests.parts.quick_render import Workers
from tests.parts.recordings import save, spoken
from tests.parts.staff import Signed, signed
from tests.web.test_jobs import is_problem, keyed
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.web.doors import bodies

TONE = Wish(voice="tone:beep")
SECONDS = 4


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed(parts)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return save(tmp_path_factory.mktemp("sent") / "sent.flac", spoken(SECONDS)).read_bytes()


@pytest.fixture
def article(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> str:
    Workers(parts, monkeypatch).render(submit(parts, make_article(source="First.", title=None), TONE).job_id)
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(duration_ms=SECONDS * 1000))
        return session.scalars(select(ArticleRow.id)).one()


def send(client: TestClient, who: Signed, article: str, sound: bytes | None, **form: str) -> Any:
    files = {"sound": ("sent.flac", sound)} if sound is not None else {"other": ("x", b"")}
    return client.post(
        f"/staff/articles/{article}/recording",
        data={"form_token": who.token} | form,
        files=files,
        headers={name: value for name, value in who.headers.items() if name.lower() != "content-type"}
        | {"Accept": "text/html"},
    )


def jobs(parts: Parts) -> list[dict[str, Any] | None]:
    with parts.database.reading() as session:
        return list(session.scalars(select(JobRow.basis).order_by(JobRow.revision)))


def record(parts: Parts) -> None:
    """The clip as it is once its recording is published."""
    with parts.database.writing() as session:
        session.execute(update(JobRow).where(JobRow.revision == 2).values(state="succeeded"))
        row = session.scalars(select(ClipRevisionRow)).one()
        values = {column.name: getattr(row, column.name) for column in ClipRevisionRow.__table__.columns}
        session.add(ClipRevisionRow(**values | {"revision": 2, "cause": "recording"}))
        session.execute(update(ClipRow).values(current_revision=2))


def test_a_recording_is_sent_and_taken_back_on_the_page(
    client: TestClient, parts: Parts, anna: Signed, article: str, sound: bytes
) -> None:
    path = f"/staff/articles/{article}"
    offered = client.get(path, headers=anna.headers).text
    assert f'action="{path}/recording" enctype="multipart/form-data"' in offered
    assert "Take the recording back" not in offered
    got = send(client, anna, article, sound)
    assert (got.status_code, got.headers.get("location")) == (303, f"{path}?done=recording.sent#told"), got.text
    assert jobs(parts)[1:] == [{"cause": "recording", "revision": 1, "source": 1}]
    shown = client.get(got.headers["location"], headers=anna.headers).text
    assert "The recording is being made ready." in shown
    assert ">Recording sent</p>" in shown

    record(parts)
    shown = client.get(path, headers=anna.headers).text
    assert "When the text of the article changes, a synthetic voice reads it again." in shown
    assert "Render again" not in shown
    got = client.post(path, data={"form_token": anna.token, "do": "unrecord"}, headers=anna.headers)
    assert (got.status_code, got.headers["location"]) == (303, f"{path}?done=recording.taken-back#told")
    assert ">Recording taken back</p>" in client.get(got.headers["location"], headers=anna.headers).text
    assert (jobs(parts)[2] or {})["cause"] == "recording_taken_back"


@pytest.mark.parametrize(
    ("sound_sent", "said", "status"),
    [(None, "Choose a sound file.", 400), (b"<html>", "decoded", 422), (b"", "Choose a sound file.", 400)],
)
def test_the_page_says_why_a_file_is_refused(
    client: TestClient, parts: Parts, anna: Signed, article: str, sound_sent: bytes | None, said: str, status: int
) -> None:
    got = send(client, anna, article, sound_sent)
    assert (got.status_code, len(jobs(parts))) == (status, 1)
    assert said in got.text
    assert "<details open>\n    <summary>Send a recording" in got.text


def test_another_length_is_accepted_with_the_box_ticked(
    client: TestClient, parts: Parts, anna: Signed, article: str, tmp_path: Path
) -> None:
    long = save(tmp_path / "long.flac", spoken(12)).read_bytes()
    refused = send(client, anna, article, long)
    assert refused.status_code == 422
    assert "the synthetic version 0:04" in refused.text
    assert send(client, anna, article, long, any_length="1").status_code == 303


def test_without_the_forms_token_or_the_right_site_nothing_is_taken(
    client: TestClient, parts: Parts, anna: Signed, article: str, sound: bytes
) -> None:
    assert send(client, anna, article, sound, form_token="x").status_code == 403
    other = signed(parts, "editor@example.org", "staff", ["herald"])
    assert send(client, other, article, sound).status_code == 403
    assert len(jobs(parts)) == 1


def test_a_key_sends_a_recording_and_takes_it_back(
    client: TestClient, parts: Parts, article: str, sound: bytes
) -> None:
    headers = keyed(parts, "reports")
    path = "/v1/articles/gazette/1/recording"
    got = client.post(path, content=sound, headers=headers | {"Content-Type": "audio/flac"})
    assert got.status_code == 202, got.text
    assert got.json()["job_id"]
    again = client.post(path, content=sound, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    record(parts)
    assert client.post(f"{path}/take-back", headers=headers).status_code == 202
    assert client.post("/v1/articles/gazette/none/recording", content=sound, headers=headers).status_code == 404
    refused = client.post(path, content=b"", headers=headers)
    assert refused.status_code in (409, 422)


def test_no_space_for_an_upload_is_said(
    client: TestClient, parts: Parts, article: str, sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sent").symlink_to("/dev/full")
    monkeypatch.setattr("tempfile.TemporaryDirectory", lambda **_: nullcontext(str(tmp_path)))
    got = client.post("/v1/articles/gazette/1/recording", content=sound, headers=keyed(parts, "reports"))
    is_problem(got, 507, "disk_full")
    assert len(jobs(parts)) == 1


def test_a_file_over_the_limit_is_refused_before_it_is_read(
    client: TestClient, parts: Parts, article: str, sound: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "RECORDING_BYTES", 1000)
    got = client.post("/v1/articles/gazette/1/recording", content=sound, headers=keyed(parts, "reports"))
    assert (got.status_code, len(jobs(parts))) == (413, 1)
