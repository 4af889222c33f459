"""Completes an event with the article's current state from the CMS's API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tts_service.cms.inbox.cms_api import Fetch
from tts_service.cms.sources.base import AskingSource, Event, EventKind, Hook
from tts_service.cms.sources.json_body import read_json
from tts_service.cms.sources.registry import SOURCES
from tts_service.errors import NotAllowed, NotFound

MEMBERS = "members"
"""Who an article is for that the API refuses to show to a reader who isn't signed in."""
_MAX_CALLS = 4


def look_up_event(event: Event, hook: Hook, fetch: Fetch, *, is_published: bool = True) -> Event:
    """The event after its calls. What the CMS doesn't have is deleted; `is_published`: the webhook said that it is, so
    that a refusal closes it where the call says so.

    Raises NotAllowed where the API refuses the hook's token, and whatever `fetch` and `read_json` raise.
    """
    source: Any = SOURCES[hook.source]
    asking: AskingSource = source
    for _ in range(_MAX_CALLS):
        call = event.call
        if call is None:
            return event
        try:
            body = fetch(call.url, call.headers)
        except NotFound as error:
            if call.otherwise is not None:
                event = replace(event, call=call.otherwise)
                continue
            if not is_published and not error.details.get("by_api", True):
                raise  # a proxy's page: nothing that came says that the article is gone
            closes = call.refusal_closes and is_published
            return _closed(event) if closes else _deleted(event, error.message)
        except NotAllowed as error:
            if call.refusal_closes and error.details.get("by_api"):
                return _closed(event)
            raise
        event = asking.answered(read_json(body), event, hook)
    return replace(event, kind=EventKind.IGNORED, call=None, reason="the API's responses lead to no article")


def _deleted(event: Event, reason: str) -> Event:
    return replace(event, kind=EventKind.DELETED, call=None, document=None, changed_ms=None, reason=reason)


def _closed(event: Event) -> Event:
    reason = "the CMS's API doesn't show it without a login"
    return replace(
        event, kind=EventKind.CLOSED, call=None, document=None, visibility=MEMBERS, changed_ms=None, reason=reason
    )
