"""One sentence of an article, said otherwise there alone: typed, heard before and after, then accepted."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.corrections.repairs import Reason, SentenceProposal, repair_sentence
from tts_service.corrections.trials.repair_trial import RepairTrial, try_repair
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, UtteranceRow
from tts_service.errors import InputRefused, NotFound, ServiceError
from tts_service.jobs.publish import held_revision
from tts_service.jobs.revise import RECORDING
from tts_service.newsroom.lexicon_place import ArticleName
from tts_service.parts import Parts
from tts_service.values.speech_policy import MAX_PAUSE_MS
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, duration, language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.desk.marked import differing_words
from tts_service.web.staff.desk.try_view import spelled_remark
from tts_service.web.staff.session import OwnForm, SignedIn

router = APIRouter(prefix="/staff/articles", include_in_schema=False)

ArticleId = Annotated[str, Path(max_length=64)]
Position = Annotated[int, Path(ge=0, le=10**6)]
_FIELDS = ("words", "alias", "ipa", "pause")
"""What decides how the sentence sounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """A sentence of the revision that the article's page shows."""

    article: ArticleRow
    clip_id: str
    revision: int
    is_held: bool
    position: int
    text: str
    language: str


@router.get("/{article_id}/sentences/{position}")
def show_sentence(
    request: Request, article_id: ArticleId, position: Position, person: SignedIn, parts: GivenParts
) -> Response:
    """The form to repair a sentence. Raises NotFound, NotAllowed."""
    with parts.database.reading() as session:
        found = _found(session, person, article_id, position)
    return _page(request, person, found, {})


@router.post("/{article_id}/sentences/{position}")
async def send_sentence(
    request: Request, article_id: ArticleId, position: Position, person: SignedIn, form: OwnForm, parts: GivenParts
) -> Response:
    """Let a repair be heard, or accept the one that was heard. Raises NotFound, NotAllowed."""
    return await run_in_threadpool(_repair, request, parts, person, article_id, position, dict(form))


def _repair(
    request: Request, parts: Parts, person: Person, article_id: str, position: int, form: Mapping[str, str]
) -> Response:
    with parts.database.reading() as session:
        found = _found(session, person, article_id, position)
    try:
        proposal = _proposal(found, form)
        if form.get("do") == "accept" and form.get("seen") == _digest(found, form):
            repair_sentence(parts, found.clip_id, proposal, Reason(who=person.who, why=form.get("why", "")))
            return RedirectResponse(f"/staff/articles/{article_id}?done=correction.accepted#told", 303)
        name = ArticleName(found.article.site, found.article.external_id)
        trial = try_repair(parts, request.app.state.resident_engine, name, found.clip_id, proposal)
    except ServiceError as error:
        return _page(request, person, found, form, refused=error)
    return _page(request, person, found, form, trial=trial)


def _proposal(found: _Sentence, form: Mapping[str, str]) -> SentenceProposal:
    """Raises InputRefused."""
    words, pause = form.get("words", "").strip(), form.get("pause", "").strip()
    start = found.text.find(words)
    if start < 0:
        raise InputRefused(f"The sentence doesn't contain {words[:80]!r}.", field="words")
    if pause and not (pause.isascii() and pause.isdigit() and len(pause) < 7):
        raise InputRefused(f"A pause lasts 0 to {MAX_PAUSE_MS} ms.", field="pause")
    return SentenceProposal(
        revision=found.revision,
        position=found.position,
        start=start,
        end=start + len(words) if words else None,
        alias=form.get("alias", "").strip() or None,
        ipa=form.get("ipa", "").strip() or None,
        pause_after_ms=int(pause) if pause else None,
    )


def _digest(found: _Sentence, form: Mapping[str, str]) -> str:
    """Equal where the same is tried of the same revision."""
    tried = repr([found.revision, found.text, *(form.get(name, "").strip() for name in _FIELDS)])
    return hashlib.sha256(tried.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _page(
    request: Request,
    person: Person,
    found: _Sentence,
    form: Mapping[str, str],
    *,
    trial: RepairTrial | None = None,
    refused: ServiceError | None = None,
) -> Response:
    language = language_accepted(request)
    words = catalogue(language)
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "sentence": found,
        "form": defaultdict(str, form),
        "heard": _shown(trial, words, language) if trial else None,
        "seen": _digest(found, form),
        "complaint": refused.message if refused else "",
        "field": str(refused.details.get("field", "alias")) if refused else "",
    }
    return page(request, "staff_sentence.html", values, language=language, status=refused.status if refused else 200)


def _shown(trial: RepairTrial, words: NullTranslations, language: str) -> dict[str, Any]:
    old, new = (" ".join(one.words for one in said) for said in (trial.before, trial.after))
    before, after = differing_words(old, new)
    remarks = [spelled_remark(trial.spelled_by, words)]
    if trial.pauses_ms[0] != trial.pauses_ms[1]:
        pause = words.gettext("Pause after it: {before} ms before, {after} ms now.")
        remarks.append(pause.format(before=trial.pauses_ms[0], after=trial.pauses_ms[1]))
    if trial.same:
        remarks.append(words.gettext("It sounds the same as before."))
    text = words.ngettext(
        "Changes {n} sentence in {articles}: {audio} of audio, about {work} of work.",
        "Changes {n} sentences in {articles}: {audio} of audio, about {work} of work.",
        trial.sentences,
    )
    return {
        "language": trial.language,
        "before": before,
        "after": after,
        "before_sound": [f"/staff/v1/preview/{one.segment_key}.wav" for one in trial.before],
        "after_sound": [f"/staff/v1/preview/{one.segment_key}.wav" for one in trial.after],
        "same": trial.same,
        "remarks": [one for one in remarks if one],
        "summary": text.format(
            n=trial.sentences,
            articles=words.ngettext("{n} article", "{n} articles", 1).format(n=1),
            audio=duration(trial.audio_ms, language),
            work=duration(trial.work_ms, language),
        ),
    }


def _found(session: Session, person: Person, article_id: str, position: int) -> _Sentence:
    """Raises NotFound, NotAllowed."""
    article = session.get(ArticleRow, article_id)
    if article is None:
        raise NotFound(f"There is no article {article_id[:64]}.")
    person.require_site(article.site)
    clip = session.scalars(select(ClipRow).where(ClipRow.article_id == article_id)).one_or_none()
    held = held_revision(session, clip.id) if clip else None
    number = held or (clip.current_revision if clip else None)
    row = session.get(ClipRevisionRow, (clip.id, number)) if clip and number else None
    said = session.get(UtteranceRow, (row.clip_id, row.revision, position)) if row else None
    if clip is None or row is None or said is None or row.cause == RECORDING:
        raise NotFound(f"Revision {number} of clip {clip.id if clip else '-'} has no sentence {position}.")
    block = row.blocks[said.block]
    return _Sentence(
        article=article,
        clip_id=clip.id,
        revision=row.revision,
        is_held=held is not None,
        position=position,
        text=block["text"][said.start : said.end],
        language=said.language,
    )
