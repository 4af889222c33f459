"""What a change of the lexicon would change in all clips, before it is saved."""

from __future__ import annotations

from fastapi import APIRouter, Request, Security
from starlette.concurrency import run_in_threadpool

from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.corrections.impact.weighing import impact, impact_of_import
from tts_service.errors import Conflict, InputRefused, InvalidRequest, MarkupRefused, NotFound
from tts_service.newsroom.lexicon_place import exceptions_of, place_of
from tts_service.parts import Parts
from tts_service.web.api.lexicon import (
    PLS_BODY,
    MayEdit,
    PlsArticle,
    PlsReplace,
    PlsSite,
    own_entry,
    place_for,
    place_of_import,
)
from tts_service.web.given import GivenParts
from tts_service.web.responses import ANY_BODY, JSON_BODY, STAFF, body, problems
from tts_service.web.schemas.impact import MOST_LISTED, ImpactIn, ImpactOut, ProposalIn
from tts_service.web.schemas.lexicon import Editor
from tts_service.web.security import SESSION

router = APIRouter(prefix="/v1/lexicon", tags=["lexicon"], dependencies=[Security(SESSION)])


@router.post("/impact", responses=problems(*STAFF, *JSON_BODY, Conflict, InputRefused, NotFound))
def weigh(sent: ImpactIn, who: MayEdit, parts: GivenParts) -> ImpactOut:
    """Tell which sentences of which clips a change of the lexicon would change, without changing anything.

    The list is exact: it has the sentences that saving speaks again. Exclude false hits by the entry itself: its
    language, case, `alone` and `except_articles`. Clips that were made with an earlier lexicon are listed if the entry
    that they lack is sent with its own id in `entry`.
    """
    return ImpactOut.of(impact(parts, proposal_sent(parts, who, sent)), sent.limit)


@router.post(
    "/impact/import",
    responses=problems(*STAFF, *ANY_BODY, Conflict, InputRefused, InvalidRequest, MarkupRefused),
    openapi_extra=body(PLS_BODY),
)
async def weigh_import_document(
    request: Request,
    who: MayEdit,
    parts: GivenParts,
    site: PlsSite = None,
    article: PlsArticle = None,
    replace: PlsReplace = False,
) -> ImpactOut:
    """Tell what the import of a PLS document would change, without changing anything; parameters as for the import."""
    source = await request.body()
    place = place_of_import(who, site, article)
    found = await run_in_threadpool(impact_of_import, parts, source, place, replaces=replace)
    return ImpactOut.of(found, MOST_LISTED)


def proposal_sent(parts: Parts, who: Editor, sent: ProposalIn) -> LexiconProposal:
    """Raises NotAllowed, NotFound, InputRefused."""
    entry = own_entry(parts, who, sent.entry) if sent.entry else None
    if sent.lexeme is None:
        if entry is None:
            raise InputRefused("Send a `lexeme` to add, or the `entry` that is to be removed.")
        return LexiconProposal(place=place_of(entry), lexeme=None, entry_id=entry.id)
    wanted = sent.lexeme
    place, named = place_for(who, wanted.scope, wanted.site, wanted.article), wanted.model_fields_set
    keeps_articles = entry is not None and "except_articles" not in named and place_of(entry) == place
    return LexiconProposal(
        place=place,
        lexeme=wanted.to_lexeme(),
        entry_id=entry.id if entry else None,
        except_articles=(
            tuple(sorted(exceptions_of(entry)))
            if entry and keeps_articles
            else tuple(one.name() for one in wanted.except_articles)
        ),
        note=wanted.note if "note" in named else None,
    )
