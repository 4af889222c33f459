"""Compares what a proxy sends with the settings, for `tts-service doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from starlette.requests import Request

from tts_service.settings import Settings
from tts_service.web.doors.client import trusted_networks, trusts

_USUAL_PORTS = {"http": "80", "https": "443"}
_LONGEST = 100
"""Characters of a header that are told back."""


def contradictions(request: Request, settings: Settings) -> list[str]:
    """A sentence for each header that says something else than the settings; whoever invents one is told so alone."""
    told = {name: request.headers.get(f"x-forwarded-{name}", "") for name in ("for", "proto", "host", "prefix")}
    if not any(told.values()):
        return []
    peer = request.client.host if request.client else ""
    found = list(_of_address(told, settings))
    if not trusts(trusted_networks(settings), peer):
        found.append(
            "a proxy's headers come from an address that isn't in TTS_TRUSTED_PROXIES, so all its readers count as "
            "one: add the proxy's network."
        )
    elif not told["for"]:
        found.append("the proxy doesn't send the client's address: configure it to set X-Forwarded-For.")
    return found


def _of_address(told: dict[str, str], settings: Settings) -> Iterator[str]:
    public = urlsplit(settings.base_url)
    scheme, host = _first(told["proto"]).lower(), _first(told["host"]).lower()
    if not settings.public_url:
        if scheme and host:
            yield f"a proxy serves this at {scheme}://{host}{_path(told['prefix'])}: set TTS_PUBLIC_URL to that URL."
        return
    if scheme and scheme != public.scheme:
        yield f"X-Forwarded-Proto says {scheme}, TTS_PUBLIC_URL {public.scheme}: one of them is wrong."
    if host and _with_port(host, public.scheme) != _with_port(public.netloc, public.scheme):
        yield f"X-Forwarded-Host says {host}, TTS_PUBLIC_URL {public.netloc}: one of them is wrong."
    if told["prefix"] and unquote(_path(told["prefix"])) != unquote(public.path.rstrip("/")):
        yield (
            f"X-Forwarded-Prefix says {_path(told['prefix']) or '/'}, the path of TTS_PUBLIC_URL is "
            f"{public.path.rstrip('/') or '/'}: one of them is wrong."
        )


def _first(header: str) -> str:
    """Of several proxies, what the one says that readers reach."""
    return header.partition(",")[0].strip()[:_LONGEST]


def _path(prefix: str) -> str:
    return _first(prefix).rstrip("/")


def _with_port(host: str, scheme: str) -> str:
    named = host.rpartition("]")[2]
    return host if ":" in named else f"{host}:{_USUAL_PORTS.get(scheme, '')}"
