"""Redirects, rebinding names, credentials, TLS: where a call ends up, and what it carries."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable

import pytest

from tests.parts.small_internet import PUBLIC, QUICK, Net, net, redirect, reply
from tests.parts.tls import Authority
from tts_service.errors import AddressRefused, RemoteUnavailable
from tts_service.http.client import USER_AGENT
from tts_service.http.rules import Rules
from tts_service.http.terms import CALLBACK

LAN = Rules(places=frozenset({("cms.lan", 80), ("cms.lan", 8080)}))
INSIDE = ["http://127.0.0.1/", "http://[::ffff:169.254.169.254]/", "http://cms.lan/", "http://inside.example/"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def path_of(request: str) -> str:
    return request.split(" ")[1]


def leading(**ways: str) -> Callable[[str], Iterable[bytes]]:
    """A server that sends each named path on; `/end` answers."""
    return lambda request: redirect(ways[key]) if (key := path_of(request).strip("/")) in ways else reply()


def test_redirects_are_followed_to_the_answer() -> None:
    with net(leading(a="/b", b="//other.example/c", c="http://third.example:80/end?x=1")) as there:
        answer = there.client().get("http://news.example/a", QUICK)
    assert (answer.status, answer.body, answer.url) == (200, b"hello", "http://third.example/end?x=1")
    assert there.looked_up == ["news.example", "news.example", "other.example", "third.example"]


def test_a_redirect_too_many_is_refused() -> None:
    with net(leading(a="/a")) as there, pytest.raises(AddressRefused, match="redirects more than 5 times"):
        there.client().get("http://news.example/a", QUICK)
    assert len(there.requests) == 6


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("inside", INSIDE)
def test_no_redirect_leads_inside(inside: str, status: str) -> None:
    with net(lambda _: redirect(inside, status)) as there:
        there.names["inside.example"] = [("10.0.0.1",)]
        with pytest.raises(AddressRefused):
            there.client().get("http://news.example/", QUICK)
    assert there.dialled == [(PUBLIC, 80)]


def test_the_last_of_four_redirects_is_checked_too() -> None:
    with net(leading(a="/b", b="/c", c="/d", d="http://169.254.169.254/")) as there:
        with pytest.raises(AddressRefused):
            there.client().get("http://news.example/a", QUICK)
        assert [path_of(request) for request in there.requests] == ["/a", "/b", "/c", "/d"]


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "gopher://x.example/", "http://x.example:22/", "http://[", "http://a@x.example/", "", "//"],
)
def test_a_redirect_to_what_is_never_called_is_refused(location: str) -> None:
    with net(lambda _: redirect(location)) as there, pytest.raises(AddressRefused):
        there.client().get("http://news.example/", QUICK)


def test_a_redirect_from_outside_does_not_use_the_operator_s_exception() -> None:
    with net(leading(out="http://cms.lan/end", again="http://cms.lan:8080/end")) as there:
        there.names["cms.lan"] = [("10.0.0.5",)]
        with pytest.raises(AddressRefused):
            there.client(LAN).get("http://news.example/out", QUICK)
        assert there.dialled == [(PUBLIC, 80)]
        assert there.client(LAN).get("http://cms.lan/again", QUICK).url == "http://cms.lan:8080/end"


def test_the_address_that_was_checked_is_the_one_that_is_used() -> None:
    with net(lambda _: reply()) as there:
        there.names["rebind.example"] = [(PUBLIC,), ("127.0.0.1",)]
        client = there.client()
        assert client.get("http://rebind.example/", QUICK).status == 200
        assert (there.looked_up, there.dialled) == (["rebind.example"], [(PUBLIC, 80)])
        with pytest.raises(AddressRefused):
            client.get("http://rebind.example/", QUICK)
        assert there.dialled == [(PUBLIC, 80)]


def test_a_redirect_to_the_same_name_is_looked_up_and_checked_again() -> None:
    with net(leading(a="/end")) as there:
        there.names["rebind.example"] = [(PUBLIC,), ("::1",)]
        with pytest.raises(AddressRefused):
            there.client().get("http://rebind.example/a", QUICK)
    assert there.dialled == [(PUBLIC, 80)]


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with net(lambda _: reply()) as there:
        there.names["news.example"] = [("8.8.4.4", PUBLIC)]
        there.deaf.add("8.8.4.4")
        assert there.client().get("http://news.example/", QUICK).status == 200
        there.names["news.example"] = [("8.8.4.4",)]
        with pytest.raises(RemoteUnavailable, match="port 80"):
            there.client().get("http://news.example/", QUICK)


@pytest.mark.parametrize(
    ("place", "failure", "told"),
    [
        (
            "news.example",
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "There is no server called news.example: check the address.",
        ),
        (
            "news.example",
            socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
            "The name news.example can't be looked up right now: try again later.",
        ),
        (
            "news.example",
            TimeoutError("no response within 5 s"),
            "The name news.example can't be looked up right now: try again later.",
        ),
        (
            PUBLIC,
            ConnectionRefusedError(111, "Connection refused"),
            "news.example accepts no connections on port 80: check the address, or try again later.",
        ),
        (
            PUBLIC,
            TimeoutError("timed out"),
            "news.example doesn't respond on port 80: check the address, or try again later.",
        ),
        (
            PUBLIC,
            OSError(113, "No route to host"),
            "news.example doesn't respond on port 80: check the address, or try again later.",
        ),
    ],
)
def test_each_way_to_reach_nobody_is_told_in_a_sentence(place: str, failure: OSError, told: str) -> None:
    with net(lambda _: reply()) as there:
        there.failing[place] = failure
        with pytest.raises(RemoteUnavailable) as refused:
            there.client().get("http://news.example/", QUICK)
    assert refused.value.message == told


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"", "news.example ended the connection before its response was complete: try again later."),
        (
            b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
            "news.example doesn't answer in HTTP as a web server does: check the address.",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort",
            "news.example ended the connection before its response was complete: try again later.",
        ),
    ],
)
def test_a_response_that_is_none_is_told_in_a_sentence(answer: bytes, told: str) -> None:
    with net(lambda _: [answer] if answer else []) as there, pytest.raises(RemoteUnavailable) as refused:
        there.client().get("http://news.example/", QUICK)
    assert refused.value.message == told


def test_credentials_stay_with_the_first_host() -> None:
    given = {"Authorization": "Bearer x", "X-Api-Key": "y", "Cookie": "z", "Accept": "text/html"}
    with net(leading(a="/b", b="http://other.example/end")) as there:
        there.client().get("http://news.example/a", QUICK, given)
    first, second, third = there.requests
    for request in (first, second):
        assert {"Authorization: Bearer x", "X-Api-Key: y", "Cookie: z"} <= set(request.split("\r\n"))
    assert not any(word in third for word in ("Bearer", "Api-Key", "Cookie"))
    assert "Accept: text/html" in third


def test_a_request_says_who_asks_and_what_it_takes() -> None:
    with net(lambda _: reply()) as there:
        there.client().get("http://news.example/a?b=c", QUICK, {"host": "127.0.0.1", "User-Agent": "x", "TE": "br"})
    assert there.requests[0].split("\r\n") == [
        "GET /a?b=c HTTP/1.1",
        "Host: news.example",
        f"User-Agent: {USER_AGENT}",
        "Accept-Encoding: gzip",
        "Connection: close",
        "",
        "",
    ]


def test_a_post_gets_the_redirect_as_its_answer(authority: Authority) -> None:
    with net(lambda _: redirect("https://other.example/"), authority.server("hook.example")) as there:
        answer = there.client(trust=authority.trust()).post("https://hook.example/", b"{}", CALLBACK, {"a": "b"})
    assert (answer.status, there.dialled) == (302, [(PUBLIC, 443)])
    assert "POST / HTTP/1.1" in there.requests[0]
    assert "Content-Length: 2" in there.requests[0]


def test_a_certificate_is_checked_for_the_name_not_the_address(authority: Authority) -> None:
    with net(lambda _: reply(), authority.server("news.example")) as there:
        client = there.client(trust=authority.trust())
        assert client.get("https://news.example/", QUICK).body == b"hello"
        with pytest.raises(RemoteUnavailable, match=r"certificate of other\.example is for another name"):
            client.get("https://other.example/", QUICK)
        with pytest.raises(RemoteUnavailable, match="not from an authority that this service trusts"):
            there.client().get("https://news.example/", QUICK)


def test_a_redirect_from_https_to_http_is_refused(authority: Authority) -> None:
    serving, trust = authority.server("news.example"), authority.trust()
    with net(lambda _: redirect("http://news.example/"), serving) as there, pytest.raises(AddressRefused) as caught:
        there.client(trust=trust).get("https://news.example/", QUICK)
    assert "https to http" in caught.value.message
    assert there.dialled == [(PUBLIC, 443)]


def test_the_environment_s_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with net(lambda _: reply()) as there:
        assert there.client().get("http://news.example/", QUICK).status == 200
    assert there.dialled == [(PUBLIC, 80)]


@pytest.mark.parametrize("status", [200, 204, 304, 404, 410, 429, 500])
def test_any_status_is_an_answer(status: int) -> None:
    with net(lambda _: [f"HTTP/1.1 {status} X\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n".encode()]) as there:
        answer = there.client().get("http://news.example/", QUICK)
    assert (answer.status, answer.headers["retry-after"], answer.whole) == (status, "7", True)


def test_a_refusal_is_logged_with_the_address_for_the_operator(caplog: pytest.LogCaptureFixture) -> None:
    made = Net(lambda _: reply())
    made.names["inside.example"] = [("10.9.8.7",)]
    with pytest.raises(AddressRefused) as caught:
        made.client().get("http://inside.example/secret?token=1", QUICK)
    made.close()
    assert "10.9.8.7 (private network)" in caplog.text
    assert "token" not in caplog.text + caught.value.message
    assert "10.9.8.7" not in caught.value.message
