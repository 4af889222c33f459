"""What happens to the bucket and to what lies in the store: errors, slowness, an outage, changed bytes."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable
from typing import Any

import av
from sqlalchemy import select

from tests.measure.faults.drive import Drive, driving
from tests.measure.faults.line import Line, Outcome
from tests.measure.faults.sender import Sender
from tests.measure.faults.texts import SLOW, article
from tests.measure.faults.world import Plan, World
from tests.parts.s3_servers import Bucket, s3_server, settings_of
from tts_service.db.tables import ClipRevisionRow, JobRow

_COPIES = 100_000
"""Added to the number of an article for another one with the same text."""


def troubled_bucket(jobs: int) -> Outcome:
    """30 % of the requests fail for 20 s, all take 5 s for 20 s, then nothing answers for a minute."""
    with s3_server(conditional=0) as bucket, driving(jobs, Plan(settings=settings_of(bucket)), every_s=1.0) as drive:
        met = 0
        for trouble, seconds in (({"fails": 0.3}, 20.0), ({"slow_s": 5.0}, 20.0), ({"down": True}, 60.0)):
            drive.until_busy()
            _set(bucket, **trouble)
            with drive.meeting() as running:
                drive.wait(seconds)
            met += len(running)
            _set(bucket, fails=0.0, slow_s=0.0, down=False)
            drive.wait(5.0)
        drive.ended()
        found = drive.outcome()
        found.hits = met
        named = _named_files(drive.world)
        found.notes["files in the bucket that no row names"] = sum(
            name.startswith("clips/") and not name.endswith(".c2pa") and name not in named for name in bucket.objects
        )
        return found


def _set(bucket: Bucket, **values: Any) -> None:
    for name, value in values.items():
        setattr(bucket, name, value)


def _named_files(world: World) -> set[str]:
    with world.parts.database.reading() as session:
        rows = session.scalars(select(ClipRevisionRow)).all()
    return {f"clips/{row.clip_id}/{row.revision}/{one['stored']}" for row in rows for one in row.renditions or []}


def spoilt_segments(jobs: int) -> Outcome:
    """A third of the stored sentences have another byte, or none at all, when articles of the same text arrive."""
    half = jobs // 2
    with driving(half) as drive:
        drive.ended()
        stored = [path for path in (drive.world.settings.data_dir / "audio/segments").rglob("*") if path.is_file()]
        spoilt = random.sample(stored, len(stored) // 3)
        for number, path in enumerate(spoilt):
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.write_bytes(bytes(data) if number % 2 else b"")
        first = drive.sender.accepted
        again = Sender(drive.world, half, at_once=half, body=_copy, key="copy")
        again.start()
        again.finish()
        drive.sender.accepted = first | {_COPIES + number: job for number, job in again.accepted.items()}
        drive.ended()
        found = drive.outcome()
        found.hits = len(spoilt)
        pairs = {first[number]: again.accepted[number] for number in range(half) if article(number)["voice"] == SLOW}
        differ = _that_differ(drive, pairs)
        found.problems = [*found.problems, *(f"{job} sounds otherwise than before" for job in differ)]
        damaged = sum(drive.world.log_of(name).count("is damaged") for name in ("worker-0", "worker-1"))
        found.notes["damaged segments in the log"] = damaged
        return found


def _copy(number: int) -> dict[str, Any]:
    body = article(number)
    return body | {"article": body["article"] | {"id": str(_COPIES + number)}}


def _that_differ(drive: Drive, pairs: dict[str, str]) -> list[str]:
    sound = _sound_of(drive.world)
    return [copy for job, copy in pairs.items() if sound(job) != sound(copy)]


def _sound_of(world: World) -> Callable[[str], str]:
    """Hash of what a job's clip sounds like: two signatures are never the same, so no two files are."""

    def sound(job_id: str) -> str:
        with world.parts.database.reading() as session:
            job = session.get_one(JobRow, job_id)
            revision = session.get_one(ClipRevisionRow, (job.clip_id, job.revision))
        (made,) = revision.renditions or []
        data = world.parts.store.get(f"clips/{job.clip_id}/{job.revision}/{made['stored']}")
        with av.open(io.BytesIO(data)) as container:
            digest = hashlib.sha256()
            for frame in container.decode(audio=0):
                digest.update(bytes(frame.planes[0]))
        return digest.hexdigest()

    return sound


LINES = (
    Line(name="bucket-troubled", number=21, fault="S3: 30 % errors, 5 s slow, 60 s away", run=troubled_bucket),
    Line(name="segments-spoilt", number=44, fault="a third of the stored sentences damaged", run=spoilt_segments),
)
