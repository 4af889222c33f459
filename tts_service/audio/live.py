"""live.mp3 while it grows: one piece of MP3 per utterance; the pieces concatenate like a single encoding.

    timeline   | lead-in |  utterance 1  |   pause   |  utterance 2  | …
    frames     0 1 2 3 … . . . . . . . .|f . . . . . . . . .|g . .       f, g: seams, in silence
                 piece 1                 piece 2             piece 3

Frame n of the stream plays the timeline's samples n·576 … (1152 at MPEG-1's rates). The input is fed 1105 samples
early, the combined delay of encoder and decoder, so that a plain player keeps the planned times.

Each piece has its own encoder. Its first frame can't refer to bytes of earlier frames (a new bit reservoir is empty,
ISO/IEC 11172-3, 2.4.2.7), and its overlap with the previous piece is silence on both sides of the seam. So a piece
depends only on the plan and its own utterance: any worker that takes over writes the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from tts_service.audio.assemble import LEAD_IN_MS, faded
from tts_service.audio.id3 import id3_tag
from tts_service.audio.mp3 import Lame
from tts_service.audio.mp3_frames import PLAIN_DELAY, frames_of, samples_per_frame
from tts_service.values import SAMPLE_WIDTH, ClipTags

_FLUSH_FRAMES = 4
"""Silent frames after a piece that make LAME output the frames before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCursor:
    """Position of the stream between two utterances."""

    frames_done: int
    """Frames written so far: the seam's position."""
    sample: int
    """Sample of the timeline at which the next utterance starts."""


def live_head(tags: ClipTags) -> bytes:
    """Start of the stream: an ID3 tag with title and disclosure."""
    return id3_tag(tags)


def live_start(sample_rate_hz: int) -> LiveCursor:
    """The cursor before the first utterance."""
    return LiveCursor(frames_done=0, sample=LEAD_IN_MS * sample_rate_hz // 1000)


def live_piece(cursor: LiveCursor, pcm: bytes, pause_samples: int, sample_rate_hz: int) -> tuple[bytes, LiveCursor]:
    """The frames up to the seam in the pause after this levelled s16 mono PCM, and the cursor after it.

    Deterministic. Pauses shorter than a frame plus 1056 samples (74 ms at 22.05 kHz, 100 ms at 16 kHz) cost up to that
    much of the utterance's end; longer ones cost nothing.
    """
    end = cursor.sample + len(pcm) // SAMPLE_WIDTH
    after = _cursor(cursor.frames_done, end, pause_samples, sample_rate_hz)
    data = _encoded(cursor, faded(pcm, sample_rate_hz), after.frames_done - cursor.frames_done, sample_rate_hz)
    return data, after


def cursor_after(pause_samples: int, next_sample: int, sample_rate_hz: int) -> LiveCursor:
    """The cursor after an utterance, from positions alone: `next_sample` is the start of the next utterance.

    The next piece sees only silence before the seam, so no sound is needed.
    """
    return _cursor(0, next_sample - pause_samples, pause_samples, sample_rate_hz)


def has_quiet_seam(end: int, pause: int, sample_rate_hz: int) -> bool:
    """Whether the pause after an utterance that ends at this sample is long enough for a seam that costs nothing."""
    size = samples_per_frame(sample_rate_hz)
    return -(-end // size) * size + PLAIN_DELAY <= end + pause


def live_end(cursor: LiveCursor, sample_rate_hz: int) -> bytes:
    """The silent frames from the last seam to the end of the timeline, `cursor.sample`."""
    frames = -(-cursor.sample // samples_per_frame(sample_rate_hz)) - cursor.frames_done
    return _encoded(cursor, b"", frames, sample_rate_hz) if frames > 0 else b""


def _cursor(frames_before: int, end: int, pause: int, sample_rate_hz: int) -> LiveCursor:
    """The seam in the silence end … end + pause: the first frame that starts in it.

    If the frame before it reaches into the next utterance, the seam moves earlier until the next utterance's first
    sample can still be encoded.
    """
    size = samples_per_frame(sample_rate_hz)
    start = end + pause
    seam = -(-end // size)
    if not has_quiet_seam(end, pause, sample_rate_hz):
        seam = max((start - PLAIN_DELAY) // size, frames_before)
    return LiveCursor(frames_done=seam, sample=start)


def _encoded(cursor: LiveCursor, pcm: bytes, frames: int, sample_rate_hz: int) -> bytes:
    """`frames` frames of a new encoding that starts at the cursor's seam."""
    size = samples_per_frame(sample_rate_hz)
    silence = cursor.sample - (cursor.frames_done * size + PLAIN_DELAY)
    lead = bytes(max(silence, 0) * SAMPLE_WIDTH)
    sound = pcm[max(-silence, 0) * SAMPLE_WIDTH :]
    missing = (frames + _FLUSH_FRAMES) * size - (len(lead) + len(sound)) // SAMPLE_WIDTH
    lame = Lame(sample_rate_hz)
    data = lame.push(b"".join((lead, sound, bytes(max(missing, 0) * SAMPLE_WIDTH)))) + lame.flush()
    return b"".join(islice(frames_of(data), frames))
