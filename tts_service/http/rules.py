"""The operator's exceptions to the table of addresses, from the settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from typing import NoReturn

from tts_service.http.addresses import Address, Network, closed, embedded_ipv4
from tts_service.settings import Settings

WEB_PORTS = frozenset({80, 443})
_EXAMPLES = {
    "TTS_ALLOW_HOSTS": "a name, name:port or a network, such as cms.lan, cms.lan:8080 or 10.0.3.0/24",
    "TTS_ALLOW_PORTS": "numbers, such as 8080, 8443",
    "TTS_DENY_NETWORKS": "networks, such as 203.0.113.0/24",
}
"""Examples of valid entries, by setting."""
_NEVER_IN_HOSTS = frozenset("/\\@[]*;?#'\" ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Which hosts, ports and networks this service may call."""

    ports: frozenset[int] = WEB_PORTS
    """Ports allowed for any host."""
    places: frozenset[tuple[str, int]] = frozenset()
    """(host name or address, port) pairs allowed by the operator."""
    open_networks: tuple[Network, ...] = ()
    """Networks opened by the operator although the table closes them."""
    closed_networks: tuple[Network, ...] = ()
    """Networks closed by the operator although the table opens them; these take precedence."""

    def vouches_for(self, host: str, port: int) -> bool:
        """Whether the operator allowed this host, or opened the network of this literal address."""
        if (host, port) in self.places:
            return True
        address = written_address(host)
        return address is not None and any(address in network for network in self.open_networks)

    def without_exceptions(self) -> Rules:
        """The same rules without access to the operator's own network."""
        return replace(self, places=frozenset(), open_networks=())

    def refusal(self, address: Address, host: str, port: int) -> str | None:
        """Why this address must not be called for `host`; None if it may."""
        if any(address in network for network in self.closed_networks):
            return "denied by TTS_DENY_NETWORKS"
        row = closed(address)
        if row is None or (row.in_the_lan and (host, port) in self.places):
            return None
        if not any(address in network for network in self.open_networks):
            return row.what
        # Opening a NAT64 prefix opens the public internet behind it, not every address that can be embedded.
        inner = embedded_ipv4(address)
        return self.refusal(inner, host, port) if inner else None


def written_address(host: str) -> Address | None:
    """The address, if the host is an IP literal in strict form; None if it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def rules_of(settings: Settings) -> Rules:
    """The rules from the settings. Raises ValueError, naming the setting and the invalid entry."""
    ports = WEB_PORTS | {_port(entry, "TTS_ALLOW_PORTS") for entry in _entries(settings.allow_ports)}
    places: set[tuple[str, int]] = set()
    opened: list[Network] = []
    for entry in _entries(settings.allow_hosts):
        network = _network(entry)
        if network is not None:
            opened.append(network)
        else:
            places.update(_places(entry, ports))
    denied = [_network(entry) or _unreadable(entry, "TTS_DENY_NETWORKS") for entry in _entries(settings.deny_networks)]
    return Rules(ports=ports, places=frozenset(places), open_networks=tuple(opened), closed_networks=tuple(denied))


def _entries(setting: str) -> Iterator[str]:
    return (entry.strip().lower() for entry in setting.split(",") if entry.strip())


def _network(entry: str) -> Network | None:
    try:
        return ip_network(entry)
    except ValueError:
        return None


def _places(entry: str, ports: frozenset[int]) -> Iterator[tuple[str, int]]:
    """`cms.lan` (web ports), `cms.lan:8080`, `10.0.0.5:8080`, `[fd00::5]:8080`."""
    host, colon, port = entry.rpartition(":")
    if not colon:
        host = entry
    host = host.removeprefix("[").removesuffix("]").rstrip(".")
    if not host or set(host) & _NEVER_IN_HOSTS:
        _unreadable(entry, "TTS_ALLOW_HOSTS")
    if colon and not _is_port(port):
        _unreadable(entry, "TTS_ALLOW_HOSTS")
    numbers = {int(port)} if colon else ports
    return ((host, number) for number in numbers)


def _port(entry: str, setting: str) -> int:
    if not _is_port(entry):
        _unreadable(entry, setting)
    return int(entry)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536


def _unreadable(entry: str, setting: str) -> NoReturn:
    shown = entry.rpartition("@")[2]  # a web address may contain a password
    raise ValueError(f"{setting}: {shown!r} {_reason(shown, setting, '://' in entry)}")


def _reason(entry: str, setting: str, is_web_address: bool) -> str:
    """What is wrong with an entry, and what to write instead."""
    if setting == "TTS_ALLOW_HOSTS" and is_web_address:
        host = entry.rpartition("://")[2].partition("/")[0]
        name, colon, port = host.partition(":")
        if name and (_is_port(port) or not colon):
            return f"is a URL: write {host}"
    try:
        return f"has bits set after its prefix: write {ip_network(entry, strict=False)}"
    except ValueError:
        return f"can't be read: write {_EXAMPLES[setting]}"
