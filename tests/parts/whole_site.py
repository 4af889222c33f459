"""A site with a row in every table and objects in the store; its mark is in each of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from tests.parts.web_rows import ready_clip
from tts_service.access.audit import COMMAND_LINE, Deed, note
from tts_service.callbacks.secret import secret_row, site_owner
from tts_service.db.tables import (
    ApiKeyRow,
    ArticleCheckRow,
    ArticleRepairRow,
    Base,
    CallbackEndpointRow,
    CaseNoteRow,
    CaseRow,
    ClipRevisionRow,
    CorrectionClipRow,
    CorrectionRow,
    DeliveryAttemptRow,
    DeliveryRow,
    FoundArticleRow,
    HeardSentenceRow,
    HearingRow,
    IdempotencyKeyRow,
    InboundEventRow,
    LexiconChangeRow,
    ListeningRow,
    QueueTurnRow,
    ReportRow,
    SiteFeedRow,
    SiteRoundRow,
    SpeechUsageRow,
    StaffRow,
    UtteranceRow,
    WebhookSourceRow,
    WithdrawnDocumentRow,
)
from tts_service.jobs.clip_words import index_clip
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import ArticleName, Place
from tts_service.newsroom.sites import set_options, set_origins
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.storage.segments import name_of

ARTICLES = ("1", "two")
SHARED = "1"
"""Key of the segment that every article needs."""


def fill_site(parts: Parts, site: str) -> None:
    """Everything that can come to a site. Its name is in every row and object."""
    set_options(parts.database, site, {"hold": True}, who=COMMAND_LINE)
    set_origins(parts.database, site, [f"https://{site}.example"], who=COMMAND_LINE)
    endpoint = _doors(parts, site)
    clips = [_article(parts, site, f"{site}-{name}") for name in ARTICLES]
    _words(parts, site)
    _desk(parts, site, clips)
    _callbacks(parts, site, endpoint)
    with parts.database.writing() as session:
        for subject in (site, f"{site}-1", f"clip_{site}-1"):
            note(
                parts.database,
                session,
                Deed(who=COMMAND_LINE, what="x", subject=subject, site=site, details={"n": site}),
            )
        note(parts.database, session, Deed(who=COMMAND_LINE, what="x", subject="stf_1", details={"sites": ["z", site]}))
        note(parts.database, session, Deed(who=COMMAND_LINE, what="x", subject=f"R-{site}"))


def put(parts: Parts, table: type[Base], mark: str, **values: Any) -> None:
    """A row, its other columns filled with what names the site."""
    kinds: dict[type, Any] = {
        str: f"{mark} said",
        int: 1,
        float: 1.0,
        bool: False,
        dict: {"n": mark},
        bytes: mark.encode(),
    }
    row = dict(values)
    for column in table.__table__.columns:
        if column.name not in row and not column.nullable and column.default is None:
            row[column.name] = kinds.get(column.type.python_type, [mark])
    with parts.database.writing() as session:
        session.execute(insert(table).values(row))


def _doors(parts: Parts, site: str) -> str:
    put(parts, WebhookSourceRow, site, id=f"hook_{site}", site=site, source="ghost", options={})
    put(parts, ApiKeyRow, site, id=f"key-{site}", site=site)
    put(parts, CallbackEndpointRow, site, id=f"cbk_{site}", site=site, url=f"https://{site}.example/hear")
    put(parts, SiteFeedRow, site, id=f"feed_{site}", site=site, url=f"https://{site}.example/rss")
    put(parts, SiteRoundRow, site, site=site)
    put(parts, SpeechUsageRow, site, site=site)
    put(parts, QueueTurnRow, site, queue="normal", party=site)
    put(parts, QueueTurnRow, site, queue="deliveries", party=f"cbk_{site}")
    put(parts, StaffRow, site, id=f"stf_{site}"[:8], name=f"{len(site)}@x", role="staff", sites=["z", site])
    return f"cbk_{site}"


def _article(parts: Parts, site: str, name: str) -> str:
    """Two sentences, one of which every article says."""
    clip = ready_clip(parts, name=name, site=site, sentences=(f"The words of {name} are heard.", "All say this."))
    own = (UtteranceRow.clip_id == clip.id, UtteranceRow.position == 0)
    with parts.database.writing() as session:
        session.execute(update(UtteranceRow).where(*own).values(segment_key=f"own-{name}"))
        session.execute(update(ClipRevisionRow).where(ClipRevisionRow.clip_id == clip.id).values(title=name))
        index_clip(session, clip.id)
    for key in (f"own-{name}", SHARED):
        parts.store.put(name_of(key), name.encode() if key != SHARED else b"all")
    parts.store.put(f"recordings/{clip.id}/job", b"uploaded")
    put(parts, ListeningRow, site, clip_id=clip.id)
    put(parts, ArticleCheckRow, site, article_id=f"art_{name}", site=site)
    put(parts, ArticleRepairRow, site, id=f"rep_{name}", article_id=f"art_{name}")
    put(parts, IdempotencyKeyRow, site, api_key="other", key=f"once-{name}", job_id=clip.job)
    put(parts, IdempotencyKeyRow, site, api_key=f"key-{site}", key=f"once-{name}", job_id="elsewhere")
    put(parts, InboundEventRow, site, id=f"evt_{name}", hook_id=f"hook_{site}", site=None)
    put(parts, InboundEventRow, site, id=f"evt_2{name}", hook_id=None, site=site, body=f"all about {site}".encode())
    put(parts, FoundArticleRow, site, site=site, address=f"https://{site}.example/{name}", page_key=name)
    put(parts, WithdrawnDocumentRow, site, site=site, document_id=f"doc-{name}", kept=[])
    return clip.id


def _words(parts: Parts, site: str) -> None:
    for place in (Place.of(site), Place.of(site, f"{site}-1")):
        word = Lexeme(graphemes=(f"Word {site}",), language="en", alias=f"said of {site}", scope=place.scope)
        add(parts.database, parts.voices, place, word, author="t")
    shared = Lexeme(graphemes=(f"Shared{len(site)}",), language="en", alias="shared", scope=Scope.GLOBAL)
    left_out = (ArticleName(site, f"{site}-1"), ArticleName("z", "1"))
    add(parts.database, parts.voices, Place.of(), shared, author="t", except_articles=left_out)


def _desk(parts: Parts, site: str, clips: list[str]) -> None:
    put(parts, CaseRow, site, id=f"case_{site}", site=site, undo={"n": site})
    put(parts, CaseRow, site, id=f"case_2{site}", site=site, duplicate_of=f"case_{site}")
    put(parts, CaseNoteRow, site, id=f"note_{site}", case_id=f"case_{site}")
    put(
        parts,
        ReportRow,
        site,
        id=f"R-{site}",
        site=site,
        clip_id=clips[0],
        case_id=f"case_{site}",
        email=f"a@{site}.example",
    )
    put(parts, HearingRow, site, clip_id=clips[0], revision=1, site=site, due_ms=1)
    put(parts, HeardSentenceRow, site, segment_key=f"own-{site}-1", clip_id=clips[0], site=site, case_id=f"case_{site}")
    fields = {"site": site, "article": None, "n": site}
    for correction, of in ((f"cor_{site}", site), (f"cor_all_{len(site)}", None)):
        own = {"case_id": f"case_{site}", "before": fields if of else None, "after": None, "kind": "lexicon"}
        said = {} if of else {"who": "t", "why": "so it is", "state": "done"}
        put(parts, CorrectionRow, site, id=correction, site=of, **own, **said)
        put(parts, CorrectionClipRow, site, correction_id=correction, clip_id=clips[0], state="done")
    put(parts, LexiconChangeRow, site, id=f"lch_{site}", before=fields, after=None)
    every = {"entry_id": "lex_all", "what": "added", "who": "t", "case_id": f"case_{site}"}
    left_out = {"site": None, "except_articles": [[site, "9"], ["z", "9"]]}
    put(parts, LexiconChangeRow, site, id=f"lch_all_{len(site)}", before=None, after=left_out, **every)


def _callbacks(parts: Parts, site: str, endpoint: str) -> None:
    with parts.database.reading() as session:
        everywhere = session.scalars(select(CallbackEndpointRow.id).where(CallbackEndpointRow.site.is_(None))).first()
    if everywhere is None:
        everywhere = "cbk_all"
        put(parts, CallbackEndpointRow, "all", id=everywhere, site=None)
    for number, to in enumerate((endpoint, everywhere)):
        put(parts, DeliveryRow, site, id=f"dlv_{number}{site}", endpoint_id=to, site=site, body=f'{{"site": "{site}"}}')
        put(parts, DeliveryAttemptRow, site, delivery_id=f"dlv_{number}{site}")
    with parts.database.writing() as session:
        secret_row(session, site_owner(site), 1)
        secret_row(session, endpoint, 1)


def everything(parts: Parts) -> dict[str, set[str]]:
    """All rows by table, and all objects with what is in them."""
    with parts.database.reading() as session:
        found = {
            table.name: {repr(tuple(row)) for row in session.execute(table.select())}
            for table in Base.metadata.sorted_tables
        }
    return found | {"the store": {f"{name} {parts.store.get(name)!r}" for name in parts.store.names("")}}
