"""What is served for players: the module, the pages' sentences, frames, oEmbed, and what machines read off a page."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.parts.web_rows import ready_clip, rendering_clip
from tts_service.db.tables import ArticleRow, ClipRevisionRow
from tts_service.narration import NOTICES
from tts_service.parts import Parts
from tts_service.web import player_file
from tts_service.web.languages import page_languages
from tts_service.web.player_file import ENTRY, REPORT_ENTRY, Module, module, report_module, texts_module
from tts_service.web.player_parts import imported_from, joined_parts, part, parts_of
from tts_service.web.player_texts import player_texts

BASE = "http://127.0.0.1:8000"
FOLDER = Path(player_file.__file__).parent / "player"


@pytest.mark.parametrize(("path", "made"), [("/player.js", module), ("/player-report.js", report_module)])
def test_each_half_of_the_player_is_a_module_for_any_page(
    client: TestClient, path: str, made: Callable[[], Module]
) -> None:
    got = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert got.headers["content-type"].startswith("text/javascript")
    assert got.headers["access-control-allow-origin"] == "*"
    assert got.headers["cross-origin-resource-policy"] == "cross-origin"
    assert got.headers["content-encoding"] == "gzip"
    assert gzip.decompress(made().gzipped) == made().text == got.content
    assert client.get(path, headers={"Accept-Encoding": "identity"}).content == got.content
    again = client.get(path, headers={"If-None-Match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_every_page_loads_is_small() -> None:
    assert len(module().gzipped) <= 20_000


def test_the_two_halves_are_of_one_version(client: TestClient) -> None:
    version = module().version
    assert f'const VERSION = "{version}";' in module().text.decode()
    assert report_module().version == version
    fits = client.get("/player-report.js", params={"v": version, "again": "1"})
    assert (fits.status_code, "immutable" in fits.headers["cache-control"]) == (200, True)
    older = client.get("/player-report.js", params={"v": "0" * 12})
    assert (older.status_code, "immutable" in older.headers.get("cache-control", "")) == (404, False)
    assert "immutable" not in client.get("/player-report.js").headers["cache-control"]


def test_the_modules_hold_every_part_and_call_nobody_else() -> None:
    text, report = module().text.decode(), report_module().text.decode()
    for name in ("textsFor", "placesOf", "class Sound", "class ReadAlong", "class Panel", "customElements"):
        assert name in text, name
    for name in ("REPORT_STYLE", "function sendKept", "class Report"):
        assert name in report, name
    first = parts_of(ENTRY)
    second = parts_of(REPORT_ENTRY, others=first)
    assert sorted(first + second) == sorted(path.stem for path in FOLDER.glob("*.js"))
    assert not re.search(r"^(?:import|export) (?!default)", text + report, re.MULTILINE)
    assert set(re.findall(r"https?://[\w.]+", text + report)) == {"http://www.w3.org"}
    assert "document.cookie" not in text + report


def test_the_report_panel_is_given_what_it_imports() -> None:
    given = re.search(r"const given = \{ (.+) \};", part("report_part").text)
    assert given
    assert tuple(sorted(given[1].split(", "))) == imported_from(REPORT_ENTRY, parts_of(ENTRY))


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        (('import { fill } from "./texts.js";', "import { fill, gone } from './texts.js';"), "report_kept.js: import"),
        (('import { fill } from "./texts.js";', 'import { filled } from "./texts.js";'), "imports filled"),
        (("export const stateLink", "export default 1;\nexport const stateLink"), "export default"),
        (("export const stateLink", "const newKey = 1;\nexport const stateLink"), "newKey is defined in"),
    ],
)
def test_a_part_that_is_no_such_module_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: tuple[str, str], complaint: str
) -> None:
    copied = tmp_path / "player"
    shutil.copytree(FOLDER, copied)
    file = copied / "report_kept.js"
    text = file.read_text("utf-8")
    assert changed[0] in text
    file.write_text(text.replace(changed[0], changed[1], 1), "utf-8")
    monkeypatch.setattr("tts_service.web.player_parts.files", lambda _package: tmp_path)
    part.cache_clear()
    try:
        with pytest.raises(ValueError, match=complaint):
            joined_parts(REPORT_ENTRY, others=parts_of(ENTRY))
    finally:
        part.cache_clear()


@pytest.mark.parametrize("language", page_languages())
def test_the_player_says_the_same_sentence_as_the_service(client: TestClient, language: str) -> None:
    texts = client.get("/player-texts.json", params={"lang": language}).json()
    assert texts["notice"] == NOTICES.get(language, NOTICES["en"])
    assert set(texts) == set(player_texts("en"))
    assert f'"notice":"{NOTICES["en"]}"' in module().text.decode()


def test_texts_of_the_players_version_are_kept_for_long(client: TestClient) -> None:
    version = module().version
    assert texts_module("it").version == version
    own = client.get("/player-texts.json", params={"lang": "it", "v": version})
    assert "immutable" in own.headers["cache-control"]
    other = client.get("/player-texts.json", params={"lang": "it", "v": "0" * 12})
    assert (other.status_code, "immutable" in other.headers["cache-control"]) == (200, False)
    assert other.headers["access-control-allow-origin"] == "*"
    assert other.headers["content-type"] == "application/json"
    assert client.get("/player-texts.json", params={"lang": "xx"}).status_code == 404


def test_every_sentence_of_the_page_can_be_chosen(client: TestClient, parts: Parts) -> None:
    made = ready_clip(parts)
    text = client.get("/listen/clip_1").text
    assert re.findall(r'<span class="said">([^<]*)</span>', text) == list(made.sentences)
    assert '<article-audio clip="clip_1" read-along="h1, .text" follow pick>' in text


def test_marks_name_chapters_and_tokens(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        row = session.get_one(ClipRevisionRow, ("clip_1", 1))
        row.blocks = [row.blocks[0], row.blocks[1] | {"kind": "heading"}, row.blocks[2]]
    marks = client.get("/v1/clips/clip_1/r/1/marks.json").json()
    assert marks["chapters"] == [
        {"title": "The bridge opened on Monday. Three hundred people came. Traffic starts tomorrow.", "start_ms": 1000}
    ]
    assert [word["token"] for word in marks["sentences"][1]["words"]] == [0, 1, 2, 3]


def test_a_rendering_tells_how_far_it_is(client: TestClient, parts: Parts) -> None:
    made = rendering_clip(parts)
    made.speak(0)
    assert client.get("/v1/clips/clip_1").json()["progress"] == {"done": 1, "total": 3}
    made.speak(1)
    made.speak(2)
    made.end()
    made.finish()
    assert client.get("/v1/clips/clip_1").json()["progress"] is None


def test_a_withdrawn_clip_is_told_from_an_unknown_one(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.execute(update(ArticleRow).values(withdrawn_ms=1))
    gone, unknown = client.get("/v1/clips/clip_1"), client.get("/v1/clips/clip_2")
    assert (gone.status_code, gone.json()["state"]) == (404, "withdrawn")
    assert (unknown.status_code, unknown.json().get("state")) == (404, None)


def test_only_the_frame_may_be_framed(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    framed, page = client.get("/embed/clip_1"), client.get("/listen/clip_1")
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "x-frame-options" not in framed.headers
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert '<article-audio clip="clip_1">' in framed.text
    assert NOTICES["en"] in framed.text
    assert client.get("/embed/clip_9", headers={"Accept": "text/html"}).status_code == 404


def test_a_pasted_address_unfolds(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    page = client.get("/listen/clip_1").text
    found = re.search(r'type="application/json\+oembed" href="([^"]+)"', page)
    assert found
    got = client.get(unescape(found.group(1)).removeprefix(BASE)).json()
    assert (got["type"], got["version"], got["width"], got["height"]) == ("rich", "1.0", 640, 240)
    assert f'src="{BASE}/embed/clip_1"' in got["html"]
    small = client.get("/oembed", params={"url": f"{BASE}/embed/clip_1#t=3", "maxwidth": 300}).json()
    assert small["width"] == 300
    assert client.get("/oembed", params={"url": f"{BASE}/listen/clip_1", "format": "xml"}).status_code == 501
    foreign = ("https://other.example/listen/clip_1", f"{BASE}.evil/listen/clip_1")
    for url in (*foreign, f"{BASE}/about/clip_1", f"{BASE}/listen/clip_2", f"{BASE}/listen/" + "a" * 1900):
        assert client.get("/oembed", params={"url": url}).status_code == 404


def test_titles_from_outside_stay_text_in_every_form(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    evil = '</script><script>alert("1")</script>&' + "x" * 500
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(title=evil))
    page = client.get("/listen/clip_1").text
    assert "<script>alert" not in page
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    assert json.loads(found.group(1))["name"] == evil
    assert "<script" not in client.get("/oembed", params={"url": f"{BASE}/listen/clip_1"}).json()["html"]


def test_machines_read_what_the_audio_is(client: TestClient, parts: Parts) -> None:
    made = ready_clip(parts)
    page = client.get("/listen/clip_1").text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    data = json.loads(found.group(1))
    assert data["@type"] == "AudioObject"
    assert data["contentUrl"] == f"{BASE}/v1/clips/clip_1/r/1/audio.mp3"
    assert (data["duration"], data["contentSize"], data["inLanguage"]) == ("PT7S", str(len(made.audio)), "en")
    assert data["digitalSourceType"] == "https://schema.org/AlgorithmicMediaDigitalSource"
    assert data["description"] == NOTICES["en"]
    assert f'<meta property="og:audio" content="{BASE}/v1/clips/clip_1/r/1/audio.mp3">' in page
    rendering_clip(parts, name="2")
    assert "ld+json" not in client.get("/listen/clip_2").text
