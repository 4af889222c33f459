"""The guarded client against a whole internet of canaries: a network namespace where every address answers.

`python -m tests.parts.outbound_namespace` runs inside `unshare -rnm`. All of IPv4 and IPv6 is routed to this machine;
one server hears whatever is connected to on ports 80, 443 and 8080 and writes down for whom it was meant. Names are
looked up by the system's resolver at a DNS server that changes its answers. Prints one JSON object.
"""

from __future__ import annotations

import json
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote

import httpcore
import httpx

from tests.parts.places import ROOT
from tests.parts.small_internet import PUBLIC, QUICK, redirect, refused_addresses, reply
from tts_service.errors import AddressRefused, ServiceError
from tts_service.http.addresses import closed
from tts_service.http.client import Outbound
from tts_service.http.connect import look_up
from tts_service.http.rules import Rules

REBINDINGS = 1_000
CONTROLS = 9
INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.5.5",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "::1",
    "fd00::5",
    "fd00:ec2::254",
    "fe80::5",
    "::ffff:127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::1",
    "2001:db8::5",
    "ff02::1",
]
"""What the changing names lead to."""
COMMANDS = """
    ip link set lo up
    ip route add local 0.0.0.0/0 dev lo
    ip -6 route add local ::/0 dev lo
"""


def why_not() -> str | None:
    """Why this can't run here; None: it can."""
    if not shutil.which("unshare") or not shutil.which("ip"):
        return "needs Linux with the commands unshare and ip"
    tried = subprocess.run(
        ["unshare", "-rnm", "ip", "link", "set", "lo", "up"], capture_output=True, text=True, check=False
    )
    return f"network namespaces are not permitted here: {tried.stderr.strip()[:200]}" if tried.returncode else None


def run_in_namespace() -> dict[str, Any]:
    """What the run in a namespace of its own found."""
    command = ["unshare", "-rnm", sys.executable, "-m", "tests.parts.outbound_namespace"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=150)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


class Canary:
    """Hears every connection, answers every request; `/to/<address>` sends on."""

    def __init__(self) -> None:
        self.heard: Counter[str] = Counter()
        for family, everywhere in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
            for port in (80, 443, 8080):
                listening = socket.create_server((everywhere, port), family=family, backlog=512)
                threading.Thread(target=self._listen, args=(listening,), daemon=True).start()

    def inside(self) -> int:
        """Connections to anything but the public server."""
        return sum(self.heard.values()) - self.heard[PUBLIC]

    def _listen(self, listening: socket.socket) -> None:
        while True:
            connection, _ = listening.accept()
            self.heard[connection.getsockname()[0]] += 1
            with connection:
                try:
                    path = connection.recv(65536).decode("latin-1").split(" ")[1]
                    place = path.partition("/to/")[2]
                    connection.sendall(b"".join(redirect(unquote(place)) if place else reply()))
                except (OSError, IndexError):
                    continue


class ChangingNames(threading.Thread):
    """A DNS server: `N.rebind.example` is public for the first lookup of an address, inside for every later one."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.asked: Counter[tuple[str, int]] = Counter()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.53", 53))

    def run(self) -> None:
        while True:
            query, asker = self._socket.recvfrom(512)
            self._socket.sendto(self._answer(query), asker)

    def _answer(self, query: bytes) -> bytes:
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode())
            at += query[at] + 1
        kind = struct.unpack_from("!H", query, at + 1)[0]
        self.asked[labels[0] + labels[1], kind] += 1
        address = self._address(labels, first=self.asked[labels[0] + labels[1], kind] == 1)
        found = ip_address(address)
        fits = kind == (1 if found.version == 4 else 28)
        head = query[:2] + struct.pack("!HHHHH", 0x8180, 1, int(fits), 0, 0)
        answer = struct.pack("!HHHIH", 0xC00C, kind, 1, 0, len(found.packed)) + found.packed if fits else b""
        return head + query[12 : at + 5] + answer

    def _address(self, labels: list[str], *, first: bool) -> str:
        number, how = labels[0], labels[1]
        if how == "news" or (how == "rebind" and first):
            return PUBLIC
        return INSIDE[int(number) % len(INSIDE)]


def guarded() -> Outbound:
    return Outbound(Rules(), trust=httpcore.default_ssl_context())


def tried(client: Outbound, url: str) -> str:
    """What a call ends with: a status or the error's code."""
    try:
        return str(client.get(url, QUICK).status)
    except ServiceError as error:
        return error.code


def chains() -> list[str]:
    """Ways of one to four redirects from the public server to each address inside, by number and by name."""
    ways = []
    for number, address in enumerate(INSIDE):
        host = f"[{address}]" if ":" in address else address
        for end in (f"http://{host}/", f"http://{number}.inside.example/", f"http://{number}.rebind.example:8080/"):
            way = end
            for hop in range(4):
                way = f"http://{hop}.news.example/to/{way}"
                ways.append(way)
    return ways


def measure(canary: Canary) -> dict[str, Any]:
    client = guarded()
    addresses = refused_addresses() + [f"http://{number}.inside.example/" for number in range(len(INSIDE))]
    let_through = [url for url in addresses if tried(client, url) != AddressRefused.code]
    first, again = Counter[str](), Counter[str]()
    for number in range(REBINDINGS):
        first[tried(client, f"http://{number}.rebind.example/")] += 1
        again[tried(client, f"http://{number}.rebind.example/")] += 1
    ways = chains()
    led = Counter(tried(client, way) for way in ways)
    hits, public = canary.inside(), canary.heard[PUBLIC]
    return {
        "addresses": len(addresses),
        "let_through": let_through,
        "rebindings": REBINDINGS,
        "rebinding_first": dict(first),
        "rebinding_again": dict(again),
        "chains": len(ways),
        "chains_refused": led[AddressRefused.code],
        "canary_hits": hits,
        "public_hits": public,
        "control_hits": control(canary, hits),
    }


def control(canary: Canary, before: int) -> int:
    """What the canary hears without a guard, or with one that checks before the client looks the name up again.

    It must hear all of them (CONTROLS), or its silence means nothing.
    """
    for host in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "[fd00::5]", "1.inside.example", "2130706433"):
        httpx.get(f"http://{host}/", trust_env=False, timeout=5)
    httpx.get("http://0.news.example/to/http://127.0.0.1/", trust_env=False, timeout=5, follow_redirects=True)
    checked_first = f"{REBINDINGS + 1}.rebind.example"
    if all(closed(address) is None for address in look_up(checked_first, 80, 5)):
        httpx.get(f"http://{checked_first}/", trust_env=False, timeout=5)
    return canary.inside() - before


def main() -> None:
    for command in COMMANDS.strip().splitlines():
        subprocess.run(command.split(), check=True)
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as resolver:
        resolver.write("nameserver 127.0.0.53\noptions attempts:1 timeout:2\n")
        resolver.flush()
        subprocess.run(["mount", "--bind", resolver.name, "/etc/resolv.conf"], check=True)
        ChangingNames().start()
        print(json.dumps(measure(Canary())))
        subprocess.run(["umount", "/etc/resolv.conf"], check=True)


if __name__ == "__main__":
    main()
