"""Speech on request, in the form of OpenAI's API."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tts_service.web.schemas.fields import Cleaned, LanguageTag, SiteName

MAX_INPUT = 4096
MIN_SPEED, MAX_SPEED = 0.25, 4.0


class VoiceRef(BaseModel):
    """A voice by its id."""

    id: str = Field(min_length=1, max_length=200, examples=["hibari:heart"])


class SpeechIn(Cleaned):
    """A text and how it is to be spoken. Other fields are ignored."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"examples": [{"model": "tts-1", "input": "The bridge opens today.", "voice": "alloy"}]},
    )

    model: str = Field(min_length=1, max_length=100, description="One of GET /v1/models")
    input: str = Field(min_length=1, max_length=MAX_INPUT, description="The text")
    voice: str | VoiceRef = Field(
        description="A voice's id or name (GET /v1/audio/voices), or one of OpenAI's names, which stand for the voice "
        "that speaks the text's language",
        examples=["hibari:heart"],
    )
    response_format: str = Field(
        "mp3", max_length=40, description="`mp3`, `opus`, `aac`, `flac`, `wav` or `pcm` (24 kHz, 16 bits, mono)"
    )
    speed: float = Field(1.0, ge=MIN_SPEED, le=MAX_SPEED, description="Voices speak at 0.5 to 2: others are limited")
    stream_format: Literal["audio", "sse"] = Field("audio", description="`sse` sends word times, too")
    instructions: str | None = Field(None, max_length=MAX_INPUT, description="Ignored")
    language: LanguageTag | None = Field(
        None, description="BCP 47 tag of the text. Default: the voice's language, or detected"
    )
    site: SiteName | None = Field(
        None, description="The site whose lexicon, policy and quota apply. Default: the key's site"
    )

    @property
    def voice_name(self) -> str:
        return self.voice if isinstance(self.voice, str) else self.voice.id


class ModelOut(BaseModel):
    """A model."""

    id: str = Field(examples=["tts-1"])
    object: Literal["model"] = "model"
    created: int = Field(0, description="Always 0")
    owned_by: str = Field("tts-service", examples=["tts-service"])


class ModelList(BaseModel):
    """Models: the installed engines, and OpenAI's names, which stand for all of them."""

    object: Literal["list"] = "list"
    data: list[ModelOut]


class NamedVoice(BaseModel):
    """A voice."""

    id: str = Field(examples=["hibari:heart"])
    name: str = Field(examples=["heart"])
    language: str = Field(examples=["en-US"])


class NamedVoices(BaseModel):
    """The installed voices."""

    voices: list[NamedVoice]
