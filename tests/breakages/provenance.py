"""Breakages of provenance: what a file says of itself, and that it is read back."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

CLIPS, FILES = "tests/provenance/test_clips.py", "tests/provenance/test_records.py"
BREAKAGES = (
    Breakage(
        name="an unsigned file is published",
        file="tts_service/jobs/marked.py",
        old="    confirm(back, rendering.provenance)\n",
        new="",
        test=f"{CLIPS}::test_an_unsigned_file_is_never_published",
    ),
    Breakage(
        name="finished files are not signed",
        file="tts_service/audio/finish.py",
        old="        order.seal(path, form)",
        new="        pass",
        test=f"{CLIPS}::test_every_published_file_says_what_the_record_says",
    ),
    Breakage(
        name="the manifest says the wrong source type",
        file="tts_service/provenance/sign.py",
        old='        "digitalSourceType": record.digital_source_type,',
        new='        "digitalSourceType": record.digital_source_type.replace("trainedAlgorithmicMedia", "humanEdits"),',
        test=f"{FILES}::TestManifest::test_it_has_what_c2pa_asks_for",
    ),
    Breakage(
        name="a manifest that contradicts the record is let through",
        file="tts_service/provenance/read_back.py",
        old="    if found.source_type != record.digital_source_type or found.record != record.as_json():",
        new="    if found.source_type is None:",
        test=f"{FILES}::TestSignedFiles::test_a_manifest_that_says_something_else_is_not_confirmed",
    ),
    Breakage(
        name="a late worker replaces the published file",
        file="tts_service/jobs/marked.py",
        old='    name = f"{rendition.sha256[:_NAME_DIGITS]}.{rendition.format}"',
        new='    name = f"audio.{rendition.format}"',
        test=f"{CLIPS}::test_a_worker_that_comes_too_late_replaces_nothing",
    ),
    Breakage(
        name="an altered file counts as unaltered",
        file="tts_service/provenance/read_back.py",
        old='_UNALTERED = ("Valid", _TRUSTED)',
        new='_UNALTERED = ("Valid", "Invalid", _TRUSTED)',
        test=f"{FILES}::TestSignedFiles::test_a_changed_bit_is_noticed",
    ),
    Breakage(
        name="anybody's signature counts as known",
        file="tts_service/provenance/read_back.py",
        old='known=report["validation_state"] == _TRUSTED',
        new='known=report["validation_state"] in _UNALTERED',
        test=f"{FILES}::TestCertificates::test_this_installation_knows_its_own_files_and_others_do_not",
    ),
    Breakage(
        name="the spoken notice takes no time",
        file="tts_service/narration/script.py",
        old="start_sample=start + (noticed or 0)",
        new="start_sample=start",
        test="tests/narration/test_spoken_notice.py::test_live_and_final_have_it_at_the_same_places_whoever_goes_on",
    ),
    Breakage(
        name="the spoken notice is left out of the finished file",
        file="tts_service/narration/script.py",
        old="        order += [None, line] if line.notice_samples else [line]",
        new="        order += [None, line] if line.notice_samples and line.position else [line]",
        test="tests/narration/test_spoken_notice.py::test_the_clip_begins_with_the_notice_and_words_sound_when_their_marks_say",
    ),
    Breakage(
        name="another spoken notice is no other job",
        file="tts_service/newsroom/policies.py",
        old="    if notice is None:\n        del",
        new="    if data:\n        del",
        test="tests/narration/test_spoken_notice.py::test_another_notice_is_another_job",
    ),
    Breakage(
        name="a WAV doesn't say how it was made",
        file="tts_service/audio/container.py",
        old="""fields |= {"ISRF": f"digitalSourceType: {source}", """,
        new="fields |= {",
        test="tests/audio/test_encode.py::test_tags_are_read_back",
    ),
    Breakage(
        name="the hash of the text covers something else as well",
        file="tts_service/narration/labels.py",
        old='text_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass"))',
        new='text_sha256=hashlib.sha256((site + text).encode("utf-8", "surrogatepass"))',
        test="tests/provenance/test_clips.py::test_every_published_file_says_what_the_record_says",
    ),
    Breakage(
        name="an empty file is published",
        file="tts_service/jobs/marked.py",
        old="    confirm(back, rendering.provenance)\n",
        new="    if path.stat().st_size:\n        confirm(back, rendering.provenance)\n",
        test="tests/provenance/test_clips.py::test_an_empty_file_is_never_published",
    ),
)
