"""Directus: a Flow posts its trigger's data, only the changed fields; the item is fetched by REST.

A Flow sends no signature, time or id, and never retries. Two deliveries with the same body are therefore two events: an
item archived, published and archived again within seconds sends the same body twice.

Events are ordered by arrival, not by the item's timestamps: those use the database's clock, are missing on new items,
and have a resolution of one second in some databases. The item is fetched after the event arrived, so the response is
at least as new as the event.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from tts_service.cms.sources.article_of import document_of, has_body, is_article, is_published, value_of
from tts_service.cms.sources.base import Call, Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.cms.sources.fields import at, external_id, items, word
from tts_service.cms.sources.sample import SAMPLE
from tts_service.cms.sources.signatures import bearer_headers, check_bearer

_KINDS = {"create": EventKind.PUBLISHED, "update": EventKind.UPDATED, "delete": EventKind.DELETED}
_USUAL_COLLECTIONS = ("articles", "posts")
_MAX_KEYS = 25
"""Maximum items per event; larger imports need `backfill`."""


class Directus:
    """Directus 10 and later, through a Flow with an event hook and a "Webhook / Request URL" operation."""

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
        """Every delivery gets a unique key, as a repetition can't be told from a second change."""
        check_bearer(delivery, hook.secret)
        return Claims(key=secrets.token_hex(16))

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        name, collection = word(body, "event"), word(body, "collection")
        kind = _KINDS.get(name.rpartition(".")[2])
        if kind is None:
            return ignored(f"nothing about an item: {name[:80] or 'no event'}")
        if not is_article(collection, hook, _USUAL_COLLECTIONS):
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
        if hook.options.api_url:
            return tuple(Event(kind=kind, external_id=key, call=_call(collection, key, hook)) for key in found)
        return tuple(_unasked(Event(kind=kind, external_id=key), payload, hook) for key in found)

    def recall(self, external_id: str, locale: str | None, hook: Hook) -> Call | None:
        """Only if the hook has a single collection: an id doesn't identify its collection."""
        types = hook.options.types
        if not hook.options.api_url or len(types) != 1:
            return None
        return _call(types[0], external_id, hook)

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        found = at(body, "data")
        if found == []:
            reason = "the token's role sees no such item"
            return replace(event, kind=EventKind.UNPUBLISHED, call=None, document=None, reason=reason)
        item = next(iter(items(found)), None)
        if not isinstance(item, Mapping) or not has_body(item, hook):
            reason = "the item has no field for the text: name it with --field body=…"
            return replace(event, kind=EventKind.IGNORED, call=None, reason=reason)
        return _whole(replace(event, call=None), item, hook)

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        payload = {
            hook.options.fields.get("status", "status"): "published",
            hook.options.fields.get("title", "title"): document.title,
            hook.options.fields.get("body", "body"): document.source,
        }
        collection = (hook.options.types or ("articles",))[0]
        event = {"event": f"{collection}.items.create", "collection": collection, "key": document.external_id}
        body = json.dumps({**event, "payload": payload}).encode()
        headers = {"content-type": "application/json", **bearer_headers(hook.secret)}
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)


def _call(collection: str, key: str, hook: Hook) -> Call:
    """The item as a list of zero or one.

    Directus returns 403 both for an item that the role may not see and for a collection that it may not see. For a list
    request the former is an empty list, so 403 means the latter, a set-up mistake.
    """
    options = hook.options
    primary_key = quote(options.fields.get("id", "id"), safe="")
    query = "limit=0"
    if key != SAMPLE.external_id:  # the sample's id fits neither number nor UUID columns
        query = f"filter%5B{primary_key}%5D%5B_eq%5D={quote(key, safe='')}&limit=1"
    headers = bearer_headers(options.api_token) if options.api_token else {}
    address = f"{(options.api_url or '').rstrip('/')}/items/{quote(collection, safe='')}?{query}"
    return Call(url=address, headers=headers)


def _unasked(event: Event, payload: Any, hook: Hook) -> Event:
    """The state according to the changed fields alone, in order of arrival.

    An update without a status may be of a draft, so its text is not used.
    """
    closed = _closed(payload, hook)
    if closed:
        return replace(event, kind=EventKind.UNPUBLISHED, reason=closed)
    stated = value_of(payload, "status", hook) is not None
    if stated and isinstance(payload, Mapping) and has_body(payload, hook):
        return replace(event, document=document_of(payload, hook, event.external_id))
    missing = "the text" if stated else "whether the item is published"
    reason = f"only the changed fields are sent, without {missing}: set this hook's api_url and api_token"
    return replace(event, kind=EventKind.IGNORED, reason=reason)


def _whole(event: Event, item: Mapping[str, Any], hook: Hook) -> Event:
    """The event with the item's current state."""
    closed = _closed(item, hook)
    if not closed and "status" in hook.options.fields and value_of(item, "status", hook) is None:
        closed = "the field that says whether it is published is empty, or the token's role may not read it"
    if closed:
        return replace(event, kind=EventKind.UNPUBLISHED, document=None, reason=closed)
    return replace(event, document=document_of(item, hook, event.external_id))


def _closed(item: Any, hook: Hook) -> str:
    """Why readers can't see the item; empty if they can. Start and end times are part of the document."""
    status_field = hook.options.fields.get("status", "status")
    has_status = isinstance(item, Mapping) and status_field in item
    if not is_published(item, hook) or (has_status and value_of(item, "status", hook) is None):
        return f"its status is {str(value_of(item, 'status', hook))[:40]}"
    return ""
