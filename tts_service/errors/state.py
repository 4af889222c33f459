"""Errors about the current state: too early, too late, already done."""

from __future__ import annotations

from tts_service.errors.base import Conflict, NotFound, ServiceError


class FeedsOff(NotFound):
    """This site has no feeds"""

    status = 410
    code = "feeds_off"


class RequestInFlight(Conflict):
    """The same request is still being processed"""

    permanent = False
    code = "request_in_flight"


class ReportKeyReused(Conflict):
    """Another report was sent with this key"""

    code = "report_key_reused"


class Outdated(Conflict):
    """A newer state of this article is already known"""

    code = "outdated"


class SiteClosed(Conflict):
    """This site is being erased"""

    code = "site_closed"


class LeaseLost(ServiceError):
    """Another worker owns this job now"""

    permanent = False
    code = "lease_lost"


class RevisionOvertaken(Conflict):
    """Another revision of this clip was published meanwhile"""

    code = "revision_overtaken"


class CaseChanged(Conflict):
    """Someone else has decided this case in the meantime"""

    code = "case_changed"
