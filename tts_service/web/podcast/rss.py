"""RSS 2.0 with the podcast namespaces, written by feedgenerator (what Django writes its feeds with).

itunes: Apple's, which every directory reads. podcast: podcastindex.org's. atom: self and the pages of RFC 5005.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from feedgenerator import Enclosure, Rss201rev2Feed

from tts_service import __version__
from tts_service.values.site_options import SiteOptions
from tts_service.web.podcast.entry import Episode
from tts_service.web.podcast.xml_text import fit_for_xml

_NAMESPACES = {
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
}
_PODCAST_GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Namespace of podcast:guid: UUIDv5 of the feed's address without its scheme."""
TTL_MINUTES = 15


_BEFORE_ANY = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed tells of itself."""

    url: str
    """The feed's first page."""
    page: int
    more: bool
    """Whether there is a page behind this one."""
    title: str
    link: str
    description: str
    language: str
    options: SiteOptions


def write_rss(channel: Channel, entries: Sequence[Episode]) -> bytes:
    """The document, UTF-8. The same input gives the same bytes."""
    options = channel.options
    feed = _Podcast(
        title=fit_for_xml(channel.title),
        link=channel.link,
        description=fit_for_xml(channel.description),
        language=channel.language,
        feed_url=_page(channel, channel.page),
        ttl=TTL_MINUTES,
        channel=channel,
        feed_copyright=None,
    )
    for entry in entries:
        feed.add_item(
            title=fit_for_xml(entry.title),
            link=entry.link,
            description=fit_for_xml(entry.notes),
            author_name=fit_for_xml(entry.author) if entry.author else None,
            pubdate=entry.published,
            updateddate=entry.updated,
            unique_id=entry.guid,
            unique_id_is_permalink=False,
            categories=[fit_for_xml(name) for name in entry.categories],
            explicit=options.explicit,
            entry=entry,
            enclosures=[Enclosure(entry.audio_url, str(entry.rendition.bytes), entry.rendition.media_type)],
        )
    out = StringIO()
    feed.write(out, "utf-8")
    return out.getvalue().encode()


class SteadyRss(Rss201rev2Feed):  # type: ignore[misc]  # feedgenerator has no types
    """RSS whose bytes change only with its entries: feedgenerator dates an empty feed to the moment it is asked for."""

    def latest_post_date(self) -> datetime:
        newest: datetime = super().latest_post_date()
        return newest if self.items else _BEFORE_ANY


class _Podcast(SteadyRss):
    """RSS as podcast apps read it."""

    def rss_attributes(self) -> dict[str, str]:
        usual: dict[str, str] = super().rss_attributes()
        return usual | _NAMESPACES

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        channel: Channel = self.feed["channel"]
        options = channel.options
        author = options.author or channel.title
        for rel, number in _pages(channel):
            handler.addQuickElement("atom:link", None, {"rel": rel, "href": _page(channel, number)})
        handler.addQuickElement("generator", f"tts-service {__version__}")
        if options.image:
            handler.startElement("image", {})
            for name, value in (("url", options.image), ("title", channel.title), ("link", channel.link)):
                handler.addQuickElement(name, fit_for_xml(value))
            handler.endElement("image")
            handler.addQuickElement("itunes:image", None, {"href": options.image})
        handler.addQuickElement("itunes:author", fit_for_xml(author))
        handler.addQuickElement("itunes:type", "episodic")
        handler.addQuickElement("itunes:explicit", _yes(options.explicit, "true", "false"))
        handler.addQuickElement("itunes:category", None, {"text": fit_for_xml(options.category)})
        if options.email:
            handler.startElement("itunes:owner", {})
            handler.addQuickElement("itunes:name", fit_for_xml(author))
            handler.addQuickElement("itunes:email", options.email)
            handler.endElement("itunes:owner")
        owner = {"owner": options.email} if options.email else {}
        handler.addQuickElement("podcast:locked", _yes(options.locked, "yes", "no"), owner)
        bare = re.sub(r"^https?://", "", channel.url).rstrip("/")
        handler.addQuickElement("podcast:guid", str(uuid.uuid5(_PODCAST_GUIDS, bare)))

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Episode = item["entry"]
        handler.addQuickElement("itunes:title", item["title"])
        if item["author_name"]:
            handler.addQuickElement("itunes:author", item["author_name"])
        handler.addQuickElement("itunes:duration", str(entry.duration_s))
        handler.addQuickElement("itunes:episodeType", "full")
        handler.addQuickElement("itunes:explicit", _yes(item["explicit"], "true", "false"))
        if entry.captions_url:
            captions = {"url": entry.captions_url, "type": "text/vtt", "language": entry.language, "rel": "captions"}
            handler.addQuickElement("podcast:transcript", None, captions)
        text = {"url": entry.transcript_url, "type": "text/plain", "language": entry.language}
        handler.addQuickElement("podcast:transcript", None, text)
        if entry.chapters_url:
            chapters = {"url": entry.chapters_url, "type": "application/json+chapters"}
            handler.addQuickElement("podcast:chapters", None, chapters)


def _pages(channel: Channel) -> list[tuple[str, int]]:
    """(rel, page) of a paged feed (RFC 5005, 3); a feed of one page has none."""
    found = [("first", 1)] if channel.more or channel.page > 1 else []
    found += [("previous", channel.page - 1)] if channel.page > 1 else []
    return found + ([("next", channel.page + 1)] if channel.more else [])


def _page(channel: Channel, number: int) -> str:
    return channel.url if number == 1 else f"{channel.url}?page={number}"


def _yes(is_so: bool, yes: str, no: str) -> str:
    return yes if is_so else no
