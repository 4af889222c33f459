"""The address and port that the API listens on."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from tts_service.installation.fault import Fault, fault_of
from tts_service.settings import Settings

_MOST_PORTS = 65535
_EVERY = "write 0.0.0.0 for every network, or 127.0.0.1 for this machine only"
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9._])?")
_WITH_PORT = re.compile(r"(\[[^\]]*\]|[^:]*):(\d*)")


def listening_faults(settings: Settings) -> Iterator[Fault]:
    """Faults that no machine could listen with; embedded/sockets.py detects those of this machine."""
    if not 0 < settings.port <= _MOST_PORTS:
        yield fault_of("port", f"{settings.port} is not a port: write a number from 1 to {_MOST_PORTS}, such as 8000")
    host = settings.host
    if _is_host(host):
        return
    bare = host.partition("://")[2] if "://" in host else host
    bare = bare.partition("/")[0]
    with_port = _WITH_PORT.fullmatch(bare)
    bare = (with_port[1] if with_port else bare).strip("[]")
    advice = f"write {bare}" if _is_host(bare) else _EVERY
    if not host.strip():
        yield fault_of("host", f"it is empty: {_EVERY}")
    elif "/" in host:
        yield fault_of("host", f"it must be an address to listen on, not a URL or a network: {advice}")
    elif with_port:
        yield fault_of("host", f"the port belongs in TTS_PORT: {advice}")
    elif host.startswith("["):
        yield fault_of("host", f"it must be written without brackets: {advice}")
    else:
        yield fault_of("host", f"{host!r} is not an address: {advice}")


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _NAME.fullmatch(host) is not None
    return True
