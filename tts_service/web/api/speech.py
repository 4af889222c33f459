"""Speech on request, compatible with OpenAI's API: any text, sent while it is spoken, kept nowhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Generator, Iterator
from dataclasses import asdict

from fastapi import APIRouter, Request, Response

from tts_service.audio.streamed import STREAMED, open_stream
from tts_service.engines.voices.registry import Registry
from tts_service.errors import (
    EngineUnavailable,
    FormatNotKnown,
    LanguageNotSpoken,
    NotFound,
    NothingToSpeak,
    QuotaExceeded,
    ServiceError,
    SiteClosed,
    SpeechServerUnavailable,
    StoreUnavailable,
    VoiceBudgetSpent,
    VoiceNotFound,
)
from tts_service.narration.free_text import FreeText, SpokenPiece, prepare_text
from tts_service.newsroom.lexicon import lexicon_for
from tts_service.newsroom.policies import policy_for
from tts_service.newsroom.quotas import count_speech
from tts_service.newsroom.remote_budget import BudgetedEngine
from tts_service.newsroom.site_voices import voices_for
from tts_service.parts import Parts
from tts_service.web.auth import MayWriteJobs
from tts_service.web.given import GivenParts
from tts_service.web.openai_errors import openai_error
from tts_service.web.problems import problem_body
from tts_service.web.responses import JSON_BODY, KEYED, binary, problems, reply, text
from tts_service.web.schemas.speech import ModelList, ModelOut, NamedVoice, NamedVoices, SpeechIn
from tts_service.web.sound.spoken import SpokenStream

router = APIRouter(prefix="/v1", tags=["speech"])

ALL_VOICES = ("tts-1", "tts-1-hd", "gpt-4o-mini-tts")
"""OpenAI's names of models."""
ANY_VOICE = frozenset(
    [
        *("alloy", "ash", "ballad", "cedar", "coral", "echo", "fable"),
        *("marin", "nova", "onyx", "sage", "shimmer", "verse"),
    ]
)
"""OpenAI's names of voices."""
_EVENTS = "text/event-stream"
_EXAMPLE = 'data: {"type": "speech.audio.delta", "audio": "SUQz…", "words": []}\n\n'


@router.post(
    "/audio/speech",
    response_class=Response,
    responses={
        200: reply(
            "The sound, as it is spoken.",
            binary(*STREAMED.values()) | text(_EVENTS, _EXAMPLE),
            Speech_Voice="Id of the voice that speaks",
        ),
        **problems(
            *KEYED,
            *JSON_BODY,
            EngineUnavailable,
            FormatNotKnown,
            LanguageNotSpoken,
            NotFound,
            NothingToSpeak,
            QuotaExceeded,
            SiteClosed,
            SpeechServerUnavailable,
            StoreUnavailable,
            VoiceBudgetSpent,
            VoiceNotFound,
        ),
    },
)
def create_speech(sent: SpeechIn, caller: MayWriteJobs, parts: GivenParts, request: Request) -> Response:
    """Speak a text, as OpenAI's API does.

    It is read as articles are, with the site's lexicon, and sent sentence by sentence. With `stream_format` `sse`, each
    event `speech.audio.delta` has the times of its `words` from the start of the sound. Errors also have a member
    `error` in OpenAI's form.
    """
    site = sent.site or caller.site or ""
    if site:
        caller.require_site(site)
    spoken = _prepared(parts, sent, site)
    engine = BudgetedEngine(request.app.state.resident_engine, parts.database, site)
    pieces = _encoded(sent, spoken, spoken.pieces(parts.segments, engine))
    if site:
        count_speech(parts.database, site, len(sent.input))
    try:
        first = next(pieces)
    except ServiceError:
        if site:
            count_speech(parts.database, site, -len(sent.input))
        raise
    headers = {
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",  # nginx hands each piece on as it comes
        "Speech-Voice": spoken.cast.main.id,
    }
    kind = _EVENTS if sent.stream_format == "sse" else STREAMED[sent.response_format]
    return SpokenStream(first, pieces, kind, headers)


@router.get("/models", responses=problems(*KEYED))
def list_models(_caller: MayWriteJobs, parts: GivenParts) -> ModelList:
    """List what can be named as a model."""
    return ModelList(data=[ModelOut(id=name) for name in _models(parts.voices)])


@router.get("/audio/voices", responses=problems(*KEYED))
def list_named_voices(_caller: MayWriteJobs, parts: GivenParts) -> NamedVoices:
    """List the voices, as servers like OpenAI's do."""
    found = parts.voices.voices()
    return NamedVoices(voices=[NamedVoice(id=one.id, name=one.name, language=one.language) for one in found])


def _models(voices: Registry) -> list[str]:
    return [*ALL_VOICES, *dict.fromkeys(voice.engine for voice in voices.voices())]


def _prepared(parts: Parts, sent: SpeechIn, site: str) -> FreeText:
    """Raises NotFound (the model), and as `prepare_text`."""
    models = _models(parts.voices)
    if sent.model not in models:
        raise NotFound(f"There is no model {sent.model!r}: use {', '.join(models)}.")
    return prepare_text(
        sent.input,
        voices_for(parts.database, parts.voices, site),
        _voice_id(parts.voices, sent.model, sent.voice_name),
        site=site,
        language=sent.language,
        rate=sent.speed,
        policy=policy_for(parts.database, parts.settings, site),
        lexicon=lexicon_for(parts.database, site, ""),
    )


def _voice_id(voices: Registry, model: str, name: str) -> str | None:
    """The id of the voice that a request names; None: any that speaks the language."""
    if name in ANY_VOICE:
        return None
    named = (one for one in voices.voices() if one.name == name and model in (one.engine, *ALL_VOICES))
    return next((voice.id for voice in named), name)


def _encoded(sent: SpeechIn, spoken: FreeText, pieces: Iterator[SpokenPiece]) -> Generator[bytes]:
    """The answer's body. Raises FormatNotKnown at once; what the engine raises with its sentence."""
    sound = open_stream(sent.response_format, spoken.cast.main.sample_rate_hz, spoken.tags)

    def audio() -> Generator[bytes]:
        for piece in pieces:
            yield sound.push(piece.pcm)
        yield sound.end()

    def events() -> Generator[bytes]:
        begun = False
        try:
            for piece in pieces:
                yield _delta(sound.push(piece.pcm), words=[asdict(word) for word in piece.words])
                begun = True
        except ServiceError as error:
            if not begun:
                raise
            yield _event("error", error=openai_error(problem_body(error)))
            return
        yield _delta(sound.end(), words=[])
        count = len(sent.input)
        yield _event("speech.audio.done", usage={"input_tokens": count, "output_tokens": 0, "total_tokens": count})

    return events() if sent.stream_format == "sse" else audio()


def _delta(sound: bytes, **more: object) -> bytes:
    return _event("speech.audio.delta", audio=base64.b64encode(sound).decode("ascii"), **more)


def _event(kind: str, **members: object) -> bytes:
    return f"data: {json.dumps({'type': kind, **members})}\n\n".encode("ascii")
