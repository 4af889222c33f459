"""MP3 through LAME: 64 kbit/s CBR, mono, at the voice's own rate; decodes to exactly the planned samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import lameenc
import numpy as np

from tts_service.audio.mp3_frames import Extent, frame_length, info_frame, samples_per_frame

KBIT_S = 64
_QUALITY = 7
"""LAME's quality, 0 best to 9 fastest: 64 kbit/s is plenty for one voice, and 7 costs a third less than 5."""
_SCALE = 0.95
"""LAME attenuates its input by this factor (0.45 dB) at 64 kbit/s; compensated before encoding."""
_LARGEST, _SMALLEST = 32767, -32768


class Lame:
    """LAME without its level change. Buffers less than 0.1 s of sound."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._encoder: Any = lameenc.Encoder()
        self._encoder.silence()
        self._encoder.set_bit_rate(KBIT_S)
        self._encoder.set_in_sample_rate(sample_rate_hz)
        self._encoder.set_out_sample_rate(sample_rate_hz)
        self._encoder.set_channels(1)
        self._encoder.set_quality(_QUALITY)

    def push(self, pcm: bytes) -> bytes:
        """MP3 bytes that are ready after this s16 mono PCM; not aligned to frames."""
        if not pcm:
            return b""
        scaled = np.rint(np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(_SCALE))
        louder = np.clip(scaled, _SMALLEST, _LARGEST).astype(np.int16)
        return bytes(self._encoder.encode(louder.tobytes()))

    def flush(self) -> bytes:
        """The remaining bytes; the encoder can't be used afterwards."""
        return bytes(self._encoder.flush())


class Mp3File:
    """Writes an MP3 in pieces: tag, Info frame, frames."""

    def __init__(self, path: Path, sample_rate_hz: int, tag: bytes) -> None:
        self._rate = sample_rate_hz
        self._bytes = 0
        self._header = b""
        self._at = len(tag)
        self._file: BinaryIO = path.open("wb")
        self._file.write(tag)

    def write(self, data: bytes) -> None:
        """Appends frame data, not necessarily aligned to frames."""
        if not data:
            return
        if not self._header:
            self._header = data[:4]
            placeholder = bytes(frame_length(bytes((*data[:2], data[2] & 0xFD, data[3]))))
            self._file.write(placeholder)
            self._bytes += len(placeholder)
        self._file.write(data)
        self._bytes += len(data)

    def close(self, samples: int) -> None:
        """Fills in the Info frame with the number of samples to play."""
        extent = Extent(frames=self._count(), bytes=self._bytes, samples=samples)
        self._file.seek(self._at)
        self._file.write(info_frame(self._header, self._rate, extent))
        self._file.close()

    def abandon(self) -> None:
        """Closes the file, which is unusable."""
        self._file.close()

    def _count(self) -> int:
        """Number of frames from the size: at a constant bit rate the mean length is known, and padding keeps to it."""
        info = frame_length(bytes((*self._header[:2], self._header[2] & 0xFD, self._header[3])))
        mean = samples_per_frame(self._rate) / 8 * KBIT_S * 1000 / self._rate
        return round((self._bytes - info) / mean)
