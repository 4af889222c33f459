"""A page fetched by its address is the text its author wrote, whatever charset it came in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.parts.small_internet import Answering, net, redirect, reply
from tts_service.article.blocks import read_blocks
from tts_service.article.fetch import decoded, fetch_article
from tts_service.commands.speak import read_article
from tts_service.errors import AddressRefused, EmptyArticle, InputRefused, RemoteTooLarge, RemoteUnavailable
from tts_service.values import Article, SourceFormat

PAGE = "<html><head><title>Café</title></head><body><article><h1>Café</h1><p>Grüße aus dem Café.</p></article></body>"


def fetched(answering: Answering, url: str = "http://paper.example/a") -> Article:
    with net(answering) as there:
        return fetch_article(url, there.client(), "de")


def answer(body: bytes, *headers: str, status: str = "200 OK") -> Answering:
    return lambda request: reply(body, *headers, status=status)


@pytest.mark.parametrize(
    ("data", "content_type", "want"),
    [
        ("Grüße".encode(), "text/html; charset=iso-8859-1", "Grüße"),
        ("Grüße".encode("latin-1"), "text/html; charset=utf-8", "Grüße"),
        ("Grüße “x”".encode("cp1252"), "text/html", "Grüße “x”"),
        ("Grüße “x”".encode("cp1252"), "text/html; charset=iso-8859-1", "Grüße “x”"),
        ("Привет".encode("koi8-r"), "text/html; charset=KOI8-R", "Привет"),
        ("<meta charset='windows-1251'>Привет".encode("cp1251"), "text/html", "<meta charset='windows-1251'>Привет"),
        ("Grüße".encode("utf-16"), "text/html", "Grüße"),
        (b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe", "", "Grüße"),
        ("Grüße".encode("latin-1"), "text/html; charset=rot13", "Grüße"),
        ("Grüße".encode("latin-1"), "text/html; charset=nonsense", "Grüße"),
        (b"\x81\x81 caf\xe9", "text/html; charset=shift_jis", "\ufffd"),
    ],
)
def test_a_wrong_charset_is_seen_through(data: bytes, content_type: str, want: str) -> None:
    assert want in decoded(data, content_type)


def test_a_page_is_fetched_with_its_last_address_and_read_as_a_page() -> None:
    def answering(request: str) -> Iterable[bytes]:
        return redirect("/b") if "GET /a" in request else reply(PAGE.encode("latin-1"), "Content-Type: text/html")

    article = fetched(answering)
    assert (article.url, article.read_as, article.language) == ("http://paper.example/b", "page", "de")
    got = read_blocks(article)
    assert (got.how, [block.text for block in got.blocks]) == ("page", ["Café", "Grüße aus dem Café."])


def test_plain_text_is_no_page() -> None:
    article = fetched(answer(b"One.\n\nTwo.", "Content-Type: text/plain; charset=utf-8"))
    assert (article.source_format, article.read_as) == (SourceFormat.TEXT, None)


@pytest.mark.parametrize(
    ("answering", "error"),
    [
        (answer(b"%PDF", "Content-Type: application/pdf"), InputRefused),
        (answer(b"gone", status="404 Not Found"), InputRefused),
        (answer(b"busy", status="503 Service Unavailable"), RemoteUnavailable),
        (answer(b"  \n", "Content-Type: text/html"), EmptyArticle),
        (answer(b"x" * 6_000_000, "Content-Type: text/html"), RemoteTooLarge),
        (lambda request: redirect("http://127.0.0.1/"), AddressRefused),
        (lambda request: redirect("/again"), AddressRefused),
    ],
)
def test_what_is_no_page_is_refused_by_name(answering: Answering, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"paper\.example|127\.0\.0\.1"):
        fetched(answering)


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "ftp://paper.example/a", "http://localhost/", "http://10.0.0.1/"]
)
def test_only_public_web_addresses_are_called(url: str) -> None:
    with pytest.raises(AddressRefused):
        fetched(answer(PAGE.encode()), url)


def test_addresses_are_off_until_the_operator_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputRefused, match="TTS_FETCH_URLS"):
        read_article("https://paper.example/a", None)
    monkeypatch.setenv("TTS_FETCH_URLS", "true")
    with pytest.raises(AddressRefused):
        read_article("https://127.0.0.1/a", None)


def test_a_file_can_be_forced_to_be_a_page_or_a_fragment(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"{PAGE}<footer>Below</footer></html>", "utf-8")
    ways = {read_as: read_blocks(read_article(str(path), None, read_as)).how for read_as in (None, "page", "fragment")}  # type: ignore[arg-type]
    assert ways == {None: "page", "page": "page", "fragment": "fragment"}
