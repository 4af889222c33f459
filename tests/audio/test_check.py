"""The check finds what listeners would: missing, repeated, swapped, cut, clipped, silent."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from tests.audio.test_sounds import PAUSE, RATE, TAGS, placed, sentence, sentences
from tests.parts.clip_faults import FAULTS, planted
from tests.parts.clip_sounds import Sample
from tts_service.audio.assemble import LEAD_IN_MS, joined
from tts_service.audio.check import Checked, Limits, check_clip
from tts_service.audio.container import Labels, encode_clip
from tts_service.audio.encode import FORMATS
from tts_service.audio.gates import GATES
from tts_service.errors import ClipDefective
from tts_service.values import SAMPLE_WIDTH

LEAD_IN = LEAD_IN_MS * RATE // 1000
PCMS = sentences(4)
ANY_LEVEL = Limits(gate=GATES["mp3"], loudness_lu=100)


def checked(
    folder: Path, heard: list[bytes], limits: Limits = ANY_LEVEL, form: str = "mp3", want: list[bytes] = PCMS
) -> Checked:
    """Check a clip in which `heard` is said against a plan of `want`."""
    path = folder / f"clip.{form}"
    pcm = b"".join(joined([(part, PAUSE) for part in heard], RATE, LEAD_IN))
    encode_clip([pcm], RATE, path, form, Labels(tags=TAGS))
    limits = replace(limits, gate=GATES[form])
    return check_clip(path, placed(want), want.__getitem__, RATE, limits)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_clip_as_planned_passes(tmp_path: Path, form: str) -> None:
    found = checked(tmp_path, PCMS, form=form)

    assert found.duration_ms == pytest.approx(120 + 4 * 1550, abs=50)
    assert -30 < found.loudness_lufs < -15
    assert -13.5 < found.true_peak_dbtp < -10


def test_the_level_does_not_matter_to_the_likeness(tmp_path: Path) -> None:
    quiet = [(np.frombuffer(pcm, np.int16) // 5).astype(np.int16).tobytes() for pcm in PCMS]

    checked(tmp_path, quiet)


def test_a_missing_utterance_is_found(tmp_path: Path) -> None:
    with pytest.raises(ClipDefective, match="Utterance 2 of 4 isn't heard"):
        checked(tmp_path, [PCMS[0], *PCMS[2:]])


def test_an_utterance_of_silence_is_found(tmp_path: Path) -> None:
    with pytest.raises(ClipDefective, match=r"Silence of more than|Utterance 3 of 4"):
        checked(tmp_path, [*PCMS[:2], bytes(len(PCMS[2])), PCMS[3]])


def test_a_missing_last_utterance_is_found(tmp_path: Path) -> None:
    with pytest.raises(ClipDefective, match="Utterance 4 of 4 isn't heard"):
        checked(tmp_path, PCMS[:3])


def test_two_swapped_utterances_are_found(tmp_path: Path) -> None:
    with pytest.raises(ClipDefective, match="Utterance 2 of 4 isn't heard"):
        checked(tmp_path, [PCMS[0], PCMS[2], PCMS[1], PCMS[3]])


def test_a_repeated_utterance_is_found(tmp_path: Path) -> None:
    with pytest.raises(ClipDefective, match="Utterance 3 of 4 isn't heard"):
        checked(tmp_path, [*PCMS[:2], PCMS[1], *PCMS[2:]])


def test_a_repeated_last_utterance_is_found(tmp_path: Path) -> None:
    with pytest.raises(ClipDefective, match="off its planned length"):
        checked(tmp_path, [*PCMS, PCMS[3]])


def test_an_utterance_20_ms_late_is_found(tmp_path: Path) -> None:
    late = bytes(2 * RATE * 20 // 1000)
    with pytest.raises(ClipDefective, match="Utterance 2 of 4"):
        checked(tmp_path, [PCMS[0], late + PCMS[1][: -len(late)], *PCMS[2:]])


def test_half_an_utterance_is_found(tmp_path: Path) -> None:
    half = len(PCMS[1]) // 4 * 2
    with pytest.raises(ClipDefective, match="Utterance 2 of 4"):
        checked(tmp_path, [PCMS[0], PCMS[1][:half] + bytes(len(PCMS[1]) - half), *PCMS[2:]])


def test_sound_in_a_pause_is_found(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp3"
    pcm = bytearray(b"".join(joined([(part, PAUSE) for part in PCMS], RATE, LEAD_IN)))
    start = SAMPLE_WIDTH * (placed(PCMS)[1].start + placed(PCMS)[1].samples + PAUSE // 3)
    pcm[start : start + 4000] = sentence(9)[10_000:14_000]
    encode_clip([bytes(pcm)], RATE, path, "mp3", Labels(tags=TAGS))

    with pytest.raises(ClipDefective, match="sound in the pause behind utterance 2"):
        check_clip(path, placed(PCMS), PCMS.__getitem__, RATE, ANY_LEVEL)


def test_a_long_silence_within_an_utterance_is_found(tmp_path: Path) -> None:
    gap = bytes(2 * RATE * 11 // 10)
    with pytest.raises(ClipDefective, match="Silence of more than"):
        checked(tmp_path, [PCMS[0] + gap + PCMS[1]], want=[PCMS[0] + gap + PCMS[1]])


def test_a_peak_above_the_ceiling_is_found(tmp_path: Path) -> None:
    with pytest.raises(ClipDefective, match="peaks at") as error:
        loud = sentences(2, peak=0.99)
        checked(tmp_path, loud, want=loud)

    assert error.value.details["true_peak_dbtp"] > -1


def test_a_clip_too_quiet_is_found(tmp_path: Path) -> None:
    with pytest.raises(ClipDefective, match="LUFS instead of") as error:
        checked(tmp_path, PCMS, Limits(gate=GATES["mp3"], target_lufs=-16))

    assert error.value.details["loudness_lufs"] < -16.5


def hiss(seed: int, seconds: float = 0.6) -> bytes:
    """A "sh": noise between 2 and 6 kHz."""
    noise = np.fft.rfft(np.random.default_rng(seed).standard_normal(int(seconds * RATE)))
    hz = np.fft.rfftfreq(int(seconds * RATE), 1 / RATE)
    wave = np.fft.irfft(noise * ((hz > 2000) & (hz < 6000)), int(seconds * RATE))
    return (wave * (0.25 * 32767 / np.abs(wave).max())).astype(np.int16).tobytes()


def test_opus_may_replace_a_hiss_by_another_hiss_and_mp3_may_not(tmp_path: Path) -> None:
    said = [PCMS[0], hiss(1), PCMS[1]]
    checked(tmp_path, said, form="opus", want=said)

    path = tmp_path / "clip.opus"
    with pytest.raises(ClipDefective, match="Utterance 2 of 3"):
        check_clip(path, placed(said), said.__getitem__, RATE, ANY_LEVEL)


def test_another_hiss_than_planned_is_found_in_opus(tmp_path: Path) -> None:
    with pytest.raises(ClipDefective, match="Utterance 2 of 3"):
        checked(tmp_path, [PCMS[0], hiss(2), PCMS[1]], form="opus", want=[PCMS[0], hiss(1), PCMS[1]])


def test_the_padding_of_an_aac_frame_is_no_fault(tmp_path: Path) -> None:
    pcm = sentence(1, 1.0, 16_000)
    samples = 120 * 16 + len(pcm) // 2
    pause = 1024 - samples % 1024 + 40  # leaves 984 of 1024 samples of the last frame empty
    path = tmp_path / "clip.m4a"
    places = placed([pcm], pause, 16_000)
    encode_clip(joined([(pcm, pause)], 16_000, places[0].start), 16_000, path, "m4a", Labels(tags=TAGS))
    limits = Limits(gate=GATES["m4a"], loudness_lu=100)

    assert check_clip(path, places, lambda _: pcm, 16_000, limits).duration_ms > 1100
    # Since PyAV 19 the decoder leaves the padding out by itself.
    padded = int(av.__version__.partition(".")[0]) < 19
    with pytest.raises(ClipDefective, match="off its planned length") if padded else nullcontext():
        check_clip(path, places, lambda _: pcm, 16_000, replace(limits, gate=GATES["mp3"]))


def test_sound_before_the_first_utterance_is_found(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp3"
    pcm = bytearray(b"".join(joined([(part, PAUSE) for part in PCMS], RATE, LEAD_IN)))
    pcm[1000:3000] = sentence(9)[10_000:12_000]
    encode_clip([bytes(pcm)], RATE, path, "mp3", Labels(tags=TAGS))

    with pytest.raises(ClipDefective, match="sound before the first utterance"):
        check_clip(path, placed(PCMS), PCMS.__getitem__, RATE, ANY_LEVEL)


@pytest.mark.parametrize("form", ["mp3", "opus"])
@pytest.mark.parametrize("fault", FAULTS)
def test_planted_faults_are_found_by_each_codecs_gate(tmp_path: Path, fault: str, form: str) -> None:
    said = tuple(sentences(3, 0.9))
    sample = Sample(name="three", rate_hz=RATE, gain_db=4.0, pcms=said, planned=placed(list(said)))

    with pytest.raises(ClipDefective):
        planted(fault, sample, form, tmp_path / f"clip.{form}")


def test_a_truncated_file_is_found(tmp_path: Path) -> None:
    checked(tmp_path, PCMS)
    path = tmp_path / "clip.mp3"
    path.write_bytes(path.read_bytes()[:-20_000])

    with pytest.raises(ClipDefective):
        check_clip(path, placed(PCMS), PCMS.__getitem__, RATE, ANY_LEVEL)


def test_sound_of_another_length_than_planned_is_refused(tmp_path: Path) -> None:
    checked(tmp_path, PCMS)
    other = [PCMS[0], PCMS[1][:-2], *PCMS[2:]]

    with pytest.raises(ClipDefective, match="Utterance 2 has"):
        check_clip(tmp_path / "clip.mp3", placed(PCMS), other.__getitem__, RATE, ANY_LEVEL)
