"""Impact of a change of the lexicon, before it is saved."""

from __future__ import annotations

from pydantic import BaseModel, Field

from tts_service.corrections.impact.comparing import AffectedClip, HeardPlace
from tts_service.corrections.impact.doubts import Doubt, DoubtReason, NoMatch
from tts_service.corrections.impact.weighing import Impact
from tts_service.speakable.changes import ChangedSentence, said_words
from tts_service.web.schemas.fields import Cleaned, ShownClip, ShownSite, example
from tts_service.web.schemas.lexicon import EntryIn

MOST_LISTED = 500
_LEXEME = {"site": "gazette", "language": "en", "graphemes": ["Holyrood"], "ipa": "ˈhɒlɪˌruːd"}
_NOTHING = {
    NoMatch.UNSEEN: "No clip has these words.",
    NoMatch.LOOK_ALIKE: "No clip has these words: some of their letters only look Latin. Type them again.",
    NoMatch.APART: "Clips have these words, but not side by side as written.",
    NoMatch.OTHER_CASE: "The words occur in another case only: match any case to include them.",
    NoMatch.OTHER_LANGUAGE: "The words occur in texts of other languages only.",
    NoMatch.HYPHENATED: "The words occur in hyphenated words only, which the entry leaves out.",
    NoMatch.IN_ADDRESS: "The words occur in addresses, tags and numbers only, which are read as a whole.",
    NoMatch.OVERRULED: "Wherever the words occur, a longer or narrower entry or the article says how to read them.",
    NoMatch.NOT_READ: "The words occur only in parts of articles that are skipped or announced.",
    NoMatch.LEFT_OUT: "The words occur only in articles that the entry leaves out.",
    NoMatch.SAME_SOUND: "The words are spoken like this already.",
}


class ProposalIn(Cleaned):
    """A change of the lexicon: an entry to add, change or remove."""

    model_config = example({"lexeme": _LEXEME})

    entry: str | None = Field(
        None, max_length=64, description="The entry to change or remove; omitted: a new one is added"
    )
    lexeme: EntryIn | None = Field(
        None,
        description="What the entry says from now on; null: `entry` is removed. With `entry`, a `note` that is omitted "
        "keeps its value, and so do `except_articles` while the entry's place stays the same",
    )


class ImpactIn(ProposalIn):
    """A change of the lexicon, and how many of the clips to list."""

    limit: int = Field(100, ge=0, le=MOST_LISTED, description="Number of clips to list; the totals count all of them")


class ChangeOut(BaseModel):
    """A sentence that would be spoken differently."""

    block: int = Field(description="Index of the block in the article", examples=[3])
    start: int = Field(description="Position of the first character in the block", examples=[0])
    end: int = Field(description="Position after the last character", examples=[21])
    text: str = Field(description="As written", examples=["Holyrood met on Monday."])
    before: str = Field(description="Words as spoken now, IPA between slashes", examples=["Holyrood met on Monday."])
    after: str = Field(examples=["/ˈhɒlɪˌruːd/ met on Monday."])
    position: int | None = Field(description="Its position among the sentences of the revision", examples=[7])
    start_ms: int | None = Field(description="When it begins in the current revision", examples=[41200])
    end_ms: int | None = Field(examples=[43900])

    @classmethod
    def of(cls, clip: AffectedClip, change: ChangedSentence, place: HeardPlace | None) -> ChangeOut:
        return cls(
            block=change.block,
            start=change.start,
            end=change.end,
            text=clip.text_of(change),
            before=said_words(change.before),
            after=said_words(change.after),
            position=place and place.position,
            start_ms=place and place.start_ms,
            end_ms=place and place.end_ms,
        )


class AffectedClipOut(BaseModel):
    """A clip with sentences that would be spoken differently."""

    clip: ShownClip
    revision: int = Field(description="The current revision, which was compared", examples=[2])
    site: ShownSite
    article: str = Field(description="The article's id in the CMS", examples=["42"])
    title: str = Field(examples=["New bridge opens"])
    audio_ms: int = Field(description="Length of these sentences now", examples=[2700])
    changes: list[ChangeOut]

    @classmethod
    def of(cls, clip: AffectedClip) -> AffectedClipOut:
        return cls(
            clip=clip.clip_id,
            revision=clip.revision,
            site=clip.site,
            article=clip.external_id,
            title=clip.title,
            audio_ms=clip.audio_ms,
            changes=[ChangeOut.of(clip, *both) for both in zip(clip.changes, clip.places, strict=True)],
        )


class DoubtOut(BaseModel):
    """A hit that looks false."""

    clip: ShownClip
    block: int = Field(examples=[3])
    start: int = Field(description="Position of the hit's first character in the block", examples=[4])
    end: int = Field(examples=[8])
    text: str = Field(examples=["Nato"])
    reason: DoubtReason = Field(
        description="`hyphenated`: part of a hyphenated word; `case`: in another case than the grapheme; "
        "`language`: in a sentence of another language; `sentence_start`: its capital may only begin the sentence",
        examples=["hyphenated"],
    )

    @classmethod
    def of(cls, doubt: Doubt) -> DoubtOut:
        return cls(
            clip=doubt.clip_id,
            block=doubt.block,
            start=doubt.start,
            end=doubt.end,
            text=doubt.text,
            reason=doubt.reason,
        )


class ImpactOut(BaseModel):
    """What a change of the lexicon would change."""

    sentences: int = Field(description="Sentences that would be spoken again", examples=[214])
    articles: int = Field(examples=[97])
    audio_ms: int = Field(description="Length of these sentences now", examples=[684000])
    whole_ms: int = Field(description="Length of the clips that get a new revision", examples=[17460000])
    work_ms: int = Field(description="Estimate of the work for one worker", examples=[40000])
    doubtful: list[DoubtOut] = Field(description=f"Hits that look false, the first {MOST_LISTED}")
    doubtful_count: int = Field(examples=[3])
    clips: list[AffectedClipOut] = Field(description="Newest first")
    candidates: int = Field(description="Clips that contain the words", examples=[101])
    complete: bool = Field(description="false: more clips contain the words than are read for one answer")
    nothing: NoMatch | None = Field(description="Why nothing changes; null: something does", examples=[None])
    nothing_detail: str | None = Field(description="The same as a sentence", examples=[None])

    @classmethod
    def of(cls, found: Impact, limit: int) -> ImpactOut:
        return cls(
            sentences=found.sentences,
            articles=found.articles,
            audio_ms=found.audio_ms,
            whole_ms=found.whole_ms,
            work_ms=found.work_ms,
            doubtful=[DoubtOut.of(doubt) for doubt in found.doubtful[:MOST_LISTED]],
            doubtful_count=len(found.doubtful),
            clips=[AffectedClipOut.of(clip) for clip in found.clips[:limit]],
            candidates=found.candidates,
            complete=found.complete,
            nothing=found.no_match,
            nothing_detail=found.no_match and _NOTHING[found.no_match],
        )
