"""JSON logs: one object per line, with job, article and site, in the worker and in its engine's process."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import Any

from tests.parts.factories import make_article
from tts_service.engines.child.framing import pack
from tts_service.jobs.about_job import about_job
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.jobs.turns import claim_next
from tts_service.parts import Parts
from tts_service.telemetry.logs import JsonLines
from tts_service.telemetry.subject import subject, working_on


def line(message: str, *args: object, error: bool = False) -> dict[str, Any]:
    """What is logged, as JSON. Also checks that it is one line."""
    raised = None
    if error:
        try:
            raise ValueError("two\nlines")
        except ValueError:
            raised = sys.exc_info()
    record = logging.LogRecord("tts_service.x", logging.WARNING, "x.py", 1, message, args, raised)
    text = JsonLines().format(record)
    assert "\n" not in text
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_line_says_what_the_work_is_about(parts: Parts) -> None:
    job = submit(parts, make_article(external_id="42"), Wish()).job_id
    lease = claim_next(parts, "normal", "worker|1|1")
    assert lease is not None
    with about_job(parts, lease):
        told = line("sentence %d: “ß”\nfailed", 3)
    assert (told["job"], told["site"], told["article"]) == (job, "gazette", "42")
    assert (told["level"], told["logger"], told["message"]) == ("warning", "tts_service.x", "sentence 3: “ß”\nfailed")
    assert "job" not in line("afterwards")


def test_an_exception_is_part_of_its_line() -> None:
    assert "ValueError: two" in line("broken", error=True)["traceback"]


def test_what_is_about_something_inside_something_ends_with_it() -> None:
    with working_on(site="gazette"):
        with working_on(job="job_1"):
            assert dict(subject()) == {"site": "gazette", "job": "job_1"}
        assert dict(subject()) == {"site": "gazette"}


def test_the_engines_process_says_it_too(tmp_path: Any) -> None:
    """A request that it can't serve: its own log line has the job."""
    request = {
        "id": 1,
        "do": "speak",
        "voice": {},
        "words": [],
        "rate": 1.0,
        "about": {"job": "job_1", "site": "gazette"},
    }
    got = subprocess.run(
        [
            *(sys.executable, "-c"),
            "import os, subprocess, sys; from tts_service.engines.child import __main__ as child; "
            "sys.argv = ['child', '--parent', str(os.getppid()), '--voices-folder', '.', '--memory-mb', '512', "
            "'--json-logs']; child.main()",
        ],
        input=pack(request),
        capture_output=True,
        check=True,
    )
    told = json.loads(got.stderr)
    assert (told["job"], told["site"], told["level"]) == ("job_1", "gazette", "warning")
