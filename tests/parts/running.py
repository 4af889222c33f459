"""A service in known states, for its page Running: processes, jobs and failures, without a worker."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, update

from tests.parts.factories import make_article
from tests.parts.web_rows import ready_clip
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.db.tables import CallbackEndpointRow, JobRow, ProcessRow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.monitoring.reporting import Reporter
from tts_service.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What its parts would have written."""

    parts: Parts

    def begin(self, *kinds: str) -> None:
        """A process of each of these parts says that it is there."""
        for kind in kinds:
            owner = "beat" if kind == "beat" else f"studio-1:pid:[1]|{len(kind)}|7"
            Reporter(lambda: self.parts.database, kind, owner).report()

    def end(self, kind: str) -> None:
        with self.parts.database.writing() as session:
            session.execute(delete(ProcessRow).where(ProcessRow.part == kind))

    def silent(self, kind: str, seconds: int) -> None:
        """A part was last seen so long ago."""
        with self.parts.database.writing() as session:
            before = ProcessRow.seen_ms - seconds * 1000
            session.execute(update(ProcessRow).where(ProcessRow.part == kind).values(seen_ms=before))

    def due(self, name: str, seconds: int, site: str = "gazette") -> str:
        """A job that has been due for so long; its id."""
        job = submit(self.parts, make_article(external_id=name, site=site, title=f"Waits {name}"), Wish()).job_id
        with self.parts.database.writing() as session:
            due_ms = self.parts.database.now_ms(session) - seconds * 1000
            session.execute(update(JobRow).where(JobRow.id == job).values(due_ms=due_ms))
        return job

    def failed(self, name: str, seconds: int, site: str = "gazette") -> str:
        """An article that failed so long ago; its job's id."""
        made = ready_clip(self.parts, name=name, site=site)
        error = {
            "code": "unspeakable_text",
            "title": "The voice can't speak one of the sentences",
            "detail": f"The voice tone:beep crashed 3 times on sentence {name}.",
        }
        with self.parts.database.writing() as session:
            at_ms = self.parts.database.now_ms(session) - seconds * 1000
            values = {"state": "failed", "error": error, "finished_ms": at_ms}
            session.execute(update(JobRow).where(JobRow.id == made.job).values(values))
        return made.job

    def endpoint(self, host: str, disabled: str = "", site: str | None = "gazette") -> str:
        """An endpoint for callbacks; its id."""
        made = add_endpoint(self.parts, EndpointDraft(url=f"https://{host}/as-good-as-a-key", site=site))[0].id
        with self.parts.database.writing() as session:
            now = self.parts.database.now_ms(session)
            values = {"disabled_ms": now if disabled else None, "disabled_reason": disabled}
            session.execute(update(CallbackEndpointRow).where(CallbackEndpointRow.id == made).values(values))
        return made


ALL_PARTS = ("api", "worker", "callbacks", "beat")
