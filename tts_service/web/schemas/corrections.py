"""Corrections: accepted changes of how something is spoken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from tts_service.access.sites import Sites
from tts_service.corrections.accept import MAX_WHY
from tts_service.corrections.kinds import CorrectionKind
from tts_service.corrections.records import ClipCorrection, CorrectedClip, CorrectionFilter
from tts_service.corrections.repairs import Reason, SentenceProposal, VoiceProposal
from tts_service.db.tables import CorrectionRow, JsonDict
from tts_service.engines.pronunciation.ipa_check import SpelledBy
from tts_service.speakable.lexeme import MAX_SAID
from tts_service.values.speech_policy import MAX_PAUSE_MS, MAX_RATE, MIN_RATE
from tts_service.web.reading import iso
from tts_service.web.schemas.case_decisions import CaseVersion
from tts_service.web.schemas.fields import (
    Cleaned,
    Maybe,
    NextCursor,
    ShownClip,
    ShownSite,
    SiteName,
    Timestamp,
    example,
)
from tts_service.web.schemas.impact import ProposalIn
from tts_service.web.schemas.lexicon import WORD, SpelledOut
from tts_service.web.schemas.paging import PageQuery

CorrectionState = Literal["rendering", "done", "failed", "taken_back"]
ClipState = Literal["waiting", "done", "failed", "not_needed", "taking_back", "taken_back"]
_ID = "cor_019b4c5e77f68a31"
_ENTRY_ID = "lex_019b4c5e77f68a31"


class CorrectionIn(ProposalIn):
    """A change of the lexicon to accept: an entry to add, change or remove."""

    model_config = example({"lexeme": WORD, "case": "case_019b4c5e77f17a42", "version": 2, "why": "As locals say it"})

    case: str | None = Field(None, max_length=64, description="The case that the correction answers")
    version: CaseVersion | None = Field(None, description="The version of `case` that you saw; required with it")
    why: str = Field("", max_length=MAX_WHY, description="The reason, shown to the public")


class _RepairIn(Cleaned):
    """What every repair of one article says."""

    clip: ShownClip = Field(max_length=64)
    case: str | None = Field(None, max_length=64, description="The case that the repair answers")
    version: CaseVersion | None = Field(None, description="The version of `case` that you saw; required with it")
    why: str = Field("", max_length=MAX_WHY, description="The reason, shown to the public")

    def reason(self, who: str) -> Reason:
        return Reason(who=who, why=self.why, case_id=self.case or None, version=self.version)


class SentenceRepairIn(_RepairIn):
    """Another spoken form for one sentence of one article, or a pause behind it."""

    model_config = example(
        {"clip": "clip_019b4c5e77f27c10", "revision": 1, "position": 3, "alias": "Read this instead.", "why": "A typo"}
    )

    revision: int = Field(ge=1, le=2**31, description="The clip's revision that was heard: the current or the held one")
    position: int = Field(ge=0, le=2**31, description="Position of the sentence in that revision, from 0")
    start: int = Field(0, ge=0, le=2**31, description="First character of the words in the sentence")
    end: int | None = Field(
        None, ge=1, le=2**31, description="One past their last character; null: to the end of the sentence"
    )
    alias: str | None = Field(None, max_length=4 * MAX_SAID, description="What is said for the words")
    ipa: str | None = Field(None, max_length=4 * MAX_SAID, description="How the words are pronounced, in IPA")
    pause_after_ms: int | None = Field(
        None, ge=0, le=MAX_PAUSE_MS, description="Silence behind the sentence; null: the usual"
    )

    def proposal(self) -> SentenceProposal:
        names = ("revision", "position", "start", "end", "alias", "ipa", "pause_after_ms")
        return SentenceProposal(**{name: getattr(self, name) for name in names})


class VoiceRepairIn(_RepairIn):
    """Another voice or speed for one article."""

    model_config = example({"clip": "clip_019b4c5e77f27c10", "rate": 0.9, "why": "Too fast for a poem"})

    voice: str | None = Field(None, max_length=200, description="Id of the voice; null: the present one stays")
    rate: float | None = Field(
        None, ge=MIN_RATE, le=MAX_RATE, description="Speed; 1.0 is the voice's own; null: the present one stays"
    )

    def proposal(self) -> VoiceProposal:
        return VoiceProposal(voice=self.voice or None, rate=self.rate)


class CorrectionQuery(PageQuery):
    """Filters for a list of corrections."""

    site: Maybe[SiteName] = Field(None, description="Corrections for this site, and for all sites")
    state: Maybe[CorrectionState] = Field(None, description="State of the corrections")
    case: str | None = Field(None, max_length=64, description="Corrections that answer this case")
    entry: str | None = Field(None, max_length=64, description="Corrections of this lexicon entry or rule")

    def to_wanted(self, only_sites: Sites) -> CorrectionFilter:
        return CorrectionFilter(
            site=self.site,
            state=self.state,
            case_id=self.case or None,
            entry_id=self.entry or None,
            only_sites=only_sites,
        )


class ClipsQuery(PageQuery):
    """Which of a correction's clips are listed."""

    state: Maybe[ClipState] = Field(None, description="State of the clips")


class ChangedOut(BaseModel):
    """A sentence that a correction changes."""

    block: int = Field(description="Index of its block in the article", examples=[3])
    start: int = Field(description="First character in the block's text", examples=[0])
    end: int = Field(description="One past the last character", examples=[28])
    text: str = Field(description="As written; empty until its clip is rendered", examples=["Holyrood votes today."])
    before: str = Field(
        description="Words as spoken before, IPA in slashes; empty: it wasn't read", examples=["Holyrood votes today."]
    )
    after: str = Field(
        description="Words as spoken since; empty: it isn't read. Both are empty until the clip of a rule is rendered",
        examples=["/ˈhɒlɪˌruːd/ votes today."],
    )


class CorrectedClipOut(BaseModel):
    """A clip that a correction affects."""

    clip: ShownClip
    site: ShownSite
    article: str = Field(description="The article's id in the CMS", examples=["42"])
    title: str = Field(examples=["New bridge opens"])
    state: ClipState = Field(examples=["done"])
    reason: str = Field(description="Why it failed or isn't needed; empty otherwise", examples=[""])
    from_revision: int = Field(description="The revision before the correction", examples=[1])
    to_revision: int | None = Field(description="The revision with the correction; null: there is none", examples=[2])
    job: str | None = Field(examples=["job_019b4c5e77f17a42"])
    changes: list[ChangedOut]

    @classmethod
    def of(cls, clip: CorrectedClip) -> CorrectedClipOut:
        row, article = clip.row, clip.article
        return cls(
            clip=row.clip_id,
            site=article.site,
            article=article.external_id,
            title=article.title or "",
            state=row.state,
            reason=row.reason,
            from_revision=row.from_revision,
            to_revision=row.to_revision,
            job=row.job_id,
            changes=[ChangedOut(**change) for change in row.changes],
        )


class CorrectionOut(BaseModel):
    """A correction."""

    id: str = Field(examples=[_ID])
    kind: CorrectionKind = Field(
        description="`lexicon`: an entry, or many by an import; `block`: a site's rule for recurring blocks; "
        "`sentence` and `voice`: repairs of one article",
        examples=["lexicon"],
    )
    state: CorrectionState = Field(description="`failed`: for some of its clips", examples=["done"])
    site: ShownSite | None = Field(description="null: all sites")
    language: str | None = Field(examples=["en"])
    case: str | None = Field(examples=["case_019b4c5e77f17a42"])
    entry: str | None = Field(
        description="Id of the lexicon entry, rule or repair; null: an import", examples=[_ENTRY_ID]
    )
    before: dict[str, Any] | None = Field(description="The entry or rule before; null: there was none", examples=[None])
    after: dict[str, Any] | None = Field(
        description="The entry, rule or repair since; null: it was removed", examples=[WORD]
    )
    why: str = Field(description="The public reason", examples=["As locals say it"])
    who: str = Field(examples=["staff:stf_019b4c5e77f1"])
    clips: int = Field(description="Clips with sentences that sound different", examples=[97])
    sentences: int = Field(description="For a rule, the blocks", examples=[214])
    created_at: Timestamp
    done_at: Timestamp | None = Field(description="When its last clip was ready")
    taken_back_at: Timestamp | None = Field(examples=[None])

    @classmethod
    def of(cls, row: CorrectionRow) -> CorrectionOut:
        return cls(**_facts(row))


class CorrectionAccepted(CorrectionOut):
    """A correction that was accepted."""

    spelled_by: list[SpelledOut] = Field(description="Voices that read the spelling instead of `ipa`")

    @classmethod
    def accepted(cls, row: CorrectionRow, spelled: Sequence[SpelledBy]) -> CorrectionAccepted:
        voices = [SpelledOut(voice=one.voice, symbols=list(one.symbols)) for one in spelled]
        return cls(**_facts(row), spelled_by=voices)


class CorrectionDetail(CorrectionOut):
    """A correction with its clips."""

    by_state: dict[str, int] = Field(description="Number of clips by state", examples=[{"done": 96, "failed": 1}])
    silent_clips: int = Field(
        description="Clips whose earlier sound isn't kept any more: taking the correction back speaks them again",
        examples=[0],
    )
    affected: list[CorrectedClipOut] = Field(description="The clips, by id")
    next: NextCursor

    @classmethod
    def with_clips(
        cls,
        row: CorrectionRow,
        by_state: dict[str, int],
        clips: Sequence[CorrectedClip],
        following: str | None,
        *,
        silent: int,
    ) -> CorrectionDetail:
        affected = [CorrectedClipOut.of(clip) for clip in clips]
        return cls(**_facts(row), by_state=by_state, silent_clips=silent, affected=affected, next=following)


class CorrectionList(BaseModel):
    corrections: list[CorrectionOut]
    next: NextCursor


class CorrectedSentenceOut(BaseModel):
    """A sentence as it was said and as it is said since."""

    text: str = Field(examples=["Holyrood votes today."])
    before: str = Field(examples=["Holyrood votes today."])
    after: str = Field(examples=["/ˈhɒlɪˌruːd/ votes today."])


class ClipCorrectionOut(BaseModel):
    """What was corrected in a clip."""

    at: Timestamp = Field(description="When the revision with the correction was published")
    revision: int = Field(examples=[2])
    why: str = Field(examples=["As locals say it"])
    sentences: list[CorrectedSentenceOut]
    taken_back_at: Timestamp | None = Field(description="null: it holds", examples=[None])

    @classmethod
    def of(cls, one: ClipCorrection) -> ClipCorrectionOut:
        return cls(
            at=iso(one.at_ms),
            revision=one.revision,
            why=one.why,
            sentences=[
                CorrectedSentenceOut(text=said.text, before=said.before, after=said.after) for said in one.sentences
            ],
            taken_back_at=iso(one.taken_back_ms) if one.taken_back_ms is not None else None,
        )


def _facts(row: CorrectionRow) -> JsonDict:
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "site": row.site,
        "language": row.language,
        "case": row.case_id,
        "entry": row.entry_id,
        "before": row.before,
        "after": row.after,
        "why": row.why,
        "who": row.who,
        "clips": row.clips,
        "sentences": row.sentences,
        "created_at": iso(row.created_ms),
        "done_at": iso(row.done_ms) if row.done_ms is not None else None,
        "taken_back_at": iso(row.taken_back_ms) if row.taken_back_ms is not None else None,
    }
