"""Backup and restore on SQLite and a folder: what comes back, what is refused, what is held meanwhile."""

from __future__ import annotations

import io
import json
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text, update
from typer.testing import CliRunner

from tests.parts.factories import make_settings
from tests.parts.odd_rows import all_rows, fill_every_table
from tts_service.commands import app
from tts_service.db.holds import HOLD_MS, are_held, objects_held
from tts_service.db.session import Database
from tts_service.db.tables import ClipRevisionRow, JobRow, StoreHoldRow, UtteranceRow
from tts_service.errors import BackupInterrupted, BackupRefused, Conflict, DatabaseUnavailable, NotFound, ServiceError
from tts_service.jobs.recordings import UPLOADS, forget_recordings
from tts_service.jobs.store_owner import OWNER_OBJECT
from tts_service.monitoring import totals
from tts_service.monitoring.running import LAST_BACKUP_MS
from tts_service.monitoring.totals import gauge_values
from tts_service.parts import Parts
from tts_service.provenance.certificate import credentials_of, own_folder
from tts_service.retention.backup import archive, objects, restore
from tts_service.retention.backup.make import BackupMade, make_backup
from tts_service.retention.backup.objects import ReferencedObject, spooled, unspooled
from tts_service.retention.backup.restore import Restored, restore_backup
from tts_service.retention.doomed import delete_doomed, doom
from tts_service.storage.segments import name_of
from tts_service.storage.store import open_store

SOUND = bytes(range(256)) * 40
SHA256 = "7f1d5a2f2dd6ee53eb2cd2a5ed1a4f1d1ac3d0fae3ef3c6ac5f6f0c4c5f5c1c5"


def silent(_: str) -> None:
    """Progress that nobody reads."""


def backup(parts: Parts, progress: Callable[[str], None] = silent) -> tuple[bytes, BackupMade]:
    file = io.BytesIO()
    made = make_backup(parts.settings, parts.database, parts.store, file, progress)
    return file.getvalue(), made


class Place:
    """An empty place to restore to."""

    def __init__(self, folder: Path) -> None:
        self.settings = make_settings(folder)
        self.database = Database(self.settings.database)
        self.store = open_store(self.settings)

    def restore(self, data: bytes) -> Restored:
        try:
            return restore_backup(self.settings, self.database, self.store, io.BytesIO(data), silent)
        finally:
            self.database.close()

    def is_empty(self) -> bool:
        with self.database.reading() as session:
            return session.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one() == 0


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "elsewhere")


@pytest.fixture
def filled(parts: Parts) -> Parts:
    """Two rows per table: a finished clip, an unfinished one, and the objects of both."""
    fill_every_table(parts.database)
    finished = {"format": "mp3", "bytes": len(SOUND), "sha256": "", "stored": "a.mp3", "manifest": True}
    with parts.database.writing() as session:
        revisions = update(ClipRevisionRow)
        one, two = (revisions.where(ClipRevisionRow.clip_id == number) for number in "12")
        session.execute(one.values(state="ready", renditions=[finished], files=None, notice_key="ab1"))
        kept = {"format": "opus", "rendition": {"format": "opus", "bytes": 3, "sha256": "", "stored": "b.opus"}}
        left_out = {"format": "wav", "rendition": None}
        session.execute(two.values(state="rendering", renditions=None, files=[kept, left_out]))
        session.execute(update(JobRow).where(JobRow.clip_id == "1").values(state="succeeded", basis=None, revision=1))
        session.execute(
            update(JobRow)
            .where(JobRow.clip_id == "2")
            .values(state="running", basis={"cause": "recording"}, revision=2)
        )
        for number in "12":
            spoken = {"samples": 5, "segment_key": f"aa{number}", "live_piece": f"live/{number}/{number}/1-0"}
            session.execute(update(UtteranceRow).where(UtteranceRow.clip_id == number).values(**spoken))
    for name in STORED:
        parts.store.put(name, SOUND)
    for name in NOT_REFERRED_TO:
        parts.store.put(name, b"x")
    return parts


STORED = {
    "clips/1/1/a.mp3",
    "clips/1/1/a.mp3.c2pa",
    "clips/2/2/b.opus",
    "live/2/2/head",
    "live/2/2/1-0",
    f"{UPLOADS}2/2",
    name_of("aa1"),
    name_of("aa2"),
    name_of("ab1"),
}
NOT_REFERRED_TO = {"live/1/1/1-0", "clips/2/2/stretches/0", name_of("bb1"), f"{UPLOADS}1/1", "readyz/probe"}


def test_every_row_and_each_object_that_is_needed_come_back(filled: Parts, place: Place) -> None:
    data, made = backup(filled)
    done = place.restore(data)
    assert made.faults == []
    assert done.contents == made.contents
    assert set(place.store.names("")) == STORED | {OWNER_OBJECT}
    assert all(place.store.get(name) == SOUND for name in STORED)
    before, after = all_rows(filled.database), all_rows(place.database)
    assert all(before.values()), "each table must have rows for this test to see it"
    assert len(before.pop("store_holds")) == 2  # the third was the backup's own
    after.pop("store_holds")
    assert after == before


def test_the_index_of_words_is_there_after_a_restore(filled: Parts, place: Place) -> None:
    with filled.database.writing() as session:
        session.execute(text("UPDATE clip_texts SET words = 'elmsworth' WHERE clip_id = '2'"))
    place.restore(backup(filled)[0])
    with place.database.reading() as session:
        found = session.execute(text("SELECT rowid FROM clip_words WHERE clip_words MATCH 'elmsworth'"))
        assert found.scalars().all() == [2]


def test_a_large_object_goes_through_a_file(filled: Parts, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "IN_MEMORY_BYTES", 100)
    monkeypatch.setattr(restore, "IN_MEMORY_BYTES", 100)
    place.restore(backup(filled)[0])
    assert all(place.store.get(name) == SOUND for name in STORED)


def test_rows_are_written_in_several_members(filled: Parts, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_ROWS_BYTES", 1)
    with filled.database.writing() as session:  # a row that refers to one in a later member
        session.execute(text("UPDATE cases SET duplicate_of = '2' WHERE id = '1'"))
    place.restore(backup(filled)[0])
    assert all_rows(place.database)["cases"] == all_rows(filled.database)["cases"]


def test_the_self_made_signing_key_comes_back(filled: Parts, place: Place) -> None:
    own = credentials_of(filled.settings)
    place.restore(backup(filled)[0])
    assert credentials_of(place.settings) == own
    assert stat.S_IMODE((own_folder(place.settings) / "key.pem").stat().st_mode) == 0o600


def test_missing_and_damaged_objects_are_named(filled: Parts) -> None:
    with filled.database.writing() as session:
        files = [{"format": "mp3", "bytes": 3, "sha256": SHA256, "stored": "a.mp3"}]
        session.execute(update(ClipRevisionRow).where(ClipRevisionRow.clip_id == "1").values(renditions=files))
    filled.store.delete("clips/2/2/b.opus")
    filled.store.delete(name_of("aa1"))  # is spoken again
    faults = backup(filled)[1].faults
    assert sorted(fault.partition(":")[0] for fault in faults) == [
        "clips/1/1/a.mp3 is damaged",
        "clips/2/2/b.opus is missing",
    ]


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The backup with a member of other bytes, its headers kept."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(data)) as old, tarfile.open(fileobj=out, mode="w") as new:
        for member in old:
            file = old.extractfile(member)
            assert file is not None
            content = change(file.read()) if member.name == name else file.read()
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return out.getvalue()


def test_whatever_is_damaged_leaves_an_empty_database_that_can_be_restored(filled: Parts, tmp_path: Path) -> None:
    data, _ = backup(filled)
    cuts = (0, 300, 3000, data.index(b"objects/"), data.index(b"contents.json"), len(data) - 10_500)
    damaged = {f"cut at {size}": data[:size] for size in cuts}
    damaged["an object"] = changed(data, "objects/clips/1/1/a.mp3", lambda old: old[:-1] + b"?")
    damaged["rows"] = changed(data, "rows/articles/000000.json.gz", lambda old: old[:-9] + bytes(9))
    damaged["rows emptied"] = changed(data, "rows/clips/000000.json.gz", lambda _: b"")
    damaged["counts"] = changed(data, "contents.json", lambda old: old.replace(b'"objects": 9', b'"objects": 8'))
    damaged["a path"] = changed(data, "signing/key.pem", lambda old: old).replace(b"objects/live/", b"others!/live/")
    damaged["no backup"] = b"A letter."
    place = Place(tmp_path / "one")
    for what, bytes_ in damaged.items():
        with pytest.raises(ServiceError, match=r"backup|tar") as refused:
            place.restore(bytes_)
        assert isinstance(refused.value, BackupRefused), what
        assert place.is_empty(), what
    place.restore(data)
    assert all_rows(place.database)["articles"] == all_rows(filled.database)["articles"]


def test_a_name_that_leads_out_of_the_store_is_refused(filled: Parts, place: Place, tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(backup(filled)[0])) as old, tarfile.open(fileobj=out, mode="w") as new:
        for member in old:
            file = old.extractfile(member)
            member.name = member.name.replace("objects/clips/1/1/a.mp3", "objects/../../../outside")
            new.addfile(member, file)
    with pytest.raises(ServiceError):
        place.restore(out.getvalue())
    assert place.is_empty()
    assert not list(tmp_path.rglob("outside*"))


@pytest.mark.parametrize(("field", "value"), [("schema", "9999"), ("format", 2)])
def test_a_backup_of_a_newer_version_is_refused_with_the_version(
    filled: Parts, place: Place, field: str, value: object
) -> None:
    def newer(old: bytes) -> bytes:
        return json.dumps(json.loads(old) | {"program": "7.8.9", field: value}).encode()

    with pytest.raises(BackupRefused, match=r"made by version 7\.8\.9"):
        place.restore(changed(backup(filled)[0], "backup.json", newer))
    assert place.is_empty()


def test_a_restore_replaces_no_database(filled: Parts) -> None:
    data, _ = backup(filled)
    with pytest.raises(Conflict, match="isn't empty"):
        restore_backup(filled.settings, filled.database, filled.store, io.BytesIO(data), silent)


def test_a_database_of_a_newer_version_is_not_backed_up(parts: Parts) -> None:
    with parts.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BackupRefused, match="9999"):
        backup(parts)


def test_where_no_database_is_nothing_is_backed_up(place: Place) -> None:
    with pytest.raises(NotFound, match="TTS_DATA_DIR"):
        make_backup(place.settings, place.database, place.store, io.BytesIO(), silent)


def test_what_is_committed_after_the_snapshot_is_not_in_it(filled: Parts, place: Place) -> None:
    """Changes between two tables: a backup has all of a transaction or nothing."""

    def meanwhile(_: str) -> None:
        with filled.database.writing() as session:
            session.execute(text("UPDATE articles SET title = 'later'"))
            session.execute(text("UPDATE jobs SET site = 'later'"))

    before = all_rows(filled.database)
    place.restore(backup(filled, meanwhile)[0])
    after = all_rows(place.database)
    assert (after["articles"], after["jobs"]) == (before["articles"], before["jobs"])
    assert all_rows(filled.database)["articles"] != before["articles"]


def test_recordings_are_kept_while_a_backup_is_made(filled: Parts) -> None:
    with filled.database.writing() as session:
        session.execute(text("DELETE FROM store_holds"))
    kept: list[int] = []
    backup(filled, lambda _: kept.append(forget_recordings(filled)))
    assert set(kept) == {0}
    assert forget_recordings(filled) == 1


def test_doomed_objects_are_kept_while_a_backup_is_made(filled: Parts) -> None:
    """An article erased after the snapshot: its rows are in the backup, so its sound has to be."""
    with filled.database.writing() as session:
        session.execute(text("DELETE FROM store_holds"))
        session.execute(text("DELETE FROM doomed_objects"))

    def erase(_: str) -> None:
        with filled.database.writing() as session:
            doom(filled.database, session, "folder", ["clips/1/"])
        assert delete_doomed(filled) == 0

    assert backup(filled, erase)[1].faults == []
    assert delete_doomed(filled) == 2


def test_a_hold_ends_by_itself(parts: Parts) -> None:
    def is_held() -> bool:
        with parts.database.reading() as session:
            return are_held(parts.database, session)

    def until_ms() -> int:
        with parts.database.reading() as session:
            return session.query(StoreHoldRow.until_ms).scalar() or 0

    seconds = 0.0
    with objects_held(parts.database, lambda: seconds) as renew:
        assert is_held()
        with parts.database.writing() as session:
            session.execute(update(StoreHoldRow).values(until_ms=StoreHoldRow.until_ms - HOLD_MS))
        assert not is_held()
        renew()
        assert not is_held(), "too soon: each renewal is a write"
    assert until_ms() == 0


def test_a_hold_is_renewed_and_one_that_was_lost_ends_the_backup(parts: Parts) -> None:
    def until_ms() -> int:
        with parts.database.reading() as session:
            return session.query(StoreHoldRow.until_ms).scalar() or 0

    def lose(ms: int) -> None:
        with parts.database.writing() as session:
            session.execute(update(StoreHoldRow).values(until_ms=StoreHoldRow.until_ms - ms))

    seconds = 0.0
    with objects_held(parts.database, lambda: seconds) as renew:
        lose(HOLD_MS // 2)
        before, seconds = until_ms(), 31.0
        renew()
        assert until_ms() > before + HOLD_MS // 3
        lose(HOLD_MS)
        seconds = 62.0
        with pytest.raises(BackupInterrupted, match="Make the backup again"):
            renew()


def test_the_hold_is_renewed_while_objects_are_listed() -> None:
    listed = [ReferencedObject(name=str(number)) for number in range(3)]
    renewed: list[int] = []
    with spooled(iter(listed), lambda: renewed.append(1)) as file:
        assert [one.name for one in unspooled(file)] == ["0", "1", "2"]
    assert len(renewed) == 3


class TestCommands:
    @pytest.fixture(autouse=True)
    def _here(self, filled: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TTS_DATA_DIR", str(filled.settings.data_dir))

    def test_a_folder_gets_a_dated_file_for_its_owner_only(self, tmp_path: Path) -> None:
        folder = tmp_path / "backups"
        folder.mkdir()
        done = CliRunner().invoke(app, ["backup", str(folder)])
        (made,) = folder.iterdir()
        assert done.exit_code == 0, done.output
        assert made.name.startswith("tts-backup-2")
        assert stat.S_IMODE(made.stat().st_mode) == 0o600

    def test_through_a_pipe_into_another_place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made = CliRunner().invoke(app, ["backup", "-"])
        monkeypatch.setenv("TTS_DATA_DIR", str(tmp_path / "new"))
        done = CliRunner().invoke(app, ["restore", "-"], input=made.stdout_bytes)
        assert done.exit_code == 0, done.output
        assert "9 objects restored" in done.output
        assert (tmp_path / "new/audio/clips/1/1/a.mp3").read_bytes() == SOUND

    def test_an_incomplete_backup_is_written_and_reported(self, filled: Parts, tmp_path: Path) -> None:
        filled.store.delete("clips/1/1/a.mp3")
        done = CliRunner().invoke(app, ["backup", str(tmp_path / "b.tar")])
        assert "clips/1/1/a.mp3 is missing" in str(done.exception)
        assert (tmp_path / "b.tar").exists()
        with filled.database.reading() as session:
            assert gauge_values(session, LAST_BACKUP_MS) == {}

    def test_a_backup_is_complete_even_if_its_time_cannot_be_kept(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def busy(*_: object) -> None:
            raise DatabaseUnavailable("The database doesn't respond: database is locked")

        monkeypatch.setattr(totals, "set_gauge", busy)
        done = CliRunner().invoke(app, ["backup", str(tmp_path / "b.tar")])
        assert done.exit_code == 0, done.output
        assert "database is locked" in done.output
        assert (tmp_path / "b.tar").exists()

    def test_a_backup_that_fails_leaves_no_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(archive.ArchiveWriter, "object", full)
        done = CliRunner().invoke(app, ["backup", str(tmp_path / "b.tar")])
        assert isinstance(done.exception, OSError)
        assert not list(tmp_path.glob("b.tar*"))
