"""Sanity: signs time and body; the body is a projection written by the user, for which we recommend one.

The operation is part of the projection (`delta::operation()`), as Sanity's own header isn't signed.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from tts_service.cms.sources.article_of import (
    MAX_VISIBILITY,
    document_of,
    has_body,
    is_article,
    is_empty,
    is_published,
    value_of,
)
from tts_service.cms.sources.base import Call, Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.cms.sources.fields import at, external_id, milliseconds, stamp, text, word
from tts_service.cms.sources.signatures import digest, header, mac, require
from tts_service.errors import WebhookRefused
from tts_service.values import PUBLIC

_SIGNATURE = re.compile(r"t=([0-9]{12,14})[, ]{1,4}v1=([A-Za-z0-9_=-]{1,100})")
_KINDS = {"create": EventKind.PUBLISHED, "update": EventKind.UPDATED, "delete": EventKind.DELETED}
PROJECTION = (
    '{"operation": delta::operation(), _id, _type, _updatedAt, title, "slug": slug.current, '
    '"author": author->name, "language": language, "tags": tags[]->slug.current, visibility, status, body}'
)
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,80}")
_HIDDEN = ("drafts.", "versions.")


class Sanity:
    """Documents of a dataset; Portable Text is rendered here."""

    name = "sanity"

    def new_secret(self) -> str:
        return secrets.token_urlsafe(32)

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        kinds = ", ".join(f'"{name}"' for name in hook.options.types or ("post", "article"))
        return (
            "sanity.io/manage > API > GROQ-powered webhooks > Create: trigger on create, update, delete; POST.",
            f"URL:        {address}",
            f"Filter:     _type in [{kinds}]",
            f"Projection: {PROJECTION}",
            f"Secret:     {hook.secret}",
        )

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        match = _SIGNATURE.fullmatch(header(delivery, "sanity-webhook-signature"))
        if match is None:
            raise WebhookRefused("sanity-webhook-signature has the wrong form")
        require(sanity_signature(hook.secret, int(match[1]), delivery.body), match[2].rstrip("="))
        return Claims(key=digest(match[1].encode(), delivery.body), sent_ms=int(match[1]))

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        found, kind = external_id(word(body, "_id")), _KINDS.get(word(body, "operation"))
        if found is None or kind is None:
            return ignored("the projection has no _id or no operation: use the one that `hooks add` prints")
        if found.startswith(_HIDDEN):
            return ignored("a draft", found)
        if not isinstance(body, Mapping) or not is_article(word(body, "_type"), hook, ("post", "article")):
            return ignored(f"not an article: {word(body, '_type')[:40]}", found)
        changed = milliseconds(value_of(body, "updated_at", hook))
        event = Event(kind=kind, external_id=found, changed_ms=changed)
        if kind is EventKind.DELETED:
            return (event,)
        return (_event(body, event, hook),)

    def recall(self, external_id: str, locale: str | None, hook: Hook) -> Call | None:
        """The query API: `api_url` is its address with version and dataset. Queries published documents only."""
        options = hook.options
        if not options.api_url:
            return None
        own = {place.split(".")[0] for place in options.fields.values()}
        more = "".join(f", {name}" for name in sorted(own) if _FIELD.fullmatch(name))
        projection = PROJECTION.replace('"operation": delta::operation(), ', "").removesuffix("}")
        query = {
            "query": f"*[_id == $id][0]{projection}{more}}}",
            "$id": json.dumps(external_id),
            "perspective": "published",
        }
        headers = {"Authorization": f"Bearer {options.api_token}"} if options.api_token else {}
        return Call(url=f"{options.api_url.rstrip('/')}?{urlencode(query)}", headers=headers)

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        found = at(body, "result")
        now = replace(event, call=None, changed_ms=milliseconds(value_of(found, "updated_at", hook)))
        if isinstance(body, Mapping) and "result" in body and found is None:
            return replace(now, kind=EventKind.DELETED, reason="the dataset has no such document")
        if not isinstance(found, Mapping):
            return replace(now, kind=EventKind.IGNORED, reason="the API's answer has no document")
        return _event(found, now, hook)

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        span = {"_type": "span", "text": document.source, "marks": []}
        projected = {
            "operation": "create",
            "_id": document.external_id,
            "_type": (hook.options.types or ("post",))[0],
            "_updatedAt": stamp(now_ms),
            hook.options.fields.get("title", "title"): document.title,
            hook.options.fields.get("body", "body"): [{"_type": "block", "style": "normal", "children": [span]}],
        }
        body = json.dumps(projected).encode()
        signature = f"t={now_ms},v1={sanity_signature(hook.secret, now_ms, body)}"
        headers = {"content-type": "application/json", "sanity-webhook-signature": signature}
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)


def _event(document: Mapping[str, Any], event: Event, hook: Hook) -> Event:
    """The event of an existing document."""
    if not is_published(document, hook):
        return replace(event, kind=EventKind.UNPUBLISHED)
    visibility = text(value_of(document, "visibility", hook), MAX_VISIBILITY)
    if visibility not in (None, PUBLIC) and is_empty(document, hook):
        return replace(event, kind=EventKind.CLOSED, visibility=visibility)
    if not has_body(document, hook):
        reason = "the projection has no text: name its field with --field body=…"
        return replace(event, kind=EventKind.IGNORED, reason=reason)
    return replace(event, document=document_of(document, hook, event.external_id))


def sanity_signature(secret: str, sent_ms: int, body: bytes) -> str:
    """Base64url without padding, over `<time>.<body>`."""
    signed = mac(secret, f"{sent_ms}.".encode(), body)
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")
