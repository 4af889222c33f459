"""Ghost: signed over body and time; what happened is in the body, not in a header.

One event of Ghost's has one webhook, all to the same address: `current` and `previous` tell them apart.
"""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from tts_service.errors import WebhookRefused
from tts_service.intake.base import Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.intake.fields import (
    MAX_TITLE,
    at,
    external_id,
    heading,
    milliseconds,
    moment,
    names,
    plain,
    stamp,
    tags,
    text,
    web_address,
    word,
)
from tts_service.intake.signatures import digest, header, mac, require
from tts_service.values import PUBLIC, SourceFormat

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})(?:, ?t=([0-9]{12,14}))?")
_EVENTS = ("Post published", "Published post updated", "Post unpublished", "Post deleted")


class Ghost:
    """Ghost since July 2024; earlier ones sign the body alone (`HookOptions.body_only`)."""

    name = "ghost"

    def new_secret(self) -> str:
        return secrets.token_urlsafe(32)

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        return (
            "Ghost Admin > Settings > Integrations > Add custom integration > Add webhook,",
            f"once for each event: {', '.join(_EVENTS)}.",
            f"Target URL: {address}",
            f"Secret:     {hook.secret}",
        )

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        match = _SIGNATURE.fullmatch(header(delivery, "x-ghost-signature"))
        if match is None or (match[2] is None) is not hook.options.body_only:
            raise WebhookRefused("X-Ghost-Signature has the wrong form")
        sent = (match[2] or "").encode()
        require(mac(hook.secret, delivery.body, sent).hex(), match[1])
        return Claims(key=digest(delivery.body, sent), sent_ms=int(match[2]) if match[2] else None)

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        if not isinstance(at(body, "post"), dict):
            kind = ", ".join(sorted(map(str, body)))[:80] if isinstance(body, dict) else "no object"
            return ignored(f"not about a post: {kind}")
        current, previous = at(body, "post", "current"), at(body, "post", "previous")
        found = external_id(at(current, "id"))
        if not current:
            return _deleted(previous)
        if found is None:
            return ignored("the post has no id")
        if word(current, "type") not in ("", "post"):
            return ignored(f"not a post: {word(current, 'type')[:40]}", found)
        changed = milliseconds(at(current, "updated_at"))
        if word(current, "status") != "published":
            if word(previous, "status") == "published":
                return (Event(kind=EventKind.UNPUBLISHED, external_id=found, changed_ms=changed),)
            return ignored(f"not published: {word(current, 'status')[:40] or 'no status'}", found)
        kind = EventKind.UPDATED if at(previous, "status") is None else EventKind.PUBLISHED
        return (Event(kind=kind, external_id=found, changed_ms=changed, document=_document(current, found, hook)),)

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        current = {
            "id": document.external_id, "title": document.title, "html": document.source, "status": "published",
            "visibility": document.visibility, "url": document.url, "updated_at": stamp(now_ms),
        }  # fmt: skip
        body = json.dumps({"post": {"current": current, "previous": {"status": "draft"}}}).encode()
        headers = ghost_headers(hook.secret, body, None if hook.options.body_only else now_ms)
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)


def ghost_headers(secret: str, body: bytes, sent_ms: int | None) -> dict[str, str]:
    """What Ghost sends: the time follows the body without anything between. None: as older ones, without a time."""
    sent = "" if sent_ms is None else str(sent_ms)
    signature = f"sha256={mac(secret, body, sent.encode()).hex()}" + (f", t={sent}" if sent else "")
    return {"content-type": "application/json", "x-ghost-signature": signature}


def _deleted(previous: Any) -> tuple[Event, ...]:
    found = external_id(at(previous, "id"))
    if found is None:
        return ignored("an empty post: neither current nor previous has an id")
    if word(previous, "status") not in ("published", ""):
        return ignored(f"a deleted post that was not published: {word(previous, 'status')[:40]}", found)
    changed = milliseconds(at(previous, "updated_at"))
    return (Event(kind=EventKind.DELETED, external_id=found, changed_ms=changed),)


def _document(post: Any, found: str, hook: Hook) -> Document:
    return Document(
        external_id=found,
        source=text(at(post, "html")) or "",
        source_format=SourceFormat.HTML,
        title=plain(at(post, "title"), MAX_TITLE),
        url=web_address(at(post, "url")),
        author=names(at(post, "authors")),
        language=hook.options.language,
        published_at=moment(at(post, "published_at")),
        visibility=text(at(post, "visibility"), 40) or PUBLIC,
        tags=tags(at(post, "tags")),
        section=heading(at(post, "primary_tag")),
    )
