"""Holding before publishing: nobody hears a new version before staff release it; corrections go out at once."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from tests.parts.factories import make_article
from tests.parts.quick_render import Workers, heard
from tests.web.test_jobs import keyed
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.corrections.release import release_held
from tts_service.db.tables import AuditRow, ClipRevisionRow, ClipRow, DeliveryRow, JobRow
from tts_service.errors import Conflict, NotFound
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import withdraw
from tts_service.jobs.submit import submit
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts

TONE = Wish(voice="tone:beep")


@pytest.fixture
def workers(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Workers:
    add_endpoint(parts, EndpointDraft(url="https://cms.example/hear", site="gazette"))
    set_options(parts.database, "gazette", {"hold": True})
    return Workers(parts, monkeypatch)


def save(parts: Parts, text: str, **values: Any) -> str:
    return submit(parts, make_article(source=f"{text}.", title=None, **values), TONE).job_id


def clip_of(parts: Parts) -> ClipRow:
    with parts.database.reading() as session:
        return session.scalars(select(ClipRow)).one()


def states(parts: Parts) -> list[str]:
    with parts.database.reading() as session:
        return list(session.scalars(select(ClipRevisionRow.state).order_by(ClipRevisionRow.revision)))


def told(parts: Parts) -> list[str]:
    with parts.database.reading() as session:
        return list(session.scalars(select(DeliveryRow.type).order_by(DeliveryRow.id)))


def doors(client: TestClient, clip: str, revision: int = 1) -> set[int]:
    """The answers of every address under which a revision could be heard or read."""
    paths = (
        f"/v1/clips/{clip}/r/{revision}/audio.mp3",
        f"/v1/clips/{clip}/live.mp3?r={revision}",
        f"/v1/clips/{clip}/r/{revision}/transcript",
        f"/v1/clips/{clip}/r/{revision}/marks.json",
        f"/v1/clips/{clip}/r/{revision}/captions.vtt",
    )
    first = (f"/v1/clips/{clip}", f"/v1/clips/{clip}/audio.mp3", f"/v1/clips/{clip}/live.mp3", f"/listen/{clip}")
    return {client.get(path).status_code for path in (*paths, *(first if revision == 1 else ()))}


def test_a_first_version_is_heard_by_nobody_before_it_is_released(
    parts: Parts, client: TestClient, workers: Workers
) -> None:
    job = save(parts, "First")
    clip = clip_of(parts).id
    assert doors(client, clip) == {404}
    lease = workers.begin(job)
    assert lease is not None
    assert doors(client, clip) == {404}
    assert workers.finish(lease)
    assert states(parts) == ["held"]
    assert doors(client, clip) == {404}
    assert client.get("/v1/clips?site=gazette&article=1").json() == {"clips": []}
    assert (clip_of(parts).state, told(parts)) == ("held", [])

    release_held(parts, clip, who="staff:anna", revision=1)
    assert heard(parts) == "First."
    assert doors(client, clip) == {200, 302}
    assert (clip_of(parts).state, told(parts)) == ("ready", ["clip.ready"])
    with parts.database.reading() as session:
        deed = session.scalars(select(AuditRow).where(AuditRow.what == "clip.released")).one()
    assert (deed.who, deed.subject, deed.site, deed.details) == ("staff:anna", clip, "gazette", {"revision": 1})


@pytest.mark.timeout(60)  # a live stream of what nobody finishes would never end
def test_the_earlier_version_is_heard_until_the_new_one_is_released(
    parts: Parts, client: TestClient, workers: Workers
) -> None:
    workers.render(save(parts, "First"))
    clip = clip_of(parts).id
    release_held(parts, clip, who="staff:anna")
    lease = workers.begin(save(parts, "Second"))
    assert lease is not None
    assert doors(client, clip, 2) == {404}
    assert client.get(f"/v1/clips/{clip}/live.mp3").headers["Content-Location"].endswith("r=1")
    assert workers.finish(lease)

    assert (heard(parts), states(parts)) == ("First.", ["ready", "held"])
    assert doors(client, clip, 2) == {404}
    release_held(parts, clip, who="staff:anna")
    assert (heard(parts), states(parts)) == ("Second.", ["ready", "ready"])


def test_only_the_newest_held_version_can_be_released(parts: Parts, workers: Workers) -> None:
    for text in ("First", "Second"):
        workers.render(save(parts, text))
    clip = clip_of(parts).id
    assert states(parts) == ["withdrawn", "held"]

    with pytest.raises(Conflict, match="Revision 2 is held now, not revision 1"):
        release_held(parts, clip, who="staff:anna", revision=1)
    release_held(parts, clip, who="staff:anna", revision=2)
    with pytest.raises(Conflict, match="Nothing of this clip waits"):
        release_held(parts, clip, who="staff:anna")


def test_a_report_can_name_only_revisions_that_listeners_may_hear(parts: Parts, workers: Workers) -> None:
    def report(revision: int) -> str:
        return receive(parts, ReportDraft(clip_id=clip, category="other", revision=revision))

    workers.render(save(parts, "Told"))
    clip = clip_of(parts).id
    release_held(parts, clip, who="staff:anna")
    for text in ("Never released", "Secret until released"):
        workers.render(save(parts, text))
    assert states(parts) == ["ready", "withdrawn", "held"]
    for hidden in (2, 3):
        with pytest.raises(NotFound, match=f"no revision {hidden}"):
            report(hidden)

    release_held(parts, clip, who="staff:anna")
    assert report(1) != report(3)


def test_one_that_finishes_after_a_newer_one_is_not_offered(parts: Parts, workers: Workers) -> None:
    old = workers.begin(save(parts, "Old"))
    assert old is not None
    workers.render(save(parts, "New"))
    assert workers.finish(old)
    assert states(parts) == ["withdrawn", "held"]


def test_a_correction_is_published_at_once_and_the_held_text_stays_held(parts: Parts, workers: Workers) -> None:
    workers.render(save(parts, "First"))
    clip = clip_of(parts).id
    release_held(parts, clip, who="staff:anna")
    workers.render(save(parts, "Second"))
    corrected = workers.begin(save(parts, "First, said well"))
    assert corrected is not None
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).where(ClipRevisionRow.revision == 3).values(cause="correction"))
    assert workers.finish(corrected)

    assert (heard(parts), states(parts)) == ("First, said well.", ["ready", "held", "ready"])
    with pytest.raises(Conflict, match="Revision 3 was published after revision 2"):
        release_held(parts, clip, who="staff:anna")
    assert heard(parts) == "First, said well."


def test_a_new_text_that_finishes_after_a_correction_of_the_old_one_is_still_held(
    parts: Parts, workers: Workers
) -> None:
    workers.render(save(parts, "First"))
    release_held(parts, clip_of(parts).id, who="staff:anna")
    second = workers.begin(save(parts, "Second"))
    corrected = workers.begin(save(parts, "First, said well"))
    assert second is not None
    assert corrected is not None
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).where(ClipRevisionRow.revision == 3).values(cause="correction"))
    assert workers.finish(corrected)
    assert workers.finish(second)
    assert (heard(parts), states(parts)) == ("First, said well.", ["ready", "held", "ready"])


def test_what_was_never_released_does_not_come_back_released(parts: Parts, workers: Workers) -> None:
    workers.render(save(parts, "First"))
    withdraw(parts, "gazette", "1")
    with pytest.raises(NotFound, match="was withdrawn"):
        release_held(parts, clip_of(parts).id, who="staff:anna")
    save(parts, "First")

    assert (heard(parts), states(parts), clip_of(parts).state) == (None, ["held"], "held")
    assert "clip.ready" not in told(parts)
    release_held(parts, clip_of(parts).id, who="staff:anna")
    assert heard(parts) == "First."


def test_released_text_comes_back_heard_after_a_withdrawal(parts: Parts, workers: Workers) -> None:
    workers.render(save(parts, "First"))
    release_held(parts, clip_of(parts).id, who="staff:anna")
    withdraw(parts, "gazette", "1")
    save(parts, "First")
    assert (heard(parts), states(parts)) == ("First.", ["ready"])


def test_a_failed_first_version_of_a_holding_site_shows_nothing(
    parts: Parts, client: TestClient, workers: Workers
) -> None:
    assert workers.begin(save(parts, "First"))
    clip = clip_of(parts).id
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(state="failed"))
        session.execute(update(ClipRow).values(state="failed"))
        session.execute(update(JobRow).values(state="failed"))
    assert doors(client, clip) == {404}


def test_a_key_releases_only_clips_of_its_site(parts: Parts, client: TestClient, workers: Workers) -> None:
    workers.render(save(parts, "First"))
    clip = clip_of(parts).id
    path = f"/v1/clips/{clip}/release"
    assert client.post(path, headers=keyed(parts, "jobs:write")).status_code == 403
    assert client.post(path, headers=keyed(parts, "reports", site="herald")).status_code == 404
    assert heard(parts) is None

    own = keyed(parts, "reports", site="gazette")
    assert client.post(path, json={"revision": 7}, headers=own).json()["code"] == "conflict"
    assert client.post(path, json={"revision": 1}, headers=own).json() == {"clip": clip, "revision": 1}
    assert heard(parts) == "First."
    assert client.post(path, headers=own).status_code == 409
    assert client.post("/v1/clips/clip_none/release", headers=own).status_code == 404
