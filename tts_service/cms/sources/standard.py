"""Standard Webhooks 1.0.0, and the common base of senders that use it: our WordPress plugin, our Wagtail app, any
custom CMS.

The body: `{"type": "article.published", "timestamp": "…", "data": {"id": …, "title": …, "html": …, …}}`. The type ends
in published, updated, closed, unpublished or deleted. `data.as_of` is when the sender read the state from its
database; without it the document's `updated_at` orders events, and for equal `updated_at` the body's `timestamp`.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tts_service.cms.sources.article_of import MAX_VISIBILITY, document_of, has_body, is_article, is_empty, value_of
from tts_service.cms.sources.base import Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.cms.sources.fields import MAX_LOCALE, at, external_id, milliseconds, text, word
from tts_service.cms.sources.signatures import check_standard, standard_headers
from tts_service.values import PUBLIC

_KINDS = {
    "published": EventKind.PUBLISHED,
    "created": EventKind.PUBLISHED,
    "updated": EventKind.UPDATED,
    "unpublished": EventKind.UNPUBLISHED,
    "deleted": EventKind.DELETED,
    "closed": EventKind.CLOSED,
}
_TRIALS = ("ping", "test")
"""Types of connection test messages."""


class StandardWebhooks:
    """Any sender that follows Standard Webhooks."""

    name = "generic"
    keeps_timestamp = True
    """Whether the body's `timestamp` is the event's, identical in every attempt, as the standard requires."""
    without_as_of = ""
    """Message to staff about deliveries without `data.as_of`."""

    def new_secret(self) -> str:
        return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        return (
            "Send a POST for each article, signed by Standard Webhooks (standardwebhooks.com):",
            f"Address: {address}",
            f"Secret:  {hook.secret}",
            'Body:    {"type": "article.published", "data": {"id": …, "url": …, "title": …, "html": …}}',
        )

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        return check_standard(delivery, hook.secret)

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        name = word(body, "type")
        last = name.rpartition(".")[2]
        if last in _TRIALS:
            return ignored("a connection test: it works")
        kind = _KINDS.get(last)
        data = at(body, "data")
        if kind is None or not isinstance(data, Mapping):
            return ignored(f"nothing about an article: {name[:80] or 'no type'}")
        found = external_id(at(data, "id"))
        if found is None:
            return ignored("data has no id")
        opens = kind in (EventKind.PUBLISHED, EventKind.UPDATED)
        content_type = text(at(data, "type"))
        if (opens or content_type) and not is_article(content_type, hook, self.usual_types(data)):
            return ignored(f"not an article: {word(data, 'type')[:40]}", found)
        as_of = milliseconds(at(data, "as_of"))
        # Not `locale`, which many senders use for the language: that would change their articles' ids.
        event = Event(
            kind=kind,
            external_id=found,
            locale=text(at(data, "translation"), MAX_LOCALE),
            as_of_ms=as_of,
            changed_ms=milliseconds(value_of(data, "updated_at", hook)),
            told_ms=milliseconds(at(body, "timestamp")) if self.keeps_timestamp else None,
            reason="" if as_of is not None else self.without_as_of,
        )
        if kind in (EventKind.UNPUBLISHED, EventKind.DELETED):
            return (event,)
        visibility = text(value_of(data, "visibility", hook), MAX_VISIBILITY)
        if kind is EventKind.CLOSED or (visibility not in (None, PUBLIC) and is_empty(data, hook)):
            closed = None if visibility == PUBLIC else visibility
            return (replace(event, kind=EventKind.CLOSED, visibility=closed),)
        if not has_body(data, hook):
            return ignored("data has no text: send it as html, text or markdown", found)
        return (replace(event, document=document_of(data, hook, found)),)

    def usual_types(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """Content types accepted if the hook configures none."""
        return ()

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        data = {
            "id": document.external_id,
            "type": (hook.options.types or self.usual_types({}) or (None,))[0],
            "title": document.title,
            document.source_format.value: document.source,
            "url": document.url,
            "visibility": document.visibility,
        }
        body = json.dumps({"type": "article.published", "data": data}).encode()
        headers = standard_headers(hook.secret, f"msg_{secrets.token_hex(12)}", now_ms, body)
        headers["content-type"] = "application/json"
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)
