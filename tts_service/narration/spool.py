"""A clip's segments while it is made: each comes once from the engine or the store, then from a temporary file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO

from tts_service.engines.base import Speaks
from tts_service.narration.script import Script, ScriptLine
from tts_service.narration.speak import spoken
from tts_service.storage.segments import SegmentStore
from tts_service.values import Segment, Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spooled:
    """A segment whose sound is in the file."""

    silent: Segment
    """All of it but its sound."""
    offset: int
    """Of its sound, in bytes."""
    length: int


class SegmentSpool:
    """Segments by line; None: the notice. One that wasn't kept is read from the store, and spoken again if it is broken
    there.

    A clip's sound is read three to five times, to place, level, write and check it, for each format again. Each
    time, the store would send every sentence and FLAC be decoded.
    """

    def __init__(self, file: IO[bytes], read: Callable[[ScriptLine | None], Segment]) -> None:
        self._file, self._read = file, read
        self._spooled: dict[int | None, _Spooled] = {}

    def __call__(self, line: ScriptLine | None) -> Segment:
        place = line.position if line else None
        if (known := self._spooled.get(place)) is not None:
            self._file.seek(known.offset)
            return replace(known.silent, pcm=self._file.read(known.length))
        segment = self._read(line)
        self.keep(line, segment)
        return segment

    def keep(self, line: ScriptLine | None, segment: Segment) -> None:
        """The line's segment, as the store has it."""
        offset = self._file.seek(0, 2)
        self._file.write(segment.pcm)
        silent = replace(segment, pcm=b"")
        spooled = _Spooled(silent=silent, offset=offset, length=len(segment.pcm))
        self._spooled[line.position if line else None] = spooled


@contextmanager
def segment_spool(
    script: Script, utterance_at: Callable[[int], Utterance], segments: SegmentStore, engine: Speaks
) -> Iterator[SegmentSpool]:
    """A spool for a script's segments, while the block lasts."""

    def read(line: ScriptLine | None) -> Segment:
        if line is None:
            assert script.notice is not None, "a line has a notice before it"
            return spoken(script.notice.utterance, script.cast, segments, engine)[0]
        kept = segments.get(line.segment_key)
        return kept or spoken(utterance_at(line.position), script.cast, segments, engine)[0]

    with tempfile.TemporaryFile(prefix="tts-sound-") as file:
        yield SegmentSpool(file, read)
