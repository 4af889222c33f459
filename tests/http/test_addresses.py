"""Which addresses are called, and which are refused before any packet leaves."""

from __future__ import annotations

import random
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest

from tests.parts.small_internet import PUBLIC, PUBLIC_6, QUICK, Net, net, refused_addresses, reply
from tts_service.errors import AddressRefused, RemoteUnavailable
from tts_service.http.addresses import CLOSED, closed
from tts_service.http.rules import Rules, written_address
from tts_service.http.target import read_target
from tts_service.http.terms import CALLBACK


@pytest.fixture
def quiet() -> Iterator[Net]:
    with net(lambda _: reply()) as made:
        yield made


def test_the_table_has_what_it_should() -> None:
    assert len(set(refused_addresses())) >= 150


@pytest.mark.parametrize("address", refused_addresses())
def test_an_address_of_the_table_is_refused_before_any_packet(address: str, quiet: Net) -> None:
    with pytest.raises(AddressRefused):
        quiet.client().get(address, QUICK)
    assert (quiet.looked_up, quiet.dialled) == ([], [])


@pytest.mark.parametrize("row", CLOSED, ids=lambda row: str(row.network))
def test_a_name_that_leads_into_a_closed_network_is_not_connected_to(row: object, quiet: Net) -> None:
    for address in (row.network[0], row.network[-1]):  # type: ignore[attr-defined]
        quiet.names["inside.example"] = [(str(address),)]
        with pytest.raises(AddressRefused) as caught:
            quiet.client().get("http://inside.example/", QUICK)
        assert str(address) not in caught.value.message.replace("inside.example", "")
    assert quiet.dialled == []


@pytest.mark.parametrize("answers", [(PUBLIC, "127.0.0.1"), ("10.0.0.1", PUBLIC), (PUBLIC_6, "::1"), ("fd00::1",)])
def test_one_closed_address_among_a_name_s_answers_is_enough(answers: tuple[str, ...], quiet: Net) -> None:
    quiet.names["mixed.example"] = [answers]
    with pytest.raises(AddressRefused):
        quiet.client().get("http://mixed.example/", QUICK)
    assert quiet.dialled == []


@pytest.mark.parametrize(
    "address",
    [
        PUBLIC,
        PUBLIC_6,
        "8.8.8.8",
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "100.63.255.255",
        "100.128.0.0",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:db7::1",
        "2003::1",
        "2a01:4f8::1",
        "2a01:4f8::5efe:808:808",
    ],
)
def test_a_public_address_is_called(address: str, quiet: Net) -> None:
    quiet.names["news.example"] = [(address,)]
    assert quiet.client().get("http://news.example/", QUICK).body == b"hello"
    assert quiet.dialled == [(address, 80)]


def test_python_s_own_opinion_is_never_more_careful() -> None:
    draw = random.Random(4)
    samples: list[IPv4Address | IPv6Address] = [IPv4Address(draw.getrandbits(32)) for _ in range(2_000)]
    samples += [IPv6Address(draw.getrandbits(128)) for _ in range(2_000)]
    assert not [one for one in samples if not one.is_global and closed(one) is None]


@pytest.mark.parametrize(
    ("address", "host", "port", "path"),
    [
        ("http://News.Example./a?b#c", "news.example", 80, b"/a?b"),
        ("https://münchen.example", "xn--mnchen-3ya.example", 443, b"/"),
        ("http://news.example:443/ä ö", "news.example", 443, b"/%C3%A4%20%C3%B6"),
        ("http://[2606:2800:0220:1:0::5]:80/", "2606:2800:220:1::5", 80, b"/"),
        ("http://a_b.example/?u=http://127.0.0.1/@x", "a_b.example", 80, b"/?u=http://127.0.0.1/@x"),
    ],
)
def test_a_good_address_is_read(address: str, host: str, port: int, path: bytes) -> None:
    target = read_target(address, Rules())
    assert (target.host, target.port, target.path) == (host, port, path)
    assert read_target(target.url, Rules()) == target


@pytest.mark.parametrize(
    "address",
    [
        "http://" + "a" * 100_000 + ".example/",
        "http://" + "a." * 1_000 + "example/",
        "http://" + "[" * 1_900,
        "http://" + "ä" * 1_900 + "/",
        "http://" + "1" * 1_900 + "/",
        "x" * 100_000,
        "http://news.example/" + "a" * 2_100,
    ],
)
def test_a_monstrous_address_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        read_target(address, Rules())


def test_a_callback_goes_over_https_only(quiet: Net) -> None:
    with pytest.raises(AddressRefused, match="https only"):
        quiet.client().post("http://news.example/hook", b"{}", CALLBACK)
    assert quiet.dialled == []


def test_a_name_nobody_knows_is_worth_another_try(quiet: Net) -> None:
    quiet.names["gone.example"] = [()]
    with pytest.raises(RemoteUnavailable) as caught:
        quiet.client().get("http://gone.example/", QUICK)
    assert not caught.value.permanent


def test_only_the_strict_spelling_is_an_address() -> None:
    assert written_address("127.1") is written_address("0x7f.0.0.1") is written_address("news.example") is None
    assert written_address("::1") == ip_address("::1")
