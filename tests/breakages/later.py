"""Breakages of what comes later than a clip: formats that were left out; and of notices that kill the voice."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

FORMATS = "tests/jobs/test_formats.py"
WORDS = "tests/jobs/test_unspeakable_words.py"
BREAKAGES = (
    Breakage(
        name="the clip doesn't say what it lacks",
        file="tts_service/web/api/clips.py",
        old="left_out=[LeftOut(**one) for one in left_out(row.files)] if row else [],",
        new="left_out=[LeftOut(**one) for one in left_out(row.files)][:0] if row else [],",
        test=f"{FORMATS}::test_the_clip_says_what_it_lacks_as_its_job_does",
    ),
    Breakage(
        name="nobody hears of a file that is made later",
        file="tts_service/jobs/left_out.py",
        old="            clip_ready(parts, session, rendering.lease.job_id)",
        new="            assert clip_ready",
        test=f"{FORMATS}::test_publishers_hear_of_a_file_that_is_made_later",
    ),
    Breakage(
        name="a file of a withdrawn clip is told as ready",
        file="tts_service/jobs/left_out.py",
        old='if made and (clip.state, clip.current_revision) == ("ready", rendering.revision):',
        new="if made and clip.id:",
        test=f"{FORMATS}::test_nobody_is_told_of_a_file_of_a_revision_that_is_heard_no_more",
    ),
    Breakage(
        name="a killing word of a notice is left out by the command line",
        file="tts_service/narration/pipeline.py",
        old='    raise UnspeakableText(\n        f"The voice crashed',
        new="    return spoken(without_unspeakable(engine, script.cast, script.notice.utterance), script.cast, "
        'sink.segments, engine)[0]\n    raise UnspeakableText(\n        f"The voice crashed',
        test=f"{WORDS}::test_the_command_line_loses_no_word_of_a_notice",
    ),
    Breakage(
        name="the command line's marks are 30 samples off those of the service",
        file="tts_service/commands/to_file.py",
        old="one.place.start, one.place.samples",
        new="one.place.start + 30, one.place.samples",
        test="tests/narration/test_one_way.py::test_the_same_segments_give_the_same_marks_and_files",
    ),
    Breakage(
        name="a fault in one of beat's duties ends beat",
        file="workers/schedule.py",
        old="        except Exception:  # what fails now",
        new="        except KeyError:  # what fails now",
        test="tests/workers/test_faults.py::TestBeat::test_it_goes_on_with_its_other_duties_and_names_the_one_that_failed",
    ),
    Breakage(
        name="what was spoken by the version before is spoken anew",
        file="tts_service/values/speech.py",
        old='"segment-1"',
        new='"segment-2"',
        test="tests/embedded/test_upgrade.py::test_one_changed_sentence_is_one_sentence_spoken",
    ),
)
