"""Errors as values with a meaning.

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
    +-- SettingsRefused              settings that can't be used, each named with what to write (ends the start)
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

from tts_service.errors.base import Conflict, InputRefused, NotAllowed, NotFound, RateExceeded, ServiceError
from tts_service.errors.given import (
    AddressRefused,
    BodyCompressed,
    BodyUnreadable,
    EmptyArticle,
    FeedUnreadable,
    FormatNotKnown,
    IdempotencyKeyMalformed,
    IdempotencyKeyReused,
    LanguageNotSpoken,
    MarkupRefused,
    OptionsRefused,
    PolicyRefused,
    TooLarge,
    VoiceNotFound,
)
from tts_service.errors.parts import (
    BrokerUnavailable,
    DatabaseUnavailable,
    DiskFull,
    RemoteTooLarge,
    RemoteTooSlow,
    RemoteUnavailable,
    SettingsRefused,
    StoreUnavailable,
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
    EngineUnavailable,
    NothingToSpeak,
    NotMarked,
    UnspeakableText,
    VoiceRefused,
)
from tts_service.errors.state import FeedsOff, LeaseLost, Outdated, ReportKeyReused, RequestInFlight

__all__ = [
    "AccountBroken",
    "AddressRefused",
    "BodyCompressed",
    "BodyUnreadable",
    "BrokerUnavailable",
    "ClipDefective",
    "Conflict",
    "DatabaseUnavailable",
    "DiskFull",
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
    "KeyMissing",
    "LanguageNotSpoken",
    "LeaseLost",
    "MarkupRefused",
    "NotAllowed",
    "NotFound",
    "NotMarked",
    "NothingToSpeak",
    "OptionsRefused",
    "Outdated",
    "PolicyRefused",
    "RateExceeded",
    "RemoteTooLarge",
    "RemoteTooSlow",
    "RemoteUnavailable",
    "ReportKeyReused",
    "RequestInFlight",
    "ServiceError",
    "SettingsRefused",
    "SignInNeeded",
    "SignInRefused",
    "StoreUnavailable",
    "TooLarge",
    "UnspeakableText",
    "VoiceNotFound",
    "VoiceRefused",
    "WebhookRefused",
]
