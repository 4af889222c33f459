"""Fetches an article's page through the guarded client and decodes its charset."""

from __future__ import annotations

import codecs
import re

from tts_service.errors import EmptyArticle, InputRefused, RemoteUnavailable, TooLarge
from tts_service.http.client import Answer, Outbound
from tts_service.http.terms import PAGE
from tts_service.values import Article, SourceFormat, WebAddress
from tts_service.values.article import MAX_HTML_BYTES

_FORMATS = {
    "text/html": SourceFormat.HTML,
    "application/xhtml+xml": SourceFormat.HTML,
    "text/plain": SourceFormat.TEXT,
    "text/markdown": SourceFormat.MARKDOWN,
}
_ACCEPT = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5"
_CHARSET = re.compile(r"charset\s{0,3}=\s{0,3}[\"']?([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)
_HEAD = 4_096
"""Bytes searched for the page's charset declaration. The HTML standard allows 1 024; real pages need more."""
_FALLBACK = "cp1252"
"""Charset assumed for pages that declare none and are not UTF-8, as in browsers."""


def is_address(source: str) -> bool:
    """Whether a source is a web address rather than a file name."""
    return source.lower().startswith(("http://", "https://"))


def fetch_article(url: str, outbound: Outbound, language: str | None = None) -> Article:
    """Fetches the article at an address; its `url` is the address after redirects.

    Raises AddressRefused, InputRefused (no page or no text), EmptyArticle, TooLarge, RemoteTooLarge, or
    RemoteUnavailable (temporary).
    """
    answer = outbound.get(url, PAGE, {"Accept": _ACCEPT})
    kind = _format(url, answer)
    if len(answer.body) > MAX_HTML_BYTES:
        raise TooLarge(f"{url} has {len(answer.body)} bytes; the limit is {MAX_HTML_BYTES}.")
    text = decoded_page(answer.body, answer.headers.get("content-type", ""))
    if not text.strip():
        raise EmptyArticle(f"The page at {url} is empty.")
    return Article(
        site="local",
        external_id=answer.url,
        source=text,
        source_format=kind,
        url=WebAddress(answer.url),
        language=language,
        read_as="page" if kind is SourceFormat.HTML else None,
    )


def decoded_page(data: bytes, content_type: str = "") -> str:
    """Decodes a page.

    Valid UTF-8 is decoded as UTF-8 whatever the declared charset: other encodings practically never form valid UTF-8.
    Otherwise the Content-Type charset applies, then the page's own, then Windows-1252. Undecodable bytes become U+FFFD.
    """
    for mark, charset in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(charset, "replace").removeprefix("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    named = (_CHARSET.search(content_type), _CHARSET.search(data[:_HEAD].decode("latin-1")))
    charset = next((known for name in named if name and (known := _known(name.group(1)))), _FALLBACK)
    return data.decode(charset, "replace")


def _known(charset: str) -> str | None:
    """Python's name for a charset; None if it is unknown, not a text encoding, or UTF-8 (ruled out before)."""
    try:
        name = codecs.lookup(charset).name
        "".encode(name)
    except (LookupError, ValueError):
        return None
    # Browsers also decode pages declared as Latin-1 or ASCII as Windows-1252.
    return {"iso8859-1": _FALLBACK, "ascii": _FALLBACK, "utf-8": None}.get(name, name)


def _format(url: str, answer: Answer) -> SourceFormat:
    if answer.status >= 500 or answer.status == 429:
        raise RemoteUnavailable(f"{url} returned HTTP status {answer.status}; try again later.")
    if answer.status != 200:
        raise InputRefused(f"{url} returned HTTP status {answer.status}: there is no page to read.")
    media_type = (answer.headers.get("content-type") or "text/html").split(";")[0].strip().lower()
    if media_type not in _FORMATS:
        raise InputRefused(f"{url} has the media type {media_type}: give the address of an HTML page.")
    return _FORMATS[media_type]
