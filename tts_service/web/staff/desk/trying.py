"""Trying another pronunciation in a case: hear it, see what it would change, accept it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from gettext import NullTranslations
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.corrections.accept import accept_proposal
from tts_service.corrections.cases.page import CasePage, case_page
from tts_service.corrections.impact.comparing import affected_clip
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.corrections.impact.weighing import impact
from tts_service.corrections.trials.present import PresentReading
from tts_service.corrections.trials.suggestions import Suggestion, suggestions
from tts_service.corrections.trials.trial import ClipSentence, FreeSentence, TriedSound, try_sentence
from tts_service.db.tables import ArticleRow, ClipRow
from tts_service.engines.child.resident import ResidentEngine
from tts_service.errors import CaseChanged, EngineUnavailable, InputRefused, ServiceError
from tts_service.parts import Parts
from tts_service.speakable.lexeme import MAX_GRAPHEME
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, language_accepted
from tts_service.web.pages.errors import refusal
from tts_service.web.pages.templating import page
from tts_service.web.staff.desk.case import Carried, CaseId, case_address, version_of
from tts_service.web.staff.desk.case_view import CaseFound, case_page_of, find_case, offered_why
from tts_service.web.staff.desk.correction_view import unchanged_remark
from tts_service.web.staff.desk.draft import EntryDraft, proposal_of
from tts_service.web.staff.desk.impact_view import shown_impact, touches_reported
from tts_service.web.staff.desk.marked import differing_words
from tts_service.web.staff.desk.try_view import Outcome, checked_ipa, shown_suggestion, spelled_remark, wrong_field
from tts_service.web.staff.session import OwnForm, SignedIn

router = APIRouter(prefix="/staff/cases", include_in_schema=False)


@router.post("/{case_id}/try")
async def try_in_case(
    request: Request, case_id: CaseId, person: SignedIn, form: OwnForm, parts: GivenParts, queue: Carried = ""
) -> Response:
    """One step: check (the IPA), hear, impact, accept. What was typed stays in the page.

    Raises NotFound, NotAllowed, InputRefused."""
    return await run_in_threadpool(_try, request, parts, person, case_id, queue, form)


@router.get("/{case_id}/suggestions")
def show_suggestions(request: Request, case_id: CaseId, person: SignedIn, parts: GivenParts) -> Response:
    """What may be tried for the case's word; the case's page loads it when it is shown. Raises NotFound, NotAllowed."""
    language = language_accepted(request)
    words = catalogue(language)
    with parts.database.reading() as session:
        find_case(session, person, case_id)
        shown = case_page(session, case_id)
    case = shown.case
    found: tuple[Suggestion, ...] = ()
    if case.kind == "word" and 0 < len(case.written) <= MAX_GRAPHEME:
        engine: ResidentEngine = request.app.state.resident_engine
        found = suggestions(
            parts,
            engine,
            case.written,
            case.language,
            site=case.site,
            only_sites=person.sites,
            voice=case.voice,
            now=_read_now(shown),
        )
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "case": case,
        "suggestions": [shown_suggestion(one, words, language) for one in found],
    }
    return page(request, "desk_suggestions.html", values, language=language)


def _read_now(shown: CasePage) -> PresentReading | None:
    """How the reported word was read; None: its sentence isn't kept, or it is only part of a word there."""
    reported = next((one for one in shown.said if one.reported and one.written == shown.case.written), None)
    return PresentReading(spoken=reported.spoken, ipa=reported.ipa) if reported else None


def _try(request: Request, parts: Parts, person: Person, case_id: str, queue: str, form: Mapping[str, str]) -> Response:
    with parts.database.reading() as session:
        find_case(session, person, case_id)
        shown = case_page(session, case_id)
    language = language_accepted(request)
    trier = _Trier(parts, request.app.state.resident_engine, catalogue(language), language)
    draft = EntryDraft.of(form)
    found = CaseFound(case_id=case_id, queue=queue, form=form, draft=draft)
    step = form.get("step", "hear")
    try:
        if step == "accept" and form.get("seen") == draft.digest:
            _accepted(trier, person, shown, draft, version_of(form))
            return RedirectResponse(case_address(case_id, queue, "correction.accepted"), 303)
        return case_page_of(request, parts, person, replace(found, outcome=_outcome(trier, person, shown, draft, form)))
    except CaseChanged as error:
        return case_page_of(request, parts, person, replace(found, error=error))
    except ServiceError as error:
        told = refusal(error.message, trier.words)
        if step == "check":
            outcome = Outcome(ipa_check=told, wrong="ipa")
        else:
            outcome = Outcome(complaint=told, wrong=wrong_field(error), status=error.status)
        return case_page_of(request, parts, person, replace(found, outcome=outcome))


@dataclass(frozen=True, slots=True)
class _Trier:
    """What trying needs beside the case."""

    parts: Parts
    engine: ResidentEngine
    words: NullTranslations
    language: str
    """Of the page."""


def _outcome(trier: _Trier, person: Person, shown: CasePage, draft: EntryDraft, form: Mapping[str, str]) -> Outcome:
    """What a step found. An impact is shown again for a draft that was changed before it was accepted."""
    match form.get("step", "hear"):
        case "check":
            return Outcome(ipa_check=checked_ipa(trier.parts, draft, trier.words))
        case "impact" | "accept":
            weighed = _weighed(trier, person, shown, draft)
            with trier.parts.database.reading() as session:
                named = form.get("try")
                sentence = _sentence_named(session, person, named) if named else _sentence_of(shown)
            try:
                heard = _heard(trier, shown, draft, sentence)
            except EngineUnavailable:  # what it changes is known without its sound
                heard = None
            if form.get("step") == "accept":
                again = trier.words.gettext("Something was changed after it was counted: this is the new count.")
                weighed["remarks"] = [again, *weighed["remarks"]]
            return Outcome(step="impact", impact=weighed, heard=heard)
        case _:
            sentence = _sentence_of(shown)
            return Outcome(step="heard", heard=_heard(trier, shown, draft, sentence))


def _weighed(trier: _Trier, person: Person, shown: CasePage, draft: EntryDraft) -> dict[str, Any]:
    """Raises NotAllowed: the list of all sites names their articles."""
    proposal = _proposal(trier.parts, shown, draft)
    person.require_site(proposal.place.site)
    found = impact(trier.parts, proposal)
    with trier.parts.database.reading() as session:
        listed = shown_impact(session, found, draft.left_out, trier.words, trier.language)
    where = _sentence_of(shown)
    if isinstance(where, ClipSentence):
        affected = affected_clip(trier.parts, where.clip_id, proposal)
        if not touches_reported(affected, shown.sentence, shown.case.written if shown.case.kind == "word" else ""):
            listed["remarks"].insert(0, unchanged_remark(trier.words))
    return listed


def _accepted(trier: _Trier, person: Person, shown: CasePage, draft: EntryDraft, version: int) -> None:
    proposal = _proposal(trier.parts, shown, draft)
    person.require_site(proposal.place.site)
    why = _public_reason(trier, shown, draft)
    accept_proposal(trier.parts, proposal, case_id=shown.case.id, version=version, why=why, who=person.who)


def _public_reason(trier: _Trier, shown: CasePage, draft: EntryDraft) -> str:
    """As it was typed; the reason that the page offered names the word that is saved, which may be another one."""
    if draft.why in ("", offered_why(shown, shown.case.written, trier.words)):
        return offered_why(shown, draft.written, trier.words)
    return draft.why


def _proposal(parts: Parts, shown: CasePage, draft: EntryDraft) -> LexiconProposal:
    article = shown.leading.external_id if shown.leading else ""
    with parts.database.reading() as session:
        return proposal_of(session, draft, draft.place(shown.case.site, article))


def _heard(trier: _Trier, shown: CasePage, draft: EntryDraft, sentence: ClipSentence | FreeSentence) -> dict[str, Any]:
    voice = draft.voice if draft.voice != shown.case.voice else None
    trial = try_sentence(trier.parts, trier.engine, sentence, _proposal(trier.parts, shown, draft), voice)
    before, after = (" ".join(one.words for one in said) for said in (trial.before, trial.after))
    old, new = differing_words(before, after)
    remarks = [spelled_remark(trial.spelled_by, trier.words)]
    if trial.same:
        remarks.append(trier.words.gettext("It sounds the same as before."))
    return {
        "language": trial.language,
        "before_sound": _address(trial.before),
        "after_sound": _address(trial.after),
        "before": old,
        "after": new,
        "remarks": [one for one in remarks if one],
    }


def _address(sounds: Sequence[TriedSound]) -> list[str]:
    return [f"/staff/v1/preview/{one.segment_key}.wav" for one in sounds]


def _sentence_of(shown: CasePage) -> ClipSentence | FreeSentence:
    """The case's sentence in its clip, in the newest revision that has it."""
    report = shown.leading
    if report is None or report.utterance is None:
        return FreeSentence(text=shown.sentence, language=shown.case.language, site=shown.case.site)
    if report.now_revision is not None and report.now_utterance is not None:
        return ClipSentence(clip_id=report.clip_id, revision=report.now_revision, position=report.now_utterance)
    return ClipSentence(clip_id=report.clip_id, revision=report.revision, position=report.utterance)


def _sentence_named(session: Session, person: Person, named: str) -> ClipSentence:
    """A sentence of the impact's list. Raises InputRefused, NotAllowed."""
    clip_id, revision, position = ([*named.split("~"), "", ""])[:3]
    site = session.scalars(
        select(ArticleRow.site).join(ClipRow, ClipRow.article_id == ArticleRow.id).where(ClipRow.id == clip_id)
    ).one_or_none()
    if site is None or not (revision.isdecimal() and position.isdecimal()):
        raise InputRefused("The form can't be read: reload the page.")
    person.require_site(site)
    return ClipSentence(clip_id=clip_id, revision=int(revision), position=int(position))
