"""A site that was there before an update keeps its default voices until its staff choose others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.jobs.test_slices import work
from tests.parts.factories import make_article, make_parts
from tts_service.db.tables import ClipRevisionRow, SiteRow
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.order import VoiceReason
from tts_service.errors import PolicyRefused
from tts_service.jobs.acceptable import Wish
from tts_service.narration.prepared import prepare
from tts_service.newsroom.policies import policy_for, policy_version, remove_policy, set_policy
from tts_service.newsroom.site_voices import voices_for, voices_for_clip, warm_voices
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.values import SourceFormat

OLD, OTHER, NEW = "old", "other", "new"
QUOTE = "<p>Der Bürgermeister sprach kurz.</p><blockquote lang='en'>We shall rebuild the bridge.</blockquote>"


def keep(parts: Parts, site: str, policy: dict[str, Any] | None = None, voice: str = "tone:low") -> None:
    """A site of before the update."""
    set_options(parts.database, site, {})
    if policy is not None:
        set_policy(parts.database, parts.voices, site, policy)
    with parts.database.writing() as session:
        session.execute(update(SiteRow).where(SiteRow.name == site).values(kept_voices={"en": voice}))


def voices_of(parts: Parts, site: str, source: str = "It rains.", language: str = "en") -> list[str]:
    """Ids of the voices of an article that names none, the main voice first."""
    voices = voices_for(parts.database, parts.voices, site)
    policy = policy_for(parts.database, parts.settings, site)
    form = SourceFormat.HTML if source.startswith("<") else SourceFormat.TEXT
    article = make_article(site=site, source=source, source_format=form, language=language)
    return [voice.id for voice in prepare(article, voices, policy=policy).cast.voices]


def test_a_kept_voice_speaks_the_language_of_its_site_only(parts: Parts) -> None:
    keep(parts, OLD)
    default = parts.voices.default_voice("en").id
    assert voices_of(parts, OLD) == voices_of(parts, OLD, language="en-GB") == ["tone:low"]
    assert voices_of(parts, NEW) == [default] != ["tone:low"]
    assert voices_of(parts, OLD, language="de") == voices_of(parts, NEW, language="de") == ["pyttsx3:de"]


def test_a_job_is_spoken_by_the_voice_that_its_site_keeps(parts: Parts, engine: EngineChild) -> None:
    keep(parts, OLD)
    job = work(parts, engine, make_article(site=OLD, source="It rains.", language="en"), Wish())
    with parts.database.reading() as session:
        revision = session.get_one(ClipRevisionRow, (job.clip_id, job.revision))
    assert (job.state, revision.voice["id"]) == ("succeeded", "tone:low")
    of_clip = voices_for_clip(parts.database, parts.voices, job.clip_id)
    assert of_clip.default_voice("en").id == "tone:low"


def test_quotes_in_articles_of_another_language_keep_their_voice(parts: Parts) -> None:
    keep(parts, OLD)
    assert voices_of(parts, OLD, QUOTE, "de") == ["pyttsx3:de", "tone:low"]


def test_a_voice_that_is_kept_changes_no_policy(parts: Parts) -> None:
    """Else every article that is sent again would be rendered again."""
    before = policy_version(policy_for(parts.database, parts.settings, OLD))
    keep(parts, OLD)
    assert policy_version(policy_for(parts.database, parts.settings, OLD)) == before


@pytest.mark.parametrize("policy", [{"emoji": "named"}, {"voices": {"de": "pyttsx3:de"}}, {}])
def test_other_changes_of_the_policy_keep_it(parts: Parts, policy: dict[str, Any]) -> None:
    keep(parts, OLD)
    set_policy(parts.database, parts.voices, OLD, policy)
    assert voices_of(parts, OLD) == ["tone:low"]
    remove_policy(parts.database, OLD)
    assert voices_of(parts, OLD) == ["tone:low"]


@pytest.mark.parametrize("tag", ["en", "EN"])
def test_whoever_chooses_a_voice_isnt_led_back_to_the_kept_one(parts: Parts, tag: str) -> None:
    keep(parts, OLD)
    set_policy(parts.database, parts.voices, OLD, {"voices": {tag: "pyttsx3:en"}})
    assert voices_of(parts, OLD) == ["pyttsx3:en"]
    set_policy(parts.database, parts.voices, OLD, {})
    assert voices_of(parts, OLD) == [parts.voices.default_voice("en").id]


def test_a_refused_policy_ends_nothing(parts: Parts) -> None:
    keep(parts, OLD)
    with pytest.raises(PolicyRefused):
        set_policy(parts.database, parts.voices, OLD, {"voices": {"en": "pyttsx3:de"}})
    assert voices_of(parts, OLD) == ["tone:low"]


def test_a_site_with_a_voice_of_its_own_keeps_what_its_quotes_had(parts: Parts) -> None:
    keep(parts, OLD, {"voices": {"en": "pyttsx3:en"}})
    assert voices_of(parts, OLD) == ["pyttsx3:en"]
    assert voices_of(parts, OLD, QUOTE, "de") == ["pyttsx3:de", "tone:low"]


def test_the_operators_voice_comes_before_a_kept_one(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, default_voice_en="pyttsx3:en-us")
    keep(parts, OLD)
    assert voices_of(parts, OLD) == ["pyttsx3:en-us"]
    parts.close()


def test_a_kept_voice_that_was_removed_is_named(parts: Parts) -> None:
    keep(parts, OLD, voice="piper:gone")
    choice = voices_for(parts.database, parts.voices, OLD).choice("en")
    assert choice.missing[0] == "piper:gone"
    assert choice.reason in (VoiceReason.TRAINED, VoiceReason.RULES)


def test_a_worker_loads_the_voices_that_english_is_spoken_with(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, warm_voices="default")
    assert warm_voices(parts) == [parts.voices.default_voice("en").id]
    for site in (OLD, OTHER):
        keep(parts, site)
    assert warm_voices(parts) == ["tone:low"]
    parts.close()


def test_a_workers_log_names_what_isnt_installed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    parts = make_parts(tmp_path, warm_voices="default")
    keep(parts, OLD, voice="piper:gone")
    (speaks,) = warm_voices(parts)
    assert f"{speaks} speaks English; not installed: piper:gone" in caplog.text
    parts.close()


@pytest.mark.parametrize(("given", "names"), [("", []), ("tone:beep, tone:low", ["tone:beep", "tone:low"])])
def test_a_worker_loads_the_voices_that_are_named(tmp_path: Path, given: str, names: list[str]) -> None:
    parts = make_parts(tmp_path, warm_voices=given)
    assert warm_voices(parts) == names
    parts.close()
