"""Errors about a caller's input."""

from __future__ import annotations

from tts_service.errors.base import InputRefused


class EmptyArticle(InputRefused):
    """The article is empty"""

    status = 422
    code = "empty_article"


class TooLarge(InputRefused):
    """The request is too large"""

    status = 413
    code = "too_large"


class PolicyRefused(InputRefused):
    """The speech policy is not valid"""

    status = 422
    code = "policy_refused"


class OptionsRefused(InputRefused):
    """The options are not valid"""

    status = 422
    code = "options_refused"


class VoiceNotFound(InputRefused):
    """Unknown voice"""

    status = 422
    code = "unknown_voice"


class LanguageNotSpoken(InputRefused):
    """No voice speaks this language"""

    status = 422
    code = "unknown_language"


class FormatNotKnown(InputRefused):
    """Unknown audio format"""

    status = 422
    code = "unknown_format"


class MarkupRefused(InputRefused):
    """The markup is not valid"""

    status = 422
    code = "markup_refused"


class AddressRefused(InputRefused):
    """This service doesn't call that address"""

    status = 422
    code = "address_refused"


class FeedUnreadable(InputRefused):
    """No feed or sitemap found at this address"""

    status = 422
    code = "feed_unreadable"


class RecordingRefused(InputRefused):
    """The recording can't be published"""

    status = 422
    code = "recording_refused"


class RecordingLength(RecordingRefused):
    """The recording has another article's length"""

    code = "recording_length"


class IdempotencyKeyMalformed(InputRefused):
    """The Idempotency-Key is malformed"""

    code = "idempotency_key_malformed"


class IdempotencyKeyReused(InputRefused):
    """The Idempotency-Key was used for a different request"""

    status = 422
    code = "idempotency_key_reused"


class BodyUnreadable(InputRefused):
    """The body can't be read"""

    code = "body_unreadable"


class BodyCompressed(InputRefused):
    """Compressed request bodies are not accepted"""

    status = 415
    code = "body_compressed"


class InvalidJson(InputRefused):
    """The body is not JSON"""

    code = "invalid_json"


class InvalidRequest(InputRefused):
    """The request is not valid"""

    status = 422
    code = "invalid_request"


class NulInAddress(InputRefused):
    """NUL in the address"""

    code = "nul_in_address"
