"""The finished MP3 made of the frames of live.mp3: listeners heard them already, and nothing is encoded a second time.

    live.mp3        | frames …
    finished   Info | silence, 1152 samples | the same frames …

live.mp3 is planned for players that skip nothing. With the silence in front, the Info frame can tell players to skip
the delay that they expect from an encoder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tts_service.audio.assemble import planned_samples
from tts_service.audio.id3 import id3_tag
from tts_service.audio.live import LiveCursor, cursor_after, has_quiet_seam, live_end, live_piece, live_start
from tts_service.audio.mp3_frames import (
    DECODER_DELAY,
    Extent,
    frames_of,
    info_frame,
    info_frame_length,
)
from tts_service.audio.order import ClipOrder, PcmOf
from tts_service.values import PlannedUtterance

_SILENCE = 1152
"""Samples of silence in front: whole frames at every rate."""


def fits_live(order: ClipOrder) -> bool:
    """Whether the frames of live.mp3 hold the whole clip: a short pause would have cost the end of an utterance."""
    return order.live and all(
        has_quiet_seam(place.start + place.samples, place.pause, order.sample_rate_hz) for place in order.planned
    )


def write_live_file(
    order: ClipOrder, levelled_of: PcmOf, written: Mapping[PlannedUtterance, bytes], path: Path
) -> None:
    """Write the clip's MP3 of the frames that were `written`. Those that are missing are encoded; they are the same."""
    rate = order.sample_rate_hz
    head = id3_tag(order.tags, order.chapters)
    with path.open("wb") as file:
        file.write(head)
        frames = length = 0
        header = b""
        for data in _frames(order, levelled_of, written):
            if not header:
                header = data[:4]
                length = info_frame_length(header)
                file.write(bytes(length))
            file.write(data)
            frames += sum(1 for _ in frames_of(data))
            length += len(data)
        samples = planned_samples(order.planned)
        extent = Extent(frames=frames, bytes=length, samples=samples, delay=_SILENCE - DECODER_DELAY)
        file.seek(len(head))
        file.write(info_frame(header, rate, extent))


def _frames(order: ClipOrder, levelled_of: PcmOf, written: Mapping[PlannedUtterance, bytes]) -> Iterator[bytes]:
    """Whole frames: silence, each utterance with its pause, the end."""
    rate = order.sample_rate_hz
    yield live_end(LiveCursor(frames_done=0, sample=_SILENCE), rate)
    cursor = live_start(rate)
    for position, place in enumerate(order.planned):
        if (known := written.get(place)) is not None:
            yield known
            cursor = cursor_after(place.pause, place.start + place.samples + place.pause, rate)
        else:
            piece, cursor = live_piece(cursor, levelled_of(position), place.pause, rate)
            yield piece
    yield live_end(cursor, rate)
