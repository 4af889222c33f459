"""Breakages of the formats: gates by codec, formats that fail alone, finishing that goes on, words that are lost."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

CHECK, FINISH, JOBS = "tests/test_audio_check.py", "tests/test_audio_finish.py", "tests/test_formats_jobs.py"
WORDS = "tests/test_unspeakable_words.py"

BREAKAGES = (
    Breakage(
        name="the gate of MP3 stands for Opus",
        file="tts_service/audio/gates.py",
        old="likeness=0.95, noise_likeness=0.7,",
        new="likeness=0.95, noise_likeness=0.95,",
        test=f"{CHECK}::test_opus_may_replace_a_hiss_by_another_hiss_and_mp3_may_not",
    ),
    Breakage(
        name="any hiss passes for any other",
        file="tts_service/audio/check.py",
        old="    if found < gate.noise_likeness:\n        return False\n",
        new="",
        test=f"{CHECK}::test_another_hiss_than_planned_is_found_in_opus",
    ),
    Breakage(
        name="an Opus that doesn't pass fails the clip",
        file="tts_service/jobs/finish.py",
        old='            if form == "mp3":\n                raise',
        new="            raise",
        test=f"{JOBS}::test_an_opus_that_does_not_pass_leaves_the_mp3_published",
    ),
    Breakage(
        name="finishing begins anew",
        file="tts_service/jobs/finish.py",
        old="    files = {one.format: one for one in rendering.files if one.plan == plan}",
        new="    files: dict[str, FileState] = {}",
        test=f"{JOBS}::test_a_worker_that_takes_over_goes_on_with_the_next_format",
    ),
    Breakage(
        name="files of two timelines are published together",
        file="tts_service/jobs/finish.py",
        old="    files = {one.format: one for one in rendering.files if one.plan == plan}",
        new="    files = {one.format: one for one in rendering.files}",
        test=f"{JOBS}::test_files_of_another_timeline_are_made_again",
    ),
    Breakage(
        name="what was left out is never tried again",
        file="tts_service/jobs/finish.py",
        old="again_ms=again_at(files, now),",
        new="again_ms=None,",
        test=f"{JOBS}::test_what_was_left_out_is_tried_again_by_itself",
    ),
    Breakage(
        name="a peak is put right and the loudness forgotten",
        file="tts_service/audio/finish.py",
        old="aim_lufs=setting.aim_lufs + off_lu)",
        new="aim_lufs=setting.aim_lufs)",
        test=f"{FINISH}::test_peak_and_loudness_are_put_right_together",
    ),
    Breakage(
        name="a word that kills the voice costs the sentence",
        file="tts_service/jobs/unspeakable.py",
        old="    found = _found(utterance, spoken, speaks)",
        new="    found = [*spoken]",
        test=f"{WORDS}::test_the_deadly_words_are_found",
    ),
)
