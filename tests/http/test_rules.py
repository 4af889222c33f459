"""What the operator may open and close, and the way through a proxy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parts.small_internet import PUBLIC, QUICK, Net, net, reply
from tests.parts.tls import Authority
from tts_service.errors import AddressRefused, RemoteUnavailable
from tts_service.http.client import Outbound, outbound_of
from tts_service.http.rules import rules_of
from tts_service.http.terms import CALLBACK
from tts_service.settings import Settings


def called(url: str, leads_to: str, **settings: str) -> list[tuple[str, int]]:
    """Where a GET connects to under these settings. Raises AddressRefused."""
    with net(lambda _: reply()) as there:
        there.names[url.lower().split("/")[2].split(":")[0].rstrip(".")] = [(leads_to,)]
        there.client(rules_of(Settings(**settings))).get(url, QUICK)  # type: ignore[arg-type]
        return there.dialled


@pytest.mark.parametrize(
    ("url", "leads_to", "settings"),
    [
        ("http://cms.lan/", "10.0.0.5", {"allow_hosts": "cms.lan"}),
        ("http://Cms.lan./", "10.0.0.5", {"allow_hosts": "CMS.lan., other"}),
        ("http://ghost:2368/", "172.18.0.4", {"allow_hosts": "other, ghost:2368"}),
        ("http://cms.lan:8080/", "fd00::5", {"allow_hosts": "cms.lan", "allow_ports": "8080, 9000"}),
        ("http://www.paper.example/", "10.0.3.9", {"allow_hosts": "10.0.3.0/24"}),
        ("http://10.0.3.9/", "10.0.3.9", {"allow_hosts": "10.0.3.9"}),
        ("http://127.0.0.1:8123/", "127.0.0.1", {"allow_hosts": "127.0.0.1:8123"}),
        ("http://[FD00:0::5]:8123/", "fd00::5", {"allow_hosts": "[fd00::5]:8123"}),
        ("http://news.example/", "64:ff9b::808:808", {"allow_hosts": "64:ff9b::/96"}),
        ("http://news.example:8443/", PUBLIC, {"allow_ports": "8443"}),
    ],
)
def test_the_operator_opens_what_is_needed(url: str, leads_to: str, settings: dict[str, str]) -> None:
    assert called(url, leads_to, **settings)[0][0] == leads_to
    with pytest.raises(AddressRefused):
        called(url, leads_to)


@pytest.mark.parametrize(
    ("url", "leads_to", "settings"),
    [
        ("http://cms.lan/", "169.254.169.254", {"allow_hosts": "cms.lan"}),
        ("http://cms.lan/", "fd00:ec2::254", {"allow_hosts": "cms.lan"}),
        ("http://cms.lan/", "100.100.100.200", {"allow_hosts": "cms.lan"}),
        ("http://cms.lan/", "::ffff:10.0.0.5", {"allow_hosts": "cms.lan"}),
        ("http://cms.lan/", "0.0.0.0", {"allow_hosts": "cms.lan"}),
        ("http://cms.lan:6379/", "10.0.0.5", {"allow_hosts": "cms.lan"}),
        ("http://cms.lan/", "10.0.0.5", {"allow_hosts": "cms.lan:8080"}),
        ("http://x.cms.lan/", "10.0.0.5", {"allow_hosts": "cms.lan"}),
        ("http://www.paper.example/", "10.0.4.9", {"allow_hosts": "10.0.3.0/24"}),
        ("http://10.0.3.9:8080/", "10.0.3.9", {"allow_hosts": "10.0.3.8:8080"}),
        ("http://news.example/", "64:ff9b::a9fe:a9fe", {"allow_hosts": "64:ff9b::/96"}),
        ("http://news.example/", "64:ff9b::a00:5", {"allow_hosts": "64:ff9b::/96"}),
        ("http://news.example/", PUBLIC, {"deny_networks": "93.184.0.0/16"}),
        ("http://cms.lan/", "10.0.0.5", {"deny_networks": "10.0.0.0/8", "allow_hosts": "cms.lan, 10.0.0.0/8"}),
    ],
)
def test_an_exception_opens_no_more_than_it_says(url: str, leads_to: str, settings: dict[str, str]) -> None:
    with pytest.raises(AddressRefused):
        called(url, leads_to, **settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"allow_hosts": "http://cms.lan"},
        {"allow_hosts": "*.lan"},
        {"allow_hosts": "cms.lan:http"},
        {"allow_hosts": ":80"},
        {"allow_hosts": "10.0.3.7/24"},
        {"allow_hosts": "cms.lan:70000"},
        {"allow_ports": "80-90"},
        {"allow_ports": "0"},
        {"allow_ports": "²"},
        {"deny_networks": "paper.example"},
        {"egress_proxy": "https://proxy.lan:3128"},
        {"egress_proxy": "proxy.lan:3128"},
        {"egress_proxy": "socks5://proxy.lan"},
        {"egress_proxy": "http://"},
    ],
)
def test_a_setting_that_can_t_be_read_is_named(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=f"TTS_{next(iter(settings)).upper()}"):
        outbound_of(Settings(**settings))  # type: ignore[arg-type]


def test_a_receiver_in_the_lan_may_do_without_https() -> None:
    with net(lambda _: reply()) as there:
        there.names["cms.lan"] = [("10.0.0.5",)]
        client = there.client(rules_of(Settings(allow_hosts="cms.lan")))
        assert client.post("http://cms.lan/hook", b"{}", CALLBACK).status == 200


def test_the_operator_s_authority_is_trusted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with net(lambda _: reply(), authority.server("localhost")) as there:
        settings = Settings(allow_hosts=f"localhost:{there.port}", outbound_ca_file=authority.file)
        answer = outbound_of(settings).get(f"https://localhost:{there.port}/", QUICK)
    assert answer.body == b"hello"


def through_proxy(there: Net, user: str = "") -> Outbound:
    return outbound_of(Settings(egress_proxy=f"http://{user}127.0.0.1:{there.port}"))


def test_every_call_goes_through_the_proxy_which_looks_the_name_up() -> None:
    with net(lambda _: reply()) as there:
        answer = through_proxy(there, "me:secret@").get("http://news.example/a?b", QUICK)
    assert answer.body == b"hello"
    lines = there.requests[0].split("\r\n")
    assert lines[0] == "GET http://news.example/a?b HTTP/1.1"
    assert {"Host: news.example", "Proxy-Authorization: Basic bWU6c2VjcmV0"} <= set(lines)


def test_https_goes_through_the_proxy_s_tunnel() -> None:
    with net(lambda _: reply(status="502 Bad Gateway")) as there, pytest.raises(RemoteUnavailable, match="proxy"):
        through_proxy(there).get("https://news.example/", QUICK)
    assert there.requests[0].startswith("CONNECT news.example:443 HTTP/1.1\r\n")


@pytest.mark.parametrize("status", ["403 Forbidden", "407 Proxy Authentication Required"])
def test_what_the_proxy_refuses_is_refused(status: str) -> None:
    with net(lambda _: reply(status=status)) as there, pytest.raises(AddressRefused, match="proxy"):
        through_proxy(there).get("https://news.example/", QUICK)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://redis/",
        "http://[::1]/",
        "http://metadata.google.internal/",
        "http://[2606:2800:220:1::5]/",
    ],
)
def test_what_says_itself_that_it_is_inside_is_not_asked_of_the_proxy(url: str) -> None:
    with net(lambda _: reply()) as there, pytest.raises(AddressRefused):
        through_proxy(there).get(url, QUICK)
    assert there.requests == []
