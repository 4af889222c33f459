"""Contentful: signed over method, path, chosen headers and body; the event in a header, which may be unsigned.

So what the header says has to fit the body: a published entry comes with `fields`, one taken offline or deleted as a
`DeletedEntry`, a draft without a published version. A captured request can't be turned into another event.
"""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from tts_service.errors import WebhookRefused
from tts_service.intake.article_of import document_of, has_body, is_article
from tts_service.intake.base import Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.intake.fields import at, external_id, items, milliseconds, stamp, word
from tts_service.intake.signatures import digest, header, mac, require

SIGNED = "x-contentful-signed-headers"
STAMP = "x-contentful-timestamp"
_MAX_SIGNED = 50
_TOPIC = "ContentManagement.Entry."
_MILLISECONDS = re.compile(r"[0-9]{12,14}")


class Contentful:
    """Entries of a space; Rich Text is rendered here."""

    name = "contentful"

    def new_secret(self) -> str:
        return secrets.token_hex(32)  # Contentful takes exactly 64 characters

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        return (
            "Space settings > Webhooks > Add webhook: POST, application/vnd.contentful.management.v1+json,",
            "triggers: Entry publish, unpublish, delete; filter by the content type of your articles.",
            f"URL: {address}",
            "Webhooks > Settings > Request verification: enable it and enter this secret (one for the whole space):",
            f"Secret: {hook.secret}",
        )

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        sent = header(delivery, STAMP)
        names = [name.strip().lower() for name in header(delivery, SIGNED).split(",")]
        if not {SIGNED, STAMP} <= set(names) or len(names) > _MAX_SIGNED or not _MILLISECONDS.fullmatch(sent):
            raise WebhookRefused("the time or the list of signed headers isn't signed")
        ours = contentful_signature(hook.secret, delivery, names)
        require(ours, header(delivery, "x-contentful-signature"))
        return Claims(key=digest(sent.encode(), delivery.body), sent_ms=int(sent))

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        topic = delivery.headers.get("x-contentful-topic", "")
        action, kind = topic.removeprefix(_TOPIC), word(body, "sys", "type")
        found = external_id(at(body, "sys", "id"))
        if not topic.startswith(_TOPIC) or found is None:
            return ignored(f"not about an entry: {topic[:80] or 'no topic'}")
        is_gone = action in ("unpublish", "delete") and kind == "DeletedEntry"
        content_type = word(body, "sys", "contentType", "sys", "id")
        if not is_article(content_type, hook) and (content_type or not is_gone):
            return ignored(f"not an article: {content_type[:40] or 'no content type'}", found)
        changed = milliseconds(at(body, "sys", "updatedAt"))
        if is_gone:
            gone = EventKind.DELETED if action == "delete" else EventKind.UNPUBLISHED
            changed = milliseconds(at(body, "sys", "deletedAt")) or changed
            return (Event(kind=gone, external_id=found, changed_ms=changed),)
        if action != "publish" or kind != "Entry" or _is_draft(body):
            return ignored(f"{action[:40]} of {kind[:40] or 'nothing'} changes nothing that is public", found)
        entry, locale = _one_language(at(body, "fields"), hook.options.locale)
        if not has_body(entry, hook):
            return ignored("no field for the text: name it with --field body=…", found)
        entry.setdefault("language", locale)
        entry.setdefault("tags", [word(tag, "sys", "id") for tag in items(at(body, "metadata", "tags"))])
        document = document_of(entry, hook, found)
        event = EventKind.PUBLISHED if at(body, "sys", "revision") == 1 else EventKind.UPDATED
        return (Event(kind=event, external_id=found, changed_ms=changed, document=document),)

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        locale = hook.options.locale or "en-US"
        fields = {hook.options.fields.get("title", "title"): document.title,
                  hook.options.fields.get("body", "body"): document.source}  # fmt: skip
        content_type = {"sys": {"id": (hook.options.types or ("article",))[0]}}
        entry = {
            "sys": {"type": "Entry", "id": document.external_id, "revision": 1, "contentType": content_type,
                    "updatedAt": stamp(now_ms)},
            "fields": {name: {locale: value} for name, value in fields.items()},
        }  # fmt: skip
        body = json.dumps(entry).encode()
        unsigned = Delivery(body=body, path=path, received_ms=now_ms, headers={
            "content-type": "application/vnd.contentful.management.v1+json", STAMP: str(now_ms),
            "x-contentful-topic": f"{_TOPIC}publish", SIGNED: f"{SIGNED},{STAMP},x-contentful-topic",
        })  # fmt: skip
        return contentful_signed(hook.secret, unsigned)


def contentful_signature(secret: str, delivery: Delivery, names: list[str]) -> str:
    """Method, path and query, the signed headers in order of their names, body; a line each."""
    signed = ";".join(f"{name}:{delivery.headers.get(name, '').strip()}" for name in sorted(names))
    return mac(secret, f"POST\n{delivery.path}\n{signed}\n".encode(), delivery.body).hex()


def contentful_signed(secret: str, delivery: Delivery) -> Delivery:
    """The same with the signature over the headers it names itself."""
    names = [name.strip().lower() for name in delivery.headers[SIGNED].split(",")]
    signature = contentful_signature(secret, delivery, names)
    headers = {**delivery.headers, "x-contentful-signature": signature}
    return Delivery(body=delivery.body, headers=headers, path=delivery.path, received_ms=delivery.received_ms)


def _is_draft(body: Any) -> bool:
    """What `save` sends has a version of its own, and none that was published just before."""
    sys = at(body, "sys")
    version, published = at(sys, "version"), at(sys, "publishedVersion")
    if at(sys, "revision") is not None or version is None:
        return False
    return not (isinstance(version, int) and isinstance(published, int) and version <= published + 1)


def _one_language(fields: Any, locale: str | None) -> tuple[dict[str, Any], str | None]:
    """Fields without their languages: {"title": {"en-US": "…"}} → {"title": "…"}, "en-US"."""
    entry: dict[str, Any] = {}
    used = locale
    for name, values in (fields if isinstance(fields, dict) else {}).items():
        if not isinstance(values, dict) or not values:
            continue
        used = used or next(iter(values))
        if used in values:
            entry[name] = values[used]
    return entry, used
