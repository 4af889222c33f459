"""Errors about permissions."""

from __future__ import annotations

from tts_service.errors.base import NotAllowed


class KeyMissing(NotAllowed):
    """This needs an API key"""

    status = 401
    code = "key_missing"


class SignInNeeded(NotAllowed):
    """Sign in first"""

    status = 401
    code = "sign_in_needed"


class SignInRefused(NotAllowed):
    """Sign-in failed"""

    status = 401
    code = "sign_in_refused"


class GrantNeeded(NotAllowed):
    """This audio is for subscribers"""

    code = "grant_needed"


class GrantExpired(GrantNeeded):
    """The grant has expired"""

    code = "grant_expired"


class GrantRefused(GrantNeeded):
    """The grant is not valid for this audio"""

    code = "grant_refused"


class FeedbackRefused(NotAllowed):
    """The report was not accepted"""

    code = "feedback_refused"


class WebhookRefused(NotAllowed):
    """The webhook's signature is not valid"""

    status = 401
    code = "webhook_refused"
