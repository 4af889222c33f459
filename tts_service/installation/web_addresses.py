"""Settings with web addresses: the public URL, and the servers this service calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from tts_service.installation.addresses import port_is_fine, split
from tts_service.installation.fault import Fault, fault_of
from tts_service.settings import Settings
from tts_service.values import WebAddress

_CALLED = (
    "s3_endpoint",
    "audio_base_url",
    "oidc_issuer",
    "signing_tsa_url",
    "egress_proxy",
    "traces_url",
    "voice_mirror",
)
_WEB = ("http", "https")
_HTTPS_ONLY = ("oidc_issuer",)
_FRONT = re.compile(r"(?:https?:|[a-z][a-z0-9+.-]*:(?=[/\\]))?[/\\]*", re.IGNORECASE)
"""The start of a URL, with any number of slashes."""
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|(?=[^:]*[a-z0-9])[a-z0-9._-]+)(:\d+)?")
_DOTS = re.compile(r"/(\.|%2e){1,2}(/|$)", re.IGNORECASE)
"""A path segment `.` or `..`."""


def web_address_faults(settings: Settings) -> Iterator[Fault]:
    """All faults of web addresses."""
    yield from _public(settings.public_url)
    for name in _CALLED:
        yield from _called(name, getattr(settings, name))


def _public(url: str) -> Iterator[Fault]:
    """The service's own URL, to which its paths are appended."""
    if not url:
        return
    faults = list(_web("public_url", url, _public))
    yield from faults
    parts = split(url)
    if faults or parts is None:
        return
    suggestion = _repaired(url, _public)
    if parts.query or parts.fragment or "?" in url or "#" in url:
        yield fault_of("public_url", f"nothing may follow the path: write {suggestion}")
    if urlsplit(WebAddress(url)).path.strip("/").partition("/")[0] == "staff":
        yield fault_of("public_url", "/staff is where staff sign in: choose another path")
    if parts.username is not None or parts.password is not None:
        yield fault_of("public_url", f"it contains a password, which everybody could read: write {suggestion}")
    if _DOTS.search(parts.path) or "//" in parts.path:
        yield fault_of("public_url", f"browsers and proxies change ., .. and double slashes: write {suggestion}")


def _called(name: str, url: str) -> Iterator[Fault]:
    """Another server's URL."""
    if not url:
        return
    faults = list(_web(name, url, lambda meant: _called(name, meant)))
    yield from faults
    if faults:
        return
    if name in _HTTPS_ONLY and not url.lower().startswith("https:"):
        yield fault_of(name, f"an issuer must use https: write {_bare('https', url)}")
    if not url.isascii():
        read = WebAddress(url)
        # User name and password are not shown, and stay unchanged.
        host = f"its host as {urlsplit(read).netloc.rpartition('@')[2]}, and percent-encode the rest"
        yield fault_of(name, f"it has characters that are not allowed in a URL: write {host if '@' in url else read}")


def _web(name: str, url: str, check: Callable[[str], Iterator[Fault]]) -> Iterator[Fault]:
    """An http(s) URL with a host. `check`: further rules for the setting, also applied to the suggestion."""
    parts = split(url)
    scheme, found, _ = url.partition("://")
    suggestion = _repaired(url, check)
    or_plain = "" if name in _HTTPS_ONLY else " (or http://)"
    if any(map(str.isspace, url)):
        yield fault_of(name, f"it contains a space: write {suggestion}")
    elif not found and not url.lower().startswith(("http:", "https:")):
        yield fault_of(name, f"it has no scheme: write {suggestion}{or_plain}")
    elif not found or "\\" in url:
        yield fault_of(name, f"the scheme must be followed by two slashes, without backslashes: write {suggestion}")
    elif scheme.lower() not in _WEB:
        yield fault_of(name, f"{scheme}:// is not supported: write {suggestion}{or_plain}")
    elif parts is None or not parts.hostname:
        yield fault_of(name, f"it names no host: write {scheme}://host/")
    elif not port_is_fine(parts):
        yield fault_of(name, f"its port is not valid: write {scheme}://{parts.hostname}:8000, or no port")
    elif not _has_host(url):
        yield fault_of(name, f"its host can't be read: write {scheme}://host/")


def _has_host(url: str) -> bool:
    """Whether the host is a name or an address; browsers accept much more."""
    host = urlsplit(WebAddress.read(url) or "").netloc.rpartition("@")[2]
    return _HOST.fullmatch(host) is not None


def _repaired(url: str, check: Callable[[str], Iterator[Fault]]) -> str:
    """The URL probably meant, without user, query and fragment, if it is valid; else an example."""
    scheme = "http" if url.strip().lower().startswith("http:") else "https"
    suggestion = _bare(scheme, url)
    if not _has_host(suggestion) or suggestion == url or any(check(suggestion)):
        return f"{scheme}://host/"
    return suggestion


def _bare(scheme: str, url: str) -> str:
    rest = _FRONT.sub("", url.strip(), count=1).replace("\\", "/")
    rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    host, slash, path = rest.partition("/")
    read = WebAddress.read(f"{scheme}://{host.rpartition('@')[2]}{slash}{path}")
    if read is None:
        return ""
    front, _, path = read.partition("://")[2].partition("/")
    path = re.sub("/{2,}", "/", path.lstrip("/"))
    return f"{scheme}://{front}" + (f"/{path}" if path or slash else "")
