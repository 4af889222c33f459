"""The base of all errors, and their kinds."""

from __future__ import annotations

from typing import Any, ClassVar


class ServiceError(Exception):
    """Something went wrong"""

    permanent: ClassVar[bool] = True
    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"

    def __init__(self, message: str = "", **details: Any) -> None:
        super().__init__(message or self.title)
        self.message = message or self.title
        self.details = details

    @property
    def title(self) -> str:
        return (type(self).__doc__ or "Something went wrong").splitlines()[0]


class InputRefused(ServiceError):
    """The request is not valid"""

    status = 400
    code = "input_refused"


class NotFound(ServiceError):
    """Not found"""

    status = 404
    code = "not_found"


class NotAllowed(ServiceError):
    """Permission denied"""

    status = 403
    code = "not_allowed"


class RateExceeded(ServiceError):
    """Too many requests"""

    permanent = False
    status = 429
    code = "rate_exceeded"


class QuotaExceeded(ServiceError):
    """The site's quota is used up"""

    permanent = False
    status = 429
    code = "quota_exceeded"


class Conflict(ServiceError):
    """Not possible in the current state"""

    status = 409
    code = "conflict"
