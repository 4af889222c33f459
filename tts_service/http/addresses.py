"""Forbidden addresses: everything that is not the public internet or only appears to be.

Based on IANA's special-purpose registries (RFC 6890 and successors), plus what they leave open: IPv6 addresses that
embed an IPv4 address, and cloud metadata services on public addresses. `ipaddress.is_global` alone allows NAT64, 6to4
and multicast, so it is only the final check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: the IPv4 address is in the last 32 bits, wherever the translator is."""
GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The only part of IPv6 that IANA assigns to public hosts."""
ISATAP = (0x0000_5EFE, 0x0200_5EFE)
"""RFC 5214: bits 64 to 95 of an address whose last 32 bits are an IPv4 address."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A network that must not be called."""

    network: Network
    what: str
    """Description for the log."""
    in_the_lan: bool = False
    """Host names allowed by the operator may resolve to it; other networks must be opened explicitly."""


def _closed(rows: str, *, in_the_lan: bool = False) -> Iterator[Closed]:
    for row in rows.strip().splitlines():
        network, what = row.split(maxsplit=1)
        yield Closed(ip_network(network), what, in_the_lan)


CLOSED = (
    *_closed("""
        100.100.100.200/32 metadata service (Alibaba Cloud)
        168.63.129.16/32   metadata service (Azure)
        fd00:ec2::/32      metadata service (AWS)
        fd20:ce::/32       metadata service (Google Cloud)
        0.0.0.0/8          this network
        169.254.0.0/16     link-local, metadata services
        192.0.0.0/24       protocol assignments, metadata service (Oracle Cloud)
        192.0.2.0/24       documentation
        192.88.99.0/24     6to4 relay
        198.18.0.0/15      benchmarking
        198.51.100.0/24    documentation
        203.0.113.0/24     documentation
        224.0.0.0/4        multicast
        240.0.0.0/4        reserved, broadcast
        ::/128             unspecified
        ::ffff:0:0/96      IPv4-mapped
        ::ffff:0:0:0/96    IPv4-translated
        64:ff9b::/96       NAT64
        64:ff9b:1::/48     NAT64 of a local network
        100::/64           discard
        2001::/23          protocol assignments: Teredo, benchmarking, ORCHID
        2001:db8::/32      documentation
        2002::/16          6to4
        3fff::/20          documentation
        5f00::/16          segment routing
        fe80::/10          link-local
        fec0::/10          site-local
        ff00::/8           multicast
    """),
    *_closed(
        """
        127.0.0.0/8        this machine
        ::1/128            this machine
        10.0.0.0/8         private network
        172.16.0.0/12      private network
        192.168.0.0/16     private network
        100.64.0.0/10      provider's network (CGNAT)
        fc00::/7           private network
    """,
        in_the_lan=True,
    ),
    *_closed("::/96 IPv4-compatible"),
)
"""The first matching entry describes an address."""


def closed(address: Address) -> Closed | None:
    """The closed network that contains an address; None if the address is public."""
    for row in CLOSED:
        if address in row.network:
            return row
    if isinstance(address, IPv6Address):
        if address not in GLOBAL_UNICAST:
            return Closed(IPv6Network(address), "outside global unicast")
        inner = _carried(address)
        if inner is not None and closed(inner):
            return Closed(IPv6Network(address), f"ISATAP for {inner}")
    # Python's own table may include newer special-purpose networks.
    return None if address.is_global else Closed(ip_network(address), "not globally reachable")


def translated(address: Address) -> IPv4Address | None:
    """The IPv4 address embedded in a NAT64 address; None if it is not one."""
    return _last_bits(address) if isinstance(address, IPv6Address) and address in NAT64 else None


def _carried(address: IPv6Address) -> IPv4Address | None:
    return _last_bits(address) if int(address) >> 32 & 0xFFFF_FFFF in ISATAP else None


def _last_bits(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFF_FFFF)
