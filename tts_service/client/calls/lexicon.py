"""The lexicon: its entries, what a change of one would change, and how that sounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tts_service.client.calls.call import Call, given, path_part
from tts_service.client.values.lexicon import ArticleName, Entry, EntryPage, Impact, Lexeme
from tts_service.client.values.previews import ClipSentence, IpaCheck, Preview, Sound, Suggestion, TypedSentence


def entries(
    *,
    site: str | None = None,
    article_id: str | None = None,
    scope: str | None = None,
    language: str | None = None,
    q: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Call[EntryPage]:
    """Entries, newest first. `q`: any part of a grapheme, the pronunciation or the note."""
    wanted = {
        "site": site,
        "article": article_id,
        "scope": scope,
        "language": language,
        "q": q,
        "cursor": cursor,
        "limit": limit,
    }
    return Call(method="GET", path="/v1/lexicon", params=wanted, read=EntryPage.of)


def entry(entry_id: str) -> Call[Entry]:
    """An entry. Raises NotFound."""
    return Call(method="GET", path=f"/v1/lexicon/{path_part(entry_id)}", read=Entry.of)


def add_entry(lexeme: Lexeme) -> Call[Entry]:
    """Add an entry for texts from now on; `accept` speaks published clips again too. Raises Conflict."""
    return Call(method="POST", path="/v1/lexicon", json=lexeme.to_json(), read=Entry.of, once=True)


def change_entry(
    entry_id: str,
    *,
    language: str | None = None,
    graphemes: Sequence[str] | None = None,
    alias: str | None = None,
    ipa: str | None = None,
    case_sensitive: bool | None = None,
    alone: bool | None = None,
    except_articles: Sequence[ArticleName] | None = None,
    note: str | None = None,
) -> Call[Entry]:
    """Change an entry for texts from now on. What is None stays; a new alias replaces an ipa, and the other way round.

    Raises Conflict, NotFound."""
    wanted = given(
        language=language,
        graphemes=None if graphemes is None else list(graphemes),
        alias=alias,
        ipa=ipa,
        case_sensitive=case_sensitive,
        alone=alone,
        except_articles=None
        if except_articles is None
        else [{"site": one.site, "article": one.article} for one in except_articles],
        note=note,
    )
    return Call(method="PATCH", path=f"/v1/lexicon/{path_part(entry_id)}", json=wanted, read=Entry.of)


def remove_entry(entry_id: str) -> Call[None]:
    """Remove an entry for texts from now on. Raises NotFound."""
    return Call(method="DELETE", path=f"/v1/lexicon/{path_part(entry_id)}", read=lambda _: None, once=True)


def impact(lexeme: Lexeme | None = None, *, entry: str | None = None, limit: int = 100) -> Call[Impact]:
    """Which sentences of which clips a change of the lexicon would change: exactly those that `accept` speaks again.

    `lexeme` alone: an entry to add; with `entry`, an entry's id: what that says from now on; `entry` alone: it is
    removed. `limit`: number of clips to list, at most 500.
    """
    wanted = proposed(lexeme, entry) | {"limit": limit}
    return Call(method="POST", path="/v1/lexicon/impact", json=wanted, read=Impact.of)


def preview(
    sentence: ClipSentence | TypedSentence,
    lexeme: Lexeme | None = None,
    *,
    entry: str | None = None,
    voice: str | None = None,
) -> Call[Preview]:
    """Speak a sentence as it is and with a change of the lexicon, given as for `impact`; neither: only as it is.

    The sound is kept: what is heard here is what `accept` publishes. `voice`: None: the clip's, or one of the language.
    """
    wanted = proposed(lexeme, entry) | given(sentence=sentence.to_json(), voice=voice)
    return Call(method="POST", path="/v1/preview", json=wanted, read=Preview.of)


def sound(spoken: Sound) -> Call[bytes]:
    """The sound of a preview, as a WAV file."""
    return Call(method="GET", path=f"/v1/preview/{path_part(spoken.segment)}.wav", read=bytes, binary=True)


def suggestions(
    word: str, language: str, *, site: str | None = None, voice: str | None = None
) -> Call[tuple[Suggestion, ...]]:
    """What to try for a misread word, the likeliest first: entries for it or a similar one, other readings, what
    other voices say. `site`: whose entries come first; `voice`: the voice that can say what is suggested."""
    return Call(
        method="POST",
        path="/v1/preview/suggestions",
        json=given(word=word, language=language, site=site, voice=voice),
        read=lambda data: tuple(Suggestion.of(one) for one in data["suggestions"]),
    )


def check_ipa(ipa: str, language: str) -> Call[IpaCheck]:
    """Which voices of a language can say a pronunciation, and which symbols the others don't know."""
    return Call(method="POST", path="/v1/preview/ipa", json={"ipa": ipa, "language": language}, read=IpaCheck.of)


def proposed(lexeme: Lexeme | None, entry: str | None) -> dict[str, Any]:
    """A change of the lexicon, as the API takes it."""
    return given(lexeme=lexeme.to_json() if lexeme else None, entry=entry)
