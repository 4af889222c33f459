"""Articles spoken by a remote voice: what it costs, and what happens when it can't or may not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.parts.factories import Doorbell, make_article, make_parts
from tests.parts.speech_server import Reply, SpeechStandIn, speech, speech_stand_in, wav, with_settings
from tts_service.db.session import Database
from tts_service.db.tables import ClipRevisionRow, JobRow
from tts_service.engines.base import Sound
from tts_service.engines.openai import OpenaiEngine
from tts_service.engines.remote.server import SpeechServer
from tts_service.engines.tone import ToneEngine
from tts_service.engines.voices.order import VoiceChoice, VoiceReason, choose_voice
from tts_service.errors import EngineUnavailable, ServiceError, SpeechServerUnavailable, VoiceBudgetSpent
from tts_service.jobs.lease import Lease, claim
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.slices import run_slice
from tts_service.jobs.submit import Wish, submit
from tts_service.newsroom.policies import set_policy
from tts_service.newsroom.remote_budget import BudgetedEngine
from tts_service.newsroom.sites import set_options
from tts_service.newsroom.speech_usage import usage_since
from tts_service.parts import Parts
from tts_service.values import SpokenWord, Voice
from tts_service.values.moments import utc_of

TEXT = "The harbour opened on Monday. Three people came."
SENT = ["New bridge opens", "The harbour opened on Monday.", "Three people came."]
DOWN = Reply(status=401, kind="application/json", body=b'{"detail": "no account"}')


class InThisProcess:
    """Speaks without a child: remote voices by the stand-in, others by beeps."""

    def __init__(self, stand_in: SpeechStandIn, folder: Path) -> None:
        self.remote, self.tone = OpenaiEngine(folder), ToneEngine(folder)
        self.remote._server = SpeechServer(stand_in.url, None, 5.0, wait=lambda _: None)

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        return (self.remote if voice.remote else self.tone).speak(words, voice, rate)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[SpeechStandIn]:
    with speech_stand_in() as server:
        yield server


@pytest.fixture
def parts(stand_in: SpeechStandIn, tmp_path: Path, bell: Doorbell) -> Iterator[Parts]:
    stand_in.replies.clear()
    stand_in.asked.clear()
    folder = with_settings(tmp_path / "voices", stand_in.url)
    built = make_parts(tmp_path, bell, voices_dir=folder, default_voice_en="tone:beep")
    set_policy(built.database, built.voices, "gazette", {"voices": {"en": "openai:anna"}})
    yield built
    built.close()


@pytest.fixture
def speaker(stand_in: SpeechStandIn, parts: Parts) -> InThisProcess:
    return InThisProcess(stand_in, parts.settings.voices_folder)


def options(parts: Parts, **changed: Any) -> None:
    set_options(parts.database, "gazette", changed)


def worked(parts: Parts, speaker: InThisProcess, job_id: str = "") -> JobRow:
    """A turn with a job (a new one, unless it is named), as a worker has it; the job afterwards."""
    job_id = job_id or submit(parts, make_article(source=TEXT), Wish()).job_id
    with parts.database.writing() as session:
        session.get_one(JobRow, job_id).due_ms = 0
    lease = claim(parts, job_id, "worker")
    assert isinstance(lease, Lease)
    try:
        run_slice(parts, speaker, lease)
    except ServiceError as error:
        settle_job(parts, lease, error)
    with parts.database.reading() as session:
        return session.get_one(JobRow, job_id)


def revision(parts: Parts) -> ClipRevisionRow:
    with parts.database.reading() as session:
        return session.scalars(select(ClipRevisionRow)).one()


def counted(parts: Parts) -> int:
    with parts.database.reading() as session:
        return usage_since(session, "gazette", "remote", utc_of(parts.database.now_ms(session)))


def test_what_is_sent_is_counted(parts: Parts, speaker: InThisProcess, stand_in: SpeechStandIn) -> None:
    assert worked(parts, speaker).state == "succeeded"
    assert [asked["input"] for asked in stand_in.asked] == SENT
    assert counted(parts) == sum(map(len, SENT))
    assert revision(parts).voice["id"] == "openai:anna"


def test_an_article_waits_for_a_budget_that_is_large_enough_for_all_of_it(
    parts: Parts, speaker: InThisProcess, stand_in: SpeechStandIn
) -> None:
    options(parts, remote_characters_a_month=sum(map(len, SENT)) - 1)
    job = worked(parts, speaker)
    assert (job.state, job.waiting, job.attempts, stand_in.asked) == ("queued", "voice_budget_spent", 0, [])
    options(parts, remote_characters_a_month=sum(map(len, SENT)))
    assert worked(parts, speaker, job.id).state == "succeeded"
    other = submit(parts, make_article(external_id="2", source=TEXT + " More."), Wish()).job_id
    assert worked(parts, speaker, other).waiting == "voice_budget_spent"


def test_another_voice_speaks_where_the_site_wants_that_and_the_account_says_so(
    parts: Parts, speaker: InThisProcess, stand_in: SpeechStandIn
) -> None:
    options(parts, remote_characters_a_month=10, remote_fallback=True)
    assert worked(parts, speaker).state == "succeeded"
    made = revision(parts)
    assert (made.voice["id"], stand_in.asked, counted(parts)) == ("tone:beep", [], 0)
    assert made.account[-1]["reason"] == "another voice speaks: tone:beep instead of openai:anna"
    assert [voice["voice"] for voice in (made.provenance or {})["voices"]] == ["tone:beep"]


def test_an_article_waits_for_its_server_however_long_that_is_away(
    parts: Parts, speaker: InThisProcess, stand_in: SpeechStandIn
) -> None:
    job_id = ""
    for _ in range(7):
        stand_in.replies.append(DOWN)
        job = worked(parts, speaker, job_id)
        job_id = job.id
        assert (job.state, job.waiting, job.attempts) == ("queued", "speech_server_unavailable", 0)
    assert worked(parts, speaker, job_id).state == "succeeded"
    assert revision(parts).voice["id"] == "openai:anna"


@pytest.mark.parametrize(("asked_s", "waits_s"), [(0, 60), (600, 600), (900_000, 3_600)])
def test_a_server_says_when_it_is_back_but_an_article_waits_an_hour_at_most(
    parts: Parts, asked_s: int, waits_s: int
) -> None:
    lease = claim(parts, submit(parts, make_article(source=TEXT), Wish()).job_id, "worker")
    assert isinstance(lease, Lease)
    settle_job(parts, lease, SpeechServerUnavailable("It is away.", retry_after_s=asked_s))
    with parts.database.reading() as session:
        due_ms = session.get_one(JobRow, lease.job_id).due_ms
        assert due_ms is not None
        assert waits_s - 30 < (due_ms - parts.database.now_ms(session)) / 1000 < waits_s * 1.5


def test_another_voice_speaks_for_a_server_that_is_away(
    parts: Parts, speaker: InThisProcess, stand_in: SpeechStandIn
) -> None:
    options(parts, remote_fallback=True)
    stand_in.replies.append(DOWN)
    assert worked(parts, speaker).state == "succeeded"
    assert revision(parts).voice["id"] == "tone:beep"


def test_a_clip_that_somebody_may_hear_already_keeps_its_voice(
    parts: Parts, speaker: InThisProcess, stand_in: SpeechStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tts_service.jobs.sink._WRITE_EVERY_S", 0.0)
    options(parts, remote_fallback=True)
    stand_in.replies.extend([Reply(body=wav(speech(SENT[0]))), DOWN])
    job = worked(parts, speaker)
    assert (job.state, job.waiting) == ("queued", "speech_server_unavailable")
    assert worked(parts, speaker, job.id).state == "succeeded"
    assert revision(parts).voice["id"] == "openai:anna"


def test_a_language_that_no_other_voice_speaks_waits(
    parts: Parts, speaker: InThisProcess, stand_in: SpeechStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    options(parts, remote_fallback=True)
    stand_in.replies.append(DOWN)
    job_id = submit(parts, make_article(source=TEXT), Wish()).job_id
    monkeypatch.setattr("tts_service.engines.voices.registry.choose_voice", _only_chosen)
    assert worked(parts, speaker, job_id).waiting == "speech_server_unavailable"


def test_a_sentence_beyond_the_budget_is_not_sent(
    parts: Parts, speaker: InThisProcess, stand_in: SpeechStandIn
) -> None:
    options(parts, remote_characters_a_month=40)
    engine = BudgetedEngine(speaker, parts.database, "gazette")
    anna, words = parts.voices.find("openai:anna"), [SpokenWord(text=word) for word in ["Three", "people", "came."]]
    engine.speak(words, anna)
    stand_in.replies.append(Reply(body=b"RIFF"))
    with pytest.raises(ServiceError) as caught:
        engine.speak(words, anna)
    assert not isinstance(caught.value, VoiceBudgetSpent | EngineUnavailable)
    assert counted(parts) == 18  # what failed doesn't count
    engine.speak(words, anna)
    with pytest.raises(VoiceBudgetSpent, match="may speak 40 characters a month for the site gazette"):
        engine.speak(words, anna)
    assert (counted(parts), len(stand_in.asked)) == (36, 3)
    engine.speak(words, parts.voices.find("tone:beep"))


def test_only_a_voice_of_this_machine_begins_with_the_next_sentence_ahead(parts: Parts) -> None:
    begun = list[str]()

    class Ahead(ToneEngine):
        def begin(self, _words: Sequence[SpokenWord], voice: Voice, _rate: float = 1.0) -> None:
            begun.append(voice.id)

    engine = BudgetedEngine(Ahead(parts.settings.voices_folder), parts.database, "gazette")
    for voice in ("openai:anna", "tone:beep"):
        engine.begin([SpokenWord(text="One.")], parts.voices.find(voice))
    assert begun == ["tone:beep"]


def test_a_new_month_begins_with_the_whole_budget(
    parts: Parts, speaker: InThisProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    options(parts, remote_characters_a_month=20)
    engine = BudgetedEngine(speaker, parts.database, "gazette")
    anna, words = parts.voices.find("openai:anna"), [SpokenWord(text="Sixteen letters.")]
    for now_ms in (1_796_083_199_000, 1_796_083_200_000):  # the last second of November 2026, the first of December
        monkeypatch.setattr(Database, "now_ms", lambda *_, now_ms=now_ms: now_ms)
        engine.speak(words, anna)
        with pytest.raises(VoiceBudgetSpent):
            engine.speak(words, anna)


def test_a_remote_voice_speaks_only_where_it_is_named(parts: Parts) -> None:
    anna = parts.voices.find("openai:anna")
    assert choose_voice("en", [anna]) is None
    assert choose_voice("en", [anna], chosen=anna.id) == VoiceChoice(voice=anna, reason=VoiceReason.CHOSEN)


def _only_chosen(_language: str, installed: Sequence[Voice], *, chosen: str | None = None, **_: Any) -> Any:
    found = next((voice for voice in installed if voice.id == chosen), None)
    return found and VoiceChoice(voice=found, reason=VoiceReason.CHOSEN)
