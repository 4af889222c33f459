"""Rendering in a few milliseconds, for tests of what follows from it: real rows and leases, beeps made in this process,
files that hold their own text. Begun and finished apart, so that jobs overlap as those of several workers do."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select

from tts_service.audio.check import Checked
from tts_service.audio.kept import Turn
from tts_service.audio.order import ClipOrder, Made
from tts_service.db.tables import ArticleRow, ClipRow
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.tone import ToneEngine
from tts_service.errors import LeaseLost, NotFound
from tts_service.jobs import live, sink
from tts_service.jobs.lease import Lease, claim, release
from tts_service.jobs.owner import this_owner
from tts_service.jobs.rendering import Rendering, load
from tts_service.jobs.slices import run_slice
from tts_service.narration import pipeline, script
from tts_service.parts import Parts
from tts_service.storage import segments
from tts_service.values import Rendition
from tts_service.web.reading import show

SOUND = ((live, "live_piece"), (live, "live_end"), (segments, "encode_flac"), (segments, "decode_flac"))
"""Functions of nothing but their arguments: the same few sentences are encoded once per process."""
_remembered = {name: lru_cache(maxsize=256)(getattr(module, name)) for module, name in SOUND}


def finish_at_once(order: ClipOrder, pcm_of: Callable[[int], bytes], folder: Path, form: str, turn: Turn) -> Made:
    """Stands in for audio.finish.finish_format: the samples as they are, not encoded, not measured."""
    path = folder / f"audio.{form}"
    path.write_bytes(b"".join(pcm_of(place) for place in range(len(order.planned))))
    data = path.read_bytes()
    made = Rendition(format=form, media_type="audio/mpeg", bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    return Made(rendition=made, path=path, checked=Checked(duration_ms=1000, loudness_lufs=-16, true_peak_dbtp=-3))


def store_at_once(parts: Parts, rendering: Rendering, path: Path, rendition: Rendition) -> Rendition:
    """Stands in for jobs.marked.store_marked: what is no audio can't be signed."""
    parts.store.put(f"clips/{rendering.clip_id}/{rendering.revision}/{rendition.file_name}", path)
    return rendition


def prepare_job(parts: Parts, lease: Lease) -> None:
    """The first step of a worker's first turn."""
    mine = sink.JobSink(parts, lease, until=math.inf, lost=threading.Event())
    if mine.resumed() is None:
        pipeline.prepare_script(mine.article(), mine, ToneEngine(parts.settings.voices_folder))


class Workers:
    """Workers with a job each."""

    def __init__(self, parts: Parts, monkeypatch: Any) -> None:
        monkeypatch.setattr(pipeline, "finish_format", finish_at_once)
        monkeypatch.setattr(sink, "store_marked", store_at_once)
        monkeypatch.setattr(script, "Seal", lambda *_: None)
        for module, name in SOUND:
            monkeypatch.setattr(module, name, _remembered[name])
        self._parts = parts
        self._engine = cast("EngineChild", ToneEngine(parts.settings.voices_folder))

    def begin(self, job_id: str) -> Lease | None:
        """Claim a job and prepare its text; None: it isn't to be had."""
        lease = claim(self._parts, job_id, this_owner())
        if lease is not None and load(self._parts, lease) is None:
            prepare_job(self._parts, lease)
        return lease

    def finish(self, lease: Lease) -> bool:
        """Speak and publish. False: the job isn't this worker's any more."""
        try:
            return run_slice(self._parts, self._engine, lease)
        except LeaseLost:
            return False

    def put_back(self, lease: Lease) -> None:
        """End the turn in the middle."""
        try:
            release(self._parts, lease)
        except LeaseLost:
            return

    def render(self, job_id: str) -> bool:
        """The whole of a job. False: it wasn't to be had, or was taken away."""
        lease = self.begin(job_id)
        return lease is not None and self.finish(lease)


def heard(parts: Parts, external_id: str = "1") -> str | None:
    """The text that listeners hear now; None: the clip is offline or nothing is finished."""
    with parts.database.reading() as session:
        clip = session.scalars(select(ClipRow.id).join(ArticleRow).where(ArticleRow.external_id == external_id)).one()
        try:
            shown = show(parts, session, clip)
        except NotFound:
            return None
    return shown.revision.blocks[-1]["text"] if shown.revision and shown.state == "ready" else None
