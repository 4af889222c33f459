"""Breakages of the player: what readers hear, see and send."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

BREAKAGES = (
    Breakage(
        name="German disclosure is empty",
        file="tts_service/web/player_texts.py",
        old='"notice": notice(language),',
        new='"notice": "",',
        test="tests/web/test_player.py::test_the_player_says_the_same_sentence_as_the_service",
    ),
    Breakage(
        name="marks name the neighbour token",
        file="tts_service/audio/captions.py",
        old="token=mark.token,",
        new="token=mark.token + 1,",
        test="tests/web/test_player.py::test_marks_name_chapters_and_tokens",
    ),
    Breakage(
        name="position sent to a third party",
        file="tts_service/web/player/memory.js",
        old="  keepPlace(clip, t, r) {",
        new='  keepPlace(clip, t, r) {\n    navigator.sendBeacon("https://stats.example/", `${clip} ${t}`);',
        test="tests/web/test_player.py::test_the_modules_hold_every_part_and_call_nobody_else",
    ),
    Breakage(
        name="Global Privacy Control is not heard",
        file="tts_service/web/api/listening.py",
        old='request.headers.get("dnt"), request.headers.get("sec-gpc")',
        new='request.headers.get("dnt"), request.headers.get("dnt")',
        test="tests/listeners/test_listening.py::test_who_does_not_want_it_is_not_counted",
    ),
    Breakage(
        name="a beacon sent again counts again",
        file="tts_service/web/api/listening.py",
        old="if await rates.first(sent.clip_token, kind)]",
        new="]",
        test="tests/listeners/test_listening.py::test_what_one_opened_page_tells_twice_counts_once",
    ),
    Breakage(
        name="a single listener can be told apart",
        file="tts_service/listeners/listening/figures.py",
        old="FEW = 5",
        new="FEW = 1",
        test="tests/listeners/test_listening.py::test_few_listeners_are_not_told_apart",
    ),
    Breakage(
        name="paid articles stand in feeds",
        file="tts_service/web/podcast/choice.py",
        old="ArticleRow.visibility == PUBLIC, ",
        new="",
        test="tests/web/test_podcast.py::test_only_what_anybody_may_hear_is_in_a_feed",
    ),
    Breakage(
        name="notes of an episode don't say that it is artificial",
        file="tts_service/web/podcast/entry.py",
        old="chosen.shown.notice, how)",
        new='"", how)',
        test="tests/web/test_podcast.py::test_the_notes_say_that_the_voice_is_artificial",
    ),
    Breakage(
        name="a report that is sent twice is taken for two",
        file="tts_service/listeners/reports.py",
        old="select(ReportRow).where(ReportRow.sent_key == draft.sent_key)",
        new="select(ReportRow).where(ReportRow.id == draft.sent_key)",
        test="tests/listeners/test_feedback_once.py::test_the_same_report_again_gets_the_same_reference",
    ),
    Breakage(
        name="a withdrawn clip is heard by the page of a report",
        file="tts_service/web/pages/feedback.py",
        old="heard=shown is not None and shown.public",
        new="heard=True",
        test="tests/listeners/test_feedback_once.py::test_a_withdrawn_clips_report_keeps_its_state_and_lets_nothing_be_heard",
    ),
    Breakage(
        name="about tells how the voice is made without looking into the record",
        file="tts_service/web/pages/clip.py",
        old="if kinds == {DigitalSourceType.TRAINED.uri}:",
        new="if not kinds:",
        test="tests/web/test_pages.py::test_the_record_drives_everything_that_is_said_of_the_voice",
    ),
    Breakage(
        name="a report panel of another version is handed out",
        file="tts_service/web/player_file.py",
        old="if v and v != made.version:",
        new="if len(v) > 99:",
        test="tests/web/test_player.py::test_the_two_halves_are_of_one_version",
    ),
    Breakage(
        name="a report names the word beside the chosen one",
        file="tts_service/web/player/report.js",
        old="if (word) body.token = word.token;",
        new="if (word) body.token = word.token + 1;",
        test="tests/slow/test_player_report.py::test_a_report_lands_on_the_chosen_word",
    ),
    Breakage(
        name="the mark is one sentence late",
        file="tts_service/web/player/marks.js",
        old="return this.sentences.length ? Math.max(0, last(this.sentences, ms)) : -1;",
        new="return this.sentences.length ? Math.max(0, last(this.sentences, ms) - 1) : -1;",
        test="tests/slow/test_player.py::test_the_sentence_and_word_that_sound_are_marked_and_enter_plays_from_one",
    ),
    Breakage(
        name="a withdrawn clip plays on",
        file="tts_service/web/reading.py",
        old='if clip.state == "withdrawn" or article.withdrawn_ms is not None:',
        new='if clip.state == "withdrawn" and article.withdrawn_ms is None:',
        test="tests/web/test_jobs.py::test_a_withdrawn_article_is_gone_everywhere",
    ),
    Breakage(
        name="the player says 1 of 1 sentences",
        file="tts_service/web/player/texts.js",
        old="made.total === 1 ? texts.renderingOne : texts.rendering",
        new="texts.rendering",
        test="tests/web/test_player_page.py::test_progress_counts_one_sentence_as_one",
    ),
)
