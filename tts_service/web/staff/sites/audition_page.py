"""The page of a site's audition: the text, a row for each voice, and the choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.db.rows import stored_blocks
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow
from tts_service.engines.voices.licences import VOICE_LICENCES
from tts_service.errors import NotFound, ServiceError
from tts_service.narration.audition import voices_to_audition
from tts_service.newsroom.audition import MAX_TEXT, AuditionProgress, SiteAudition, first_paragraphs
from tts_service.newsroom.policies import policy_for
from tts_service.parts import Parts
from tts_service.speakable.language import codes
from tts_service.values import BlockKind, Voice
from tts_service.values.speech_policy import SpeechPolicy
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.pages.voice_names import language_name
from tts_service.web.staff.articles.voice_choice import site_language, speaking_voices

_NEWEST = 30
"""Articles offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditionForm:
    """The form's fields."""

    text: str = ""
    language: str = ""
    voice: str = ""
    """Id of the voice that was asked to speak; empty: all of them."""
    chosen: str = ""
    use: str = ""
    article: str = ""
    """Id of the article whose beginning has just been taken."""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> AuditionForm:
        return cls(**{name: form.get(name, "") for name in ("text", "language", "voice", "chosen", "use")})


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditionOutcome:
    """What a step did."""

    progress: Mapping[str, AuditionProgress] = field(default_factory=dict)
    """By id of the voice that just spoke."""
    more: bool = False
    """Whether sentences are still missing."""
    saved: bool = False
    complaint: str = ""
    status: int = 200


def form_for(parts: Parts, site: str, article_id: str) -> AuditionForm:
    """The form for a new audition, with an article's beginning if one is named. Raises NotFound."""
    if not article_id:
        speaking = [code for code in codes() if parts.voices.speaks(code)]
        wanted = (site_language(parts, site) or "").partition("-")[0]
        return AuditionForm(language=wanted if wanted in speaking else "en")
    with parts.database.reading() as session:
        query = _articles(site).add_columns(ClipRevisionRow.language, ClipRevisionRow.blocks)
        found = session.execute(query.where(ArticleRow.id == article_id)).first()
    if found is None:
        raise NotFound(f"There is no article {article_id[:64]} of {site}.")
    return AuditionForm(
        text=first_paragraphs(tuple(stored_blocks(found.blocks))),
        language=found.language.partition("-")[0],
        article=article_id,
    )


def audition_page(
    request: Request,
    parts: Parts,
    person: Person,
    site: str,
    form: AuditionForm,
    outcome: AuditionOutcome = AuditionOutcome(),
) -> Response:
    shown_in = language_accepted(request)
    with parts.database.reading() as session:
        articles = _newest_articles(session, site)
    policy = policy_for(parts.database, parts.settings, site)
    speaking = speaking_voices(parts, site, policy)
    present = speaking[form.language].voice.id if form.language in speaking else ""
    voices = voices_to_audition(parts.voices, form.language) if form.language in speaking else ()
    progress = _progress_of(parts, site, form, voices) | dict(outcome.progress)
    values: dict[str, Any] = {
        "person": person,
        "form_token": form_token(person.token),
        "site": site,
        "admin": person.role == "admin",
        "form": form,
        "max_text": MAX_TEXT,
        "articles": articles,
        "languages": {code: language_name(code, shown_in) for code in speaking},
        "rows": [_row(voice, present, policy, progress.get(voice.id)) for voice in voices],
        "kinds": [kind.value for kind in BlockKind],
        "outcome": outcome,
    }
    return page(request, "staff_audition.html", values, language=shown_in, status=outcome.status)


def _progress_of(parts: Parts, site: str, form: AuditionForm, voices: tuple[Voice, ...]) -> dict[str, AuditionProgress]:
    """By voice id; empty where there is nothing to speak, of which the page's complaint says why."""
    if not form.text.strip():
        return {}
    try:
        audition = SiteAudition(parts, site, form.text, form.language)
    except ServiceError:
        return {}
    return {voice.id: audition.progress(voice) for voice in voices}


def _row(voice: Voice, present: str, policy: SpeechPolicy, progress: AuditionProgress | None) -> dict[str, Any]:
    licence = VOICE_LICENCES.get(voice.id)
    return {
        "id": voice.id,
        "cost": voice.cpu_s_per_minute,
        "licence": voice.licence,
        "commercial": licence.commercial.value if licence else "",
        "present": voice.id == present,
        "kinds": [kind.value for kind, block in policy.blocks.items() if block.voice == voice.id],
        "progress": progress,
    }


def _articles(site: str) -> Any:
    """The articles of a site that have a clip, with the revision that is shown."""
    shown = func.coalesce(ClipRow.current_revision, ClipRow.last_revision)
    return (
        select(ArticleRow.id, ClipRevisionRow.title)
        .join(ClipRow, ClipRow.article_id == ArticleRow.id)
        .join(ClipRevisionRow, (ClipRevisionRow.clip_id == ClipRow.id) & (ClipRevisionRow.revision == shown))
        .where(ArticleRow.site == site, ArticleRow.withdrawn_ms.is_(None))
        .order_by(ArticleRow.id.desc())
    )


def _newest_articles(session: Session, site: str) -> list[dict[str, str]]:
    rows = session.execute(_articles(site).limit(_NEWEST))
    return [{"id": row.id, "title": row.title or row.id} for row in rows]
