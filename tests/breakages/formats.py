"""Breakages of the formats: gates by codec, formats that fail alone, finishing that goes on, words that are lost."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

CHECK, FINISH, JOBS = "tests/audio/test_check.py", "tests/audio/test_finish.py", "tests/jobs/test_formats.py"
WORDS, LONG, LONG_JOBS = "tests/jobs/test_unspeakable_words.py", "tests/audio/test_long.py", "tests/jobs/test_long.py"

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
        file="tts_service/jobs/sink.py",
        old='        if form == "mp3":\n            raise error',
        new="        raise error",
        test=f"{JOBS}::test_an_opus_that_does_not_pass_leaves_the_mp3_published",
    ),
    Breakage(
        name="finishing begins anew",
        file="tts_service/jobs/sink.py",
        old="        self._files = {one.format: one for one in self._rendering.files if one.plan == self._plan}",
        new="        self._files = {}",
        test=f"{JOBS}::test_a_worker_that_takes_over_goes_on_with_the_next_format",
    ),
    Breakage(
        name="files of two timelines are published together",
        file="tts_service/jobs/sink.py",
        old="        self._files = {one.format: one for one in self._rendering.files if one.plan == self._plan}",
        new="        self._files = {one.format: one for one in self._rendering.files}",
        test=f"{JOBS}::test_files_of_another_timeline_are_made_again",
    ),
    Breakage(
        name="what was left out is never tried again",
        file="tts_service/jobs/sink.py",
        old="again_ms=again_at(files, now),",
        new="again_ms=None,",
        test=f"{JOBS}::test_what_was_left_out_is_tried_again_by_itself",
    ),
    Breakage(
        name="frames of live.mp3 make a finished file at any level",
        file="tts_service/audio/finish.py",
        old='"mp3", _NEAR_LU)',
        new='"mp3", 9.0)',
        test="tests/audio/test_live_file.py::test_a_clip_at_another_level_is_encoded_anew",
    ),
    Breakage(
        name="a finished file of live.mp3's frames skips what every encoder adds",
        file="tts_service/audio/live_file.py",
        old="delay=_SILENCE - DECODER_DELAY",
        new="delay=576",
        test="tests/audio/test_live_file.py::test_its_sentences_begin_at_their_exact_samples",
    ),
    Breakage(
        name="a peak is put right and the loudness forgotten",
        file="tts_service/audio/gain.py",
        old="aim_lufs=setting.aim_lufs + order.target_lufs - setting.short_lu - lufs)",
        new="aim_lufs=setting.aim_lufs)",
        test=f"{FINISH}::test_peak_and_loudness_are_put_right_together",
    ),
    Breakage(
        name="a word that kills the voice costs the sentence",
        file="tts_service/engines/child/unspeakable.py",
        old="    found = _found(utterance, spoken, speaks)",
        new="    found = [*spoken]",
        test=f"{WORDS}::test_the_deadly_words_are_found",
    ),
    Breakage(
        name="a long clip is cut where its sound still rings",
        file="tts_service/audio/stretches.py",
        old="_SILENT_BEFORE = 2304",
        new="_SILENT_BEFORE = -9000",
        test=f"{LONG}::test_stretches_cover_the_clip_and_are_cut_in_silence",
    ),
    Breakage(
        name="a long file isn't compared with what was checked",
        file="tts_service/audio/long.py",
        old="        if found != digest.hexdigest():",
        new="        if not found:",
        test=f"{LONG}::test_a_file_that_does_not_hold_what_was_checked_is_refused[changed-mp3]",
    ),
    Breakage(
        name="who takes over a long clip begins anew",
        file="tts_service/jobs/stretches.py",
        old="            return self._parts.store.get(",
        new="            return None and self._parts.store.get(",
        test=f"{LONG_JOBS}::test_who_dies_at_a_stretch_loses_that_one_and_no_attempt",
    ),
    Breakage(
        name="a kept stretch doesn't count as progress",
        file="tts_service/jobs/stretches.py",
        old="                write(session, self._rendering.lease, attempts=0)",
        new="                write(session, self._rendering.lease)",
        test=f"{LONG_JOBS}::test_who_dies_at_a_stretch_loses_that_one_and_no_attempt",
    ),
    Breakage(
        name="stretches stay behind when the clip is published",
        file="tts_service/jobs/sink.py",
        old="        self._stretches.forget()\n",
        new="",
        test=f"{LONG_JOBS}::test_each_turn_makes_a_stretch_and_the_next_one_goes_on",
    ),
    Breakage(
        name="one peak makes the whole clip quieter",
        file="tts_service/audio/gain.py",
        old="for n, dbtp in over.items()}}",
        new="for n in range(99) for dbtp in over.values()}}",
        test=f"{FINISH}::test_a_peak_costs_its_own_sentence_loudness_and_no_other",
    ),
)
