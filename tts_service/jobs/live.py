"""Writing the growing live.mp3: each utterance's piece to the store, then its row; never the other way round.

A piece is a pure function of what went before and the utterance's sound, so a worker that takes over continues at the
next frame of the same timeline. Bytes that a row speaks of never change: piece names carry the worker's fence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from tts_service.audio.live import LiveCursor, cursor_after, live_end, live_piece, live_start
from tts_service.audio.loudness import LIVE_CEILING_DBTP, level
from tts_service.db.tables import ClipRevisionRow, JobRow, UtteranceRow
from tts_service.jobs.lease import write
from tts_service.jobs.rendering import Rendering
from tts_service.narration.script import SpokenLine
from tts_service.parts import Parts
from tts_service.values import PlannedUtterance, Segment

_KEPT_BYTES = 4 << 20
"""Frames kept in memory for the finished file: 8 minutes. Later ones are encoded again."""


class LiveWriter:
    """Continues live.mp3 of one rendering where its rows end."""

    def __init__(self, parts: Parts, rendering: Rendering) -> None:
        self._parts = parts
        self._rendering = rendering
        self._rate = rendering.voice.sample_rate_hz
        self._byte = rendering.live_head_bytes
        self._sample = 0
        """Where the last utterance's pause ends."""
        self._pause = 0
        self._cursor: LiveCursor | None = None
        self.written: dict[PlannedUtterance, bytes] = {}
        """Frames of this turn, for the finished file."""
        self._kept_bytes = 0
        for line in rendering.lines:
            if line.samples is None:
                break
            self._byte = (line.live_start or 0) + (line.live_bytes or 0)
            self._pause = rendering.pause_samples(line.pause_after_ms)
            self._sample = (line.start_sample or 0) + line.samples + self._pause

    def write(self, spoken: Sequence[SpokenLine], *, last: bool) -> None:
        """Keep the pieces and rows of newly spoken utterances; `last`: and the end of the stream."""
        rows = [(one.line.position, self._put(one)) for one in spoken]
        end = self._put_end() if last and self._rendering.live_end_bytes is None else None
        if not rows and end is None:
            return
        rendering, fresh = self._rendering, sum(one.fresh for one in spoken)
        with self._parts.database.writing() as session:
            write(session, rendering.lease, done=JobRow.done + len(rows), spoken=JobRow.spoken + fresh, attempts=0)
            for position, values in rows:
                mine = update(UtteranceRow).filter_by(**rendering.place, position=position)
                session.execute(mine.values(**values))
            if end is not None:
                session.execute(update(ClipRevisionRow).filter_by(**rendering.place).values(live_end_bytes=end))

    def _put(self, one: SpokenLine) -> dict[str, Any]:
        line, piece, start = one.line, b"", one.line.start_sample or 0
        if one.notice is not None:
            noticed = line.notice_samples or 0
            piece = self._frames(one.notice, start - noticed, noticed - one.notice.samples)
        piece += self._frames(one.segment, start, self._rendering.pause_samples(line.pause_after_ms))
        name = self._rendering.object_name(f"{line.position}-{self._rendering.lease.fence}")
        self._parts.store.put(name, piece)
        first, self._byte = self._byte, self._byte + len(piece)
        return {
            "samples": line.samples,
            "start_sample": line.start_sample,
            "notice_samples": line.notice_samples,
            "live_start": first,
            "live_bytes": len(piece),
            "live_piece": name,
            "words": [[round(word.start_ms, 1), round(word.end_ms, 1)] for word in one.segment.words],
        }

    def _frames(self, segment: Segment, start: int, pause: int) -> bytes:
        """The next frames: a segment that starts at this sample, and its pause."""
        frames, self._cursor = live_piece(self._at(), self._levelled(segment), pause, self._rate)
        self._kept_bytes += len(frames)
        if self._kept_bytes <= _KEPT_BYTES:
            place = PlannedUtterance(segment_key=segment.key, samples=segment.samples, start=start, pause=pause)
            self.written[place] = frames
        return frames

    def _levelled(self, segment: Segment) -> bytes:
        return level(segment.pcm, self._rendering.voice.gain_db, LIVE_CEILING_DBTP, self._rate)

    def _put_end(self) -> int:
        tail = live_end(self._at(), self._rate)
        self._parts.store.put(self._rendering.object_name("end"), tail)
        return len(tail)

    def _at(self) -> LiveCursor:
        """Where the stream stands; at the start of a turn from the place of the last utterance alone."""
        if self._cursor is None:
            begun = self._sample > 0
            self._cursor = cursor_after(self._pause, self._sample, self._rate) if begun else live_start(self._rate)
        return self._cursor
