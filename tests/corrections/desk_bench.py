"""A newsroom for tests of corrections: articles rendered in milliseconds, and changes of the lexicon."""

from __future__ import annotations

from typing import Any, cast

import pytest
from sqlalchemy import func, select

from tests.parts.cases import case_row
from tests.parts.factories import make_article
from tests.parts.made_once import made_once
from tests.parts.quick_render import Workers
from tts_service.corrections.accept import Accepted, accept_proposal
from tts_service.corrections.follow_up import follow_up
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.db.tables import (
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionClipRow,
    CorrectionRow,
    JobRow,
    LexiconEntryRow,
    ReportRow,
    SiteRow,
    UtteranceRow,
)
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.tone import ToneEngine
from tts_service.errors import ServiceError
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.lease import claim
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.owner import this_owner
from tts_service.jobs.slices import run_slice
from tts_service.jobs.submit import submit
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme

TONE = Wish(voice="tone:beep")
TEXT = "First we met. Elmsworth was dark. Last we left."
SITE = Place.of("gazette")


class Newsroom:
    """What tests do, by one name each."""

    def __init__(self, parts: Parts, workers: Workers) -> None:
        self.parts, self.workers = parts, workers

    def publish(self, external_id: str = "1", text: str = TEXT, **values: Any) -> str:
        """An article, rendered. Returns its clip."""
        if (external_id, text, values) == ("1", TEXT, {}) and self.is_empty():
            return first_clip(self.parts)["clip"]
        return self.render(external_id, text, **values)

    def render(self, external_id: str, text: str, **values: Any) -> str:
        job = self.save(external_id, text, **values)
        self.workers.render(job)
        return self.job(job).clip_id

    def is_empty(self) -> bool:
        """Whether nothing yet says how an article sounds."""
        tables = (ArticleRow, LexiconEntryRow, SiteRow)
        with self.parts.database.reading() as session:
            return not any(session.scalar(select(func.count()).select_from(table)) for table in tables)

    def save(self, external_id: str = "1", text: str = TEXT, **values: Any) -> str:
        """An article, to be rendered. Returns its job."""
        article = make_article(source=text, title=None, external_id=external_id, **values)
        return submit(self.parts, article, TONE).job_id

    def correct(self, grapheme: str = "Elmsworth", alias: str | None = "Emsworth", **wanted: Any) -> Accepted:
        """Accept a respelling; alias None: the entry is removed."""
        lexeme = alias and Lexeme(graphemes=(grapheme,), language="en", alias=alias)
        names = {"place", "entry_id", "except_articles"} & wanted.keys()
        proposal = LexiconProposal(
            **{"place": SITE, "lexeme": lexeme or None} | {name: wanted.pop(name) for name in names}
        )
        return accept_proposal(self.parts, proposal, **{"why": "as locals say it", "who": "staff:1"} | wanted)

    def work(self, turns: int = 6) -> list[JobRow]:
        """Let beat and workers do what is to be done, at most so often. Returns the jobs that succeeded."""
        done = []
        for _ in range(turns):
            followed, queued = follow_up(self.parts), self.queued()
            if not followed and not queued:
                return done
            for job_id in queued:
                if self.turn(job_id):
                    done.append(self.job(job_id))
        follow_up(self.parts)
        return done

    def turn(self, job_id: str) -> bool:
        """A worker's turn with a job, as its task takes it. Returns whether it succeeded."""
        lease = claim(self.parts, job_id, this_owner())
        if lease is None:
            return False
        try:
            return run_slice(self.parts, cast("EngineChild", ToneEngine(self.parts.settings.voices_folder)), lease)
        except ServiceError as error:
            settle_job(self.parts, lease, error)
            return False

    def queued(self) -> list[str]:
        """Jobs that wait for a worker, oldest first."""
        with self.parts.database.reading() as session:
            return list(session.scalars(select(JobRow.id).where(JobRow.state == "queued").order_by(JobRow.id)))

    def job(self, job_id: str) -> JobRow:
        return self.row(JobRow, job_id)

    def correction(self, correction_id: str) -> CorrectionRow:
        return self.row(CorrectionRow, correction_id)

    def clip_of(self, correction_id: str, clip_id: str) -> CorrectionClipRow:
        return self.row(CorrectionClipRow, (correction_id, clip_id))

    def current(self, clip_id: str) -> int | None:
        return self.row(ClipRow, clip_id).current_revision

    def voice(self, clip_id: str) -> str:
        """The main voice of a clip as it is heard."""
        return str(self.row(ClipRevisionRow, (clip_id, self.current(clip_id))).voice["id"])

    def row(self, table: Any, key: Any) -> Any:
        with self.parts.database.reading() as session:
            return session.get_one(table, key)

    def change(self, table: Any, key: Any, **values: Any) -> None:
        with self.parts.database.writing() as session:
            row = session.get_one(table, key)
            for name, value in values.items():
                setattr(row, name, value)

    def said(self, clip_id: str, revision: int | None = None) -> list[str]:
        """The words spoken, sentence by sentence; revision None: the current one."""
        return [" ".join(w for token in row.tokens for w in token["spoken"]) for row in self.lines(clip_id, revision)]

    def blocks(self, external_id: str, *, spoken: bool) -> list[str]:
        """The texts of an article's blocks that are read now, or that aren't."""
        current = (ClipRevisionRow.clip_id == ClipRow.id) & (ClipRevisionRow.revision == ClipRow.current_revision)
        query = select(ClipRevisionRow.blocks).join(ClipRow, current).join(ArticleRow)
        with self.parts.database.reading() as session:
            blocks = session.scalars(query.where(ArticleRow.external_id == external_id)).one()
        return [block["text"] for block in blocks if block["spoken"] == spoken]

    def keys(self, clip_id: str, revision: int | None = None) -> list[str]:
        return [row.segment_key for row in self.lines(clip_id, revision)]

    def lines(self, clip_id: str, revision: int | None = None) -> list[UtteranceRow]:
        wanted = (UtteranceRow.clip_id == clip_id, UtteranceRow.revision == (revision or self.current(clip_id)))
        with self.parts.database.reading() as session:
            return list(session.scalars(select(UtteranceRow).where(*wanted).order_by(UtteranceRow.position)))

    def entries(self) -> list[LexiconEntryRow]:
        with self.parts.database.reading() as session:
            return list(session.scalars(select(LexiconEntryRow).order_by(LexiconEntryRow.id)))

    def article(self, clip_id: str) -> ArticleRow:
        return self.row(ArticleRow, self.row(ClipRow, clip_id).article_id)

    def case(self, clip_id: str, *, revision: int = 1) -> str:
        """A case with one report about the clip's second sentence."""
        with self.parts.database.writing() as session:
            now = self.parts.database.now_ms(session)
            session.add(case_row(1, at_ms=now, key="elmsworth"))
        self.report("case_1", clip_id, number=1, revision=revision)
        return "case_1"

    def report(self, case_id: str, clip_id: str, *, number: int = 2, revision: int = 1) -> None:
        """A report of a case, about the clip's second sentence."""
        with self.parts.database.writing() as session:
            now = self.parts.database.now_ms(session)
            session.add(
                ReportRow(
                    id=f"R-0000-000{number}",
                    site="gazette",
                    clip_id=clip_id,
                    revision=revision,
                    position_ms=0,
                    utterance=1,
                    sentence="Elmsworth was dark.",
                    voice="tone:beep",
                    category="pronunciation",
                    comment="",
                    state="new",
                    note="",
                    created_ms=now,
                    updated_ms=now,
                    case_id=case_id,
                )
            )


@made_once
def first_clip(parts: Parts) -> dict[str, str]:
    """The article that most tests begin with, rendered."""
    with pytest.MonkeyPatch.context() as patch:
        return {"clip": Newsroom(parts, Workers(parts, patch)).render("1", TEXT)}
