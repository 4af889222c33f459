"""Encodes sound while it is being made, for answers that can't be read again from the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from tts_service.audio.container import file_metadata
from tts_service.audio.encode import CODECS, Codec
from tts_service.audio.id3 import id3_tag
from tts_service.audio.mp3 import Lame
from tts_service.errors import FormatNotKnown
from tts_service.values import ClipTags

STREAMED = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
"""Media type by format."""
PCM_RATE_HZ = 24_000
"""Sample rate of `pcm`, which has no header to state one."""
_AT_ONCE = {"flush_packets": "1"}
_LIBRARY = {
    "opus": CODECS["opus"],
    "aac": Codec(
        name="aac",
        container="adts",
        bit_rate=64_000,
        sample_rates_hz=(),
        container_options={},
        codec_options={"aac_coder": "fast"},
    ),
    "flac": Codec(
        name="flac", container="flac", bit_rate=None, sample_rates_hz=(), container_options={}, codec_options={}
    ),
    "wav": CODECS["wav"],
}
_OWN_OPTIONS = {"opus": {"page_duration": "200000"}}
"""Ogg collects a second of sound otherwise."""


class SoundStream(Protocol):
    """A file that is sent while it grows."""

    def push(self, pcm: bytes) -> bytes:
        """The bytes that are ready after this s16 mono PCM."""

    def end(self) -> bytes:
        """The remaining bytes; the stream can't be used afterwards."""


def encodable() -> list[str]:
    """The formats that this installation can encode: its FFmpeg may lack one."""
    import av

    return [form for form in STREAMED if form not in _LIBRARY or _LIBRARY[form].name in av.codecs_available]


def open_stream(form: str, sample_rate_hz: int, tags: ClipTags) -> SoundStream:
    """A stream of s16 mono PCM at this rate. Raises FormatNotKnown, naming the formats that can be encoded."""
    known = encodable()
    if form not in known:
        raise FormatNotKnown(f"This service can't encode {form[:40]!r}: ask for {', '.join(known)}.", known=known)
    if form == "mp3":
        return _Mp3Stream(lame=Lame(sample_rate_hz), head=id3_tag(tags))
    if form == "pcm":
        return _PcmStream(sample_rate_hz)
    return _LibraryStream(form, sample_rate_hz, tags)


@dataclass(slots=True, kw_only=True)
class _Mp3Stream:
    lame: Lame
    head: bytes
    """Sent before the first frames."""

    def push(self, pcm: bytes) -> bytes:
        head, self.head = self.head, b""
        return head + self.lame.push(pcm)

    def end(self) -> bytes:
        return self.push(b"") + self.lame.flush()


class _PcmStream:
    """Bare samples at 24 kHz."""

    def __init__(self, sample_rate_hz: int) -> None:
        import av

        self._frames = _Frames(sample_rate_hz)
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=PCM_RATE_HZ)

    def push(self, pcm: bytes) -> bytes:
        return self._resampled(self._frames.next(pcm)) if pcm else b""

    def end(self) -> bytes:
        return self._resampled(None)

    def _resampled(self, frame: Any) -> bytes:
        frames = self._resampler.resample(frame)
        return b"".join(one.to_ndarray().astype(np.int16, copy=False).tobytes() for one in frames)


class _LibraryStream:
    """A container written through PyAV into memory, from which each piece is taken at once."""

    def __init__(self, form: str, sample_rate_hz: int, tags: ClipTags) -> None:
        import av

        codec = _LIBRARY[form]
        options = {**_AT_ONCE, **_OWN_OPTIONS.get(form, {}), "fflags": "+bitexact"}
        self._frames = _Frames(sample_rate_hz)
        self._written = _Written()
        self._container: Any = av.open(self._written, "w", format=codec.container, container_options=options)
        self._container.metadata.update(file_metadata(codec.container, tags))
        rate_hz = codec.rate_for(sample_rate_hz)
        stream: Any = self._container.add_stream(codec.name, rate=rate_hz, layout="mono", options=codec.codec_options)
        if codec.bit_rate is not None:
            stream.bit_rate = codec.bit_rate
        self._stream = stream

    def push(self, pcm: bytes) -> bytes:
        if pcm:
            self._container.mux(self._stream.encode(self._frames.next(pcm)))
        return self._written.taken()

    def end(self) -> bytes:
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return self._written.taken()


class _Frames:
    """Pieces of PCM as FFmpeg's frames, one behind the other."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate_hz = sample_rate_hz
        self._samples = 0

    def next(self, pcm: bytes) -> Any:
        import av

        samples = np.frombuffer(pcm, np.int16)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = self._rate_hz, self._samples, Fraction(1, self._rate_hz)
        self._samples += len(samples)
        return frame


@dataclass(slots=True)
class _Written:
    """FFmpeg's output that hasn't been taken yet. It has no `seek`: headers are written once, as for any stream."""

    data: bytearray = field(default_factory=bytearray)

    def write(self, data: bytes) -> int:
        self.data += data
        return len(data)

    def taken(self) -> bytes:
        data, self.data = bytes(self.data), bytearray()
        return data
