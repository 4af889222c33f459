"""FLAC through FFmpeg's libraries (PyAV): lossless, about half the size of PCM."""

from __future__ import annotations

import io

import av
import numpy as np

from tts_service.values import SAMPLE_WIDTH

_COMPRESSION = "5"
"""Half the size of PCM for 0.04 CPU-s per minute of sound; 8 saves 1 % more for half as much CPU again."""


class FlacDamaged(ValueError):
    """The bytes are not a complete FLAC stream."""


def encode_flac(pcm: bytes, rate: int) -> bytes:
    """FLAC of s16 mono PCM."""
    out = io.BytesIO()
    with av.open(out, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=rate, layout="mono", format="s16")
        stream.codec_context.options = {"compression_level": _COMPRESSION}
        samples = np.frombuffer(pcm, np.int16)
        size = 4096
        for start in range(0, len(samples), size):
            frame = av.AudioFrame.from_ndarray(samples[start : start + size].reshape(1, -1), "s16", "mono")
            frame.sample_rate = rate
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def decode_flac(data: bytes) -> bytes:
    """s16 mono PCM of a FLAC stream. Raises FlacDamaged."""
    try:
        with av.open(io.BytesIO(data), "r", format="flac") as container:
            # to_ndarray() costs more than decoding.
            frames = [bytes(frame.planes[0])[: frame.samples * SAMPLE_WIDTH] for frame in container.decode(audio=0)]
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise FlacDamaged(str(error)) from error
    return b"".join(frames)
