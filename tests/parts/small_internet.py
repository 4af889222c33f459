"""A small internet for tests: names with scripted answers, and one server that every public address leads to."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address

from tests.parts.places import DATA
from tts_service.http.addresses import Address
from tts_service.http.client import Outbound
from tts_service.http.rules import Rules
from tts_service.http.terms import Terms

PUBLIC = "93.184.216.34"
PUBLIC_6 = "2606:2800:220:1::5"
QUICK = Terms(total_s=5, wire_bytes=100_000, unpacked_bytes=200_000)
REFUSED = DATA / "outbound_refused.tsv"

Answering = Callable[[str], Iterable[bytes]]
"""Request (head and what came with it) → the pieces to send back; an empty one: no more until the test is over."""


def refused_addresses() -> list[str]:
    """The addresses of the table that no call may go to."""
    lines = REFUSED.read_text("utf-8").splitlines()
    return [line.split("\t")[0] for line in lines if not line.startswith("#")]


def reply(body: bytes = b"hello", *headers: str, status: str = "200 OK") -> list[bytes]:
    """A whole answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return ["\r\n".join(head).encode() + b"\r\n\r\n" + body]


def redirect(location: str, status: str = "302 Found") -> list[bytes]:
    return reply(b"", f"Location: {location}", status=status)


class Net:
    """Names, addresses and one server behind all of them. Remembers what was asked of it."""

    def __init__(self, answering: Answering, tls: ssl.SSLContext | None = None) -> None:
        self.names: dict[str, list[Sequence[str]]] = {}
        """Name → the answers of its lookups in turn; the last one stays."""
        self.looked_up: list[str] = []
        self.dialled: list[tuple[str, int]] = []
        self.requests: list[str] = []
        self.deaf: set[str] = set()
        """Addresses that refuse connections."""
        self.failing: dict[str, OSError] = {}
        """What a lookup of a name, or a connection to an address, ends with."""
        self._answering = answering
        self._tls = tls
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()

    def client(self, rules: Rules | None = None, trust: ssl.SSLContext | None = None) -> Outbound:
        return Outbound(rules or Rules(), trust=trust or NO_TRUST, resolve=self.resolve, dial=self.dial)

    def resolve(self, name: str, port: int, timeout_s: float) -> Sequence[Address]:
        self.looked_up.append(name)
        if name in self.failing:
            raise self.failing[name]
        answers = self.names.get(name, [(PUBLIC,)])
        return [ip_address(answer) for answer in (answers.pop(0) if len(answers) > 1 else answers[0])]

    def dial(self, address: Address, port: int, timeout_s: float) -> socket.socket:
        self.dialled.append((str(address), port))
        if str(address) in self.failing:
            raise self.failing[str(address)]
        if str(address) in self.deaf:
            raise ConnectionRefusedError(111, "Connection refused")
        return socket.create_connection(("127.0.0.1", self.port), timeout_s)

    def close(self) -> None:
        self._over.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._serving.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                try:
                    self._answer(self._tls.wrap_socket(connection, server_side=True) if self._tls else connection)
                except OSError:
                    continue  # the client went away: most of these tests want that

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            request = _request(connection)
            if not request:
                return
            self.requests.append(request.decode("latin-1"))
            for piece in self._answering(self.requests[-1]):
                connection.sendall(piece)
                if not piece:
                    self._over.wait(5)


def _request(connection: socket.socket) -> bytes:
    """Head and body; a body over 64 kB is left unread, as a slow server would. Empty: the client went away."""
    request = b""
    while True:
        head, ended, body = request.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0)
        if ended and (len(body) >= length or length > 65536):
            return request
        received = connection.recv(65536)
        if not received:
            return b""
        request += received


@contextmanager
def net(answering: Answering, tls: ssl.SSLContext | None = None) -> Iterator[Net]:
    made = Net(answering, tls)
    yield made
    made.close()


NO_TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody and takes no time to load."""
