"""Previews: hear a sentence with an entry that isn't saved; check a pronunciation while it is typed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response, Security

from tts_service.corrections.trials.suggestions import suggestions
from tts_service.corrections.trials.trial import ClipSentence, FreeSentence, tried_sound, try_sentence
from tts_service.db.tables import ArticleRow, ClipRow
from tts_service.engines.child.resident import ResidentEngine
from tts_service.engines.pronunciation.ipa import cleaned
from tts_service.engines.pronunciation.ipa_check import IpaCheck
from tts_service.errors import (
    Conflict,
    DiskFull,
    EngineUnavailable,
    InputRefused,
    InvalidRequest,
    LanguageNotSpoken,
    NotFound,
    SpeechServerUnavailable,
    StoreUnavailable,
    VoiceBudgetSpent,
    VoiceNotFound,
)
from tts_service.errors.faults import expected
from tts_service.parts import Parts
from tts_service.web.api.impact import proposal_sent
from tts_service.web.api.lexicon import MayEdit
from tts_service.web.given import GivenParts
from tts_service.web.responses import JSON_BODY, STAFF, binary, problems, reply
from tts_service.web.schemas.lexicon import Editor
from tts_service.web.schemas.preview import (
    IpaIn,
    IpaOut,
    IpaVoiceOut,
    PreviewIn,
    PreviewOut,
    SentenceIn,
    SuggestIn,
    SuggestionOut,
    SuggestOut,
)
from tts_service.web.security import SESSION
from tts_service.web.sound.wav import wav_answer

router = APIRouter(prefix="/v1/preview", tags=["lexicon"], dependencies=[Security(SESSION)])

_KEY = expected("^[0-9a-f]{64}$", "must be a key as a preview's answer has it")
_Key = Annotated[str, Path(pattern=_KEY, description="Key of the sound", examples=["5f" * 32])]


@router.post(
    "",
    responses=problems(
        *STAFF,
        *JSON_BODY,
        Conflict,
        DiskFull,
        EngineUnavailable,
        InputRefused,
        LanguageNotSpoken,
        NotFound,
        SpeechServerUnavailable,
        StoreUnavailable,
        VoiceBudgetSpent,
        VoiceNotFound,
    ),
)
def preview(sent: PreviewIn, who: MayEdit, parts: GivenParts, request: Request) -> PreviewOut:
    """Speak a sentence as it is and with a change of the lexicon that isn't saved.

    Without `lexeme` and `entry`, the sentence is spoken as it is. The sound is kept: what is heard here is what saving
    the change publishes. `same` is true if it sounds the same.
    """
    sentence = _sentence(parts, who, sent.sentence)
    changed = sent.lexeme is not None or bool(sent.entry)
    engine: ResidentEngine = request.app.state.resident_engine
    trial = try_sentence(
        parts, engine, sentence, proposal_sent(parts, who, sent) if changed else None, sent.voice or None
    )
    return PreviewOut.of(trial, request.url.path)


@router.get(
    "/{segment}.wav",
    response_class=Response,
    responses={
        200: reply("The sound.", binary("audio/wav")),
        **problems(*STAFF, InvalidRequest, NotFound, StoreUnavailable),
    },
)
def preview_sound(segment: _Key, who: MayEdit, parts: GivenParts) -> Response:
    """Get the sound of a preview."""
    return wav_answer(tried_sound(parts, segment))


@router.post("/suggestions", responses=problems(*STAFF, *JSON_BODY, InputRefused))
def suggest(sent: SuggestIn, who: MayEdit, parts: GivenParts, request: Request) -> SuggestOut:
    """Suggest what may be tried for a misread word.

    Entries for the same or a similar word, other readings of numbers and dates, letter by letter, and what voices of
    this and other languages say. A pronunciation that the voice can't say is left out (without `voice`: that no voice
    of the language can say), and so is what is said for the word already.
    """
    engine: ResidentEngine = request.app.state.resident_engine
    found = suggestions(parts, engine, sent.word, sent.language, site=sent.site, only_sites=who.sites, voice=sent.voice)
    return SuggestOut(suggestions=[SuggestionOut.of(one) for one in found])


@router.post("/ipa", responses=problems(*STAFF, *JSON_BODY))
def check_ipa(sent: IpaIn, who: MayEdit, parts: GivenParts) -> IpaOut:
    """Check a pronunciation: which voices of a language can say it, and which symbols the others don't know."""
    found = IpaCheck(parts.voices, sent.language).by_voice(sent.ipa)
    voices = [IpaVoiceOut(voice=voice, says=not unknown, unknown=list(unknown)) for voice, unknown in found.items()]
    return IpaOut(ipa=cleaned(sent.ipa), voices=voices)


def _sentence(parts: Parts, who: Editor, sent: SentenceIn) -> ClipSentence | FreeSentence:
    """Raises InputRefused, NotFound (another site's clip), NotAllowed."""
    if sent.clip:
        if sent.position is None:
            raise InputRefused("Send the `position` of the sentence in the clip.")
        with parts.database.reading() as session:
            clip = session.get(ClipRow, sent.clip)
            article = session.get(ArticleRow, clip.article_id) if clip else None
        if article is None or not who.may_change(article.site):
            raise NotFound(f"There is no clip {sent.clip}.")
        return ClipSentence(clip_id=sent.clip, position=sent.position, revision=sent.revision)
    if not (sent.text or "").strip() or not sent.language:
        raise InputRefused("Send `clip` and `position`, or `text` and `language`.")
    if sent.site is not None and not who.may_change(sent.site):
        raise who.refusal()
    return FreeSentence(text=sent.text or "", language=sent.language, site=sent.site or who.site, article=sent.article)
