"""Breakages of the player in publishers' pages: what holds the page back, and what depends on it."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

_TESTS = "tests/web/test_player_page.py::"
BREAKAGES = (
    Breakage(
        name="the documented script tag holds the page back",
        file="tts_service/client/calls/embedding.py",
        old='<script type="module" async src="{script}">',
        new='<script type="module" src="{script}">',
        test=_TESTS + "test_every_tag_of_the_player_is_async",
    ),
    Breakage(
        name="a question to a stopped service never ends",
        file="tts_service/web/player/asking.js",
        old="const timer = setTimeout(stop, PATIENCE_MS);",
        new="const timer = 0;",
        test=_TESTS + "test_a_question_that_nobody_answers_ends",
    ),
    Breakage(
        name="a service that is away is asked for ever",
        file="tts_service/web/player/following.js",
        old="missing ? MISSING_TRIES : SILENT_TRIES)",
        new="missing ? MISSING_TRIES : 99)",
        test=_TESTS + "test_a_service_that_is_away_is_asked_ever_less_and_then_left_alone",
    ),
    Breakage(
        name="a hidden tab keeps asking",
        file="tts_service/web/player/following.js",
        old='document.visibilityState === "hidden" && !this.sound.playing;',
        new="false;",
        test=_TESTS + "test_a_hidden_tab_asks_for_nothing_until_it_is_seen_again",
    ),
    Breakage(
        name="a clip that comes later is never found",
        file="tts_service/web/player/following.js",
        old="const MISSING_TRIES = 4;",
        new="const MISSING_TRIES = 0;",
        test=_TESTS + "test_a_clip_that_is_not_there_is_asked_for_a_few_times_and_no_more",
    ),
    Breakage(
        name="the page's root font makes the buttons small",
        file="tts_service/web/player/look.js",
        old=".title { font-size: 1.0625em;",
        new=".title { font-size: 1.0625rem;",
        test=_TESTS + "test_no_size_depends_on_the_page",
    ),
    Breakage(
        name="the page's capitals and letter spacing reach the player",
        file="tts_service/web/player/look.js",
        old=".box { all: initial; display: block;",
        new=".box { display: block;",
        test=_TESTS + "test_no_size_depends_on_the_page",
    ),
    Breakage(
        name="a policy that is only tried out silences the player",
        file="tts_service/web/player/page.js",
        old='if (disposition === "report") return;',
        new="",
        test=_TESTS + "test_what_the_pages_policy_stopped_is_remembered",
    ),
    Breakage(
        name="a closed article is looked for by its address",
        file="tts_service/web/api/clips.py",
        old="if url and not by_id else named",
        new="if url else named",
        test="tests/web/test_clip_search.py::test_a_closed_article_is_never_looked_for_by_its_address",
    ),
    Breakage(
        name="a German page without a German tag of its own is spoken to in English",
        file="tts_service/web/player/texts.js",
        old='wanted.split("-")[0]]',
        new="wanted]",
        test=_TESTS + "test_labels_are_in_the_first_language_the_player_has",
    ),
)
