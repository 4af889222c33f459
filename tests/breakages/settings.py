"""Breakages of versions, settings and doctor: what nobody would notice before a newsroom does."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

SETTINGS, DOCTOR, STORE = (
    "tests/installation/test_settings_check.py",
    "tests/commands/test_doctor.py",
    "tests/storage/test_refuses.py",
)
BREAKAGES = (
    Breakage(
        name="argument of another av version",
        file="tts_service/audio/sound_file.py",
        old='    return {"metadata_errors": "replace"} if major < _UNESCAPED_BEFORE else {}',
        new='    return {"metadata_errors": "replace"} if major else {}',
        test="tests/audio/test_av_versions.py::test_no_version_gets_an_argument_that_it_refuses",
    ),
    Breakage(
        name="doctor skips verify",
        file="tts_service/commands/to_file.py",
        old="        confirm(half, record)\n",
        new="        assert confirm, (half, record)\n",
        test=f"{DOCTOR}::test_a_planted_fault_is_found[an address byte for byte in a tag]",
    ),
    Breakage(
        name="doctor doesn't compare what a reader gets",
        file="tts_service/commands/doctor/journey.py",
        old="    if data != journey.data:",
        new="    if not data:",
        test=f"{DOCTOR}::test_a_planted_fault_is_found[a cache that keeps half a file]",
    ),
    Breakage(
        name="unknown setting silent",
        file="tts_service/installation/check.py",
        old='    unknown = unknown_names({"the environment": os.environ, str(ENV_FILE): in_file})',
        new='    unknown = unknown_names({"the environment": [], str(ENV_FILE): [] and in_file})',
        test=f"{SETTINGS}::test_names_nobody_knows_are_found_in_the_environment_and_in_the_file",
    ),
    Breakage(
        name="names in the .env file are not looked at",
        file="tts_service/installation/check.py",
        old="if binding.key and binding.value is not None]",
        new="if not binding.key]",
        test=f"{SETTINGS}::test_names_nobody_knows_are_found_in_the_environment_and_in_the_file",
    ),
    Breakage(
        name="only the first fault of the settings is told",
        file="tts_service/installation/check.py",
        old="    grave = [fault for fault in faults if fault.refuses]",
        new="    grave = [fault for fault in faults if fault.refuses][:1]",
        test=f"{SETTINGS}::test_every_fault_is_named_at_once",
    ),
    Breakage(
        name="everybody is a trusted proxy",
        file="tts_service/installation/networks.py",
        old="        if entry == _EVERYBODY:",
        new="        if entry == _EVERYBODY and not entry:",
        test=f"{SETTINGS}::test_a_fault_is_named_with_what_to_write[TTS_TRUSTED_PROXIES=*]",
    ),
    Breakage(
        name="a bucket without conditional writes is out of order for ever",
        file="tts_service/storage/store.py",
        old="                if not _NO_CONDITIONS.search(str(error.__cause__)):",
        new="                if error:",
        test=f"{STORE}::TestConditionalWrites::test_segments_are_kept_on_such_a_server",
    ),
    Breakage(
        name="readiness writes to the store at every probe",
        file="tts_service/storage/watch.py",
        old="        if self._now_s() >= self._probe_at_s and self._probing",
        new="        if self._probing",
        test=f"{STORE}::TestReady::test_one_write_a_minute_however_many_ask",
    ),
    Breakage(
        name="a full disk is ready",
        file="tts_service/storage/watch.py",
        old="        if free is not None and free < least:",
        new="        if free is not None and free < 0:",
        test=f"{STORE}::TestReady::test_a_full_disk_is_known",
    ),
    Breakage(
        name="a date without a zone is UTC whatever the site says",
        file="tts_service/values/site_options.py",
        old="        return in_range(moment, self.zone)",
        new="        return in_range(moment)",
        test="tests/cms/sources/test_site_dates.py::test_a_webhooks_article_is_dated_in_the_sites_zone",
    ),
    Breakage(
        name="an article dated in the future stays on top of the feed",
        file="tts_service/web/podcast/choice.py",
        old="dated_ms, last).where(dated_ms <= now_ms)",
        new="dated_ms, last)",
        test="tests/cms/sources/test_site_dates.py::test_a_date_in_the_future_keeps_no_article_on_top",
    ),
    Breakage(
        name="a lexicon's name is found in an amount of money",
        file="tts_service/speakable/lexicon.py",
        old="(_CURRENCY_BEFORE.search(before) or _CURRENCY_BEHIND.match(behind))",
        new="_CURRENCY_BEHIND.match(behind)",
        test="tests/newsroom/test_lexicon.py::test_an_amount_is_said_with_its_currency_beside_a_name_like_it",
    ),
)
