"""What a worker's turn is about, for its logs, its traces and its engine's process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from tts_service.db.tables import ArticleRow, JobRow
from tts_service.errors import DatabaseUnavailable
from tts_service.jobs.lease import Lease
from tts_service.parts import Parts
from tts_service.telemetry.subject import working_on
from tts_service.telemetry.tracing import traced


@contextmanager
def about_job(parts: Parts, lease: Lease) -> Iterator[None]:
    """The block is a turn of this job: a span in the trace of the request that made the job."""
    names, trace = {"job": lease.job_id}, None
    query = select(JobRow.site, ArticleRow.external_id, JobRow.trace).join(ArticleRow).where(JobRow.id == lease.job_id)
    try:
        with parts.database.reading() as session:
            row = session.execute(query).one_or_none()
    except DatabaseUnavailable:  # the work itself will report it
        row = None
    if row is not None:
        names, trace = {**names, "site": row.site, "article": row.external_id}, row.trace
    with working_on(**names), traced("turn", parent=trace):
        yield
