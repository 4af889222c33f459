"""`tts-service speak` leaves a file only when the file says that it is artificial, whatever the page's address is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tts_service import cli
from tts_service.audio import container
from tts_service.audio.sound_file import open_sound
from tts_service.commands import speak as speaking
from tts_service.errors import InputRefused
from tts_service.provenance.read_back import State, read_disclosure

TEXT = "Die neue Brücke ist offen."


@pytest.fixture(autouse=True)
def _quick_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTS_TEST_VOICES", "true")
    monkeypatch.setenv("TTS_DATA_DIR", str(tmp_path / "data"))


def speak(monkeypatch: pytest.MonkeyPatch, source: Path, out: Path) -> object:
    """Exit code or message of `tts-service speak`."""
    monkeypatch.setattr("sys.argv", ["tts-service", "speak", str(source), "-o", str(out), "--voice", "tone:beep"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def test_a_page_at_an_address_beyond_ascii_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, out = tmp_path / "Straße #1? 100%.html", tmp_path / "Straße #1? 100% 😀.mp3"
    page.write_text(f"""<!doctype html><html lang=en><head><title>Brücke</title>
        <link rel=canonical href="https://müller.example/straße?q=ü"></head>
        <body><article><h1>Brücke</h1><p>{TEXT}</p></article></body></html>""")

    assert speak(monkeypatch, page, out) == 0

    told = read_disclosure(out)
    assert told.state is State.UNALTERED
    assert told.source_type in told.tags["digitalSourceType"]
    with open_sound(out) as sound:
        assert sound.metadata["title"] == "Brücke"
    assert b"https://xn--mller-kva.example/stra%C3%9Fe?q=%C3%BC" in out.read_bytes()


def test_without_its_tags_no_file_is_left_and_the_command_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article, out = tmp_path / "a.json", tmp_path / "a.mp3"
    article.write_text(json.dumps({"text": TEXT, "language": "en", "title": "", "url": "", "html": ""}))
    whole = container.id3_tag

    def unreadable(*given: object) -> bytes:
        """A tag that signing drops as a whole: the address frame holds Latin-1, which no URI has."""
        return whole(*given).replace(b"TSSE", b"WOAS", 1).replace(b"\x03tts-service", b"\xfctts-service", 1)  # type: ignore[arg-type]

    monkeypatch.setattr(container, "id3_tag", unreadable)
    ended = speak(monkeypatch, article, out)

    assert "could not be marked as synthetic" in str(ended)
    assert sorted(path.name for path in tmp_path.glob("a*")) == ["a.json"]


@pytest.mark.parametrize("name", ["n" * 251 + ".mp3", "ü" * 122 + ".opus"])
def test_a_name_as_long_as_names_may_be_is_written(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article, folder = tmp_path / "a.txt", tmp_path / "out"
    article.write_text(TEXT, "utf-8")
    folder.mkdir()
    assert speak(monkeypatch, article, folder / name) == 0
    assert {path.name.removesuffix(".c2pa") for path in folder.iterdir()} == {name}
    assert read_disclosure(folder / name).state is State.UNALTERED


def test_an_article_file_with_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(InputRefused, match="not an http"):
        speaking.article_from_json('{"text": "a", "url": "not an address"}', "a.json", None)
