"""The page of one article: hear it, see why it is as it is, release it, render it again, take it offline."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.cms.checks.restore import restore_articles
from tts_service.corrections.release import release_held
from tts_service.corrections.repairs import Reason, VoiceProposal, repair_voice
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow
from tts_service.errors import InputRefused, NotFound, ServiceError
from tts_service.jobs.again import render_again, restore_article, take_article_offline
from tts_service.jobs.recordings import accept_recording, take_back_recording
from tts_service.jobs.revise import RECORDING, is_recorded
from tts_service.listeners.listening.figures import FEW
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.sites import options_for
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.values import PUBLIC, Rendition
from tts_service.web.doors.bodies import RECORDING_BYTES
from tts_service.web.given import GivenParts, RevisionNumber
from tts_service.web.languages import catalogue, language_accepted
from tts_service.web.pages.clip import player_values, skipped_lines, skipped_parts
from tts_service.web.pages.names import code_name
from tts_service.web.pages.reasons import reason_in
from tts_service.web.pages.templating import page
from tts_service.web.reading import present
from tts_service.web.sound.files import AudioFile, serve
from tts_service.web.staff.articles.facts import ArticleFacts, article_facts
from tts_service.web.staff.articles.voice_choice import voices_offered
from tts_service.web.staff.session import OwnForm, OwnUpload, SignedIn

router = APIRouter(prefix="/staff/articles", include_in_schema=False)

ArticleId = Annotated[str, Path(max_length=64)]
_DEEDS = (
    "clip.released",
    "article.rendered-again",
    "article.withdrawn",
    "article.restored",
    "correction.accepted",
    "lexicon.added",
    "recording.sent",
    "recording.taken-back",
)
"""What the page's forms do, as the audit log calls it."""
_ENDED = ("succeeded", "failed", "cancelled", "superseded")


@router.get("/{article_id}")
def show_article(request: Request, article_id: ArticleId, person: SignedIn, parts: GivenParts) -> Response:
    """Everything about one article. Raises NotFound, NotAllowed."""
    return _page(request, parts, person, article_id)


@router.get("/{article_id}/r/{revision}/audio.mp3", response_class=Response)
def hear_revision(
    request: Request, article_id: ArticleId, revision: RevisionNumber, person: SignedIn, parts: GivenParts
) -> Response:
    """The sound of any finished revision, also of one that listeners don't hear. Raises NotFound, NotAllowed."""
    with parts.database.reading() as session:
        article = _own(session.get(ArticleRow, article_id), person, article_id)
        clip = session.scalars(select(ClipRow).where(ClipRow.article_id == article.id)).one_or_none()
        row = session.get(ClipRevisionRow, (clip.id, revision)) if clip else None
    made = [Rendition(**one) for one in (row.renditions if row else None) or () if one["format"] == "mp3"]
    if row is None or not made:
        raise NotFound(f"Revision {revision} of this article is not finished.")
    name = f"clips/{row.clip_id}/{revision}/{made[0].file_name}"
    at_ms = row.ready_ms or row.created_ms
    file = AudioFile(name=name, rendition=made[0], ready_ms=at_ms, public=False, title=row.title or "")
    return serve(parts, file, request.method, request.headers)


@router.post("/{article_id}")
async def change_article(
    request: Request, article_id: ArticleId, person: SignedIn, form: OwnForm, parts: GivenParts
) -> Response:
    """Do what one of the page's forms asks for; the page says why not, where that can't be.

    Raises NotFound, NotAllowed."""
    return await run_in_threadpool(_change, request, parts, person, article_id, dict(form))


@router.post("/{article_id}/recording")
async def upload_recording(
    request: Request, article_id: ArticleId, person: SignedIn, form: OwnUpload, parts: GivenParts
) -> Response:
    """Publish a person's recording of the article; the page says why not, where that can't be.

    Raises NotFound, NotAllowed."""
    return await run_in_threadpool(_record, request, parts, person, article_id, form)


def _record(request: Request, parts: Parts, person: Person, article_id: str, form: FormData) -> Response:
    with parts.database.reading() as session:
        _own(session.get(ArticleRow, article_id), person, article_id)
    sent = form.get("sound")
    try:
        if not isinstance(sent, UploadFile) or not sent.size:
            raise InputRefused("Choose a sound file.")
        with tempfile.TemporaryDirectory(prefix="tts-recording-") as folder:
            path = FilePath(folder) / "sent"
            with path.open("wb") as file:
                shutil.copyfileobj(sent.file, file)
            accept_recording(parts, article_id, path, who=person.who, any_length=bool(form.get("any_length")))
    except ServiceError as error:
        shown = {"do": "record"}
        return _page(request, parts, person, article_id, form=shown, complaint=error.message, status=error.status)
    return RedirectResponse(f"/staff/articles/{article_id}?done=recording.sent#told", 303)


def _change(request: Request, parts: Parts, person: Person, article_id: str, form: dict[str, str]) -> Response:
    with parts.database.reading() as session:
        article = _own(session.get(ArticleRow, article_id), person, article_id)
    try:
        done = _do(parts, person, article, form)
    except ServiceError as error:
        return _page(request, parts, person, article_id, form=form, complaint=error.message, status=error.status)
    return RedirectResponse(f"/staff/articles/{article_id}?done={done}#told", 303)


def _do(parts: Parts, person: Person, article: ArticleRow, form: dict[str, str]) -> str:
    """Do it, and say what was done as the audit log calls it. Raises ServiceErrors of what is done; InputRefused."""
    match form.get("do", ""):
        case "release":
            release_held(parts, _clip_id(parts, article), who=person.who, revision=_number(form.get("revision", "")))
            return "clip.released"
        case "render":
            render_again(parts, article.id, who=person.who, voice=form.get("voice") or None)
            return "article.rendered-again"
        case "voice":
            return _speak_otherwise(parts, person, article, form)
        case "unrecord":
            take_back_recording(parts, article.id, who=person.who)
            return "recording.taken-back"
        case "withdraw":
            take_article_offline(parts, article.id, who=person.who)
            return "article.withdrawn"
        case "restore" if article.withdrawn_by == "check":
            restore_articles(parts, article.site, [article.id], person.who)
            return "article.restored"
        case "restore":
            restore_article(parts, article.id, who=person.who)
            return "article.restored"
        case "pronounce":
            _pronounce(parts, person, article, form)
            return "lexicon.added"
    raise InputRefused("This form is not known here: open the page again.")


def _speak_otherwise(parts: Parts, person: Person, article: ArticleRow, form: Mapping[str, str]) -> str:
    """Another voice or speed for the article, kept when its text changes. Raises InputRefused, NotFound."""
    rate = form.get("rate", "").strip().replace(",", ".")
    try:
        proposal = VoiceProposal(voice=form.get("voice") or None, rate=float(rate) if rate else None)
    except ValueError as error:
        raise InputRefused(f"{rate[:20]!r} is not a speed: enter a number from 0.5 to 2.") from error
    repair_voice(parts, _clip_id(parts, article), proposal, Reason(who=person.who, why=form.get("why", "")))
    return "correction.accepted"


def _pronounce(parts: Parts, person: Person, article: ArticleRow, form: dict[str, str]) -> None:
    """Add a pronunciation that holds for this article only. Raises InputRefused, Conflict."""
    lexeme = Lexeme(
        graphemes=(form.get("grapheme", "").strip(),),
        language=form.get("language", "").strip(),
        alias=form.get("alias", "").strip() or None,
        ipa=form.get("ipa", "").strip() or None,
        scope=Scope.ARTICLE,
    )
    place = Place.of(article.site, article.external_id)
    add(parts.database, parts.voices, place, lexeme, note="", author=person.who)


def _page(
    request: Request,
    parts: Parts,
    person: Person,
    article_id: str,
    *,
    form: dict[str, str] | None = None,
    complaint: str = "",
    status: int = 200,
) -> Response:
    language = language_accepted(request)
    words = catalogue(language)
    with parts.database.reading() as session:
        _own(session.get(ArticleRow, article_id), person, article_id)
        facts = article_facts(session, article_id)
        player = _player(parts, session, facts, language)
        recorded = facts.clip is not None and is_recorded(session, facts.clip.id, facts.clip.current_revision)
    holds = options_for(parts.database, facts.article.site).hold
    blocks = [
        {
            "number": number,
            "code": block["kind"],
            "kind": code_name(words, "block", block["kind"]),
            "text": block["text"],
            "language": block["language"],
            "spoken": block["spoken"],
            "announcement": block.get("announcement"),
            "reason": reason_in(block["skip_reason"], words) if block["skip_reason"] else "",
            "sentences": [one for one in facts.sentences if one.block == number],
        }
        for number, block in enumerate(facts.shown.blocks if facts.shown else ())
    ]
    values: dict[str, Any] = {
        "person": person,
        "form_token": form_token(person.token),
        "facts": facts,
        "few": FEW,
        "article": facts.article,
        "clip": facts.clip,
        "job": facts.job,
        "ended": facts.job is None or facts.job.state in _ENDED,
        "player": player,
        "recorded": recorded,
        "recording": facts.job is not None and (facts.job.basis or {}).get("cause") == RECORDING,
        "recording_mb": RECORDING_BYTES // 1_000_000,
        "holds": holds,
        "blocks": blocks,
        "repairable": facts.clip is not None
        and facts.shown is not None
        and facts.shown.revision in (facts.held, facts.clip.current_revision)
        and not recorded,
        "account": [line for line in skipped_parts(facts.shown, words) if line["kind"] == "lost"],
        "left_out": skipped_lines((facts.job.error or {}).get("account", ()) if facts.job else (), words),
        "voices": voices_offered(parts, facts.shown.language if facts.shown else None, site=facts.article.site),
        "form": defaultdict(str, form or {}),
        "complaint": complaint,
        "done": done if (done := request.query_params.get("done", "")) in _DEEDS else "",
    }
    return page(request, "staff_article.html", values, language=language, status=status)


def _player(parts: Parts, session: Session, facts: ArticleFacts, language: str) -> dict[str, Any] | None:
    """What the public player needs; None where readers have none, or only with a grant."""
    if facts.clip is None or facts.article.visibility != PUBLIC:
        return None
    try:
        return player_values(present(parts, session, facts.clip.id), language)
    except NotFound:
        return None


def _own(article: ArticleRow | None, person: Person, article_id: str) -> ArticleRow:
    """Raises NotFound, NotAllowed."""
    if article is None:
        raise NotFound(f"There is no article {article_id[:64]}.")
    person.require_site(article.site)
    return article


def _clip_id(parts: Parts, article: ArticleRow) -> str:
    """The article's own clip: what a form says could be another site's. Raises NotFound."""
    with parts.database.reading() as session:
        found = session.scalars(select(ClipRow.id).where(ClipRow.article_id == article.id)).one_or_none()
    if found is None:
        raise NotFound("This article has no clip.")
    return found


def _number(text: str) -> int | None:
    """Raises InputRefused."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InputRefused("Enter the revision as a number.")
    return int(text)
