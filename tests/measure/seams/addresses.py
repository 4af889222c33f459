"""A table of addresses, titles and folders against the real application: `rows()` for `make seams`.

`python -m tests.measure.seams.addresses` prints it alone.
"""

from __future__ import annotations

import logging
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from rich.console import Console

from tests.audio.test_sounds import CHAPTERS, RATE, TAGS, sentence
from tests.installation.test_odd_folders import NAMES
from tests.measure.figures import Figure, exact, show
from tests.parts.address_forms import BRIDGE, OTHER_PAGES, SAME_PAGE, two_forms
from tests.parts.factories import make_parts
from tests.parts.feed_site import SITE, publisher
from tests.parts.feed_turns import from_cms, turn
from tests.parts.feed_turns import rows as rows_of
from tests.parts.signed_files import RECORD, credentials
from tests.parts.url_vectors import VECTORS
from tests.parts.web_rows import ready_clip
from tests.web.test_jobs import keyed
from tts_service.audio.container import Labels, encode_clip
from tts_service.audio.encode import FORMATS
from tts_service.cms.feeds.register import add_feed
from tts_service.db.pages import place_article
from tts_service.db.tables import ArticleRow, FoundArticleRow
from tts_service.errors import NotMarked, ServiceError
from tts_service.parts import Parts
from tts_service.provenance.read_back import confirm
from tts_service.provenance.sign import Seal, sidecar
from tts_service.values import PageIdentity, WebAddress
from tts_service.web.app import create_app
from tts_service.web.doors import counting, rates
from tts_service.web.sound.file_name import disposition, file_name

PAIRS = 3_000
"""Pairs of addresses of one page that are made up."""
TITLES = (
    "Straße #1? 100 %",
    "Wer? Was? Wo?",
    "a/b\\c:d",
    "😀 Emoji",
    unicodedata.normalize("NFD", "Brücken über Flüsse"),
    'Er sagte: "Ja"',
    "橋が開いた",
    "...",
    "con",
    "%41%20",
    "\u202egnp.exe",
    "ein sehr langer Titel " * 40,
    "",
)


def rows() -> list[Figure]:
    """The figures of addresses."""
    logging.getLogger("tts_service").setLevel(logging.CRITICAL)
    return [
        *_standard(),
        _pairs(),
        *_looked_up(),
        _taken(),
        _second_articles("feed", _by_feed),
        _second_articles("webhook after the feed", _by_webhook),
        _marked(),
        _named(),
        _folders(),
    ]


def _standard() -> Iterator[Figure]:
    right = sum(_written(given) == wanted for given, wanted in VECTORS)
    yield _share("addresses written as the URL Standard says", right, len(VECTORS))
    again = sum(WebAddress(kept) == kept for given, _ in VECTORS if (kept := WebAddress.read(given)))
    yield _share("addresses that stay as they are when read again", again, sum(kept is not None for _, kept in VECTORS))


def _pairs() -> Figure:
    different = 0
    key = PageIdentity().key

    @given(two_forms())
    @settings(
        max_examples=PAIRS, database=None, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None
    )
    def compare(forms: tuple[str, str]) -> None:
        nonlocal different
        different += key(forms[0]) != key(forms[1])

    compare()
    return _none(f"of {PAIRS} made-up pairs of addresses of one page: kept apart", different)


def _looked_up() -> Iterator[Figure]:
    with _world() as (parts, client):
        ready_clip(parts)
        with parts.database.writing() as session:
            place_article(session.get_one(ArticleRow, "art_1"), BRIDGE, PageIdentity())

        def clips(address: str, **more: str) -> list[str]:
            answer = client.get("/v1/clips", params={"url": address, **more}).raise_for_status()
            return [clip["id"] for clip in answer.json()["clips"]]

        found = sum(clips(form) == ["clip_1"] == clips(form, site="gazette") for form in SAME_PAGE.values())
        yield _share("clip found by GET /v1/clips at an address of its page", found, len(SAME_PAGE))
        yield _none(
            f"of {len(OTHER_PAGES)} pages that look alike: clip found there", sum(map(bool, map(clips, OTHER_PAGES)))
        )
        base = parts.settings.base_url
        pages = [f"{base}/listen/clip_1{behind}" for behind in ("", "/", "?utm_source=a", "#t=5", "/?fbclid=b#c")]
        pages += [page.replace("http://", "https://") for page in pages]
        unfolded = sum(client.get("/oembed", params={"url": page}).status_code == 200 for page in pages)
        yield _share("clip found by /oembed at an address of its page", unfolded, len(pages))


def _taken() -> Figure:
    """The same article under every address of its page, by POST /v1/jobs: kept as a URI."""
    right = 0
    with _world() as (parts, client):
        headers = keyed(parts)
        for number, form in enumerate(SAME_PAGE.values()):
            article = {"site": "gazette", "id": f"{number}", "text": "One.", "language": "en", "url": form.strip()}
            answer = client.post("/v1/jobs", json={"article": article, "voice": "tone:beep"}, headers=headers)
            right += answer.status_code == 202
        kept = [row.url for row in rows_of(parts, ArticleRow)]
        right -= sum(not (url or "").isascii() for url in kept)
    return _share("addresses taken by POST /v1/jobs and kept as URIs", right, len(SAME_PAGE))


def _second_articles(what: str, tell: Callable[[Parts, str], None]) -> Figure:
    """How many second articles there are after a page was told of under each of its addresses."""
    second = 0
    forms = [form.replace("zeitung", "gazette").replace("ZEITUNG", "GAZETTE") for form in SAME_PAGE.values()]
    for form in forms:
        with tempfile.TemporaryDirectory() as folder:
            parts = make_parts(Path(folder), fetch_pause_s=0)
            tell(parts, form.strip())
            second += len(rows_of(parts, ArticleRow)) - 1 + max(0, len(rows_of(parts, FoundArticleRow)) - 1)
            parts.close()
    return _none(f"second articles by {what}, {len(forms)} ways to write the address", second)


def _by_feed(parts: Parts, form: str) -> None:
    with publisher() as site:
        from_cms(parts, BRIDGE.replace("https://zeitung.example", SITE), days_ago=0.5)
        escaped = form.replace("&", "&amp;")
        add_feed(parts, "gazette", site.rss("/rss", [(escaped, 1.0), (SITE + "/#x", 90.0)]), "test")
        add_feed(parts, "gazette", site.sitemap("/map.xml", [(escaped, 1.0)]), "test")
        turn(parts, site)


def _by_webhook(parts: Parts, form: str) -> None:
    with publisher() as site:
        site.page("/stra%C3%9Fe/br%C3%BCcke?teil=%C3%BC", "The bridge opened")
        address = BRIDGE.replace("https://zeitung.example", SITE)
        add_feed(parts, "gazette", site.rss("/rss", [(address, 0.5)]), "test")
        turn(parts, site)
        from_cms(parts, form, days_ago=0.1)


def _marked() -> Figure:
    """Files whose article stands at such an address, in every format, with such a title: signed and read back."""
    right = count = 0
    with tempfile.TemporaryDirectory() as folder:
        given = credentials(Path(folder))
        for form in FORMATS:
            for number, address in enumerate(["https://müller.example/straße?q=ü", *OTHER_PAGES[:3]]):
                path = Path(folder) / f"clip.{form}"
                sidecar(path).unlink(missing_ok=True)
                tags = replace(TAGS, url=WebAddress(address), title=TITLES[number])
                encode_clip([sentence(8, 0.5)], RATE, path, form, Labels(tags=tags, chapters=CHAPTERS))
                count += 1
                try:
                    Seal(RECORD, tags.title, given)(path, form)
                    confirm(path, RECORD)
                    right += 1
                except NotMarked:
                    continue
    return _share("files marked, with addresses and titles beyond ASCII", right, count)


def _named() -> Figure:
    """Titles as file names: ASCII in the header, nothing in the name that a file system refuses."""
    right = 0
    for title in TITLES:
        name = file_name(title, "mp3")
        header = disposition(title, "mp3", download=True)
        right += header.isascii() and len(name.encode()) <= 130 and not set(name) & set('/\\:*?"<>|\0\r\n')
    return _share("titles that make a file's name", right, len(TITLES))


def _folders() -> Figure:
    right = 0
    for name in NAMES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                parts = make_parts(Path(folder) / name)
                ready_clip(parts)
                parts.close()
                right += [path.name for path in Path(folder).iterdir()] == [name]
            except (OSError, ServiceError):
                continue
    return _share("data folders that hold everything, whatever they are called", right, len(NAMES))


@contextmanager
def _world() -> Iterator[tuple[Parts, TestClient]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(rates, "_WAIT_S", 60),
        patch.object(counting, "_WAIT_S", 60),
    ):
        parts = make_parts(Path(folder))
        with TestClient(create_app(parts), base_url="http://127.0.0.1:8000") as client:
            yield parts, client
        parts.close()


def _written(text: str) -> str | None:
    return WebAddress.read(text)


def _share(name: str, right: int, count: int, *, target: float = 100.0, note: str = "") -> Figure:
    value = 100.0 * right / count
    note = "; ".join(filter(None, (f"{right} of {count}", note)))
    return exact(name=name, value=value, unit="%", target=target, sense="≥", note=note)


def _none(name: str, value: int) -> Figure:
    return exact(name=name, value=value, target=0, sense="=")


if __name__ == "__main__":
    found = rows()
    show(Console(width=140), found, "addresses")
    raise SystemExit(not all(figure.reached for figure in found))
