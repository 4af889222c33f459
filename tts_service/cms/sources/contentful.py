"""Contentful: signs method, path, chosen headers and body; the event type is in a header that may be unsigned.

The type must therefore match the body: a published entry has `fields`, an unpublished or deleted one is a
`DeletedEntry`, a draft has no published version. So a captured request can't be replayed as another event.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from tts_service.cms.sources.article_of import USUAL, document_of, has_body, is_article
from tts_service.cms.sources.base import Call, Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.cms.sources.fields import at, external_id, items, milliseconds, stamp, word
from tts_service.cms.sources.signatures import digest, header, mac, require
from tts_service.errors import WebhookRefused

SIGNED = "x-contentful-signed-headers"
STAMP = "x-contentful-timestamp"
_MAX_SIGNED = 50
_MAX_LOCALES = 50
_TOPIC = "ContentManagement.Entry."
_MILLISECONDS = re.compile(r"[0-9]{12,14}")


class Contentful:
    """Entries of a space; Rich Text is rendered here."""

    name = "contentful"

    def new_secret(self) -> str:
        return secrets.token_hex(32)  # Contentful requires exactly 64 characters

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
            return (Event(kind=gone, external_id=found, every_locale=True, changed_ms=changed),)
        if action not in ("publish", "unpublish") or kind != "Entry" or _is_draft(body):
            return ignored(f"{action[:40]} of {kind[:40] or 'nothing'} changes nothing that is public", found)
        base = Event(
            kind=EventKind.PUBLISHED if at(body, "sys", "revision") == 1 else EventKind.UPDATED,
            external_id=found,
            changed_ms=changed,
        )
        if action == "unpublish":  # only some languages: the entry itself stays
            drafts = [event for event in _versions(body, base, hook) if _status(body, event.locale) == "draft"]
            return tuple(drafts) or ignored("unpublish of an Entry names no language", found)
        return _versions(body, base, hook)

    def recall(self, external_id: str, locale: str | None, hook: Hook) -> Call | None:
        """The Content Delivery API has published content only; the Preview API, which shows drafts, is never used."""
        options = hook.options
        if not options.api_url or not options.api_token or is_preview(options.api_url):
            return None
        return Call(
            url=f"{options.api_url.rstrip('/')}/entries/{quote(external_id, safe='')}?locale=*",
            headers={"Authorization": f"Bearer {options.api_token}"},
        )

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        fields = at(body, "fields")
        if not isinstance(fields, Mapping):
            return replace(event, kind=EventKind.IGNORED, call=None, reason="the API's answer has no entry")
        now = replace(event, call=None, changed_ms=milliseconds(at(body, "sys", "updatedAt")))
        locale = event.locale or hook.options.locale or next(iter(_locales(fields)), None)
        entry = _in_language(fields, locale, hook)
        if not has_body(entry, hook):
            return replace(now, kind=EventKind.UNPUBLISHED, reason=f"no text in {locale}")
        return replace(now, document=_document(entry, locale, body, event.external_id, hook))

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        locale = hook.options.locale or "en-US"
        fields = {
            hook.options.fields.get("title", "title"): document.title,
            hook.options.fields.get("body", "body"): document.source,
        }
        content_type = {"sys": {"id": (hook.options.types or ("article",))[0]}}
        entry = {
            "sys": {
                "type": "Entry",
                "id": document.external_id,
                "revision": 1,
                "contentType": content_type,
                "updatedAt": stamp(now_ms),
            },
            "fields": {name: {locale: value} for name, value in fields.items()},
        }
        body = json.dumps(entry).encode()
        unsigned = Delivery(
            body=body,
            path=path,
            received_ms=now_ms,
            headers={
                "content-type": "application/vnd.contentful.management.v1+json",
                STAMP: str(now_ms),
                "x-contentful-topic": f"{_TOPIC}publish",
                SIGNED: f"{SIGNED},{STAMP},x-contentful-topic",
            },
        )
        return contentful_signed(hook.secret, unsigned)


def contentful_signature(secret: str, delivery: Delivery, names: list[str]) -> str:
    """Method, path and query, signed headers in order of their names, and body, one per line."""
    signed = ";".join(f"{name}:{delivery.headers.get(name, '').strip()}" for name in sorted(names))
    return mac(secret, f"POST\n{delivery.path}\n{signed}\n".encode(), delivery.body).hex()


def contentful_signed(secret: str, delivery: Delivery) -> Delivery:
    """The delivery with a signature over the headers that it lists."""
    names = [name.strip().lower() for name in delivery.headers[SIGNED].split(",")]
    signature = contentful_signature(secret, delivery, names)
    headers = {**delivery.headers, "x-contentful-signature": signature}
    return Delivery(body=delivery.body, headers=headers, path=delivery.path, received_ms=delivery.received_ms)


def _is_draft(body: Any) -> bool:
    """`save` sends a draft: its version is newer than the published one."""
    sys = at(body, "sys")
    version, published = at(sys, "version"), at(sys, "publishedVersion")
    if at(sys, "revision") is not None or version is None:
        return False
    return not (isinstance(version, int) and isinstance(published, int) and version <= published + 1)


def is_preview(api_url: str) -> bool:
    """Whether this is the address of Contentful's Preview API, which shows drafts."""
    return (urlsplit(api_url).hostname or "").startswith("preview.")


def _versions(body: Any, base: Event, hook: Hook) -> tuple[Event, ...]:
    """One event per language of an entry, plus one for removed languages."""
    fields = at(body, "fields")
    found = [locale for locale in _locales(fields) if has_body(_in_language(fields, locale, hook), hook)]
    only = hook.options.locale
    if not found:
        return ignored("no field for the text: name it with --field body=…", base.external_id)
    events = []
    for locale in found if only is None else [only]:
        events.append(_version(body, replace(base, locale=locale), hook, has_text=locale in found))
    if only is None:
        kept = tuple(locale for locale in found if _status(body, locale) != "draft")
        if kept:
            removed = replace(base, kind=EventKind.UNPUBLISHED, every_locale=True, kept_locales=kept)
            events.append(replace(removed, reason="the entry doesn't have this language any more"))
    return tuple(events)


def _version(body: Any, event: Event, hook: Hook, *, has_text: bool) -> Event:
    """One language of an entry. With per-language publishing, its own status counts."""
    locale, status = event.locale, _status(body, event.locale)
    if not has_text:
        return replace(event, kind=EventKind.UNPUBLISHED, reason=f"no text in {locale}")
    if status == "draft":
        return replace(event, kind=EventKind.UNPUBLISHED, reason=f"{locale} isn't published")
    if status == "changed":
        reason = f"{locale} has changes that aren't published: what is heard stays"
        return replace(event, kind=EventKind.IGNORED, reason=reason)
    entry = _in_language(at(body, "fields"), locale, hook)
    return replace(event, document=_document(entry, locale, body, event.external_id, hook))


def _status(body: Any, locale: str | None) -> str:
    """`published`, `changed` or `draft` with per-language publishing; otherwise empty."""
    return word(body, "sys", "fieldStatus", "*", locale or "")


def _locales(fields: Any) -> list[str]:
    """All languages used by an entry's fields, in order of appearance."""
    found: dict[str, None] = {}
    for values in (fields if isinstance(fields, Mapping) else {}).values():
        found.update(dict.fromkeys(values if isinstance(values, Mapping) else ()))
    return [locale for locale in found if isinstance(locale, str)][:_MAX_LOCALES]


def _in_language(fields: Any, locale: str | None, hook: Hook) -> dict[str, Any]:
    """An entry's fields in one language: {"title": {"en-US": "…"}} -> {"title": "…"}.

    Untranslated fields, such as the address or the visibility, exist in one language and apply to all; spoken
    fields must be in this language."""
    spoken = {hook.options.fields.get(name, "").split(".")[0] for name in ("title", "body")}
    spoken |= {name for own in ("title", "body") for name in USUAL[own]}
    entry: dict[str, Any] = {}
    for name, values in (fields if isinstance(fields, Mapping) else {}).items():
        if not isinstance(values, Mapping) or not values:
            continue
        if locale in values:
            entry[name] = values[locale]
        elif name not in spoken:
            entry[name] = next(iter(values.values()))
    return entry


def _document(entry: dict[str, Any], locale: str | None, body: Any, found: str, hook: Hook) -> Document:
    common = {"language": locale, "tags": [word(tag, "sys", "id") for tag in items(at(body, "metadata", "tags"))]}
    return document_of({**common, **entry}, hook, found)
