"""A person's recording of a whole article: checked before anything changes, levelled, marked as captured, published."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from tests.parts.factories import make_article
from tests.parts.quick_render import Workers, finish_at_once, heard, store_at_once
from tests.parts.recordings import save, spoken
from tts_service.audio.decode import decoded
from tts_service.audio.recording import RecordedSound, read_recording
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.corrections.cases.gathering import gather
from tts_service.corrections.cases.page import case_page
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.corrections.impact.weighing import impact
from tts_service.corrections.repairs import Reason, VoiceProposal, repair_voice
from tts_service.db.tables import (
    ArticleRow,
    AuditRow,
    ClipRevisionRow,
    ClipRow,
    DeliveryRow,
    JobRow,
    ReportRow,
    UtteranceRow,
)
from tts_service.errors import Conflict, RecordingLength, RecordingRefused, VoiceNotFound
from tts_service.jobs import recorded, recordings
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.again import restore_article, take_article_offline
from tts_service.jobs.control import cancel
from tts_service.jobs.lease import claim
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.owner import this_owner
from tts_service.jobs.recordings import (
    UPLOADS,
    accept_recording,
    forget_recordings,
    take_back_recording,
    upload_name,
)
from tts_service.jobs.submit import Submitted, submit
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.provenance.read_back import read_disclosure
from tts_service.provenance.sign import sidecar
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.web.staff.articles.facts import article_facts

TONE = Wish(voice="tone:beep", formats=("mp3", "opus"))
CAPTURE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
SECONDS = 8


@pytest.fixture
def workers(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Workers:
    add_endpoint(parts, EndpointDraft(url="https://cms.example/hear", site="gazette"))
    return Workers(parts, monkeypatch)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recording's files aren't encoded and signed either."""
    monkeypatch.setattr(recorded, "finish_format", partial(finish_at_once, turn=None))
    monkeypatch.setattr(recorded, "store_marked", store_at_once)


def sent(parts: Parts, text: str = "First") -> Submitted:
    return submit(parts, make_article(source=f"{text}.", title=None), TONE)


@pytest.fixture
def article(parts: Parts, workers: Workers) -> str:
    """The id of an article whose synthetic version lasts as long as the recording."""
    workers.render(sent(parts).job_id)
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(duration_ms=SECONDS * 1000))
        return session.scalars(select(ArticleRow.id)).one()


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("sent") / "sent.wav", spoken(SECONDS))


def publish(parts: Parts, workers: Workers, job_id: str) -> None:
    lease = claim(parts, job_id, this_owner())
    assert lease is not None
    assert workers.finish(lease)


def record(parts: Parts, workers: Workers, article: str, recording: Path) -> str:
    job_id = accept_recording(parts, article, recording, who="staff:anna")
    publish(parts, workers, job_id)
    return job_id


def rows(parts: Parts) -> list[ClipRevisionRow]:
    with parts.database.reading() as session:
        return list(session.scalars(select(ClipRevisionRow).order_by(ClipRevisionRow.revision)))


def clip_of(parts: Parts) -> ClipRow:
    with parts.database.reading() as session:
        return session.scalars(select(ClipRow)).one()


def uploads_kept(parts: Parts) -> list[str]:
    """Recordings as they were sent, after beat has looked."""
    forget_recordings(parts)
    return list(parts.store.names(UPLOADS))


def everything(parts: Parts) -> tuple[object, ...]:
    """What must be the same after a recording was refused."""
    with parts.database.reading() as session:
        clip = session.scalars(select(ClipRow)).one()
        jobs = list(session.scalars(select(JobRow.id)))
        deeds = list(session.scalars(select(AuditRow.id)))
    return clip.current_revision, clip.last_revision, jobs, deeds, sorted(parts.store.names(""))


def test_a_recording_takes_the_place_of_the_synthetic_version(
    parts: Parts, workers: Workers, article: str, recording: Path, tmp_path: Path
) -> None:
    record(parts, workers, article, recording)
    before, row = rows(parts)
    assert (row.state, row.cause, clip_of(parts).current_revision) == ("ready", "recording", 2)
    assert (row.title, row.blocks, row.language) == (before.title, before.blocks, before.language)
    assert [kept["format"] for kept in row.renditions or ()] == ["mp3", "opus"]
    assert row.loudness_lufs == pytest.approx(parts.settings.loudness_lufs, abs=0.5)
    assert row.true_peak_dbtp is not None
    assert row.true_peak_dbtp <= parts.settings.true_peak_dbtp
    assert row.duration_ms == pytest.approx(SECONDS * 1000, abs=1200)  # without the silence at its end
    assert heard(parts) == "First."
    with parts.database.reading() as session:
        assert list(session.scalars(select(DeliveryRow.type))) == ["clip.ready", "clip.ready"]
        assert session.scalar(select(UtteranceRow.position).where(UtteranceRow.revision == 2)) is None
        deed = session.scalars(select(AuditRow).where(AuditRow.what == "recording.sent")).one()
    assert (deed.who, deed.subject, deed.site) == ("staff:anna", article, "gazette")
    assert uploads_kept(parts) == []

    for kept in row.renditions or ():
        file = tmp_path / kept["stored"]
        file.write_bytes(parts.store.get(f"clips/{row.clip_id}/2/{kept['stored']}"))
        if kept["manifest"]:
            sidecar(file).write_bytes(parts.store.get(f"clips/{row.clip_id}/2/{kept['stored']}.c2pa"))
        told = read_disclosure(file)
        assert (told.state, told.source_type) == ("unaltered", CAPTURE)
        said = " ".join(told.tags.values())
        assert CAPTURE in said
        assert "read by a person" in said
        assert "artificial" not in said
        assert "tone:beep" not in f"{said} {told.record}"
    mp3 = next(tmp_path.glob("*.mp3"))
    assert float(np.abs(np.concatenate(list(decoded(mp3, 24_000)))).max()) > 0.2  # levelled: it was sent at 0.1


@pytest.mark.parametrize(
    ("faulty", "said"),
    [
        (lambda path: path.write_bytes(b"<html>not sound</html>" * 50), "can't be decoded"),
        (lambda path: path.write_bytes(b""), "can't be decoded"),
        (lambda path: save(path, np.zeros(48_000 * SECONDS, np.float32)), "nothing but silence"),
        (lambda path: save(path, spoken(SECONDS, level=0.001)), "which is silence"),
        (lambda path: save(path, np.full(48_000 * SECONDS, 0.4, np.float32)), "nothing but silence"),
        (lambda path: save(path, np.arange(48_000 * SECONDS) < 9000), "only breaths and clicks"),
        (lambda path: save(path, spoken(SECONDS, level=3)), r"overdriven: \d\d % of it .* lower input level"),
        (lambda path: save(path, spoken(1)), "it is too short"),
        (lambda path: path.write_bytes(b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"), "can't be decoded"),
    ],
    ids=["no sound file", "empty", "silent", "nearly silent", "offset", "click", "overdriven", "too short", "playlist"],
)
def test_a_faulty_recording_is_named_and_changes_nothing(
    parts: Parts, article: str, tmp_path: Path, faulty: Callable[[Path], object], said: str
) -> None:
    faulty(tmp_path / "sent.wav")
    before = everything(parts)
    with pytest.raises(RecordingRefused, match=said):
        accept_recording(parts, article, tmp_path / "sent.wav", who="staff:anna", any_length=True)
    assert everything(parts) == before


@pytest.mark.parametrize("seconds", [3, 20])
def test_another_articles_length_is_named_unless_it_is_said_to_be_right(
    parts: Parts, article: str, tmp_path: Path, seconds: int
) -> None:
    path, before = save(tmp_path / "sent.wav", spoken(seconds)), everything(parts)
    with pytest.raises(RecordingLength, match=r"lasts 0:[0-9]+, the synthetic version 0:08"):
        accept_recording(parts, article, path, who="staff:anna")
    assert everything(parts) == before
    assert accept_recording(parts, article, path, who="staff:anna", any_length=True)


def test_while_another_version_is_being_made_or_held_no_recording_is_taken(
    parts: Parts, workers: Workers, article: str, recording: Path
) -> None:
    newer = sent(parts, "Second").job_id
    with pytest.raises(Conflict, match="is being made"):
        accept_recording(parts, article, recording, who="staff:anna")
    set_options(parts.database, "gazette", {"hold": True})
    workers.render(newer)
    with pytest.raises(Conflict, match="waits for its release"):
        accept_recording(parts, article, recording, who="staff:anna")


def test_a_text_that_comes_while_the_recording_is_checked_goes_first(
    parts: Parts, article: str, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(path: Path) -> RecordedSound:
        sent(parts, "Second")
        return read_recording(path)

    monkeypatch.setattr(recordings, "read_recording", slowly)
    with pytest.raises(Conflict, match="is being made"):
        accept_recording(parts, article, recording, who="staff:anna")
    assert list(parts.store.names(UPLOADS)) == []


@pytest.mark.parametrize("end", ["replaced", "cancelled", "withdrawn", "failed"])
def test_a_recording_whose_job_ends_otherwise_is_kept_no_longer(
    parts: Parts, article: str, recording: Path, end: str
) -> None:
    job_id = accept_recording(parts, article, recording, who="staff:anna")
    assert uploads_kept(parts) == [upload_name(clip_of(parts).id, job_id)]
    match end:
        case "replaced":
            sent(parts, "Second")
        case "cancelled":
            cancel(parts, job_id)
        case "withdrawn":
            take_article_offline(parts, article, who="staff:anna")
        case "failed":
            lease = claim(parts, job_id, this_owner())
            assert lease is not None
            settle_job(parts, lease, VoiceNotFound("for the test"))
    assert uploads_kept(parts) == []
    with parts.database.reading() as session:
        shown = next(one for one in article_facts(session, article).versions if one.job_id == job_id)
    assert (shown.cause, shown.state) == (
        "recording",
        {"replaced": "superseded", "withdrawn": "cancelled"}.get(end, end),
    )


@pytest.mark.usefixtures("quick")
def test_the_recording_stays_while_its_text_does(parts: Parts, workers: Workers, article: str, recording: Path) -> None:
    job_id = record(parts, workers, article, recording)
    assert sent(parts) == Submitted(job_id=job_id, created=False)
    add(
        parts.database,
        parts.voices,
        Place.of("gazette"),
        Lexeme(graphemes=("First",), language="en", alias="furst", scope=Scope.SITE),
        note="",
        author="staff:anna",
    )
    assert sent(parts) == Submitted(job_id=job_id, created=False)
    workers.render(sent(parts, "Second").job_id)
    assert [row.cause for row in rows(parts)] == ["article", "recording", "article"]
    assert heard(parts) == "Second."


@pytest.mark.usefixtures("quick")
def test_a_restored_article_has_its_recording_again(
    parts: Parts, workers: Workers, article: str, recording: Path
) -> None:
    record(parts, workers, article, recording)
    take_article_offline(parts, article, who="staff:anna")
    restore_article(parts, article, who="staff:anna")
    assert (clip_of(parts).state, clip_of(parts).current_revision) == ("ready", 2)


@pytest.mark.usefixtures("quick")
def test_taken_back_the_synthetic_version_is_heard_again(
    parts: Parts, workers: Workers, article: str, recording: Path
) -> None:
    record(parts, workers, article, recording)
    workers.render(take_back_recording(parts, article, who="staff:anna"))
    row = rows(parts)[-1]
    assert (row.cause, clip_of(parts).current_revision) == ("recording_taken_back", 3)
    with parts.database.reading() as session:
        assert (
            session.scalars(select(AuditRow.who).where(AuditRow.what == "recording.taken-back")).one() == "staff:anna"
        )
    assert row.voice["id"] == "tone:beep"
    with parts.database.reading() as session:
        kept = select(UtteranceRow.segment_key).order_by(UtteranceRow.position)
        first, third = (list(session.scalars(kept.where(UtteranceRow.revision == number))) for number in (1, 3))
    assert first == third != []
    assert not sent(parts).created
    with pytest.raises(Conflict, match="No recording is heard"):
        take_back_recording(parts, article, who="staff:anna")
    take_article_offline(parts, article, who="staff:anna")
    restore_article(parts, article, who="staff:anna")
    assert clip_of(parts).current_revision == 3


@pytest.mark.usefixtures("quick")
def test_taken_back_after_a_correction_it_is_spoken_as_corrected(
    parts: Parts, workers: Workers, article: str, recording: Path
) -> None:
    record(parts, workers, article, recording)
    lexeme = Lexeme(graphemes=("First",), language="en", alias="furst", scope=Scope.SITE)
    add(parts.database, parts.voices, Place.of("gazette"), lexeme, note="", author="staff:anna")
    workers.render(take_back_recording(parts, article, who="staff:anna"))
    with parts.database.reading() as session:
        said = session.scalars(select(UtteranceRow).where(UtteranceRow.revision == 3)).one()
    assert said.tokens[0]["spoken"] == ["furst"]
    assert not sent(parts).created


@pytest.mark.usefixtures("quick")
def test_corrections_leave_a_recording_alone(parts: Parts, workers: Workers, article: str, recording: Path) -> None:
    record(parts, workers, article, recording)
    lexeme = Lexeme(graphemes=("First",), language="en", alias="furst", scope=Scope.SITE)
    proposal = LexiconProposal(place=Place.of("gazette"), lexeme=lexeme)
    assert impact(parts, proposal).clips == ()
    with pytest.raises(Conflict, match="A person reads this article"):
        repair_voice(parts, clip_of(parts).id, VoiceProposal(rate=1.2), Reason(who="staff:anna", why=""))


@pytest.mark.usefixtures("quick")
def test_listeners_report_a_recording_by_its_time(
    parts: Parts, workers: Workers, article: str, recording: Path
) -> None:
    record(parts, workers, article, recording)
    draft = ReportDraft(clip_id=clip_of(parts).id, category="pronunciation", position_ms=500)
    case = gather(parts, receive(parts, draft))
    with parts.database.reading() as session:
        report = session.scalars(select(ReportRow)).one()
        page = case_page(session, case)
    assert (report.revision, report.sentence, report.position_ms) == (2, "", 500)
    assert [one.id for one in page.reports] == [report.id]


@pytest.mark.parametrize("form", ["mp3", "m4a", "ogg", "flac"])
def test_every_usual_format_is_taken(parts: Parts, article: str, tmp_path: Path, form: str) -> None:
    path = save(tmp_path / f"sent.{form}", spoken(5), channels=2)
    assert accept_recording(parts, article, path, who="staff:anna")


@pytest.mark.usefixtures("quick")
def test_nobody_is_told_that_a_recording_is_artificial(
    parts: Parts, client: TestClient, workers: Workers, article: str, recording: Path
) -> None:
    record(parts, workers, article, recording)
    clip = clip_of(parts).id
    told = client.get(f"/v1/clips/{clip}").json()
    assert told["disclosure"] == "This audio version is read by a person."
    assert told["provenance"]["digital_source_type"] == CAPTURE
    for path in (f"/listen/{clip}", f"/embed/{clip}", f"/about/{clip}", "/feeds/gazette.rss"):
        page = client.get(path)
        assert page.status_code == 200, path
        assert "read by a person" in page.text, path
        assert "artificially" not in page.text, path
        assert "captions.vtt" not in page.text, path
    assert "DigitalCaptureDigitalSource" in client.get(f"/listen/{clip}").text
    assert "beep" not in client.get(f"/about/{clip}").text
    assert client.get(f"/v1/clips/{clip}/r/2/transcript").text == "First.\n"
    assert client.get(f"/v1/clips/{clip}/r/2/marks.json").json()["sentences"] == []
    assert "read by a person" in client.get(f"/v1/clips/{clip}/r/2/captions.vtt").json()["detail"]
    live = client.get(f"/v1/clips/{clip}/live.mp3")
    assert (live.status_code, live.headers["location"]) == (302, f"/v1/clips/{clip}/r/2/audio.mp3")
    earlier = client.get(f"/v1/clips/{clip}/r/1/captions.vtt")
    assert earlier.status_code == 200
