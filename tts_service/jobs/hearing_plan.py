"""Plans that a finished revision is heard by us, as its site's option `hearing` says."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from tts_service.db.tables import HearingRow, JobRow
from tts_service.ears.model_files import missing
from tts_service.values.site_options import SiteOptions

log = logging.getLogger(__name__)


def can_hear(options: SiteOptions) -> bool:
    """Whether this machine hears a site's clips. Says in the log why it can't although the site waits for it."""
    if options.hearing == "off":
        return False
    reason = missing()
    if reason and options.hears_first:
        log.warning("clips are published unheard: %s", reason)
    return not reason


def plan_hearing(session: Session, job: JobRow, options: SiteOptions, *, publishes: bool, now_ms: int) -> None:
    """Have the job's revision heard, once it is stored. `publishes`: it is held until then, and published by it."""
    place = (job.clip_id, job.revision)
    if session.get(HearingRow, place) is None:
        row = HearingRow(clip_id=job.clip_id, revision=job.revision, site=job.site, due_ms=now_ms)
        row.urgent, row.publishes = options.hears_first, publishes
        session.add(row)
