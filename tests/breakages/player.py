"""Breakages of the player: what readers hear, see and send."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

BREAKAGES = (
    Breakage(
        name="German disclosure is empty",
        file="tts_service/web/player/texts.js",
        old='notice: "Diese Audioversion wurde künstlich generiert.",',
        new='notice: "",',
        test="tests/test_web_player.py::test_the_player_says_the_same_sentence_as_the_service",
    ),
    Breakage(
        name="marks name the neighbour token",
        file="tts_service/audio/captions.py",
        old="token=mark.token,",
        new="token=mark.token + 1,",
        test="tests/test_web_player.py::test_marks_name_chapters_and_tokens",
    ),
    Breakage(
        name="position sent to a third party",
        file="tts_service/web/player/memory.js",
        old="  keepPlace(clip, t, r) {",
        new='  keepPlace(clip, t, r) {\n    navigator.sendBeacon("https://stats.example/", `${clip} ${t}`);',
        test="tests/test_web_player.py::test_the_modules_hold_every_part_and_call_nobody_else",
    ),
    Breakage(
        name="Global Privacy Control is not heard",
        file="tts_service/web/api_listening.py",
        old='request.headers.get("dnt"), request.headers.get("sec-gpc")',
        new='request.headers.get("dnt"), request.headers.get("dnt")',
        test="tests/test_listening.py::test_who_does_not_want_it_is_not_counted",
    ),
    Breakage(
        name="a beacon sent again counts again",
        file="tts_service/web/api_listening.py",
        old="if await rates.first(sent.clip_token, kind)]",
        new="]",
        test="tests/test_listening.py::test_what_one_opened_page_tells_twice_counts_once",
    ),
    Breakage(
        name="a single listener can be told apart",
        file="tts_service/listening/figures.py",
        old="FEW = 5",
        new="FEW = 1",
        test="tests/test_listening.py::test_few_listeners_are_not_told_apart",
    ),
    Breakage(
        name="paid articles stand in feeds",
        file="tts_service/web/podcast/choice.py",
        old="ArticleRow.visibility == PUBLIC, ",
        new="",
        test="tests/test_podcast.py::test_only_what_anybody_may_hear_is_in_a_feed",
    ),
    Breakage(
        name="notes of an episode don't say that it is artificial",
        file="tts_service/web/podcast/entry.py",
        old="notice(row.language), words[",
        new='"", words[',
        test="tests/test_podcast.py::test_the_notes_say_that_the_voice_is_artificial",
    ),
)
