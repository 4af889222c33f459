"""No clip is published unmarked: signed, stored, read back, linked; or not there at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from typer.testing import CliRunner

from tests.audio.test_sounds import RATE, sentence
from tests.jobs.test_slices import turn, work
from tests.parts.factories import make_article, make_parts, make_settings, stored_audio
from tests.parts.signed_files import credentials, plain_file, signed_file
from tts_service.audio.container import Labels, encode_clip
from tts_service.audio.decode import decoded_ms
from tts_service.commands import app
from tts_service.db.tables import ClipRevisionRow, ClipRow, JobRow
from tts_service.engines.child.speak import EngineChild
from tts_service.errors import NotMarked, ServiceError
from tts_service.jobs import sink
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.rendering import Rendering
from tts_service.narration import script
from tts_service.newsroom.lexicon_version import lexicon_version
from tts_service.newsroom.policies import policy_for, policy_version
from tts_service.parts import Parts
from tts_service.provenance.certificate import credentials_of, own_folder
from tts_service.provenance.read_back import State, confirm, read_disclosure
from tts_service.provenance.record import record_from
from tts_service.storage.store import ObjectStore
from tts_service.values import Rendition
from tts_service.web.app import create_app

ALL = Wish(voice="tone:beep", formats=("mp3", "m4a", "wav", "opus"))


def rows(parts: Parts) -> tuple[ClipRow, ClipRevisionRow]:
    with parts.database.reading() as session:
        return session.scalars(select(ClipRow)).one(), session.scalars(select(ClipRevisionRow)).one()


def fetched(parts: Parts, folder: Path, clip_id: str, form: str) -> Path:
    """A published file as it lies in the store, and the manifest beside it if there is one."""
    name = stored_audio(parts, clip_id, form=form)
    path = folder / f"fetched.{form}"
    path.write_bytes(parts.store.get(name))
    if parts.store.size(f"{name}.c2pa"):
        (folder / f"fetched.{form}.c2pa").write_bytes(parts.store.get(f"{name}.c2pa"))
    return path


def test_every_published_file_says_what_the_record_says(parts: Parts, engine: EngineChild, tmp_path: Path) -> None:
    article = make_article()
    job = work(parts, engine, article, ALL)
    assert job.state == "succeeded", job.error
    clip, revision = rows(parts)
    record = record_from(revision.provenance or {})

    for form in ("mp3", "m4a", "wav", "opus"):
        path = fetched(parts, tmp_path, clip.id, form)
        confirm(path, record)
        assert decoded_ms(path) == pytest.approx(revision.duration_ms, abs=60)
    assert record.site == "gazette"
    assert record.text_sha256 == sha256(article.source.encode()).hexdigest()
    assert record.policy_version == policy_version(policy_for(parts.database, parts.settings, "gazette"))
    assert record.lexicon_version == lexicon_version(parts.database, article.site, article.external_id)


def test_an_unsigned_file_is_never_published(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "Seal", lambda *_: None)
    job = work(parts, engine, make_article())

    assert (job.state, job.waiting) == ("queued", "not_marked")
    clip, revision = rows(parts)
    assert (clip.state, clip.current_revision, revision.state) == ("rendering", None, "rendering")


def test_a_file_that_says_the_wrong_thing_is_never_published(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = script.Seal

    def wrong(record: Any, *rest: Any) -> Any:
        return whole(replace(record, site="other"), *rest)

    monkeypatch.setattr(script, "Seal", wrong)
    job = work(parts, engine, make_article())

    assert (job.state, job.waiting) == ("queued", "not_marked")


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param(lambda data: data[:-1] + bytes([data[-1] ^ 1]), id="a bit"),
        pytest.param(lambda data: data[: len(data) // 2], id="the second half"),
        pytest.param(lambda data: b"", id="all of it"),
    ],
)
def test_what_the_store_gives_back_decides(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch, lost: Callable[[bytes], bytes]
) -> None:
    put = ObjectStore.put

    def losing(self: ObjectStore, name: str, data: bytes | Path) -> None:
        if name.startswith("clips/"):
            data = lost(data.read_bytes() if isinstance(data, Path) else data)
        put(self, name, data)

    monkeypatch.setattr(ObjectStore, "put", losing)
    job = work(parts, engine, make_article())

    assert (job.state, job.waiting) == ("queued", "not_marked")
    clip, revision = rows(parts)
    assert (clip.state, clip.current_revision, revision.state, revision.renditions) == (
        "rendering",
        None,
        "rendering",
        None,
    )


@pytest.mark.slow
@pytest.mark.parametrize("form", ["mp3", "m4a", "wav", "opus"])
def test_an_empty_file_is_never_published(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Its bytes are those that were to be stored: only its signature shows that it is no clip."""
    store = sink.store_marked

    def emptied(parts: Parts, rendering: Rendering, path: Path, rendition: Rendition) -> Rendition:
        if rendition.format == form:
            path.write_bytes(b"")
            rendition = replace(rendition, bytes=0, sha256=sha256(b"").hexdigest())
        return store(parts, rendering, path, rendition)

    monkeypatch.setattr(sink, "store_marked", emptied)
    job = work(parts, engine, make_article(), replace(ALL, formats=(form,)))

    assert job.state != "succeeded"
    assert rows(parts)[0].current_revision is None


def test_a_wrong_certificate_holds_the_job_up_until_it_is_right(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, signing_cert=tmp_path / "chain.pem", signing_key=tmp_path / "key.pem")
    with EngineChild(parts.settings) as engine:
        job = work(parts, engine, make_article())
        assert (job.state, job.waiting) == ("queued", "not_marked")

        made = credentials(tmp_path / "made")
        (tmp_path / "chain.pem").write_bytes(made.chain_pem)
        (tmp_path / "key.pem").write_bytes(made.key_pem)
        with parts.database.writing() as session:
            session.execute(update(JobRow).values(due_ms=0))
        assert turn(parts, engine, job.id).state == "succeeded"
    parts.close()


def test_a_worker_that_comes_too_late_replaces_nothing(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two signatures are never the same: under one name, the late file would be another than the ETag says."""
    store = sink.store_marked
    seen: list[Rendering] = []

    def watched(parts: Parts, rendering: Rendering, path: Path, rendition: Any) -> Any:
        seen.append(rendering)
        return store(parts, rendering, path, rendition)

    monkeypatch.setattr(sink, "store_marked", watched)
    assert work(parts, engine, make_article()).state == "succeeded"
    clip, revision = rows(parts)
    published = (revision.renditions or [{}])[0]
    name = f"clips/{clip.id}/1/{published['stored']}"
    before = parts.store.get(name)
    late = seen[0]
    path = parts.settings.data_dir / "late.mp3"
    encode_clip([sentence(8)], RATE, path, "mp3", Labels(tags=late.tags))
    script.Seal(late.provenance, late.tags.title, credentials_of(parts.settings))(path, "mp3")
    digest = sha256(path.read_bytes()).hexdigest()
    store(parts, late, path, Rendition(format="mp3", media_type="audio/mpeg", bytes=1, sha256=digest))

    assert parts.store.get(name) == before
    assert len(list(parts.store.names(f"clips/{clip.id}/1/"))) == 2


class TestOnTheWeb:
    @pytest.fixture
    def client(self, parts: Parts, engine: EngineChild) -> Iterator[TestClient]:
        assert work(parts, engine, make_article(), ALL).state == "succeeded"
        with TestClient(create_app(parts)) as client:
            yield client

    def test_a_manifest_beside_the_file_is_linked_and_fits(
        self, parts: Parts, client: TestClient, tmp_path: Path
    ) -> None:
        clip = rows(parts)[0].id
        made = {one["format"]: one for one in client.get(f"/v1/clips/{clip}").json()["renditions"]}
        assert (made["mp3"]["manifest_url"], made["m4a"]["manifest_url"]) == (None, None)
        got = client.get(f"/v1/clips/{clip}/audio.opus")
        assert got.headers["link"] == f'<{made["opus"]["manifest_url"]}>; rel="c2pa-manifest"'

        manifest = client.get(f"/v1/clips/{clip}/r/1/audio.opus.c2pa")
        assert manifest.headers["content-type"] == "application/c2pa"
        (tmp_path / "heard.opus").write_bytes(got.content)
        (tmp_path / "heard.opus.c2pa").write_bytes(manifest.content)
        assert read_disclosure(tmp_path / "heard.opus").state is State.UNALTERED
        assert client.get(f"/v1/clips/{clip}/r/1/audio.mp3.c2pa").status_code == 404

    def test_a_signed_file_is_fetched_in_pieces(self, parts: Parts, client: TestClient, tmp_path: Path) -> None:
        clip = rows(parts)[0].id
        at = f"/v1/clips/{clip}/r/1/audio.mp3"
        whole = client.get(at)
        pieces = [
            client.get(at, headers={"Range": f"bytes={a}-{a + 9999}", "If-Range": whole.headers["etag"]})
            for a in range(0, len(whole.content), 10_000)
        ]

        assert {piece.status_code for piece in pieces} == {206}
        (tmp_path / "heard.mp3").write_bytes(b"".join(piece.content for piece in pieces))
        assert read_disclosure(tmp_path / "heard.mp3").state is State.UNALTERED

    def test_the_record_is_shown(self, parts: Parts, client: TestClient) -> None:
        clip, revision = rows(parts)
        shown = client.get(f"/v1/clips/{clip.id}").json()["provenance"]

        assert shown == revision.provenance


class TestVerify:
    def run(self, *arguments: str | Path) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["verify", *map(str, arguments)])
        if isinstance(result.exception, ServiceError):
            raise result.exception
        return result.exit_code, result.stdout

    @pytest.fixture(autouse=True)
    def _here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TTS_DATA_DIR", str(tmp_path / "data"))

    def test_a_file_of_this_installation(self, tmp_path: Path) -> None:
        code, said = self.run(signed_file(tmp_path, "mp3"))

        assert code == 0
        assert "clip.mp3: unaltered since it was signed\nsigned by: Listen to the article" in said
        assert "made as: http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia" in said

    def test_a_file_of_a_stranger(self, tmp_path: Path) -> None:
        (tmp_path / "stranger").mkdir()
        code, said = self.run(signed_file(tmp_path / "stranger", "m4a"))

        assert code == 0
        assert "signed by: unknown signer, named" in said
        trusted = own_folder(make_settings(tmp_path / "stranger")) / "root.pem"
        assert "unknown" not in self.run(tmp_path / "stranger" / "clip.m4a", "--trust", trusted)[1]

    def test_an_altered_file_ends_with_1(self, tmp_path: Path) -> None:
        path = signed_file(tmp_path, "mp3")
        path.write_bytes(path.read_bytes().replace(b"artificially", b"artfullyXXXX"))
        code, said = self.run(path)

        assert code == 1
        assert "ALTERED" in said
        assert "artfully" not in said

    def test_an_unsigned_file_ends_with_3(self, tmp_path: Path) -> None:
        code, said = self.run(plain_file(tmp_path, "m4a"))

        assert code == 3
        assert "it is unknown whether it was altered" in said

    def test_machines_get_one_document(self, tmp_path: Path) -> None:
        told = json.loads(self.run(signed_file(tmp_path, "opus"), "--json")[1])

        assert (told["state"], told["signer_known"], told["record"]["site"]) == ("unaltered", True, "gazette")


def test_no_certificate_can_be_made_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    with pytest.raises(NotMarked, match="No signing certificate"):
        credentials_of(make_settings(tmp_path))
