"""Staff, links, daily keys and erasing on PostgreSQL, where two transactions really run at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.parts.factories import make_parts
from tests.parts.staff import PASSWORD, signed_with_password, uses_at_once
from tests.parts.web_rows import ready_clip
from tts_service.access import daily
from tts_service.access.daily import DailyKeys, destroy_old_keys
from tts_service.access.keys import caller_of, create_key, revoke_key, rotate_key
from tts_service.access.sessions import make_link, person_of
from tts_service.access.staff import add_person, people, with_password
from tts_service.db.tables import ReportRow
from tts_service.errors import Conflict, KeyMissing
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.newsroom.policies import set_policy
from tts_service.newsroom.sites import all_origins, set_origins
from tts_service.parts import Parts
from tts_service.retention.listeners import ReportSelection, erase_reports, export_reports, forget_expired

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def parts(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    made = make_parts(tmp_path_factory.mktemp("pg"), database_url=postgres)
    yield made
    made.close()


def test_of_many_at_once_one_makes_an_account_and_one_uses_a_link(parts: Parts) -> None:
    def add(_: int) -> bool:
        try:
            add_person(parts.database, "once@example.org", "staff", "test")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(16))) == 1
    somebody = next(row for row in people(parts.database) if row.name == "once@example.org")
    assert uses_at_once(parts.database, make_link(parts.database, somebody.id, "sign-in", "test")) == 1


def test_a_password_opens_and_a_session_is_known(parts: Parts) -> None:
    anna = signed_with_password(parts)
    assert with_password(parts.database, anna.person.name, PASSWORD).id == anna.person.id
    assert person_of(parts.database, anna.person.token) is not None


def test_processes_that_make_the_days_key_at_once_agree(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "_day", {0: "2999-05-05", -1: "2999-05-04"}.__getitem__)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: DailyKeys(parts.database).today(), range(16)))) == 1
    monkeypatch.setattr(daily, "_day", {0: "2999-05-07", -1: "2999-05-06"}.__getitem__)
    assert destroy_old_keys(parts.database) == 1


def test_a_key_is_rotated_used_and_ended(parts: Parts) -> None:
    key = create_key(parts.database, "cms", ("jobs:read",))
    new = rotate_key(parts.database, key[4:12])
    assert caller_of(parts.database, f"Bearer {key}").key_id == key[4:12]
    revoke_key(parts.database, key[4:12])
    assert caller_of(parts.database, f"Bearer {new}").key_id == new[4:12]
    with pytest.raises(KeyMissing):
        caller_of(parts.database, f"Bearer {key}")


def test_what_is_personal_is_erased(parts: Parts, tmp_path: Path) -> None:
    ready_clip(parts)
    mine = ReportDraft(clip_id="clip_1", category="other", comment="mine", email="Me@example.org", sender="0" * 32)
    references = [receive(parts, mine) for _ in range(3)]
    with parts.database.writing() as session:
        session.get_one(ReportRow, references[0]).created_ms = 1
    assert len(export_reports(parts.database, ReportSelection(email="me@EXAMPLE.org"))) == 3
    settings = parts.settings.model_copy(update={"report_sender_days": 0})
    assert forget_expired(parts.database, settings) >= 4
    assert len(export_reports(parts.database, ReportSelection(email="me@example.org"))) == 2
    assert erase_reports(parts.database, ReportSelection(email="me@example.org"), "test") == 2
    assert erase_reports(parts.database, ReportSelection(reference=references[0]), "test", whole=True) == 1
    assert [row["comment"] for row in export_reports(parts.database, ReportSelection())] == ["", ""]


def test_origins_and_policy_of_a_site_stand_side_by_side(parts: Parts) -> None:
    set_policy(parts.database, parts.voices, "gazette", {"emoji": "named"})
    set_origins(parts.database, "gazette", ["https://gazette.example"])
    set_policy(parts.database, parts.voices, "herald", {"emoji": "named"})
    assert all_origins(parts.database) == {"https://gazette.example"}
