"""A policy's version changes with the policy alone: no upgrade and no new language re-renders clips."""

from __future__ import annotations

import pytest

from tts_service.newsroom.policies import policy_version, whole
from tts_service.speakable.notice import USUAL_NOTICES
from tts_service.values.speech_policy import SpeechPolicy, SpokenNotice

BEFORE = {
    "usual": (SpeechPolicy(), "897f8651ab8cacb898d12aecfc51f239370c4726fda6703d2de911ee06b0beff"),
    "notice": (
        SpeechPolicy(notice=SpokenNotice()),
        "9b130166436652c8dbc2bb69e287ea0f519b1d60f76585239a87644e324e7ef2",
    ),
    "own words": (
        SpeechPolicy(emoji="named", notice=SpokenNotice(texts={"it": "Parla una macchina."}, every_minutes=9)),
        "fb868cd58064c1350ce28106d6947ef5c510acbcdf480ba5e19aad4d51fa51f1",
    ),
}
"""Versions that 0.1.0 gave, when it had four languages. Stored jobs and clips hold them."""


@pytest.mark.parametrize("name", BEFORE)
def test_versions_are_those_that_stored_clips_hold(name: str) -> None:
    policy, version = BEFORE[name]
    assert policy_version(policy) == version


@pytest.mark.parametrize("name", BEFORE)
def test_a_new_language_changes_no_version_and_its_notice_is_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(USUAL_NOTICES, "xx", "Xxx.")
    policy, version = BEFORE[name]
    assert policy_version(policy) == version
    assert policy.notice is None or whole(policy)["notice"]["texts"]["xx"] == "Xxx."


def test_own_words_are_in_the_version_in_any_language() -> None:
    wordings = [{}, {"en": "A machine reads."}, {"it": "Parla una macchina."}, {"it": "Legge una macchina."}]
    assert len({policy_version(SpeechPolicy(notice=SpokenNotice(texts=texts))) for texts in wordings}) == len(wordings)
