"""A sound file of any format as one channel, and the removal of its DC offset."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tts_service.audio.peaks import Floats
from tts_service.audio.sound_file import open_sound
from tts_service.errors import RecordingRefused

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

_LOWEST_HZ = 15
"""In Hz: no voice has content below."""


def mixed_down(path: Path, rate_hz: int) -> Iterator[Floats]:
    """The sound at this rate, full scale 1, in pieces: the mean of the channels, which is never louder than they are.

    Raises RecordingRefused.
    """
    import av

    try:
        with open_sound(path) as container:
            if not container.streams.audio:
                raise RecordingRefused("The file has no sound in it.")
            resampler = av.AudioResampler(format="fltp", rate=rate_hz)
            for frame in container.decode(audio=0):
                frame.pts = None
                yield from map(_mean_of_channels, resampler.resample(frame))
            yield from map(_mean_of_channels, resampler.resample(None))
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise RecordingRefused(
            "The file can't be decoded: send WAV, MP3, M4A, Ogg (Opus, Vorbis) or FLAC, and the whole file."
        ) from error


def _mean_of_channels(frame: AudioFrame) -> Floats:
    mean: Floats = frame.to_ndarray().mean(axis=0)
    return mean


class OffsetFilter:
    """Removes a DC offset, also one that drifts, from sound pushed in pieces.

    An offset would be levelled with the voice, take its headroom, and pass for sound where there is silence.
    """

    def __init__(self, rate_hz: int) -> None:
        import av

        self._av = av
        self._rate = rate_hz
        self._samples = 0
        self._first: np.float32 | None = None
        """The offset at the beginning. Without it the filter would answer the first sample with a thump."""
        self._graph = av.filter.Graph()
        self._source = self._graph.add_abuffer(
            format="fltp", sample_rate=rate_hz, layout="mono", time_base=Fraction(1, rate_hz)
        )
        highpass = self._graph.add("highpass", f"f={_LOWEST_HZ}")
        self._sink = self._graph.add("abuffersink")
        self._source.link_to(highpass)
        highpass.link_to(self._sink)
        self._graph.configure()

    def push(self, wave: Floats) -> Floats:
        """The same samples without the offset."""
        if self._first is None:
            self._first = np.float32(wave.mean())
        frame = self._av.AudioFrame.from_ndarray((wave - self._first).reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate = self._rate
        frame.pts = self._samples
        frame.time_base = Fraction(1, self._rate)
        self._samples += len(wave)
        self._source.push(frame)
        passed = self._sink.pull()
        assert isinstance(passed, self._av.AudioFrame)
        filtered: Floats = passed.to_ndarray()[0]
        return filtered
