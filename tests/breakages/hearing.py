"""Breakages of listening to our own clips."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

_TESTS = "tests/corrections/test_hearing.py"

BREAKAGES = (
    Breakage(
        name="a clip that sounds wrong is published",
        file="tts_service/corrections/hearing/turn.py",
        old="        publishes = row is not None and row.publishes and not row.cases",
        new="        publishes = row is not None and row.publishes",
        test=f"{_TESTS}::TestBeforePublishing::test_a_clip_that_sounds_wrong_waits_for_staff",
    ),
    Breakage(
        name="an article waits until everything is heard",
        file="tts_service/corrections/hearing/turn.py",
        old="    if row.urgent:\n        return False",
        new="    if row is not None:\n        return False",
        test=f"{_TESTS}::test_in_idle_time_the_turn_ends_as_soon_as_an_article_waits",
    ),
    Breakage(
        name="a known sound is heard again",
        file="tts_service/corrections/hearing/turn.py",
        old="    if known is not None:\n        if still_odd:",
        new="    if still_odd:\n        if still_odd:",
        test=f"{_TESTS}::test_only_new_sentences_are_heard",
    ),
    Breakage(
        name="a sentence that sounds wrong is published with the next version",
        file="tts_service/corrections/hearing/turn.py",
        old="        if still_odd:\n            with",
        new="        if not known:\n            with",
        test=f"{_TESTS}::TestBeforePublishing::test_a_sentence_that_sounds_wrong_holds_the_next_version_too",
    ),
    Breakage(
        name="what was heard outlives its article",
        file="tts_service/corrections/cases/forgetting.py",
        old="        if not case.reports and not _is_heard(session, case):",
        new="        if case.reports and not _is_heard(session, case):",
        test=f"{_TESTS}::test_an_erased_article_leaves_nothing_of_what_was_heard",
    ),
    Breakage(
        name="every voice has the same limit",
        file="tts_service/ears/judging.py",
        old="    if len(scores) < LEARNED_FROM:",
        new="    if scores is not None:",
        test=f"{_TESTS}::test_a_limit_is_learned_for_each_voice",
    ),
    Breakage(
        name="another number is another spelling",
        file="tts_service/ears/comparing.py",
        old="    if any(map(numbers.fullmatch, (*wanted, *found, one, other))):",
        new="    if not numbers:",
        test="tests/ears/test_comparing.py::test_a_word_too_few_too_many_or_a_wrong_number_counts_as_a_word",
    ),
)
