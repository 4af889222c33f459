"""The figures of the desk, for a newsroom's own dashboards."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Security
from pydantic import Field

from tts_service.corrections.figures.overview import PERIODS, overview
from tts_service.errors import InvalidRequest
from tts_service.web.auth import MayReport
from tts_service.web.given import GivenParts, SiteInQuery
from tts_service.web.responses import STAFF, problems
from tts_service.web.schemas.fields import OrUsual
from tts_service.web.schemas.overview import OverviewOut
from tts_service.web.security import SESSION

router = APIRouter(prefix="/v1", tags=["cases"], dependencies=[Security(SESSION)])

Days = Annotated[
    int,
    Field(ge=1, le=PERIODS[-1]),
    OrUsual(PERIODS[0]),
    Query(description="Length of the period in days, up to and including today. More than 28 are counted by weeks"),
]


@router.get("/overview", responses=problems(*STAFF, InvalidRequest))
def show_figures(
    caller: MayReport, parts: GivenParts, site: SiteInQuery = None, days: Days = PERIODS[0]
) -> OverviewOut:
    """Show the figures of the desk: reports, time to fix, open cases, listening, the queue. Without `site`, those of
    all sites that the caller has access to."""
    if site:
        caller.require_site(site)
    with parts.database.reading() as session:
        found = overview(parts.database, session, (site,) if site else caller.sites, days)
    return OverviewOut.model_validate(found)
