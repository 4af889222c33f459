"""Repairs of one article: another spoken form for a sentence, a pause behind it, another voice or speed.

Kept beside the article's text, so that a later edit of other sentences keeps them. The clip follows as with any
correction: prepared again, with every sentence that sounds as before taken from the store.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.article.repairs import occurrence_of
from tts_service.corrections.accept import Accepted, tidy_why
from tts_service.corrections.cases.settling import begin_correction
from tts_service.corrections.cases.state import locked_case
from tts_service.corrections.follow_up import queue_jobs
from tts_service.db.rows import stored_blocks, utterance_of
from tts_service.db.session import new_id
from tts_service.db.tables import (
    ArticleRepairRow,
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionClipRow,
    CorrectionRow,
    JsonDict,
    UtteranceRow,
)
from tts_service.engines.pronunciation.ipa import cleaned
from tts_service.engines.pronunciation.ipa_check import IpaCheck, SpelledBy
from tts_service.engines.voices.languages import same_primary_language
from tts_service.errors import Conflict, InputRefused, NotFound, RevisionOvertaken
from tts_service.jobs.again import renew_held
from tts_service.jobs.locks import lock_article_of
from tts_service.jobs.publish import held_revision
from tts_service.jobs.revise import RECORDING
from tts_service.newsroom.repairs import SENTENCE, VOICE, repair_fields
from tts_service.parts import Parts
from tts_service.speakable.changes import said_words
from tts_service.speakable.lexeme import MAX_SAID
from tts_service.values import Token, Utterance
from tts_service.values.repairs import SentenceRepair
from tts_service.values.speech_policy import MAX_PAUSE_MS, MAX_RATE, MIN_RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceProposal:
    """Another spoken form for a sentence of a clip, or a pause behind it; at least one of the three."""

    revision: int
    """The clip's current revision, which was heard, or the one that waits for its release."""
    position: int
    """Of the sentence in that revision."""
    start: int = 0
    """First character of the words in the sentence."""
    end: int | None = None
    """One past the last character; None: to the end of the sentence."""
    alias: str | None = None
    """What is said for the words, read by the language's rules."""
    ipa: str | None = None
    pause_after_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceProposal:
    """Another voice or speed for a whole article; at least one of the two."""

    voice: str | None = None
    """Its id; None: the present one stays."""
    rate: float | None = None
    """Speed; None: the present one stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairDraft:
    """A repair before it is kept."""

    row: ArticleRepairRow
    language: str
    change: JsonDict
    revision: int
    is_held: bool = False
    """Whether that revision waits for its release."""
    repair: SentenceRepair | None = None
    """What it is of a sentence; None: it is of the voice."""
    spelled_by: tuple[SpelledBy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something is repaired, and for which case."""

    who: str
    why: str = ""
    """Shown to the public."""
    case_id: str | None = None
    version: int | None = None
    """The version of the case that was seen."""


def repair_sentence(parts: Parts, clip_id: str, proposal: SentenceProposal, reason: Reason) -> Accepted:
    """Speak a sentence of one article otherwise. It stands above earlier repairs of the same words; others stay. Of a
    revision that waits for its release, another one is made that waits in its stead.

    Raises InputRefused (with the symbols that no voice can say), NotFound, RevisionOvertaken (the clip has a newer
    revision: hear that), CaseChanged."""
    return _keep(parts, clip_id, sentence_draft(parts, clip_id, proposal), reason)


def repair_voice(parts: Parts, clip_id: str, proposal: VoiceProposal, reason: Reason) -> Accepted:
    """Speak an article by another voice, or at another speed: the whole of it is spoken again.

    Raises InputRefused (also if it is spoken so already), VoiceNotFound, NotFound, CaseChanged."""
    return _keep(parts, clip_id, _voice_draft(parts, clip_id, proposal), reason)


def sentence_draft(parts: Parts, clip_id: str, wanted: SentenceProposal) -> RepairDraft:
    """What a proposal would keep. Raises as `repair_sentence`."""
    if wanted.alias is not None and wanted.ipa is not None:
        raise InputRefused("Give either a respelling or IPA, not both.")
    if wanted.alias is None and wanted.ipa is None and wanted.pause_after_ms is None:
        raise InputRefused("Say what is to be repaired: a respelling, IPA, or the pause behind the sentence.")
    if wanted.pause_after_ms is not None and not 0 <= wanted.pause_after_ms <= MAX_PAUSE_MS:
        raise InputRefused(f"A pause lasts 0 to {MAX_PAUSE_MS} ms.")
    with parts.database.reading() as session:
        held = held_revision(session, clip_id)
        is_held = held is not None and held == wanted.revision
        clip, revision = _heard(session, clip_id, held if is_held else None)
        if revision.revision != wanted.revision:
            raise RevisionOvertaken(
                f"Clip {clip_id} has revision {revision.revision} now: hear the sentence there.",
                revision=revision.revision,
            )
        said = session.get(UtteranceRow, (clip_id, revision.revision, wanted.position))
        if said is None:
            raise NotFound(f"Revision {revision.revision} of clip {clip_id} has no sentence {wanted.position}.")
        blocks = stored_blocks(revision.blocks)
        sentence = blocks[said.block].text[said.start : said.end]
        before = utterance_of(said)
    end = len(sentence) if wanted.end is None else wanted.end
    if not 0 <= wanted.start < end <= len(sentence):
        raise InputRefused(f"These words aren't in the sentence, which has {len(sentence)} characters.")
    try:
        occurrence = occurrence_of(blocks, sentence, said.block, said.start)
    except ValueError as error:
        if blocks[said.block].announcement:
            raise InputRefused("This sentence is announced, not read: it can't be repaired.") from error
        raise InputRefused("This passage begins or ends inside a word: it can't be repaired by itself.") from error
    alias, ipa, spelled = _checked(parts, wanted, said.language)
    repair = SentenceRepair(
        sentence=sentence,
        occurrence=occurrence,
        start=wanted.start,
        end=None if end == len(sentence) else end,
        alias=alias,
        ipa=ipa,
        pause_after_ms=wanted.pause_after_ms,
    )
    row = ArticleRepairRow(id=new_id("rep"), article_id=clip.article_id, kind=SENTENCE, **asdict(repair))
    words = alias or (f"/{ipa}/" if ipa else "")
    after = _with_words(before, said.start + wanted.start, said.start + end, words) if words else before
    place = {"block": said.block, "start": said.start, "end": said.end, "text": sentence}
    change = {**place, "before": said_words([before]), "after": said_words([after])}
    return RepairDraft(
        row=row,
        language=said.language,
        change=change,
        revision=revision.revision,
        is_held=is_held,
        repair=repair,
        spelled_by=spelled,
    )


def _with_words(said: Utterance, start: int, end: int, words: str) -> Utterance:
    """A sentence as it is said, with other words for a stretch of its block, between the punctuation of the old ones
    unless they have their own."""
    replaced = [token for token in said.tokens if token.start < end and start < token.end]
    fresh = Token(
        start=start,
        end=end,
        spoken=tuple(words.split()),
        before=replaced[0].before if replaced and words[0].isalnum() else "",
        after=replaced[-1].after if replaced and words[-1].isalnum() else "",
    )
    kept = [token for token in said.tokens if token not in replaced]
    return replace(said, tokens=tuple(sorted([*kept, fresh], key=lambda token: token.start)))


def _checked(
    parts: Parts, wanted: SentenceProposal, language: str
) -> tuple[str | None, str | None, tuple[SpelledBy, ...]]:
    """(respelling, IPA, voices that spell) in normal form. Raises InputRefused."""
    if wanted.ipa is not None:
        spelled = IpaCheck(parts.voices, language).spelled_by(wanted.ipa)
        return None, cleaned(wanted.ipa), spelled
    alias = " ".join(wanted.alias.split()) if wanted.alias is not None else None
    if alias is not None and not 0 < len(alias) <= 4 * MAX_SAID:
        raise InputRefused(f"A respelling has 1 to {4 * MAX_SAID} characters.")
    if alias is not None and not any(map(str.isalnum, alias)):
        raise InputRefused(f"The respelling {alias[:40]!r} contains nothing to speak.")
    return alias, None, ()


def _voice_draft(parts: Parts, clip_id: str, wanted: VoiceProposal) -> RepairDraft:
    if wanted.voice is None and wanted.rate is None:
        raise InputRefused("Say what is to be repaired: the voice or the speed.")
    if wanted.rate is not None and not MIN_RATE <= wanted.rate <= MAX_RATE:
        raise InputRefused(f"The speed is {MIN_RATE} to {MAX_RATE}; 1.0 is the voice's own.")
    with parts.database.reading() as session:
        clip, revision = _heard(session, clip_id)
        utterance = UtteranceRow
        of_revision = (utterance.clip_id == clip_id, utterance.revision == revision.revision)
        rates = session.scalars(select(utterance.rate).where(*of_revision).distinct()).all()
    if wanted.voice in (None, revision.voice["id"]) and wanted.rate in (None, *rates) and len(rates) < 2:
        raise InputRefused("The article is already spoken by this voice at this speed: choose another.")
    if wanted.voice is not None:
        voice = parts.voices.find(wanted.voice)
        if not same_primary_language(voice.language, revision.language):
            raise InputRefused(f"{voice.id} speaks {voice.language}, but the article is in {revision.language}.")
    row = ArticleRepairRow(
        id=new_id("rep"),
        article_id=clip.article_id,
        kind=VOICE,
        sentence="",
        occurrence=0,
        start=0,
        voice=wanted.voice,
        rate=wanted.rate,
    )
    now = wanted.voice or str(revision.voice["id"])
    after = now if wanted.rate is None else f"{now}, {wanted.rate:g}×"
    change = {"block": 0, "start": 0, "end": 0, "text": "", "before": str(revision.voice["id"]), "after": after}
    return RepairDraft(row=row, language=revision.language, change=change, revision=revision.revision)


def _heard(session: Session, clip_id: str, held: int | None = None) -> tuple[ClipRow, ClipRevisionRow]:
    """A clip and the revision that is heard, or the one that staff hear before its release. Raises NotFound."""
    clip = session.get(ClipRow, clip_id)
    number = held or (clip.current_revision if clip else None)
    revision = session.get(ClipRevisionRow, (clip_id, number)) if number else None
    if clip is None or revision is None or clip.state == "withdrawn":
        raise NotFound(f"Nothing is heard of clip {clip_id[:64]}.")
    if revision.cause == RECORDING:
        raise Conflict("A person reads this article: take the recording back before you change how it is spoken.")
    return clip, revision


def _keep(parts: Parts, clip_id: str, draft: RepairDraft, reason: Reason) -> Accepted:
    why = tidy_why(reason.why)
    correction_id = new_id("cor")
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        lock_article_of(session, clip_id)
        clip = session.scalars(select(ClipRow).where(ClipRow.id == clip_id).with_for_update(key_share=True)).one()
        article = session.get_one(ArticleRow, clip.article_id)
        draft.row.created_ms = now
        session.add(draft.row)
        session.add(
            CorrectionRow(
                id=correction_id,
                kind=draft.row.kind,
                case_id=reason.case_id,
                site=article.site,
                language=draft.language,
                entry_id=draft.row.id,
                before=None,
                after=repair_fields(draft.row),
                why=why,
                who=reason.who,
                state="done" if draft.is_held else "rendering",
                sentences=1,
                clips=0 if draft.is_held else 1,
                created_ms=now,
            )
        )
        session.flush()
        if not draft.is_held:  # of a held revision nobody has heard anything: it joins once that is released
            row: dict[str, Any] = {"from_revision": draft.revision, "state": "waiting", "reason": "", "updated_ms": now}
            session.add(CorrectionClipRow(correction_id=correction_id, clip_id=clip_id, changes=[draft.change], **row))
        if reason.case_id is not None:
            case = locked_case(parts, session, reason.case_id, reason.version)
            if case.site != article.site:
                raise InputRefused(f"The case is about {case.site}, and the article is of {article.site}.")
            begin_correction(parts, session, case, correction_id, reason.who)
        deed = Deed(who=reason.who, what="correction.accepted", subject=correction_id, site=article.site)
        note(parts.database, session, deed)
    if draft.is_held:
        renew_held(parts, draft.row.article_id)
    else:
        queue_jobs(parts, correction_id=correction_id)
    return Accepted(
        correction_id=correction_id, entry_id=draft.row.id, clips=1, sentences=1, spelled_by=draft.spelled_by
    )
