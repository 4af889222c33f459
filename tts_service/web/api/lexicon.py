"""The lexicon: pronunciations for an article, a site or all sites, as JSON and as PLS."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response, Security
from starlette.concurrency import run_in_threadpool

from tts_service.access.keys import caller_of
from tts_service.db.tables import LexiconEntryRow
from tts_service.errors import Conflict, InputRefused, InvalidRequest, MarkupRefused, NotAllowed, NotFound
from tts_service.newsroom.lexicon import StoredEntry, add, change, find, lexeme_of, remove
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.lexicon_search import entries
from tts_service.newsroom.pls import Taking, export_pls, import_pls
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Scope
from tts_service.web.given import GivenParts
from tts_service.web.responses import ANY_BODY, JSON_BODY, STAFF, body, problems, reply, text
from tts_service.web.schemas.fields import ExternalId, Maybe, OrUsual, SiteName
from tts_service.web.schemas.lexicon import (
    Editor,
    EntryChange,
    EntryIn,
    EntryList,
    EntryOut,
    EntryQuery,
    ImportOut,
    LexemeSpelled,
)
from tts_service.web.security import API_KEY, SESSION
from tts_service.web.staff.session import require_own_change, signed_in

router = APIRouter(prefix="/v1", tags=["lexicon"], dependencies=[Security(SESSION)])

SCOPE = "lexicon"
"""The scope that a key needs."""
PLS_TYPE = "application/pls+xml"
_Site = Annotated[Maybe[SiteName], Query(description="The site's name. Default: entries for all sites")]
PlsSite = Annotated[
    Maybe[SiteName],
    Query(description="The site's name. Default: the key's site; with a key for all sites, entries for all sites"),
]
PlsReplace = Annotated[
    bool,
    OrUsual(False),
    Query(description="Whether to replace entries that have one of the graphemes; otherwise they cause a 409"),
]
PlsArticle = Annotated[Maybe[ExternalId], Query(description="Entries of one article of the site")]
_Language = Annotated[str | None, Query(max_length=35, description="BCP 47 tag, exactly as entered", examples=["en"])]
_EntryId = Annotated[str, Path(max_length=64, description="The entry's id", examples=["lex_019b4c5e77f68a31"])]
PLS_BODY = text(
    PLS_TYPE,
    '<?xml version="1.0" encoding="UTF-8"?>\n<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/'
    'pronunciation-lexicon" alphabet="ipa" xml:lang="en">\n  <lexeme><grapheme>Holyrood</grapheme>'
    "<phoneme>ˈhɒlɪˌruːd</phoneme></lexeme>\n</lexicon>\n",
)


def editor(request: Request, parts: GivenParts, _key: Annotated[object, Security(API_KEY, scopes=[SCOPE])]) -> Editor:
    """A dependency: who edits, by a key with the right `lexicon` or by a staff session.

    Staff pages reach this API below /staff only, and change things with their form's token in the header
    X-Form-Token. Raises KeyMissing, SignInNeeded, NotAllowed.
    """
    authorization = request.headers.get("authorization")
    if authorization is None and request.url.path.startswith("/staff/"):
        person = signed_in(request, parts)
        require_own_change(request, person, parts.settings)
        return Editor(author=person.who, sites=person.sites, decides_cases=True)
    caller = caller_of(parts.database, authorization)
    if SCOPE not in caller.scopes:
        raise NotAllowed(f"This key lacks the scope {SCOPE}.", scope=SCOPE)
    return Editor(author=caller.who, sites=caller.sites, decides_cases="reports" in caller.scopes)


MayEdit = Annotated[Editor, Depends(editor)]


@router.get("/lexicon", responses=problems(*STAFF, InputRefused, InvalidRequest))
def list_entries(who: MayEdit, parts: GivenParts, asked: Annotated[EntryQuery, Query()]) -> EntryList:
    """List entries, newest first. A key for one site sees that site's entries and those for all sites."""
    with parts.database.reading() as session:
        rows = entries(session, asked.to_wanted(who.sites), below=asked.place(), most=asked.limit + 1)
    following = asked.cursor_after(rows[asked.limit - 1].id) if len(rows) > asked.limit else None
    return EntryList(entries=[EntryOut.of(row) for row in rows[: asked.limit]], next=following)


@router.post("/lexicon", status_code=201, responses=problems(*STAFF, *JSON_BODY, Conflict, InputRefused))
def add_entry(sent: EntryIn, who: MayEdit, parts: GivenParts, response: Response) -> EntryOut:
    """Add an entry: the pronunciation of words as a respelling (`alias`) or in IPA (`ipa`).

    409 if a grapheme already has an entry with the same scope, language and case. 400 names the IPA symbols that no
    voice of the language knows. Voices that don't know one of the symbols read the spelling; `spelled_by` lists them.
    """
    place = place_for(who, sent.scope, sent.site, sent.article)
    kept = add(
        parts.database,
        parts.voices,
        place,
        sent.to_lexeme(),
        note=sent.note,
        author=who.author,
        except_articles=[article.name() for article in sent.except_articles],
    )
    response.headers["Location"] = f"/v1/lexicon/{kept.row.id}"
    return _out(kept)


@router.get("/lexicon/{entry_id}", responses=problems(*STAFF, InvalidRequest, NotFound))
def show_entry(entry_id: _EntryId, who: MayEdit, parts: GivenParts) -> EntryOut:
    """Show an entry."""
    return EntryOut.of(_seen(parts, who, entry_id))


@router.patch("/lexicon/{entry_id}", responses=problems(*STAFF, *JSON_BODY, Conflict, InputRefused, NotFound))
def update_entry(entry_id: _EntryId, wanted: EntryChange, who: MayEdit, parts: GivenParts) -> EntryOut:
    """Change an entry. Omitted fields keep their values; a new `alias` replaces an `ipa`, and the other way round."""
    row = own_entry(parts, who, entry_id)
    kept = change(
        parts.database,
        parts.voices,
        row,
        wanted.applied(lexeme_of(row)),
        row.note if wanted.note is None else wanted.note,
        who=who.author,
        except_articles=(
            None if wanted.except_articles is None else [article.name() for article in wanted.except_articles]
        ),
    )
    return _out(kept)


@router.delete("/lexicon/{entry_id}", status_code=204, responses=problems(*STAFF, InvalidRequest, NotFound))
def remove_entry(entry_id: _EntryId, who: MayEdit, parts: GivenParts) -> None:
    """Remove an entry."""
    row = own_entry(parts, who, entry_id)
    remove(parts.database, row.id, who=who.author)


@router.get(
    "/lexicon.pls",
    response_class=Response,
    responses={200: reply("The PLS document.", PLS_BODY), **problems(*STAFF, InputRefused, InvalidRequest, NotFound)},
)
def export_lexicon(
    who: MayEdit, parts: GivenParts, site: _Site = None, article: PlsArticle = None, language: _Language = None
) -> Response:
    """Export the entries of one scope as a W3C PLS 1.0 document. With several languages, `language` is required."""
    if site is not None and not who.may_change(site):
        raise who.refusal()
    document = export_pls(parts.database, _of(site, article), language)
    name = "-".join(filter(None, (site or "all", language))) + ".pls"
    return Response(document, media_type=PLS_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post(
    "/lexicon/import",
    responses=problems(*STAFF, *ANY_BODY, Conflict, InputRefused, InvalidRequest, MarkupRefused),
    openapi_extra=body(PLS_BODY),
)
async def import_lexicon(
    request: Request,
    who: MayEdit,
    parts: GivenParts,
    site: PlsSite = None,
    article: PlsArticle = None,
    replace: PlsReplace = False,
    dry_run: Annotated[bool, OrUsual(False), Query(description="Whether to only report what would happen")] = False,
) -> ImportOut:
    """Import a W3C PLS 1.0 document, completely or not at all.

    It can have at most 2 MB, and its alphabet must be `ipa`. 422 with line, column and reason if the document isn't
    PLS, declares a document type, has empty or duplicate graphemes, or uses IPA symbols that no voice knows.
    """
    source = await request.body()
    place = place_of_import(who, site, article)
    taking = Taking(author=who.author, replace=replace, dry_run=dry_run)
    done = await run_in_threadpool(import_pls, parts.database, parts.voices, source, place, taking)
    spelled = [LexemeSpelled.of(found.line, found.lexeme.graphemes[0], voices) for found, voices in done.spelled_by]
    return ImportOut(
        language=done.language,
        added=done.added,
        replaced=done.replaced,
        unchanged=done.unchanged,
        notices=list(done.notices),
        spelled_by=spelled,
        dry_run=dry_run,
    )


def place_for(who: Editor, scope: Scope, site: str | None, article: str | None) -> Place:
    """Where an editor's entry holds; a site's key means its own site. Raises NotAllowed, InputRefused."""
    if scope is not Scope.GLOBAL and site is None:
        site = who.site
        if site is None and who.sites is not None:
            raise InputRefused(f"Send `site`: one of {', '.join(who.sites)}.")
    if not who.may_change(site):
        raise who.refusal()
    place = Place(scope=scope, site=site, article=article)
    place.check()
    return place


def place_of_import(who: Editor, site: str | None, article: str | None) -> Place:
    """Where the entries of an editor's document are to hold. Raises NotAllowed, InputRefused."""
    scope = Scope.ARTICLE if article else Scope.SITE if site or who.sites is not None else Scope.GLOBAL
    return place_for(who, scope, site, article)


def _of(site: str | None, article: str | None) -> Place:
    if article is not None and site is None:
        raise InputRefused("An article belongs to a site: send `site` with `article`.")
    return Place.of(site, article)


def _seen(parts: Parts, who: Editor, entry_id: str) -> LexiconEntryRow:
    """An entry that this editor may see. Raises NotFound."""
    with parts.database.reading() as session:
        row = find(session, entry_id)
    if row.site is not None and not who.may_change(row.site):
        raise NotFound(f"There is no pronunciation {entry_id[:40]}.")
    return row


def own_entry(parts: Parts, who: Editor, entry_id: str) -> LexiconEntryRow:
    """An entry that this editor may change. Raises NotFound, NotAllowed."""
    row = _seen(parts, who, entry_id)
    if not who.may_change(row.site):
        raise who.refusal()
    return row


def _out(kept: StoredEntry) -> EntryOut:
    return EntryOut.of(kept.row, kept.spelled_by)
