"""Directus: a Flow posts what its trigger knows, only the changed fields; the item itself is asked for by REST.

A Flow sends neither a signature nor a time nor an id: the same body within a minute is taken for the same event.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from tts_service.intake.article_of import document_of, has_body, is_article, is_published, value_of
from tts_service.intake.base import Call, Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.intake.fields import at, external_id, items, milliseconds, word
from tts_service.intake.signatures import bearer_headers, check_bearer, digest

_KINDS = {"create": EventKind.PUBLISHED, "update": EventKind.UPDATED, "delete": EventKind.DELETED}
_MAX_KEYS = 25
"""Items in one event: more are to be brought in by `backfill`."""
_SAME_MS = 60_000


class Directus:
    """Directus 10 and later, by a Flow with an event hook and a "Webhook / Request URL" operation."""

    name = "directus"

    def new_secret(self) -> str:
        return secrets.token_urlsafe(32)

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        return (
            "Settings > Flows > Create: trigger Event Hook, Action (Non-Blocking), scope items.create, items.update,",
            "items.delete, your articles' collection; operation Webhook / Request URL, method POST:",
            f"URL:          {address}",
            f"Header:       Authorization = Bearer {hook.secret}",
            "Request body: {{$trigger}}",
        )

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        check_bearer(delivery, hook.secret)
        minute = delivery.received_ms // _SAME_MS
        return Claims(key=digest(str(minute).encode(), delivery.body))

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        name, collection = word(body, "event"), word(body, "collection")
        kind = _KINDS.get(name.rpartition(".")[2])
        if kind is None:
            return ignored(f"nothing about an item: {name[:80] or 'no event'}")
        if not is_article(collection, hook, ("articles", "posts")):
            return ignored(f"not an article: collection {collection[:40] or 'missing'}")
        payload = at(body, "payload")
        keys = (
            items(at(body, "keys")) or items(at(body, "key")) or (items(payload) if kind is EventKind.DELETED else [])
        )
        found = [key for key in map(external_id, keys[:_MAX_KEYS]) if key]
        if not found:
            return ignored("the event names no item")
        if kind is EventKind.DELETED:
            return tuple(Event(kind=kind, external_id=key) for key in found)
        return tuple(self._event(kind, key, collection, payload, hook=hook) for key in found)

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        item = at(body, "data")
        if not isinstance(item, Mapping) or not has_body(item, hook):
            reason = "the item has no field for the text: name it with --field body=…"
            return replace(event, kind=EventKind.IGNORED, call=None, reason=reason)
        return _whole(replace(event, call=None), item, hook)

    def _event(self, kind: EventKind, key: str, collection: str, payload: Any, *, hook: Hook) -> Event:
        base = Event(kind=kind, external_id=key, changed_ms=milliseconds(value_of(payload, "updated_at", hook)))
        options = hook.options
        if options.api_url:
            place = f"items/{quote(collection, safe='')}/{quote(key, safe='')}"
            headers = bearer_headers(options.api_token) if options.api_token else {}
            return replace(base, call=Call(url=f"{options.api_url.rstrip('/')}/{place}", headers=headers))
        if not is_published(payload, hook):
            return replace(base, kind=EventKind.UNPUBLISHED)
        if isinstance(payload, Mapping) and has_body(payload, hook):
            return _whole(base, payload, hook)
        reason = "only the changed fields are sent: set this hook's api_url and api_token"
        return replace(base, kind=EventKind.IGNORED, reason=reason)

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        payload = {
            "status": "published", hook.options.fields.get("title", "title"): document.title,
            hook.options.fields.get("body", "body"): document.source,
        }  # fmt: skip
        collection = (hook.options.types or ("articles",))[0]
        event = {"event": f"{collection}.items.create", "collection": collection, "key": document.external_id}
        body = json.dumps({**event, "payload": payload}).encode()
        headers = {"content-type": "application/json", **bearer_headers(hook.secret)}
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)


def _whole(event: Event, item: Mapping[str, Any], hook: Hook) -> Event:
    """The event with the item as it stands now."""
    changed = milliseconds(value_of(item, "updated_at", hook)) or event.changed_ms
    if not is_published(item, hook):
        return replace(event, kind=EventKind.UNPUBLISHED, changed_ms=changed)
    return replace(event, changed_ms=changed, document=document_of(item, hook, event.external_id))
