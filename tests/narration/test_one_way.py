"""`tts-service speak` and the service make the same clip of an article: its marks are equal, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.narration.both_ways import ARTICLE, by_the_service, into_a_file, said_of_itself, settle_site
from tests.parts.factories import make_parts, make_settings
from tts_service.commands import app
from tts_service.engines.child.speak import EngineChild
from tts_service.jobs.acceptable import Wish
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope

pytestmark = pytest.mark.slow

PLS = """<?xml version="1.0"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en">
  <lexeme><grapheme>Elmsworth</grapheme><alias>Elmzworth</alias></lexeme>
</lexicon>
"""
FORMATS = ("mp3", "m4a", "opus", "wav")


def test_the_same_segments_give_the_same_marks_and_files(parts: Parts, engine: EngineChild, tmp_path: Path) -> None:
    """Two voices, a notice, a lexeme, a caption, and a word on which the voice dies; in every format."""
    settle_site(parts, "tone:low")
    voice = "tone:faulty"
    served, marks = by_the_service(parts, engine, ARTICLE, Wish(voice=voice, formats=FORMATS), tmp_path)
    for form in FORMATS:
        file = tmp_path / f"file.{form}"
        written = into_a_file(parts, engine, ARTICLE, voice, file, parts.segments)
        if form == "mp3":  # the clip's end is measured in this one: another codec's last frame is longer
            assert written == marks
        assert json.loads(written) | {"end_ms": 0} == json.loads(marks) | {"end_ms": 0}
        assert said_of_itself(file) == said_of_itself(served[form])

    sentences = json.loads(marks)["sentences"]
    assert {"Elmzworth", "three point five million pounds"} <= {
        w["spoken"] for line in sentences for w in line["words"]
    }
    assert [line["text"] for line in sentences if not line["words"]] == ["CRASH"]
    assert any("in 1998" in line["text"] for line in sentences)


def test_the_command_makes_the_clip_that_a_site_without_settings_gets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = '{"texts": {"en": "Read by a synthetic voice."}}'
    parts = make_parts(tmp_path, spoken_notice={"texts": {"en": "Read by a synthetic voice."}})
    lexeme = Lexeme(graphemes=("Elmsworth",), language="en", alias="Elmzworth")
    add(parts.database, parts.voices, Place(scope=Scope.SITE, site="gazette"), lexeme, author="test")
    sent, pls, out, marks = (tmp_path / name for name in ("a.json", "a.pls", "a.mp3", "marks.json"))
    given = {
        "site": "gazette",
        "id": "1",
        "html": ARTICLE.source,
        "title": ARTICLE.title,
        "author": ARTICLE.author,
        "url": str(ARTICLE.url),
        "language": "en",
        "published_at": "2026-11-01T08:00:00",
    }
    sent.write_text(json.dumps(given), "utf-8")
    pls.write_text(PLS, "utf-8")
    for name, value in (("DATA_DIR", str(tmp_path / "own")), ("TEST_VOICES", "true"), ("SPOKEN_NOTICE", notice)):
        monkeypatch.setenv(f"TTS_{name}", value)
    command = ["speak", str(sent), "-o", str(out), "--voice", "tone:faulty", "--marks", str(marks)]
    told = CliRunner().invoke(app, [*command, "--lexicon", str(pls)], catch_exceptions=False)
    assert told.exit_code == 0

    from tts_service.commands.speak import read_article

    with EngineChild(make_settings(tmp_path)) as engine:
        wish = Wish(voice="tone:faulty")
        served, document = by_the_service(parts, engine, read_article(str(sent), None), wish, tmp_path)
    parts.close()

    assert marks.read_bytes() == document
    one, other = said_of_itself(out), said_of_itself(served["mp3"])
    assert one["tags"]["date"] == "2026-11-01T08:00:00+00:00"
    for said in (one, other):  # the site's own, which a command without a newsroom has none of
        del said["record"]
    assert one == other
