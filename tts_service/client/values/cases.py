"""Cases: what listeners' reports are about, and what staff decide."""

from __future__ import annotations

from dataclasses import dataclass, field

from tts_service.client.values.json_members import Json, members


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardAt:
    """Where a sentence is heard."""

    clip: str
    revision: int
    at_ms: int
    """Start of the word, or of the sentence."""
    play_from_ms: int
    """Three seconds before it."""

    @classmethod
    def of(cls, data: Json | None) -> HeardAt | None:
        return None if data is None else cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Reports about the same word, sentence or passage, decided together."""

    id: str
    version: int
    """Every decision names the version that it is about: CaseChanged if somebody has decided since."""
    state: str
    """new, confirmed, corrected, rejected, duplicate."""
    site: str
    language: str
    voice: str
    kind: str
    """word, sentence, passage, clip."""
    category: str
    """The listeners' most frequent one: pronunciation, number, missing, extra, sound, other; or heard: nobody reported
    it, the service's recogniser noticed it."""
    written: str
    """The word or passage; empty: the whole sentence or clip."""
    sentence: str
    word_start: int | None
    """First character of the word in the sentence."""
    word_end: int | None
    reports: int
    articles: int
    plays: int
    breaking: bool
    """Whether one of its articles is breaking news."""
    first_at: str
    """RFC 3339, like all times."""
    last_at: str
    settled_at: str | None
    reason: str | None
    """Why it was rejected, as the listeners read it."""
    duplicate_of: str | None
    """The case that has its reports."""
    correction: str | None
    """The correction that settled it."""
    assigned_to: str | None
    """Id of a staff account."""
    can_undo: bool
    comment: str
    """Of the newest report that has one."""
    heard: HeardAt | None
    """Where the newest report heard it, or the service's recogniser did."""
    heard_text: str
    """What the recogniser heard instead of the sentence; empty: nothing that sounds wrong."""
    raw: Json = field(repr=False, default_factory=dict)
    """Everything the service said."""

    @classmethod
    def of(cls, data: Json) -> Case:
        return cls(**members(cls, data, heard=HeardAt.of(data["heard"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Cases, the most urgent first."""

    cases: tuple[Case, ...]
    by_state: dict[str, int]
    """Number of cases in each state that fit the other filters."""
    next: str | None
    """`cursor` of the next page; None on the last."""

    @classmethod
    def of(cls, data: Json) -> CasePage:
        return cls(**members(cls, data, cases=tuple(Case.of(one) for one in data["cases"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """A report of a case."""

    reference: str
    state: str
    category: str
    comment: str
    created_at: str
    clip: str
    article: str
    """The article's id in the CMS."""
    title: str
    revision: int
    """The revision that was heard."""
    position_ms: int
    sentence: str
    written: str
    """The tapped word; empty: only the sentence."""
    still_there: bool
    """Whether the article still has the sentence."""

    @classmethod
    def of(cls, data: Json) -> CaseReport:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWord:
    """A word of the reported sentence and what was said for it."""

    written: str
    start: int
    """First character in the sentence."""
    end: int
    spoken: str
    ipa: str | None
    rules: tuple[str, ...]
    """The rules that made it so, in order."""
    reported: bool

    @classmethod
    def of(cls, data: Json) -> SaidWord:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNote:
    """A note of staff, which listeners never see."""

    name: str
    """Of who wrote it."""
    text: str
    created_at: str

    @classmethod
    def of(cls, data: Json) -> CaseNote:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStep:
    """Something that was done with a case."""

    name: str
    """Of the person or key that did it."""
    what: str
    """Such as case.confirmed."""
    at: str

    @classmethod
    def of(cls, data: Json) -> CaseStep:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetail(Case):
    """A case with what belongs to it."""

    now: HeardAt | None
    """The same sentence in the clip's newest revision, if that is newer."""
    said: tuple[SaidWord, ...]
    """The sentence as it was spoken."""
    all_reports: tuple[CaseReport, ...]
    """Newest first, at most 100."""
    notes: tuple[CaseNote, ...]
    history: tuple[CaseStep, ...]
    """Oldest first, like the notes."""
    lexicon: tuple[str, ...]
    """Ids of lexicon entries for the word."""

    @classmethod
    def of(cls, data: Json) -> CaseDetail:
        read = {
            "heard": HeardAt.of(data["heard"]),
            "now": HeardAt.of(data["now"]),
            "said": tuple(SaidWord.of(one) for one in data["said"]),
            "all_reports": tuple(CaseReport.of(one) for one in data["all_reports"]),
            "notes": tuple(CaseNote.of(one) for one in data["notes"]),
            "history": tuple(CaseStep.of(one) for one in data["history"]),
        }
        return cls(**members(cls, data, **read))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """What became of one of several cases."""

    id: str
    version: int | None
    """Its version since; None: it wasn't changed."""
    error: str | None
    """Why it wasn't changed, such as case_changed."""
    detail: str | None
    """The same in words."""

    @classmethod
    def of(cls, data: Json) -> CaseOutcome:
        return cls(**members(cls, data))
