"""Writers that are killed or find the disk full leave nothing behind for good."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.corrections.desk_bench import Newsroom
from tests.parts.factories import make_parts, make_settings
from tests.parts.quick_render import Workers, prepare_job
from tts_service.db.tables import ClipRevisionRow, JobRow, UtteranceRow
from tts_service.errors import DiskFull
from tts_service.jobs.lease import claim
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.owner import this_owner
from tts_service.retention.prune import Pruner, prune_all, weigh_all
from tts_service.storage.store import open_store

KILLED = """
import sys, time, obstore, obstore.store
store = obstore.store.LocalStore(sys.argv[1], mkdir=True)
def endless():
    yield b"half of it"
    print("begun", flush=True)
    time.sleep(60)
obstore.put(store, "clips/clip_1/1/a.mp3", endless(), chunk_size=1)
"""
"""A writer that stops in the middle, as obstore stages it."""
STAGED = ("clips/clip_1/1/a.mp3#1", "live/clip_1/1/0-1#2", "segments/ab/ab1#10", "readyz/probe#1")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 20 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(folder)], check=False, capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_file_of_a_killed_writer_is_staged_under_a_name_that_is_swept(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    folder = settings.data_dir / "audio"
    writer = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "begun\n"
    writer.kill()
    writer.wait()
    writer.stdout.close()
    (left,) = files(folder)
    store = open_store(settings)
    assert list(store.names("")) == []
    now_ms = int((folder / left).stat().st_mtime * 1000)
    assert store.remove_staged(now_ms) == []
    assert [one.name for one in store.remove_staged(now_ms + 1000)] == [left]
    assert files(folder) == set()


def test_pruning_removes_what_was_staged_a_day_ago_and_counts_it(tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    folder = parts.settings.data_dir / "audio"
    for name in (*STAGED, "clips/clip_1/1/b.mp3#1"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
        if name in STAGED:
            os.utime(path, (path.stat().st_mtime - 90_000,) * 2)
    told = weigh_all(parts)
    assert (told.amounts["unfinished files"], told.bytes["unfinished files"]) == (4, 16)
    assert Pruner(parts).turn().amounts["unfinished files"] == 4
    assert prune_all(parts).amounts["unfinished files"] == 0
    assert files(folder) == {"clips/clip_1/1/b.mp3#1", "installation", "pruning/clock"}
    parts.close()


def test_a_deleted_object_leaves_no_empty_folder(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    store, folder = open_store(settings), settings.data_dir / "audio"
    for name in ("clips/clip_1/1/a.mp3", "clips/clip_1/2/a.mp3"):
        store.put(name, b"sound")
    store.delete("clips/clip_1/1/a.mp3")
    assert sorted(path.name for path in folder.rglob("*")) == ["2", "a.mp3", "clip_1", "clips"]
    store.delete("clips/clip_1/2/a.mp3")
    assert folder.exists()
    assert list(folder.iterdir()) == []


def test_a_full_disk_leaves_no_staged_file_and_no_row_without_its_object(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = make_parts(tmp_path, store_url=f"file://{small}")
    newsroom = Newsroom(parts, Workers(parts, monkeypatch))
    first = newsroom.publish()
    filler = small / "filler"
    with filler.open("wb") as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(bytes(65_536))
            file.flush()
    with pytest.raises(DiskFull):
        parts.store.put("clips/clip_x/1/long.mp3", bytes(1_000_000))
    with pytest.raises(DiskFull):
        parts.store.put_new("segments/ab/ab1", bytes(1_000_000))
    job = newsroom.save("2", text="First we met on a full disk. Last we left it.")
    lease = claim(parts, job, this_owner())
    assert lease is not None
    with pytest.raises(DiskFull) as error:
        prepare_job(parts, lease)
        newsroom.workers.finish(lease)
    settle_job(parts, lease, error.value)
    assert [name for name in files(small) if "#" in name] == []
    with parts.database.reading() as session:
        named = set(session.scalars(select(UtteranceRow.live_piece).where(UtteranceRow.live_piece.is_not(None))))
        assert named <= files(small)
        assert session.scalars(select(ClipRevisionRow.clip_id).where(ClipRevisionRow.state == "ready")).all() == [first]
        assert (session.get_one(JobRow, job).state, session.get_one(JobRow, job).waiting) == ("queued", "disk_full")
    filler.unlink()
    with parts.database.writing() as session:
        session.execute(update(JobRow).values(due_ms=0))
    assert newsroom.workers.render(job)
    parts.close()
