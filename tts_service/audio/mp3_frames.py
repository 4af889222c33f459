"""MPEG audio frames, layer III, mono: lengths (ISO/IEC 11172-3, 2.4.1.3; 13818-3, 2.4.2.3) and the Info frame.

Kept because lameenc doesn't hand out LAME's Info frame, without which players add silence at both ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

ENCODER_DELAY = 576
"""Samples LAME puts before its input."""
DECODER_DELAY = 529
"""Samples every layer III decoder adds: 528 from the filter bank plus one."""
PLAIN_DELAY = ENCODER_DELAY + DECODER_DELAY
"""Delay in samples in a decoder that ignores the Info frame."""
_MPEG1 = 3
_BIT_RATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def samples_per_frame(sample_rate_hz: int) -> int:
    """1152 at MPEG-1's rates, 576 at lower ones."""
    return 1152 if sample_rate_hz >= _RATES[_MPEG1][2] else 576


def frame_length(header: bytes) -> int:
    """Length in bytes of the frame with this 4-byte header. Raises ValueError if it is not a header."""
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    if header[0] != 0xFF or header[1] >> 5 != 0b111 or layer != 1 or version == 1 or header[2] >> 2 & 3 == 3:
        raise ValueError(f"no layer III frame begins with {header[:4].hex()}")
    first = version == _MPEG1
    bits = _BIT_RATES[first][header[2] >> 4] * 1000
    rate = _RATES[version][header[2] >> 2 & 3]
    return (144 if first else 72) * bits // rate + (header[2] >> 1 & 1)


def frames_of(data: bytes) -> Iterator[bytes]:
    """The complete frames in `data`, which must start with one. Raises ValueError if it doesn't."""
    start = 0
    while start + 4 <= len(data):
        end = start + frame_length(data[start : start + 4])
        if end > len(data):
            return
        yield data[start:end]
        start = end


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Stream properties for an Info frame."""

    frames: int
    """Frames after the Info frame."""
    bytes: int
    """Bytes of the stream including the Info frame."""
    samples: int
    """Samples of the sound, without delay and padding."""
    delay: int = ENCODER_DELAY
    """Samples before the sound, without the decoder's own delay."""


def info_frame(header: bytes, sample_rate_hz: int, extent: Extent) -> bytes:
    """A silent frame with the number of samples to play and to drop at both ends.

    Xing's layout with LAME's extension ("MP3 Info Tag rev 1"). Linear seek table, as the bit rate is constant.
    """
    plain = _plain(header)
    side = 17 if samples_per_frame(sample_rate_hz) == 1152 else 9
    padding = extent.frames * samples_per_frame(sample_rate_hz) - extent.delay - extent.samples
    if not 0 <= padding < 1 << 12:
        raise ValueError(f"padding of {padding} samples can't be said in 12 bits")
    body = b"".join(
        (
            plain,
            bytes(side),
            b"Info",
            (0b1111).to_bytes(4, "big"),
            extent.frames.to_bytes(4, "big"),
            extent.bytes.to_bytes(4, "big"),
            bytes(i * 256 // 100 for i in range(100)),
            bytes(4),
            b"LAME3.100",
            bytes((0x01, 0)),  # constant bit rate, low-pass unknown
            bytes(8),
            bytes((0, 64)),  # no replay gain; flags; kbit/s
            (extent.delay << 12 | padding).to_bytes(3, "big"),
            bytes((0, 0, 0, 0)),
            extent.bytes.to_bytes(4, "big"),
            bytes(2),  # no music CRC: it would cost more than encoding
        )
    )
    whole = body + _crc16(body).to_bytes(2, "big")
    return whole.ljust(frame_length(plain), b"\0")


def info_frame_length(header: bytes) -> int:
    """Length in bytes of the Info frame before frames with this header."""
    return frame_length(_plain(header))


def _plain(header: bytes) -> bytes:
    """The header without CRC and padding byte."""
    return bytes((header[0], header[1] | 1, header[2] & ~2 & 0xFF, header[3]))


def _crc16(data: bytes) -> int:
    """CRC-16 with polynomial 0x8005, reflected, initial value 0, over the frame up to the CRC: LAME's checksum."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
