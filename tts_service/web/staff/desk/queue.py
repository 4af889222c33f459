"""The desk's queue: what listeners report, the most urgent first, and decisions about several cases at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.corrections.cases import decisions
from tts_service.corrections.cases.decisions import DecisionOutcome, decide_together
from tts_service.corrections.cases.queue import QueueChoices, choices, queue
from tts_service.corrections.cases.undoing import undo
from tts_service.db.tables import CaseRow
from tts_service.db.tables.listeners import OPEN
from tts_service.errors import CaseChanged, InputRefused, NotFound
from tts_service.listeners.reports import MAX_COMMENT, find_report
from tts_service.parts import Parts
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, language_accepted
from tts_service.web.pages.errors import refusal
from tts_service.web.pages.names import code_name
from tts_service.web.pages.templating import page
from tts_service.web.pages.voice_names import voice_name
from tts_service.web.staff.desk.colleagues import Colleague, colleagues, reasons
from tts_service.web.staff.desk.queue_query import ME, NOBODY_NAMED, SHOWN_STATES, QueueQuery, carried_query
from tts_service.web.staff.desk.queue_view import queue_row
from tts_service.web.staff.session import OwnForm, SignedIn

router = APIRouter(prefix="/staff", include_in_schema=False)

DECISIONS = ("confirm", "reject", "assign", "undo")
"""What can be decided about several cases at once."""
_PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskNews:
    """What was just decided, and how to undo it."""

    text: str
    undo: str = ""
    """The cases as `named_cases` writes them; empty: it can't be undone here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A decision that couldn't be made about every case, and what stays in the page for the next attempt."""

    complaint: str
    cases: frozenset[str]
    """Those that stay selected."""
    reason: str
    reason_is_wrong: bool


@router.get("")
def show_queue(
    request: Request,
    person: SignedIn,
    parts: GivenParts,
    wanted: Annotated[QueueQuery, Query()],
    did: Annotated[str, Query(max_length=20)] = "",
    cases: Annotated[str, Query(max_length=10_000)] = "",
) -> Response:
    """Cases of the person's sites. `did`: what was just decided about `cases`."""
    words = catalogue(language_accepted(request))
    return _page(request, parts, person, wanted, told=_told(words, did, cases))


@router.post("/cases")
async def decide_about_cases(request: Request, person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Make one decision about the selected cases; the page says about which it couldn't be made, and why.

    Raises NotFound, NotAllowed, InputRefused."""
    return await run_in_threadpool(_decide, request, parts, person, form)


@router.get("/reports")
def old_list(_person: SignedIn) -> RedirectResponse:
    """Where the reports were listed before there were cases."""
    return RedirectResponse("/staff", 303)


@router.get("/reports/{reference}")
def show_report(
    reference: Annotated[str, Path(max_length=64)], person: SignedIn, parts: GivenParts
) -> RedirectResponse:
    """The report in its case. Raises NotFound, NotAllowed."""
    with parts.database.reading() as session:
        report = find_report(session, reference)
        person.require_site(report.site)
    if report.case_id is None:
        raise NotFound("This report will be on the desk in a moment: reload this page.")
    return RedirectResponse(f"/staff/cases/{report.case_id}#{report.id}", 303)


def named_cases(text: str) -> dict[str, int]:
    """Cases with the versions that were seen, from `case_1.3~case_2.1`. Raises InputRefused."""
    found = {}
    for one in filter(None, text.split("~")):
        case_id, dot, version = one.rpartition(".")
        if not (dot and version.isascii() and version.isdigit() and len(version) < 10):
            raise InputRefused("The list of cases can't be read: reload the page and choose them again.")
        found[case_id] = int(version)
    return found


def _decide(request: Request, parts: Parts, person: Person, form: Mapping[str, str]) -> Response:
    do = form.get("do", "")
    if do not in DECISIONS:
        raise InputRefused(f"The decision must be one of {', '.join(DECISIONS)}.")
    chosen = named_cases(form.get("cases", "")) if do == "undo" else _selected(form)
    with parts.database.reading() as session:
        for site in session.scalars(select(CaseRow.site).where(CaseRow.id.in_(chosen)).distinct()):
            person.require_site(site)

    def decision(case_id: str, version: int) -> CaseRow:
        match do:
            case "confirm":
                return decisions.confirm_case(parts, case_id, version=version, who=person.who)
            case "reject":
                reason = form.get("reason", "")
                return decisions.reject(parts, case_id, version=version, who=person.who, reason=reason)
            case "assign":
                to = form.get("assignee") or None
                return decisions.assign(parts, case_id, version=version, who=person.who, to=to)
            case _:
                return undo(parts, case_id, version=version, who=person.who)

    outcomes = decide_together(chosen, decision)
    wanted = carried_query(form.get("back", ""))
    changed = (one for one in outcomes if one.error is None and one.version != chosen[one.case_id])
    done = "~".join(f"{one.case_id}.{one.version}" for one in changed)
    if all(one.error is None for one in outcomes):
        return RedirectResponse(f"/staff?{wanted.query(did=do, cases=done)}", 303)
    words = catalogue(language_accepted(request))
    refused = Refused(
        complaint=_complaint(words, outcomes),
        # A case that somebody else has decided is to be looked at, and selected again.
        cases=frozenset(one.case_id for one in outcomes if one.error and not isinstance(one.error, CaseChanged)),
        reason=form.get("reason", "") if do == "reject" else "",
        reason_is_wrong=do == "reject" and any(isinstance(one.error, InputRefused) for one in outcomes),
    )
    return _page(request, parts, person, wanted, told=_told(words, do, done), refused=refused)


def _selected(form: Mapping[str, str]) -> dict[str, int]:
    return named_cases(
        "~".join(f"{name.removeprefix('case-')}.{value}" for name, value in form.items() if name.startswith("case-"))
    )


def _told(words: NullTranslations, did: str, cases: str) -> DeskNews | None:
    n = len(named_cases(cases))
    if not n:
        return None
    match did:
        case "confirm":
            text = words.ngettext("{n} case confirmed.", "{n} cases confirmed.", n)
        case "reject":
            text = words.ngettext("{n} case rejected.", "{n} cases rejected.", n)
        case "assign":
            text = words.ngettext("{n} case assigned.", "{n} cases assigned.", n)
        case "undo":
            text = words.ngettext(
                "The decision about {n} case is undone.", "The decisions about {n} cases are undone.", n
            )
        case _:
            return None
    return DeskNews(text=text.format(n=n), undo=cases if did in ("confirm", "reject") else "")


def _complaint(words: NullTranslations, outcomes: Sequence[DecisionOutcome]) -> str:
    return " ".join(dict.fromkeys(refusal(one.error.message, words) for one in outcomes if one.error is not None))


def _page(
    request: Request,
    parts: Parts,
    person: Person,
    wanted: QueueQuery,
    *,
    told: DeskNews | None = None,
    refused: Refused | None = None,
) -> Response:
    language = language_accepted(request)
    words = catalogue(language)
    with parts.database.reading() as session:
        now = parts.database.now_ms(session)
        chosen = wanted.filter(person, now)
        found = queue(session, chosen, after=wanted.after or None, most=_PER_PAGE)
        lists = choices(session, chosen)
        people = colleagues(session)
    counts = lists.by_state | {"open": sum(lists.by_state[state] for state in OPEN)}
    values: dict[str, Any] = {
        "person": person,
        "form_token": form_token(person.token),
        "rows": [queue_row(one, words, language) for one in found.cases],
        "wanted": wanted,
        "states": [
            {
                "name": name,
                "label": code_name(words, "state of a case", name),
                "query": wanted.query(state=name),
                "count": counts.get(name),
            }
            for name in SHOWN_STATES
        ],
        "choices": _choices(words, language, wanted, lists, people),
        "narrowed": bool(wanted.query()),
        "told": told,
        "refused": refused,
        "back": wanted.query(),
        "carried": wanted.carried,
        "older": wanted.query(after=found.after) if found.after else "",
        "first_query": wanted.query(),
        "max_note": MAX_COMMENT,
        "reasons": reasons(words),
        "people": [one for one in people if one.works_on(wanted.site)],
    }
    return page(request, "desk_queue.html", values, language=language, status=409 if refused else 200)


def _choices(
    words: NullTranslations, language: str, wanted: QueueQuery, lists: QueueChoices, people: Sequence[Colleague]
) -> list[dict[str, Any]]:
    """The selects of the filter: what each can be set to, and what it is set to."""
    every = ("", words.gettext("all"))
    ages = {
        "day": words.gettext("more than a day"),
        "week": words.gettext("more than a week"),
        "month": words.gettext("more than a month"),
    }
    assigned = [every, (ME, words.gettext("me")), (NOBODY_NAMED, words.gettext("nobody"))]
    assigned += [(one.id, one.short) for one in people]
    categories = [(one, code_name(words, "category, in short", one)) for one in lists.categories]
    found = (
        ("site", words.gettext("Site"), [every, *_plain(lists.sites, wanted.site)], wanted.site),
        ("language", words.gettext("Language"), [every, *_plain(lists.languages, wanted.language)], wanted.language),
        ("category", words.gettext("Category"), [every, *categories], wanted.category),
        (
            "voice",
            words.gettext("Voice"),
            [every, *((one, voice_name(one, language)) for one, _ in _plain(lists.voices, wanted.voice))],
            wanted.voice,
        ),
        ("age", words.gettext("Open for"), [every, *ages.items()], wanted.age),
        ("assigned", words.gettext("Assigned to"), assigned, wanted.assigned),
    )
    return [
        {"name": name, "label": label, "options": options, "chosen": chosen} for name, label, options, chosen in found
    ]


def _plain(values: Sequence[str], chosen: str) -> list[tuple[str, str]]:
    """Values that are their own labels; the chosen one stays even where no case has it."""
    return [(one, one) for one in sorted({*values, *filter(None, [chosen])})]
