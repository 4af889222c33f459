"""A clip's segments while it is made: each is read from the store once, then from a temporary file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tts_service.engines.base import Speaks
from tts_service.narration.script import Script, ScriptLine, SegmentOf
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


@contextmanager
def segments_of(
    script: Script, utterance_at: Callable[[int], Utterance], segments: SegmentStore, engine: Speaks
) -> Iterator[SegmentOf]:
    """Segments by line, while the block lasts. One found broken in the store is spoken again.

    A clip's sound is gone through four or five times, to place, level, write and check it, for each format again. Each
    time, the store would send every sentence and FLAC be decoded.
    """
    spooled: dict[int | None, _Spooled] = {}

    def read(line: ScriptLine | None) -> Segment:
        if line is None:
            assert script.notice is not None, "a line has a notice before it"
            return spoken(script.notice.utterance, script.cast, segments, engine)[0]
        kept = segments.get(script.lines[line.position].segment_key)
        return kept or spoken(utterance_at(line.position), script.cast, segments, engine)[0]

    with tempfile.TemporaryFile(prefix="tts-sound-") as file:

        def segment_of(line: ScriptLine | None) -> Segment:
            place = line.position if line else None
            if (known := spooled.get(place)) is not None:
                file.seek(known.offset)
                return replace(known.silent, pcm=file.read(known.length))
            segment = read(line)
            offset = file.seek(0, 2)
            file.write(segment.pcm)
            spooled[place] = _Spooled(silent=replace(segment, pcm=b""), offset=offset, length=len(segment.pcm))
            return segment

        yield segment_of
