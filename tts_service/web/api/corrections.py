"""Corrections: accept a change of the lexicon, follow what becomes of the clips it affects, take it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, Security
from sqlalchemy import select

from tts_service.access.sites import may_see
from tts_service.corrections.accept import Accepted, accept_proposal
from tts_service.corrections.records import (
    clips_by_state,
    corrected_clips,
    corrections,
    find_correction,
    silent_clips,
)
from tts_service.corrections.repairs import repair_sentence, repair_voice
from tts_service.corrections.taking_back import retry, take_back, take_back_clip
from tts_service.db.tables import ArticleRow, CaseRow, ClipRow, CorrectionRow
from tts_service.errors import (
    CaseChanged,
    Conflict,
    InputRefused,
    InvalidRequest,
    NotAllowed,
    NotFound,
    PolicyRefused,
    RevisionOvertaken,
    SiteClosed,
    VoiceNotFound,
)
from tts_service.parts import Parts
from tts_service.web.api.impact import proposal_sent
from tts_service.web.api.lexicon import MayEdit
from tts_service.web.given import ClipId, GivenParts
from tts_service.web.responses import JSON_BODY, STAFF, problems
from tts_service.web.schemas.corrections import (
    ClipsQuery,
    CorrectionAccepted,
    CorrectionDetail,
    CorrectionIn,
    CorrectionList,
    CorrectionOut,
    CorrectionQuery,
    SentenceRepairIn,
    VoiceRepairIn,
)
from tts_service.web.schemas.lexicon import Editor
from tts_service.web.security import SESSION

router = APIRouter(prefix="/v1/corrections", tags=["corrections"], dependencies=[Security(SESSION)])

_Id = Annotated[str, Path(max_length=64, description="The correction's id", examples=["cor_019b4c5e77f68a31"])]

_REPAIRING = (CaseChanged, Conflict, InputRefused, NotFound)
_CHANGING = (Conflict, InvalidRequest, NotFound)


@router.get("", responses=problems(*STAFF, InputRefused, InvalidRequest))
def list_corrections(who: MayEdit, parts: GivenParts, asked: Annotated[CorrectionQuery, Query()]) -> CorrectionList:
    """List corrections, newest first. A key for one site sees that site's and those for all sites."""
    with parts.database.reading() as session:
        rows = corrections(session, asked.to_wanted(who.sites), below=asked.place(), most=asked.limit + 1)
    following = asked.cursor_after(rows[asked.limit - 1].id) if len(rows) > asked.limit else None
    return CorrectionList(corrections=[CorrectionOut.of(row) for row in rows[: asked.limit]], next=following)


@router.post(
    "",
    status_code=201,
    responses=problems(*STAFF, *JSON_BODY, CaseChanged, Conflict, InputRefused, NotFound),
)
def accept_correction(sent: CorrectionIn, who: MayEdit, parts: GivenParts, response: Response) -> CorrectionAccepted:
    """Change the lexicon and speak the affected sentences again, the reported article's first.

    Only sentences whose spoken form changes are spoken; every other sentence keeps its sound. Each clip gets a new
    revision, and whoever is listening keeps the old one. Once they are done, the case is corrected; it stays confirmed
    if a clip failed or none was affected.

    409 `case_changed` if the case was decided since `version`, or `conflict` if a grapheme already has an entry:
    nothing is changed then. `POST /v1/lexicon/impact` tells before what would change.
    """
    proposal = proposal_sent(parts, who, sent)
    _check_case(parts, who, sent.case, sent.version)
    made = accept_proposal(
        parts, proposal, case_id=sent.case or None, version=sent.version, why=sent.why, who=who.author
    )
    return _accepted(parts, who, made, response)


@router.post("/sentence", status_code=201, responses=problems(*STAFF, *JSON_BODY, *_REPAIRING, RevisionOvertaken))
def repair_one_sentence(
    sent: SentenceRepairIn, who: MayEdit, parts: GivenParts, response: Response
) -> CorrectionAccepted:
    """Speak one sentence of one article otherwise, or change the pause behind it.

    The repair is kept with the article: a later edit of other sentences doesn't lose it. 409 `revision_overtaken` if
    the clip has a newer revision.
    """
    _check_clip(parts, who, sent.clip)
    _check_case(parts, who, sent.case, sent.version)
    made = repair_sentence(parts, sent.clip, sent.proposal(), sent.reason(who.author))
    return _accepted(parts, who, made, response)


@router.post("/voice", status_code=201, responses=problems(*STAFF, *JSON_BODY, *_REPAIRING, VoiceNotFound))
def repair_one_voice(sent: VoiceRepairIn, who: MayEdit, parts: GivenParts, response: Response) -> CorrectionAccepted:
    """Speak one article by another voice or at another speed. The whole of it is spoken again, now and after edits."""
    _check_clip(parts, who, sent.clip)
    _check_case(parts, who, sent.case, sent.version)
    made = repair_voice(parts, sent.clip, sent.proposal(), sent.reason(who.author))
    return _accepted(parts, who, made, response)


@router.get("/{correction_id}", responses=problems(*STAFF, InputRefused, InvalidRequest, NotFound))
def show_correction(
    correction_id: _Id, who: MayEdit, parts: GivenParts, asked: Annotated[ClipsQuery, Query()]
) -> CorrectionDetail:
    """Show a correction with its clips: what changes in each, what became of it, and why it failed or isn't needed."""
    after = asked.place(of=correction_id)
    with parts.database.reading() as session:
        row = find_correction(session, correction_id, who.sites)
        clips = corrected_clips(
            session,
            correction_id,
            state=asked.state,
            only_sites=who.sites,
            after=after,
            most=asked.limit + 1,
        )
        by_state = dict(clips_by_state(session, correction_id))
        silent = session.scalar(select(silent_clips()).where(CorrectionRow.id == correction_id)) or 0
    last = clips[asked.limit - 1].row.clip_id if len(clips) > asked.limit else None
    following = asked.cursor_after(last, of=correction_id) if last else None
    return CorrectionDetail.with_clips(row, by_state, clips[: asked.limit], following, silent=silent)


@router.post(
    "/{correction_id}/take-back", responses=problems(*STAFF, *_CHANGING, InputRefused, PolicyRefused, SiteClosed)
)
def take_back_correction(correction_id: _Id, who: MayEdit, parts: GivenParts) -> CorrectionOut:
    """Take a correction back: the entry or rule is what it was before, and so is every clip.

    While the earlier sound is kept, nothing is spoken for it. 409 if the entry or rule was changed since: take that
    back first.
    """
    _own(parts, who, correction_id)
    return CorrectionOut.of(take_back(parts, correction_id, who.author))


@router.post("/{correction_id}/retry", responses=problems(*STAFF, *_CHANGING))
def retry_correction(correction_id: _Id, who: MayEdit, parts: GivenParts) -> CorrectionOut:
    """Try the clips again that failed."""
    _own(parts, who, correction_id)
    return CorrectionOut.of(retry(parts, correction_id, who.author))


@router.post(
    "/{correction_id}/clips/{clip_id}/take-back", responses=problems(*STAFF, *_CHANGING, InputRefused, SiteClosed)
)
def take_back_for_clip(correction_id: _Id, clip_id: ClipId, who: MayEdit, parts: GivenParts) -> CorrectionOut:
    """Take a correction back for one article: the entry or rule leaves it out, and its clip is what it was before."""
    _own(parts, who, correction_id)
    return CorrectionOut.of(take_back_clip(parts, correction_id, clip_id, who.author))


def _accepted(parts: Parts, who: Editor, made: Accepted, response: Response) -> CorrectionAccepted:
    response.headers["Location"] = f"/v1/corrections/{made.correction_id}"
    return CorrectionAccepted.accepted(_seen(parts, who, made.correction_id), made.spelled_by)


def _check_clip(parts: Parts, who: Editor, clip_id: str) -> None:
    """Raises NotFound for a clip of another site."""
    with parts.database.reading() as session:
        site = session.scalar(
            select(ArticleRow.site).join(ClipRow, ClipRow.article_id == ArticleRow.id).where(ClipRow.id == clip_id)
        )
    if site is None or not who.may_change(site):
        raise NotFound(f"There is no clip {clip_id[:64]}.")


def _check_case(parts: Parts, who: Editor, case_id: str | None, version: int | None) -> None:
    """Raises NotFound for a case of another site, InputRefused without its version, NotAllowed for a key that mayn't
    decide cases."""
    if (case_id is None) != (version is None):
        raise InputRefused("Send `case` with the `version` of it that you saw, or neither.")
    if not case_id:
        return
    if not who.decides_cases:
        raise NotAllowed("This key lacks the scope reports, which deciding a case takes.", scope="reports")
    with parts.database.reading() as session:
        case = session.get(CaseRow, case_id)
    if case is None or not may_see(who.sites, case.site):
        raise NotFound(f"There is no case {case_id[:64]}.")


def _seen(parts: Parts, who: Editor, correction_id: str) -> CorrectionRow:
    with parts.database.reading() as session:
        return find_correction(session, correction_id, who.sites)


def _own(parts: Parts, who: Editor, correction_id: str) -> None:
    """Raises NotFound; NotAllowed for a correction of all sites by whoever has only some."""
    row = _seen(parts, who, correction_id)
    if not who.may_change(row.site):
        raise who.refusal()
