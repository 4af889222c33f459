"""Drupal with the contributed module `webhooks`: X-Hub-Signature-256 over the body, which holds the entity.

If an API is configured, the article is fetched by JSON:API: only there has its text passed Drupal's filters.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from tts_service.cms.sources.article_of import in_path, is_article, made_url
from tts_service.cms.sources.base import Call, Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.cms.sources.fields import (
    MAX_TITLE,
    at,
    external_id,
    language,
    milliseconds,
    plain,
    site_moment,
    stamp,
    text,
    web_address,
    word,
)
from tts_service.cms.sources.signatures import digest, header, mac, require
from tts_service.values import SourceFormat, WebAddress

_KINDS = {
    "create": EventKind.PUBLISHED,
    "insert": EventKind.PUBLISHED,
    "update": EventKind.UPDATED,
    "delete": EventKind.DELETED,
}
_USUAL_TYPES = ("article",)


class Drupal:
    """Drupal 10 and 11; articles are identified by UUID."""

    name = "drupal"

    def new_secret(self) -> str:
        return secrets.token_urlsafe(32)

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        return (
            "composer require drupal/webhooks; then Configuration > Web services > Webhooks > Add webhook:",
            f"Payload URL: {address}",
            f"Secret:      {hook.secret}",
            "Content type: application/json; events: Content create, update, delete.",
        )

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        require(hub_signature(hook.secret, delivery.body), header(delivery, "x-hub-signature-256"))
        if hook.options.api_url:  # the state is fetched: two equal bodies may report two changes
            return Claims(key=digest(delivery.body, str(delivery.received_ms).encode()))
        return Claims(key=digest(delivery.body))

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        entity, name = at(body, "entity") or body, word(body, "event")
        of_translation = "translation" in name
        kind = _KINDS.get(name.rpartition(":")[2].removeprefix("translation_"))
        found = external_id(_value(entity, "uuid"))
        bundle = text(at(entity, "type", 0, "target_id")) or ""
        if kind is None or found is None:
            return ignored("no event, or an entity without a uuid")
        if not is_article(bundle, hook, _USUAL_TYPES):
            return ignored(f"not an article: {bundle[:40] or 'no content type'}", found)
        base = Event(
            kind=kind,
            external_id=found,
            locale=_language(_value(entity, "langcode")),
            changed_ms=milliseconds(_value(entity, "changed")),
        )
        base = replace(base, url=_address(found, text(at(entity, "path", 0, "alias"), 500), hook))
        is_original = _value(entity, "default_langcode") is None or _is_true(_value(entity, "default_langcode"))
        if kind is EventKind.DELETED:
            return (replace(base, every_locale=is_original and not of_translation),)
        if not _is_true(_value(entity, "status")):
            return (replace(base, kind=EventKind.UNPUBLISHED),)
        if hook.options.api_url:
            return (replace(base, call=_call(hook, (bundle,), found, None if is_original else base.locale)),)
        source = text(at(entity, "body", 0, "processed")) or text(at(entity, "body", 0, "value")) or ""
        facts = {
            "title": _value(entity, "title"),
            "langcode": _value(entity, "langcode"),
            "created": _value(entity, "created"),
            "alias": at(entity, "path", 0, "alias"),
        }
        times = {place: _value(entity, place) for place in hook.options.fields.values()}
        return (replace(base, document=_document(found, source, {**times, **facts}, hook)),)

    def recall(self, external_id: str, locale: str | None, hook: Hook) -> Call | None:
        if not hook.options.api_url:
            return None
        return _call(hook, hook.options.types or _USUAL_TYPES, external_id, None)

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        facts = at(body, "data", "attributes")
        if not isinstance(facts, Mapping):
            return replace(event, kind=EventKind.IGNORED, call=None, reason="the API's answer has no article")
        shown = _language(at(facts, "langcode"))
        if event.locale and shown and shown.lower() != event.locale.lower():
            return _other_language(event, hook, shown)
        now = replace(event, call=None, changed_ms=milliseconds(at(facts, "changed")) or event.changed_ms)
        now = replace(now, url=_address(event.external_id, text(at(facts, "path", "alias"), 500), hook) or event.url)
        if not _is_true(at(facts, "status")):
            return replace(now, kind=EventKind.UNPUBLISHED)
        source = text(at(facts, "body", "processed")) or ""
        if not source:
            reason = "the API shows no text to a reader who isn't signed in"
            return replace(now, kind=EventKind.CLOSED, visibility="members", reason=reason)
        alias = {"alias": at(facts, "path", "alias")}
        return replace(now, document=_document(event.external_id, source, {**facts, **alias}, hook))

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        entity = {
            "uuid": [{"value": document.external_id}],
            "type": [{"target_id": (hook.options.types or ("article",))[0]}],
            "status": [{"value": True}],
            "changed": [{"value": stamp(now_ms)}],
            "title": [{"value": document.title}],
            "body": [{"value": document.source}],
        }
        body = json.dumps({"event": "entity:node:create", "entity": entity}).encode()
        headers = {"content-type": "application/json", "x-hub-signature-256": hub_signature(hook.secret, body)}
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)


def hub_signature(secret: str, body: bytes) -> str:
    """GitHub's X-Hub-Signature-256."""
    return f"sha256={mac(secret, body).hex()}"


def _call(hook: Hook, bundles: tuple[str, ...], found: str, locale: str | None) -> Call:
    """JSON:API request for an article, without the hook's token: only what everybody may read is spoken.

    `locale`: of a translation, whose address has the language as prefix. None: the site's default for the article.
    """
    call: Call | None = None
    for bundle in reversed(bundles):
        place = f"jsonapi/node/{quote(bundle, safe='')}/{quote(found, safe='')}"
        call = _anonymous(f"{_base(hook)}/{place}", call)
        if locale is not None:
            call = _anonymous(f"{_base(hook)}/{quote(locale, safe='')}/{place}", call)
    assert call is not None
    return call


def _anonymous(url: str, otherwise: Call | None = None) -> Call:
    headers = {"Accept": "application/vnd.api+json"}
    return Call(url=url, headers=headers, refusal_closes=True, otherwise=otherwise)


def _base(hook: Hook) -> str:
    return (hook.options.api_url or "").rstrip("/")


def _other_language(event: Event, hook: Hook, shown: str) -> Event:
    """If the API returned another language: repeats the request at the language's own address."""
    locale, url = event.locale or "", event.call.url if event.call else ""
    plain, own = f"{_base(hook)}/jsonapi/", f"{_base(hook)}/{quote(locale.lower(), safe='')}/jsonapi/"
    if url.startswith(plain):
        return replace(event, call=_anonymous(own + url.removeprefix(plain)))
    return replace(event, kind=EventKind.UNPUBLISHED, call=None, reason=f"no translation {locale}: shown is {shown}")


def _language(value: Any) -> str | None:
    """A langcode; None for Drupal's codes for "no language"."""
    found = language(value)
    return None if found is None or found.lower() in ("und", "zxx") else found


def _value(entity: Any, name: str) -> Any:
    """A field's value in a serialised entity: `[{"value": …}]`."""
    return at(entity, name, 0, "value")


def _is_true(value: Any) -> bool:
    return value is True or value in ("1", 1)


def _address(found: str, alias: str | None, hook: Hook) -> WebAddress | None:
    """The article's public address: from the hook's pattern, or its alias below the API's address."""
    alias, base = alias or "", hook.options.api_url
    below = web_address(f"{base.rstrip('/')}{in_path(alias)}") if base and alias.startswith("/") else None
    return made_url({"slug": alias.strip("/")}, hook, found) or below


def _document(found: str, source: str, facts: Mapping[str, Any], hook: Hook) -> Document:
    return Document(
        external_id=found,
        source=source,
        source_format=SourceFormat.HTML,
        title=plain(facts.get("title"), MAX_TITLE),
        url=_address(found, text(facts.get("alias"), 500), hook),
        language=_language(facts.get("langcode")) or hook.options.language,
        published_at=site_moment(facts.get("created")),
        publish_at=site_moment(facts.get(hook.options.fields.get("publish_at", ""))),
        expires_at=site_moment(facts.get(hook.options.fields.get("expires_at", ""))),
    )
