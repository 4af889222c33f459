"""Pronunciations that open cases' words have got since listeners heard them, from the history of the lexicon."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.cases.history import author_name
from tts_service.db.tables import JsonDict, LexiconChangeRow
from tts_service.speakable.lexeme import same_when

_MOST = 300
"""Changes that are looked at for a page of the queue, the newest: reading them all takes as long as the lexicon is."""
_SAID = ("graphemes", "language", "alias", "ipa", "case_sensitive", "alone")
"""Fields of an entry that change how a word is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordOfCase:
    """A word that a listener heard before something was changed."""

    case_id: str
    written: str
    language: str
    site: str
    external_id: str
    """Of the article in which it was heard."""
    heard_ms: int
    """When the revision that was heard was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySince:
    """An entry by which a word is said otherwise than a listener heard it."""

    entry_id: str
    fields: JsonDict
    """As it is now."""
    name: str
    """Of who wrote it."""
    at_ms: int


def entries_since(
    session: Session, words: Sequence[WordOfCase], entry_ids: Collection[str] | None = None
) -> dict[str, EntrySince]:
    """By case: the newest entry that says its word otherwise since. `entry_ids`: only these, with their whole
    history."""
    if not words or entry_ids == ():
        return {}
    row = LexiconChangeRow
    query = select(row, author_name(row.who)).order_by(row.id.desc())
    query = query.limit(_MOST) if entry_ids is None else query.where(row.entry_id.in_(entry_ids))
    oldest = min(one.heard_ms for one in words)
    changes: dict[str, list[tuple[LexiconChangeRow, str]]] = {}
    for change, name in session.execute(query):
        if change.at_ms > oldest:
            changes.setdefault(change.entry_id, []).append((change, name))
    found = ((word.case_id, _since(word, changes.values())) for word in words)
    return {case_id: entry for case_id, entry in found if entry is not None}


def names_word(graphemes: Iterable[str], word: str, *, case_sensitive: bool) -> bool:
    """Whether one of an entry's spellings is the whole word."""
    wanted = same_when(word, case_sensitive)
    return any(same_when(one, case_sensitive) == wanted for one in graphemes)


def _since(word: WordOfCase, histories: Iterable[Sequence[tuple[LexiconChangeRow, str]]]) -> EntrySince | None:
    """`histories`: the changes of each entry, newest first."""
    for history in histories:
        later = [one for one in history if one[0].at_ms > word.heard_ms]
        now = later[0][0].after if later else None
        if now is None or not _holds(now, word) or _said(later[-1][0].before) == _said(now):
            continue
        change, name = next(one for one in later if _said(one[0].before) != _said(one[0].after))
        return EntrySince(entry_id=change.entry_id, fields=now, name=name, at_ms=change.at_ms)
    return None


def _holds(entry: JsonDict, word: WordOfCase) -> bool:
    of_language, language = str(entry["language"]).lower(), word.language.lower()
    varieties = f"{language}-".startswith(f"{of_language}-") or f"{of_language}-".startswith(f"{language}-")
    return (
        varieties
        and entry["site"] in (None, word.site)
        and entry["article"] in (None, word.external_id)
        and [word.site, word.external_id] not in [list(one) for one in entry["except_articles"] or ()]
        and names_word(entry["graphemes"], word.written, case_sensitive=entry["case_sensitive"])
    )


def _said(entry: JsonDict | None) -> dict[str, Any] | None:
    return {name: entry.get(name) for name in _SAID} if entry else None
