"""Figures of `make listen`: what validators of others say of pages, captions, feeds and JSON-LD.

`python -m tests.measure.listen.validators` prints every error. Pages are read off the app's routes: a new one is
checked too.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from pathlib import Path

import feedparser
from fastapi.testclient import TestClient
from lxml import etree
from sqlalchemy import select, update

from tests.measure.doors.authorisation import World, table, world
from tests.measure.figures import Figure
from tests.measure.listen.tools import NotThereError, html_errors, json_ld_errors, webvtt_errors
from tests.parts.web_rows import clip_token, ready_clip, rendering_clip
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, ClipRow, ListeningRow
from tts_service.listeners.reports import STATES, ReportDraft, change_report, receive
from tts_service.newsroom.sites import set_options
from tts_service.retention.listeners import ReportSelection, export_reports

LANGUAGES = ("en", "de", "fr", "es", "it")
HOSTILE = "]]> <script>alert(1)</script> --> & \x07 😀 \u200fשלום"
SENTENCES = {
    "en": (
        "The bridge opened at 9 <a.m.> & nobody -->  waited.",
        "“Really?” asked 3 > 2 people.",
        "A sentence that goes on and on, past the mayor, past the harbour office and the fish market, until it has "
        "to be cut into several captions because nobody could read all of it at once.",
    ),
    "de": (
        "Die Brücke ist offen.",
        "Bürgermeisterin Weiß sprach über Hochwasserschutzmaßnahmen.",
        "„Endlich!“, rief er.",
    ),
    "fr": ("Le pont est ouvert !", "« Enfin », dit-elle, l’air ravi.", "Le trafic reprend demain."),
    "es": ("El puente está abierto.", "¿Quién vino? ¡Trescientas personas!", "Mañana vuelve el tráfico."),
    "it": ("Il ponte è aperto.", "«Finalmente», ha detto la sindaca.", "Chi è venuto? Trecento persone!"),
}
_JSON_LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_PAGES = ("/listen/{}", "/embed/{}", "/about/{}", "/feedback?clip={}")


def figures() -> Iterator[Figure]:
    """All of them; half a minute, and the first time as long as npm takes.

    Raises RuntimeError at the end for what couldn't be checked here.
    """
    missing = []
    for name, (count, errors, why_not) in checked().items():
        number = len(errors)
        if why_not:
            missing.append(f"{name}: {why_not}")
            continue
        yield Figure(
            name=f"errors in {name}, by validators",
            value=number,
            unit="",
            low=number,
            high=number,
            times=count,
            target=0,
            sense="=",
            note=f"{count} documents",
        )
    if missing:
        raise RuntimeError("; ".join(missing))


def checked() -> dict[str, tuple[int, list[str], str]]:
    """By what is checked: how many documents, the errors in them, and why nothing could be checked (or nothing)."""
    with tempfile.TemporaryDirectory(prefix="tts-validators-") as folder, world(Path(folder) / "data") as made:
        _fill(made)
        pages = dict(_pages(made))
        captions = dict(_captions(made.client))
        feeds = _feeds(made.client)
        linked = {name: match for name, text in pages.items() for match in _JSON_LD.findall(text)}
        return {
            "HTML": _by(pages, Path(folder) / "html", ".html", html_errors),
            "WebVTT": _by(captions, Path(folder) / "vtt", ".vtt", lambda at: webvtt_errors(sorted(at.iterdir()))),
            "RSS and OPML": (len(feeds), [line for name, got in feeds.items() for line in feed_errors(name, got)], ""),
            "JSON-LD": _by(linked, Path(folder) / "ld", "", lambda at: json_ld_errors(linked, at)),
        }


def _fill(made: World) -> None:
    """Clips in every language and state, hostile ones among them; reports in every state; listeners."""
    parts = made.parts
    for language in LANGUAGES:
        ready_clip(parts, name=f"{language}-ready", language=language, sentences=SENTENCES[language])
        rendering_clip(parts, name=f"{language}-rendering", language=language).speak(0)
        rendering_clip(parts, name=f"{language}-failed", language=language).fail()
    ready_clip(parts, name="hostile")
    with parts.database.writing() as session:
        mine = {"title": HOSTILE, "author": HOSTILE, "url": "https://example.org/?a=1&b=<2>"}
        session.execute(update(ClipRevisionRow).filter_by(clip_id="clip_hostile").values(**mine))
        session.execute(update(ArticleRow).filter_by(id="art_hostile").values(title=HOSTILE))
        session.execute(update(ArticleRevisionRow).filter_by(id="rev_hostile").values(section=HOSTILE, tags=[HOSTILE]))
        row = session.get_one(ClipRevisionRow, ("clip_en-ready", 1))
        row.blocks = [row.blocks[0], row.blocks[1] | {"kind": "heading"}, row.blocks[2]]
        session.add_all(
            [
                ListeningRow(clip_id="clip_1", revision=1, day="2026-11-23", what=what, times=9)
                for what in ("start", "end", "left:1", "speed:1")
            ]
        )
    made.job("waiting")
    for state in STATES:
        change_report(
            parts, receive(parts, ReportDraft(clip_id="clip_1", category="other", comment=HOSTILE)), state, "Heard it."
        )
    set_options(
        parts.database,
        "gazette",
        {
            "title": "]]>",
            "description": HOSTILE,
            "email": "a@gazette.example",
            "image": "https://gazette.example/c.png",
        },
    )


def _pages(made: World) -> Iterator[tuple[str, str]]:
    """(name, HTML) of every page: each route once as staff, each reader's page in each language and state."""
    client, staff = made.client, made.admin.headers | {"Accept": "text/html"}
    for name, row in table().items():
        if name.startswith("GET "):
            yield from _page(client, row.make(made).path, staff)
    clips = [f"clip_{language}-{state}" for language in LANGUAGES for state in ("ready", "rendering", "failed")]
    for clip in (*clips, "clip_hostile", "clip_gone", _waiting(made)):
        for path in _PAGES:
            yield from _page(client, path.format(clip), {"Accept": "text/html"})
    for path in ("/staff", "/staff/listening/clip_1?days=3660", "/staff/people", "/staff/account"):
        yield from _page(client, path, staff | {"Accept-Language": "de"})
    wrong = {"clip": "clip_1", "clip_token": clip_token(client), "position": "nine", "comment": HOSTILE}
    got = client.post("/v1/feedback", data=wrong)
    assert got.status_code == 422
    yield "feedback-again", got.text
    for report in export_reports(made.parts.database, ReportSelection()):
        yield from _page(client, f"/feedback/{report['id']}", {"Accept": "text/html"})


def _waiting(made: World) -> str:
    """The clip of a job that hasn't begun."""
    with made.parts.database.reading() as session:
        wanted = select(ClipRow.id).join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        return session.scalars(wanted.where(ArticleRow.external_id == "waiting")).one()


def _page(client: TestClient, path: str, headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    got = client.get(path, headers=dict(headers))
    if got.headers.get("content-type", "").startswith("text/html"):
        yield re.sub(r"\W+", "-", path).strip("-") + headers.get("Accept-Language", ""), got.text


def _captions(client: TestClient) -> Iterator[tuple[str, str]]:
    for clip in ("clip_1", *(f"clip_{language}-{state}" for language in LANGUAGES for state in ("ready", "rendering"))):
        got = client.get(f"/v1/clips/{clip}/captions.vtt")
        assert got.status_code == 200, clip
        yield clip, got.text


def _feeds(client: TestClient) -> dict[str, bytes]:
    """Every feed there is: those that the lists name, and the lists."""
    found = {path: client.get(path).content for path in ("/feeds.opml", "/feeds/gazette.opml")}
    for address in re.findall(r'xmlUrl="[^"]+?(/feeds/[^"]+)"', found["/feeds/gazette.opml"].decode()):
        found[unescape(address)] = client.get(unescape(address)).content
    return found


def feed_errors(name: str, document: bytes) -> list[str]:
    """What is wrong in a feed or a list of feeds."""
    try:
        etree.fromstring(document)
    except etree.XMLSyntaxError as error:
        return [f"{name}: {error}"]
    if name.endswith(".opml"):
        return []
    read = feedparser.parse(document)
    fine = all(entry.get("id") and entry.get("published_parsed") and entry.enclosures for entry in read.entries)
    return [f"{name}: {read.get('bozo_exception')}"] * bool(read.bozo) + [f"{name}: an episode lacks something"] * (
        not fine
    )


def _by(
    documents: Mapping[str, str], folder: Path, ending: str, check: Callable[[Path], list[str]]
) -> tuple[int, list[str], str]:
    """What a tool says of documents that are written into a folder first; `ending` empty: it writes them itself."""
    folder.mkdir()
    for name, text in documents.items() if ending else ():
        (folder / f"{name}{ending}").write_text(text, encoding="utf-8")
    try:
        return len(documents), check(folder), ""
    except NotThereError as error:
        return 0, [], str(error)


def main() -> int:
    """Print every error; 1 if there is one."""
    errors = 0
    for name, (count, found, why_not) in checked().items():
        errors += len(found)
        print(
            f"{name}: {'not measured: ' + why_not if why_not else f'{len(found)} errors in {count} documents'}",
            *found,
            sep="\n  ",
        )
    return 1 if errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
