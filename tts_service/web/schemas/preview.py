"""Previews: one sentence, spoken with an entry of the lexicon that isn't saved."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from tts_service.corrections.trials.suggestions import Suggestion, SuggestionKind
from tts_service.corrections.trials.trial import Trial, TriedSound
from tts_service.engines.pronunciation.ipa import cleaned
from tts_service.speakable.lexeme import MAX_GRAPHEME
from tts_service.web.schemas.fields import Cleaned, ExternalId, LanguageTag, SiteName, example
from tts_service.web.schemas.impact import ProposalIn
from tts_service.web.schemas.lexicon import SpelledOut

MAX_TEXT = 1_000
_SENTENCE = {"clip": "clip_019b4c5e77f27c10", "position": 7}


class SentenceIn(Cleaned):
    """A sentence of a clip, or one that is typed."""

    clip: str | None = Field(None, max_length=64, description="The clip's id")
    revision: int | None = Field(None, ge=1, le=2**31, description="Default: the current one")
    position: int | None = Field(None, ge=0, le=2**31, description="Position among the revision's sentences")
    text: str | None = Field(None, max_length=MAX_TEXT, description="Instead of a clip's sentence", examples=[None])
    language: LanguageTag | None = Field(None, description="BCP 47 tag of `text`")
    site: SiteName | None = Field(None, description="Site whose lexicon and policy apply to `text`")
    article: ExternalId | None = Field(None, description="Article whose own entries apply to `text`")


class PreviewIn(ProposalIn):
    """A sentence, the change to try on it, and the voice."""

    model_config = example(
        {
            "sentence": _SENTENCE,
            "lexeme": {"site": "gazette", "language": "en", "graphemes": ["Holyrood"], "alias": "Holly rood"},
        }
    )

    sentence: SentenceIn
    voice: str | None = Field(None, max_length=200, description="Default: the clip's voice, or one of the language")


class SoundOut(BaseModel):
    """One utterance and its sound."""

    segment: str = Field(description="Key of the sound", examples=["5f" * 32])
    url: str = Field(description="Its address (WAV)", examples=["/v1/preview/" + "5f" * 32 + ".wav"])
    words: str = Field(description="As spoken, IPA between slashes", examples=["Holly rood met on Monday."])
    duration_ms: int = Field(examples=[2100])
    voice: str = Field(examples=["hibari:heart"])

    @classmethod
    def of(cls, sound: TriedSound, below: str) -> SoundOut:
        return cls(
            segment=sound.segment_key,
            url=f"{below}/{sound.segment_key}.wav",
            words=sound.words,
            duration_ms=sound.duration_ms,
            voice=sound.voice,
        )


class PreviewOut(BaseModel):
    """A sentence before and after a change."""

    text: str = Field(description="As written", examples=["Holyrood met on Monday."])
    language: str = Field(examples=["en"])
    before: list[SoundOut] = Field(description="Several if the change moves the sentence's bounds")
    after: list[SoundOut]
    same: bool = Field(description="Whether it sounds the same before and after", examples=[False])
    spelled_by: list[SpelledOut] = Field(description="Voices that read the spelling instead of `ipa`")

    @classmethod
    def of(cls, trial: Trial, below: str) -> PreviewOut:
        return cls(
            text=trial.text,
            language=trial.language,
            before=[SoundOut.of(sound, below) for sound in trial.before],
            after=[SoundOut.of(sound, below) for sound in trial.after],
            same=trial.same,
            spelled_by=[SpelledOut(voice=one.voice, symbols=list(one.symbols)) for one in trial.spelled_by],
        )


class SuggestIn(Cleaned):
    """A misread word."""

    model_config = example({"word": "Lindqvist", "language": "en", "site": "gazette"})

    word: str = Field(min_length=1, max_length=MAX_GRAPHEME, description="As written")
    language: LanguageTag
    site: SiteName | None = Field(None, description="Its site, whose entries come first")
    voice: str | None = Field(
        None,
        max_length=200,
        description="The voice that reads the word: suggestions are pronunciations that it can say",
    )


class SuggestionOut(BaseModel):
    """A respelling or a pronunciation to try; exactly one of `alias` and `ipa` is set."""

    kind: SuggestionKind = Field(
        description="`entry`: an entry for the word in another place or language; `similar`: an entry for a similar "
        "word; `reading`: another reading of a number or date; `spelled`: letter by letter; `word`: capitals as one "
        "word; `voice`: as another voice says it; `language`: as a voice of another language says it",
        examples=["language"],
    )
    detail: str = Field(
        description="The entry's language, site and article; the similar word; the reading; the voice; the language",
        examples=["de"],
    )
    alias: str | None = Field(examples=[None])
    ipa: str | None = Field(examples=["lɪntkvˈɪst"])
    entry: str | None = Field(description="The entry's id", examples=[None])

    @classmethod
    def of(cls, one: Suggestion) -> SuggestionOut:
        return cls(kind=one.kind, detail=one.detail, alias=one.alias, ipa=one.ipa, entry=one.entry_id)


class SuggestOut(BaseModel):
    """What may be tried for a word, the likeliest first."""

    suggestions: list[SuggestionOut]


def _with_sounds(ipa: str) -> str:
    if not cleaned(ipa):
        raise ValueError("must have at least one IPA symbol, such as ˈhɒlɪˌruːd")
    return ipa


class IpaIn(Cleaned):
    """A pronunciation to check."""

    model_config = example({"ipa": "ˈhɒlɪˌruːd", "language": "en"})

    ipa: Annotated[str, AfterValidator(_with_sounds)] = Field(max_length=800, json_schema_extra={"minLength": 1})
    language: LanguageTag


class IpaVoiceOut(BaseModel):
    """Whether one voice can say a pronunciation."""

    voice: str = Field(examples=["hibari:heart"])
    says: bool = Field(examples=[True])
    unknown: list[str] = Field(description="Symbols that it doesn't know", examples=[[]])


class IpaOut(BaseModel):
    """Which voices can say a pronunciation."""

    ipa: str = Field(description="In the form in which it is kept", examples=["ˈhɒlɪˌruːd"])
    voices: list[IpaVoiceOut] = Field(description="The voices of the language; empty: it has none that accept IPA")
