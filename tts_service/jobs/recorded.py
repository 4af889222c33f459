"""A worker's way with a person's recording: levelled, encoded, checked and signed like every clip, then published."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update

from tts_service import __version__
from tts_service.audio.finish import finish_format
from tts_service.audio.order import ClipOrder
from tts_service.audio.recording import RATE_HZ, plan_recording, read_recording
from tts_service.db.tables import ClipRevisionRow, ClipRow, JobRow
from tts_service.engines.child.unspeakable import RULE
from tts_service.errors import ClipDefective, LeaseLost, RevisionOvertaken
from tts_service.jobs.files import FileState, formats_to_make, made_file, plan_digest
from tts_service.jobs.lease import Lease, write
from tts_service.jobs.locks import lock_clip_of
from tts_service.jobs.marked import store_marked
from tts_service.jobs.publish import publish
from tts_service.jobs.recordings import upload_name
from tts_service.jobs.rendering import voice_facts
from tts_service.jobs.revise import RECORDING
from tts_service.narration.labels import tags_of
from tts_service.parts import Parts
from tts_service.provenance.certificate import credentials_of
from tts_service.provenance.record import Provenance, record_from, voices_heard
from tts_service.provenance.sign import Seal
from tts_service.telemetry.metrics import AUDIO_S, JOBS_ENDED
from tts_service.values import DigitalSourceType, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded:
    """The revision in the making."""

    clip_id: str
    revision: int
    formats: tuple[str, ...]
    source: ClipRevisionRow
    """The synthetic revision whose text it reads."""
    voice: Voice
    provenance: Provenance


def make_recorded(parts: Parts, lease: Lease, lost: threading.Event) -> bool:
    """Make and publish the revision of a recording, in one turn. False: the job is for another kind of revision.

    A recording isn't divided into turns: encoding it takes a small part of its length, the lease is renewed meanwhile,
    and a worker that takes over begins again.

    Raises RevisionOvertaken, RecordingRefused, ClipDefective (MP3 failed its check), NotMarked, StoreUnavailable,
    LeaseLost.
    """
    with parts.database.reading() as session:
        job = session.get_one(JobRow, lease.job_id)
        basis = job.basis or {}
        if basis.get("cause") != RECORDING:
            return False
        clip = session.get_one(ClipRow, job.clip_id)
        source = session.get(ClipRevisionRow, (job.clip_id, basis["source"]))
    if source is None or clip.current_revision != basis["revision"]:
        raise RevisionOvertaken(f"Revision {basis['revision']} of clip {job.clip_id} isn't heard any more.")
    recorded = _recorded(job, source)
    _publish(parts, lease, recorded, _files(parts, recorded, upload_name(job.clip_id, job.id), lost))
    return True


def _recorded(job: JobRow, source: ClipRevisionRow) -> _Recorded:
    voice = Voice(
        engine=RECORDING,
        name="person",
        language=source.language,
        sample_rate_hz=RATE_HZ,
        licence="",
        digital_source_type=DigitalSourceType.CAPTURE,
    )
    record = replace(
        record_from(source.provenance or {}),
        service=f"tts-service {__version__}",
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        digital_source_type=DigitalSourceType.CAPTURE.uri,
        voices=voices_heard([voice]),
        lexicon_version="",
        policy_version="",
        spoken_notice="",
    )
    return _Recorded(
        clip_id=job.clip_id,
        revision=job.revision,
        formats=tuple(job.formats.split(",")),
        source=source,
        voice=voice,
        provenance=record,
    )


def _files(parts: Parts, recorded: _Recorded, upload: str, lost: threading.Event) -> list[FileState]:
    """Every format, stored and read back; one that fails its check is left out, unless it is MP3."""
    files: dict[str, FileState] = {}
    with tempfile.TemporaryDirectory(prefix="tts-recording-") as name:
        folder = Path(name)
        _fetch(parts, upload, folder / "sent")
        sound = read_recording(folder / "sent", folder / "pcm")
        plan = plan_recording(sound, folder / "pcm", parts.settings.loudness_lufs)
        order = _order(parts, recorded, plan.planned, sound.gain_db(parts.settings.loudness_lufs))
        digest = plan_digest(plan.planned)
        for form in formats_to_make(recorded.formats, files):
            if lost.is_set():
                raise LeaseLost("Another worker owns this job now, or it was cancelled.")
            try:
                made = finish_format(order, plan.pcm_of, folder, form)
            except ClipDefective as error:
                if form == "mp3":
                    raise
                # No `tries`: the recording itself isn't kept, so it can't be made later either.
                files[form] = FileState(format=form, plan=digest, reason=error.message)
            else:
                files[form] = made_file(made, store_marked(parts, recorded, made.path, made.rendition), digest)
    return list(files.values())


def _fetch(parts: Parts, name: str, path: Path) -> None:
    with path.open("wb") as file:
        for piece in parts.store.read_range(name, 0, parts.store.size(name) or 0):
            file.write(piece)


def _order(parts: Parts, recorded: _Recorded, planned: tuple[Any, ...], gain_db: float) -> ClipOrder:
    row, settings = recorded.source, parts.settings
    facts = {"title": row.title, "author": row.author, "date": row.published_at, "url": row.url}
    return ClipOrder(
        planned=planned,
        sample_rate_hz=RATE_HZ,
        gain_db=gain_db,
        formats=recorded.formats,
        tags=tags_of(recorded.provenance, row.language, **facts),
        target_lufs=settings.loudness_lufs,
        ceiling_dbtp=settings.true_peak_dbtp,
        seal=Seal(recorded.provenance, row.title, credentials_of(settings)),
    )


def _publish(parts: Parts, lease: Lease, recorded: _Recorded, files: Sequence[FileState]) -> None:
    """Revision finished and heard, job succeeded: all or nothing. It isn't held: staff sent it."""
    row, made = recorded.source, [one for one in files if one.rendition]
    first = next(one for one in made if one.format == "mp3")
    place = {"clip_id": recorded.clip_id, "revision": recorded.revision}
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        lock_clip_of(session, lease.job_id)
        write(session, lease, state="succeeded", finished_ms=now, lease_owner=None, lease_until_ms=None)
        session.add(
            ClipRevisionRow(
                **place,
                state="rendering",
                cause=RECORDING,
                title=row.title,
                author=row.author,
                url=row.url,
                published_at=row.published_at,
                language=row.language,
                voice=voice_facts(recorded.voice),
                sample_rate_hz=RATE_HZ,
                blocks=row.blocks,
                account=[line for line in row.account if line["kind"] != RULE],
                live_head_bytes=0,
                duration_ms=first.duration_ms,
                loudness_lufs=first.loudness_lufs,
                true_peak_dbtp=first.true_peak_dbtp,
                renditions=[asdict(one.rendition) for one in made if one.rendition],
                files=[one.as_json() for one in files],
                provenance=recorded.provenance.as_json(),
                created_ms=now,
            )
        )
        session.flush()
        if not publish(parts, session, lease.job_id, now):
            session.execute(update(ClipRevisionRow).filter_by(**place).values(state="withdrawn"))
    JOBS_ENDED.labels("succeeded").inc()
    AUDIO_S.inc((first.duration_ms or 0) / 1000)
