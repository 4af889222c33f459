"""Pronunciations: search, edit with the impact shown before it is saved, history, import and export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse

from tts_service.access.sites import within
from tts_service.access.staff import Person, people
from tts_service.access.tokens import form_token
from tts_service.corrections.accept import accept_proposal
from tts_service.corrections.accept_import import AcceptedImport, accept_import, weigh_import
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.corrections.impact.weighing import Impact, impact
from tts_service.corrections.trials.trial import FreeSentence, Trial, try_sentence
from tts_service.db.tables import AuditRow, LexiconEntryRow
from tts_service.errors import InputRefused, NotAllowed, ServiceError
from tts_service.newsroom.lexicon import find
from tts_service.newsroom.lexicon_history import entry_history
from tts_service.newsroom.lexicon_place import Place, place_of
from tts_service.newsroom.lexicon_search import LexiconFilter, entries
from tts_service.newsroom.pls import Imported, export_pls
from tts_service.newsroom.sites import list_sites
from tts_service.parts import Parts
from tts_service.speakable.changes import said_words
from tts_service.speakable.lexeme import Scope
from tts_service.speakable.pls import document_text, utf8_document
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.pronunciations.form import (
    field_at_fault,
    fields_of_entry,
    languages_offered,
    place_from,
    proposal_from,
    seen_from,
)
from tts_service.web.staff.session import OwnForm, OwnUpload, SignedIn

router = APIRouter(prefix="/staff/lexicon", include_in_schema=False)

EntryId = Annotated[str, Path(max_length=64)]
_PER_PAGE = 100
MAX_SENTENCE = 300
_LATELY = 1000
"""Lines of the audit log that are looked at for what somebody did last."""
_SHOWN = 50
"""Changed clips that an impact lists."""


class EntriesWanted(BaseModel):
    """The fields of the search form; empty: any."""

    q: str = Field("", max_length=100)
    scope: str = Field("", max_length=10)
    site: str = Field("", max_length=64)
    language: str = Field("", max_length=35)
    below: str = Field("", max_length=64)


@router.get("")
def show_entries(
    request: Request, person: SignedIn, parts: GivenParts, wanted: Annotated[EntriesWanted, Query()]
) -> Response:
    """The entries that fit, newest first."""
    asked = LexiconFilter(
        scope=Scope(wanted.scope) if wanted.scope in tuple(Scope) else None,
        site=wanted.site.strip() or None,
        language=wanted.language.strip() or None,
        q=wanted.q.strip() or None,
        only_sites=person.sites,
    )
    with parts.database.reading() as session:
        rows = entries(session, asked, below=wanted.below or None, most=_PER_PAGE + 1)
    values = {
        "entries": rows[:_PER_PAGE],
        "wanted": wanted,
        "scopes": tuple(Scope),
        "older": rows[_PER_PAGE - 1].id if len(rows) > _PER_PAGE else None,
    }
    return _page(request, parts, person, "staff_lexicon.html", values)


@router.get("/new")
def show_new(
    request: Request,
    person: SignedIn,
    parts: GivenParts,
    grapheme: Annotated[str, Query(max_length=200)] = "",
    site: Annotated[str, Query(max_length=64)] = "",
    language: Annotated[str, Query(max_length=35)] = "",
) -> Response:
    """The form for a new entry, filled as far as the address says."""
    form = fields_of_entry(None) | {
        "graphemes": grapheme,
        "site": site or _site_last_worked_in(parts, person),
        "language": language,
    }
    return _entry_page(request, parts, person, None, form)


@router.get("/import")
def show_import(request: Request, person: SignedIn, parts: GivenParts) -> Response:
    """The form for a PLS document."""
    return _import_page(request, parts, person, {})


@router.get("/export.pls")
def export(
    person: SignedIn,
    parts: GivenParts,
    site: Annotated[str, Query(max_length=64)] = "",
    language: Annotated[str, Query(max_length=35)] = "",
) -> Response:
    """One site's entries, or those for all sites, as a PLS document. Raises NotAllowed, NotFound, InputRefused."""
    if site:
        person.require_site(site)
    document = export_pls(parts.database, Place.of(site or None), language or None)
    name = "-".join(filter(None, (site or "all", language))) + ".pls"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(document, media_type="application/pls+xml", headers=headers)


@router.post("/import")
async def import_document(request: Request, person: SignedIn, form: OwnUpload, parts: GivenParts) -> Response:
    """Say what a PLS document would change, or take it. Raises NotAllowed."""
    upload = form.get("file")
    source = await upload.read() if isinstance(upload, UploadFile) else b""
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_import, request, parts, person, texts, source)


@router.get("/{entry_id}")
def show_pronunciation(request: Request, entry_id: EntryId, person: SignedIn, parts: GivenParts) -> Response:
    """One entry with its history. Raises NotFound, NotAllowed."""
    row = _seen(parts, person, entry_id)
    return _entry_page(request, parts, person, row, fields_of_entry(row))


@router.post("/new")
async def send_new_entry(request: Request, person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Show what a new entry would change, or save it. Raises NotAllowed."""
    return await run_in_threadpool(_change, request, parts, person, None, dict(form))


@router.post("/{entry_id}")
async def send_entry(
    request: Request, entry_id: EntryId, person: SignedIn, form: OwnForm, parts: GivenParts
) -> Response:
    """Show what another wording of an entry, or its removal, would change, or do it. Raises NotFound, NotAllowed."""
    row = await run_in_threadpool(_seen, parts, person, entry_id)
    return await run_in_threadpool(_change, request, parts, person, row, dict(form))


def _site_last_worked_in(parts: Parts, person: Person) -> str:
    """Empty: nothing that the person did lately is of a site that is theirs still."""
    row = AuditRow
    with parts.database.reading() as session:
        newest = select(row.id).order_by(row.id.desc()).limit(_LATELY)
        mine = (row.id.in_(newest), row.who == person.who, row.site.is_not(None), within(person.sites, row.site))
        return session.scalar(select(row.site).where(*mine).order_by(row.id.desc()).limit(1)) or ""


def _change(
    request: Request, parts: Parts, person: Person, row: LexiconEntryRow | None, form: dict[str, str]
) -> Response:
    do = form.get("do", "")
    try:
        if do in ("remove", "remove-impact") and row is not None:
            proposal = LexiconProposal(place=place_of(row), lexeme=None, entry_id=row.id, seen_ms=seen_from(form))
        else:
            proposal = proposal_from(form, row)
        person.require_site(proposal.place.site)
        if do in ("save", "remove"):
            accepted = accept_proposal(parts, proposal, why=form.get("why", ""), who=person.who)
            removed = "&removed=yes" if proposal.lexeme is None else ""
            return RedirectResponse(f"/staff/lexicon?saved={accepted.correction_id}{removed}", 303)
        if do == "hear" and proposal.lexeme is not None:
            trial = _tried(request, parts, proposal, form.get("sentence", "").strip())
            return _entry_page(request, parts, person, row, form, trial=trial)
        return _entry_page(request, parts, person, row, form, changes=impact(parts, proposal))
    except NotAllowed:
        raise
    except ServiceError as error:
        return _entry_page(request, parts, person, row, form, refused=error)


def _tried(request: Request, parts: Parts, proposal: LexiconProposal, text: str) -> Trial:
    """The sound of a sentence without and with the entry; without a sentence, of the word alone.

    Raises as try_sentence."""
    assert proposal.lexeme is not None
    lexeme, place = proposal.lexeme, proposal.place
    text = text[:MAX_SENTENCE] or "".join(lexeme.graphemes[:1])
    sentence = FreeSentence(text=text, language=lexeme.language, site=place.site, article=place.article)
    return try_sentence(parts, request.app.state.resident_engine, sentence, proposal)


def _import(request: Request, parts: Parts, person: Person, form: Mapping[str, str], source: bytes) -> Response:
    try:
        place = place_from({**form, "scope": Scope.SITE if form.get("site") else Scope.GLOBAL})
        person.require_site(place.site)
        document = source or utf8_document(form.get("document", ""))
        if not document.strip():
            raise InputRefused("Choose a PLS document.")
        replaces = bool(form.get("replace"))
        if form.get("do") != "import":
            weighed = weigh_import(parts, document, place, replaces=replaces)
            shown = {**form, "document": document_text(document)}
            return _import_page(request, parts, person, shown, done=weighed.imported, changes=weighed.impact)
        why = form.get("why", "")
        accepted = accept_import(parts, document, place, replaces=replaces, why=why, who=person.who)
    except NotAllowed:
        raise
    except ServiceError as error:
        return _import_page(request, parts, person, form, complaint=error.message, status=error.status)
    return _import_page(request, parts, person, {}, done=accepted.imported, accepted=accepted)


def _entry_page(
    request: Request,
    parts: Parts,
    person: Person,
    row: LexiconEntryRow | None,
    form: Mapping[str, str],
    *,
    changes: Impact | None = None,
    trial: Trial | None = None,
    refused: ServiceError | None = None,
) -> Response:
    names = {f"staff:{one.id}": one.name for one in people(parts.database)}
    with parts.database.reading() as session:
        history = entry_history(session, row.id) if row else ()
    values = {
        "entry": row,
        "form": defaultdict(str, form),
        "may_change": row is None or person.may_see(row.site),
        "scopes": tuple(Scope) if person.sites is None else (Scope.SITE, Scope.ARTICLE),
        "trial": trial,
        "tried": lambda sounds: [f"/staff/v1/preview/{one.segment_key}.wav" for one in sounds],
        "max_sentence": MAX_SENTENCE,
        "languages": languages_offered(parts, language_accepted(request)),
        "history": [{"row": one, "who": names.get(one.who, one.who)} for one in history],
        "complaint": refused.message if refused else "",
        "field": field_at_fault(refused) if refused else "",
        **_impact_values(changes),
    }
    return _page(request, parts, person, "staff_lexicon_entry.html", values, refused.status if refused else 200)


def _import_page(
    request: Request,
    parts: Parts,
    person: Person,
    form: Mapping[str, str],
    *,
    done: Imported | None = None,
    accepted: AcceptedImport | None = None,
    changes: Impact | None = None,
    complaint: str = "",
    status: int = 200,
) -> Response:
    values = {
        "form": defaultdict(str, form),
        "done": done,
        "accepted": accepted,
        "everywhere": person.sites is None,
        "complaint": complaint,
        **_impact_values(changes),
    }
    return _page(request, parts, person, "staff_lexicon_import.html", values, status)


def _impact_values(changes: Impact | None) -> dict[str, Any]:
    lines = [
        {
            "title": clip.title or clip.external_id,
            "site": clip.site,
            "clip": clip.clip_id,
            "article": clip.external_id,
            "changes": [
                {"text": clip.text_of(one), "before": said_words(one.before), "after": said_words(one.after)}
                for one in clip.changes
            ],
        }
        for clip in (changes.clips[:_SHOWN] if changes else ())
    ]
    return {"impact": changes, "lines": lines}


def _page(
    request: Request, parts: Parts, person: Person, template: str, values: dict[str, Any], status: int = 200
) -> Response:
    shared = {
        "person": person,
        "form_token": form_token(person.token),
        "sites": [site.name for site in list_sites(parts.database) if person.may_see(site.name)],
        "saved": request.query_params.get("saved", "")[:64],
        "removed": bool(request.query_params.get("removed")),
    }
    return page(request, template, shared | values, language=language_accepted(request), status=status)


def _seen(parts: Parts, person: Person, entry_id: str) -> LexiconEntryRow:
    """An entry that the person may read: of their sites, or for all. Raises NotFound, NotAllowed."""
    with parts.database.reading() as session:
        row = find(session, entry_id)
    if row.site is not None:
        person.require_site(row.site)
    return row
