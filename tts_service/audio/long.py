"""Makes the file of a long clip in stretches: each is encoded, checked and stored, then all are joined.

Only the last step, which copies the stretches into one file and signs it, takes longer for longer clips. A worker that
takes over makes the missing stretches, with the same levels.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from tts_service.audio.assemble import joined_pcm, planned_samples
from tts_service.audio.check import Checked, Limits, MeasuredSound, check_opening, check_sound
from tts_service.audio.container import Labels, open_clip, write_packets
from tts_service.audio.encode import CODECS, Packet, encoded, encoder_for
from tts_service.audio.gain import Lowered, Setting, aimed, first_setting, gained, levelled, lowered_more
from tts_service.audio.gates import GATES, loudness_tolerance
from tts_service.audio.kept import Turn, TurnOver, packed, unpacked
from tts_service.audio.loudness import integrated
from tts_service.audio.mp3_frames import frames_of
from tts_service.audio.order import ClipOrder, PcmOf
from tts_service.audio.sound_file import open_sound
from tts_service.audio.stretches import LEAST_S, Stretch, frame_samples
from tts_service.errors import ClipDefective
from tts_service.values import SAMPLE_WIDTH, Chapter

_LEAD = {"opus": 50}
"""Packets of the previous stretch to decode first: Opus predicts from earlier packets."""
_LOWER_DB = (0.5, 1.0, 2.0)
"""Extra margin in dB, by try, when a stretch that peaked too high is made again with a lower limiter ceiling for the
utterances concerned."""
_ROUNDS = 4
"""Maximum passes over the whole clip, each with corrected loudness."""
_ENDS_MS = 150
"""Maximum deviation of the length in the file's header: some formats count partial frames at the ends in full."""


def make_long(order: ClipOrder, pcm_of: PcmOf, path: Path, cut: Sequence[Stretch], turn: Turn) -> Checked:
    """Writes and signs the clip's file (format by file extension), and returns the measurements.

    Raises ClipDefective, TurnOver, and the seal's errors.
    """
    work = _Work(order, pcm_of, path, cut, turn)
    seconds = planned_samples(order.planned) / order.sample_rate_hz
    for round_ in itertools.count():
        setting = work.setting(round_)
        sounds = [work.sound(round_, number, setting) for number in range(len(cut))]
        lufs = integrated([block for sound in sounds for block in sound.blocks])
        peak_dbtp = max(sound.true_peak_dbtp for sound in sounds)
        target = order.target_lufs - setting.short_lu
        if abs(lufs - target) <= loudness_tolerance(seconds):
            work.put_together(round_)
            return Checked(duration_ms=round(seconds * 1000), loudness_lufs=lufs, true_peak_dbtp=peak_dbtp)
        if round_ == _ROUNDS - 1:
            break
        work.keep_setting(round_ + 1, gained(order, pcm_of, aimed(order, setting, lufs)))
    raise ClipDefective(f"{path.name} has {lufs:.2f} LUFS instead of {target:.2f}.")


class _Work:
    """The stretches of one file."""

    def __init__(self, order: ClipOrder, pcm_of: PcmOf, path: Path, cut: Sequence[Stretch], turn: Turn) -> None:
        self._order, self._pcm_of, self._path, self._cut, self._turn = order, pcm_of, path, cut, turn
        self._form = path.suffix[1:]
        self._name = f"{self._form}-{_digest(order)}"
        self._made = 0

    def setting(self, round_: int) -> Setting:
        """The levels of a round, the same for all workers."""
        if kept := self._turn.kept.get(f"{self._name}-{round_}-levels"):
            return Setting(**json.loads(kept))
        setting = first_setting(self._order, self._pcm_of, self._form)
        self.keep_setting(round_, setting)
        return setting

    def keep_setting(self, round_: int, setting: Setting) -> None:
        self._turn.kept.put(f"{self._name}-{round_}-levels", json.dumps(asdict(setting)).encode())

    def sound(self, round_: int, number: int, setting: Setting) -> MeasuredSound:
        """Measurements of a stretch, which is made unless stored. Makes at least one per turn."""
        name = f"{self._name}-{round_}-{number}"
        if kept := self._turn.kept.get(f"{name}-sound"):
            return _sound_from(json.loads(kept))
        if self._made and self._turn.is_over():
            raise TurnOver
        packets, sound = self._checked(round_, number, setting)
        self._turn.kept.put(name, packed(packets))
        self._turn.kept.put(f"{name}-sound", json.dumps(asdict(sound)).encode())
        self._made += 1
        return sound

    def _checked(self, round_: int, number: int, setting: Setting) -> tuple[Sequence[Packet], MeasuredSound]:
        """Encodes a stretch and decodes it as a player does that has played the previous one."""
        first, ceiling_dbtp = self._cut[number].first, self._order.ceiling_dbtp
        lowered: Lowered = {}
        for lower_db in (*_LOWER_DB, 0.0):
            sound_of = levelled(self._order, self._pcm_of, setting, lowered)
            packets = self._encoded(number, sound_of)
            sound = self._heard(round_, number, sound_of, packets)
            if sound.true_peak_dbtp <= ceiling_dbtp:
                return packets, sound
            over = {first + n: dbtp for n, dbtp in sound.over.items()}
            lowered = lowered_more(lowered, over, ceiling_dbtp, lower_db)
        raise ClipDefective(f"{self._path.name} peaks at {sound.true_peak_dbtp:.2f} dBTP.")

    def _encoded(self, number: int, sound_of: PcmOf) -> tuple[Packet, ...]:
        order, stretch, is_last = self._order, self._cut[number], number == len(self._cut) - 1
        places = stretch.places(order.planned)
        pauses = [place.pause for place in places]
        length = stretch.end - stretch.start
        pauses[-1] = length - places[-1].start - places[-1].samples
        parts = ((sound_of(stretch.first + n), pause) for n, pause in enumerate(pauses))
        pcm = joined_pcm(parts, order.sample_rate_hz, places[0].start)
        encoder = encoder_for(self._form, order.sample_rate_hz)
        if is_last:
            return _framed(self._form, encoded(pcm, encoder))
        # Silence after the cut makes the encoder output everything before it.
        size = frame_samples(self._form, order.sample_rate_hz)
        if self._form == "wav":
            return tuple(encoded(pcm, encoder))
        packets = _framed(self._form, encoded(_with_silence(pcm, 8 * size), encoder))
        return packets[: length // size]

    def _heard(self, round_: int, number: int, sound_of: PcmOf, packets: Sequence[Packet]) -> MeasuredSound:
        """Measures a stretch's sound and compares it with the plan. Raises ClipDefective."""
        order, stretch, rate = self._order, self._cut[number], self._order.sample_rate_hz
        lead: tuple[Packet, ...] = ()
        if number and (count := _LEAD.get(self._form, 0)):
            lead = self._kept_packets(round_, number - 1)[-count:]
        size = frame_samples(self._form, rate)
        lead_samples, length = len(lead) * size, stretch.end - stretch.start
        path = self._path.with_name(f"stretch.{self._form}")
        # MP3's last frames are heard only from the next stretch's first frames on, which Extent can't express.
        short = size * 2 if self._form == "mp3" and number < len(self._cut) - 1 else 0
        begins = packets[0].pts
        led = [replace(one, pts=begins + n * one.duration) for n, one in enumerate(lead)]
        led_by = sum(one.duration for one in lead)
        behind = [replace(one, pts=one.pts + led_by) for one in packets]
        self._write(path, [*led, *behind], length - short)
        sound = check_sound(
            path,
            stretch.places(order.planned),
            lambda n: sound_of(stretch.first + n),
            rate,
            Limits(gate=GATES[self._form], ceiling_dbtp=order.ceiling_dbtp),
            lead_samples=lead_samples,
        )
        path.unlink()
        if not -2 * size - rate // 100 <= sound.samples - length <= size + rate // 100:
            raise ClipDefective(f"Stretch {number + 1} of {self._path.name} has {sound.samples} samples, not {length}.")
        return sound

    def _kept_packets(self, round_: int, number: int) -> tuple[Packet, ...]:
        kept = self._turn.kept.get(f"{self._name}-{round_}-{number}")
        if kept is None:
            raise ClipDefective(f"A stretch of {self._path.name} isn't kept any more.")
        return unpacked(kept)

    def put_together(self, round_: int) -> None:
        """Copies the stretches into the file, signs it, and verifies that it holds them bit for bit."""
        order, rate = self._order, self._order.sample_rate_hz
        digest = hashlib.sha256()

        def packets() -> Iterator[Packet]:
            for number, stretch in enumerate(self._cut):
                offset = stretch.start * self._codec_rate() // rate
                for packet in self._kept_packets(round_, number):
                    digest.update(packet.data)
                    yield replace(packet, pts=packet.pts + offset)

        samples = planned_samples(order.planned)
        self._write(self._path, packets(), samples, order.chapters)
        if order.seal is not None:
            order.seal(self._path, self._form)
        seconds, found = _header_facts(self._path)
        if found != digest.hexdigest():
            raise ClipDefective(f"{self._path.name} doesn't hold the packets that were checked.")
        if abs(seconds - samples / rate) * 1000 > _ENDS_MS:
            raise ClipDefective(f"{self._path.name} says it has {seconds:.2f} s, not {samples / rate:.2f}.")
        sound_of = levelled(order, self._pcm_of, self.setting(round_))
        check_opening(self._path, order.planned[0], sound_of(0), rate, GATES[self._form])

    def _write(self, path: Path, packets: Iterable[Packet], samples: int, chapters: tuple[Chapter, ...] = ()) -> None:
        labels = Labels(tags=self._order.tags, chapters=chapters)
        file = open_clip(self._order.sample_rate_hz, path, self._form, labels)
        write_packets(packets, lambda: samples, file)

    def _codec_rate(self) -> int:
        codec = CODECS.get(self._form)
        return codec.rate_for(self._order.sample_rate_hz) if codec else self._order.sample_rate_hz


def _sound_from(data: dict[str, Any]) -> MeasuredSound:
    return MeasuredSound(**{**data, "over": {int(position): dbtp for position, dbtp in data["over"].items()}})


def _framed(form: str, packets: Iterator[Packet]) -> tuple[Packet, ...]:
    """One packet per frame."""
    if form != "mp3":
        return tuple(packets)
    return tuple(Packet(data=frame) for frame in frames_of(b"".join(packet.data for packet in packets)))


def _with_silence(pcm: Iterator[bytes], samples: int) -> Iterator[bytes]:
    yield from pcm
    yield bytes(samples * SAMPLE_WIDTH)


def _header_facts(path: Path) -> tuple[float, str]:
    """(length in seconds from the file's header, SHA-256 of its concatenated packets)."""
    digest = hashlib.sha256()
    with open_sound(path) as container:
        for packet in container.demux(audio=0):
            if packet.size:
                digest.update(bytes(packet))
        seconds = float((container.duration or 0) * Fraction(1, 1_000_000))
    return seconds, digest.hexdigest()


def _digest(order: ClipOrder) -> str:
    """Digest of everything that determines the file's sound and its stretches, except its codec."""
    inputs: Any = [
        order.sample_rate_hz,
        order.gain_db,
        order.target_lufs,
        order.ceiling_dbtp,
        LEAST_S,  # a clip begun by another version may be cut elsewhere
        [(one.segment_key, one.samples, one.start, one.pause) for one in order.planned],
    ]
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()[:16]
