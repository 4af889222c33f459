"""Long clips: made in stretches that fit together without a seam, kept, and never made twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.audio.test_finish import order, spiky
from tests.audio.test_sounds import RATE, sentence, sentences
from tts_service.audio import long as long_clips
from tts_service.audio import stretches as cutting
from tts_service.audio.assemble import plan, planned_samples
from tts_service.audio.check import Limits, check_clip
from tts_service.audio.decode import decoded
from tts_service.audio.encode import FORMATS, Packet
from tts_service.audio.finish import finish_format
from tts_service.audio.gates import GATES
from tts_service.audio.kept import InFolder, Turn, TurnOver
from tts_service.audio.order import Made
from tts_service.audio.stretches import Stretch, frame_samples, split_at_pauses
from tts_service.errors import ClipDefective

PCMS = sentences(9)
"""Nine sentences, 14 s in all."""


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "LONG_S", 6)
    monkeypatch.setattr(cutting, "LEAST_S", 3)


@pytest.fixture
def kept(tmp_path: Path) -> InFolder:
    folder = tmp_path / "kept"
    folder.mkdir()
    return InFolder(folder)


def made(folder: Path, form: str, turn: Turn | None = None, pcms: list[bytes] = PCMS, **more: Any) -> Made:
    wanted = replace(order(pcms, (form,)), **more)
    return finish_format(wanted, pcms.__getitem__, folder, form, turn)


@pytest.mark.slow
@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("form", FORMATS)
def test_the_file_passes_as_a_whole(tmp_path: Path, form: str, rate: int) -> None:
    """Decoded from its first sample to its last and compared with the plan, as a clip made at once is."""
    pcms = [sentence(seed, 1.2, rate) for seed in range(9)]
    lengths = [(str(number), len(pcm) // 2, rate * 35 // 100) for number, pcm in enumerate(pcms)]
    wanted = replace(order(pcms), planned=plan(lengths, rate), sample_rate_hz=rate)
    assert len(split_at_pauses(wanted.planned, rate, form)) >= 3

    whole = finish_format(wanted, pcms.__getitem__, tmp_path, form)
    checked = check_clip(whole.path, wanted.planned, pcms.__getitem__, rate, Limits(gate=GATES[form]))

    # A stretch lacks the 300 ms of loudness that lie across its beginning: much of one of 3 s, nothing of one of 600.
    assert checked.loudness_lufs == pytest.approx(whole.checked.loudness_lufs, abs=0.3)
    assert checked.true_peak_dbtp == pytest.approx(whole.checked.true_peak_dbtp, abs=0.3)
    assert abs(checked.duration_ms - whole.checked.duration_ms) <= 1024 * 1000 / rate + 1


@pytest.mark.parametrize("form", ["mp3", "m4a", "wav"])
def test_no_seam_is_heard(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sound as of one encoding, as near as two encodings with other bits to spend can be."""
    in_stretches = np.concatenate(list(decoded(made(tmp_path, form).path, RATE)))
    monkeypatch.setattr(cutting, "LONG_S", 1200)
    at_once = np.concatenate(list(decoded(made(tmp_path, form).path, RATE)))
    size = min(len(in_stretches), len(at_once))

    assert float(np.corrcoef(in_stretches[:size], at_once[:size])[0, 1]) > 0.998
    assert abs(len(in_stretches) - len(at_once)) <= (1024 if form == "m4a" else 0)


def encodings(monkeypatch: pytest.MonkeyPatch, dies_at: int | None = None) -> list[int]:
    """Stretches that were encoded; the worker dies at one of them."""
    begun: list[int] = []
    true_encoded = long_clips._Work._encoded

    def encode(work: Any, number: int, sound_of: Any) -> tuple[Packet, ...]:
        begun.append(number)
        if number == dies_at and begun.count(number) == 1:
            raise KeyboardInterrupt
        return true_encoded(work, number, sound_of)

    monkeypatch.setattr(long_clips._Work, "_encoded", encode)
    return begun


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_who_takes_over_goes_on_and_makes_the_same_file(
    tmp_path: Path, form: str, kept: InFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_one_go = made(tmp_path, form).path.read_bytes()
    begun = encodings(monkeypatch, dies_at=2)
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path, form, Turn(kept=kept))
    taken_over = made(tmp_path, form, Turn(kept=kept)).path.read_bytes()

    assert begun == [0, 1, 2, 2, *range(3, max(begun) + 1)]
    assert taken_over == at_one_go


def test_a_turn_makes_one_stretch_at_least_and_ends_when_its_time_is_over(
    tmp_path: Path, kept: InFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = encodings(monkeypatch)
    count = len(split_at_pauses(order(PCMS).planned, RATE, "mp3"))
    turns = 1
    while True:
        try:
            made(tmp_path, "mp3", Turn(kept=kept, is_over=lambda: True))
        except TurnOver:
            turns += 1
        else:
            break

    assert begun == list(range(count))
    assert turns == count


def test_a_peak_costs_its_stretch_another_encoding_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = encodings(monkeypatch)
    true_heard, lies = long_clips._Work._heard, [True]

    def heard(work: Any, round_: int, number: int, *rest: Any) -> Any:
        sound = true_heard(work, round_, number, *rest)
        lie = number == 1 and lies and lies.pop()
        return replace(sound, true_peak_dbtp=0.5, over={0: 0.5}) if lie else sound

    monkeypatch.setattr(long_clips._Work, "_heard", heard)
    whole = made(tmp_path, "mp3")

    assert begun == [0, 1, *range(1, max(begun) + 1)]
    assert whole.checked.true_peak_dbtp <= -1


def test_a_peak_that_stays_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true_heard = long_clips._Work._heard
    monkeypatch.setattr(long_clips._Work, "_heard", lambda *args: replace(true_heard(*args), true_peak_dbtp=0.5))
    with pytest.raises(ClipDefective, match=r"peaks at 0\.50 dBTP"):
        made(tmp_path, "mp3")


def test_peaky_sound_comes_out_below_the_ceiling(tmp_path: Path) -> None:
    pcms = [spiky(pcm) for pcm in PCMS]
    whole = made(tmp_path, "opus", pcms=pcms)

    assert whole.checked.true_peak_dbtp <= -1
    assert np.abs(np.concatenate(list(decoded(whole.path, 48_000)))).max() < 10 ** (-0.9 / 20)


def test_a_loudness_that_is_off_is_put_right_in_another_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The utterances that the gain is found by were louder than the rest."""
    true_first = long_clips.first_setting

    def too_quiet(*args: Any) -> Any:
        setting = true_first(*args)
        return replace(setting, gain_db=setting.gain_db - 3)

    monkeypatch.setattr(long_clips, "first_setting", too_quiet)
    whole = made(tmp_path, "mp3")

    assert whole.checked.loudness_lufs == pytest.approx(-16, abs=0.5)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("fault", ["silent", "elsewhere", "half"])
def test_a_faulty_stretch_is_refused(tmp_path: Path, form: str, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    true_encoded = long_clips._Work._encoded

    def broken(pcm: bytes) -> bytes:
        half = len(pcm) // 4 * 2
        cut_off = pcm[:half] + bytes(len(pcm) - half)
        return {"silent": bytes(len(pcm)), "elsewhere": pcm[half:] + pcm[:half], "half": cut_off}[fault]

    def encode(work: Any, number: int, sound_of: Any) -> tuple[Packet, ...]:
        return true_encoded(work, number, lambda place: broken(sound_of(place)) if place == 4 else sound_of(place))

    monkeypatch.setattr(long_clips._Work, "_encoded", encode)
    with pytest.raises(ClipDefective, match=r"isn't heard at its place|Silence of more than"):
        made(tmp_path, form)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("fault", ["lost", "twice", "changed"])
def test_a_file_that_does_not_hold_what_was_checked_is_refused(
    tmp_path: Path, form: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_open = long_clips.open_clip

    def opened(rate: int, path: Path, *rest: Any) -> Any:
        file = true_open(rate, path, *rest)
        if path.name.startswith("stretch"):
            return file
        true_add, count = file.add, 0

        def add(packet: Packet) -> None:
            nonlocal count
            count += 1
            if count == 9 and fault == "lost":
                return
            if count == 9 and fault == "changed":
                packet = replace(packet, data=packet.data[:-4] + bytes(byte ^ 1 for byte in packet.data[-4:]))
            true_add(packet)
            if count == 9 and fault == "twice":
                true_add(replace(packet, pts=packet.pts + packet.duration // 2))

        return Adding(file, add)

    monkeypatch.setattr(long_clips, "open_clip", opened)
    with pytest.raises(ClipDefective, match="doesn't hold the packets"):
        made(tmp_path, form)


class Adding:
    """A file with another way to add packets."""

    def __init__(self, file: Any, add: Callable[[Packet], None]) -> None:
        self._file, self.add = file, add

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def test_a_seal_that_breaks_the_file_is_found(tmp_path: Path) -> None:
    def seal(path: Path, _: str) -> None:
        path.write_bytes(path.read_bytes()[:-20_000])

    with pytest.raises(ClipDefective):
        made(tmp_path, "mp3", seal=seal)


def test_a_clip_for_a_file_is_made_in_stretches_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = encodings(monkeypatch)
    for form in ("mp3", "opus"):
        finish_format(order(PCMS, (form,)), PCMS.__getitem__, tmp_path, form)

    assert len(begun) > 4


PAUSES = st.lists(st.tuples(st.integers(1, 90_000), st.integers(0, 30_000)), min_size=1, max_size=40)


@given(PAUSES, st.sampled_from([8_000, 16_000, 22_050, 44_100, 48_000]), st.sampled_from(list(FORMATS)))
def test_stretches_cover_the_clip_and_are_cut_in_silence(lengths: list[tuple[int, int]], rate: int, form: str) -> None:
    planned = plan([(str(number), samples, pause) for number, (samples, pause) in enumerate(lengths)], rate)
    cut = split_at_pauses(planned, rate, form)

    assert (cut[0].first, cut[0].start, cut[-1].after) == (0, 0, len(planned))
    assert cut[-1].end == planned_samples(planned)
    for before, behind in pairwise(cut):
        assert (before.after, before.end) == (behind.first, behind.start)
        pause_from = planned[before.after - 1].start + planned[before.after - 1].samples
        assert pause_from + 2304 <= before.end <= planned[behind.first].start - 1152
        assert before.end % frame_samples(form, rate) == 0
    assert all(len(cut) == 1 or each.end - each.start >= 3 * rate for each in cut)


def test_a_stretch_counts_from_its_start() -> None:
    planned = order(PCMS).planned
    stretch = Stretch(first=2, after=4, start=planned[2].start - 500, end=planned[4].start - 500)

    assert [place.start for place in stretch.places(planned)] == [500, planned[3].start - planned[2].start + 500]


def test_clips_of_an_ordinary_length_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "LONG_S", 1200)

    assert len(split_at_pauses(order(PCMS).planned, RATE, "mp3")) == 1
