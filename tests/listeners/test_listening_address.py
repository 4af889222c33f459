"""Where the API listens, and the address that is printed: one that can be used."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tests.parts.factories import make_settings
from tests.parts.settings_faults import environment
from tts_service import commands
from tts_service.embedded import run, sockets
from tts_service.embedded.run import free_port
from tts_service.embedded.sockets import listening_socket
from tts_service.embedded.welcome import welcome
from tts_service.errors import Conflict, SettingsRefused
from tts_service.parts import Parts
from tts_service.web.app import create_app


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


IPV6 = pytest.mark.skipif(not _has_ipv6(), reason="no IPv6 on this machine")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost:8000"),
        ("", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("fd00::5", "http://[fd00::5]:8000"),
    ],
)
def test_the_printed_address_can_be_used(tmp_path: Path, host: str, url: str) -> None:
    settings = make_settings(tmp_path, host=host)
    assert settings.base_url == settings.local_url == url
    assert urlsplit(url).port == 8000


def test_the_welcome_says_the_public_address_where_there_is_one(parts: Parts) -> None:
    settings = parts.settings.model_copy(update={"host": "::", "public_url": "https://news.example/audio/"})
    lines = welcome(settings)
    assert lines[0] == "Listen to the article: https://news.example/audio"
    assert "https://news.example/audio/staff/sign-in?token=" in lines[1]


@IPV6
@pytest.mark.parametrize("address", ["::1", "127.0.0.1"])
def test_every_address_means_ipv6_and_ipv4(address: str) -> None:
    if address == "127.0.0.1" and not socket.has_dualstack_ipv6():
        pytest.skip("no socket of this machine takes both")
    with listening_socket("::", 0) as bound:
        socket.create_connection((address, bound.getsockname()[1]), 5).close()


@IPV6
def test_a_port_that_is_taken_is_seen_at_every_address() -> None:
    said: list[str] = []
    with listening_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert free_port("::", port, said.append) != port
        assert free_port("::1", port, said.append) == port
    assert said == [f"Port {port} is taken; using {port + 1}."] or "is taken" in said[0]


def test_what_listens_on_every_network_lets_nobody_sign_in_in_the_clear(parts: Parts, tmp_path: Path) -> None:
    """The printed address is this machine's own: what counts is who can reach the service."""
    for host, status in (("0.0.0.0", 403), ("::", 403), ("10.0.0.5", 403), ("::1", 200), ("127.0.0.1", 200)):
        settings = make_settings(tmp_path, host=host)
        with TestClient(create_app(replace(parts, settings=settings))) as client:
            assert client.get("/staff/sign-in").status_code == status, host


def _raises(error: OSError) -> Callable[[str, int], socket.socket]:
    def opened(host: str, port: int) -> socket.socket:
        raise error

    return opened


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.EADDRNOTAVAIL, "no"), "TTS_HOST: 127.0.0.1 is not an address of this machine: write 0.0.0.0"),
        (OSError(errno.EAFNOSUPPORT, "no"), "TTS_HOST: 127.0.0.1 is not an address of this machine: write 0.0.0.0"),
        (PermissionError(errno.EACCES, "no"), "TTS_PORT: this user may not listen on 80: write 1024"),
    ],
)
def test_a_place_where_nothing_can_listen_is_no_matter_of_ports(
    error: OSError, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "listening_socket", _raises(error))
    with pytest.raises(SettingsRefused) as refused:
        free_port("127.0.0.1", 80, str)
    assert says in str(refused.value)


def test_a_host_that_nobody_knows_is_no_matter_of_ports() -> None:
    with pytest.raises(SettingsRefused, match=r"TTS_HOST: unknown host 'nosuchhost\.invalid': write 0\.0\.0\.0"):
        free_port("nosuchhost.invalid", 18455, str)


def test_the_api_alone_says_the_same(tmp_path: Path) -> None:
    with environment({"TTS_HOST": "192.0.2.1", "TTS_DATA_DIR": str(tmp_path)}, tmp_path):
        ended = CliRunner().invoke(commands.app, ["api"])
    assert isinstance(ended.exception, SettingsRefused), ended.output
    assert "TTS_HOST: 192.0.2.1 is not an address of this machine" in str(ended.exception)


def test_no_port_behind_the_last_one_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "listening_socket", _raises(OSError(errno.EADDRINUSE, "taken")))
    monkeypatch.setattr(run, "listening_socket", _raises(OSError(errno.EADDRINUSE, "taken")))
    with pytest.raises(Conflict, match="between 65500 and 65535"):
        free_port("127.0.0.1", 65500, str)
