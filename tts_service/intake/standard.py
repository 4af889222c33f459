"""Standard Webhooks 1.0.0, and what every source that signs by it shares: our WordPress plugin, our Wagtail app, any
CMS of one's own.

The body: `{"type": "article.published", "timestamp": "…", "data": {"id": …, "title": …, "html": …, …}}`. The type ends
in published, updated, unpublished or deleted.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

from tts_service.intake.article_of import document_of, has_body, is_article, value_of
from tts_service.intake.base import Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.intake.fields import at, external_id, milliseconds, text, word
from tts_service.intake.signatures import check_standard, standard_headers

_KINDS = {
    "published": EventKind.PUBLISHED, "created": EventKind.PUBLISHED, "updated": EventKind.UPDATED,
    "unpublished": EventKind.UNPUBLISHED, "deleted": EventKind.DELETED,
}  # fmt: skip


class StandardWebhooks:
    """Any sender that signs by Standard Webhooks."""

    name = "generic"

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
        kind = _KINDS.get(name.rpartition(".")[2])
        data = at(body, "data")
        if kind is None or not isinstance(data, Mapping):
            return ignored(f"nothing about an article: {name[:80] or 'no type'}")
        found = external_id(at(data, "id"))
        if found is None:
            return ignored("data has no id")
        if not is_article(text(at(data, "type")), hook, self.usual_types(data)):
            return ignored(f"not an article: {word(data, 'type')[:40]}", found)
        changed = milliseconds(value_of(data, "updated_at", hook))
        if kind in (EventKind.UNPUBLISHED, EventKind.DELETED):
            return (Event(kind=kind, external_id=found, changed_ms=changed),)
        if not has_body(data, hook):
            return ignored("data has no text: send it as html, text or markdown", found)
        document = document_of(data, hook, found)
        return (Event(kind=kind, external_id=found, changed_ms=changed, document=document),)

    def usual_types(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """Content types taken when the hook names none."""
        return ()

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        data = {
            "id": document.external_id, "type": (hook.options.types or self.usual_types({}) or (None,))[0],
            "title": document.title, document.source_format.value: document.source, "url": document.url,
            "visibility": document.visibility,
        }  # fmt: skip
        body = json.dumps({"type": "article.published", "data": data}).encode()
        headers = standard_headers(hook.secret, f"msg_{secrets.token_hex(12)}", now_ms, body)
        headers["content-type"] = "application/json"
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)
