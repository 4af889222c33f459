"""Fetches what a webhook doesn't carry from the CMS's API, through the guarded client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from tts_service.errors import NotAllowed, NotFound, RemoteUnavailable
from tts_service.http.client import outbound_of
from tts_service.http.terms import CMS_API
from tts_service.settings import Settings

Fetch = Callable[[str, Mapping[str, str]], bytes]
"""(address, headers) -> body. Raises NotFound (it is gone), NotAllowed, AddressRefused, RemoteUnavailable. Details of
the first two: `by_api`, whether the answer is JSON, so that it comes from the API and not from a proxy before it."""

_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_CLOSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


def fetcher(settings: Settings) -> Fetch:
    """The function that asks a CMS's API."""
    client = outbound_of(settings)

    def fetch(url: str, headers: Mapping[str, str]) -> bytes:
        answer = client.get(url, CMS_API, headers)
        by_api = "json" in answer.headers.get("content-type", "").lower()
        if answer.status in _GONE:
            raise NotFound(f"The CMS has nothing at {url}.", by_api=by_api)
        if answer.status in _CLOSED:
            raise NotAllowed(f"The CMS's API answers {answer.status}: check this hook's api_token.", by_api=by_api)
        if answer.status != HTTPStatus.OK:
            raise RemoteUnavailable(f"The CMS's API answers {answer.status}.")
        return answer.body

    return fetch
