"""The article that all others are copies of: published with a real voice, edited three times, its files kept aside."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from tests.jobs.test_slices import work
from tests.parts.factories import make_article
from tests.parts.staff_rows import kept_event
from tts_service.db.tables import ArticleRow, ClipRow, UtteranceRow
from tts_service.engines.child.speak import EngineChild
from tts_service.jobs.acceptable import Wish
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.storage.segments import name_of

SITE = "pattern"
EDITS = 3
NAME = "Bababaton"
"""A name in its text, instead of which each copy has one of its own, as long."""
_VOICE = "piper:en_US-joe-medium"
_KEPT_DAYS = 3650
_LONG_AGO_S = 7 * 86_400
_TEXT = """\
The council of {name} decided on Tuesday evening to reopen the old harbour road. It had been closed for two years. \
Nobody expected the vote to be so clear. Fourteen members were in favour, and three were against.

The road runs for four miles between the railway station and the fishing port. Buses will use it from the first of \
March. Lorries have to take the longer way through the industrial estate, as they do today.

Shopkeepers were relieved by the decision. One of them said that her sales had fallen by a third since the closure. \
She hopes that visitors will come back in the summer. The museum expects twice as many guests as last year.

Not everybody was content with the result. Families who live beside the road fear for the safety of their children. \
They asked for a speed limit and for a crossing at the school. The mayor promised an answer within six weeks.

The repairs cost about two million pounds. Half of the money comes from the county, and the rest is borrowed. The \
last section of the new sea wall was finished in {edited}. Engineers say that it will stand for eighty years.
"""
_MONTHS = ("June", "July", "August", "September")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of the pattern."""

    name: str
    """In the store."""
    kind: str
    """segments, clips, live."""
    kept: bool
    """Whether it belongs to the newest revision: files of others go one day."""
    bytes: int


@dataclass(slots=True, kw_only=True)
class Pattern:
    """Where the pattern's rows and files are."""

    article_id: str
    clip_id: str
    made_ms: int
    """When it was finished, by the database's clock."""
    sentences: int
    """Of its newest revision."""
    files: list[File] = field(default_factory=list)
    folder: Path
    """Of the files that copies are linked to: `0`, `1`, … as in `files`."""

    def renew(self, store: Path) -> None:
        """Put new files there: a file can have 65,000 names at most."""
        old = 0.0
        for number, file in enumerate(self.files):
            source = self.folder / "first" / str(number)
            path = self.folder / str(number)
            source.parent.mkdir(parents=True, exist_ok=True)
            if not source.exists():
                shutil.copyfile(store / file.name, source)
                old = old or source.stat().st_mtime - _LONG_AGO_S
            path.unlink(missing_ok=True)
            shutil.copyfile(source, path)
            os.utime(path, (source.stat().st_mtime - _LONG_AGO_S,) * 2)  # for the sweep, no copy is young


def make_pattern(parts: Parts, engine: EngineChild, folder: Path) -> Pattern:
    """Publish and edit the pattern. Its site keeps everything for ten years."""
    days = ("keep_audio_days", "keep_jobs_days", "keep_webhooks_days", "keep_audit_days")
    set_options(parts.database, SITE, dict.fromkeys(days, _KEPT_DAYS))
    for month in _MONTHS[: EDITS + 1]:
        text = _TEXT.format(name=NAME, edited=month)
        article = make_article(
            site=SITE,
            external_id=SITE,
            source=text,
            title=f"{NAME} reopens its harbour road",
            url=f"https://news.example/{SITE}",
        )
        job = work(parts, engine, article, Wish(voice=_VOICE))
        assert job.state == "succeeded", (job.state, job.error)
        body = {"post": {"current": {"id": SITE, "title": article.title, "html": text, "plaintext": text}}}
        with parts.database.reading() as session:
            now = parts.database.now_ms(session)
        kept_event(
            parts,
            job.id.removeprefix("job_"),
            site=SITE,
            external_id=SITE,
            headers={"content-type": "application/json", "x-ghost-signature": "sha256=" + "0" * 64},
            body=json.dumps(body).encode(),
            outcome=[{"external_id": SITE, "state": "queued", "job": job.id, "reason": ""}],
            received_ms=now,
            done_ms=now,
        )
    with parts.database.reading() as session:
        article_id = session.scalars(select(ArticleRow.id).where(ArticleRow.site == SITE)).one()
        clip = session.scalars(select(ClipRow).where(ClipRow.article_id == article_id)).one()
        rows = session.scalars(select(UtteranceRow).where(UtteranceRow.clip_id == clip.id)).all()
        now = parts.database.now_ms(session)
    newest = [row for row in rows if row.revision == clip.current_revision]
    found = Pattern(article_id=article_id, clip_id=clip.id, made_ms=now, sentences=len(newest), folder=folder)
    found.files = _files(parts, clip, rows, newest)
    return found


def _files(parts: Parts, clip: ClipRow, rows: Sequence[UtteranceRow], newest: Sequence[UtteranceRow]) -> list[File]:
    kept = {name_of(row.segment_key) for row in newest}
    segments = sorted({name_of(row.segment_key) for row in rows})
    others = [name for kind in ("clips", "live") for name in sorted(parts.store.names(f"{kind}/{clip.id}/"))]
    kept |= {name for name in others if name.startswith(f"clips/{clip.id}/{clip.current_revision}/")}
    return [
        File(name=name, kind=name.partition("/")[0], kept=name in kept, bytes=parts.store.size(name) or 0)
        for name in (*segments, *others)
    ]
