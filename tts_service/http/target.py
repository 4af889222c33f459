"""Parses an address once, so that the checked parts are the ones used."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpcore
import httpx
import idna

from tts_service.errors import AddressRefused
from tts_service.http.rules import Rules, written_address

LONGEST_ADDRESS = 2048
"""Maximum characters of an address."""
OWN_NAMES = frozenset(
    {
        "corp",
        "home",
        "home.arpa",
        "internal",
        "intranet",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "private",
    }
)
"""Names that are never public: RFC 6761, 6762, 8375, ICANN's `.internal`, and common internal suffixes."""
PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]{1,63}|0x[0-9a-f]{0,61}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A parsed address to call."""

    scheme: str
    """`http` or `https`."""
    host: str
    """ASCII host name without a trailing dot, or an address without brackets."""
    port: int
    path: bytes
    """Path and query, percent-encoded."""

    @property
    def authority(self) -> str:
        """Host, plus the port unless it is the default: the `Host` header's value."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path.decode('ascii')}"

    def to_call(self) -> httpcore.URL:
        port = None if self.port == PORTS[self.scheme] else self.port
        return httpcore.URL(scheme=self.scheme, host=self.host, port=port, target=self.path)

    def follow(self, location: str) -> str:
        """The address of a redirect. Raises AddressRefused."""
        try:
            return str(httpx.URL(self.url).join(location))
        except (httpx.InvalidURL, ValueError) as error:
            raise AddressRefused(f"{self.host} redirects to something that is not a web address.") from error


def read_target(address: str, rules: Rules, *, https_only: bool = False) -> Target:
    """Parses and checks an address by its text alone. Raises AddressRefused with reason and remedy."""
    if len(address) > LONGEST_ADDRESS or address != address.strip():
        raise AddressRefused(f"An address must have at most {LONGEST_ADDRESS} characters, and no spaces around it.")
    try:
        url = httpx.URL(address)
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, idna.IDNAError, ValueError) as error:
        raise AddressRefused(f"{address[:80]!r} is not a web address: check it.") from error
    if url.scheme not in PORTS or not host or "%" in host:
        raise AddressRefused("An address must begin with http:// or https:// and the name of a server.")
    if "@" in re.split(r"[/?#]", address.partition("//")[2], maxsplit=1)[0]:
        raise AddressRefused("An address must not contain a user name or password.")
    host = host.removesuffix(".")
    target = Target(
        scheme=url.scheme,
        host=str(written_address(host) or host),
        port=PORTS[url.scheme] if url.port is None else url.port,
        path=url.raw_path,
    )
    _check(target, rules, https_only)
    return target


def _check(target: Target, rules: Rules, https_only: bool) -> None:
    vouched = rules.vouches_for(target.host, target.port)
    if https_only and target.scheme != "https" and not vouched:
        raise AddressRefused(f"{target.host} is called over https only: write https:// at the beginning.")
    if target.port not in rules.ports and not vouched:
        raise AddressRefused(f"Port {target.port} is not allowed; the operator can allow it with TTS_ALLOW_PORTS.")
    address = written_address(target.host)
    if address is None:
        _check_name(target.host, vouched)
    elif rules.refusal(address, target.host, target.port):
        raise not_public(target.host)


def _check_name(name: str, vouched: bool) -> None:
    labels = name.split(".")
    # Resolvers treat a host with a numeric last label as an address: 127.1, 0x7f000001, 2130706433.
    if _NUMBER.fullmatch(labels[-1]) or not all(_LABEL.fullmatch(label) for label in labels) or len(name) > 253:
        raise AddressRefused(f"{name[:80]!r} is not the name of a server: check the address.")
    own = len(labels) == 1 or labels[-1] in OWN_NAMES or ".".join(labels[-2:]) in OWN_NAMES
    if own and not vouched:
        raise not_public(name)


def not_public(host: str) -> AddressRefused:
    """The caller's error, which doesn't reveal where a name leads inside the operator's network."""
    return AddressRefused(
        f"{host} is not on the public internet. If it is yours, the operator can allow it with TTS_ALLOW_HOSTS."
    )
