"""A case as its page shows it, also after a decision that was refused or a step of trying."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import Any

from fastapi import Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.corrections.cases.decisions import MAX_NOTE
from tts_service.corrections.cases.history import CaseDeed
from tts_service.corrections.cases.page import CasePage, ReportedOnce, case_page
from tts_service.corrections.cases.queue import BEFORE_MS
from tts_service.db.tables import CaseRow
from tts_service.errors import CaseChanged, NotFound, ServiceError
from tts_service.listeners.reports import MAX_COMMENT, RESOLVED
from tts_service.parts import Parts
from tts_service.web.languages import catalogue, language_accepted, moment
from tts_service.web.pages.errors import refusal
from tts_service.web.pages.names import code_name
from tts_service.web.pages.rule_names import rule_name
from tts_service.web.pages.templating import page
from tts_service.web.pages.voice_names import voice_name
from tts_service.web.staff.desk.colleagues import colleagues, reasons
from tts_service.web.staff.desk.correction_view import correction_of_case, shown_as
from tts_service.web.staff.desk.draft import EntryDraft
from tts_service.web.staff.desk.marked import MarkedText
from tts_service.web.staff.desk.queue_query import carried_query
from tts_service.web.staff.desk.queue_view import case_name, place_sound, short_person
from tts_service.web.staff.desk.sound import stretch
from tts_service.web.staff.desk.try_view import Outcome, try_values

_TYPED = ("note", "reason", "other")
"""Fields that keep what was typed when a decision is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFound:
    """What a case's page shows beside the case."""

    case_id: str
    error: ServiceError | None = None
    """Why a decision was refused."""
    wrong: str = ""
    """Name of the field that is at fault."""
    did: str = ""
    """What was just done: a deed as the history names it."""
    queue: str = ""
    """Query of the queue's list that the case was opened from."""
    form: Mapping[str, str] = field(default_factory=dict)
    """What was typed."""
    draft: EntryDraft | None = None
    """What is tried; None: nothing yet."""
    outcome: Outcome = field(default_factory=Outcome)
    """What trying it found."""


def find_case(session: Session, person: Person, case_id: str) -> CaseRow:
    """A case of the person's sites. Raises NotFound, NotAllowed."""
    case = session.get(CaseRow, case_id)
    if case is None:
        raise NotFound(f"There is no case {case_id[:40]}.")
    person.require_site(case.site)
    return case


def case_page_of(request: Request, parts: Parts, person: Person, found: CaseFound) -> Response:
    """The page. Raises NotFound, NotAllowed."""
    language = language_accepted(request)
    words = catalogue(language)
    queue = carried_query(found.queue)
    with parts.database.reading() as session:
        shown = case_page(session, found.case_id)
        person.require_site(shown.case.site)
        people = colleagues(session)
        correction = correction_of_case(session, shown, person.sites, words)
        fitting = _cases_named(session, found.error, language)
    draft = found.draft or EntryDraft.fresh(shown, offered_why(shown, shown.case.written, words))
    values = try_values(parts, person, shown, draft, found.outcome, words, language) | {
        "person": person,
        "form_token": form_token(person.token),
        "may_change": person.may_see(shown.case.site),
        "case": _case(shown, words, language),
        "tokens": [_token(one, words) for one in shown.said],
        "reports": [_report(one, shown, words) for one in shown.reports],
        "notes": [{"text": one.text, "who": short_person(one.name), "at": one.created_ms} for one in shown.notes],
        "history": [_deed(one, words) for one in shown.deeds],
        "entries": [_entry(one) for one in shown.entries],
        "correction": correction,
        "people": [one for one in people if one.works_on(shown.case.site)],
        "reasons": reasons(words),
        "max_note": MAX_NOTE,
        "max_reason": MAX_COMMENT,
        "wrong": found.wrong,
        "told": deed_told(words, found.did),
        "fitting": fitting,
        "typed": {name: found.form.get(name, "") for name in _TYPED},
        "queue": queue.query(after=queue.after),
        "carried": queue.carried,
        "conflict": _conflict(found.error, words, language),
        "complaint": refusal(found.error.message, words) if found.error else "",
    }
    status = found.error.status if found.error else found.outcome.status
    return page(request, "desk_case.html", values, language=language, status=status)


def deed_told(words: NullTranslations, did: str) -> str:
    """What was just done, in a sentence; empty for what is no deed."""
    named = code_name(words, "deed", did)
    return f"{named[:1].upper()}{named[1:]}." if named != did else ""


def offered_why(shown: CasePage, word: str, words: NullTranslations) -> str:
    """The public reason that is offered for a word."""
    if shown.case.kind != "word" or not word:
        return ""
    return words.gettext("“{word}” was pronounced wrongly.").format(word=word)


def _case(shown: CasePage, words: NullTranslations, language: str) -> dict[str, Any]:
    # What the listeners heard, as long as it is kept: the newest revision may say it otherwise already.
    case, place = shown.case, shown.heard or shown.now or shown.case.heard
    newest = shown.leading
    return {
        "id": case.id,
        "version": case.version,
        "name": case_name(case, words),
        "written": case.written,
        "kind": case.kind,
        "language": case.language,
        "state": case.state,
        "category": code_name(words, "category, in short", case.category),
        "site": case.site,
        "voice": case.voice,
        "voice_name": voice_name(case.voice, language),
        "assignee": short_person(case.assigned_name or ""),
        "assigned_to": case.assigned_to,
        "sentence": MarkedText.of(shown.sentence, shown.word_start, shown.word_end),
        "sound": place_sound(place),
        "article": place.title if place else "",
        "clip": place.clip_id if place else "",
        "position_ms": place.at_ms if place else 0,
        "revision": place.revision if place else 0,
        "external_id": newest.external_id if newest else "",
        "gone": _gone(newest, words) if newest or not case.heard_text else "",
        "heard_text": case.heard_text,
        "since": _since(shown, words),
        "may_reopen": case.state in RESOLVED and case.correction_id is None,
        "undo": _undo(shown, words),
        "reason": case.reason,
        "duplicate_of": case.duplicate_of,
        "reports": case.reports,
        "articles": case.articles,
        "plays": case.plays,
    }


def _cases_named(session: Session, error: ServiceError | None, language: str) -> list[dict[str, Any]]:
    """The cases that a refusal offers to choose from, the heaviest first."""
    ids = error.details.get("cases", ()) if error else ()
    if not ids:
        return []
    row = CaseRow
    query = select(row.id, row.written, row.language, row.voice, row.reports, row.sentence).where(row.id.in_(ids))
    return [
        {
            "id": one.id,
            "name": one.written,
            "language": one.language,
            "voice": voice_name(one.voice, language),
            "reports": one.reports,
            "sentence": one.sentence,
        }
        for one in session.execute(query.order_by(row.rank.desc()))
    ]


def _gone(newest: ReportedOnce | None, words: NullTranslations) -> str:
    """Why the newest report's sentence can't be heard any more; empty: it can."""
    if newest is None:
        return words.gettext("Its reports were erased.")
    if newest.clip_state in ("withdrawn", "failed"):
        return code_name(words, "state of a clip, to staff", newest.clip_state)
    return "" if newest.still_there else words.gettext("The article doesn’t say this sentence any more.")


def _since(shown: CasePage, words: NullTranslations) -> dict[str, Any] | None:
    """The pronunciation that the word has got since it was heard, and how it sounds now; None: there is none."""
    since = shown.case.since
    if since is None:
        return None
    renewed = shown.now is not None and shown.heard is not None and shown.now.revision > shown.heard.revision
    return {
        "id": since.entry_id,
        "head": f"{', '.join(since.fields['graphemes'])} → {shown_as(since.fields, words)}",
        "who": short_person(since.name),
        "at": since.at_ms,
        "site": since.fields["site"],
        "sound": place_sound(shown.now) if renewed else "",
        "waits": shown.leading is not None and shown.leading.clip_revision == shown.leading.revision,
    }


def _undo(shown: CasePage, words: NullTranslations) -> str:
    """What the last decision was; empty: it can't be undone."""
    if not shown.case.can_undo:
        return ""
    decided = [one for one in shown.deeds if one.what not in ("case.noted", "case.assigned")]
    return _said(decided[-1], words) if decided else words.gettext("the last decision")


def _deed(deed: CaseDeed, words: NullTranslations) -> dict[str, Any]:
    return {
        "what": code_name(words, "deed", deed.what),
        "who": short_person(deed.name),
        "at": deed.at_ms,
    }


def _said(deed: CaseDeed, words: NullTranslations) -> str:
    named = code_name(words, "deed", deed.what)
    return words.gettext("{what} by {name}").format(what=named, name=short_person(deed.name))


def _token(one: Any, words: NullTranslations) -> dict[str, Any]:
    return {
        "written": one.written,
        "spoken": one.spoken or words.gettext("nothing"),
        "ipa": one.ipa or "",
        "rules": ", ".join(dict.fromkeys(rule_name(name, words) for name in one.rules)),
        "marked": one.reported,
    }


def _report(one: ReportedOnce, shown: CasePage, words: NullTranslations) -> dict[str, Any]:
    sentence = _sentence(one)
    withdrawn = one.clip_state == "withdrawn"
    return {
        "id": one.id,
        "comment": one.comment,
        "category": code_name(words, "category, in short", one.category),
        "at": one.created_ms,
        "article": one.title or one.external_id,
        "clip": one.clip_id,
        "revision": one.revision,
        "email": one.has_email,
        "gone": code_name(words, "state of a clip, to staff", one.clip_state) if withdrawn else "",
        "obsolete": not one.still_there and not withdrawn,
        "sentence": sentence,
        "differs": one.sentence != shown.sentence,
        "language": shown.case.language,
        "sound": "" if withdrawn else stretch(one.clip_id, one.revision, max(0, one.position_ms - BEFORE_MS)),
    }


def _sentence(one: ReportedOnce) -> MarkedText:
    start = one.sentence.find(one.written) if one.written else -1
    return MarkedText.of(one.sentence, start if start >= 0 else None, start + len(one.written))


def _entry(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "graphemes": ", ".join(row.graphemes),
        "alias": row.alias or "",
        "ipa": row.ipa or "",
        "scope": row.scope,
        "site": row.site or "",
        "language": row.language,
        "note": row.note,
    }


def _conflict(error: ServiceError | None, words: NullTranslations, language: str) -> dict[str, str] | None:
    """Who decided meanwhile, and what; None: nobody did."""
    if not isinstance(error, CaseChanged):
        return None
    if "who" not in error.details:
        return {"text": words.gettext("This case has changed since you opened it.")}
    return {
        "text": words.gettext("{name} was quicker: {what}, {moment}.").format(
            name=short_person(str(error.details["who"])),
            what=code_name(words, "deed", str(error.details["what"])),
            moment=moment(int(error.details["at_ms"]), language),
        )
    }
