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
)
