"""Sanity: signed over time and body; the body is the projection the user wrote, so we recommend one.

The operation comes from the projection (`delta::operation()`): Sanity's own header isn't signed.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from typing import Any

from tts_service.errors import WebhookRefused
from tts_service.intake.article_of import document_of, has_body, is_article, is_published, value_of
from tts_service.intake.base import Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.intake.fields import external_id, milliseconds, stamp, word
from tts_service.intake.signatures import digest, header, mac, require

_SIGNATURE = re.compile(r"t=([0-9]{12,14})[, ]{1,4}v1=([A-Za-z0-9_=-]{1,100})")
_KINDS = {"create": EventKind.PUBLISHED, "update": EventKind.UPDATED, "delete": EventKind.DELETED}
PROJECTION = (
    '{"operation": delta::operation(), _id, _type, _updatedAt, title, "slug": slug.current, '
    '"author": author->name, "language": language, "tags": tags[]->slug.current, body}'
)
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
        if not is_article(word(body, "_type"), hook, ("post", "article")):
            return ignored(f"not an article: {word(body, '_type')[:40]}", found)
        changed = milliseconds(value_of(body, "updated_at", hook))
        if kind is EventKind.DELETED:
            return (Event(kind=kind, external_id=found, changed_ms=changed),)
        if not is_published(body, hook):
            return (Event(kind=EventKind.UNPUBLISHED, external_id=found, changed_ms=changed),)
        if not has_body(body, hook):
            return ignored("the projection has no text: name its field with --field body=…", found)
        document = document_of(body, hook, found)
        return (Event(kind=kind, external_id=found, changed_ms=changed, document=document),)

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        span = {"_type": "span", "text": document.source, "marks": []}
        projected = {
            "operation": "create", "_id": document.external_id, "_type": (hook.options.types or ("post",))[0],
            "_updatedAt": stamp(now_ms), hook.options.fields.get("title", "title"): document.title,
            hook.options.fields.get("body", "body"): [{"_type": "block", "style": "normal", "children": [span]}],
        }  # fmt: skip
        body = json.dumps(projected).encode()
        signature = f"t={now_ms},v1={sanity_signature(hook.secret, now_ms, body)}"
        headers = {"content-type": "application/json", "sanity-webhook-signature": signature}
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)


def sanity_signature(secret: str, sent_ms: int, body: bytes) -> str:
    """Base64url without padding over `<time>.<body>`."""
    signed = mac(secret, f"{sent_ms}.".encode(), body)
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")
