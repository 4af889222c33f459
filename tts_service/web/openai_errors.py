"""Adds the member `error` to problem documents at OpenAI's addresses: its clients show that."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from fastapi import Request
from starlette.responses import Response

PATHS = ("/v1/audio/", "/v1/models")


def openai_error(problem: dict[str, Any]) -> dict[str, Any]:
    """The same error in the form of OpenAI's API."""
    fields = problem.get("errors") or [{}]
    return {
        "message": problem["detail"],
        "type": _kind(problem["status"], problem["code"]),
        "param": fields[0].get("field"),
        "code": problem["code"],
    }


def with_openai_error(request: Request, answer: Response) -> Response:
    """A problem document that also has the member `error`, where OpenAI's clients asked."""
    if not request.url.path.startswith(PATHS):
        return answer
    problem = json.loads(bytes(answer.body))
    data = json.dumps({**problem, "error": openai_error(problem)}).encode("ascii")
    headers = {name: value for name, value in answer.headers.items() if name not in ("content-length", "content-type")}
    return Response(data, status_code=answer.status_code, headers=headers, media_type=answer.media_type)


def _kind(status: int, code: str) -> str:
    if code in ("quota_exceeded", "voice_budget_spent"):
        return "insufficient_quota"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "rate_limit_error"
    if status == HTTPStatus.UNAUTHORIZED:
        return "authentication_error"
    return "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
