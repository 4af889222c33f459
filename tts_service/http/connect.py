"""Connects: resolves a name once, checks every address, and opens the socket to a checked address."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import Any

import httpcore

from tts_service.http.addresses import Address, closed
from tts_service.http.budget import Budget
from tts_service.http.causes import not_connected, not_found, not_secure
from tts_service.http.rules import Rules, written_address
from tts_service.http.target import not_public

log = logging.getLogger(__name__)

Resolve = Callable[[str, int, float], Sequence[Address]]
"""(name, port, seconds) → its addresses in order of preference. Raises OSError."""
Dial = Callable[[Address, int, float], socket.socket]
"""(address, port, seconds) → a connected socket. Raises OSError."""

TRIED_ADDRESSES = 4
"""Maximum addresses tried per name."""
_lookups = threading.BoundedSemaphore(16)
"""Limits concurrent lookups: a hanging resolver must not fill the process with threads."""


class Dialer(httpcore.NetworkBackend):
    """Opens the connections of one call."""

    def __init__(self, rules: Rules | None, budget: Budget, connect_s: float, resolve: Resolve, dial: Dial) -> None:
        """`rules` None: the connection goes to the operator's proxy, whose address isn't checked."""
        self._rules = rules
        self._budget = budget
        self._connect_s = connect_s
        self._resolve = resolve
        self._dial = dial
        self.through_exception = False
        """Whether the connection is allowed only by the operator's exceptions."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._look_up(host, port)
        if self._rules is not None:
            for address in addresses:
                _check(address, host, port, self._rules)
        return BudgetStream(self._connect(addresses, host, port), self._budget)

    def _look_up(self, host: str, port: int) -> Sequence[Address]:
        written = written_address(host)
        if written is not None:
            return (written,)
        try:
            return self._resolve(host, port, min(self._connect_s, self._budget.left_s()))
        except OSError as error:
            raise not_found(host, error) from error

    def _connect(self, addresses: Sequence[Address], host: str, port: int) -> socket.socket:
        """A socket to the first address that accepts; each gets a share of the time."""
        failure: OSError | None = None
        tried = addresses[:TRIED_ADDRESSES]
        for address in tried:
            try:
                connected = self._dial(address, port, min(self._connect_s / len(tried), self._budget.left_s()))
            except OSError as error:
                failure = error
            else:
                self.through_exception = self._rules is not None and closed(address) is not None
                return connected
        raise (not_connected(host, port, failure) if failure else not_found(host)) from failure


class BudgetStream(httpcore.NetworkStream):
    """A socket whose reads and writes count against the call's budget; ignores httpcore's timeouts."""

    def __init__(self, connected: socket.socket, budget: Budget) -> None:
        self._socket = connected
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        limit = min(max_bytes, self._budget.room())
        try:
            self._socket.settimeout(self._budget.left_s())
            received = self._socket.recv(limit)
        except OSError as error:
            self._budget.left_s()
            raise httpcore.ReadError(str(error)) from error
        self._budget.spend(len(received))
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        while rest:
            try:
                self._socket.settimeout(self._budget.left_s())
                rest = rest[self._socket.send(rest) :]
            except OSError as error:
                self._budget.left_s()
                raise httpcore.WriteError(str(error)) from error

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            self._socket.settimeout(self._budget.left_s())
            return BudgetStream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname), self._budget)
        except OSError as error:
            self.close()
            self._budget.left_s()
            raise not_secure(server_hostname or "", error) from error

    def close(self) -> None:
        self._socket.close()

    def get_extra_info(self, info: str) -> Any:
        return self._socket if info == "socket" else None


def _check(address: Address, host: str, port: int, rules: Rules) -> None:
    """Raises AddressRefused. The address goes to the log for the operator, not into the message."""
    why = rules.refusal(address, host, port)
    if why is not None:
        log.warning("refused to call %s port %d: it leads to %s (%s)", host, port, address, why)
        raise not_public(host)


def dial(address: Address, port: int, timeout_s: float) -> socket.socket:
    """A TCP socket connected to exactly this address. Raises OSError."""
    connected = socket.create_connection((str(address), port), timeout_s)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def look_up(name: str, port: int, timeout_s: float) -> Sequence[Address]:
    """The system resolver's answer within a time limit, which `getaddrinfo` lacks. Raises OSError."""
    if not _lookups.acquire(timeout=timeout_s):
        raise TimeoutError("too many DNS lookups are waiting")
    found: list[Sequence[Address]] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
            found.append([ip_address(answer[4][0]) for answer in answers])
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError(str(error)))
        finally:
            _lookups.release()

    asking = threading.Thread(target=ask, name=f"look up {name}", daemon=True)
    asking.start()
    asking.join(timeout_s)
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError(f"no response within {timeout_s:g} s")
    return found[0]
