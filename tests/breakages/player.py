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
)
