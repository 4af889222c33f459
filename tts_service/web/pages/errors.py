"""What pages say of errors: what happened, and what to do next."""

from __future__ import annotations

from gettext import NullTranslations
from http import HTTPStatus

from tts_service.web.languages import SOURCE, catalogue, gettext_noop
from tts_service.web.pages.refusals import translated

_GONE = (
    gettext_noop("This audio version was withdrawn"),
    gettext_noop("The newsroom has taken it offline. The article itself may still be there."),
)
_MISSING = (
    gettext_noop("There is nothing at this address"),
    gettext_noop("Perhaps part of the address was lost on the way. Open the audio from its article again."),
)
_MANY = (gettext_noop("Too many requests"), gettext_noop("Please wait a while and try again."))
_BUSY = (
    gettext_noop("This page is not available right now"),
    gettext_noop("Please try again in a moment. Nothing was lost."),
)
_FAULT = (
    gettext_noop("Something went wrong here"),
    gettext_noop("The error has been logged. Please try again later."),
)
_WRONG = (
    gettext_noop("This request can’t be processed"),
    gettext_noop("Something in the address or in the form is missing or wrong. Go back, check it and try again."),
)
_BY_STATUS: dict[int, tuple[str, str]] = {
    HTTPStatus.NOT_FOUND: _MISSING,
    HTTPStatus.TOO_MANY_REQUESTS: _MANY,
    HTTPStatus.SERVICE_UNAVAILABLE: _BUSY,
    HTTPStatus.GATEWAY_TIMEOUT: _BUSY,
}
"""Title and text."""
_STAFF_TITLES = {
    "sign_in_refused": gettext_noop("You are not signed in"),
    "not_allowed": gettext_noop("You are not allowed to do this"),
}
"""By the error's code."""


def reader_error(status: int, *, withdrawn: bool, detail: str, language: str) -> dict[str, str]:
    """What a page tells readers; on an English page, `exactly` what is wrong with the request, too."""
    title, text = _error(status, withdrawn)
    exactly = detail if language == SOURCE and (title, text) == _WRONG else ""
    words = catalogue(language)
    return {"title": words.gettext(title), "detail": words.gettext(text), "exactly": exactly}


def staff_error(status: int, code: str, *, withdrawn: bool, detail: str, language: str) -> dict[str, str]:
    """What a page tells staff: the error itself, where there is a translation."""
    title, text = _error(status, withdrawn)
    words = catalogue(language)
    said = translated(detail, words) or words.gettext(text)
    return {"title": words.gettext(_STAFF_TITLES.get(code, title)), "detail": said, "exactly": ""}


def refusal(message: str, words: NullTranslations) -> str:
    """Why something was refused, in a language: at least that something is not as it must be."""
    return translated(message, words) or words.gettext(_WRONG[1])


def _error(status: int, withdrawn: bool) -> tuple[str, str]:
    if withdrawn:
        return _GONE
    return _BY_STATUS.get(status, _FAULT if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _WRONG)
