"""Every error as application/problem+json (RFC 9457); on the pages for readers and staff, as a page."""

from __future__ import annotations

import errno
import json
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from tts_service.errors import (
    BodyCompressed,
    DiskFull,
    GrantNeeded,
    InvalidJson,
    InvalidRequest,
    ServiceError,
    SignInNeeded,
)
from tts_service.errors.faults import fault_text
from tts_service.public_addresses import public_path
from tts_service.web.languages import language_wanted
from tts_service.web.methods import methods_at
from tts_service.web.openai_errors import with_openai_error
from tts_service.web.pages.errors import reader_error, staff_error
from tts_service.web.pages.templating import page, wants_page

MEDIA_TYPE = "application/problem+json"
JSON = "application/json"
_LIKE_JSON = "application/ld+json"
RETRY_AFTER_S = 5
_TRY_AGAIN = "Try again in a few seconds; nothing from this request was stored."
_MAX_NAMED = 10
"""Fields named in one answer."""

log = logging.getLogger(__name__)


def problem_body(error: ServiceError | HTTPException) -> dict[str, Any]:
    """The problem document of an error. Its details become members of their own (RFC 9457, 3.2)."""
    if isinstance(error, HTTPException):
        phrase = HTTPStatus(error.status_code).phrase
        return _body(error.status_code, phrase.lower().replace(" ", "_"), phrase, error.detail)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # Messages of broken parts name hosts and paths: they go to the log, not to the caller.
        detail = _TRY_AGAIN if not error.permanent else error.title
        return _body(error.status, error.code, error.title, detail)
    body = _body(error.status, error.code, error.title, error.message)
    return body | {name: value for name, value in error.details.items() if name not in body}


def problem_of(error: ServiceError | HTTPException) -> Response:
    """The answer to an error, with the headers that belong to it."""
    return _response(problem_body(error))


def _body(status: int, code: str, title: str, detail: str) -> dict[str, Any]:
    return {"type": f"urn:tts-service:problem:{code}", "title": title, "status": status, "detail": detail, "code": code}


def _response(body: dict[str, Any]) -> Response:
    status = body["status"]
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="tts-service"'
    if body["code"] == BodyCompressed.code:
        headers["Accept-Encoding"] = "identity"  # RFC 9110, 15.5.16
    if status == HTTPStatus.TOO_MANY_REQUESTS and "retry_after_s" in body:
        headers["Retry-After"] = str(body["retry_after_s"])
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE):
        headers["Retry-After"] = str(RETRY_AFTER_S)
    # ASCII escapes on purpose: a lone surrogate in a field's name has no UTF-8.
    data = json.dumps(body, default=str).encode("ascii")
    return Response(data, status_code=status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let `app` answer every error with a problem document."""
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(OSError, _no_space)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)


def field_errors(errors: Sequence[Any], skip: int = 1) -> list[dict[str, str]]:
    """Pydantic's errors as {field, message}, without what was sent. `skip`: leading parts of the place."""
    named = []
    for error in errors[:_MAX_NAMED]:
        field = ".".join(str(part)[:80] for part in error["loc"][skip:])
        named.append({"field": field or "body", "message": fault_text(error)})
    return named


def _service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    if isinstance(error, SignInNeeded) and wants_page(request):
        return RedirectResponse("/staff/sign-in", 303, headers={"Cache-Control": "no-store"})
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("%s %s: %s: %s", request.method, request.url.path, error.code, error.message)
    if isinstance(error, GrantNeeded) and wants_page(request):
        return page(request, "subscribers.html", {}, language=language_wanted(request), status=error.status)
    return answered(request, problem_of(error))


def _no_space(request: Request, error: Exception) -> Response:
    """Uploads are first written to a temporary folder."""
    if not isinstance(error, OSError) or error.errno not in (errno.ENOSPC, errno.EDQUOT):
        raise error
    return _service_error(request, DiskFull(f"There is no space for temporary files: {error.strerror}"))


def wrong_media_type(request: Request, *taken: str) -> Response:
    """415 that says which media types are taken (RFC 9110, 15.5.16)."""
    came = request.headers.get("content-type", "").strip()
    told = f"The Content-Type is {came[:80]!r}." if came else "There is no Content-Type."
    names = [
        f"{JSON} (or another one that ends in +json, such as {_LIKE_JSON})" if one == JSON else one for one in taken
    ]
    answer = problem_of(HTTPException(415, f"{told} Send {' or '.join(names)}."))
    answer.headers["Accept"] = ", ".join(taken)
    return answered(request, answer)


def is_json(content_type: str) -> bool:
    """Whether a media type says that a body is JSON (RFC 6839, 3.1)."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == JSON or (kind.startswith("application/") and kind.endswith("+json"))


def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = error.errors()
    # A route that reads its body itself gives no body here.
    if isinstance(error.body, bytes) and not is_json(request.headers.get("content-type", "")):
        return wrong_media_type(request, JSON)
    if any(item["type"] == "json_invalid" for item in errors):
        reason = (errors[0].get("ctx") or {}).get("error", "")
        return answered(request, problem_of(InvalidJson(f"The body can't be read as JSON: {reason}.")))
    fields = field_errors(errors)
    first = fields[0]
    detail = f"{first['field']}: {first['message']}"
    return answered(request, problem_of(InvalidRequest(detail, errors=fields)))


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = error.detail
    if error.status_code == HTTPStatus.NOT_FOUND:
        settings = request.app.state.parts.settings
        detail = f"There is nothing at {public_path(settings, request.url.path)[:200]}."
    if error.status_code == HTTPStatus.BAD_REQUEST and "parsing the body" in detail:
        detail = "The body can't be read: send JSON in UTF-8."
    answer = problem_of(HTTPException(error.status_code, detail))
    answer.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # The framework names the methods of one route only.
        answer.headers["Allow"] = methods_at(request) or answer.headers.get("Allow", "")
    return answered(request, answer)


def unexpected(request: Request) -> Response:
    """The answer to a fault of ours: the server logs the traceback, the caller learns nothing of the inside."""
    title, detail = "Something went wrong here", "The error was logged. Try again later, or tell the operator."
    answer = answered(request, _response(_body(500, "internal", title, detail)))
    # The server ends the connection once it has logged the error: the next request must not be sent on it.
    answer.headers["Connection"] = "close"
    return answer


def answered(request: Request, answer: Response) -> Response:
    """The problem itself, or the same thing as a page for a browser on one of the pages."""
    if not wants_page(request):
        return with_openai_error(request, answer)
    lang = language_wanted(request)
    said = json.loads(bytes(answer.body))
    status, withdrawn = answer.status_code, said.get("state") == "withdrawn"
    if request.url.path.startswith("/staff"):
        values = staff_error(status, said["code"], withdrawn=withdrawn, detail=said["detail"], language=lang)
    else:
        values = reader_error(status, withdrawn=withdrawn, detail=said["detail"], language=lang)
    shown = page(request, "error.html", values, language=lang, status=answer.status_code)
    shown.headers.update({name: value for name, value in answer.headers.items() if not name.startswith("content-")})
    return shown
