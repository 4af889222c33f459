"""The guides of Ghost, Directus and Strapi: their commands are taken, their elements fit, they end with a picture.

`python -m tests.measure.cms.headless_points` follows them with the real systems.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.parts.factories import make_parts
from tests.parts.places import ROOT
from tts_service.cms.inbox.addresses import add_hook, options_given
from tts_service.cms.sources.registry import SOURCES
from tts_service.newsroom.sites import set_origins, site_of

DOCS = ROOT / "docs" / "cms"
GUIDES = ("ghost", "directus", "strapi")
MOST_BYTES = 150_000


def page_of(guide: str) -> str:
    return (DOCS / f"{guide}.md").read_text("utf-8")


def commands(guide: str, start: str) -> list[list[str]]:
    found = re.findall(rf"`tts-service {start} ([^`]+)`", page_of(guide))
    return [shlex.split(" ".join(words.split())) for words in found]


def given(words: list[str], option: str) -> list[str]:
    return [words[place + 1] for place, word in enumerate(words) if word == option]


@pytest.mark.parametrize("guide", GUIDES)
def test_the_hook_of_the_guide_can_be_added_and_asked(guide: str, tmp_path: Path) -> None:
    (words,) = commands(guide, "hooks add")
    pairs = dict(pair.split("=", 1) for pair in given(words, "--set"))
    more = re.findall(r"`(?:add )?--field ([\w.]+=[\w.…]+)", page_of(guide))
    fields = dict(pair.split("=", 1) for pair in more + re.findall(r"--field (\w+=\w+)`", page_of(guide)))
    options = options_given(pairs, given(words, "--type"), fields)
    parts = make_parts(tmp_path)
    hook = add_hook(parts.database, words[0], given(words, "--site")[0], options)
    source = SOURCES[guide]
    assert hook.source == guide
    assert source.recall("7", None, hook) is not None  # type: ignore[attr-defined]


@pytest.mark.parametrize("guide", GUIDES)
def test_the_origins_of_the_guide_are_taken(guide: str, tmp_path: Path) -> None:
    ((site, *origins),) = commands(guide, "sites origins")
    parts = make_parts(tmp_path)
    set_origins(parts.database, site, origins)
    assert list(site_of(parts.database, site).origins) == ["https://gazette.example"]


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_says_how_the_player_gets_onto_the_page_and_shows_it(guide: str) -> None:
    page = page_of(guide)
    assert '<script type="module" async src="https://audio.example/player.js"></script>' in page
    assert '<article-audio site="gazette" article="' in page
    assert "it plays on your page" in page
    assert "player.md#embedding" in page
    assert "Webhooks has what came in" in " ".join(page.split())
    (picture,) = re.findall(r"!\[.+?\]\((\w+\.png)\)", page)
    assert 10_000 < (DOCS / picture).stat().st_size < MOST_BYTES
