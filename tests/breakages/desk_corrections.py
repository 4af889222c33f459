"""Breakages of corrections: what is spoken again, what is taken back, who decides."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

REVISE, ACCEPT, BACK = (
    "tests/jobs/test_revise.py",
    "tests/corrections/test_accept.py",
    "tests/corrections/test_taking_back.py",
)
REPAIRS = "tests/corrections/test_repairs.py"
BREAKAGES = (
    Breakage(
        name="a revision of one that isn't heard any more is published",
        file="tts_service/jobs/revised.py",
        old="    if row is None or clip.current_revision != basis.revision:",
        new="    if row is None:",
        test=f"{REVISE}::test_a_revision_of_one_that_is_not_heard_any_more_is_superseded_not_failed",
    ),
    Breakage(
        name="two models of one voice speak in one clip",
        file="tts_service/jobs/revised.py",
        old='    if parts.voices.find(row.voice["id"]).fingerprint != voice_from(row.voice).fingerprint:',
        new='    if parts.voices.find(row.voice["id"]) is None:',
        test=f"{REVISE}::test_a_clip_is_never_spoken_by_two_models_of_one_voice",
    ),
    Breakage(
        name="a correction speaks every sentence of a block",
        file="tts_service/corrections/impact/planning.py",
        old="        if apart and all(place.start",
        new="        if not apart and all(place.start",
        test=f"{ACCEPT}::test_a_clip_tells_what_changed_and_which_correction_made_it",
    ),
    Breakage(
        name="the second decider overwrites",
        file="tts_service/corrections/accept.py",
        old="            case = locked_case(parts, session, case_id, version)",
        new="            case = locked_case(parts, session, case_id)",
        test=f"{ACCEPT}::test_the_second_who_decides_is_told_and_changes_nothing",
    ),
    Breakage(
        name="a case is settled although a clip failed",
        file="tts_service/corrections/follow_up.py",
        old='    if correction.state != "done":\n',
        new="    if False:\n",
        test=f"{ACCEPT}::test_a_rendering_that_fails_half_way_leaves_the_case_open_and_names_the_clip",
    ),
    Breakage(
        name="a text prepared before the correction stays as it was",
        file="tts_service/corrections/affected.py",
        old="    begun = select(JobRow.clip_id).where(*at_work).distinct()",
        new='    begun = select(JobRow.clip_id).where(*at_work, JobRow.id == "").distinct()',
        test=f"{ACCEPT}::test_a_first_rendering_that_was_under_way_is_corrected_after_it",
    ),
    Breakage(
        name="a correction that is being rendered is taken for taken back",
        file="tts_service/corrections/follow_up.py",
        old='        own = job.correction_id == correction.id and (job.basis or {}).get("cause") == _cause(row)',
        new="        own = job.correction_id == correction.id",
        test=f"{BACK}::test_a_correction_taken_back_while_it_is_rendered_ends_taken_back",
    ),
    Breakage(
        name="a revision answers for a text of which it lacks an entry",
        file="tts_service/corrections/follow_up.py",
        old="            complete=plan.complete and not _has_other(session, row),",
        new="            complete=True,",
        test=f"{ACCEPT}::test_a_revision_that_lacks_a_plain_entry_does_not_answer_for_its_text",
    ),
    Breakage(
        name="an edit loses the repair of a sentence",
        file="tts_service/jobs/sink.py",
        old="            repairs=repairs,\n",
        new="            repairs=repairs if job.basis else type(repairs)(),\n",
        test=f"{REPAIRS}::test_a_later_edit_of_other_sentences_keeps_the_repair",
    ),
    Breakage(
        name="a repaired article is rendered again by a repeated webhook",
        file="tts_service/jobs/natural_key.py",
        old="        *((repairs,) if repairs else ()),",
        new="        *((str(id(object())),) if repairs else ()),",
        test=f"{REPAIRS}::test_a_repeated_webhook_finds_the_repaired_clip",
    ),
    Breakage(
        name="an earlier repair overrules the voice that was chosen later",
        file="tts_service/jobs/again.py",
        old="            drop_voice(session, article_id)",
        new="            pass",
        test=f"{REPAIRS}::test_of_a_repaired_voice_and_one_chosen_when_rendering_again_the_later_holds",
    ),
    Breakage(
        name="taking a correction back speaks again",
        file="tts_service/narration/speak.py",
        old="segment = ahead.segment if ahead and ahead.key == key else self._segments.get(key)",
        new="segment = None",
        test=f"{BACK}::test_the_entry_and_every_clip_go_back_and_nothing_is_spoken",
    ),
    Breakage(
        name="a plan that a later correction overtakes stays",
        file="tts_service/corrections/affected.py",
        old="    planned = or_(JobRow.slices > 0, JobRow.basis.is_not(None))",
        new="    planned = or_(JobRow.slices > 0, JobRow.slices > 1)",
        test=f"{ACCEPT}::test_an_entry_that_goes_before_its_correction_was_rendered_is_gone_from_the_clip",
    ),
    Breakage(
        name="a correction is taken back under a later one",
        file="tts_service/corrections/taking_back.py",
        old="    if changed is None:",
        new="    if True:",
        test=f"{BACK}::test_what_was_built_upon_is_taken_back_last",
    ),
    Breakage(
        name="a second try of a failed correction takes it back",
        file="tts_service/corrections/taking_back.py",
        old=" or row.clip_id in taken_back",
        new=" or row.clip_id not in taken_back",
        test=f"{BACK}::test_a_failed_correction_of_one_article_is_tried_again_and_not_taken_back",
    ),
    Breakage(
        name="listeners are told of a correction of a sentence that is gone",
        file="tts_service/corrections/cases/answering.py",
        old="    if row is None or row.state not in _ENDED or row.to_revision is None:\n        return False",
        new="    if row is None or row.to_revision is None:\n        return row is not None",
        test=f"{ACCEPT}::test_what_is_gone_before_the_correction_reaches_it_is_not_told_as_corrected",
    ),
    Breakage(
        name="a held version misses what was corrected meanwhile",
        file="tts_service/corrections/release.py",
        old="        add_to_missed_corrections(parts, session, missed, clip_id)\n",
        new="",
        test="tests/corrections/test_release.py::test_a_held_version_is_corrected_as_soon_as_it_is_released",
    ),
    Breakage(
        name="the text under a correction hides the newest, which is held",
        file="tts_service/jobs/again.py",
        old="JobRow.article_revision_id.desc(), ",
        new="",
        test="tests/corrections/test_release.py"
        "::test_a_held_text_that_a_correction_of_the_old_one_overtook_is_rendered_again",
    ),
    Breakage(
        name="a second repair of a sentence drops the first",
        file="tts_service/article/repairs.py",
        old="    return settles and direction.start",
        new="    return settles or direction.start",
        test=f"{REPAIRS}::test_repairs_of_other_words_of_a_sentence_stand_side_by_side",
    ),
    Breakage(
        name="an erased article is still named among those that an entry leaves out",
        file="tts_service/retention/article_lexicon.py",
        old="    _forget_exceptions(session, [trail.site, trail.external_id])\n",
        new="",
        test="tests/retention/test_erasure.py::test_no_correction_and_no_entry_names_an_erased_article",
    ),
)
