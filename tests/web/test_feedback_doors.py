"""What a report passes before it is kept, and how long what listeners gave of themselves stays."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from typer.testing import CliRunner

from tests.parts.staff import BASE
from tests.parts.web_rows import clip_token, ready_clip
from tests.web.test_jobs import is_problem
from tts_service.access import daily
from tts_service.access.daily import DailyKeys, destroy_old_keys
from tts_service.commands import app as command_line
from tts_service.db.tables import DailyKeyRow, ReportRow
from tts_service.errors import FeedbackRefused, InputRefused, NotFound
from tts_service.listeners.reports import ReportDraft, change_report, receive
from tts_service.parts import Parts
from tts_service.retention.listeners import ReportSelection, as_csv, erase_reports, export_reports, forget_expired
from tts_service.web.app import create_app
from tts_service.web.doors import clip_token as tokens

ADDRESS = "203.0.113.77"
DAY_MS = 86_400_000


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    ready_clip(parts)
    ready_clip(parts, name="2")
    with TestClient(create_app(parts), base_url=BASE, follow_redirects=False, client=(ADDRESS, 7)) as client:
        yield client


def limited(parts: Parts, **values: Any) -> TestClient:
    changed = parts.settings.model_copy(update={"trusted_proxies": "127.0.0.9", **values})
    there = Parts(**{name: getattr(parts, name) for name in Parts.__slots__} | {"settings": changed})
    return TestClient(create_app(there), base_url=BASE, client=("127.0.0.9", 7))


def report(client: TestClient, token: str, clip: str = "clip_1", **values: Any) -> Any:
    headers = values.pop("headers", {})
    sent = {"clip": clip, "category": "other", "clip_token": token} | values
    return client.post("/v1/feedback", json=sent, headers=headers)


def rows(parts: Parts) -> list[ReportRow]:
    with parts.database.reading() as session:
        return list(session.scalars(select(ReportRow).order_by(ReportRow.id)))


# --- tokens ---


def test_a_report_needs_a_token_of_its_own_clip(client: TestClient, parts: Parts) -> None:
    token = clip_token(client)
    stamp, nonce, mac = token.split(".")
    forged = [
        "",
        "x",
        token[:-1],
        token + "0",
        token.upper(),
        f"{int(stamp) + 1}.{nonce}.{mac}",
        f"{stamp}.{'0' * 16}.{mac}",
        f"{stamp}.{nonce}.{'0' * 64}",
        clip_token(client, "clip_2"),
        "ü" * 100,
        "١" * 13 + "." + nonce + "." + mac,
    ]
    for wrong in forged:
        body = is_problem(report(client, wrong), 403, "feedback_refused")
        assert body["reason"] == "token", wrong
    assert rows(parts) == []
    assert report(client, token).status_code == 201


def test_a_token_lasts_two_hours_across_midnight_and_processes(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening, own = DailyKeys(parts.database), tokens.ClipTokens
    given = own(evening).issue("clip_1")
    monkeypatch.setattr(daily, "_day", lambda days: {0: "2999-01-02", -1: daily_today}[days])
    assert own(DailyKeys(parts.database)).age_s("clip_1", given) < 5  # another process, after midnight
    now = time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: now + tokens.LIFE_S + 5)
    with pytest.raises(FeedbackRefused, match="too old"):
        own(evening).age_s("clip_1", given)


daily_today = daily._day(0)


def test_a_page_that_was_open_too_long_is_given_back_with_what_was_written(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"clip": "clip_1", "category": "number", "comment": "Thirty, not thirteen"}
    with monkeypatch.context() as earlier:
        opened_ns = time.time_ns() - (tokens.LIFE_S + 5) * 1_000_000_000
        earlier.setattr(tokens.time, "time_ns", lambda: opened_ns)
        form["clip_token"] = clip_token(client)
    got = client.post("/v1/feedback", data=form)
    assert got.status_code == 422
    assert "open for too long" in got.text
    assert "Thirty, not thirteen" in got.text
    fresh = re.search(r'name="clip_token" value="([^"]+)"', got.text)
    assert fresh
    assert client.post("/v1/feedback", data=form | {"clip_token": fresh.group(1)}).status_code == 303


# --- machines ---


def test_a_filled_trap_is_refused_and_says_why(client: TestClient, parts: Parts) -> None:
    body = is_problem(report(client, clip_token(client), website="https://pills.example"), 403, "feedback_refused")
    assert body["reason"] == "trap"
    form = {"clip": "clip_1", "category": "other", "clip_token": clip_token(client), "website": "x"}
    got = client.post("/v1/feedback", data=form)
    assert (got.status_code, "Leave this field empty" in got.text) == (422, True)
    assert rows(parts) == []
    page = client.get("/feedback?clip=clip_1").text
    assert 'aria-hidden="true"' in page
    assert 'name="website" tabindex="-1" autocomplete="off"' in page


def test_nobody_writes_quicker_than_the_least_time(parts: Parts) -> None:
    ready_clip(parts)
    with limited(parts, feedback_min_s=60) as client:
        body = is_problem(report(client, clip_token(client)), 403, "feedback_refused")
        assert body["reason"] == "time"
        form = {"clip": "clip_1", "category": "other", "clip_token": clip_token(client)}
        assert "very quick" in client.post("/v1/feedback", data=form).text
    assert rows(parts) == []


def test_limits_hold_by_token_address_and_clip(parts: Parts) -> None:
    ready_clip(parts)
    ready_clip(parts, name="2")
    limits = {"rate_feedback_token": "2/hour", "rate_feedback_address": "4/hour", "rate_feedback_clip": "7/hour"}
    with limited(parts, **limits) as client:

        def sent(address: str, token: str = "", clip: str = "clip_1") -> int:
            headers = {"X-Forwarded-For": address}
            return int(report(client, token or clip_token(client, clip), clip, headers=headers).status_code)

        token = clip_token(client)
        assert [sent("203.0.113.1", token) for _ in range(3)] == [201, 201, 429]
        assert [sent("203.0.113.1") for _ in range(3)] == [201, 201, 429]
        assert [sent(f"203.0.113.{n}") for n in range(2, 7)] == [201, 201, 201, 429, 429]
        assert sent("203.0.113.9", clip="clip_2") == 201  # another clip's listeners are not in the way


def test_spam_is_cut_off_and_other_listeners_are_heard(parts: Parts) -> None:
    """From one address with a fresh token each time, and from many with a stolen one; the usual limits."""
    ready_clip(parts)
    ready_clip(parts, name="2")
    with limited(parts, rate_public="") as client:

        def sent(address: str, token: str, clip: str = "clip_1") -> int:
            return int(report(client, token, clip, headers={"X-Forwarded-For": address}).status_code)

        one = [sent("198.51.100.1", clip_token(client)) for _ in range(40)]
        stolen = clip_token(client)
        many = [sent(f"198.18.0.{n}", stolen) for n in range(20)]
        assert (one.count(201), many.count(201)) == (30, 10)
        real = [
            sent(f"203.0.113.{n}", clip_token(client, clip), clip) for n in range(5) for clip in ("clip_1", "clip_2")
        ]
        assert set(real) == {201}


# --- addresses ---


def test_a_senders_address_is_kept_only_as_the_days_keyed_hash(client: TestClient, parts: Parts) -> None:
    report(client, clip_token(client))
    report(client, clip_token(client))
    first, second = rows(parts)
    assert first.sender == second.sender == DailyKeys(parts.database).hashed(ADDRESS)
    assert re.fullmatch("[0-9a-f]{32}", first.sender or "")
    for path in parts.settings.data_dir.rglob("*"):
        if path.is_file():
            assert ADDRESS.encode() not in path.read_bytes(), path


def test_when_the_days_key_is_gone_nobody_knows_the_sender(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    before = DailyKeys(parts.database).hashed(ADDRESS)
    assert DailyKeys(parts.database).hashed(ADDRESS) == before  # the same in every process, all day
    days = {0: "2999-01-03", -1: "2999-01-02"}
    monkeypatch.setattr(daily, "_day", days.__getitem__)
    assert DailyKeys(parts.database).hashed(ADDRESS) != before
    assert destroy_old_keys(parts.database) == 1
    with parts.database.reading() as session:
        assert list(session.scalars(select(DailyKeyRow.day))) == ["2999-01-03"]


def test_processes_that_make_the_days_key_at_once_agree(parts: Parts) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: DailyKeys(parts.database).today(), range(16)))) == 1


# --- retention, erasing, export ---


def with_email(parts: Parts, email: str = "listener@example.org", **values: Any) -> str:
    ready = {
        "clip_id": "clip_1",
        "category": "pronunciation",
        "comment": "It is my own name, Sinéad",
        "email": email,
        "sender": "0" * 32,
    } | values
    return receive(parts, ReportDraft(**ready))


def moved(parts: Parts, reference: str, **ms: int) -> None:
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        values = {name: now - value for name, value in ms.items()}
        session.execute(update(ReportRow).where(ReportRow.id == reference).values(**values))


def test_addresses_are_erased_after_90_days_or_with_the_answer(client: TestClient, parts: Parts) -> None:
    settled, open_, old, answering, answered = (with_email(parts) for _ in range(5))
    change_report(parts, settled, "corrected")
    moved(parts, settled, created_ms=89 * DAY_MS, settled_ms=88 * DAY_MS)
    moved(parts, open_, created_ms=89 * DAY_MS)
    moved(parts, old, created_ms=91 * DAY_MS)
    moved(parts, answering, answered_ms=60_000)
    moved(parts, answered, answered_ms=2 * 3_600_000)  # the process died while it answered
    assert forget_expired(parts.database, parts.settings) == 5  # two addresses, three senders
    found = {row.id: (row.email is not None, row.sender is not None) for row in rows(parts)}
    assert found == {
        settled: (True, False),
        open_: (True, False),
        old: (False, False),
        answering: (True, True),
        answered: (False, True),
    }
    assert forget_expired(parts.database, parts.settings) == 0


def test_erasing_by_address_or_reference_leaves_no_residue(client: TestClient, parts: Parts) -> None:
    mine = [
        with_email(parts, "Zzyzx.Q@example.org", comment="xylophone quartz"),
        with_email(parts, "zzyzx.q@EXAMPLE.org"),
    ]
    change_report(parts, mine[0], "corrected", "wrote to zzyzx.q@example.org")
    other = with_email(parts)
    assert erase_reports(parts.database, ReportSelection(email=" zzyzx.q@example.org"), "test") == 2
    assert erase_reports(parts.database, ReportSelection(reference=mine[0].lower()), "test", whole=True) == 1
    assert [row.id for row in rows(parts)] == sorted([mine[1], other])
    kept = next(row for row in rows(parts) if row.id == mine[1])
    assert (kept.email, kept.comment, kept.note, kept.sender, kept.category) == (None, "", "", None, "pronunciation")
    assert next(row for row in rows(parts) if row.id == other).email == "listener@example.org"
    for path in parts.settings.data_dir.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            for residue in (b"zzyzx.q", b"xylophone quartz"):
                assert residue not in data, path
    with pytest.raises(InputRefused):
        erase_reports(parts.database, ReportSelection(site="gazette"), "test")
    with pytest.raises(NotFound):
        erase_reports(parts.database, ReportSelection(reference="R-0000-0000"), "test")


def test_erasing_and_exporting_by_command(client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))
    reference, _ = with_email(parts), with_email(parts, "other@example.org")
    run = CliRunner()
    told = json.loads(run.invoke(command_line, ["feedback", "export", "--email", "listener@example.org"]).stdout)
    assert [(row["id"], row["comment"]) for row in told] == [(reference, "It is my own name, Sinéad")]
    table = Path(str(parts.settings.data_dir)) / "reports.csv"
    assert run.invoke(command_line, ["feedback", "export", "--csv", str(table)]).exit_code == 0
    assert len(list(csv.reader(table.read_text("utf-8-sig").splitlines()))) == 3
    done = run.invoke(command_line, ["feedback", "erase", "--email", "listener@example.org"])
    assert done.stdout == "1 report erased\n"
    log = run.invoke(command_line, ["log", "--json"]).stdout
    assert "report.erased" in log
    assert "listener@" not in log
    assert run.invoke(command_line, ["feedback", "erase"]).exit_code == 1


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_no_cell_of_an_export_is_a_formula(client: TestClient, parts: Parts, start: str) -> None:
    with_email(parts, comment=f"x{start}")
    found = export_reports(parts.database, ReportSelection())
    found[0]["comment"] = start
    lines = list(csv.reader(io.StringIO(as_csv(found))))
    cell = lines[1][lines[0].index("comment")]
    assert cell == f"'{start}"


@pytest.mark.parametrize(
    ("sent", "header", "kept"),
    [({"language": "de-AT"}, "fr", "de-AT"), ({}, "fr-CA, en;q=0.5", "fr"), ({"language": None}, "", "en")],
)
def test_a_report_keeps_the_language_for_its_answer(
    client: TestClient, parts: Parts, sent: dict[str, Any], header: str, kept: str
) -> None:
    body = {"clip": "clip_1", "category": "other", "clip_token": clip_token(client)} | sent
    assert client.post("/v1/feedback", json=body, headers={"Accept-Language": header}).status_code == 201
    assert [row.locale for row in rows(parts)] == [kept]


def test_a_language_that_is_none_is_refused(client: TestClient, parts: Parts) -> None:
    body = {"clip": "clip_1", "category": "other", "clip_token": clip_token(client), "language": "de\r\nBcc: x"}
    is_problem(client.post("/v1/feedback", json=body), 422, "invalid_request")
