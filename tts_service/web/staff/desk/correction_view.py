"""Corrections as the desk's pages show them: what was changed, for which texts, and what became of each clip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from gettext import NullTranslations
from textwrap import shorten
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites, within
from tts_service.corrections.cases.history import author_name
from tts_service.corrections.cases.page import CasePage
from tts_service.corrections.entry_edits import is_import
from tts_service.corrections.kinds import BLOCK, LEXICON, OF_ONE_ARTICLE
from tts_service.corrections.records import CorrectedClip, corrected_clips, silent_clips
from tts_service.db.tables import (
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionClipRow,
    CorrectionRow,
    JsonDict,
    UtteranceRow,
)
from tts_service.newsroom.repairs import SENTENCE
from tts_service.speakable.lexeme import Scope
from tts_service.web.pages.names import code_name
from tts_service.web.staff.desk.sound import stretch

_HEADLINE = 80
"""Characters of a rule's text in the line that names it."""
_FAILURES = 20
"""Failed clips that a case's page names."""
_ENDED = ("done", "not_needed", "taken_back")


def shown_corrections(session: Session, which: Select[str], words: NullTranslations) -> list[dict[str, Any]]:
    """Corrections by their ids for the templates, newest first, in one statement however many they are."""
    clip = CorrectionClipRow
    counts = select(clip.correction_id, clip.state, func.count().label("n")).where(clip.correction_id.in_(which))
    counted = counts.group_by(clip.correction_id, clip.state).subquery()
    query = (
        select(
            CorrectionRow,
            _title_of_repaired(),
            author_name(CorrectionRow.who),
            silent_clips(),
            counted.c.state,
            counted.c.n,
        )
        .outerjoin(counted, counted.c.correction_id == CorrectionRow.id)
        .where(CorrectionRow.id.in_(which))
        .order_by(CorrectionRow.id.desc())
    )
    found: dict[str, dict[str, Any]] = {}
    states: dict[str, dict[str, int]] = {}
    for row, title, name, silent, state, count in session.execute(query):
        states.setdefault(row.id, {}).update({state: count} if state else {})
        found[row.id] = _shown(row, title or "", states[row.id], name, words) | {"silent": silent}
    return list(found.values())


def shown_clips(
    session: Session, correction_id: str, sites: Sites, *, after: str, most: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Clips of a correction in these sites, by their ids; and where the next page begins."""
    found = corrected_clips(session, correction_id, only_sites=sites, after=after, most=most + 1)
    times = _times(session, [one.row for one in found[:most]])
    lines = [_clip(one, times.get(one.row.clip_id)) for one in found[:most]]
    return lines, found[most - 1].row.clip_id if len(found) > most else None


def correction_of_case(
    session: Session, shown: CasePage, sites: Sites, words: NullTranslations
) -> dict[str, Any] | None:
    """A case's correction for its page, with the clips in these sites that failed and the sound of the reported clip.
    None: there is none."""
    correction_id = shown.case.correction_id
    which = select(CorrectionRow.id).where(CorrectionRow.id == correction_id)
    found = next(iter(shown_corrections(session, which, words)), None) if correction_id else None
    if found is None or correction_id is None:
        return None
    clip = CorrectionClipRow
    is_reported = clip.clip_id == (shown.heard.clip_id if shown.heard else "")
    query = (
        select(clip, ArticleRow)
        .join(ClipRow, ClipRow.id == clip.clip_id)
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .where(clip.correction_id == correction_id, within(sites, ArticleRow.site))
        .where(or_(is_reported, clip.state == "failed"))
    )
    clips = session.execute(query.order_by(is_reported.desc(), clip.clip_id).limit(_FAILURES)).all()
    own = next((row for row, _ in clips if shown.heard and row.clip_id == shown.heard.clip_id), None)
    place = shown.now if shown.now and own and own.to_revision == shown.now.revision else None
    if place is None and own and own.to_revision and shown.heard:
        place = replace(shown.heard, revision=own.to_revision)
    unanswered = found["state"] == "done" and shown.case.state == "confirmed"
    return found | {
        "unchanged": unchanged_remark(words) if unanswered else "",
        "failures": [
            {"title": article.title or article.external_id, "reason": row.reason}
            for row, article in clips
            if row.state == "failed"
        ],
        "own": stretch(place.clip_id, place.revision, place.from_ms) if place else "",
    }


def unchanged_remark(words: NullTranslations) -> str:
    """Said where a correction leaves what was reported as it was."""
    return words.gettext("What was reported itself doesn’t change.")


def headline(row: CorrectionRow, title: str, words: NullTranslations) -> str:
    """What was changed, in a line: "Holyrood → Hollee rood"; of a repair, where: `title` is its article's."""
    if is_import(row):
        return words.gettext("Imported pronunciations")
    match row.kind:
        case "sentence":
            place = words.gettext("One sentence in “{title}”").format(title=title)
            said = shown_as(row.after, words)
            return place if said == "…" else f"{place} → {said}"
        case "voice":
            return words.gettext("Voice or speed of “{title}”").format(title=title)
        case "block":
            return rule_headline(row, words)
    entry = row.after or row.before or {}
    written = ", ".join(entry.get("graphemes") or ())
    return f"{written} → {shown_as(row.after, words)}" if written else code_name(words, "kind of correction", row.kind)


def rule_headline(row: CorrectionRow, words: NullTranslations) -> str:
    """What a rule for blocks says since a correction: "Not read: “Support our journalism”"."""
    rule = row.after or row.before or {}
    text = shorten(rule["text"], _HEADLINE, placeholder=" …")
    if rule["begins"]:
        text = f"{text.removesuffix(' …')} …"
    if row.after is None:
        return words.gettext("No rule any more: “{text}”").format(text=text)
    said = words.gettext("Read: “{text}”") if rule["treatment"] == "spoken" else words.gettext("Not read: “{text}”")
    return said.format(text=text)


def _title_of_repaired() -> ScalarSelect[str | None]:
    """The title of the article that a correction repairs; none for a correction of many articles."""
    return (
        select(func.coalesce(ArticleRow.title, ArticleRow.external_id))
        .where(ArticleRow.id == CorrectionRow.after["article_id"].as_string())
        .where(CorrectionRow.kind.in_(OF_ONE_ARTICLE))
        .correlate(CorrectionRow)
        .scalar_subquery()
    )


def shown_as(entry: JsonDict | None, words: NullTranslations) -> str:
    """How an entry says its word."""
    if entry is None:
        return words.gettext("by the rules of the language")
    return f"/{entry['ipa']}/" if entry.get("ipa") else str(entry.get("alias") or "…")


def _shown(
    row: CorrectionRow, title: str, counted: Mapping[str, int], name: str, words: NullTranslations
) -> dict[str, Any]:
    scope = (row.after or row.before or {}).get("scope")
    return {
        "id": row.id,
        "head": headline(row, title, words),
        "before": shown_as(row.before, words) if row.entry_id and row.kind in (LEXICON, SENTENCE) else "",
        "state": row.state,
        "taking_back": row.taken_back_ms is not None,
        "by_clip": row.kind == BLOCK or (row.kind == LEXICON and scope != Scope.ARTICLE),
        "site": row.site,
        "language": row.language,
        "why": row.why,
        "who": name,
        "at": row.created_ms,
        "case": row.case_id,
        "entry": row.entry_id,
        "sentences": row.sentences,
        "total": sum(counted.values()),
        "done": sum(counted.get(state, 0) for state in _ENDED),
        "failed": counted.get("failed", 0),
    }


def _times(session: Session, rows: Sequence[CorrectionClipRow]) -> dict[str, tuple[int, int]]:
    """By clip: when the first sentence that changed begins and ends in the revision that is played, in milliseconds."""
    said, revision = UtteranceRow, ClipRevisionRow
    firsts = [(row, row.changes[0]) for row in rows if row.changes]
    wanted = [(row.clip_id, _played(row), first["block"], first["start"]) for row, first in firsts]
    query = (
        select(said.clip_id, said.start_sample, said.samples, revision.sample_rate_hz)
        .join(revision, (revision.clip_id == said.clip_id) & (revision.revision == said.revision))
        .where(tuple_(said.clip_id, said.revision, said.block, said.start).in_(wanted))
    )
    return {
        clip_id: (start * 1000 // rate_hz, (start + (samples or 0)) * 1000 // rate_hz)
        for clip_id, start, samples, rate_hz in session.execute(query)
        if start is not None
    }


def _played(row: CorrectionClipRow) -> int:
    return row.to_revision or row.from_revision


def _clip(one: CorrectedClip, times: tuple[int, int] | None) -> dict[str, Any]:
    row, article = one.row, one.article
    first = row.changes[0] if row.changes else {}
    kept = times is not None or not row.changes
    audible = one.clip_state == "ready" and article.withdrawn_ms is None and kept
    return {
        "id": row.clip_id,
        "title": article.title or article.external_id,
        "article": article.id,
        "site": article.site,
        "state": row.state,
        "reason": row.reason,
        "from": row.from_revision,
        "to": row.to_revision,
        "text": first.get("text", ""),
        "more": max(0, len(row.changes) - 1),
        "before": first.get("before", ""),
        "after": first.get("after", ""),
        "sound": stretch(row.clip_id, _played(row), *(times or (0,))) if audible else "",
    }
