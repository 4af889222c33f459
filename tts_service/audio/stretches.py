"""Where a long clip is cut so that its file can be made, checked and stored in stretches.

    timeline   … utterance 41 |      pause       | utterance 42 …
    cut                           ~~~~~~|~~~~

A cut lies in the silence of a pause, with so much silence on both sides that no encoder's frame which reaches across it
holds any sound: encoders that begin anew at the cut give frames that fit behind the ones before. It lies at a whole
number of the codec's frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tts_service.audio.assemble import planned_samples
from tts_service.audio.mp3_frames import samples_per_frame
from tts_service.values import PlannedUtterance

LEAST_S = 600
"""A stretch is at least this long; a clip of less than two is made in one."""
_SILENT_BEFORE = 2304
"""Samples of silence before a cut: LAME's and a decoder's delay (1105), and what a frame reaches beyond its end."""
_SILENT_BEHIND = 1152
"""Samples of silence behind a cut: what the frame before it reaches beyond it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Utterances `first` to `after` - 1, and the clip's samples `start` to `end` - 1."""

    first: int
    after: int
    start: int
    end: int

    def places(self, planned: Sequence[PlannedUtterance]) -> tuple[PlannedUtterance, ...]:
        """Its utterances' places, counted from its start."""
        return tuple(replace(place, start=place.start - self.start) for place in planned[self.first : self.after])


def stretches(planned: Sequence[PlannedUtterance], sample_rate_hz: int, form: str) -> tuple[Stretch, ...]:
    """The clip from its first sample to its last, cut at the first pause that fits after each LEAST_S."""
    whole, least, size = planned_samples(planned), LEAST_S * sample_rate_hz, frame_samples(form, sample_rate_hz)
    found: list[Stretch] = []
    first = start = 0
    for position, place in enumerate(planned[:-1]):
        pause_from = place.start + place.samples
        cut = -(-(pause_from + _SILENT_BEFORE) // size) * size
        if cut - start < least or whole - cut < least or cut + _SILENT_BEHIND > pause_from + place.pause:
            continue
        found.append(Stretch(first=first, after=position + 1, start=start, end=cut))
        first, start = position + 1, cut
    return (*found, Stretch(first=first, after=len(planned), start=start, end=whole))


def frame_samples(form: str, sample_rate_hz: int) -> int:
    """Samples of the clip in one frame of the codec: MP3's by its version, AAC's 1024, Opus's 20 ms, WAV's 1."""
    return {"mp3": samples_per_frame(sample_rate_hz), "m4a": 1024, "opus": sample_rate_hz // 50}.get(form, 1)
