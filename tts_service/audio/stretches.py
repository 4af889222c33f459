"""Where a long clip is cut so that its file can be made, checked and stored in stretches.

    timeline   … utterance 41 |      pause       | utterance 42 …
    cut                           ~~~~~~|~~~~

A cut is in the silence of a pause, with enough silence on both sides that no encoder frame across it contains sound:
encoders that restart at the cut produce frames that continue the earlier ones. It is at a multiple of the codec's frame
length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tts_service.audio.assemble import planned_samples
from tts_service.audio.mp3_frames import samples_per_frame
from tts_service.values import PlannedUtterance

LONG_S = 1200
"""Shorter clips are made in one piece."""
LEAST_S = 240
"""Minimum length of a stretch, whose packets are in memory at once: 40 MB for 600 s, 10 MB for 240 s."""
_SILENT_BEFORE = 2304
"""Samples of silence before a cut: LAME's and a decoder's delay (1105), and a frame's reach past its end."""
_SILENT_BEHIND = 1152
"""Samples of silence after a cut: the reach of the frame before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Utterances `first` to `after` - 1, and the clip's samples `start` to `end` - 1."""

    first: int
    after: int
    start: int
    end: int

    def places(self, planned: Sequence[PlannedUtterance]) -> tuple[PlannedUtterance, ...]:
        """Its utterances' positions relative to its start."""
        return tuple(replace(place, start=place.start - self.start) for place in planned[self.first : self.after])


def split_at_pauses(planned: Sequence[PlannedUtterance], sample_rate_hz: int, form: str) -> tuple[Stretch, ...]:
    """A clip of LONG_S or more, split at the first suitable pause after each LEAST_S."""
    whole, least, size = planned_samples(planned), LEAST_S * sample_rate_hz, frame_samples(form, sample_rate_hz)
    found: list[Stretch] = []
    first = start = 0
    for position, place in enumerate(planned[:-1] if whole >= LONG_S * sample_rate_hz else ()):
        pause_from = place.start + place.samples
        cut = -(-(pause_from + _SILENT_BEFORE) // size) * size
        if cut - start < least or whole - cut < least or cut + _SILENT_BEHIND > pause_from + place.pause:
            continue
        found.append(Stretch(first=first, after=position + 1, start=start, end=cut))
        first, start = position + 1, cut
    return (*found, Stretch(first=first, after=len(planned), start=start, end=whole))


def frame_samples(form: str, sample_rate_hz: int) -> int:
    """Clip samples per codec frame: MP3's depends on its version, AAC 1024, Opus 20 ms, WAV 1."""
    return {"mp3": samples_per_frame(sample_rate_hz), "m4a": 1024, "opus": sample_rate_hz // 50}.get(form, 1)
