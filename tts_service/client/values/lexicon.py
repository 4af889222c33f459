"""Entries of the lexicon, and what changing one would change."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from tts_service.client.values.json_members import Json, members


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleName:
    """An article, by its site and its id in the CMS."""

    site: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexeme:
    """How words are said, and where: exactly one of alias and ipa."""

    language: str
    """BCP 47 tag; "en" applies to "en-GB" too."""
    graphemes: tuple[str, ...]
    """Spellings, each of one or more whole words."""
    alias: str | None = None
    """Respelling, read by the language's rules."""
    ipa: str | None = None
    case_sensitive: bool = True
    alone: bool = False
    """Whether parts of hyphenated words are left out, such as Nato in Nato-Gipfel."""
    scope: Literal["global", "site", "article"] = "site"
    site: str | None = None
    """None: the key's site."""
    article: str | None = None
    """For scope `article`: its id in the CMS."""
    except_articles: tuple[ArticleName, ...] = ()
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """As POST /v1/lexicon takes it."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpelledBy:
    """A voice that reads the spelling instead of the IPA."""

    voice: str
    symbols: tuple[str, ...]
    """Those that it doesn't know; empty: it accepts no IPA."""

    @classmethod
    def of(cls, data: Json) -> SpelledBy:
        return cls(**members(cls, data))

    @classmethod
    def voices(cls, data: Json) -> tuple[SpelledBy, ...]:
        """Those that an answer names; it does after a change only."""
        return tuple(cls.of(one) for one in data.get("spelled_by") or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the lexicon."""

    id: str
    scope: Literal["global", "site", "article"]
    site: str | None
    article: str | None
    language: str
    graphemes: tuple[str, ...]
    alias: str | None
    ipa: str | None
    case_sensitive: bool
    alone: bool
    except_articles: tuple[ArticleName, ...]
    note: str
    author: str
    created_at: str
    updated_at: str
    spelled_by: tuple[SpelledBy, ...]
    """Known when the entry has just been added or changed."""
    raw: Json = field(repr=False, default_factory=dict)
    """Everything the service said."""

    @classmethod
    def of(cls, data: Json) -> Entry:
        exceptions = tuple(ArticleName(**members(ArticleName, one)) for one in data["except_articles"])
        return cls(**members(cls, data, except_articles=exceptions, spelled_by=SpelledBy.voices(data)))

    def lexeme(self) -> Lexeme:
        """What it says, to change with dataclasses.replace and propose."""
        return Lexeme(
            language=self.language,
            graphemes=self.graphemes,
            alias=self.alias,
            ipa=self.ipa,
            case_sensitive=self.case_sensitive,
            alone=self.alone,
            scope=self.scope,
            site=self.site,
            article=self.article,
            except_articles=self.except_articles,
            note=self.note,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """Entries, newest first."""

    entries: tuple[Entry, ...]
    next: str | None
    """`cursor` of the next page; None on the last."""

    @classmethod
    def of(cls, data: Json) -> EntryPage:
        return cls(**members(cls, data, entries=tuple(Entry.of(one) for one in data["entries"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What an import did, or would do."""

    language: str
    added: int
    replaced: int
    unchanged: int
    """Lexemes that were there already."""
    notices: tuple[str, ...]
    """Parts of the document that were ignored, with their lines."""
    dry_run: bool
    raw: Json = field(repr=False, default_factory=dict)
    """Everything the service said."""

    @classmethod
    def of(cls, data: Json) -> Import:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A sentence that would be spoken differently."""

    block: int
    start: int
    """First character in the block."""
    end: int
    text: str
    """As written."""
    before: str
    """Words as spoken now, IPA between slashes."""
    after: str
    position: int | None
    """Its position among the sentences of the clip's current revision."""
    start_ms: int | None
    """When it begins there."""
    end_ms: int | None

    @classmethod
    def of(cls, data: Json) -> Change:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedClip:
    """A clip with sentences that would be spoken differently."""

    clip: str
    revision: int
    site: str
    article: str
    """The article's id in the CMS."""
    title: str
    audio_ms: int
    """Length of these sentences now."""
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, data: Json) -> AffectedClip:
        return cls(**members(cls, data, changes=tuple(Change.of(one) for one in data["changes"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A hit that looks false."""

    clip: str
    block: int
    start: int
    """First character of the hit in the block."""
    end: int
    text: str
    reason: str
    """hyphenated, case, language, sentence_start."""

    @classmethod
    def of(cls, data: Json) -> Doubt:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What a change of the lexicon would change."""

    sentences: int
    articles: int
    audio_ms: int
    """Length of these sentences now."""
    work_ms: int
    """Estimate of the work for one worker."""
    doubtful: tuple[Doubt, ...]
    """At most 500."""
    doubtful_count: int
    clips: tuple[AffectedClip, ...]
    """As many as were asked for, newest first; the totals count all of them."""
    complete: bool
    """False: more clips contain the words than are read for one answer."""
    nothing: str | None
    """Why nothing changes, such as unseen or same_sound; None: something does."""
    nothing_detail: str | None
    """The same as a sentence."""
    raw: Json = field(repr=False, default_factory=dict)
    """Everything the service said."""

    @classmethod
    def of(cls, data: Json) -> Impact:
        doubts = tuple(Doubt.of(one) for one in data["doubtful"])
        clips = tuple(AffectedClip.of(one) for one in data["clips"])
        return cls(**members(cls, data, doubtful=doubts, clips=clips))
