"""A site's quotas: characters of new texts in a day and a month, and bytes of finished audio.

What was used is counted from the jobs themselves: a new one counts from the transaction that accepts it, and one that
failed, was cancelled or replaced counts no more. Texts that are spoken without a job (`/v1/audio/speech`) are added.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tts_service.db.closed_sites import refuse_if_closed
from tts_service.db.session import Database
from tts_service.db.tables import JobRow, SiteRow
from tts_service.errors import QuotaExceeded
from tts_service.newsroom.speech_usage import add_usage, usage_since
from tts_service.values.moments import utc_of
from tts_service.values.site_options import SiteOptions, read_options

GIVEN_BACK = ("failed", "cancelled", "superseded")
"""States of jobs that don't count."""
_BYTES_FOR_S = 60.0
"""Bytes are summed over all files of a site, which takes too long for each request."""
_FROM = "FROM articles JOIN clips ON article_id = articles.id JOIN clip_revisions ON clip_id = clips.id"
_SUM_SQLITE = text(
    f"SELECT COALESCE(SUM(json_extract(file.value, '$.bytes')), 0) {_FROM}, json_each(renditions) AS file "
    "WHERE site = :site AND json_type(renditions) = 'array'"
)
_SUM_POSTGRESQL = text(
    f"SELECT COALESCE(SUM(CAST(file ->> 'bytes' AS bigint)), 0) {_FROM} CROSS JOIN LATERAL json_array_elements("
    "CASE json_typeof(renditions) WHEN 'array' THEN renditions ELSE '[]' END) AS file WHERE site = :site"
)
_BY_SITE_SQLITE = text(
    f"SELECT site, COALESCE(SUM(json_extract(file.value, '$.bytes')), 0) {_FROM}, json_each(renditions) AS file "
    "WHERE json_type(renditions) = 'array' GROUP BY site"
)
_BY_SITE_POSTGRESQL = text(
    f"SELECT site, COALESCE(SUM(CAST(file ->> 'bytes' AS bigint)), 0) {_FROM} CROSS JOIN LATERAL json_array_elements("
    "CASE json_typeof(renditions) WHEN 'array' THEN renditions ELSE '[]' END) AS file GROUP BY site"
)
_summed: dict[tuple[str, str], tuple[float, int]] = {}
"""When the bytes of a database's site were summed, and how many they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The quotas of a site that has any."""

    site: str
    options: SiteOptions

    def require_characters(self, session: Session, characters: int, now_ms: int) -> None:
        """Raises QuotaExceeded if so many more characters are too many today or this month."""
        today = utc_of(now_ms).replace(hour=0, minute=0, second=0, microsecond=0)
        month = today.replace(day=1)
        next_month = (month + timedelta(days=32)).replace(day=1)
        for limit, begin, end in (
            (self.options.characters_a_day, today, today + timedelta(days=1)),
            (self.options.characters_a_month, month, next_month),
        ):
            used = characters_since(session, self.site, begin) if limit is not None else 0
            if limit is not None and used + characters > limit:
                until = f"{end:%Y-%m-%dT%H:%M:%SZ}"
                left = max(0, limit - used)
                raise QuotaExceeded(
                    f"The site {self.site} may send {left} more characters until {until}, of {limit}: this text has "
                    f"{characters}.",
                    limit=limit,
                    used=used,
                    asked=characters,
                    until=until,
                    retry_after_s=max(1, int(end.timestamp()) - now_ms // 1000),
                )

    def require_bytes(self, session: Session) -> None:
        """Raises QuotaExceeded if the site has as much finished audio as it may; as of the last minute."""
        limit = self.options.stored_bytes
        if limit is None:
            return
        used = stored_bytes(session, self.site)
        if used >= limit:
            raise QuotaExceeded(
                f"The site {self.site} may have {limit} bytes of finished audio and has {used}: erase articles, or "
                "keep earlier versions for fewer days.",
                limit=limit,
                used=used,
                until=None,
            )


def quota_of(session: Session, site: str) -> Quota | None:
    """The site's quotas, and until the session ends nobody else uses them; None: it has none. Before an article is
    locked."""
    row = session.get(SiteRow, site)
    return quota_with(session, site, read_options((row.options if row else None) or {}))


def quota_with(session: Session, site: str, limits: SiteOptions) -> Quota | None:
    """The same, where the site's options were read."""
    if not (limits.characters_a_day or limits.characters_a_month or limits.stored_bytes):
        return None
    session.execute(select(SiteRow.name).where(SiteRow.name == site).with_for_update())
    return Quota(site=site, options=limits)


def characters_since(session: Session, site: str, begin: datetime) -> int:
    """Characters that count towards the site's quota from this moment on."""
    counted = (
        JobRow.site == site,
        JobRow.created_ms >= int(begin.timestamp() * 1000),
        JobRow.state.not_in(GIVEN_BACK),
    )
    of_jobs = int(session.scalar(select(func.coalesce(func.sum(JobRow.characters), 0)).where(*counted)) or 0)
    return of_jobs + usage_since(session, site, "speech", begin)


def count_speech(database: Database, site: str, characters: int) -> None:
    """Count a text that is spoken without a job; a negative number gives one back. Raises QuotaExceeded, SiteClosed:
    then it isn't counted."""
    with database.writing() as session:
        refuse_if_closed(session, {site})
        now = database.now_ms(session)
        quota = quota_of(session, site)
        if quota is not None and characters > 0:
            quota.require_characters(session, characters, now)
        add_usage(session, site, "speech", characters, now)


def stored_bytes(session: Session, site: str) -> int:
    """Bytes of the site's finished audio, all versions and formats; as of the last minute."""
    engine = session.get_bind().engine
    at_s, found = _summed.get((str(engine.url), site), (0.0, 0))
    if not at_s or time.monotonic() >= at_s + _BYTES_FOR_S:
        query = _SUM_SQLITE if engine.dialect.name == "sqlite" else _SUM_POSTGRESQL
        found = int(session.scalar(query, {"site": site}) or 0)
        _summed[str(engine.url), site] = (time.monotonic(), found)
    return found


def bytes_by_site(session: Session) -> dict[str, int]:
    """The same of every site that has any, now. Reads every version of every clip."""
    query = _BY_SITE_SQLITE if session.get_bind().dialect.name == "sqlite" else _BY_SITE_POSTGRESQL
    return {site: int(size) for site, size in session.execute(query)}


def byte_quotas(session: Session) -> dict[str, int]:
    """Bytes of finished audio that sites may have, of those that have such a quota."""
    limits = {
        name: read_options(options).stored_bytes
        for name, options in session.execute(select(SiteRow.name, SiteRow.options).where(SiteRow.options.is_not(None)))
        if options
    }
    return {name: limit for name, limit in limits.items() if limit is not None}
