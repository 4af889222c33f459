"""Explains how a text is spoken and why, for staff pages and tools."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter
from pydantic import BaseModel, Field

from tts_service.article.clean import clean
from tts_service.article.language import article_language
from tts_service.errors.faults import expected
from tts_service.newsroom.lexicon import lexicon_for
from tts_service.newsroom.policies import policy_for
from tts_service.speakable.explain import explain
from tts_service.speakable.readings import NO_LEXICON
from tts_service.web.auth import MayReport
from tts_service.web.given import GivenParts
from tts_service.web.responses import JSON_BODY, KEYED, problems
from tts_service.web.schemas.fields import Cleaned, ExternalId, LanguageTag, SiteName, example

router = APIRouter(prefix="/v1", tags=["staff"])

MAX_CHARACTERS = 10_000

_SOMETHING = expected(r"[^\x00]", "must not be empty")


class ExplainIn(Cleaned):
    """A sentence or paragraph, and the lexicon to apply."""

    model_config = example({"text": "It cost £3.5m.", "language": "en", "site": "gazette"})

    # Not only NULs: they are removed.
    text: str = Field(min_length=1, max_length=MAX_CHARACTERS, pattern=_SOMETHING)
    language: LanguageTag | None = Field(None, description="BCP 47 tag. Default: detected")
    site: SiteName | None = Field(None, description="The site whose lexicon and policy apply. Default: none")
    article: ExternalId | None = Field(None, description="The article whose own lexicon entries apply too")


class NextRule(BaseModel):
    """The rule that would have answered next."""

    rule: str = Field(examples=["number"])
    written: str = Field(description="What it would have taken", examples=["3.5"])
    spoken: str = Field(examples=["three point five"])


class ExplainedWord(BaseModel):
    start: int = Field(description="Position of the first character in `text`", examples=[8])
    end: int = Field(description="Position after the last character", examples=[13])
    written: str = Field(examples=["£3.5m"])
    spoken: str = Field(
        description="The words that are spoken; empty if there are none", examples=["three point five million pounds"]
    )
    ipa: str | None
    rule: str | None = Field(
        description="The rule that matched, such as `money` or `lexicon (site)`; null if none did",
        examples=["money"],
    )
    next: NextRule | None = Field(description="The rule that would have answered next, if it says something else")


class ExplainOut(BaseModel):
    """How a text is spoken, word by word."""

    language: str = Field(examples=["en"])
    text: str = Field(
        description="The text without invisible characters; positions refer to it", examples=["It cost £3.5m."]
    )
    spoken: str = Field(examples=["It cost three point five million pounds."])
    words: list[ExplainedWord]


@router.post("/explain", responses=problems(*KEYED, *JSON_BODY))
def explain_text(wanted: ExplainIn, caller: MayReport, parts: GivenParts) -> ExplainOut:
    """Explain how a text is spoken: for each written word, the words spoken and the rule that matched."""
    text, _ = clean(wanted.text)
    language = article_language(wanted.language, None, text)
    lexicon = NO_LEXICON
    policy = policy_for(parts.database, parts.settings, wanted.site or "")
    if wanted.site:
        caller.require_site(wanted.site)
        lexicon = lexicon_for(parts.database, wanted.site, wanted.article or "")
    words = explain(text, language, lexicon=lexicon, policy=policy)
    said = " ".join(word.spoken for word in words if word.spoken)
    return ExplainOut(
        language=language, text=text, spoken=said, words=[ExplainedWord(**asdict(word)) for word in words]
    )
