"""The spoken notice: heard before the first word and again later, in no mark, and every word where its mark says."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select

from tests.jobs.test_slices import TONE, live_bytes, sound_of, turn, work
from tests.parts.factories import make_article, make_parts
from tts_service.audio.captions import CaptionLine, webvtt
from tts_service.audio.peaks import Floats
from tts_service.db.tables import ClipRevisionRow, UtteranceRow
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.registry import Registry
from tts_service.errors import PolicyRefused
from tts_service.jobs.submit import submit
from tts_service.listeners.reports import sentence_at
from tts_service.narration import key_of, prepare
from tts_service.newsroom.policies import policy_for, policy_version, set_policy
from tts_service.parts import Parts
from tts_service.provenance.record import record_from
from tts_service.speakable.notice import USUAL_NOTICES, Notice, notice_for
from tts_service.values.speech_policy import SpeechPolicy, SpokenNotice
from tts_service.web.reading import lines_heard

MS = 22.05
TEXT = "\n\n".join(
    f"Paragraph {number} of the harbour report says a little more than the one before it did."
    for number in ("one", "two", "three", "four", "five")
)
NOTICED = SpeechPolicy(notice=SpokenNotice())
MINUTES = 1.0


def noticed(parts: Parts, monkeypatch: pytest.MonkeyPatch, every_s: float | None = None) -> None:
    """Clips of the site begin with a notice; `every_s`: said again so soon that a short text has several."""
    set_policy(parts.database, parts.voices, "gazette", {"notice": {"every_minutes": MINUTES} if every_s else {}})
    if every_s:
        usual = notice_for
        monkeypatch.setattr(
            "tts_service.narration.prepared.notice_for",
            lambda *given: replace(usual(*given) or pytest.fail("no notice"), every_ms=round(every_s * 1000)),
        )


def rows_of(parts: Parts) -> list[UtteranceRow]:
    with parts.database.reading() as session:
        return list(session.scalars(select(UtteranceRow).order_by(UtteranceRow.position)))


def lines_of(parts: Parts) -> list[CaptionLine]:
    with parts.database.reading() as session:
        return lines_heard(session, session.scalars(select(ClipRevisionRow)).one())


def heard_ms(wave: Floats) -> NDArray[np.float32]:
    """The loudest sample of each millisecond."""
    count = int(len(wave) / MS)
    edges = np.round(np.arange(count) * MS).astype(int)
    loudest: NDArray[np.float32] = np.maximum.reduceat(np.abs(wave), edges)
    return loudest


def check_words(wave: Floats, lines: list[CaptionLine]) -> None:
    """The tone engine leaves 20 ms of silence before each word: it must lie right before the mark."""
    heard = heard_ms(wave)
    for word in (word for line in lines for word in line.words):
        middle = heard[word.start_ms + 20 : word.end_ms - 20].max()
        before = heard[word.start_ms - 12 : word.start_ms - 4].max()
        assert before < middle * 0.35, word


def test_the_clip_begins_with_the_notice_and_words_sound_when_their_marks_say(
    parts: Parts, engine: EngineChild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed(parts, monkeypatch)
    job = work(parts, engine, make_article())
    first, *others = rows_of(parts)
    wave, lines = sound_of(parts, job.clip_id, tmp_path), lines_of(parts)

    assert (first.notice_samples or 0) > 22050
    assert first.start_sample == round(120 * MS) + (first.notice_samples or 0)
    assert [row.notice_samples for row in others] == [None] * len(others)
    assert heard_ms(wave)[120 : lines[0].start_ms].max() > 0.1  # something is said there
    check_words(wave, lines)


def test_it_is_said_again_between_paragraphs_and_every_word_stays_right(
    parts: Parts, engine: EngineChild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed(parts, monkeypatch, every_s=5)
    job = work(parts, engine, make_article(source=TEXT))
    rows = rows_of(parts)
    begun = [row for row in rows if row.notice_samples]
    starts = [((row.start_sample or 0) - (row.notice_samples or 0)) / 22050 for row in begun]

    assert (job.state, job.spoken, len(begun) >= 3) == ("succeeded", len(rows), True)
    assert all(later - sooner >= 5 for sooner, later in itertools.pairwise(starts))
    assert all(row.block != rows[row.position - 1].block for row in begun[1:])
    check_words(sound_of(parts, job.clip_id, tmp_path), lines_of(parts))


def test_live_and_final_have_it_at_the_same_places_whoever_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams, places = [], []
    for name, slice_s in (("whole", 60), ("sliced", 0.0001)):
        parts = make_parts(tmp_path / name, slice_s=slice_s)
        noticed(parts, monkeypatch, every_s=5)
        with EngineChild(parts.settings) as engine:
            job = work(parts, engine, make_article(source=TEXT))
            while job.state == "queued":
                job = turn(parts, engine, job.id)
        streams.append(live_bytes(parts, job.clip_id, 1))
        places.append([(row.start_sample, row.notice_samples) for row in rows_of(parts)])
        lines = lines_of(parts)
        parts.close()
        monkeypatch.undo()
    with av.open(io.BytesIO(streams[0]), "r") as container:
        wave = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])

    assert (streams[0], places[0]) == (streams[1], places[1])
    check_words(wave, lines)


def test_it_is_no_sentence_of_the_article(parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch) -> None:
    job = work(parts, engine, make_article())
    before = [(line.block, line.text) for line in lines_of(parts)]
    noticed(parts, monkeypatch)
    again = work(parts, engine, make_article())
    lines = lines_of_revision(parts, 2)

    assert (again.clip_id, again.revision, again.total) == (job.clip_id, 2, job.total)
    assert [(line.block, line.text) for line in lines] == before
    assert "synthetic" not in webvtt(lines)
    # What is said in it belongs to the sentence behind it.
    assert said_at(parts, again.clip_id, 1000) == 0


def lines_of_revision(parts: Parts, number: int) -> list[CaptionLine]:
    with parts.database.reading() as session:
        wanted = select(ClipRevisionRow).where(ClipRevisionRow.revision == number)
        return lines_heard(session, session.scalars(wanted).one())


def said_at(parts: Parts, clip_id: str, at_ms: int) -> int:
    with parts.database.reading() as session:
        row = session.get(ClipRevisionRow, (clip_id, 2))
        assert row is not None
        found = sentence_at(session, row, at_ms)
        assert found is not None
        return found.position


def test_only_the_notice_is_spoken_anew_when_it_changes(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(parts, engine, make_article())
    had = set(parts.store.names("segments/"))
    noticed(parts, monkeypatch)
    again = work(parts, engine, make_article())

    assert (again.state, again.spoken) == ("succeeded", 0)
    assert len(set(parts.store.names("segments/")) - had) == 1


def test_another_notice_is_another_job(parts: Parts) -> None:
    wishes: tuple[dict[str, Any] | None, ...] = (
        None,
        {"notice": {}},
        {"notice": {"every_minutes": 10}},
        {"notice": {"texts": {"en": "A machine reads."}}},
    )
    jobs = []
    for wish in wishes:
        if wish:
            set_policy(parts.database, parts.voices, "gazette", wish)
        jobs.append(submit(parts, make_article(), TONE).job_id)

    assert len(set(jobs)) == len(wishes)
    assert submit(parts, make_article(), TONE).job_id == jobs[-1]


def test_the_record_says_what_is_spoken(parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch) -> None:
    noticed(parts, monkeypatch)
    work(parts, engine, make_article())
    with parts.database.reading() as session:
        kept = session.scalars(select(ClipRevisionRow)).one().provenance or {}

    assert record_from(kept).spoken_notice == USUAL_NOTICES["en"]
    assert record_from({name: kept[name] for name in kept if name != "spoken_notice"}).spoken_notice == ""


class TestWording:
    def test_a_sites_words_stand_above_the_usual(self) -> None:
        own = SpeechPolicy(notice=SpokenNotice(texts={"en-gb": "A machine reads. Mind the names.", "DE": "Maschine."}))

        assert [said(language, own) for language in ("en-GB", "en-US", "de-AT", "fr")] == [
            "A machine reads. Mind the names.",
            USUAL_NOTICES["en"],
            "Maschine.",
            USUAL_NOTICES["fr"],
        ]

    def test_all_its_sentences_are_one_utterance(self) -> None:
        own = SpeechPolicy(notice=SpokenNotice(texts={"en": "A machine reads. Mind the names."}))
        notice = notice_for("en", own)

        assert notice is not None
        assert notice.utterance.spoken_text == "A machine reads. Mind the names."

    def test_signs_alone_say_nothing_so_the_usual_is_said(self) -> None:
        own = SpeechPolicy(notice=SpokenNotice(texts={"en": "…"}))

        assert said("en", own) == USUAL_NOTICES["en"]

    def test_a_language_without_words_hears_them_in_english_by_an_english_voice(self, parts: Parts) -> None:
        article = make_article(source="Prom znowu pływa przez rzekę.", title=None, language="pl")
        prepared = prepare(article, Registry(parts.settings), "pyttsx3:pl", policy=NOTICED)

        assert prepared.notice is not None
        voice = prepared.cast.other(prepared.notice.utterance)
        assert (prepared.notice.utterance.language, (voice or prepared.voice).language[:2]) == ("en", "en")
        assert voice in prepared.cast.voices

    def test_the_clips_voice_says_it(self, parts: Parts) -> None:
        prepared = prepare(make_article(), parts.voices, "tone:beep", policy=NOTICED)

        assert prepared.notice is not None
        assert prepared.cast.other(prepared.notice.utterance) is None
        assert key_of(prepared.notice.utterance, prepared.cast) not in {
            key_of(one, prepared.cast) for one in prepared.utterances
        }


def said(language: str, policy: SpeechPolicy) -> str:
    notice = notice_for(language, policy)
    assert notice is not None
    return notice.text


class TestDue:
    NOTICE = Notice(text="", utterance=None, every_ms=600_000, sentence_ms=320)  # type: ignore[arg-type]

    def test_it_waits_for_the_end_of_a_paragraph_then_of_a_sentence_never_within_one(self) -> None:
        def due(minutes: float, block_ends: bool, pause_ms: int) -> bool:
            return self.NOTICE.due(minutes * 60_000, 0, block_ends=block_ends, pause_ms=pause_ms)

        assert not due(9.9, True, 900)
        assert due(10, True, 0)
        assert not due(10.9, False, 900)
        assert due(11, False, 320)
        assert not due(30, False, 180)

    def test_without_minutes_it_is_said_once(self) -> None:
        once = replace(self.NOTICE, every_ms=None)

        assert once.due(120, None, block_ends=True, pause_ms=0)
        assert not once.due(7_200_000, 120, block_ends=True, pause_ms=900)


class TestPolicy:
    def test_the_settings_hold_for_sites_that_say_nothing_else(self, tmp_path: Path) -> None:
        parts = make_parts(tmp_path, spoken_notice={"every_minutes": 5})
        set_policy(parts.database, parts.voices, "quiet", {"notice": None})
        found = [policy_for(parts.database, parts.settings, site).notice for site in ("gazette", "quiet")]
        parts.close()

        assert found == [SpokenNotice(every_minutes=5), None]

    def test_other_words_are_another_version_and_none_is_the_version_there_was(self) -> None:
        spoken = [SpokenNotice(), SpokenNotice(texts={"en": "A machine reads."}), SpokenNotice(every_minutes=9)]
        versions = {policy_version(SpeechPolicy(notice=one)) for one in (None, *spoken)}

        assert len(versions) == 4
        usual = {language: USUAL_NOTICES[language] for language in ("de", "en", "es", "fr")}
        assert policy_version(SpeechPolicy(notice=SpokenNotice(texts=usual))) in versions

    @pytest.mark.parametrize(
        "wrong", [{"every_minutes": 0.5}, {"texts": {"english!": "A."}}, {"texts": {"en": ""}}, {"minutes": 3}, True]
    )
    def test_what_is_no_notice_is_refused_and_named(self, parts: Parts, wrong: object) -> None:
        with pytest.raises(PolicyRefused, match="notice"):
            set_policy(parts.database, parts.voices, "gazette", {"notice": wrong})
