"""A listener's copy is called like the article, on any system, and a link on a publisher's page really keeps it."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parts.factories import make_parts
from tests.parts.web_rows import ready_clip
from tts_service.db.tables import ArticleRow, ClipRevisionRow
from tts_service.parts import Parts
from tts_service.web.app import create_app
from tts_service.web.sound.file_name import disposition, file_name

_HEADER = re.compile(
    r"(inline|attachment); filename=\"([A-Za-z0-9 ._()+,=@~-]+)\"(?:; filename\*=UTF-8''([\w.%~-]+))?", re.A
)
AUDIO = "/v1/clips/clip_1/r/1/audio.mp3"


def name_in(header: str) -> tuple[str, str]:
    """(plain, full) names of a Content-Disposition header."""
    found = _HEADER.fullmatch(header)
    assert found, header
    return found[2], unquote(found[3]) if found[3] else found[2]


@pytest.mark.parametrize(
    ("title", "plain", "full"),
    [
        ("New bridge opens", "New bridge opens.mp3", "New bridge opens.mp3"),
        ("Straße über Brücken", "Strasse uber Brucken.mp3", "Straße über Brücken.mp3"),
        (unicodedata.normalize("NFD", "Brücke"), "Brucke.mp3", "Brücke.mp3"),
        ('Was? #1: 100 % "gut" / a\\b', "Was _1 100 _ gut a b.mp3", "Was #1 100 % gut a b.mp3"),
        ("😀", "audio.mp3", "😀.mp3"),
        ("橋", "audio.mp3", "橋.mp3"),
        ("", "audio.mp3", "audio.mp3"),
        ("../../etc/passwd", "etc passwd.mp3", "etc passwd.mp3"),
        ("con", "con -.mp3", "con -.mp3"),
        ("a\r\nSet-Cookie: b", "a Set-Cookie b.mp3", "a Set-Cookie b.mp3"),
        ("a\u202egnp.exe", "a gnp.exe.mp3", "a gnp.exe.mp3"),
    ],
)
def test_a_file_is_called_like_its_article(title: str, plain: str, full: str) -> None:
    assert name_in(disposition(title, "mp3", download=True)) == (plain, full)


@given(st.text(max_size=300))
@settings(max_examples=100)
def test_any_title_makes_a_name_that_every_system_takes(title: str) -> None:
    plain, full = name_in(disposition(title, "opus", download=False))
    assert full == file_name(title, "opus")
    assert len(full.encode()) <= 130
    for name in (plain, full):
        assert name.endswith(".opus")
        assert name.strip(" .") == name
        assert not re.search(r'[\x00-\x1f/\\:*?"<>|]', name)


def test_a_finished_file_has_its_name_and_a_download_is_kept(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.get_one(ClipRevisionRow, ("clip_1", 1)).title = "Brücke #1?"
    named = "filename=\"Brucke _1.mp3\"; filename*=UTF-8''Br%C3%BCcke%20%231.mp3"
    for method in ("GET", "HEAD"):
        assert client.request(method, AUDIO).headers["Content-Disposition"] == f"inline; {named}"
        kept = client.request(method, AUDIO, params={"download": "true"})
        assert kept.headers["Content-Disposition"] == f"attachment; {named}"
    part = client.get(AUDIO, params={"download": "true"}, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.headers["Content-Disposition"]) == (206, f"attachment; {named}")


def test_a_download_comes_from_here_also_where_a_cdn_plays(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, audio_base_url="https://cdn.example")
    ready_clip(parts)
    with TestClient(create_app(parts), base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        assert client.get(AUDIO).status_code == 302
        assert client.get(AUDIO, params={"download": "true"}).status_code == 200


def test_a_clips_page_leads_search_engines_to_the_article(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.get_one(ClipRevisionRow, ("clip_1", 1)).url = "https://müller.example/straße?a=1&b"
        session.get_one(ArticleRow, "art_1").url = "https://müller.example/straße?a=1&b"
    page = client.get("/listen/clip_1").text
    assert '<meta name="robots" content="noindex">' in page
    assert '<link rel="canonical" href="https://xn--mller-kva.example/stra%C3%9Fe?a=1&amp;b">' in page
    with parts.database.writing() as session:
        session.get_one(ClipRevisionRow, ("clip_1", 1)).url = "javascript:alert(1)"
    assert "canonical" not in client.get("/listen/clip_1").text
