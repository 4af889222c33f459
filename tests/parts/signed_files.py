"""Signed files, and the same with one bit changed: for the tests and the figures of provenance."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from tests.audio.test_sounds import CHAPTERS, RATE, TAGS, sentence
from tests.parts.factories import make_settings
from tts_service.audio.container import Labels, encode_clip
from tts_service.provenance.certificate import Credentials, credentials_of
from tts_service.provenance.read_back import State, read_disclosure
from tts_service.provenance.record import Provenance, VoiceHeard
from tts_service.provenance.sign import Seal, sidecar

SIGNED = ("mp3", "m4a", "wav", "opus")
RECORD = Provenance(
    service="tts-service 0.1.0",
    site="gazette",
    made_at="2026-11-23T10:00:00+00:00",
    text_sha256="ab" * 32,
    digital_source_type=TAGS.digital_source_type.uri,
    lexicon_version="1",
    policy_version="2",
    voices=(
        VoiceHeard(
            voice="tone:beep",
            engine="tone",
            language="en",
            licence="CC0-1.0",
            digital_source_type=TAGS.digital_source_type.uri,
            fingerprint="tone-1",
        ),
    ),
)


def credentials(folder: Path) -> Credentials:
    """Self-made ones, in a data folder below this one."""
    return credentials_of(make_settings(folder))


def plain_file(folder: Path, form: str, seconds: float = 2.0) -> Path:
    path = folder / f"clip.{form}"
    encode_clip([sentence(8, seconds)], RATE, path, form, Labels(tags=TAGS, chapters=CHAPTERS))
    return path


def signed_file(folder: Path, form: str, record: Provenance = RECORD) -> Path:
    path = plain_file(folder, form)
    Seal(record, TAGS.title, credentials(folder))(path, form)
    return path


def audio_bytes(path: Path) -> range:
    """Where the sound lies: MP3 frames with the Info frame, M4A's mdat, WAV's data, Ogg behind its two heads."""
    data = path.read_bytes()
    if path.suffix == ".mp3":
        return range(_tag_end(data), len(data))
    if path.suffix == ".m4a":
        start, size = boxes(data)["mdat"]
        return range(start + 8, start + size)
    if path.suffix == ".wav":
        start, size = chunks(data)["data"]
        return range(start + 8, start + size)
    return range(data.index(b"OggS", data.index(b"OpusTags")), len(data))


def tag_bytes(path: Path) -> list[int]:
    """Where what players show lies: ID3 frames without the manifest's, M4A's udta, WAV's INFO, Ogg's comments."""
    data = path.read_bytes()
    if path.suffix == ".mp3":
        return [*range(10, data.index(b"GEOB"))]
    if path.suffix == ".m4a":
        start = data.index(b"udta") - 4
        return [*range(start, start + int.from_bytes(data[start : start + 4], "big"))]
    if path.suffix == ".wav":
        start, size = chunks(data)["LIST"]
        return [*range(start, start + size)]
    start = data.index(b"OpusTags")
    return [*range(start, data.index(b"OggS", start))]


def manifest_bytes(path: Path) -> range:
    """Where the manifest lies in the file; empty if it lies beside it."""
    data = path.read_bytes()
    if path.suffix == ".mp3":
        return range(data.index(b"GEOB"), _tag_end(data))
    if path.suffix == ".m4a":
        start, size = boxes(data)["uuid"]
        return range(start, start + size)
    if path.suffix == ".wav":
        start, size = chunks(data)["C2PA"]
        return range(start, start + size)
    return range(0)


def boxes(data: bytes) -> dict[str, tuple[int, int]]:
    """(start, bytes) of each top-level box of an MP4."""
    found, at = {}, 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found[data[at + 4 : at + 8].decode("latin-1")] = (at, size)
        at += size
    return found


def chunks(data: bytes) -> dict[str, tuple[int, int]]:
    """(start, bytes with its head) of each chunk of a RIFF file."""
    found, at = {}, 12
    while at < len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        found[data[at : at + 4].decode("latin-1")] = (at, 8 + size)
        at += 8 + size + size % 2
    return found


def flipped(path: Path, places: list[int] | range, count: int, seed: int = 1) -> Iterator[State]:
    """What is told of the file with one bit changed, for `count` different bits of these bytes."""
    rng = random.Random(seed)
    bad = path.with_name(f"bad{path.suffix}")
    if sidecar(path).exists():
        sidecar(bad).write_bytes(sidecar(path).read_bytes())
    data = bytearray(path.read_bytes())
    for chosen in rng.sample(range(8 * len(places)), count):
        place, bit = places[chosen // 8], 1 << chosen % 8
        data[place] ^= bit
        bad.write_bytes(data)
        data[place] ^= bit
        yield read_disclosure(bad).state


def _tag_end(data: bytes) -> int:
    return 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
