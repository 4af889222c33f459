"""What connects a site: the addresses that its CMS calls, and API keys. Secrets are shown once, when they are made."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from tts_service.access.keys import SCOPES, create_key, list_keys, revoke_key, rotate_key
from tts_service.access.staff import Person
from tts_service.cms.inbox.addresses import (
    add_hook,
    change_hook,
    find_hook,
    hook_path,
    list_hooks,
    options_given,
    remove_hook,
)
from tts_service.cms.inbox.receive import Inbox
from tts_service.cms.sources.base import Delivery, Hook, HookOptions
from tts_service.cms.sources.registry import source_named
from tts_service.cms.sources.sample import SAMPLE
from tts_service.errors import InputRefused, NotFound
from tts_service.parts import Parts
from tts_service.public_addresses import public_path, public_url
from tts_service.retention.hook_trial import erase_sample, event_ended

CONNECTIONS = (
    "hook-add",
    "hook-change",
    "hook-remove",
    "hook-test",
    "key-add",
    "key-rotate",
    "key-revoke",
)
"""What a form can ask for here."""
_TEST_WAIT_S = 10.0
_ERASING_S = 2.0
"""So long the files of a test's sample are deleted within the request; beat deletes the rest."""
_MOST_DAYS = 3650


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOnce:
    """What the page says once of what was just done."""

    hook: Hook | None = None
    """Just made."""
    advice: tuple[str, ...] = ()
    """What to enter in the CMS, with the hook's address and secret."""
    key: str = ""
    """Just made."""
    test: str = ""
    """Id of the hook whose test is told."""
    outcome: str = ""
    """received (not processed in time), done, ignored, failed, refused."""
    reason: str = ""


def change_connection(
    request: Request, parts: Parts, person: Person, site: str, form: Mapping[str, str]
) -> ShownOnce | None:
    """Do what a form asks for; None: there is nothing to say.

    Raises InputRefused (with `field` where one is at fault), FormatNotKnown, NotFound, Conflict."""
    match form["do"]:
        case "hook-add":
            return _hook_added(parts, person, site, form)
        case "hook-change":
            hook = _own_hook(parts, site, form.get("hook", ""))
            change_hook(parts.database, hook.id, _options(form, hook.options.api_token), who=person.who)
        case "hook-remove":
            remove_hook(parts.database, _own_hook(parts, site, form.get("hook", "")).id, who=person.who)
        case "hook-test":
            return _tested(request.app.state.inbox, parts, person, _own_hook(parts, site, form.get("hook", "")))
        case "key-add":
            return _key_added(parts, person, site, form)
        case "key-rotate":
            return ShownOnce(key=rotate_key(parts.database, _own_key(parts, site, form.get("key", "")), who=person.who))
        case "key-revoke":
            revoke_key(parts.database, _own_key(parts, site, form.get("key", "")), who=person.who)
    return None


def options_written(options: Mapping[str, object]) -> str:
    """A hook's options as its form shows them, `name=value` in each line; the token of its API stays here."""
    lines = []
    for name, value in options.items():
        if name in ("types", "fields", "api_token"):
            continue
        shown = ",".join(map(str, value)) if isinstance(value, list | tuple) else value
        lines.append(f"{name}={'yes' if shown is True else shown}")
    return "\n".join(lines)


def _hook_added(parts: Parts, person: Person, site: str, form: Mapping[str, str]) -> ShownOnce:
    source = form.get("source", "")
    secret = form.get("secret", "").strip() or None
    hook = add_hook(parts.database, source, site, _options(form, None), secret, who=person.who)
    address = public_url(parts.settings, hook_path(hook))
    return ShownOnce(hook=hook, advice=tuple(source_named(source).advice(address, hook)))


def _key_added(parts: Parts, person: Person, site: str, form: Mapping[str, str]) -> ShownOnce:
    name = form.get("name", "").strip()
    if not name:
        raise InputRefused("Name the key: who uses it.", field="name")
    days = form.get("days", "").strip()
    if days and not (days.isascii() and days.isdigit() and 0 < int(days[:6]) <= _MOST_DAYS):
        raise InputRefused(f"Enter the days as a number from 1 to {_MOST_DAYS}.", field="days")
    scopes = tuple(scope for scope in SCOPES if form.get(f"scope.{scope}"))
    if not scopes:
        raise InputRefused("Choose at least one right.", field="scopes")
    key = create_key(parts.database, name, scopes, site=site, days=int(days) if days else None, who=person.who)
    return ShownOnce(key=key)


def _tested(inbox: Inbox, parts: Parts, person: Person, hook: Hook) -> ShownOnce:
    """Hand in a signed sample as the CMS would, wait for what becomes of it, and erase it."""
    path = public_path(parts.settings, hook_path(hook))
    sample = source_named(hook.source).sample(SAMPLE, hook, path, time.time_ns() // 1_000_000)
    headers = {name.lower(): value for name, value in sample.headers.items()}
    delivery = Delivery(body=sample.body, headers=headers, path=path, received_ms=sample.received_ms)
    receipt = inbox.take_in(hook.source, hook.id, delivery)
    if receipt.event_id is None:
        return ShownOnce(test=hook.id, outcome=receipt.state, reason=receipt.reason)
    try:
        event = event_ended(parts, receipt.event_id, _TEST_WAIT_S)
    finally:
        erase_sample(parts, hook.site, receipt.event_id, person.who, within_s=_ERASING_S)
    return ShownOnce(test=hook.id, outcome=event.state, reason=event.reason)


def _options(form: Mapping[str, str], token: str | None) -> HookOptions:
    """Raises InputRefused. `token`: the present one, kept unless another is entered."""
    options = _pairs(form, "options")
    if token is not None:
        options.setdefault("api_token", token)
    return options_given(options, form.get("types", "").split(), _pairs(form, "fields"))


def _pairs(form: Mapping[str, str], field: str) -> dict[str, str]:
    """`name=value` in each line. Raises InputRefused."""
    pairs = {}
    for line in filter(str.strip, form.get(field, "").splitlines()):
        name, equals, value = line.partition("=")
        if not equals or not value.strip():
            raise InputRefused(f"{line[:80]!r} is not valid: write name=value.", field=field)
        pairs[name.strip()] = value.strip()
    return pairs


def _own_hook(parts: Parts, site: str, hook_id: str) -> Hook:
    """Raises NotFound."""
    hook = find_hook(parts.database, hook_id)
    if hook is None or hook.site != site:
        raise NotFound(f"There is no hook {hook_id[:64]}.")
    return hook


def _own_key(parts: Parts, site: str, key_id: str) -> str:
    """Raises NotFound."""
    if not any(key["id"] == key_id and key["site"] == site for key in list_keys(parts.database)):
        raise NotFound(f"There is no key {key_id[:40]}.")
    return key_id


def hooks_of(parts: Parts, site: str) -> list[dict[str, object]]:
    """A site's hooks for its page, without their secrets."""
    return [
        {
            "id": hook.id,
            "source": hook.source,
            "address": public_url(parts.settings, f"/v1/webhooks/{hook.source}/{hook.id}"),
            "types": " ".join(hook.options.get("types", ())),
            "fields": "\n".join(f"{name}={value}" for name, value in hook.options.get("fields", {}).items()),
            "options": options_written(hook.options),
            "has_token": "api_token" in hook.options,
            "created_ms": hook.created_ms,
        }
        for hook in list_hooks(parts.database)
        if hook.site == site
    ]
