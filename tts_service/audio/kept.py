"""What is kept of a long clip's file until it is made, so that whoever takes over goes on with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from tts_service.audio.check import Sound
from tts_service.audio.encode import Packet


class TurnOver(Exception):
    """The turn's time ran out. What was made is kept."""


class Kept(Protocol):
    """Where stretches are kept until the file is made."""

    def get(self, name: str) -> bytes | None:
        """What was kept; None: nothing under this name."""

    def put(self, name: str, data: bytes) -> None:
        """Keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a worker brings along: where stretches are kept, and whether its time is over."""

    kept: Kept
    is_over: Callable[[], bool] = lambda: False


class InFolder:
    """Stretches kept in a folder, for who makes a clip at one go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> bytes | None:
        path = self._folder / name
        return path.read_bytes() if path.exists() else None

    def put(self, name: str, data: bytes) -> None:
        (self._folder / name).write_bytes(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An encoded and checked stretch."""

    packets: tuple[Packet, ...]
    sound: Sound


def packed(piece: Piece) -> bytes:
    """The piece as it is kept: what it tells, in JSON, and its packets."""
    told = {
        "sound": asdict(piece.sound),
        "packets": [(packet.pts, packet.duration, len(packet.data)) for packet in piece.packets],
    }
    head = json.dumps(told).encode()
    return b"".join((len(head).to_bytes(4, "big"), head, *(packet.data for packet in piece.packets)))


def _head_of(kept: bytes) -> tuple[dict[str, Any], int]:
    """(what a kept stretch tells, where its packets begin)."""
    behind = 4 + int.from_bytes(kept[:4], "big")
    return json.loads(kept[4:behind]), behind


def sound_of(kept: bytes) -> Sound:
    """What a kept piece measures."""
    return Sound(**_head_of(kept)[0]["sound"])


def unpacked(kept: bytes) -> Piece:
    """A kept piece."""
    told, at = _head_of(kept)
    packets = []
    for pts, duration, size in told["packets"]:
        packets.append(Packet(pts=pts, duration=duration, data=kept[at : at + size]))
        at += size
    return Piece(packets=tuple(packets), sound=Sound(**told["sound"]))
