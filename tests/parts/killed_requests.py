"""An API process that dies in the middle of POST /v1/jobs, at each place that matters, and the client's repetition."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from sqlalchemy import func, select

from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, IdempotencyKeyRow, JobRow
from tts_service.jobs import submit as submitting
from tts_service.jobs.idempotency import InFlight, Once, answer_once
from tts_service.parts import Parts
from tts_service.web.api import jobs as api_jobs
from tts_service.web.schemas.jobs import JobRequest

DIED = 9


def _die(*_: Any, **__: Any) -> Any:
    os._exit(DIED)


def _then_die(real: Callable[..., Any]) -> Callable[..., Any]:
    def both(*arguments: Any, **named: Any) -> Any:
        real(*arguments, **named)
        os._exit(DIED)

    return both


AT_THE_END = "before the answer is sent"
FAIL_POINTS: dict[str, tuple[Any, str, Any] | None] = {
    "before the key is looked up": (Once, "find", _die),
    "before the transaction": (submitting, "_keep", _die),
    "before the answer is kept": (Once, "keep", _die),
    "before the commit": (Once, "keep", _then_die(Once.keep)),
    "after the commit": (submitting, "dispatch", _die),
    AT_THE_END: None,
}
"""Where the process dies: (what, its attribute, what stands in for it); None: when all is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """What came of tries whose first request was killed."""

    tries: int
    died: int
    one_job: int
    """Tries with one job for their key, and the repetition answered with it."""


def kill_at(parts: Parts, place: str, tries: int) -> Killed:
    """Kill a first request there, and repeat it, so many times."""
    died = one = 0
    for number in range(tries):
        name = f"{place} {number}"
        died += _died(parts, name, place)
        _request(parts, name, None)
        one += _jobs(parts, name) == 1
    return Killed(tries=tries, died=died, one_job=one)


def _died(parts: Parts, name: str, place: str) -> bool:
    """Send a first request to a process of its own."""
    pid = os.fork()
    if pid == 0:
        try:  # connections of another process can't be used in this one
            own = Database(parts.database.url)
            _request(replace(parts, database=own), name, place)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == DIED


def _request(parts: Parts, name: str, place: str | None) -> None:
    """What the endpoint does with a key, up to the answer."""
    wanted = JobRequest.model_validate(
        {"article": {"site": "gazette", "id": name, "text": "One sentence."}, "voice": "tone:beep"}
    )
    once = Once(database=parts.database, api_key="cms", key=name, request_sha256=api_jobs._fingerprint(wanted))

    def work() -> None:
        answer, _ = answer_once(once, InFlight(), lambda keep: api_jobs._taken(parts, wanted, keep))
        if place == AT_THE_END:
            os._exit(DIED)
        assert answer.status == 202

    point = FAIL_POINTS[place] if place else None
    with patch.object(*point) if point else nullcontext():
        work()


def _jobs(parts: Parts, name: str) -> int:
    with parts.database.reading() as session:
        mine = select(func.count()).select_from(JobRow).join(ArticleRow).where(ArticleRow.external_id == name)
        assert session.get(IdempotencyKeyRow, ("cms", name)) is not None
        return int(session.scalar(mine) or 0)
