"""What can go wrong, as values with a meaning.

    ServiceError                     permanent decides: fail the job (True) or try again later (False)
    +-- InputRefused                 the caller sent something that can't be taken (400)
    |   +-- EmptyArticle             nothing in it at all (422)
    |   +-- TooLarge                 over the size limits (413)
    |   +-- PolicyRefused            a site's speech policy that can't be used (422)
    |   +-- OptionsRefused           a site's options that can't be used (422)
    |   +-- VoiceNotFound            no such voice (422)
    |   +-- LanguageNotSpoken        no voice for this language (422)
    |   +-- FormatNotKnown           no such audio format (422)
    |   +-- MarkupRefused            SSML or PLS outside the subset, with line and column (422)
    |   +-- AddressRefused           an address that is never called from here (422)
    |   +-- FeedUnreadable           an address that gives no feed and no sitemap (422)
    |   +-- IdempotencyKeyMalformed  an Idempotency-Key that is none (400)
    |   +-- IdempotencyKeyReused     an Idempotency-Key that came with another request (422)
    |   +-- BodyUnreadable           not JSON in UTF-8, or nested too deep (400)
    |   +-- BodyCompressed           a body with a content coding (415)
    +-- NotFound                     no such job, clip, report (404)
    |   +-- FeedsOff                 a site that wants no feeds (410)
    +-- NotAllowed                   wrong key, or one without this right (403)
    |   +-- KeyMissing               no key at all (401)
    |   +-- SignInNeeded             a staff page, and nobody is signed in (401)
    |   +-- SignInRefused            a wrong name, password, link or answer of the issuer (401)
    |   +-- GrantNeeded              a clip that isn't public, asked for without a grant (403)
    |   |   +-- GrantExpired         its grant has expired (403)
    |   |   +-- GrantRefused         its grant is forged, or of another clip (403)
    |   +-- FeedbackRefused          a report without a fresh token of its clip, or sent by a machine (403)
    |   +-- WebhookRefused           a webhook not signed as agreed, too old or from the future (401)
    +-- RateExceeded                 too many requests; `retry_after_s` says when to come back (429, try again)
    +-- Conflict                     the thing is not in a state that allows this (409)
    |   +-- RequestInFlight          the same Idempotency-Key is being worked on (409)
    |   +-- ReportKeyReused          a report with the key of another one (409)
    |   +-- Outdated                 an older state of an article than the one that is known (409)
    +-- AccountBroken                characters of the article are neither spoken nor skipped (ends a job)
    +-- NothingToSpeak               every block was skipped, with reasons (ends a job)
    +-- UnspeakableText              the engine died three times on one sentence (ends a job)
    +-- ClipDefective                the finished file is not what was planned (never published)
    +-- NotMarked                    the file can't be signed, or not read back as signed (never published; try again)
    +-- VoiceRefused                 a voice file that can't be used
    +-- EngineUnavailable            the engine's process died or hung; a fresh one may work (try again)
    +-- StoreUnavailable             the audio store doesn't answer (503, try again)
    |   +-- DiskFull                 no room for another file (the job waits)
    +-- BrokerUnavailable            the broker doesn't answer (the job waits in the database)
    +-- RemoteTooLarge               another server's answer is larger than it may be (422)
    +-- RemoteUnavailable            another server doesn't answer, or not in HTTP (502, try again)
    |   +-- RemoteTooSlow            it takes longer than it may (504, try again)
    +-- DatabaseUnavailable          the database doesn't answer (503, try again)
    +-- LeaseLost                    another worker owns this job now: stop, write nothing

The class docstring is the title a user reads; the message says what happened, where, and what to do.
"""

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
    """The request can't be taken as it is"""

    status = 400
    code = "input_refused"


class EmptyArticle(InputRefused):
    """The article is empty"""

    status = 422
    code = "empty_article"


class TooLarge(InputRefused):
    """The article is too large"""

    status = 413
    code = "too_large"


class PolicyRefused(InputRefused):
    """This speech policy can't be used"""

    status = 422
    code = "policy_refused"


class OptionsRefused(InputRefused):
    """These options can't be used"""

    status = 422
    code = "options_refused"


class VoiceNotFound(InputRefused):
    """There is no such voice"""

    status = 422
    code = "unknown_voice"


class LanguageNotSpoken(InputRefused):
    """No voice speaks this language"""

    status = 422
    code = "unknown_language"


class FormatNotKnown(InputRefused):
    """There is no such audio format"""

    status = 422
    code = "unknown_format"


class MarkupRefused(InputRefused):
    """This markup can't be taken"""

    status = 422
    code = "markup_refused"


class AddressRefused(InputRefused):
    """This address is not called from here"""

    status = 422
    code = "address_refused"


class FeedUnreadable(InputRefused):
    """There is no feed and no sitemap at this address"""

    status = 422
    code = "feed_unreadable"


class IdempotencyKeyMalformed(InputRefused):
    """This Idempotency-Key can't be used"""

    code = "idempotency_key_malformed"


class IdempotencyKeyReused(InputRefused):
    """This Idempotency-Key came with another request"""

    status = 422
    code = "idempotency_key_reused"


class BodyUnreadable(InputRefused):
    """The body can't be read"""

    code = "body_unreadable"


class BodyCompressed(InputRefused):
    """Compressed bodies are not taken"""

    status = 415
    code = "body_compressed"


class NotFound(ServiceError):
    """There is no such thing here"""

    status = 404
    code = "not_found"


class FeedsOff(NotFound):
    """This site has no feeds"""

    status = 410
    code = "feeds_off"


class NotAllowed(ServiceError):
    """This needs a key with the right to do it"""

    status = 403
    code = "not_allowed"


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


class RateExceeded(ServiceError):
    """Too many requests"""

    permanent = False
    status = 429
    code = "rate_exceeded"


class Conflict(ServiceError):
    """This can't be done in the present state"""

    status = 409
    code = "conflict"


class RequestInFlight(Conflict):
    """The same request is still worked on"""

    permanent = False
    code = "request_in_flight"


class ReportKeyReused(Conflict):
    """Another report came with this key"""

    code = "report_key_reused"


class Outdated(Conflict):
    """A newer state of this article is known here"""

    code = "outdated"


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
    """The finished audio is not what was planned"""

    code = "clip_defective"


class NotMarked(ServiceError):
    """The audio isn't marked as artificial"""

    # Nothing is wrong with the article: once the certificate or the store is right again, the job goes on.
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


class StoreUnavailable(ServiceError):
    """The audio store doesn't answer"""

    permanent = False
    status = 503
    code = "store_unavailable"


class DiskFull(StoreUnavailable):
    """There is no room left for audio"""

    status = 507
    code = "disk_full"


class BrokerUnavailable(ServiceError):
    """The broker doesn't answer"""

    permanent = False
    status = 503
    code = "broker_unavailable"


class DatabaseUnavailable(ServiceError):
    """The database doesn't answer"""

    permanent = False
    status = 503
    code = "database_unavailable"


class RemoteTooLarge(ServiceError):
    """The other server's answer is too large"""

    status = 422
    code = "remote_too_large"


class RemoteUnavailable(ServiceError):
    """The other server doesn't answer as it should"""

    permanent = False
    status = 502
    code = "remote_unavailable"


class RemoteTooSlow(RemoteUnavailable):
    """The other server is too slow"""

    status = 504
    code = "remote_too_slow"


class LeaseLost(ServiceError):
    """Another worker owns this job now"""

    permanent = False
    code = "lease_lost"
