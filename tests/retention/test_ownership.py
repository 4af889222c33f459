"""A store belongs to one installation: no other deletes from it, or works on jobs with it."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tests.corrections.desk_bench import Newsroom
from tests.parts.factories import make_parts, make_settings
from tests.parts.quick_render import Workers
from tts_service.access.audit import COMMAND_LINE
from tts_service.commands import app
from tts_service.commands.doctor.parts import check_all
from tts_service.db.session import Database
from tts_service.errors import StoreUnavailable
from tts_service.jobs.store_owner import OTHER_OWNER, OWNER_OBJECT, installation_id, owner_of
from tts_service.monitoring.totals import gauge_values
from tts_service.monitoring.weighing import PRUNABLE_BYTES, weigh_store
from tts_service.parts import Parts
from tts_service.retention.backup.make import make_backup
from tts_service.retention.backup.restore import Restored, restore_backup
from tts_service.retention.doomed import delete_doomed, doom
from tts_service.retention.erasure import erase_article
from tts_service.retention.ownership import UNKNOWN_OBJECTS, adopt_store, claim_store, store_refusal, unknown_objects
from tts_service.retention.prune import Pruner, prune_all, weigh_all
from tts_service.storage.store import open_store
from tts_service.web.app import create_app

Opens = Callable[[str, str], Newsroom]


@pytest.fixture
def opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    """A newsroom with a database and a store of these names: each name is a new one."""
    opened: list[Parts] = []

    def make(database: str, store: str) -> Newsroom:
        parts = make_parts(tmp_path / database, store_url=f"file://{tmp_path / store}")
        opened.append(parts)
        return Newsroom(parts, Workers(parts, monkeypatch))

    yield make
    for parts in opened:
        parts.close()


def audio(newsroom: Newsroom) -> set[str]:
    """What the store keeps, but for what the service writes to look at the store."""
    return {name for name in newsroom.parts.store.names("") if name not in (OWNER_OBJECT, "pruning/clock")}


def claim(newsroom: Newsroom) -> str | None:
    return claim_store(newsroom.parts.database, newsroom.parts.store)


def age(newsroom: Newsroom) -> None:
    """Every object was written two days ago."""
    for path in Path(newsroom.parts.settings.store.removeprefix("file://")).rglob("*"):
        if path.is_file():
            os.utime(path, (path.stat().st_mtime - 2 * 86_400,) * 2)


def restored(newsroom: Newsroom, folder: Path, store: Path) -> tuple[Restored, Database]:
    """A backup of it, restored into another database and this store."""
    file = io.BytesIO()
    parts = newsroom.parts
    make_backup(parts.settings, parts.database, parts.store, file, lambda _: None)
    file.seek(0)
    settings = make_settings(folder, store_url=f"file://{store}")
    database = Database(settings.database)
    return restore_backup(settings, database, open_store(settings), file, lambda _: None), database


def test_an_empty_store_is_claimed_at_once_and_stays_claimed(opens: Opens) -> None:
    one, other = opens("one", "store"), opens("other", "store")
    assert claim(one) is None
    assert owner_of(one.parts.store) == installation_id(one.parts.database)
    assert claim(other) == OTHER_OWNER
    assert claim(one) is None
    assert installation_id(one.parts.database) != installation_id(other.parts.database)


def test_a_store_from_before_there_were_owners_is_claimed_by_the_database_that_knows_it(opens: Opens) -> None:
    one = opens("one", "store")
    one.publish()
    for number in range(3):
        one.parts.store.put(f"clips/clip_gone/{number}/a.mp3", b"left by a worker that was killed")
    assert claim(one) is None


def test_a_store_is_claimed_while_all_that_it_holds_waits_to_be_deleted(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = opens("one", "store")
    one.publish()
    one.parts.store.delete(OWNER_OBJECT)
    monkeypatch.setattr("tts_service.retention.erasure.delete_doomed", lambda *_, **__: 0)  # the process dies before it
    erase_article(one.parts, "gazette", "1", COMMAND_LINE)
    assert len(audio(one)) > 3
    assert claim(one) is None
    delete_doomed(one.parts)
    assert audio(one) == set()


def test_a_new_database_beside_an_old_store_deletes_nothing(opens: Opens) -> None:
    one, wrong = opens("one", "store"), opens("wrong", "store")
    one.publish()
    age(one)
    before = audio(one)
    assert prune_all(wrong.parts).store_refusal == UNKNOWN_OBJECTS
    assert Pruner(wrong.parts).turn().amounts.total() == 0
    assert audio(one) == before
    assert claim(one) is None
    assert Pruner(wrong.parts).turn().store_refusal == OTHER_OWNER
    assert audio(one) == before


def test_a_store_that_was_unknown_is_not_claimed_by_filling_it(opens: Opens) -> None:
    one, wrong = opens("one", "store"), opens("wrong", "store")
    one.publish(text="One sentence.")
    before = audio(one)
    assert claim(wrong) == UNKNOWN_OBJECTS
    for number in range(4):
        wrong.publish(str(number), text=f"First we met {number} times. Then we ate. Last we left.")
    age(one)
    assert prune_all(wrong.parts).store_refusal == UNKNOWN_OBJECTS
    assert before <= audio(one)


def test_beside_another_owner_jobs_wait_and_erased_files_stay(opens: Opens) -> None:
    one = opens("one", "store")
    one.publish()
    claim(one)
    two = opens("two", "store")
    job = two.save(text="First we met.")
    with pytest.raises(StoreUnavailable, match="another installation"):
        two.workers.render(job)
    with two.parts.database.writing() as session:
        doom(two.parts.database, session, "object", audio(one))
    before = audio(one)
    with pytest.raises(StoreUnavailable, match="another installation"):
        erase_article(two.parts, "gazette", "1", COMMAND_LINE)
    assert audio(one) == before


def test_a_restored_copy_owns_a_store_of_its_own(opens: Opens, tmp_path: Path) -> None:
    one = opens("one", "store")
    one.publish()
    claim(one)
    done, database = restored(one, tmp_path / "copy", tmp_path / "elsewhere")
    assert done.store_refusal is None
    copy = open_store(make_settings(tmp_path / "copy", store_url=f"file://{tmp_path / 'elsewhere'}"))
    assert owner_of(copy) == installation_id(database) != owner_of(one.parts.store)
    database.close()


def test_a_copy_restored_beside_the_running_original_leaves_it_its_objects(opens: Opens, tmp_path: Path) -> None:
    one = opens("one", "store")
    one.publish()
    claim(one)
    done, database = restored(one, tmp_path / "copy", tmp_path / "store")
    database.close()
    assert done.store_refusal == OTHER_OWNER
    one.publish("2", text="This came after the backup.")
    age(one)
    before, copy = audio(one), opens("copy", "store")
    assert prune_all(copy.parts).store_refusal == OTHER_OWNER
    assert audio(one) == before
    prune_all(one.parts)
    assert audio(one) == before


def test_an_adopted_store_is_swept_by_the_new_owner_alone(opens: Opens) -> None:
    one, two = opens("one", "store"), opens("two", "store")
    one.publish()
    claim(one)
    before = {one.name: one.bytes for one in one.parts.store.objects("") if one.name != OWNER_OBJECT}
    unknown = unknown_objects(two.parts)
    assert (unknown.known, unknown.number, unknown.bytes) == (0, len(before), sum(before.values()))
    adopt_store(two.parts.database, two.parts.store)
    assert prune_all(one.parts).store_refusal == OTHER_OWNER
    age(two)
    assert prune_all(two.parts).amounts["stray files"] == len(before)
    assert audio(two) == set()


def test_the_command_says_what_would_go_before_it_takes_a_store_over(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = opens("one", "store"), opens("two", "store")
    one.publish()
    claim(one)
    for name, value in {"DATA_DIR": two.parts.settings.data_dir, "STORE_URL": two.parts.settings.store}.items():
        monkeypatch.setenv(f"TTS_{name}", str(value))
    unknown = unknown_objects(two.parts)

    def command(*given: str, answer: str = "") -> tuple[int, str]:
        done = CliRunner().invoke(app, ["prune", *given], input=answer)
        return done.exit_code, " ".join(done.output.split())

    refused = command()
    assert (refused[0], OTHER_OWNER in refused[1]) == (1, True)
    shown = f"{unknown.number} with {unknown.bytes} bytes aren't"
    for given, answer in ((["--adopt", "--dry-run"], ""), (["--adopt"], "n\n")):
        code, said = command(*given, answer=answer)
        assert (code, shown in said) == (1, True)
        assert owner_of(one.parts.store) == installation_id(one.parts.database)
    assert command("--adopt", answer="y\n")[0] == 0
    assert owner_of(one.parts.store) == installation_id(two.parts.database)
    assert "already" in command("--adopt")[1]


def test_a_dry_run_of_adoption_claims_nothing(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    one, wrong = opens("one", "store"), opens("wrong", "store")
    one.publish()
    age(one)

    def dry_run(newsroom: Newsroom) -> tuple[int, str]:
        settings = newsroom.parts.settings
        for name, value in {"DATA_DIR": settings.data_dir, "STORE_URL": settings.store}.items():
            monkeypatch.setenv(f"TTS_{name}", str(value))
        done = CliRunner().invoke(app, ["prune", "--adopt", "--dry-run"])
        return done.exit_code, done.output

    assert dry_run(one)[0] == 0
    code, said = dry_run(wrong)
    assert (code, "0 objects in the store are known" in said) == (1, True)
    assert owner_of(one.parts.store) is None
    assert store_refusal(wrong.parts.database, wrong.parts.store) is None  # it wasn't noted, either


def test_nothing_counts_as_prunable_in_the_store_of_another_installation(opens: Opens) -> None:
    one, two = opens("one", "store"), opens("two", "store")
    one.publish()
    claim(one)
    age(one)
    weighed = []
    for number in range(2):
        weigh_store(two.parts)
        with two.parts.database.reading() as session:
            weighed.append(gauge_values(session, PRUNABLE_BYTES))
        if not number:
            adopt_store(two.parts.database, two.parts.store)
    assert sum(weighed[0].values()) == 0
    assert sum(weighed[1].values()) > 0


def test_ready_doctor_and_the_log_name_it(opens: Opens, caplog: pytest.LogCaptureFixture) -> None:
    one, two = opens("one", "store"), opens("two", "store")
    one.publish()
    pruner = Pruner(two.parts)
    with caplog.at_level(logging.WARNING):
        pruner.turn()
        pruner.turn()
    assert [record.message for record in caplog.records] == [UNKNOWN_OBJECTS]
    assert store_refusal(two.parts.database, two.parts.store) == UNKNOWN_OBJECTS
    claim(one)
    with TestClient(create_app(two.parts)) as client:
        down = {part["part"]: part["message"] for part in client.get("/readyz").raise_for_status().json()["down"]}
    assert down["store"] == OTHER_OWNER
    found = next(one for one in check_all(two.parts.settings, []) if one.name == "store owner")
    assert (found.fine, found.found) == (False, OTHER_OWNER)
    assert weigh_all(two.parts).store_refusal == OTHER_OWNER


def test_an_owner_that_was_lost_with_the_power_is_written_again(opens: Opens) -> None:
    newsroom = opens("ours", "store")
    assert claim(newsroom) is None
    newsroom.parts.store.put(OWNER_OBJECT, b"")
    assert claim(newsroom) is None
    assert owner_of(newsroom.parts.store) == installation_id(newsroom.parts.database)


def test_rows_are_pruned_and_the_clock_is_noted_while_the_store_is_away(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom = opens("ours", "store")
    pruner = Pruner(newsroom.parts)
    pruner.turn()
    noted = []
    monkeypatch.setattr("tts_service.retention.prune.held_until", lambda _: noted.append("clock"))
    monkeypatch.setattr("tts_service.retention.prune._prune_rows", lambda *_, **__: noted.append("rows"))

    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr("tts_service.retention.prune.claim_store", away)
    with pytest.raises(StoreUnavailable):
        pruner.turn()
    assert noted == ["clock", "rows"]
