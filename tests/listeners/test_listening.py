"""How far clips are listened to: counted once, without a trace of who listened, and told only where many did."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from typer.testing import CliRunner

from tests.parts.factories import make_parts, make_settings
from tests.parts.staff import BASE, signed
from tests.parts.web_rows import clip_token, ready_clip
from tts_service.access.keys import create_key
from tts_service.commands import app as command_line
from tts_service.db.tables import ArticleRow, Base, ListeningRow
from tts_service.errors import NotFound
from tts_service.listeners.listening.counting import ListeningMessage, count, day_of, forget_listening, keys_of
from tts_service.listeners.listening.figures import figures_of, percent, since_days
from tts_service.newsroom.sites import set_options, set_origins
from tts_service.parts import Parts
from tts_service.web.app import create_app

TELL = "/v1/listening"
WHOLE = ["start", "quarter", "half", "three_quarters", "end"]


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    ready_clip(parts)
    with TestClient(create_app(parts), base_url=BASE) as client:
        yield client


def beacon(client: TestClient, given: dict[str, Any] | None = None, **headers: str) -> int:
    """What the player sends; the status."""
    body = {"clip": "clip_1", "revision": 1, "reached": ["start"]} | (given or {})
    if "clip_token" not in body:
        body["clip_token"] = clip_token(client)
    sent = json.dumps({name: value for name, value in body.items() if value is not None})
    return client.post(TELL, content=sent, headers={"Content-Type": "text/plain;charset=UTF-8"} | headers).status_code


def counts(parts: Parts) -> dict[str, int]:
    with parts.database.reading() as session:
        rows = session.execute(select(ListeningRow.what, func.sum(ListeningRow.times)).group_by(ListeningRow.what))
        return {what: int(times) for what, times in rows}


def heard(parts: Parts, times: int, *keys: str, day: str | None = None, revision: int = 1) -> None:
    """So many listeners who did this, on some day."""
    with parts.database.writing() as session:
        today = session.scalar(select(ListeningRow.day).limit(1)) or "2026-11-23"
        session.add_all(
            [ListeningRow(clip_id="clip_1", revision=revision, day=day or today, what=key, times=times) for key in keys]
        )


def test_a_batch_is_counted(client: TestClient, parts: Parts) -> None:
    assert beacon(client, {"reached": WHOLE, "speed": 1.25}) == 204
    assert beacon(client, {"reached": ["start", "quarter"], "speed": 1.3, "left": 1}) == 204
    assert counts(parts) == {
        "start": 2,
        "quarter": 2,
        "half": 1,
        "three_quarters": 1,
        "end": 1,
        "speed:1.25": 2,
        "left:1": 1,
    }


def test_what_one_opened_page_tells_twice_counts_once(client: TestClient, parts: Parts) -> None:
    token = clip_token(client)
    for _ in range(3):
        assert beacon(client, {"clip_token": token, "reached": ["start"], "left": 0}) == 204
    assert beacon(client, {"clip_token": token, "reached": ["start", "quarter"], "left": 2}) == 204
    assert counts(parts) == {"start": 1, "quarter": 1, "left:0": 1}


@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"Sec-GPC": "1"}], ids=str)
def test_who_does_not_want_it_is_not_counted(client: TestClient, parts: Parts, headers: dict[str, str]) -> None:
    assert beacon(client, **headers) == 204
    assert beacon(client, **dict.fromkeys(headers, "0")) == 204
    assert counts(parts) == {"start": 1}


def test_a_site_that_does_not_want_it_is_not_counted_and_its_players_are_told(client: TestClient, parts: Parts) -> None:
    assert client.get("/v1/clips/clip_1").json()["listening"] is True
    set_options(parts.database, "gazette", {"listening": False})
    assert client.get("/v1/clips/clip_1").json()["listening"] is False
    assert beacon(client) == 204
    assert counts(parts) == {}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"clip_token": "none"}, 403),
        ({"clip": "clip_2"}, 403),  # a token of another clip
        ({"revision": 7}, 404),
        ({"left": 3}, 404),  # it has three sentences
        ({"left": -1}, 422),
        ({"reached": ["middle"]}, 422),
        ({"reached": ["start"] * 6}, 422),
        ({"speed": 100}, 422),
        ({"revision": None}, 422),
        ({"listener": "me"}, 422),
        ({"clip": "x" * 3000}, 413),
    ],
    ids=str,
)
def test_what_no_player_sends_is_refused(client: TestClient, parts: Parts, given: dict[str, Any], status: int) -> None:
    assert beacon(client, given) == status
    assert counts(parts) == {}


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"[" * 1500], ids=str)
def test_no_beacon_at_all_is_refused(client: TestClient, body: bytes) -> None:
    assert client.post(TELL, content=body).status_code in (400, 422)


def test_a_withdrawn_clip_is_not_counted(client: TestClient, parts: Parts) -> None:
    token = clip_token(client)
    with parts.database.writing() as session:
        session.execute(update(ArticleRow).values(withdrawn_ms=1))
    assert beacon(client, {"clip_token": token}) == 404


def test_one_address_tells_of_one_clip_so_often_and_no_more(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, rate_listening="2/hour")
    ready_clip(parts)
    with TestClient(create_app(parts), base_url=BASE) as client:
        assert [beacon(client) for _ in range(3)] == [204, 204, 429]
    assert counts(parts) == {"start": 2}


def test_other_sites_scripts_may_call_as_for_feedback(client: TestClient, parts: Parts) -> None:
    set_origins(parts.database, "gazette", ["https://gazette.example"])
    for origin, allowed in (("https://gazette.example", True), ("https://elsewhere.example", False)):
        got = client.options(TELL, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        assert ("access-control-allow-origin" in got.headers) is allowed


def test_nothing_that_is_kept_says_who_listened(client: TestClient, parts: Parts) -> None:
    token = clip_token(client)
    before = {table.name: _rows(parts, table) for table in Base.metadata.sorted_tables}
    beacon(client, {"clip_token": token, "reached": WHOLE}, **{"User-Agent": "Strange/1", "Cookie": "a=b"})
    after = {table.name: _rows(parts, table) for table in Base.metadata.sorted_tables}
    new = {name: [row for row in rows if row not in before[name]] for name, rows in after.items()}
    assert {name for name, rows in new.items() if rows} == {"listening"}
    assert {tuple(row)[:2] + tuple(row)[3:] for row in new["listening"]} == {("clip_1", 1, what, 1) for what in WHOLE}
    got = client.post(TELL, content="{}")
    assert "set-cookie" not in got.headers


def _rows(parts: Parts, table: Any) -> list[Any]:
    with parts.database.reading() as session:
        return list(session.execute(select(table)))


def test_what_is_told_of_a_clip(parts: Parts) -> None:
    ready_clip(parts)
    heard(parts, 20, "start", "speed:1")
    heard(parts, 15, "quarter")
    heard(parts, 10, "half", "three_quarters")
    heard(parts, 5, "end", "speed:1.5", "left:2")
    heard(parts, 6, "left:1")
    heard(parts, 4, "left:0")
    with parts.database.reading() as session:
        found = figures_of(session, "clip_1")
    assert (found.all.starts, found.all.completion, found.all.speed) == (20, 0.25, 1.0)
    assert [percent(found.all, name) for name in WHOLE[1:]] == ["75 %", "50 %", "50 %", "25 %"]
    assert [(one.text, one.times) for one in found.left] == [
        ("Three hundred people came.", 6),
        ("Traffic starts tomorrow.", 5),
    ]
    assert found.left_elsewhere == 0, "four at one sentence are too few to be told of"
    assert (found.days, found.few_days) == ((("2026-11-23", 20),), 0)


def test_few_listeners_are_not_told_apart(parts: Parts) -> None:
    ready_clip(parts)
    heard(parts, 4, "start", "end", "left:1", "speed:2")
    with parts.database.reading() as session:
        few = figures_of(session, "clip_1")
    assert (few.all.starts, few.all.completion, few.all.speed, few.left, few.days) == (None, None, None, (), ())
    heard(parts, 3, "start", day="2026-11-22")
    heard(parts, 9, "start", day="2026-11-21", revision=2)
    with parts.database.reading() as session:
        found = figures_of(session, "clip_1")
    assert (found.all.starts, found.days, found.few_days) == (16, (("2026-11-21", 9),), 7)
    assert {number: one.starts for number, one in found.revisions.items()} == {1: 7, 2: 9}


def test_staff_tools_read_the_figures_of_their_site(client: TestClient, parts: Parts) -> None:
    ready_clip(parts, name="2", site="herald")
    heard(parts, 7, *WHOLE)
    own, other = (
        {"Authorization": f"Bearer {create_key(parts.database, 'tool', ('reports',), site)}"}
        for site in ("gazette", "herald")
    )
    (listed,) = client.get(f"{TELL}?days=3660", headers=own).json()["clips"]
    one = client.get("/v1/clips/clip_1/listening?days=3660", headers=own).json()
    assert one == listed
    assert (one["starts"], one["end"], one["completion"]) == (7, 7, 1.0)
    assert client.get(f"{TELL}?days=3660", headers=other).json()["clips"] == []
    assert client.get(f"{TELL}?site=gazette", headers=other).status_code == 403
    assert client.get("/v1/clips/clip_1/listening", headers=other).status_code == 404
    assert client.get("/v1/clips/clip_9/listening", headers=own).status_code == 404


def test_a_day_has_one_row_of_each_kind(parts: Parts) -> None:
    ready_clip(parts)
    told = ListeningMessage(clip_id="clip_1", revision=1, milestones=("start", "start"), speed=1.1, left=2)
    assert keys_of(told) == ("start", "speed:1", "left:2")
    for _ in range(3):
        count(parts.database, told, keys_of(told))
    assert counts(parts) == {"start": 3, "speed:1": 3, "left:2": 3}
    assert len(_rows(parts, ListeningRow.__table__)) == 3


def test_figures_are_erased_in_time(parts: Parts) -> None:
    ready_clip(parts)
    count(parts.database, ListeningMessage(clip_id="clip_1", revision=1), ["start"])
    heard(parts, 9, "start", "end", day="2020-01-01")
    settings = make_settings(parts.settings.data_dir, listening_days=30)
    assert forget_listening(parts.database, settings) == 2
    assert counts(parts) == {"start": 1}


def test_there_are_no_figures_of_what_is_not_there(parts: Parts) -> None:
    with parts.database.reading() as session, pytest.raises(NotFound):
        figures_of(session, "clip_9")


def test_staff_see_where_listeners_leave(client: TestClient, parts: Parts) -> None:
    with parts.database.reading() as session:
        today = since_days(parts.database, session, 1)
    heard(parts, 20, "start", "speed:1.25", day=today)
    heard(parts, 5, "end", day=today)
    heard(parts, 12, "left:1", day=today)
    staff = signed(parts).headers
    listed = client.get("/staff/listening", headers=staff).text
    assert "<td>20</td><td>0%</td><td>0%</td><td>0%</td><td>25%</td><td>1.25</td>" in listed
    one = client.get("/staff/listening/clip_1", headers=staff).text
    assert "<td>Three hundred people came.</td><td>12</td>" in one
    german = client.get("/staff/listening/clip_1", headers=staff | {"Accept-Language": "de"}).text
    assert "Wo Hörer ausgestiegen sind" in german
    assert client.get("/staff/listening/clip_9", headers=staff).status_code == 404


def test_the_command_prints_a_table_and_writes_one(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.execute(update(ArticleRow).values(title="＝1+1"))
        today = day_of(parts.database.now_ms(session))
    heard(parts, 20, "start", "speed:1", day=today)
    heard(parts, 12, "quarter", "left:2", day=today)
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))
    (row,) = json.loads(CliRunner().invoke(command_line, ["listening", "--site", "gazette", "--json"]).stdout)
    assert (row["starts"], row["25 %"], row["100 %"], row["speed"]) == (20, "60 %", "0 %", 1.0)
    assert (row["most leave at"], row["leave there"]) == ("Traffic starts tomorrow.", 12)
    assert "Traffic starts" in CliRunner().invoke(command_line, ["listening"]).stdout
    assert json.loads(CliRunner().invoke(command_line, ["listening", "--site", "herald", "--json"]).stdout) == []
    file = tmp_path / "figures.csv"
    assert CliRunner().invoke(command_line, ["listening", "--csv", str(file)]).exit_code == 0
    assert [line[2] for line in csv.reader(file.read_text("utf-8-sig").splitlines())] == ["title", "'＝1+1"]
