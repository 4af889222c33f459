"""Breakages of speech on request and of remote voices."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

BREAKAGES = (
    Breakage(
        name="speech goes on for a client that has left",
        file="tts_service/web/sound/spoken.py",
        old="            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)\n",
        new="            await sending\n",
        test="tests/web/test_speech_clients.py::test_nothing_more_is_spoken_once_the_client_has_left",
    ),
    Breakage(
        name="a client that leaves in the middle of a sentence is an error",
        file="tts_service/web/sound/spoken.py",
        old="        with self._making:\n            return next(self._rest, None)",
        new="        return next(self._rest, None)",
        test="tests/web/test_speech.py::test_a_client_that_leaves_in_the_middle_of_a_sentence_ends_the_answer_without_an_error",
    ),
    Breakage(
        name="speech on request doesn't count towards the quota",
        file="tts_service/newsroom/quotas.py",
        old='    return of_jobs + usage_since(session, site, "speech", begin)',
        new="    return of_jobs",
        test="tests/web/test_speech.py::test_characters_count_towards_the_sites_quota",
    ),
    Breakage(
        name="the sound of a text that nobody published is kept",
        file="tts_service/narration/free_text.py",
        old="spoken(said, self.cast, _Unkept(segments), engine)",
        new="spoken(said, self.cast, segments, engine)",
        test="tests/web/test_speech.py::test_an_unpublished_text_is_kept_nowhere",
    ),
    Breakage(
        name="the budget of remote voices is ignored",
        file="tts_service/newsroom/remote_budget.py",
        old="    if used + characters > limit:",
        new="    if used > limit * 1_000:",
        test="tests/jobs/test_remote_voices.py::test_a_sentence_beyond_the_budget_is_not_sent",
    ),
    Breakage(
        name="an article is begun for which the budget doesn't suffice",
        file="tts_service/jobs/sink.py",
        old="            require_budget(self._parts.database, self.site, characters)\n",
        new="            _ = require_budget, characters\n",
        test="tests/jobs/test_remote_voices.py::test_an_article_waits_for_a_budget_that_is_large_enough_for_all_of_it",
    ),
    Breakage(
        name="another voice speaks silently",
        file="tts_service/jobs/sink.py",
        old="            account = (*prepared.read.account, instead_line(prepared.voice.id, self._remote))",
        new="            account = prepared.read.account if instead_line else ()",
        test="tests/jobs/test_remote_voices.py::"
        "test_another_voice_speaks_where_the_site_wants_that_and_the_account_says_so",
    ),
    Breakage(
        name="another voice speaks although the site wants to wait",
        file="tts_service/jobs/sink.py",
        old="        if not options_for(self._parts.database, self.site).remote_fallback:",
        new="        if options_for(self._parts.database, self.site) is None:",
        test="tests/jobs/test_remote_voices.py::test_an_article_waits_for_its_server_however_long_that_is_away",
    ),
    Breakage(
        name="a server's error shows the key",
        file="tts_service/engines/remote/server.py",
        old='            said = said.replace(self._key, "…")',
        new="            said = str(said)",
        test="tests/engines/test_openai.py::test_the_key_is_told_nobody",
    ),
    Breakage(
        name="a remote voice becomes a default",
        file="tts_service/engines/voices/order.py",
        old="        and not voice.remote\n",
        new="",
        test="tests/jobs/test_remote_voices.py::test_a_remote_voice_speaks_only_where_it_is_named",
    ),
    Breakage(
        name="half a sentence of a remote voice is taken for the whole",
        file="tts_service/engines/remote/answers.py",
        old="    usual = statistics.median(paces) if len(paces) >= _USUAL else None",
        new="    usual = statistics.median(paces) if len(paces) >= 1_000 else None",
        test="tests/engines/test_openai.py::test_half_a_sentence_is_noticed_once_the_voice_is_known",
    ),
    Breakage(
        name="Retry-After is ignored",
        file="tts_service/engines/remote/server.py",
        old="            next_s = max(pause_s or 0.0, retry_after_s)",
        new="            next_s = pause_s or 0.0",
        test="tests/engines/test_openai.py::test_a_busy_server_is_asked_again_when_it_says",
    ),
)
