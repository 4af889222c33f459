"""Errors as values with a meaning.

    ServiceError                     `permanent` decides: fail the job (True) or retry later (False)
    +-- InputRefused                 the caller's input is not acceptable (400)
    |   +-- EmptyArticle             the article has no content (422)
    |   +-- TooLarge                 over the size limits (413)
    |   +-- PolicyRefused            invalid speech policy of a site (422)
    |   +-- OptionsRefused           invalid options of a site (422)
    |   +-- VoiceNotFound            no such voice (422)
    |   +-- LanguageNotSpoken        no voice for this language (422)
    |   +-- FormatNotKnown           no such audio format (422)
    |   +-- MarkupRefused            SSML or PLS outside the subset, with line and column (422)
    |   +-- AddressRefused           an address this service never calls (422)
    |   +-- FeedUnreadable           the address has no feed or sitemap (422)
    |   +-- RecordingRefused         a recording that is no sound, silent, too short or too long (422)
    |   |   +-- RecordingLength      it is much shorter or longer than its text is spoken (422)
    |   +-- IdempotencyKeyMalformed  invalid Idempotency-Key (400)
    |   +-- IdempotencyKeyReused     the Idempotency-Key was used with another request (422)
    |   +-- BodyUnreadable           not JSON in UTF-8, or nested too deep (400)
    |   +-- BodyCompressed           a body with a content coding (415)
    |   +-- InvalidJson              the body is not JSON (400)
    |   +-- InvalidRequest           a field or parameter is missing or wrong (422)
    |   +-- NulInAddress             the address contains a NUL (400)
    +-- NotFound                     no such job, clip, report (404)
    |   +-- FeedsOff                 the site has no feeds (410)
    +-- NotAllowed                   wrong key, or a key without this permission (403)
    |   +-- KeyMissing               no API key (401)
    |   +-- SignInNeeded             a staff page without a session (401)
    |   +-- SignInRefused            wrong name, password, link or issuer response (401)
    |   +-- GrantNeeded              a restricted clip requested without a grant (403)
    |   |   +-- GrantExpired         the grant has expired (403)
    |   |   +-- GrantRefused         the grant is forged, or for another clip (403)
    |   +-- FeedbackRefused          a report without a valid form token, or sent by a bot (403)
    |   +-- WebhookRefused           a webhook with a wrong signature or time (401)
    +-- RateExceeded                 too many requests; `retry_after_s` says when to retry (429)
    +-- QuotaExceeded                a site's quota of characters or bytes is used up (429)
    +-- Conflict                     not possible in the object's current state (409)
    |   +-- RequestInFlight          a request with this Idempotency-Key is still in progress (409)
    |   +-- ReportKeyReused          another report has this key (409)
    |   +-- RevisionOvertaken        the clip's revision isn't heard any more; supersedes its job (409)
    |   +-- CaseChanged              someone else has decided this case since (409)
    |   +-- Outdated                 a newer state of the article is known (409)
    |   +-- SiteClosed               the site is being erased (409)
    +-- AccountBroken                characters of the article are neither spoken nor skipped (ends a job)
    +-- NothingToSpeak               every block was skipped, with reasons (ends a job)
    +-- UnspeakableText              the engine died three times on one sentence (ends a job)
    +-- ClipDefective                the finished file differs from the plan (never published)
    +-- NotMarked                    the file can't be signed or verified (never published; retry)
    +-- VoiceRefused                 an unusable voice file
    +-- EngineUnavailable            the engine's process crashed or hung; a new one may work (retry)
    +-- SpeechServerUnavailable      the server of a remote voice doesn't speak (the job waits or falls back)
    +-- VoiceBudgetSpent             the site's budget for remote voices is used up (the job waits or falls back)
    +-- EarsUnavailable              the recogniser isn't installed, or its process died or hung (retry)
    +-- SettingsRefused              invalid settings, each named with what to write (the service doesn't start)
    +-- StoreUnavailable             the audio store doesn't respond (503, retry)
    |   +-- DiskFull                 no space left for audio (the job waits)
    +-- BrokerUnavailable            the broker doesn't respond (the job waits in the database)
    +-- RemoteTooLarge               another server's response is too large (422)
    +-- RemoteUnavailable            another server doesn't respond, or not in HTTP (502, retry)
    |   +-- RemoteTooSlow            it exceeds the time limit (504, retry)
    +-- BackupRefused                a file that can't be restored: damaged, or of a newer version
    +-- BackupInterrupted            the audio in the store was no longer kept for the backup (retry)
    +-- PruningIncomplete            clips whose rows are faulty were left out
    +-- BackupIncomplete             objects that the database refers to are missing in the store
    +-- MailUnavailable              the mail server doesn't take mail now (retry)
    +-- MailRefused                  a mail that no server will deliver
    +-- MailUncertain                the connection broke while the mail was handed over (never sent again)
    +-- DatabaseUnavailable          the database doesn't respond (503, retry)
    +-- TooManyFollowers             this process has as many open streams as it may (503, retry)
    +-- LeaseLost                    another worker owns this job: stop, write nothing

A class's docstring is the title shown to users; the message says what happened, where, and what to do.
"""

from __future__ import annotations

from tts_service.errors.base import (
    Conflict,
    InputRefused,
    NotAllowed,
    NotFound,
    QuotaExceeded,
    RateExceeded,
    ServiceError,
)
from tts_service.errors.input import (
    AddressRefused,
    BodyCompressed,
    BodyUnreadable,
    EmptyArticle,
    FeedUnreadable,
    FormatNotKnown,
    IdempotencyKeyMalformed,
    IdempotencyKeyReused,
    InvalidJson,
    InvalidRequest,
    LanguageNotSpoken,
    MarkupRefused,
    NulInAddress,
    OptionsRefused,
    PolicyRefused,
    RecordingLength,
    RecordingRefused,
    TooLarge,
    VoiceNotFound,
)
from tts_service.errors.parts import (
    BackupIncomplete,
    BackupInterrupted,
    BackupRefused,
    BrokerUnavailable,
    DatabaseUnavailable,
    DiskFull,
    MailRefused,
    MailUnavailable,
    MailUncertain,
    PruningIncomplete,
    RemoteTooLarge,
    RemoteTooSlow,
    RemoteUnavailable,
    SettingsRefused,
    StoreUnavailable,
    TooManyFollowers,
)
from tts_service.errors.rights import (
    FeedbackRefused,
    GrantExpired,
    GrantNeeded,
    GrantRefused,
    KeyMissing,
    SignInNeeded,
    SignInRefused,
    WebhookRefused,
)
from tts_service.errors.speech import (
    AccountBroken,
    ClipDefective,
    EarsUnavailable,
    EngineUnavailable,
    NothingToSpeak,
    NotMarked,
    SpeechServerUnavailable,
    UnspeakableText,
    VoiceBudgetSpent,
    VoiceRefused,
)
from tts_service.errors.state import (
    CaseChanged,
    FeedsOff,
    LeaseLost,
    Outdated,
    ReportKeyReused,
    RequestInFlight,
    RevisionOvertaken,
    SiteClosed,
)

__all__ = [
    "AccountBroken",
    "AddressRefused",
    "BackupIncomplete",
    "BackupInterrupted",
    "BackupRefused",
    "BodyCompressed",
    "BodyUnreadable",
    "BrokerUnavailable",
    "CaseChanged",
    "ClipDefective",
    "Conflict",
    "DatabaseUnavailable",
    "DiskFull",
    "EarsUnavailable",
    "EmptyArticle",
    "EngineUnavailable",
    "FeedUnreadable",
    "FeedbackRefused",
    "FeedsOff",
    "FormatNotKnown",
    "GrantExpired",
    "GrantNeeded",
    "GrantRefused",
    "IdempotencyKeyMalformed",
    "IdempotencyKeyReused",
    "InputRefused",
    "InvalidJson",
    "InvalidRequest",
    "KeyMissing",
    "LanguageNotSpoken",
    "LeaseLost",
    "MailRefused",
    "MailUnavailable",
    "MailUncertain",
    "MarkupRefused",
    "NotAllowed",
    "NotFound",
    "NotMarked",
    "NothingToSpeak",
    "NulInAddress",
    "OptionsRefused",
    "Outdated",
    "PolicyRefused",
    "PruningIncomplete",
    "QuotaExceeded",
    "RateExceeded",
    "RecordingLength",
    "RecordingRefused",
    "RemoteTooLarge",
    "RemoteTooSlow",
    "RemoteUnavailable",
    "ReportKeyReused",
    "RequestInFlight",
    "RevisionOvertaken",
    "ServiceError",
    "SettingsRefused",
    "SignInNeeded",
    "SignInRefused",
    "SiteClosed",
    "SpeechServerUnavailable",
    "StoreUnavailable",
    "TooLarge",
    "TooManyFollowers",
    "UnspeakableText",
    "VoiceBudgetSpent",
    "VoiceNotFound",
    "VoiceRefused",
    "WebhookRefused",
]
