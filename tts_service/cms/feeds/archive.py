"""The archive: all entries of a paged feed, a sitemap tree, or a file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from tts_service.cms.feeds.fetch import Known, Politeness, fetch_feed
from tts_service.cms.feeds.parse import FeedEntry, cleaned_address
from tts_service.errors import FeedUnreadable, InputRefused
from tts_service.http.client import Outbound
from tts_service.jobs.acceptable import Wish
from tts_service.values import Article

MAX_FILES = 2_000
"""Feeds' pages and sitemaps of one archive."""
NAMED = "backfill "
"""What an archive's name begins with; the rest is where it is."""
MAX_LINE = 8_000_000
"""Bytes of a line of a file: as much as POST /v1/jobs takes."""

Load = Callable[[str], tuple[Article, Wish]]
"""JSON of one article -> what POST /v1/jobs would make of it. Raises InputRefused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What is to be spoken."""

    name: str
    """The same for the same list: where it was left is kept under it."""
    entries: tuple[FeedEntry, ...]
    texts: Mapping[str, TextPlace] = field(default_factory=dict)
    """By an entry's `url`, the articles that came with their text; of any other the page is fetched."""
    any_host: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPlace:
    """Where in a file an article stands; it is read when its turn comes, so that no archive is in memory."""

    path: Path
    start: int
    length: int
    load: Load

    def read(self) -> tuple[Article, Wish]:
        """Raises InputRefused."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            return self.load(file.read(self.length).decode("utf-8", "replace"))


def archive_at(url: str, outbound: Outbound, politeness: Politeness, zone: tzinfo = UTC) -> Archive:
    """The archive a feed or sitemap leads to; `zone`: of dates that name none.

    Raises FeedUnreadable, AddressRefused, RemoteUnavailable.
    """
    entries: dict[str, FeedEntry] = {}
    for found in _walk(url, outbound, politeness, zone):
        entries.setdefault(found.url, found)
    return Archive(name=f"{NAMED}{url}", entries=tuple(entries.values()))


def archive_in(path: Path, load: Load) -> Archive:
    """The archive in a file: an address a line, or a JSON article a line. Raises InputRefused, naming the line."""
    entries: dict[str, FeedEntry] = {}
    texts: dict[str, TextPlace] = {}
    for number, start, line in _lines(path):
        place = f"{path}, line {number}"
        if line.startswith(b"{"):
            entry = _text_entry(line, place, load)
            texts[entry.url] = TextPlace(path=path, start=start, length=len(line), load=load)
        else:
            address = cleaned_address(line.decode("utf-8", "replace"))
            if address is None:
                raise InputRefused(f"{place}: {line[:80]!r} is neither an http(s) URL nor a JSON object.")
            entry = FeedEntry(url=address)
        entries.setdefault(entry.url, entry)
    return Archive(name=f"{NAMED}{path.resolve()}", entries=tuple(entries.values()), texts=texts, any_host=True)


def _walk(url: str, outbound: Outbound, politeness: Politeness, zone: tzinfo) -> Iterator[FeedEntry]:
    """Every entry below an address; each address is read once."""
    left, seen = [url], {url}
    while left:
        feed = fetch_feed(outbound, left.pop(0), Known(), politeness, zone).feed
        if feed is None:
            raise FeedUnreadable(f"{url} returned 304 Not Modified although the request was not conditional.")
        below = [entry.url for entry in feed.entries] if feed.kind == "sitemap index" else [feed.next_url or url]
        fresh = [address for address in dict.fromkeys(below) if address not in seen]
        seen.update(fresh)
        if len(seen) > MAX_FILES:
            raise FeedUnreadable(f"{url} leads to more than {MAX_FILES} files: pass the sitemaps one by one.")
        left += fresh
        if feed.kind != "sitemap index":
            yield from feed.entries


def _lines(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """(number, first byte, bytes) of each line that has something in it."""
    start = 0
    with path.open("rb") as file:
        for number, raw in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), 1):
            if len(raw) > MAX_LINE:
                raise InputRefused(f"{path}, line {number} has more than {MAX_LINE} bytes.")
            line = raw.removeprefix(b"\xef\xbb\xbf").strip()
            if line and not line.startswith(b"#"):
                yield number, start + raw.find(line[:1]), line
            start += len(raw)


def _text_entry(line: bytes, place: str, load: Load) -> FeedEntry:
    try:
        article, _ = load(line.decode("utf-8"))
        fields: Any = json.loads(line)
    except InputRefused as error:
        raise InputRefused(f"{place}: {error.message}") from error
    except (ValueError, RecursionError) as error:
        raise InputRefused(f"{place}: {error}") from error
    said = json.dumps(fields, sort_keys=True).encode()
    # Another text of the same article is another entry: it is submitted although the first one was.
    return FeedEntry(url=f"id:{article.external_id} {hashlib.sha256(said).hexdigest()[:12]}")
