"""A normalised http(s) address, and the key that identifies a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote_from_bytes, unquote, unquote_to_bytes, urlsplit

import ada_url

LONGEST = 2_000
"""Maximum characters of an address accepted from outside."""
LONGEST_WRITTEN = 12 * LONGEST
"""The same limit percent-encoded: a four-byte character takes twelve characters."""
TRACKING = (
    "utm_*",
    "mtm_*",
    "pk_*",
    "piwik_*",
    "matomo_*",
    "at_medium",
    "at_campaign",
    "wt_mc",
    "wt_zmc",
    "xtor",
    "_ga",
    "_gl",
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "li_fat_id",
    "igsh",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "oly_anon_id",
    "oly_enc_id",
    "vero_id",
    "epik",
    "srsltid",
    "cmpid",
    "s_cid",
)
"""Query parameters that track visitors but don't identify a page; a final `*` matches any suffix."""
_MOST_ADVISED = 200
_EXAMPLE = "https://www.example.org/article"
_SCHEMES = ("http:", "https:")
_USUAL_PORTS = (80, 443)
_PLAIN = re.compile(r"[A-Za-z0-9._~-]*")
"""Unreserved characters, never encoded (RFC 3986, 2.3)."""
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class WebAddress(str):
    """An absolute http(s) address, serialised as in the URL Standard: ASCII only, host in lower case and Punycode, the
    rest percent-encoded, default port removed. User name and password are removed, as addresses are shown to readers.
    Raises ValueError if the text is not an address."""

    __slots__ = ()

    def __new__(cls, text: str) -> WebAddress:
        if isinstance(text, cls):
            return text
        return super().__new__(cls, _serialised(text, None))

    @property
    def readable_host(self) -> str:
        """The host in Unicode: `müller.example` for `xn--mller-kva.example`."""
        return str(ada_url.idna_to_unicode((urlsplit(self).hostname or "").encode()))

    @classmethod
    def read(cls, text: object, base: str | None = None) -> WebAddress | None:
        """Parses an address, relative to the page `base`; None if it is not an http(s) address."""
        if isinstance(text, cls):
            return text
        try:
            return super().__new__(cls, _serialised(text, base)) if isinstance(text, str) else None
        except ValueError:
            return None

    def without_fragment(self) -> WebAddress:
        """The address without its `#…`."""
        return self._cut(self.partition("#")[0])

    def untracked(self, tracking: Iterable[str] = TRACKING) -> WebAddress:
        """The address without tracking parameters; the others are kept unchanged."""
        address, mark, fragment = self.partition("#")
        front, asks, query = address.partition("?")
        listed = _listed(tuple(tracking))
        kept = [pair for pair in query.split("&") if _decoded(pair.partition("=")[0], plus=True) not in listed]
        query = "&".join(kept)
        return self._cut(f"{front}{asks if query else ''}{query}{mark}{fragment}")

    def _cut(self, text: str) -> WebAddress:
        return super().__new__(type(self), text)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageIdentity:
    """Rules for which addresses of a site lead to the same page."""

    tracking: tuple[str, ...] = TRACKING
    """Query parameters to ignore."""

    def key(self, address: str | None) -> str | None:
        """Key shared by all addresses of a page: host, path and parameters. Ignores scheme, default port, trailing
        slash, fragment, encoding differences and `tracking`. None if there is no address.

        A text that is not an http(s) address is its own key.
        """
        if address is None:
            return None
        read = WebAddress.read(address)
        if read is None:
            return address
        parts = urlsplit(read)
        host = parts.netloc.rpartition("@")[2].removesuffix(f":{parts.port}")
        port = "" if parts.port in (None, *_USUAL_PORTS) else f":{parts.port}"
        path = "/".join(_encoded(step) for step in parts.path.split("/")).rstrip("/")
        query = "&".join(self._counting(parts.query))
        # A trailing dot only marks the host name as fully qualified.
        return f"{host.removesuffix('.')}{port}{path or '/'}{'?' if query else ''}{query}"

    def _counting(self, query: str) -> Iterator[str]:
        listed = _listed(self.tracking)
        for pair in filter(None, query.split("&")):
            name, equals, value = pair.partition("=")
            if _decoded(name, plus=True) not in listed:
                yield _encoded(name, plus=True) + equals + _encoded(value, plus=True)


def has_credentials(text: str) -> bool:
    """Whether an address contains a user name or password. False if it is not an address."""
    try:
        parsed = ada_url.URL(text)
    except ValueError:
        return False
    return bool(parsed.username or parsed.password)


def shown_address(kept: str | None) -> str | None:
    """A stored address for display: earlier versions stored addresses as sent."""
    return WebAddress.read(kept) or kept


def read_address(text: str) -> WebAddress:
    """Parses an address entered by a person. Raises ValueError that says what to write."""
    found = WebAddress.read(text)
    if found is None:
        raise ValueError(f"must be an http(s) address: {advised(text)}")
    return found


def advised(text: str) -> str:
    """Suggestion for text that is not an address: with https:// prefixed, if that makes it one."""
    guess = "https://" + "".join(text[:_MOST_ADVISED].split()).lstrip("/\\")
    host = urlsplit(WebAddress.read(guess) or "").netloc
    explicit = "://" in text or "@" in text or len(text) > _MOST_ADVISED
    return f"write {guess}" if not explicit and ("." in host or "[" in host) else f"write it as {_EXAMPLE}"


def spellings(address: str) -> frozenset[str]:
    """All spellings of a stored address that others may use: with non-ASCII letters, composed or decomposed."""
    read = WebAddress.read(address)
    if read is None:
        return frozenset((address,))
    front = f"{urlsplit(read).scheme}://{read.readable_host}"
    rest = read.partition("://")[2].partition("/")[2]
    readable = f"{front}/{unquote(rest)}"
    composed = (unicodedata.normalize(form, readable) for form in ("NFC", "NFD"))
    return frozenset((address, read, readable, *composed))


class _Listed:
    """Case-insensitive set of names in which `*` matches any suffix."""

    def __init__(self, names: Iterable[str]) -> None:
        every = [name.casefold() for name in names]
        self._whole = frozenset(every)
        self._beginnings = tuple(name[:-1] for name in every if name.endswith("*"))

    def __contains__(self, name: str) -> bool:
        name = name.casefold()
        return name in self._whole or (bool(self._beginnings) and name.startswith(self._beginnings))


@lru_cache(maxsize=64)
def _listed(names: tuple[str, ...]) -> _Listed:
    """Cached, as the list is the same for every address of a sitemap."""
    return _Listed(names)


def _serialised(text: str, base: str | None) -> str:
    if len(text) > LONGEST_WRITTEN:
        raise ValueError(f"an address has at most {LONGEST_WRITTEN} characters")
    if _LONE_SURROGATE.search(text):
        raise ValueError("must be an http(s) address")
    try:
        parsed = ada_url.URL(text, base) if base else ada_url.URL(text)
    except ValueError as error:
        raise ValueError("must be an http(s) address") from error
    if parsed.protocol not in _SCHEMES or not parsed.hostname or _is_false_punycode(parsed.hostname):
        raise ValueError("must be an http(s) address")
    if parsed.username or parsed.password:
        parsed.username = parsed.password = ""
    return str(parsed.href)


def _is_false_punycode(host: str) -> bool:
    """Whether a label looks like Punycode but isn't valid (UTS 46, 4): browsers refuse it, the parser doesn't."""
    return "xn--" in host and ".xn--" in f".{ada_url.idna_to_unicode(host.encode())}"


def _decoded(text: str, *, plus: bool = False) -> str:
    """Percent-decoded text in NFC; bytes that are not UTF-8 remain distinguishable."""
    text = text.replace("+", " ") if plus else text
    return unicodedata.normalize("NFC", unquote_to_bytes(text).decode("utf-8", "surrogateescape"))


def _encoded(text: str, *, plus: bool = False) -> str:
    """Percent-encoded text in the canonical form of keys."""
    if _PLAIN.fullmatch(text):
        return text
    return quote_from_bytes(_decoded(text, plus=plus).encode("utf-8", "surrogateescape"), safe="")
