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
    """You are not signed in"""

    status = 401
    code = "sign_in_refused"


class GrantNeeded(NotAllowed):
    """This audio is for subscribers"""

    code = "grant_needed"


class GrantExpired(GrantNeeded):
    """This grant has expired"""

    code = "grant_expired"


class GrantRefused(GrantNeeded):
    """This grant opens nothing here"""

    code = "grant_refused"


class FeedbackRefused(NotAllowed):
    """This report can't be taken"""

    code = "feedback_refused"


class WebhookRefused(NotAllowed):
    """This webhook is not signed as agreed"""

    status = 401
    code = "webhook_refused"
