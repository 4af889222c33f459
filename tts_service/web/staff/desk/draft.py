"""What somebody tries in a case: the form's fields, and the lexicon change that they mean."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.article.clean import clean
from tts_service.corrections.cases.page import CasePage
from tts_service.corrections.cases.spoken_since import names_word
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.db.tables import LexiconEntryRow
from tts_service.errors import InputRefused
from tts_service.newsroom.lexicon import lexeme_of
from tts_service.newsroom.lexicon_place import ArticleName, Place
from tts_service.speakable.lexeme import Lexeme, Scope

Way = Literal["alias", "ipa"]
WAYS: tuple[Way, ...] = ("alias", "ipa")
"""How a word is said: respelled, or in IPA. Spelling it, another language's way and other readings are suggestions."""
_LEFT_OUT = "except-"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """The fields of the form."""

    written: str
    way: Way = "alias"
    alias: str = ""
    ipa: str = ""
    scope: Scope = Scope.SITE
    case_sensitive: bool = True
    alone: bool = False
    language: str = ""
    """Of the entry."""
    why: str = ""
    voice: str = ""
    left_out: tuple[ArticleName, ...] = ()

    @classmethod
    def fresh(cls, shown: CasePage, why: str) -> EntryDraft:
        """Before anything was typed: as the site's own entry for the word says it, if there is one."""
        case = shown.case
        draft = cls(
            written=case.written if case.kind == "word" else "",
            language=case.language.split("-", 1)[0],  # a name is said alike in every variety
            voice=case.voice,
            why=why,
        )
        of_site = (row for row in shown.entries if row.site == case.site and row.scope == Scope.SITE)
        own = next((row for row in of_site if _has(row, case.written)), None)
        if own is None:
            return draft
        return replace(
            draft,
            way="ipa" if own.ipa else "alias",
            alias=own.alias or "",
            ipa=own.ipa or "",
            case_sensitive=own.case_sensitive,
            alone=own.alone,
            language=own.language,
        )

    @classmethod
    def of(cls, form: Mapping[str, str]) -> EntryDraft:
        """As it was sent. Raises InputRefused."""
        way, scope = form.get("way", "alias"), form.get("scope", "site")
        value: dict[str, str] = {}
        if use := form.get("use"):  # a suggestion
            way, _, value[way] = use.partition(":")
        if way not in WAYS or scope not in tuple(Scope):
            raise InputRefused("The form can't be read: reload the page.")
        sent = dict(form) | value
        return cls(
            written=clean(sent.get("written", ""))[0].strip(),
            way=way,
            alias=sent.get("alias", "").strip(),
            ipa=sent.get("ipa", "").strip(),
            scope=Scope(scope),
            case_sensitive="case_sensitive" in sent,
            alone="alone" in sent,
            language=sent.get("language", ""),
            why=sent.get("why", "").strip(),
            voice=sent.get("voice", ""),
            left_out=tuple(_article(value) for name, value in sorted(sent.items()) if name.startswith(_LEFT_OUT)),
        )

    @property
    def digest(self) -> str:
        """Equal for drafts that change the same; the voice that is heard aside."""
        return hashlib.sha256(repr(replace(self, voice="", why="")).encode("utf-8", "surrogatepass")).hexdigest()[:24]

    def place(self, site: str, external_id: str) -> Place:
        """Where the entry is to hold."""
        match self.scope:
            case Scope.GLOBAL:
                return Place.of()
            case Scope.SITE:
                return Place.of(site)
            case _:
                return Place.of(site, external_id)


def proposal_of(session: Session, draft: EntryDraft, place: Place) -> LexiconProposal:
    """The change that a draft means: of the entry that the place has for the word, or a new one."""
    lexeme = Lexeme(
        graphemes=(draft.written,),
        language=draft.language,
        alias=draft.alias if draft.way == "alias" else None,
        ipa=draft.ipa if draft.way == "ipa" else None,
        scope=place.scope,
        case_sensitive=draft.case_sensitive,
        alone=draft.alone,
    )
    if not draft.written:
        raise InputRefused("Enter the word as it is written in the article.")
    entry = _entry_at(session, place, lexeme)
    if entry is not None:
        lexeme = replace(lexeme, graphemes=lexeme_of(entry).graphemes)
    return LexiconProposal(
        place=place,
        lexeme=lexeme,
        entry_id=entry.id if entry else None,
        except_articles=tuple(sorted({*_exceptions(entry), *draft.left_out})),
    )


def _entry_at(session: Session, place: Place, lexeme: Lexeme) -> LexiconEntryRow | None:
    """The entry of this place that has the word already."""
    rows = session.scalars(
        select(LexiconEntryRow).filter_by(
            scope=place.scope, site=place.site, article=place.article, language=lexeme.language
        )
    )
    return next((row for row in rows if _has(row, lexeme.graphemes[0])), None)


def _has(entry: LexiconEntryRow, word: str) -> bool:
    return names_word(entry.graphemes, word, case_sensitive=entry.case_sensitive)


def _exceptions(entry: LexiconEntryRow | None) -> list[ArticleName]:
    return [ArticleName(*one) for one in (entry.except_articles or ())] if entry else []


def _article(value: str) -> ArticleName:
    site, slash, external_id = value.partition("/")
    if not (slash and external_id):
        raise InputRefused("The form can't be read: reload the page.")
    return ArticleName(site, external_id)
