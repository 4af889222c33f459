"""RSS 0.9 to 2.0, Atom and sitemaps (with Google's news extension) -> entries: where an article is, when it changed.

lxml reads them as a stream, strictly at first; what is ill-formed, as many feeds are, is read again and forgiven. No
entity is expanded and nothing is loaded: neither a document type nor an address in a feed leads anywhere from here.

Kept, although feedparser reads RSS and Atom: it takes 4 to 13 times as long (11 s instead of 0.8 s for 12 MB), keeps
every entry's whole text, and needs 1.6 s for 100 kB of `<a>`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from tts_service.errors import FeedUnreadable
from tts_service.values import WebAddress
from tts_service.values.moments import in_range

MAX_ENTRIES = 50_000
"""As many as a sitemap may have."""
KINDS = {"rss": "rss", "RDF": "rss", "feed": "atom", "urlset": "sitemap", "sitemapindex": "sitemap index"}
"""Kind by root element."""
_ENTRIES = ("{*}item", "{*}entry", "{*}url", "{*}sitemap")
_CHANGED = ("updated", "modified", "lastmod")
_PUBLISHED = ("published", "issued", "pubDate", "date", "publication_date")
_CDATA = b"<![CDATA["
_REFERENCE = re.compile(rb"&(?!#[0-9]{1,7};|#x[0-9a-fA-F]{1,6};)(?:(amp|lt|gt|quot|apos);)?")
_NUMBERS = {b"amp": b"&#38;", b"lt": b"&#60;", b"gt": b"&#62;", b"quot": b"&#34;", b"apos": b"&#39;"}
_LONGEST = 2_000
"""Characters of an address or id."""
_LONGEST_DATE = 64
_NO_DATE = re.compile(r"\b0001\b(?!:)")
"""The year of a date that nobody set (.NET, Go): in RFC 822 it would be read as 2001."""
_WORDPRESS = re.compile(r"https?://[^?#]{1,500}\?(?:post_type=[a-z_-]{1,40}&(?:#038;)?)?p=(\d{1,18})")
_OPAQUE = re.compile(r"[\w.-]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An article as a feed describes it."""

    url: str
    """Absolute, without fragment; of an article that came with its text, `id:` and its id."""
    changed_ms: int | None = None
    """Its last change or its publication, whichever is later, milliseconds since 1970; None: the feed doesn't say."""
    external_id: str | None = None
    """The CMS's own id, where the feed gives it; None: an address at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed or sitemap says."""

    kind: str
    """rss, atom, sitemap, sitemap index."""
    entries: tuple[FeedEntry, ...]
    """In the feed's order; of a sitemap index, its sitemaps."""
    next_url: str | None = None
    """The next page of a feed in pages (RFC 5005)."""


def read_feed(body: bytes, url: str, zone: tzinfo = UTC) -> Feed:
    """The entries of a feed that came from `url`; `zone`: of dates that name none. Raises FeedUnreadable."""
    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        return _read(body, url, zone, forgiving=False)
    except etree.XMLSyntaxError:
        pass
    try:
        return _read(_without_names(body), url, zone, forgiving=True)
    except etree.XMLSyntaxError as error:
        raise FeedUnreadable(f"{url} can't be read as XML: {str(error)[:200]}.{_advice(body, url)}") from error


def _read(body: bytes, url: str, zone: tzinfo, *, forgiving: bool) -> Feed:
    """Raises FeedUnreadable for XML that is no feed, XMLSyntaxError for what isn't XML."""
    events = etree.iterparse(
        io.BytesIO(body),
        events=("end",),
        tag=(*_ENTRIES, "{*}link"),
        recover=forgiving,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    entries: dict[str, FeedEntry] = {}
    next_url = None
    for _, element in events:
        name = etree.QName(element).localname
        if name == "link":
            next_url = _next(element, url) or next_url
            continue
        entry = _entry(element, name, url, zone)
        if entry is not None and len(entries) < MAX_ENTRIES:
            entries.setdefault(entry.url, entry)
        _forget(element)
    kind = KINDS.get(etree.QName(events.root).localname) if events.root is not None else None
    if kind is None:
        raise FeedUnreadable(f"{url} is not RSS, Atom or a sitemap.{_advice(body, url)}")
    return Feed(kind=kind, entries=tuple(entries.values()), next_url=next_url)


def _without_names(body: bytes) -> bytes:
    """The same XML with its references by name as numbers, those to nothing as text: behind the first error libxml2
    drops every `&amp;`, and an address would silently lead elsewhere."""
    pieces, at = [], 0
    while at < len(body):
        start = body.find(_CDATA, at)
        start = len(body) if start < 0 else start
        pieces.append(_REFERENCE.sub(lambda found: _NUMBERS.get(found.group(1), b"&#38;"), body[at:start]))
        at = body.find(b"]]>", start)
        at = len(body) if at < 0 else at
        pieces.append(body[start:at])  # what stands in CDATA is text as it is
    return b"".join(pieces)


def cleaned_address(address: str, base: str = "") -> WebAddress | None:
    """An article's address in the form it is kept: absolute, without fragment; None: it is none."""
    read = WebAddress.read(address.strip(), base or None) if len(address) <= _LONGEST else None
    return read.without_fragment() if read else None


def moment_ms(written: str, zone: tzinfo = UTC) -> int | None:
    """Milliseconds since 1970 of a date as feeds write it (RFC 822, ISO 8601); `zone`: of one that names none."""
    written = written.strip()[:_LONGEST_DATE]
    if _NO_DATE.search(written):
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        try:
            moment = parsedate_to_datetime(written)
        except (ValueError, TypeError, IndexError):
            return None
    known = in_range(moment, zone)
    found = int(known.timestamp() * 1000) if known else 0
    return found if found > 0 else None


def _entry(element: etree._Element, name: str, base: str, zone: tzinfo) -> FeedEntry | None:
    said = dict(_said(element))
    address = said.get("loc") or said.get("href") or said.get("link") or (said.get("guid") if name == "item" else None)
    url = cleaned_address(address, base) if address else None
    if url is None:
        return None
    dates = [said[each] for each in (*_CHANGED, *_PUBLISHED) if each in said]
    moments = (moment_ms(date, zone) for date in dates)
    own_id = said.get("guid") or (said.get("id") if name == "entry" else None)
    # The later of both: a scheduled article is published after its last edit.
    return FeedEntry(url=url, changed_ms=max(filter(None, moments), default=None), external_id=_own_id(own_id))


def _said(element: etree._Element) -> Iterator[tuple[str, str]]:
    """(name, text) of an entry's own children; `href` for the address of Atom's link."""
    for child in element:
        if not isinstance(child.tag, str):
            continue  # an entity that is not expanded
        name = etree.QName(child).localname
        if name == "news":  # Google's news extension of sitemaps
            yield from _said(child)
        elif name == "link" and child.get("href"):
            if child.get("rel", "alternate") == "alternate":
                yield "href", child.get("href", "")
        elif child.text and len(child.text) <= _LONGEST:
            yield name, child.text.strip()


def _own_id(written: str | None) -> str | None:
    """The CMS's id in a guid: one that is no address, or WordPress's."""
    if not written:
        return None
    wordpress = _WORDPRESS.fullmatch(written)
    if wordpress:
        return wordpress.group(1)
    return written if _OPAQUE.fullmatch(written) else None


def _next(link: etree._Element, base: str) -> str | None:
    if link.get("rel") != "next" or not link.get("href"):
        return None
    return cleaned_address(link.get("href", ""), base)


def _forget(element: etree._Element) -> None:
    """Free what has been read: a sitemap of 50 MB stays small."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _advice(body: bytes, url: str) -> str:
    """The feeds of a web page whose own address was entered as a feed."""
    links = LexborHTMLParser(body[:200_000]).css('link[rel="alternate"][type*="xml"]')
    found = [cleaned_address(link.attributes.get("href") or "", url) for link in links[:3]]
    named = ", ".join(filter(None, found))
    return f" Its feeds are: {named}" if named else ""
