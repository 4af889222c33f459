"""Strapi: no signature, only a header the admin sets; what relations hide is asked for by REST."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from tts_service.intake.article_of import document_of, has_body, is_article, value_of
from tts_service.intake.base import Call, Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.intake.fields import at, external_id, milliseconds, stamp, word
from tts_service.intake.signatures import bearer_headers, check_bearer, digest

_KINDS = {"entry.publish": EventKind.PUBLISHED, "entry.create": EventKind.PUBLISHED, "entry.update": EventKind.UPDATED,
          "entry.unpublish": EventKind.UNPUBLISHED, "entry.delete": EventKind.DELETED}  # fmt: skip


class Strapi:
    """Strapi 4 and 5."""

    name = "strapi"

    def new_secret(self) -> str:
        return secrets.token_urlsafe(32)

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        return (
            "Settings > Webhooks > Create new webhook; events: Entry create, update, delete, publish, unpublish.",
            f"Url:     {address}",
            f"Headers: Authorization = Bearer {hook.secret}",
        )

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        check_bearer(delivery, hook.secret)
        # Every event has the time it was made in its body: two saves are never the same bytes.
        return Claims(key=digest(delivery.body))

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        kind, entry, model = _KINDS.get(word(body, "event")), at(body, "entry"), word(body, "model")
        if kind is None or not isinstance(entry, Mapping):
            return ignored(f"nothing about an entry: {word(body, 'event')[:40] or 'no event'}")
        found = external_id(at(entry, "documentId")) or external_id(at(entry, "id"))
        if found is None:
            return ignored("the entry has no id")
        if not is_article(model, hook, ("article", "post", "blog-post")):
            return ignored(f"not an article: {model[:40]}", found)
        changed = milliseconds(value_of(entry, "updated_at", hook))
        if kind in (EventKind.UNPUBLISHED, EventKind.DELETED):
            # The entry keeps the time of its last edit: that this happened after it, only the event's own time says.
            changed = milliseconds(at(body, "createdAt")) or changed
            if kind is EventKind.DELETED and "publishedAt" in entry and entry["publishedAt"] is None:
                return ignored("a draft was deleted", found)
            return (Event(kind=kind, external_id=found, changed_ms=changed),)
        event = _event(Event(kind=kind, external_id=found, changed_ms=changed), entry, hook)
        if event.document is None and event.kind is not EventKind.IGNORED:
            return (_asking(event, model, hook),)
        return (event,)

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        data = at(body, "data")
        entry = at(data, "attributes") or data  # Strapi 4 has them one deeper
        if not isinstance(entry, Mapping):
            return replace(event, kind=EventKind.IGNORED, call=None, reason="the API's answer has no entry")
        changed = milliseconds(value_of(entry, "updated_at", hook))
        answered = _event(replace(event, call=None, changed_ms=changed or event.changed_ms), entry, hook)
        if answered.document is None and answered.kind is not EventKind.IGNORED:
            return replace(
                answered, kind=EventKind.IGNORED, reason="no field for the text: name it with --field body=…"
            )
        return answered

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        written = stamp(now_ms)
        entry = {
            "documentId": document.external_id, "updatedAt": written, "publishedAt": written,
            hook.options.fields.get("title", "title"): document.title,
            hook.options.fields.get("body", "body"): document.source,
        }  # fmt: skip
        model = (hook.options.types or ("article",))[0]
        body = json.dumps({"event": "entry.publish", "createdAt": written, "model": model, "entry": entry}).encode()
        headers = {"content-type": "application/json", "x-strapi-event": "entry.publish", **bearer_headers(hook.secret)}
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)


def _event(base: Event, entry: Mapping[str, Any], hook: Hook) -> Event:
    """The event with its article, when the entry has a text; drafts are ignored."""
    if "publishedAt" in entry and entry["publishedAt"] is None:
        return replace(base, kind=EventKind.IGNORED, reason="a draft")
    if not has_body(entry, hook):
        return base
    return replace(base, document=document_of(entry, hook, base.external_id))


def _asking(event: Event, model: str, hook: Hook) -> Event:
    """The same event with a call for the whole entry, or ignored when no API is set."""
    options = hook.options
    if not options.api_url:
        reason = "the text isn't sent: set this hook's api_url, or name its field with --field body=…"
        return replace(event, kind=EventKind.IGNORED, reason=reason)
    # Strapi's plural names are made by rule; --field collection=… says otherwise.
    plural = options.fields.get("collection") or f"{model}s"
    address = f"{options.api_url.rstrip('/')}/api/{quote(plural, safe='')}/{quote(event.external_id, safe='')}"
    headers = bearer_headers(options.api_token) if options.api_token else {}
    return replace(event, call=Call(url=f"{address}?populate=*", headers=headers))
