"""What happens to engines: killed, crashed by a sentence, hung, grown beyond all bounds."""

from __future__ import annotations

import os
import random
import signal
import statistics
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import func, select

from tests.measure.faults.audit import outcome
from tests.measure.faults.drive import Drive, again_and_again, driving
from tests.measure.faults.line import Line, Outcome
from tests.measure.faults.texts import REAL_EVERY, article
from tests.measure.faults.world import Plan
from tts_service.db.tables import JobRow, UtteranceRow
from tts_service.newsroom.policies import set_policy

ENGINE_LIMIT_S = 5.0
_POISONED_EVERY = 5
STRICT = "observer"
"""A site on which a job fails rather than leave a word out."""
REAL_POISON = ("s'" * 220, "a." * 250, "..a" * 120)
"""Texts on which speech engines have crashed."""


def killed(jobs: int) -> Outcome:
    """Every two seconds one of the engines that speak now is killed."""
    with driving(jobs) as drive:

        def strike() -> None:
            running = drive.world.running()
            speaking = sorted(running.keys() - drive.watch.recovering())
            for job in random.sample(speaking, len(speaking)):
                engine = drive.world.engine_of(running[job])
                if engine is not None:
                    with suppress(ProcessLookupError):
                        os.kill(engine, signal.SIGKILL)
                        drive.watch.hit([job])
                    return

        again_and_again(drive, strike, every_s=2.0, times=40)
        drive.ended()
        return drive.outcome(ENGINE_LIMIT_S)


def poisoned(jobs: int) -> Outcome:
    """In every fifth article one word crashes its voice; every tenth, read by a real engine, has a famous crasher."""

    def body(number: int) -> dict[str, Any]:
        if number % REAL_EVERY == REAL_EVERY - 1:
            return article(number, instead={10: f"{REAL_POISON[number // REAL_EVERY % len(REAL_POISON)]}."})
        return article(number, instead={10: "The word CRASH is here."}) if is_poisoned(number) else article(number)

    return _misspoken(jobs, body, Plan())


def hung(jobs: int) -> Outcome:
    """A word on which the engine sleeps for ever."""
    plan = Plan(settings={"utterance_deadline_s": 2.0})
    return _misspoken(jobs, lambda number: _with_word(number, "HANG"), plan)


def grown(jobs: int) -> Outcome:
    """A word on which the engine takes memory without end."""
    plan = Plan(settings={"engine_memory_mb": 400})
    return _misspoken(jobs, lambda number: _with_word(number, "SWELL"), plan)


def is_poisoned(number: int) -> bool:
    """Whether an article has the word."""
    return number % _POISONED_EVERY == 0


def _with_word(number: int, word: str) -> dict[str, Any]:
    instead = {10: f"The word {word} is here."} if is_poisoned(number) else {}
    return article(number, instead=instead)


def _misspoken(jobs: int, body: Callable[[int], dict[str, Any]], plan: Plan) -> Outcome:
    """Jobs with such a word lose the word, or fail where their site wants that; the others don't notice."""
    with driving(jobs, plan, at_once=0, every_s=0.0, body=body) as drive:
        set_policy(drive.world.parts.database, drive.world.parts.voices, STRICT, {"unspeakable": "refused"})
        drive.ended()
        sick = {job for number, job in drive.sender.accepted.items() if is_poisoned(number)}
        found = outcome(drive.world, drive.watch, drive.sender.accepted.values(), may_fail=sick)
        with drive.world.parts.database.reading() as session:
            deaths = session.execute(select(func.sum(UtteranceRow.deaths), func.max(UtteranceRow.deaths))).one()
            ended = {row.id: row for row in session.scalars(select(JobRow))}
        found.hits = int(deaths[0] or 0)
        failed = [ended[job] for job in sick if ended[job].state == "failed"]
        wrong = [job.id for job in failed if (job.error or {}).get("code") != "unspeakable_text" or job.site != STRICT]
        found.problems = [*found.problems, *(f"{job} failed otherwise than its site wants" for job in wrong)]
        took = _took_s(drive, ended)
        found.notes |= {
            "most deaths on a sentence": deaths[1],
            "failed as their site wants": len(failed),
            "median s of a job with the word": round(statistics.median(s for job, s in took.items() if job in sick), 1),
            "of another": round(statistics.median(s for job, s in took.items() if job not in sick), 1),
        }
        return found


def _took_s(drive: Drive, ended: dict[str, JobRow]) -> dict[str, float]:
    """Seconds from claim to end."""
    jobs = [ended[job] for job in drive.sender.accepted.values()]
    return {job.id: (job.finished_ms - job.started_ms) / 1000 for job in jobs if job.finished_ms and job.started_ms}


LINES = (
    Line(name="engine-killed", number=1, fault="SIGKILL an engine every 2 s", run=killed),
    Line(name="engine-poisoned", number=15, fault="a word that crashes the voice in every fifth article", run=poisoned),
    Line(name="engine-grown", number=16, fault="a word that takes memory without end", run=grown),
    Line(name="engine-hung", number=17, fault="a word that hangs the voice", run=hung),
)
