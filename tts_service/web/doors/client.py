"""The client's address: the connection's, or the one a trusted proxy reports."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.types import Scope

from tts_service.settings import Settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MOST_HOPS = 20
UNKNOWN = "unknown"
"""All who come over a unix socket without a proxy's word: they count as one."""


def trusted_networks(settings: Settings) -> tuple[Network, ...]:
    """Raises ValueError that names the setting."""
    names = [name.strip() for name in settings.trusted_proxies.split(",") if name.strip()]
    try:
        return tuple(ipaddress.ip_network(name) for name in names)
    except ValueError as error:
        raise ValueError(
            f"TTS_TRUSTED_PROXIES: write networks such as 10.0.0.0/8, separated by commas: {error}"
        ) from error


def client_address(scope: Scope, trusted: Sequence[Network]) -> str:
    """The nearest address that is no trusted proxy's; X-Forwarded-For counts only as far as trusted ones wrote it.

    Read from the right: what stands left of the first foreign address may be invented by whoever sent it.
    """
    address = scope["client"][0] if scope.get("client") else UNKNOWN
    if not trusts(trusted, address):
        return address
    said = ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for")
    for hop in reversed(said.split(",")[-_MOST_HOPS:] if said else []):
        plain = _plain(hop)
        if plain is None:
            break  # no address: nobody knows who that was
        address = plain
        if not trusts(trusted, address):
            break
    return address


def trusts(trusted: Sequence[Network], address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in trusted if network.version == found.version)


def _plain(hop: str) -> str | None:
    """An address without the port and brackets that some proxies write; None: it is none."""
    text = hop.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
