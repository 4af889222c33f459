"""A revision made from an earlier one: other sentences stay as they are, and the text is not prepared again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.parts.factories import make_article
from tests.parts.quick_render import Workers, heard
from tts_service.db.rows import utterance_of
from tts_service.db.tables import ClipRevisionRow, ClipRow, DeliveryRow, JobRow, UtteranceRow
from tts_service.errors import Conflict, RevisionOvertaken, ServiceError
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import withdraw
from tts_service.jobs.lease import claim
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.owner import this_owner
from tts_service.jobs.revise import Basis, Replacement, basis_from, revise
from tts_service.jobs.slices import run_slice
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.values import Token

TONE = Wish(voice="tone:beep")
TEXT = "First we met. Elmsworth was dark. Last we left."


@pytest.fixture
def workers(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Workers:
    return Workers(parts, monkeypatch)


@pytest.fixture
def clip(parts: Parts, workers: Workers) -> str:
    workers.render(save(parts, TEXT))
    with parts.database.reading() as session:
        return session.scalars(select(ClipRow.id)).one()


def save(parts: Parts, text: str, **values: Any) -> str:
    return submit(parts, make_article(source=text, title=None, **values), TONE).job_id


def sentences(parts: Parts, clip: str, revision: int) -> list[UtteranceRow]:
    mine = (UtteranceRow.clip_id == clip, UtteranceRow.revision == revision)
    with parts.database.reading() as session:
        return list(session.scalars(select(UtteranceRow).where(*mine).order_by(UtteranceRow.position)))


def job(parts: Parts, job_id: str) -> JobRow:
    with parts.database.reading() as session:
        return session.get_one(JobRow, job_id)


def current(parts: Parts, clip: str) -> int | None:
    with parts.database.reading() as session:
        return session.get_one(ClipRow, clip).current_revision


def basis(parts: Parts, clip: str, revision: int = 1, *said: str) -> Basis:
    """The second sentence said in other words."""
    row = sentences(parts, clip, revision)[1]
    words = said or ("Elms", "worth", "was", "dark")
    token = Token(start=row.start, end=row.end, spoken=words)
    utterance = replace(utterance_of(row), tokens=(token,), pause_after_ms=9)
    place = Replacement(block=row.block, start=row.start, end=row.end, utterances=(utterance,))
    return Basis(revision=revision, replacements=(place,), lexicon_version="v2")


def revised(parts: Parts, clip: str, made: Basis, **wanted: Any) -> str:
    base: dict[str, Any] = {"correction_id": "cor_1", "cause": "correction", "queue": "backfill"}
    with parts.database.writing() as session:
        return revise(parts, session, clip, made, **(base | wanted))


def work(parts: Parts, workers: Workers, job_id: str) -> None:
    """As the task of a worker does it."""
    lease = claim(parts, job_id, this_owner())
    assert lease is not None
    try:
        run_slice(parts, workers._engine, lease)
    except ServiceError as error:
        settle_job(parts, lease, error)


def test_only_the_replaced_sentence_is_spoken_and_the_others_keep_their_segments(
    parts: Parts, workers: Workers, clip: str
) -> None:
    made = revised(parts, clip, basis(parts, clip))
    assert workers.render(made)

    before, after = sentences(parts, clip, 1), sentences(parts, clip, 2)
    assert job(parts, made).spoken == 1
    assert current(parts, clip) == 2
    assert [one.segment_key == other.segment_key for one, other in zip(before, after, strict=True)] == [1, 0, 1]
    assert [utterance_of(one) for one in after[::2]] == [utterance_of(one) for one in before[::2]]
    assert utterance_of(after[1]).spoken_text == "Elms worth was dark"


def test_a_replaced_sentence_keeps_the_pause_behind_it(parts: Parts, workers: Workers, clip: str) -> None:
    workers.render(revised(parts, clip, basis(parts, clip)))

    assert [one.pause_after_ms for one in sentences(parts, clip, 1)] == [
        one.pause_after_ms for one in sentences(parts, clip, 2)
    ]


def test_the_revision_says_why_it_was_made_and_with_which_lexicon(parts: Parts, workers: Workers, clip: str) -> None:
    workers.render(revised(parts, clip, basis(parts, clip)))

    with parts.database.reading() as session:
        first, second = (session.get_one(ClipRevisionRow, (clip, revision)) for revision in (1, 2))
        deliveries = session.scalars(select(DeliveryRow)).all()
    assert (first.cause, first.correction_id) == ("article", None)
    assert (second.cause, second.correction_id) == ("correction", "cor_1")
    assert (second.provenance or {})["lexicon_version"] == "v2"
    assert (second.blocks, second.account, second.title) == (first.blocks, first.account, first.title)
    assert deliveries == []


def test_the_text_is_not_prepared_again(
    parts: Parts, workers: Workers, clip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = revised(parts, clip, basis(parts, clip))
    monkeypatch.setattr("tts_service.narration.pipeline.prepare", None)

    assert workers.render(made)


def test_a_basis_without_replacements_prepares_the_text_again(parts: Parts, workers: Workers, clip: str) -> None:
    made = revised(parts, clip, Basis(revision=1, replacements=None), cause="taken_back")
    assert workers.render(made)

    with parts.database.reading() as session:
        assert session.get_one(ClipRevisionRow, (clip, 2)).cause == "taken_back"
    assert len(sentences(parts, clip, 2)) == 3


def test_a_repeated_webhook_makes_no_further_job(parts: Parts, workers: Workers, clip: str) -> None:
    made = revised(parts, clip, basis(parts, clip))
    assert save(parts, TEXT) == made
    workers.render(made)
    assert save(parts, TEXT) == made


def test_a_newer_text_supersedes_a_revision_that_has_not_begun(parts: Parts, workers: Workers, clip: str) -> None:
    made = revised(parts, clip, basis(parts, clip))
    newer = save(parts, "Quite another text.")

    assert job(parts, made).state == "superseded"
    workers.render(newer)
    assert heard(parts) == "Quite another text."


def test_a_revision_that_ends_after_a_newer_text_never_replaces_it(parts: Parts, workers: Workers, clip: str) -> None:
    lease = workers.begin(revised(parts, clip, basis(parts, clip)))
    workers.render(save(parts, "Quite another text."))
    assert lease is not None
    workers.finish(lease)

    assert heard(parts) == "Quite another text."


def test_a_revision_of_one_that_is_not_heard_any_more_is_superseded_not_failed(
    parts: Parts, workers: Workers, clip: str
) -> None:
    made = revised(parts, clip, basis(parts, clip))
    with parts.database.writing() as session:  # as if another worker had published meanwhile
        session.execute(update(ClipRow).values(current_revision=7))
    work(parts, workers, made)

    assert (job(parts, made).state, job(parts, made).error) == ("superseded", None)
    assert current(parts, clip) == 7


def test_a_revision_whose_voice_was_removed_fails_with_that_reason(parts: Parts, workers: Workers, clip: str) -> None:
    made = revised(parts, clip, basis(parts, clip))
    with parts.database.writing() as session:
        row = session.get_one(ClipRevisionRow, (clip, 1))
        row.voice = {**row.voice, "id": "tone:gone", "name": "gone"}
    work(parts, workers, made)

    found = job(parts, made)
    assert (found.state, (found.error or {})["code"]) == ("failed", "unknown_voice")
    assert current(parts, clip) == 1


def test_a_clip_is_never_spoken_by_two_models_of_one_voice(parts: Parts, workers: Workers, clip: str) -> None:
    made = revised(parts, clip, basis(parts, clip))
    with parts.database.writing() as session:
        row = session.get_one(ClipRevisionRow, (clip, 1))
        row.voice = {**row.voice, "fingerprint": "of an earlier model"}
        session.execute(update(UtteranceRow).values(segment_key=UtteranceRow.segment_key + "-earlier"))
    work(parts, workers, made)

    assert job(parts, made).state == "succeeded"
    assert not any(one.segment_key.endswith("-earlier") for one in sentences(parts, clip, 2))


def test_a_sentence_whose_sound_is_gone_is_spoken_again(parts: Parts, workers: Workers, clip: str) -> None:
    made = revised(parts, clip, basis(parts, clip))
    parts.segments.delete(sentences(parts, clip, 1)[0].segment_key)
    workers.render(made)

    assert job(parts, made).spoken == 2


def test_nothing_is_queued_for_a_clip_that_is_withdrawn_changed_or_being_rendered(
    parts: Parts, workers: Workers, clip: str
) -> None:
    made = basis(parts, clip)
    with pytest.raises(RevisionOvertaken):
        revised(parts, clip, replace(made, revision=3))
    save(parts, "Quite another text.")
    with pytest.raises(Conflict, match="is rendering clip"):
        revised(parts, clip, made)
    withdraw(parts, "gazette", "1")
    with pytest.raises(RevisionOvertaken):
        revised(parts, clip, made)


def test_a_basis_that_would_lose_a_sentence_makes_no_clip(parts: Parts, workers: Workers, clip: str) -> None:
    good = basis(parts, clip)
    assert good.replacements
    wide = replace(good.replacements[0], start=0)
    made = revised(parts, clip, replace(good, replacements=(wide,)))
    work(parts, workers, made)

    assert (job(parts, made).error or {})["code"] == "account_broken"
    assert current(parts, clip) == 1


def test_a_basis_survives_its_row(parts: Parts, workers: Workers, clip: str) -> None:
    good = basis(parts, clip)
    made = revised(parts, clip, good)

    assert basis_from(job(parts, made).basis or {}) == good
