"""What a site's feeds and pages do: entered by API or command line, checked field by field."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tests.parts.web_rows import ready_clip
from tests.web.test_jobs import keyed
from tts_service.access.keys import create_key
from tts_service.commands import app as command_line
from tts_service.errors import InputRefused, OptionsRefused
from tts_service.newsroom.sites import options_for, set_options
from tts_service.parts import Parts
from tts_service.values.site_options import SiteOptions, read_options
from tts_service.web.languages import catalogue, page_languages


def test_a_site_without_options_is_like_any_other(parts: Parts) -> None:
    assert options_for(parts.database, "gazette") == SiteOptions()


def test_options_are_each_sites_own_and_replace_those_before(parts: Parts) -> None:
    set_options(parts.database, "gazette", {"title": "Aloud", "download": True})
    set_options(parts.database, "gazette", {"listening": False})
    assert options_for(parts.database, "gazette") == SiteOptions(listening=False)
    assert options_for(parts.database, "herald") == SiteOptions()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"titel": "x"}, "titel"),
        ({"title": ""}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"feeds": "no"}, "feeds"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"image": 'https://x"><script>/'}, "image"),
        ({"email": "nobody"}, "email"),
        ({"language": "the usual"}, "language"),
        ({"description": "x" * 4001}, "description"),
        ([], "options"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_meant_is_refused_with_the_fields_name(given: Any, field: str) -> None:
    with pytest.raises(OptionsRefused) as refused:
        read_options(given)
    assert refused.value.details["errors"][0]["field"] == field


def test_no_more_than_a_page_of_options_is_taken() -> None:
    with pytest.raises(OptionsRefused, match="10000 characters"):
        read_options({str(number): "x" for number in range(2000)})


def test_a_name_that_no_site_can_have_gets_no_options(parts: Parts) -> None:
    with pytest.raises(InputRefused):
        set_options(parts.database, "../x", {})


def test_options_by_api(client: TestClient, parts: Parts) -> None:
    headers = {"Authorization": f"Bearer {create_key(parts.database, 'cms', ('sites',), 'gazette')}"}
    got = client.put("/v1/sites/gazette/options", json={"title": "Aloud"}, headers=headers).json()
    assert (got["options"], got["effective"]["title"], got["effective"]["feeds"]) == ({"title": "Aloud"}, "Aloud", True)
    assert client.get("/v1/sites/gazette/options", headers=headers).json() == got
    refused = client.put("/v1/sites/gazette/options", json={"title": 7}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "options_refused")
    assert client.put("/v1/sites/herald/options", json={}, headers=headers).status_code == 403
    assert client.put("/v1/sites/gazette/options", json={}, headers=keyed(parts)).status_code == 403


def test_options_by_command(parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))
    file = tmp_path / "options.json"
    file.write_text('{"email": "audio@gazette.example"}')
    for arguments in (["sites", "options", "gazette", str(file)], ["sites", "options", "gazette"]):
        done = CliRunner().invoke(command_line, arguments)
        assert json.loads(done.stdout)["options"] == {"email": "audio@gazette.example"}, done.output
    assert options_for(parts.database, "gazette").email == "audio@gazette.example"


def test_the_pages_offer_the_file_where_the_site_allows_that(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    for allowed in (False, True):
        set_options(parts.database, "gazette", {"download": allowed})
        for path in ("/listen/clip_1", "/embed/clip_1"):
            (tag,) = re.findall("<article-audio [^>]*>", client.get(path).text)
            assert (" download" in tag) is allowed


@pytest.mark.parametrize("language", page_languages())
def test_readers_are_told_what_is_counted_where_it_is(client: TestClient, parts: Parts, language: str) -> None:
    ready_clip(parts, language=language)
    said = catalogue(language).gettext("What is counted")
    assert said in client.get("/about/clip_1").text
    set_options(parts.database, "gazette", {"listening": False})
    assert said not in client.get("/about/clip_1").text
