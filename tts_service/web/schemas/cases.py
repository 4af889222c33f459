"""Cases: what listeners' reports are about."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from tts_service.corrections.cases.case_filter import NOBODY, STATES, CaseFilter
from tts_service.corrections.cases.page import CasePage, ReportedOnce
from tts_service.corrections.cases.queue import QueuedCase, QueuePlace
from tts_service.corrections.hearing.cases import HEARD
from tts_service.db.tables.listeners import OPEN
from tts_service.listeners.reports import CATEGORIES
from tts_service.web.reading import iso
from tts_service.web.schemas.fields import (
    Maybe,
    NextCursor,
    ShownClip,
    ShownSite,
    SiteName,
    Timestamp,
)
from tts_service.web.schemas.paging import PageQuery

CASE = "case_019b4c5e77f17a42"
"""An example's id."""
State = Literal["new", "confirmed", "corrected", "rejected", "duplicate"]
_Category = Literal["pronunciation", "number", "missing", "extra", "sound", "other", "heard"]
assert State.__args__ == STATES  # type: ignore[attr-defined]
assert _Category.__args__ == (*CATEGORIES, HEARD)  # type: ignore[attr-defined]


class CaseQuery(PageQuery):
    """Filters for the queue."""

    state: Maybe[State] = Field(None, description="Default: cases that wait, `new` and `confirmed`")
    site: Maybe[SiteName] = Field(None, description="The site's name")
    language: Maybe[str] = Field(None, max_length=35, description="BCP 47 tag, exactly as reported", examples=["en"])
    category: Maybe[_Category] = Field(None, description="The listeners' most frequent category")
    voice: Maybe[str] = Field(None, max_length=200, description="Id of the voice", examples=["hibari:heart"])
    assigned_to: Maybe[str] = Field(
        None, max_length=64, description="Id of a staff account, or `nobody`", examples=["nobody"]
    )
    older_than_h: Maybe[Annotated[int, Field(ge=0, le=10**6)]] = Field(
        None, description="Only cases first reported at least so many hours ago"
    )
    q: Maybe[str] = Field(
        None,
        max_length=100,
        description="Part of the word or sentence, the case's id, or a report's reference",
        examples=["Holyrood"],
    )

    def wanted(self, sites: tuple[str, ...] | None, now_ms: int) -> CaseFilter:
        """For a caller with access to these sites (None: all)."""
        if self.site is not None:
            sites = (self.site,) if sites is None or self.site in sites else ()
        return CaseFilter(
            states=(self.state,) if self.state else OPEN,
            sites=sites,
            language=self.language,
            category=self.category,
            voice=self.voice,
            assigned_to=NOBODY if self.assigned_to == "nobody" else self.assigned_to,
            older_than_ms=None if self.older_than_h is None else now_ms - self.older_than_h * 3_600_000,
            words=self.q or "",
        )


class HeardAt(BaseModel):
    """Where a sentence is heard."""

    clip: ShownClip
    revision: int = Field(examples=[1])
    at_ms: int = Field(description="Start of the word, or of the sentence", examples=[4200])
    play_from_ms: int = Field(description="Three seconds before it", examples=[1200])

    @classmethod
    def of(cls, place: QueuePlace | None) -> HeardAt | None:
        if place is None:
            return None
        return cls(clip=place.clip_id, revision=place.revision, at_ms=place.at_ms, play_from_ms=place.from_ms)


class CaseOut(BaseModel):
    """Reports about the same word, sentence or passage, decided together."""

    id: str = Field(examples=[CASE])
    version: int = Field(description="Send it with a decision", examples=[1])
    state: State
    site: ShownSite
    language: str = Field(examples=["en"])
    voice: str = Field(examples=["hibari:heart"])
    kind: Literal["word", "sentence", "passage", "clip"]
    category: str = Field(
        description="The listeners' most frequent one; `heard`: nobody reported it, our recogniser noticed it",
        examples=["pronunciation"],
    )
    written: str = Field(description="The word or passage; empty: the whole sentence or clip", examples=["Holyrood"])
    sentence: str = Field(examples=["The parliament at Holyrood voted on Monday."])
    word_start: int | None = Field(description="First character of the word in the sentence", examples=[18])
    word_end: int | None = Field(examples=[26])
    reports: int = Field(examples=[3])
    articles: int = Field(examples=[2])
    plays: int = Field(description="Plays of the reported clips, as of the last count", examples=[120])
    breaking: bool = Field(description="Whether one of its articles is breaking news", examples=[False])
    first_at: Timestamp
    last_at: Timestamp
    updated_at: Timestamp
    settled_at: str | None = Field(description="When it was corrected, rejected or merged")
    reason: str | None = Field(description="Why it was rejected, as the listeners read it")
    duplicate_of: str | None = Field(description="The case that has its reports")
    correction: str | None = Field(description="The correction that settled it")
    assigned_to: str | None = Field(description="Id of a staff account")
    assigned_name: str | None
    can_undo: bool = Field(description="Whether the last decision can be undone", examples=[False])
    comment: str = Field(description="Of the newest report that has one", examples=["It's HOLLY-rood."])
    heard: HeardAt | None = Field(description="Where the newest report heard it, or we did")
    heard_text: str = Field(
        description="What our recogniser heard instead; empty: nothing that sounds wrong", examples=[""]
    )

    @classmethod
    def of(cls, case: QueuedCase) -> CaseOut:
        return cls(
            id=case.id,
            version=case.version,
            state=case.state,
            site=case.site,
            language=case.language,
            voice=case.voice,
            kind=case.kind,
            category=case.category,
            written=case.written,
            sentence=case.sentence,
            word_start=case.word_start,
            word_end=case.word_end,
            reports=case.reports,
            articles=case.articles,
            plays=case.plays,
            breaking=case.breaking,
            first_at=iso(case.first_ms),
            last_at=iso(case.last_ms),
            updated_at=iso(case.updated_ms),
            settled_at=iso(case.settled_ms) if case.settled_ms is not None else None,
            reason=case.reason or None,
            duplicate_of=case.duplicate_of,
            correction=case.correction_id,
            assigned_to=case.assigned_to,
            assigned_name=case.assigned_name,
            can_undo=case.can_undo,
            comment=case.comment,
            heard=HeardAt.of(case.heard),
            heard_text=case.heard_text,
        )


class CaseList(BaseModel):
    cases: list[CaseOut]
    by_state: dict[str, int] = Field(
        description="Cases in each state that fit the other filters", examples=[{"new": 3, "confirmed": 1}]
    )
    next: NextCursor


class CaseReport(BaseModel):
    """A report of the case."""

    reference: str = Field(examples=["R-K7QM-2XWA"])
    state: str = Field(examples=["new"])
    category: str = Field(examples=["pronunciation"])
    comment: str = Field(examples=["It's HOLLY-rood."])
    created_at: Timestamp
    clip: ShownClip
    article: str = Field(description="The article's id in the CMS", examples=["42"])
    title: str = Field(examples=["New bridge opens"])
    revision: int = Field(description="The revision that was heard", examples=[1])
    position_ms: int = Field(examples=[4200])
    sentence: str = Field(examples=["The parliament at Holyrood voted on Monday."])
    written: str = Field(description="The tapped word; empty: only the sentence", examples=["Holyrood"])
    clip_state: str = Field(description="`withdrawn`: its article is offline", examples=["ready"])
    still_there: bool = Field(description="Whether the article still has the sentence", examples=[True])

    @classmethod
    def of(cls, report: ReportedOnce) -> CaseReport:
        return cls(
            reference=report.id,
            state=report.state,
            category=report.category,
            comment=report.comment,
            created_at=iso(report.created_ms),
            clip=report.clip_id,
            article=report.external_id,
            title=report.title,
            revision=report.revision,
            position_ms=report.position_ms,
            sentence=report.sentence,
            written=report.written,
            clip_state=report.clip_state,
            still_there=report.still_there,
        )


class WordSaid(BaseModel):
    """A word of the sentence and what is said for it."""

    written: str = Field(examples=["Holyrood"])
    start: int = Field(description="First character in the sentence", examples=[18])
    end: int = Field(examples=[26])
    spoken: str = Field(examples=["Holyrood"])
    ipa: str | None
    rules: list[Annotated[str, Field(examples=["lexicon"])]] = Field(description="Rules that made it so, in order")
    reported: bool = Field(description="Whether the case is about this word", examples=[True])


class CaseNote(BaseModel):
    """A note of staff, which listeners never see."""

    name: str = Field(description="Of who wrote it", examples=["anna@example.org"])
    text: str = Field(examples=["Ask the correspondent."])
    created_at: Timestamp


class CaseStep(BaseModel):
    """Something that was done with the case."""

    name: str = Field(description="Of the person or key that did it", examples=["anna@example.org"])
    what: str = Field(examples=["case.confirmed"])
    at: Timestamp


class CaseDetail(CaseOut):
    """A case with what belongs to it."""

    now: HeardAt | None = Field(description="The same sentence in the clip's newest revision, if that is newer")
    said: list[WordSaid] = Field(description="The sentence as it was spoken, word by word")
    all_reports: list[CaseReport] = Field(description="Its reports, newest first: at most 100")
    notes: list[CaseNote]
    history: list[CaseStep]
    lexicon: list[Annotated[str, Field(examples=["lex_019b4c5e77f68a31"])]] = Field(
        description="Ids of lexicon entries for the word"
    )

    @classmethod
    def of_page(cls, page: CasePage) -> CaseDetail:
        words = [
            WordSaid(
                written=word.written,
                start=word.start,
                end=word.end,
                spoken=word.spoken,
                ipa=word.ipa,
                rules=list(word.rules),
                reported=word.reported,
            )
            for word in page.said
        ]
        shown = CaseOut.of(page.case).model_dump() | {
            "sentence": page.sentence,
            "word_start": page.word_start,
            "word_end": page.word_end,
        }
        return cls(
            **shown,
            now=HeardAt.of(page.now),
            said=words,
            all_reports=[CaseReport.of(report) for report in page.reports],
            notes=[CaseNote(name=note.name, text=note.text, created_at=iso(note.created_ms)) for note in page.notes],
            history=[CaseStep(name=deed.name, what=deed.what, at=iso(deed.at_ms)) for deed in page.deeds],
            lexicon=[entry.id for entry in page.entries],
        )


class QueueEvent(BaseModel):
    """A server-sent event of the queue."""

    event: Literal["open", "case", "reports"]
    id: str = Field(examples=["5b1f09ac-17"])
    retry: int | None = Field(None, description="Milliseconds after which the client reconnects", examples=[2000])
    data: str = Field(
        description="JSON. `case`: id, site, state, version, reports, assigned_to of a new or changed case. `reports`: "
        "how many `new` reports have arrived. `open`: the stream has begun",
        examples=['{"id": "case_019b4c5e77f17a42", "state": "confirmed", "version": 2}'],
    )
