"""Webhook addresses: each belongs to a source and a site and has a secret."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import select

from tts_service.access.audit import SERVICE, Deed, note
from tts_service.audio.encode import FORMATS
from tts_service.cms.sources.article_of import USUAL
from tts_service.cms.sources.base import Hook, HookOptions
from tts_service.cms.sources.contentful import is_preview
from tts_service.cms.sources.fields import web_address
from tts_service.cms.sources.registry import admit, source_named
from tts_service.cms.sources.sample import SAMPLE
from tts_service.db.session import Database, new_id
from tts_service.db.tables import WebhookSourceRow
from tts_service.errors import FormatNotKnown, InputRefused, NotFound, WebhookRefused
from tts_service.newsroom.sites import SITE_NAME
from tts_service.queue.names import JOBS

MIN_SECRET = 16
_MAX_SECRET = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HookFacts:
    """A hook as staff see it, without its secret."""

    id: str
    source: str
    site: str
    options: dict[str, Any]
    """What differs from the defaults."""
    created_ms: int


def hook_path(hook: Hook) -> str:
    """Path of the address that the CMS calls."""
    return f"/v1/webhooks/{hook.source}/{hook.id}"


def add_hook(
    database: Database,
    source: str,
    site: str,
    options: HookOptions | None = None,
    secret: str | None = None,
    *,
    who: str = SERVICE,
) -> Hook:
    """Creates an address for a CMS. `secret`: one that the CMS generated. Raises InputRefused, FormatNotKnown."""
    settled = options or HookOptions()
    kind = source_named(source)
    _check(source, site, settled)
    hook = Hook(id=new_id("hook"), source=source, site=site, secret=secret or kind.new_secret(), options=settled)
    if not MIN_SECRET <= len(hook.secret) <= _MAX_SECRET:
        raise InputRefused(f"A secret must have {MIN_SECRET} to {_MAX_SECRET} characters.")
    try:  # signed and checked once: a secret in a form that this source can't use is noticed here
        admit(kind.sample(SAMPLE, hook, hook_path(hook), _now_ms()), hook)
    except WebhookRefused as error:
        raise InputRefused(f"This secret can't be used with {source}: {error.message}.") from error
    with database.writing() as session:
        session.add(
            WebhookSourceRow(
                id=hook.id,
                source=source,
                site=site,
                secret=hook.secret,
                options=differing(settled),
                created_ms=database.now_ms(session),
            )
        )
        deed = Deed(who=who, what="hook.added", subject=hook.id, site=site, details={"source": source})
        note(database, session, deed)
    return hook


def change_hook(database: Database, hook_id: str, options: HookOptions, *, who: str = SERVICE) -> WebhookSourceRow:
    """Replaces a hook's options; running API processes notice within a minute. Raises NotFound, InputRefused."""
    with database.writing() as session:
        row = session.get(WebhookSourceRow, hook_id)
        if row is None or row.removed_ms is not None:
            raise NotFound(f"There is no hook {hook_id[:64]}.")
        _check(row.source, row.site, options)
        row.options = differing(options)
        details = {"source": row.source, "options": sorted(row.options)}
        note(database, session, Deed(who=who, what="hook.changed", subject=row.id, site=row.site, details=details))
    return row


def remove_hook(database: Database, hook_id: str, *, who: str = SERVICE) -> WebhookSourceRow:
    """Removes a hook: its address is unknown at once. Raises NotFound."""
    with database.writing() as session:
        row = session.get(WebhookSourceRow, hook_id)
        if row is None or row.removed_ms is not None:
            raise NotFound(f"There is no hook {hook_id[:64]}.")
        row.removed_ms = database.now_ms(session)
        details = {"source": row.source}
        note(database, session, Deed(who=who, what="hook.removed", subject=row.id, site=row.site, details=details))
    return row


def list_hooks(database: Database) -> list[HookFacts]:
    """Every hook, oldest first."""
    with database.reading() as session:
        rows = session.scalars(
            select(WebhookSourceRow).where(WebhookSourceRow.removed_ms.is_(None)).order_by(WebhookSourceRow.id)
        ).all()
    return [HookFacts(id=r.id, source=r.source, site=r.site, options=r.options, created_ms=r.created_ms) for r in rows]


def find_hook(database: Database, hook_id: str) -> Hook | None:
    """The hook of an id, unless it was removed."""
    with database.reading() as session:
        row = session.get(WebhookSourceRow, hook_id)
    if row is None or row.removed_ms is not None:
        return None
    return Hook(id=row.id, source=row.source, site=row.site, secret=row.secret, options=options_from(row.options))


def options_given(pairs: Mapping[str, str], types: Sequence[str], places: Mapping[str, str]) -> HookOptions:
    """Options as people write them: `api_url=…`, `formats=mp3,opus`, `body_only=yes`. Raises InputRefused."""
    known = {field.name for field in fields(HookOptions)} - {"types", "fields"}
    unknown = sorted(set(pairs) - known)
    if unknown:
        raise InputRefused(f"Unknown hook option {unknown[0][:40]!r}.", known=sorted(known))
    places_known = (*USUAL, "collection", "id")
    wrong = sorted(set(places) - set(places_known))
    if wrong:
        raise InputRefused(f"Unknown article field {wrong[0][:40]!r}.", known=list(places_known))
    values: Any = {"types": tuple(types), "fields": dict(places), **pairs}
    if "formats" in pairs:
        values["formats"] = tuple(name.strip() for name in pairs["formats"].split(","))
    if "body_only" in pairs:
        values["body_only"] = pairs["body_only"].lower() in ("yes", "true", "1")
    return HookOptions(**values)


def options_from(kept: Mapping[str, Any]) -> HookOptions:
    """Options from their stored form."""
    known = {field.name for field in fields(HookOptions)}
    values: Any = {name: tuple(v) if isinstance(v, list) else v for name, v in kept.items() if name in known}
    return HookOptions(**values)


def differing(options: HookOptions) -> dict[str, Any]:
    """The options that differ from the defaults, as JSON data."""
    usual = asdict(HookOptions())
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(options).items()
        if value != usual[name]
    }


def _check(source: str, site: str, options: HookOptions) -> None:
    if not re.fullmatch(SITE_NAME, site):
        raise InputRefused(
            f"{site[:80]!r} is not a valid site name: use letters, digits, '.', '-' and '_', at most 64."
        )
    if options.queue not in JOBS:
        raise InputRefused(f"Unknown queue {options.queue!r}.", known=list(JOBS))
    for name in options.formats:
        if name not in FORMATS:
            raise FormatNotKnown(f"Unknown audio format {name!r}.", known=list(FORMATS))
    if options.api_url is not None and web_address(options.api_url) is None:
        raise InputRefused(f"{options.api_url[:80]!r} is not an http(s) URL.")
    if source == "contentful" and options.api_url is not None and is_preview(options.api_url):
        raise InputRefused("That is Contentful's Preview API, which returns drafts: use cdn.contentful.com.")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
