"""Errors that keep an article from becoming a clip."""

from __future__ import annotations

from tts_service.errors.base import ServiceError


class AccountBroken(ServiceError):
    """Not every character of the article is accounted for"""

    code = "account_broken"


class NothingToSpeak(ServiceError):
    """Nothing in this article is spoken"""

    status = 422
    code = "nothing_to_speak"


class UnspeakableText(ServiceError):
    """The voice can't speak one of the sentences"""

    status = 422
    code = "unspeakable_text"


class ClipDefective(ServiceError):
    """The finished audio failed its checks"""

    code = "clip_defective"


class NotMarked(ServiceError):
    """The audio could not be marked as synthetic"""

    # Not the article's fault: the job continues once the certificate or the store works again.
    permanent = False
    status = 503
    code = "not_marked"


class VoiceRefused(ServiceError):
    """This voice can't be used"""

    status = 422
    code = "voice_refused"


class EngineUnavailable(ServiceError):
    """The speech engine stopped working"""

    permanent = False
    status = 503
    code = "engine_unavailable"


class SpeechServerUnavailable(ServiceError):
    """The server of this voice can't be used now"""

    # No sentence's fault: the job waits, or falls back as its site says.
    permanent = False
    status = 503
    code = "speech_server_unavailable"


class VoiceBudgetSpent(ServiceError):
    """The site's budget for remote voices is used up"""

    permanent = False
    status = 429
    code = "voice_budget_spent"


class EarsUnavailable(ServiceError):
    """The recogniser that listens to finished clips can't work"""

    permanent = False
    status = 503
    code = "ears_unavailable"
