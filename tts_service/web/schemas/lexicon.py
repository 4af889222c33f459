"""Lexicon entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from tts_service.access.sites import Sites, account_refusal, may_see
from tts_service.db.tables import LexiconEntryRow
from tts_service.engines.pronunciation.ipa_check import SpelledBy
from tts_service.errors import NotAllowed
from tts_service.newsroom.lexicon import MAX_NOTE
from tts_service.newsroom.lexicon_place import MAX_EXCEPTIONS, ArticleName
from tts_service.newsroom.lexicon_search import LexiconFilter
from tts_service.speakable.lexeme import MAX_GRAPHEMES, MAX_SAID, Lexeme, Scope
from tts_service.web.reading import iso
from tts_service.web.schemas.fields import (
    Cleaned,
    ExternalId,
    Maybe,
    NextCursor,
    ShownSite,
    SiteName,
    Timestamp,
)
from tts_service.web.schemas.paging import PageQuery

_Language = Annotated[
    str,
    Field(
        max_length=35,
        description='BCP 47 tag; "en" applies to "en-GB" too',
        examples=["en"],
        json_schema_extra={"pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}$"},
    ),
]
_Graphemes = Annotated[
    list[Annotated[str, Field(max_length=400)]],
    Field(min_length=1, max_length=MAX_GRAPHEMES, description="Spellings, each of one or more whole words"),
]
_Alias = Annotated[str | None, Field(max_length=4 * MAX_SAID, description="Respelling, read by the language's rules")]
_Ipa = Annotated[
    str | None, Field(max_length=4 * MAX_SAID, description="Pronunciation in IPA", examples=["ˈhɒlɪˌruːd"])
]
_Note = Annotated[str | None, Field(max_length=MAX_NOTE)]
_ALONE = "true: the entry doesn't apply to parts of hyphenated words, such as Nato in Nato-Gipfel"


_NULL: JsonDict = {"enum": [None, ""]}
_ONE_WAY: JsonDict = {
    "anyOf": [
        {"required": ["alias"], "properties": {"alias": {"type": "string"}, "ipa": _NULL}},
        {"required": ["ipa"], "properties": {"ipa": {"type": "string"}, "alias": _NULL}},
    ]
}
_PLACE: JsonDict = {
    "anyOf": [
        {"properties": {"scope": {"const": "site"}, "article": _NULL}},
        {"required": ["scope"], "properties": {"scope": {"const": "global"}, "site": _NULL, "article": _NULL}},
        {
            "required": ["scope", "article"],
            "properties": {"scope": {"const": "article"}, "article": {"type": "string"}},
        },
    ]
}
WORD: JsonDict = {"scope": "site", "site": "gazette", "language": "en", "graphemes": ["Holyrood"], "ipa": "ˈhɒlɪˌruːd"}
_ENTRY: JsonDict = {"allOf": [_ONE_WAY, _PLACE]}
"""What Lexeme and Place check, for the document."""
_CHANGE: JsonDict = {"anyOf": [{"properties": {"alias": _NULL}}, {"properties": {"ipa": _NULL}}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """The person or key that makes the request."""

    author: str
    """Stored with each entry."""
    sites: Sites
    """The sites whose entries may be changed; None: entries of every site and those for all."""
    decides_cases: bool
    """Whether it may answer listeners' reports, too: staff, and keys with the scope `reports`."""

    @property
    def site(self) -> str | None:
        """The only site whose entries may be changed; None: several or all."""
        return self.sites[0] if self.sites is not None and len(self.sites) == 1 else None

    def may_change(self, site: str | None) -> bool:
        return may_see(self.sites, site)

    def refusal(self) -> NotAllowed:
        """The answer to who asks for another site."""
        if self.author.startswith("key:"):
            return NotAllowed(f"This key is for the site {self.site} only.", site=self.site)
        return account_refusal(self.sites or ())


class EntryQuery(PageQuery):
    """Filters for a list of entries."""

    site: Maybe[SiteName] = Field(None, description="The site's name")
    article: Maybe[ExternalId] = Field(None, description="Entries of one article of the site")
    scope: Maybe[Scope] = Field(None, description="Scope of the entries", examples=["site"])
    language: str | None = Field(None, max_length=35, description="BCP 47 tag, exactly as entered", examples=["en"])
    q: str | None = Field(
        None, max_length=100, description="Any part of a grapheme, the pronunciation or the note", examples=["Holy"]
    )

    def to_wanted(self, only_sites: Sites) -> LexiconFilter:
        return LexiconFilter(
            scope=self.scope,
            site=self.site,
            article=self.article,
            language=self.language,
            q=self.q,
            only_sites=only_sites,
        )


class ArticleRef(Cleaned):
    """An article, by its site and its id in the CMS."""

    site: SiteName
    article: ExternalId = Field(description="The article's id in the CMS")

    def name(self) -> ArticleName:
        return ArticleName(self.site, self.article)


Exceptions = Annotated[
    list[ArticleRef],
    Field(max_length=MAX_EXCEPTIONS, description="Articles that the entry doesn't apply to; not for scope `article`"),
]


class EntryIn(Cleaned):
    """The pronunciation of words, with exactly one of alias and ipa."""

    EMPTY_COUNTS = frozenset({"note"})

    model_config = ConfigDict(json_schema_extra=_ENTRY | {"examples": [WORD]})

    scope: Scope = Field(Scope.SITE, description="Where the entry applies; the narrower scope wins")
    site: SiteName | None = Field(None, description="For scopes `site` and `article`. Default: the key's site")
    article: ExternalId | None = Field(None, description="The article's id in the CMS; only for scope `article`")
    language: _Language
    graphemes: _Graphemes
    alias: _Alias = None
    ipa: _Ipa = None
    case_sensitive: bool = Field(True, strict=True, description="false: the entry matches in any case")
    alone: bool = Field(False, strict=True, description=_ALONE)
    except_articles: Exceptions = Field(default_factory=list)
    note: str = Field("", max_length=MAX_NOTE)

    def to_lexeme(self) -> Lexeme:
        return Lexeme(
            graphemes=tuple(self.graphemes),
            language=self.language,
            alias=self.alias,
            ipa=self.ipa,
            scope=self.scope,
            case_sensitive=self.case_sensitive,
            alone=self.alone,
        )


class EntryChange(Cleaned):
    """Changes to an entry; omitted fields keep their values."""

    EMPTY_COUNTS = frozenset({"note"})

    model_config = ConfigDict(json_schema_extra=_CHANGE | {"examples": [{"note": "as the parliament says it"}]})

    language: _Language | None = None
    graphemes: _Graphemes | None = None
    alias: _Alias = None
    ipa: _Ipa = None
    case_sensitive: bool | None = Field(None, strict=True)
    alone: bool | None = Field(None, strict=True)
    except_articles: Exceptions | None = None
    note: _Note = None

    def applied(self, lexeme: Lexeme) -> Lexeme:
        """The lexeme with these changes."""
        if self.alias is not None or self.ipa is not None:
            lexeme = replace(lexeme, alias=self.alias, ipa=self.ipa)
        return replace(
            lexeme,
            language=lexeme.language if self.language is None else self.language,
            graphemes=lexeme.graphemes if self.graphemes is None else tuple(self.graphemes),
            case_sensitive=lexeme.case_sensitive if self.case_sensitive is None else self.case_sensitive,
            alone=lexeme.alone if self.alone is None else self.alone,
        )


class SpelledOut(BaseModel):
    """A voice that reads the spelling instead of the pronunciation."""

    voice: str = Field(examples=["pyttsx3:en-us"])
    symbols: list[str] = Field(
        description="IPA symbols that the voice doesn't know; empty if it accepts no IPA", examples=[["ɬ"]]
    )


class EntryOut(BaseModel):
    """An entry of the lexicon."""

    id: str = Field(examples=["lex_019b4c5e77f68a31"])
    scope: Scope = Field(examples=["site"])
    site: ShownSite | None
    article: str | None
    language: str = Field(examples=["en"])
    graphemes: list[str] = Field(examples=[["Holyrood"]])
    alias: str | None
    ipa: str | None = Field(examples=["ˈhɒlɪˌruːd"])
    case_sensitive: bool
    alone: bool = Field(description=_ALONE)
    except_articles: list[ArticleRef] = Field(description="Articles that the entry doesn't apply to")
    note: str = Field(examples=["as locals say it"])
    author: str = Field(examples=["key:8QmT2xLs"])
    created_at: Timestamp
    updated_at: Timestamp
    spelled_by: list[SpelledOut] | None = Field(
        None,
        examples=[None],
        description="Voices that read the spelling instead of `ipa`. Only when an entry is added or changed",
    )

    @classmethod
    def of(cls, row: LexiconEntryRow, spelled: Sequence[SpelledBy] | None = None) -> EntryOut:
        return cls(
            id=row.id,
            scope=Scope(row.scope),
            site=row.site,
            article=row.article,
            language=row.language,
            graphemes=row.graphemes,
            alias=row.alias,
            ipa=row.ipa,
            case_sensitive=row.case_sensitive,
            alone=bool(row.alone),
            except_articles=[ArticleRef(site=site, article=name) for site, name in row.except_articles or ()],
            note=row.note,
            author=row.author,
            created_at=iso(row.created_ms),
            updated_at=iso(row.updated_ms),
            spelled_by=None if spelled is None else _spelled(spelled),
        )


class EntryList(BaseModel):
    entries: list[EntryOut]
    next: NextCursor


class LexemeSpelled(BaseModel):
    """An imported lexeme that some voices can't pronounce."""

    line: int = Field(examples=[7])
    grapheme: str = Field(examples=["Llanelli"])
    voices: list[SpelledOut]

    @classmethod
    def of(cls, line: int, grapheme: str, spelled: Sequence[SpelledBy]) -> LexemeSpelled:
        return cls(line=line, grapheme=grapheme, voices=_spelled(spelled))


class ImportOut(BaseModel):
    """The result of an import, or of a dry run."""

    language: str = Field(examples=["en"])
    added: int = Field(examples=[2])
    replaced: int = Field(description="Existing entries that were replaced", examples=[0])
    unchanged: int = Field(description="Identical lexemes that already existed", examples=[1])
    notices: list[str] = Field(
        description="Parts of the document that were ignored, with their lines",
        examples=[["line 4: role='claws:VVI' is ignored: the lexeme applies to every role"]],
    )
    spelled_by: list[LexemeSpelled]
    dry_run: bool = Field(examples=[False])


def _spelled(found: Sequence[SpelledBy]) -> list[SpelledOut]:
    return [SpelledOut(voice=spelled.voice, symbols=list(spelled.symbols)) for spelled in found]
