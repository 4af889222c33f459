"""A newsroom with something of everything, and the addresses of the staff's pages that show it."""

from __future__ import annotations

from sqlalchemy import update

from tests.parts.web_rows import ready_clip, rendering_clip
from tts_service.access.keys import create_key
from tts_service.cms.feeds.register import add_feed
from tts_service.cms.inbox.addresses import add_hook
from tts_service.corrections.cases.gathering import gather
from tts_service.db.tables import ArticleRow, JobRow
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.policies import set_policy
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme

TITLES = (
    "New bridge opens in the harbour town of Elmsworth after eleven years",
    "Donaudampfschifffahrtsgesellschaftskapitänswitwe klagt gegen Rindfleischetikettierungsgesetz",
    "Council votes on flood defences",
    "Results, short",
    "Withdrawn by the editors",
)


def fill(parts: Parts) -> dict[str, str]:
    """Articles in every state, a site with everything, entries; the addresses of the pages."""
    held, german, failed, made = (ready_clip(parts, name=name) for name in ("held", "german", "failed", "made"))
    held.hold()
    gone = ready_clip(parts, name="gone")
    rendering_clip(parts, name="making").speak(0)
    error = {
        "code": "unspeakable_text",
        "title": "The voice can't speak one of the sentences",
        "detail": "The voice tone:beep crashed 3 times on sentence 1 (block 2): 'the bridge'. Change that sentence.",
        "block": 1,
        "start": 0,
        "end": 27,
    }
    with parts.database.writing() as session:
        for clip, title in zip((held, german, failed, made, gone), TITLES, strict=True):
            session.execute(
                update(ArticleRow).where(ArticleRow.id == clip.id.replace("clip", "art")).values(title=title)
            )
        session.execute(update(JobRow).where(JobRow.id == failed.job).values(state="failed", error=error))
        session.execute(update(ArticleRow).where(ArticleRow.id == "art_gone").values(withdrawn_ms=10**12))
    address = "https://www.gazette.example/news/" + "a-very-long-address-without-a-break-" * 4
    with parts.database.writing() as session:
        session.execute(update(ArticleRow).where(ArticleRow.id == "art_made").values(url=address))
    set_options(parts.database, "gazette", {"hold": True, "title": "The Gazette, read aloud"})
    quotes = {"blocks": {"quote": {"voice": "tone:low", "rate": 0.95}}, "pauses": {"quote_ms": 700}}
    set_policy(parts.database, parts.voices, "gazette", quotes)
    add_hook(parts.database, "ghost", "gazette")
    add_feed(parts, "gazette", "https://www.gazette.example/sitemap.xml", "test")
    create_key(parts.database, "The CMS", ("jobs:write", "jobs:read"), "gazette")
    words = (("Holyrood", "ˈhɒlɪˌruːd", None), ("Elmsworth", None, "Elms worth"), ("NATO", None, "naytoe"))
    for grapheme, ipa, alias in words:
        lexeme = Lexeme(graphemes=(grapheme,), language="en", ipa=ipa, alias=alias)
        row = add(parts.database, parts.voices, Place.of("gazette"), lexeme, author="test").row
    report = receive(parts, ReportDraft(clip_id="clip_made", category="pronunciation", comment="<b>bold</b>"))
    return {
        "queue": "/staff",
        "case": f"/staff/cases/{gather(parts, report)}",
        "corrections": "/staff/corrections",
        "overview": "/staff/overview",
        "running": "/staff/running",
        "listening": "/staff/listening",
        "account": "/staff/account",
        "people": "/staff/people",
        "voices": "/staff/voices",
        "events": "/staff/events",
        "callbacks": "/staff/callbacks",
        "checks": "/staff/checks",
        "log": "/staff/log",
        "articles": "/staff/articles",
        "failed": "/staff/articles?state=failed",
        "new": "/staff/articles/new",
        "held": "/staff/articles/art_held",
        "article": "/staff/articles/art_made",
        "sentence": "/staff/articles/art_made/sentences/0",
        "broken": "/staff/articles/art_failed",
        "making": "/staff/articles/art_making",
        "gone": "/staff/articles/art_gone",
        "sites": "/staff/sites",
        "site": "/staff/sites/gazette",
        "audition": "/staff/sites/gazette/audition",
        "rules": "/staff/sites/gazette/rules?text=The+bridge",
        "lexicon": "/staff/lexicon",
        "entry": f"/staff/lexicon/{row.id}",
        "import": "/staff/lexicon/import",
    }
