"""Settings with networks, hosts and ports: entries must be valid and must not allow everything."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network
from urllib.parse import urlsplit

from tts_service.http.rules import rules_of
from tts_service.installation.fault import Fault, fault_of
from tts_service.settings import Settings

_EVERYBODY = "*"
_LISTS = ("allow_hosts", "allow_ports", "deny_networks")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WIDEST = {4: 8, 6: 7}
"""Minimum prefix length of a proxy network: 10.0.0.0/8, fc00::/7."""
_CHOOSES = "choose the address it is counted by: write the networks of your proxies"
Network = IPv4Network | IPv6Network


def network_faults(settings: Settings) -> Iterator[Fault]:
    """All faults of these settings."""
    yield from _proxies(settings.trusted_proxies)
    yield from _behind_a_proxy(settings)
    empty = dict.fromkeys(_LISTS, "")
    for name in _LISTS:
        for entry in filter(None, map(str.strip, getattr(settings, name).split(","))):
            try:
                rules_of(settings.model_copy(update={**empty, name: entry}))
            except ValueError as error:
                yield Fault(setting=f"TTS_{name.upper()}", message=f"{str(error).partition(': ')[2]}.")


def _proxies(written: str) -> Iterator[Fault]:
    name, networks = "trusted_proxies", list[Network]()
    for entry in filter(None, map(str.strip, written.split(","))):
        if entry == _EVERYBODY:
            yield fault_of(name, f"* would let every caller {_CHOOSES}, such as 10.0.0.0/8 or 127.0.0.1")
            continue
        try:
            networks.append(ipaddress.ip_network(entry))
        except ValueError:
            yield fault_of(name, _repaired(entry))
    all_of = {network.version: network for network in _together(networks) if network.prefixlen == 0}
    for network in networks:
        if network.prefixlen == 0:
            yield fault_of(name, f"{network} lets every caller {_CHOOSES}", False)
            all_of.pop(network.version, None)
    for version in all_of:
        yield fault_of(name, f"together they let every caller with IPv{version} {_CHOOSES}", False)
    for network in networks:
        if 0 < network.prefixlen < _WIDEST[network.version] and network.version not in all_of:
            part = "half the world" if network.prefixlen == 1 else f"1/{2**network.prefixlen} of the world"
            yield fault_of(name, f"{network} lets every caller of {part} {_CHOOSES}", False)


def _together(networks: list[Network]) -> Iterator[Network]:
    """The same networks, merged."""
    yield from ipaddress.collapse_addresses(network for network in networks if isinstance(network, IPv4Network))
    yield from ipaddress.collapse_addresses(network for network in networks if isinstance(network, IPv6Network))


def _repaired(entry: str) -> str:
    """What to write instead of an invalid entry."""
    try:
        return f"{entry!r} has bits set after its prefix: write {ipaddress.ip_network(entry, strict=False)}"
    except ValueError:
        return f"{entry!r} can't be read: write networks or addresses, such as 10.0.0.0/8, separated by commas"


def _behind_a_proxy(settings: Settings) -> Iterator[Fault]:
    """An https public URL implies a reverse proxy, as this service has no TLS; that proxy must be trusted."""
    try:
        public = urlsplit(settings.public_url)
        local = public.hostname in _LOOPBACK
    except ValueError:
        return
    if public.scheme == "https" and not local and not settings.trusted_proxies.strip():
        yield fault_of(
            "trusted_proxies",
            "TTS_PUBLIC_URL is https, so there is a proxy in front of this service, but none is "
            "trusted and all readers count as one: write its network, such as 127.0.0.1 or 172.16.0.0/12",
            False,
        )
