"""The guarded client: follows a call hop by hop, each on its own connection to a checked address.

Kept because httpx neither checks the address that a host name leads to nor bounds a call's bytes and total time.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ssl import SSLContext

import httpcore
import httpx

from tts_service import __version__
from tts_service.errors import AddressRefused, RemoteTooLarge, RemoteUnavailable
from tts_service.http.budget import Budget
from tts_service.http.causes import broken_off
from tts_service.http.connect import Dial, Dialer, Resolve, dial, look_up
from tts_service.http.rules import Rules, rules_of
from tts_service.http.target import Target, read_target
from tts_service.http.terms import Terms
from tts_service.http.unpack import ACCEPTED, decompressed
from tts_service.settings import Settings

USER_AGENT = f"tts-service/{__version__}"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OWN_HEADERS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "proxy-authorization",
        "te",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)
"""Headers set only by this client."""
HARMLESS_HEADERS = frozenset({"accept", "accept-language", "range"})
"""Headers sent to another host after a redirect; any other header may be a credential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response."""

    status: int
    """HTTP status; the caller interprets it."""
    headers: httpx.Headers
    body: bytes
    """Decompressed."""
    url: str
    """Final address after redirects."""
    whole: bool
    """False if the body was truncated, as the terms allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request of a redirect chain."""

    target: Target
    headers: Mapping[str, str]
    rules: Rules


class Outbound:
    """Calls addresses from outside. One per process; thread-safe."""

    def __init__(
        self,
        rules: Rules,
        *,
        proxy: httpcore.Proxy | None = None,
        trust: SSLContext | None = None,
        resolve: Resolve = look_up,
        dial: Dial = dial,
    ) -> None:
        """`proxy`: used for all connections; it resolves names. `trust`: None for the public authorities."""
        self._rules = rules
        self._proxy = proxy
        self._trust = trust or httpcore.default_ssl_context()
        self._resolve = resolve
        self._dial = dial

    def get(self, url: str, terms: Terms, headers: Mapping[str, str] | None = None) -> Answer:
        """GET with redirects; headers that may be credentials are sent only to the first host.

        Returns a response of any status. Raises AddressRefused, RemoteTooLarge, RemoteUnavailable or RemoteTooSlow.
        """
        budget = Budget(terms.total_s)
        hop = self._first(url, terms, headers)
        for _ in range(terms.redirects + 1):
            with self._open("GET", hop, None, terms, budget) as (response, dialer):
                onward = _onward(response) if terms.redirects else None
                if onward is None:
                    return _read(response, hop.target, terms, budget)
            hop = _next(hop, onward, terms, inside=dialer.through_exception)
            budget.next_hop()
        raise AddressRefused(f"{hop.target.host} redirects more than {terms.redirects} times.")

    def post(self, url: str, body: bytes, terms: Terms, headers: Mapping[str, str] | None = None) -> Answer:
        """POST; redirects are returned, not followed. Raises as `get`."""
        budget = Budget(terms.total_s)
        hop = self._first(url, terms, headers)
        with self._open("POST", hop, body, terms, budget) as (response, _):
            return _read(response, hop.target, terms, budget)

    def _first(self, url: str, terms: Terms, headers: Mapping[str, str] | None) -> Hop:
        target = read_target(url, self._rules, https_only=terms.https_only)
        return Hop(target=target, headers=dict(headers or {}), rules=self._rules)

    @contextmanager
    def _open(
        self, method: str, hop: Hop, body: bytes | None, terms: Terms, budget: Budget
    ) -> Iterator[tuple[httpcore.Response, Dialer]]:
        """The response's head; its connection closes at the end of the block."""
        if self._proxy and ":" in hop.target.host:
            raise AddressRefused(f"The egress proxy can't call IPv6 addresses such as {hop.target.host}.")
        rules = None if self._proxy else hop.rules
        dialer = Dialer(rules, budget, terms.connect_s, self._resolve, self._dial)
        with (
            _our_errors(hop.target.host),
            httpcore.ConnectionPool(
                ssl_context=self._trust, proxy=self._proxy, network_backend=dialer, max_keepalive_connections=0
            ) as pool,
            pool.stream(method, hop.target.to_call(), headers=_headers(hop), content=body) as response,
        ):
            yield response, dialer


def outbound_of(settings: Settings) -> Outbound:
    """The client according to the settings. Raises ValueError, naming an invalid setting."""
    trust = httpcore.default_ssl_context()
    if settings.outbound_ca_file is not None:
        trust.load_verify_locations(settings.outbound_ca_file)
        # Since Python 3.13 a certificate without an authority key identifier is refused, but internal CAs often issue
        # such certificates, and the operator trusts this one explicitly.
        trust.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return Outbound(rules_of(settings), proxy=_proxy(settings.egress_proxy), trust=trust)


def _proxy(setting: str) -> httpcore.Proxy | None:
    if not setting:
        return None
    url = httpx.URL(setting)
    # An https proxy would need TLS in TLS, whose handshake httpcore can't limit in time.
    if url.scheme != "http" or not url.host:
        raise ValueError("TTS_EGRESS_PROXY: write it as http://host:port")
    auth = (url.username, url.password) if url.userinfo else None
    return httpcore.Proxy(str(url.copy_with(username=None, password=None)), auth=auth)


def _headers(hop: Hop) -> list[tuple[str, str]]:
    extra = [(name, value) for name, value in hop.headers.items() if name.lower() not in OWN_HEADERS]
    own = {"Host": hop.target.authority, "User-Agent": USER_AGENT, "Accept-Encoding": ACCEPTED, "Connection": "close"}
    return [*own.items(), *extra]


def _onward(response: httpcore.Response) -> str | None:
    """The redirect target of a response; None if it is not a redirect."""
    if response.status not in REDIRECTS:
        return None
    location: str | None = httpx.Headers(response.headers).get("location")
    return location


def _next(hop: Hop, location: str, terms: Terms, *, inside: bool) -> Hop:
    """The next hop of a redirect, checked like an address from outside. Raises AddressRefused.

    A redirect from outside can't enter the operator's network: `inside` says that this hop was within it.
    """
    before = hop.target
    inside = inside or hop.rules.vouches_for(before.host, before.port)
    rules = hop.rules if inside else hop.rules.without_exceptions()
    target = read_target(before.follow(location), rules, https_only=terms.https_only)
    if before.scheme == "https" and target.scheme == "http":
        raise AddressRefused(f"{before.host} redirects from https to http, which is not followed.")
    same = target.origin == before.origin
    kept = {name: value for name, value in hop.headers.items() if same or name.lower() in HARMLESS_HEADERS}
    return Hop(target=target, headers=kept, rules=rules)


def _read(response: httpcore.Response, target: Target, terms: Terms, budget: Budget) -> Answer:
    """The response with its body. Raises RemoteTooLarge, RemoteUnavailable, and httpcore's errors."""
    headers = httpx.Headers(response.headers)
    announced = headers.get("content-length", "0")
    if not terms.cut and announced.isdecimal() and int(announced[:20]) > terms.wire_bytes:
        raise RemoteTooLarge(
            f"The response of {target.host} is too large: {announced[:20]} bytes; the limit is {terms.wire_bytes}."
        )
    budget.body_follows(terms.wire_bytes)
    body, whole = bytearray(), True
    try:
        for piece in decompressed(response.iter_stream(), headers.get("content-encoding", ""), terms.unpacked_bytes):
            body += piece
    except (RemoteTooLarge, RemoteUnavailable, httpcore.NetworkError, httpcore.ProtocolError):
        if not terms.cut:
            raise
        whole = False
    return Answer(status=response.status, headers=headers, body=bytes(body), url=target.url, whole=whole)


@contextmanager
def _our_errors(host: str) -> Iterator[None]:
    """Translates httpcore's errors into this service's."""
    try:
        yield
    except httpcore.ProxyError as error:
        # A proxy's reply to CONNECT: 403 and 407 are policy, everything else is a fault.
        if str(error)[:3] in ("403", "407"):
            raise AddressRefused(f"The egress proxy refuses to call {host} ({error}).") from error
        raise RemoteUnavailable(f"The egress proxy can't reach {host} ({error}).") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise broken_off(host, error) from error
