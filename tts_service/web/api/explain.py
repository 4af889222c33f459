"""Explains how a text is spoken and why, for staff pages and tools."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter
from pydantic import BaseModel, Field

from tts_service.article.clean import clean
from tts_service.article.language import article_language
from tts_service.errors.faults import expected
from tts_service.newsroom.lexicon import lexicon_for
from tts_service.newsroom.sites import policy_for
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
    """A sentence or a paragraph, and whose lexicon reads it."""

    model_config = example({"text": "It cost £3.5m.", "language": "en", "site": "gazette"})

    # NULs are taken out of it: something must be left.
    text: str = Field(min_length=1, max_length=MAX_CHARACTERS, pattern=_SOMETHING)
    language: LanguageTag | None = Field(None, description="BCP 47; found out when left out")
    site: SiteName | None = Field(None, description="Its lexicon and policy count; none when left out")
    article: ExternalId | None = Field(None, description="The article whose own lexicon entries count too")


class ExplainedWord(BaseModel):
    start: int = Field(description="First character in `text`", examples=[8])
    end: int = Field(description="One past the last character", examples=[13])
    written: str = Field(examples=["£3.5m"])
    spoken: str = Field(description="Empty: nothing is said", examples=["three point five million pounds"])
    ipa: str | None
    rule: str | None = Field(
        description="Such as money, date or lexicon (site); null: said as written", examples=["money"]
    )


class ExplainOut(BaseModel):
    """What is said, word by word."""

    language: str = Field(examples=["en"])
    text: str = Field(
        description="The text without invisible characters: places count in it", examples=["It cost £3.5m."]
    )
    spoken: str = Field(examples=["It cost three point five million pounds."])
    words: list[ExplainedWord]


@router.post("/explain", responses=problems(*KEYED, *JSON_BODY))
def explain_text(wanted: ExplainIn, caller: MayReport, parts: GivenParts) -> ExplainOut:
    """What is said for each written word of a text, and the rule that made it."""
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
