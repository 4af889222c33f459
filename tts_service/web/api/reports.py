"""Reports and voices, for staff and tools."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import or_, select

from tts_service.access.sites import within
from tts_service.corrections.cases.regrouping import keep_in_queue
from tts_service.db.tables import ReportRow
from tts_service.engines.voices.catalogue import VoiceLicence, voice_catalogue
from tts_service.errors import InputRefused, InvalidRequest, NotFound, NulInAddress, RateExceeded
from tts_service.listeners.reports import change_report, find_report
from tts_service.values import Voice
from tts_service.web.auth import MayReport
from tts_service.web.given import GivenParts, Reference
from tts_service.web.reading import iso
from tts_service.web.responses import JSON_BODY, KEYED, problems
from tts_service.web.schemas.clips import VoiceLicenceOut, VoiceList, VoiceMeasuresOut, VoiceOut
from tts_service.web.schemas.fields import Maybe
from tts_service.web.schemas.paging import PageQuery
from tts_service.web.schemas.reports import ReportChange, ReportList, ReportOut

router = APIRouter(prefix="/v1", tags=["reports"])


class ReportQuery(PageQuery):
    """Filters for a list of reports."""

    state: Maybe[Literal["new", "confirmed", "corrected", "rejected"]] = Field(
        None, description="Only reports in this state"
    )


@router.get("/reports", responses=problems(*KEYED, InputRefused, InvalidRequest))
def list_reports(caller: MayReport, parts: GivenParts, asked: Annotated[ReportQuery, Query()]) -> ReportList:
    """List reports, newest first. A key for one site sees only that site's."""
    query = select(ReportRow).where(within(caller.sites, ReportRow.site))
    query = query.where(ReportRow.state == asked.state) if asked.state else query
    if place := asked.place():
        ms, reference = _moment(place)
        query = query.where(or_(ReportRow.created_ms < ms, (ReportRow.created_ms == ms) & (ReportRow.id < reference)))
    with parts.database.reading() as session:
        rows = session.scalars(
            query.order_by(ReportRow.created_ms.desc(), ReportRow.id.desc()).limit(asked.limit + 1)
        ).all()
    last = rows[asked.limit - 1] if len(rows) > asked.limit else None
    following = asked.cursor_after(f"{last.created_ms}~{last.id}") if last else None
    return ReportList(reports=[_out(row) for row in rows[: asked.limit]], next=following)


@router.patch("/reports/{reference}", responses=problems(*KEYED, *JSON_BODY, InputRefused, NotFound))
def update_report(reference: Reference, wanted: ReportChange, caller: MayReport, parts: GivenParts) -> ReportOut:
    """Change a report's state, note or corrected revision."""
    with parts.database.reading() as session:
        if not caller.may_touch(find_report(session, reference).site):
            raise NotFound(f"There is no report {reference[:40]}.")
    row = change_report(parts, reference, wanted.state, wanted.note, wanted.corrected_revision, who=caller.who)
    keep_in_queue(parts, row.id, caller.who)
    return _out(row)


@router.get("/voices", tags=["voices"], responses=problems(NulInAddress, RateExceeded))
def list_voices(parts: GivenParts) -> VoiceList:
    """List the installed voices."""
    return VoiceList(voices=[_voice(voice) for voice in parts.voices.voices()])


def _voice(voice: Voice) -> VoiceOut:
    facts = voice_catalogue().get(voice.id)
    return VoiceOut(
        id=voice.id,
        engine=voice.engine,
        name=voice.name,
        language=voice.language,
        licence=voice.licence,
        digital_source_type=voice.digital_source_type,
        sample_rate_hz=voice.sample_rate_hz,
        cpu_s_per_minute=voice.cpu_s_per_minute,
        gender=facts.gender if facts else None,
        credit=voice.credit or None,
        licences=_licences(facts.licence) if facts else None,
        measured=VoiceMeasuresOut(cer=facts.measured.cer, mos=facts.measured.mos) if facts else None,
    )


def _licences(licence: VoiceLicence) -> VoiceLicenceOut:
    return VoiceLicenceOut(
        weights=licence.weights,
        data=licence.data,
        parent=licence.parent,
        commercial=licence.commercial.value,
        sources=list(licence.sources),
    )


def _moment(place: str) -> tuple[int, str]:
    ms, tilde, reference = place.partition("~")
    if not (tilde and ms.isascii() and ms.isdigit() and len(ms) < 16):
        raise InputRefused("The cursor is not valid: use `next` from the previous page.")
    return int(ms), reference


def _out(row: ReportRow) -> ReportOut:
    return ReportOut(
        reference=row.id,
        state=row.state,
        category=row.category,
        clip=row.clip_id,
        created_at=iso(row.created_ms),
        updated_at=iso(row.updated_ms),
        site=row.site,
        revision=row.revision,
        position_ms=row.position_ms,
        sentence=row.sentence,
        utterance=row.utterance,
        token=row.token,
        voice=row.voice,
        comment=row.comment,
        email=row.email,
        note=row.note,
        player=row.player,
        corrected_revision=row.corrected_revision,
        reason=(row.note or None) if row.state == "rejected" else None,
    )
