"""Breakages of the settings' check: wrong values that pass, and advice that can't be followed."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

SETTINGS = "tests/installation/test_settings_check.py"
NAMED, ADVISED = f"{SETTINGS}::test_a_fault_is_named_with_what_to_write", f"{SETTINGS}::test_what_the_sentence_says"
BREAKAGES = (
    Breakage(
        name="a limit of nothing locks everybody out",
        file="tts_service/installation/rates.py",
        old='    return "allows no requests" if limits[0].amount < 1 else ""',
        new='    return "allows no requests" if limits[0].amount < 0 else ""',
        test=f"{NAMED}[TTS_RATE_PUBLIC=0/minute]",
    ),
    Breakage(
        name="the advice on a folder is a path where an address belongs",
        file="tts_service/installation/places.py",
        old="            suggestion = f\"{front}{re.sub('^/+', '/', whole)}\"",
        new="            suggestion = f\"{re.sub('^/+', '/', whole)}\"",
        test=f"{ADVISED}_to_write_is_taken[TTS_STORE_URL=file://~/audio]",
    ),
    Breakage(
        name="an issuer may be plain http by the advice",
        file="tts_service/installation/web_addresses.py",
        old='    or_plain = "" if name in _HTTPS_ONLY else " (or http://)"',
        new='    or_plain = " (or http://)"',
        test=f"{ADVISED}_to_write_is_taken[TTS_OIDC_ISSUER=login.example.org-TTS_OIDC_CLIENT_ID=tts]",
    ),
    Breakage(
        name="the public address goes out with letters that addresses don't have",
        file="tts_service/settings.py",
        old='    return (WebAddress.read(url) or url).rstrip("/")',
        new='    return (WebAddress.read(url) and url or url).rstrip("/")',
        test="tests/installation/test_public_url.py::test_answers_are_ascii",
    ),
)
