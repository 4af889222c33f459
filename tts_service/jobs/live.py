"""Writing the growing live.mp3: each utterance's piece to the store, then its row; never the other way round.

A piece is a pure function of what went before and the utterance's sound, so a worker that takes over continues at the
next frame of the same timeline. Bytes that a row speaks of never change: piece names carry the worker's fence.
"""

from __future__ import annotations

from sqlalchemy import update

from tts_service.audio.live import LiveCursor, cursor_after, live_end, live_piece, live_start
from tts_service.audio.loudness import LIVE_CEILING_DBTP, level
from tts_service.db.tables import ClipRevisionRow, JobRow, UtteranceRow
from tts_service.jobs.lease import write
from tts_service.jobs.rendering import Rendering, RenderingLine
from tts_service.narration import first_sample
from tts_service.parts import Parts
from tts_service.values import Segment


class LiveWriter:
    """Continues live.mp3 of one rendering where its rows end."""

    def __init__(self, parts: Parts, rendering: Rendering, notice: Segment | None = None) -> None:
        """`notice`: the sound of the rendering's notice, if it has one."""
        self._parts = parts
        self._rendering = rendering
        self._rate = rendering.voice.sample_rate_hz
        self._byte = rendering.live_head_bytes
        self._sample = first_sample(self._rate)
        self._cursor: LiveCursor | None = None
        self._notice = notice
        self._notice_at: int | None = None
        for line in rendering.lines:
            if line.samples is None:
                break
            self._byte = (line.live_start or 0) + (line.live_bytes or 0)
            if line.notice_samples:
                self._notice_at = (line.start_sample or 0) - line.notice_samples
            self._sample = (line.start_sample or 0) + line.samples + self._pause(line)

    def write(self, spoken: list[tuple[RenderingLine, Segment]], fresh: int, *, last: bool) -> None:
        """Keep the pieces and rows of newly spoken utterances; `last`: and the end of the stream."""
        rows = [self._put(line, segment) for line, segment in spoken]
        end = self._put_end() if last and self._rendering.live_end_bytes is None else None
        if not rows and end is None:
            return
        rendering = self._rendering
        place = {"clip_id": rendering.clip_id, "revision": rendering.revision}
        with self._parts.database.writing() as session:
            write(session, rendering.lease, done=JobRow.done + len(rows), spoken=JobRow.spoken + fresh, attempts=0)
            for position, values in rows:
                session.execute(update(UtteranceRow).filter_by(**place, position=position).values(**values))
            if end is not None:
                session.execute(update(ClipRevisionRow).filter_by(**place).values(live_end_bytes=end))

    def _put(self, line: RenderingLine, segment: Segment) -> tuple[int, dict[str, object]]:
        cursor = self._cursor or self._recall(line.position)
        before, cursor, notice_samples = self._noticed(line, cursor)
        piece, self._cursor = live_piece(cursor, self._levelled(segment), self._pause(line), self._rate)
        piece = before + piece
        name = self._rendering.object_name(f"{line.position}-{self._rendering.lease.fence}")
        self._parts.store.put(name, piece)
        values: dict[str, object] = {
            "samples": segment.samples,
            "start_sample": self._sample,
            "notice_samples": notice_samples,
            "live_start": self._byte,
            "live_bytes": len(piece),
            "live_piece": name,
            "words": [[round(word.start_ms, 1), round(word.end_ms, 1)] for word in segment.words],
        }
        self._byte += len(piece)
        self._sample += segment.samples + self._pause(line)
        return line.position, values

    def _noticed(self, line: RenderingLine, cursor: LiveCursor) -> tuple[bytes, LiveCursor, int | None]:
        """The notice before a line, the cursor behind it and its samples; nothing where none is due."""
        wanted, said, thousandth = self._rendering.notice, self._notice, 1000 / self._rate
        if wanted is None or said is None:
            return b"", cursor, None
        lines = self._rendering.lines
        ends = (True, 0)
        if line.position:
            previous = lines[line.position - 1]
            ends = (previous.block != line.block, previous.pause_after_ms)
        last_ms = None if self._notice_at is None else self._notice_at * thousandth
        if not wanted.due(self._sample * thousandth, last_ms, ends):
            return b"", cursor, None
        pause = wanted.utterance.pause_after_ms * self._rate // 1000
        piece, cursor = live_piece(cursor, self._levelled(said), pause, self._rate)
        self._notice_at = self._sample
        self._sample += said.samples + pause
        return piece, cursor, said.samples + pause

    def _levelled(self, segment: Segment) -> bytes:
        return level(segment.pcm, self._rendering.voice.gain_db, LIVE_CEILING_DBTP, self._rate)

    def _put_end(self) -> int:
        cursor = self._cursor or self._recall(len(self._rendering.lines))
        tail = live_end(cursor, self._rate)
        self._parts.store.put(self._rendering.object_name("end"), tail)
        return len(tail)

    def _recall(self, position: int) -> LiveCursor:
        """Where the stream stood before `position`: from the previous utterance's place alone."""
        if position == 0:
            return live_start(self._rate)
        return cursor_after(self._pause(self._rendering.lines[position - 1]), self._sample, self._rate)

    def _pause(self, line: RenderingLine) -> int:
        return line.pause_after_ms * self._rate // 1000
