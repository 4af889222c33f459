"""Parts of a long clip's file, stored while it is made so that another worker can resume."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tts_service.audio.encode import Packet
from tts_service.values import PlannedUtterance


class TurnOver(Exception):
    """The turn's time ran out; finished parts are stored."""


class KeptStretches(Protocol):
    """Storage of stretches until the file is complete."""

    def get(self, name: str) -> bytes | None:
        """The stored data; None if absent."""

    def put(self, name: str, data: bytes) -> None:
        """Stores the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A worker's turn: where stretches are stored, and whether its time is over."""

    kept: KeptStretches
    is_over: Callable[[], bool] = lambda: False
    live: Mapping[PlannedUtterance, bytes] = field(default_factory=dict)
    """Frames of live.mp3 that this turn wrote."""


class InFolder:
    """Stretches in a folder, for clips made in one go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> bytes | None:
        path = self._folder / name
        return path.read_bytes() if path.exists() else None

    def put(self, name: str, data: bytes) -> None:
        (self._folder / name).write_bytes(data)


def packed(packets: Sequence[Packet]) -> bytes:
    """Serialises packets: times and lengths in JSON, then their bytes."""
    head = json.dumps([(packet.pts, packet.duration, len(packet.data)) for packet in packets]).encode()
    return b"".join((len(head).to_bytes(4, "big"), head, *(packet.data for packet in packets)))


def unpacked(kept: bytes) -> tuple[Packet, ...]:
    """Inverse of packed()."""
    position = 4 + int.from_bytes(kept[:4], "big")
    packets = []
    for pts, duration, size in json.loads(kept[4:position]):
        packets.append(Packet(pts=pts, duration=duration, data=kept[position : position + size]))
        position += size
    return tuple(packets)
