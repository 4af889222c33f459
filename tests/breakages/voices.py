"""Breakages of voices, speeds and sites' policies."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

BREAKAGES = (
    Breakage(
        name="an English voice reads a German quote",
        file="tts_service/engines/casting.py",
        old="        if requested and same_primary_language(requested.language, spoken):",
        new="        if requested:",
        test="tests/engines/test_casting.py::test_a_voice_that_cannot_speak_the_language_is_not_heard",
    ),
    Breakage(
        name="the voice doesn't follow the language",
        file="tts_service/engines/casting.py",
        old="            return voices.default_voice(spoken)",
        new="            return main",
        test="tests/engines/test_casting.py::test_the_voice_follows_the_language",
    ),
    Breakage(
        name="a second voice keeps its own level",
        file="tts_service/narration/speak.py",
        old="sound.sample_rate_hz, rate_hz, voice.gain_db - main.gain_db)",
        new="sound.sample_rate_hz, rate_hz, 0.0)",
        test="tests/narration/test_voices.py::test_another_voices_segment_has_the_clips_rate_and_level",
    ),
    Breakage(
        name="a second voice isn't resampled",
        file="tts_service/audio/fit.py",
        old="    if given_hz == wanted_hz or not len(samples):",
        new="    if given_hz or not len(samples):",
        test="tests/narration/test_voices.py::test_another_voices_segment_has_the_clips_rate_and_level",
    ),
    Breakage(
        name="another speed has the same segment key",
        file="tts_service/narration/speak.py",
        old='    manner = [f"rate {utterance.rate:.3f}"] if utterance.rate != 1.0 else []',
        new="    manner: list[str] = []",
        test="tests/narration/test_voices.py::test_whatever_changes_the_sound_changes_the_key",
    ),
    Breakage(
        name="a fitted segment doesn't know the clip's level",
        file="tts_service/narration/speak.py",
        old=" Hz {other.gain_db - cast.main.gain_db:+.2f} dB",
        new=" Hz",
        test="tests/narration/test_voices.py::test_whatever_changes_the_sound_changes_the_key",
    ),
    Breakage(
        name="segments kept so far are not found any more",
        file="tts_service/narration/speak.py",
        old='(", ".join(manner),) if manner else ())',
        new='(", ".join(manner),))',
        test="tests/narration/test_voices.py::test_segments_of_the_main_voice_keep_their_keys",
    ),
    Breakage(
        name="another voice's peaks are cut off",
        file="tts_service/audio/fit.py",
        old="gain_db, CEILING_DBTP, wanted_hz)",
        new="gain_db, 40.0, wanted_hz)",
        test="tests/audio/test_fit.py::test_no_gain_cuts_a_peak_off",
    ),
    Breakage(
        name="a changed policy changes no clip",
        file="tts_service/jobs/natural_key.py",
        old="        policy_version(policy),\n",
        new="",
        test="tests/newsroom/test_sites.py::TestVersion::test_an_article_sent_again_is_the_same_job_until_the_policy_changes",
    ),
    Breakage(
        name="the settings' pauses stand above a site's",
        file="tts_service/newsroom/sites.py",
        old="{**asdict(settings.pauses), **pauses}",
        new="{**pauses, **asdict(settings.pauses)}",
        test="tests/newsroom/test_sites.py::test_pauses_stand_above_the_settings_and_those_above_the_usual",
    ),
    Breakage(
        name="a site's key settles other sites too",
        file="tts_service/web/api/sites.py",
        old="    caller.require_site(site)\n",
        new="",
        test="tests/newsroom/test_sites.py::TestApi::test_a_sites_key_settles_its_own_site_only",
    ),
    Breakage(
        name="a clip with a neural voice calls itself rule-based",
        file="tts_service/narration/labels.py",
        old="if any(map(is_trained, voices))",
        new="if all(map(is_trained, voices))",
        test="tests/narration/test_voices.py::test_a_clip_with_one_trained_voice_says_so_and_names_all",
    ),
    Breakage(
        name="word times don't follow the rate",
        file="tts_service/engines/child.py",
        old="    times = [[word.start_ms, word.end_ms] for word in sound.words]",
        new='    times = [[word.start_ms * request["rate"], word.end_ms * request["rate"]] for word in sound.words]',
        test="tests/engines/test_contract.py::TestEveryEngine::test_words_have_their_times_at_another_rate",
    ),
    Breakage(
        name="the rate is forgotten on the way to the engine",
        file="tts_service/engines/child.py",
        old='engine.speak(words, voice, request["rate"])',
        new="engine.speak(words, voice)",
        test="tests/engines/test_contract.py::TestEveryEngine::test_a_rate_makes_the_sound_shorter_or_longer",
    ),
    Breakage(
        name="a worker forgets who speaks",
        file="tts_service/jobs/rendering.py",
        old="            voice=said.voice,\n",
        new="            voice=None,\n",
        test="tests/jobs/test_voices.py::test_a_quote_is_spoken_by_the_sites_second_voice",
    ),
)
