"""Fetches what a webhook doesn't carry from the CMS's API, through the guarded client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from tts_service.errors import NotAllowed, NotFound, RemoteUnavailable
from tts_service.http.client import Outbound
from tts_service.http.terms import CMS_API

Fetch = Callable[[str, Mapping[str, str]], bytes]
"""(address, headers) -> body. Raises NotFound (it is gone), NotAllowed, AddressRefused, RemoteUnavailable. Details of
the first two: `by_api`, whether the answer is JSON, so that it comes from the API and not from a proxy before it."""

_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_CLOSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


def fetcher(outbound: Outbound) -> Fetch:
    """The function that asks a CMS's API through the client."""

    def fetch(url: str, headers: Mapping[str, str]) -> bytes:
        answer = outbound.get(url, CMS_API, headers)
        by_api = "json" in answer.headers.get("content-type", "").lower()
        if answer.status in _GONE:
            raise NotFound(f"The CMS has nothing at {url}.", by_api=by_api)
        if answer.status in _CLOSED:
            raise NotAllowed(f"The CMS's API returned {answer.status}: check this hook's api_token.", by_api=by_api)
        if answer.status != HTTPStatus.OK:
            raise RemoteUnavailable(f"The CMS's API returned {answer.status}.")
        return answer.body

    return fetch
