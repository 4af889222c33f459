"""Removes a site's name from what remains after its erasure: the audit log, other rows, the log files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Text, cast, or_, select, update
from sqlalchemy.orm import Session

from tts_service.db.tables import (
    ApiKeyRow,
    ArticleRow,
    AuditRow,
    CallbackEndpointRow,
    CaseRow,
    ClipRow,
    CorrectionRow,
    JobRow,
    ReportRow,
    SiteRow,
    StaffRow,
    WebhookSourceRow,
)
from tts_service.parts import Parts
from tts_service.retention.article_lexicon import forget_site_exceptions
from tts_service.retention.erasure import drop_log_lines, erasing, log_files
from tts_service.retention.site_portions import PortionDone, portions
from tts_service.retention.site_rows import named_ids
from tts_service.retention.trail import SHORTEST, name_hash

OVERLAP_MS = 60_000
_WORD = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


def unname_audit(parts: Parts, site: str) -> Iterator[PortionDone]:
    """Step 3: lines about it keep who and when. What they were about can be found by whoever knows the name."""
    row = AuditRow
    told = cast(row.details, Text).contains(f'"{site}"', autoescape=True)
    elsewhere = row.site.is_(None) & or_(row.subject == site, named_ids(site), told)
    for some in portions(parts, select(row.id, row.subject).where(or_(row.site == site, elsewhere))):
        with erasing(parts) as session:
            for line in some:
                hashed = name_hash(site if line.subject == site else f"{site}/{line.subject}")
                subject = line.subject if line.subject.startswith("erased:") else hashed
                kept: dict[str, Any] = {"subject": subject, "site": None, "details": {}}
                session.execute(update(row).where(row.id == line.id).values(kept))
        yield PortionDone(rows=len(some))


def unname_elsewhere(parts: Parts, site: str) -> PortionDone:
    """The rest of step 3: the logs, and what entries for all sites leave out. The site's row says that it is done."""
    log_lines = _clean_logs(parts, site)
    with erasing(parts) as session:
        changed = forget_site_exceptions(parts, session, site)
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        session.execute(update(SiteRow).where(SiteRow.name == site).values(unnamed_ms=now))
    return PortionDone(rows=changed, log_lines=log_lines)


def _clean_logs(parts: Parts, site: str) -> int:
    """Removes lines of the embedded service's logs that name it or something of it. Returns how many."""
    if not log_files(parts):
        return 0
    clips = select(ClipRow.id).join(ArticleRow).where(ArticleRow.site == site)
    own = (ArticleRow, JobRow, ReportRow, CaseRow, CorrectionRow, WebhookSourceRow, ApiKeyRow, CallbackEndpointRow)
    with parts.database.reading() as session:
        names = {site, *session.scalars(clips)}
        for table in own:
            names.update(session.scalars(select(table.id).where(table.site == site)))
        for article in session.execute(select(ArticleRow.external_id, ArticleRow.url).where(ArticleRow.site == site)):
            names.update(filter(None, article))
    names = {name for name in names if len(name) >= SHORTEST}

    def names_it(line: bytes) -> bool:
        text = line.decode("utf-8", "replace")
        return not names.isdisjoint(_WORD.findall(text)) or not names.isdisjoint(_ADDRESS.findall(text))

    return drop_log_lines(parts, names_it)


def all_people(session: Session) -> Sequence[StaffRow]:
    return session.scalars(select(StaffRow).where(StaffRow.sites.is_not(None))).all()
