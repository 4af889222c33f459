"""Formats fail alone: MP3 decides over the clip, what else doesn't pass is left out, told, and tried again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from tests.jobs.test_slices import turn, work
from tests.parts.factories import Doorbell, make_article, make_parts
from tests.parts.staff import BASE, signed
from tests.parts.web_rows import ready_clip
from tts_service.access.keys import create_key
from tts_service.audio import finish as audio_finish
from tts_service.audio.check import Checked
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.db.tables import ClipRevisionRow, ClipRow, DeliveryRow, JobRow
from tts_service.engines.child.speak import EngineChild
from tts_service.errors import ClipDefective
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.files import AGAIN_AFTER_MS, FileState
from tts_service.jobs.lease import claim as claim_job
from tts_service.jobs.left_out import FORMATS, make_left_out
from tts_service.jobs.owner import this_owner
from tts_service.jobs.slices import run_slice
from tts_service.jobs.submit import submit
from tts_service.narration import pipeline
from tts_service.parts import Parts
from tts_service.queue.claim import claim_row, fenced
from tts_service.queue.rings import ring_due
from tts_service.web.app import create_app


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Formats that the check refuses, to be changed by the test."""
    formats: set[str] = set()
    true_check = audio_finish.check_clip

    def check(path: Path, *rest: Any) -> Checked:
        if path.suffix[1:] in formats:
            raise ClipDefective(f"{path.name} sounds odd.")
        return true_check(path, *rest)

    monkeypatch.setattr(audio_finish, "check_clip", check)
    return formats


def revision(parts: Parts) -> ClipRevisionRow:
    with parts.database.reading() as session:
        return session.scalars(select(ClipRevisionRow)).one()


def formats_of(row: ClipRevisionRow) -> list[str]:
    return [made["format"] for made in row.renditions or []]


SHORT = make_article(source="One sentence only.", title=None)


def beep(*formats: str) -> Wish:
    return Wish(voice="tone:beep", formats=formats)


def test_an_opus_that_does_not_pass_leaves_the_mp3_published(
    parts: Parts, engine: EngineChild, refused: set[str]
) -> None:
    refused.add("opus")
    job = work(parts, engine, SHORT, beep("opus", "mp3"))

    assert (job.state, job.error) == ("succeeded", None)
    assert formats_of(revision(parts)) == ["mp3"]


def test_a_job_for_opus_alone_falls_back_to_mp3(parts: Parts, engine: EngineChild, refused: set[str]) -> None:
    refused.add("opus")
    job = work(parts, engine, SHORT, beep("opus"))

    assert job.state == "succeeded"
    assert formats_of(revision(parts)) == ["mp3"]


def test_an_mp3_that_does_not_pass_fails_the_clip(parts: Parts, engine: EngineChild, refused: set[str]) -> None:
    refused.add("mp3")
    job = work(parts, engine, SHORT, beep("mp3", "opus"))

    assert (job.state, (job.error or {})["code"]) == ("failed", "clip_defective")


def test_staff_see_what_is_left_out_and_why(parts: Parts, engine: EngineChild, refused: set[str]) -> None:
    refused.add("opus")
    job = work(parts, engine, SHORT, beep("mp3", "opus"))
    key = create_key(parts.database, "test", ("jobs:read",), None)
    with TestClient(create_app(parts), headers={"Authorization": f"Bearer {key}"}) as client:
        one = client.get(f"/v1/jobs/{job.id}").json()
        listed = client.get("/v1/jobs").json()["jobs"][0]

    assert one["left_out"] == [{"format": "opus", "reason": "audio.opus sounds odd."}]
    assert listed["left_out"] == one["left_out"]
    assert set(one["clip"]["audio"]) == {"mp3"}


def test_the_clips_page_shows_staff_what_is_left_out(parts: Parts) -> None:
    ready_clip(parts)
    lacking = FileState(format="opus", plan="", reason="audio.opus <peaks>", tries=1)
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(files=[lacking.as_json()]))
    with TestClient(create_app(parts), base_url=BASE) as client:
        shown = client.get("/staff/listening/clip_1", headers=signed(parts).headers).text

    assert "Files missing from this clip" in shown
    assert "<td>opus</td><td>audio.opus &lt;peaks&gt;</td>" in shown


def make_due(parts: Parts, engine: EngineChild) -> tuple[str, ...]:
    """A worker's turn at left-out formats: those that were made, where any were due."""
    claimed = claim_row(parts, FORMATS)
    return () if claimed is None else make_left_out(fenced(parts, claimed), engine, claimed)


def due_again(parts: Parts) -> None:
    """As if its time had come."""
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(again_ms=1))


def test_what_was_left_out_is_tried_again_by_itself(
    parts: Parts, engine: EngineChild, refused: set[str], bell: Doorbell
) -> None:
    refused.add("opus")
    work(parts, engine, SHORT, beep("mp3", "opus"))
    before = revision(parts)
    assert (before.again_ms or 0) - (before.ready_ms or 0) == AGAIN_AFTER_MS[0]
    assert ring_due(parts, [FORMATS]) == 0

    due_again(parts)
    assert ring_due(parts, [FORMATS]) == 1
    assert "formats" in bell.rung
    refused.clear()
    assert make_due(parts, engine) == ("opus",)

    after = revision(parts)
    assert formats_of(after) == ["mp3", "opus"]
    assert (after.renditions or [])[0] == (before.renditions or [])[0]
    assert after.again_ms is None
    assert make_due(parts, engine) == ()


@pytest.fixture
def web(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(parts), base_url=BASE) as client:
        yield client


def test_the_clip_says_what_it_lacks_as_its_job_does(
    parts: Parts, engine: EngineChild, refused: set[str], web: TestClient
) -> None:
    refused.add("opus")
    job = work(parts, engine, SHORT, beep("mp3", "opus"))
    told = [{"format": "opus", "reason": "audio.opus sounds odd."}]
    assert web.get(f"/v1/clips/{job.clip_id}").json()["left_out"] == told
    found = web.get("/v1/clips", params={"site": job.site, "article": SHORT.external_id}).json()["clips"]
    assert [one["left_out"] for one in found] == [told]

    due_again(parts)
    refused.clear()
    make_due(parts, engine)
    shown = web.get(f"/v1/clips/{job.clip_id}").json()
    assert shown["left_out"] == []
    assert [one["format"] for one in shown["renditions"]] == ["mp3", "opus"]


def test_publishers_hear_of_a_file_that_is_made_later(parts: Parts, engine: EngineChild, refused: set[str]) -> None:
    refused.add("opus")
    job = work(parts, engine, SHORT, beep("mp3", "opus"))
    add_endpoint(parts, EndpointDraft(url="https://cms.example/hear", site=job.site))

    due_again(parts)
    make_due(parts, engine)
    assert told_ready(parts) == []  # it was refused again: there is nothing new

    due_again(parts)
    refused.clear()
    make_due(parts, engine)
    [data] = told_ready(parts)
    assert (data["clip"], data["revision"], set(data["audio"])) == (job.clip_id, 1, {"mp3", "opus"})


def test_nobody_is_told_of_a_file_of_a_revision_that_is_heard_no_more(
    parts: Parts, engine: EngineChild, refused: set[str]
) -> None:
    refused.add("opus")
    job = work(parts, engine, SHORT, beep("mp3", "opus"))
    add_endpoint(parts, EndpointDraft(url="https://cms.example/hear", site=job.site))
    with parts.database.writing() as session:
        session.execute(update(ClipRow).values(state="withdrawn"))
    due_again(parts)
    refused.clear()
    assert make_due(parts, engine) == ("opus",)
    assert told_ready(parts) == []


def told_ready(parts: Parts) -> list[Any]:
    """Data of each clip.ready that waits to be sent."""
    with parts.database.reading() as session:
        rows = session.scalars(select(DeliveryRow).where(DeliveryRow.type == "clip.ready"))
        return [json.loads(row.body)["data"] for row in rows]


def test_after_the_last_try_it_stays_left_out(parts: Parts, engine: EngineChild, refused: set[str]) -> None:
    refused.add("opus")
    work(parts, engine, SHORT, beep("mp3", "opus"))
    tries = 0
    while revision(parts).again_ms is not None:
        due_again(parts)
        make_due(parts, engine)
        tries += 1
        assert tries < 10

    assert tries == len(AGAIN_AFTER_MS)
    assert formats_of(revision(parts)) == ["mp3"]


def test_a_withdrawn_clip_gets_no_more_files(parts: Parts, engine: EngineChild, refused: set[str]) -> None:
    refused.add("opus")
    work(parts, engine, SHORT, beep("mp3", "opus"))
    due_again(parts)
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(state="withdrawn"))

    assert ring_due(parts, [FORMATS]) == 0
    assert make_due(parts, engine) == ()


class Killed(BaseException):
    """The worker is gone."""


def counted(monkeypatch: pytest.MonkeyPatch, dies_at: str = "") -> list[str]:
    """Formats that were begun; the worker dies at one of them, once."""
    begun: list[str] = []
    true_finish = pipeline.finish_format

    def finish(*args: Any) -> Any:
        begun.append(args[3])
        if args[3] == dies_at and begun.count(dies_at) == 1:
            raise Killed
        return true_finish(*args)

    monkeypatch.setattr(pipeline, "finish_format", finish)
    return begun


def test_a_worker_that_takes_over_goes_on_with_the_next_format(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = counted(monkeypatch, dies_at="opus")
    job_id = submit(parts, SHORT, beep("opus", "wav", "mp3")).job_id
    lease = claim_job(parts, job_id, this_owner())
    assert lease is not None
    with pytest.raises(Killed):
        run_slice(parts, engine, lease)
    with parts.database.writing() as session:
        session.execute(update(JobRow).values(lease_until_ms=1))
    job = turn(parts, engine, job_id)

    assert job.state == "succeeded"
    assert begun == ["mp3", "opus", "opus", "wav"]
    assert sorted(formats_of(revision(parts))) == ["mp3", "opus", "wav"]


def test_a_turn_ends_between_two_formats_when_its_time_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = counted(monkeypatch)
    parts = make_parts(tmp_path, slice_s=0.0001)
    with EngineChild(parts.settings) as engine:
        job = work(parts, engine, SHORT, beep("mp3", "wav"))
        assert (job.state, begun) == ("queued", ["mp3"])
        with parts.database.reading() as session:
            assert session.scalars(select(ClipRow.state)).one() == "rendering"
        job = turn(parts, engine, job.id)
    parts.close()

    assert (job.state, begun) == ("succeeded", ["mp3", "wav"])


def test_files_of_another_timeline_are_made_again(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence that had to be spoken again is a little longer: no clip consists of two timelines."""
    begun = counted(monkeypatch, dies_at="wav")
    job_id = submit(parts, SHORT, beep("mp3", "wav")).job_id
    lease = claim_job(parts, job_id, this_owner())
    assert lease is not None
    with pytest.raises(Killed):
        run_slice(parts, engine, lease)
    true_timeline = pipeline.timeline
    monkeypatch.setattr(
        pipeline,
        "timeline",
        lambda *args: tuple(
            replace(one, place=replace(one.place, pause=one.place.pause + 2205)) for one in true_timeline(*args)
        ),
    )
    with parts.database.writing() as session:
        session.execute(update(JobRow).values(lease_until_ms=1))
    turn(parts, engine, job_id)

    assert begun == ["mp3", "wav", "mp3", "wav"]
