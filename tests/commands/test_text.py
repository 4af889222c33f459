"""extract, normalize, explain: what an editor sees on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tts_service.commands import app
from tts_service.errors import InputRefused, MarkupRefused

PLS = """<?xml version="1.0"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en">
  <lexeme><grapheme>Holt</grapheme><alias>Hoalt</alias></lexeme>
</lexicon>
"""


def run(*arguments: str, given: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(app, arguments, input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_each_line_in_is_a_line_out() -> None:
    given = "It cost $5.\n\n\u202eDr. Holt won 3 races.\n"
    assert run("normalize", given=given).stdout == "It cost five dollars.\n\nDoctor Holt won three races.\n"
    assert run("normalize", "--lang", "de", given="Am 3. Mai").stdout == "Am dritten Mai\n"


def test_a_broken_byte_stops_nothing() -> None:
    assert run("normalize", given=b"One \xff two 3.\nFour.\n").stdout.splitlines()[1] == "Four."


def test_words_are_explained_with_the_rule_that_made_them(tmp_path: Path) -> None:
    file = tmp_path / "names.pls"
    file.write_text(PLS, "utf-8")
    answer = json.loads(run("explain", "Dr. Holt left.", "--lexicon", str(file), "--json").stdout)
    assert answer["language"] == "en"
    assert [(word["written"], word["spoken"], word["rule"]) for word in answer["words"]] == [
        ("Dr.", "Doctor", "abbreviation"),
        ("Holt", "Hoalt", "lexicon (site)"),
        ("left", "left", None),
    ]
    table = run("explain", "Am 1. Oktober kam sie nach Hause.").stdout
    assert "1. Oktober" in table
    assert "ersten Oktober" in table


def test_an_explanation_names_who_would_have_answered_next(tmp_path: Path) -> None:
    file = tmp_path / "names.pls"
    file.write_text(PLS.replace("Holt", "5 km").replace("Hoalt", "three miles"), "utf-8")
    words = json.loads(run("explain", "They met at 10 a.m. by the pier.", "--json").stdout)["words"]
    assert [word["next"] for word in words if word["next"]] == [{"rule": "number", "written": "10", "spoken": "ten"}]
    words = json.loads(run("explain", "It is 5 km long.", "--lexicon", str(file), "--json").stdout)["words"]
    assert (words[2]["rule"], words[2]["next"]["rule"]) == ("lexicon (site)", "unit")
    assert words[2]["next"]["spoken"] == "five kilometers"
    assert "number: 10 → ten" in run("explain", "They met at 10 a.m. by the pier.").stdout


PAGE = """<h1>Bus stays</h1><p>Nurses had asked for it, 900 of them signed.</p><h2>What is planned</h2>
<p>Fares rise to £2.50.</p><ul><li>a shelter at gate 3</li></ul><h2>Who pays</h2><p>Gate 3 costs $5.</p>"""


def test_a_text_is_read_where_it_stands_in_an_article(tmp_path: Path) -> None:
    page = tmp_path / "bus.html"
    page.write_text(PAGE, "utf-8")
    all_of_it = run("normalize", "--page", str(page)).stdout.splitlines()
    assert all_of_it[0] == "Bus stays"
    assert "Gate three costs five dollars." in all_of_it
    planned = run("normalize", "--page", str(page), "--section", "what is planned").stdout.splitlines()
    assert planned == ["What is planned", "Fares rise to two pounds fifty.", "a shelter at gate three"]
    words = json.loads(run("explain", "gate 3", "--page", str(page), "--json").stdout)["words"]
    assert [(word["written"], word["spoken"]) for word in words] == [("gate", "gate"), ("3", "three")]
    shown = json.loads(run("extract", str(page), "--section", "Who pays").stdout)
    assert [block["text"] for block in shown["blocks"]] == ["Who pays", "Gate 3 costs $5."]
    assert len(shown["account"]) == 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["normalize", "--page", "bus.html", "--section", "Weather"], "no heading with “Weather”.*What is planned"),
        (["explain", "the tram", "--page", "bus.html"], "“the tram” isn't spoken in bus.html"),
        (["explain", "gate", "--section", "Who pays"], "--section needs an article"),
        (["explain"], "without a text"),
    ],
)
def test_a_place_that_an_article_lacks_is_named(
    arguments: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bus.html").write_text(PAGE, "utf-8")
    with pytest.raises(InputRefused, match=reason):
        run(*arguments)


def test_a_broken_lexicon_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "names.pls"
    file.write_text(PLS.replace("</grapheme>", ""), "utf-8")
    with pytest.raises(MarkupRefused, match="line 3"):
        run("explain", "Holt", "--lexicon", str(file))


def test_an_article_is_shown_with_what_is_skipped_and_why(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("<nav>Home</nav><p>One sentence.</p><figure><figcaption>A pier.</figcaption></figure>", "utf-8")
    shown = json.loads(run("extract", str(file)).stdout)
    assert shown["read_as"] == "fragment"
    assert [(block["text"], block["skip_reason"]) for block in shown["blocks"]] == [
        ("Home", "navigation"),
        ("One sentence.", None),
        ("A pier.", "caption"),
    ]
    assert [line["spoken"] for line in shown["account"]] == [0, 13, 0]


@pytest.mark.parametrize("ending", [".md", ".markdown", ".MARKDOWN"])
def test_markdown_is_known_by_both_of_its_endings(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"article{ending}"
    file.write_text("# Bridge opens\n\n*Three* [people](https://a.example) came.\n", "utf-8")
    blocks = json.loads(run("extract", str(file)).stdout)["blocks"]
    assert [block["text"] for block in blocks] == ["Bridge opens", "Three people came."]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["-o", "missing/x.mp3"], "There is no folder"),
        (["-o", "x.mp3", "--marks", "missing/x.json"], "There is no"),
        (["-o", "folder.mp3"], "is a folder"),
        (["-o", "/proc/x.mp3"], "The folder /proc is not writable"),
        (["-o", "/dev/null"], "not a regular file"),
        (["-o", "n" * 252 + ".mp3"], "too long for this file system"),
        (["-o", "n" * 248 + ".opus"], "too long for this file system"),
        (["-o", "x.mp3", "--marks", "/proc/x.json"], "/proc is not writable"),
    ],
)
def test_a_place_that_takes_no_file_is_told_before_anything_is_spoken(
    arguments: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def speak(*_: object, **__: object) -> None:
        raise AssertionError("it was spoken")

    monkeypatch.setattr("tts_service.commands.to_file.speak_to_file", speak)
    monkeypatch.chdir(tmp_path)
    Path("article.txt").write_text("One sentence.", "utf-8")
    Path("folder.mp3").mkdir()
    with pytest.raises(InputRefused, match=reason):
        run("speak", "article.txt", *arguments)
