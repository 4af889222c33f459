"""What can go wrong with a call, as exceptions that carry the problem.

AudioError               permanent decides: give up (True) or try again later (False)
+-- Refused              the request is not valid; `code` says why (4xx)
|   +-- NotAllowed       no key, a wrong one, or one without this right (401, 403)
|   +-- NotFound         it doesn't exist, or no longer exists (404, 410)
|   +-- Conflict         not possible in the current state (409)
|       +-- CaseChanged  someone else has decided the case since; `version` is its present one (409)
+-- TryLater             too many requests, or a part of the service is down; `retry_after_s` (429, 5xx)
+-- NotReached           no answer came at all
+-- Unintelligible       an answer that isn't one of this service's
+-- NotMade              the job ended without a clip; `job` says how
+-- StillWaiting         the job hasn't ended in the given time; `job` is its state
+-- CallbackRefused      a callback that isn't from the service
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tts_service.client.values.articles import Job


class AudioError(Exception):
    """A call failed."""

    permanent: ClassVar[bool] = True
    """Whether the same call would fail again."""

    def __init__(
        self, detail: str, *, code: str = "", status: int = 0, problem: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code}: {detail}" if code else detail)
        self.detail = detail
        """What happened, where, and what to do about it."""
        self.code = code
        """What a program decides by, such as `unknown_voice`; empty where the service didn't answer."""
        self.status = status
        """HTTP status; 0: there was no answer."""
        self.problem: Mapping[str, Any] = problem or {}
        """The whole problem document, with members such as `errors`, `known`, `line`."""


class Refused(AudioError):
    """The request is not valid."""


class NotAllowed(Refused):
    """No key, a wrong one, or one without this right."""


class NotFound(Refused):
    """It doesn't exist, or no longer exists."""


class Conflict(Refused):
    """Not possible in the current state."""


class CaseChanged(Conflict):
    """Someone else has decided the case since it was read; nothing was changed. Read it again."""

    @property
    def version(self) -> int | None:
        """The case's present version."""
        return self.problem.get("version")

    @property
    def who(self) -> str:
        """The person or key that decided."""
        return str(self.problem.get("who", ""))

    @property
    def what(self) -> str:
        """The decision, such as `case.confirmed`."""
        return str(self.problem.get("what", ""))


class TryLater(AudioError):
    """Too many requests, or a part of the service is down."""

    permanent = False
    retry_after_s: float | None = None
    """Seconds the service asked to wait; None: it didn't say."""


class NotReached(AudioError):
    """No answer came."""

    permanent = False


class Unintelligible(AudioError):
    """The answer isn't one of this service's: is the address right?"""


class NotMade(AudioError):
    """The job ended without a clip."""

    def __init__(self, job: Job) -> None:
        why = f"{job.error_title}: {job.error_detail}" if job.error_code else f"job {job.id} is {job.state}"
        super().__init__(why, code=job.error_code or job.state)
        self.job = job


class StillWaiting(AudioError):
    """The job hasn't ended in the time it was waited for."""

    permanent = False

    def __init__(self, job: Job, waited_s: float) -> None:
        super().__init__(f"job {job.id} is {job.state} after {waited_s:g} s, with {job.done} sentences done")
        self.job = job


class CallbackRefused(AudioError):
    """A callback that isn't from the service: answer it with 400."""


def error_of(status: int, problem: Mapping[str, Any], retry_after: str | None) -> AudioError:
    """The error that an answer stands for."""
    code = str(problem.get("code", ""))
    kind: type[AudioError] = _BY_STATUS.get(status, TryLater if status >= 500 else Refused)
    kind = _BY_CODE.get(code, kind)
    detail = str(problem.get("detail") or problem.get("title") or f"the service returned {status}")
    error = kind(detail, code=code, status=status, problem=problem)
    if isinstance(error, TryLater):
        error.retry_after_s = _seconds(retry_after)
    return error


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdigit() and len(header) < 8 else None


_BY_STATUS: dict[int, type[AudioError]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    429: TryLater,
}
_BY_CODE: dict[str, type[AudioError]] = {"request_in_flight": TryLater, "case_changed": CaseChanged}
