"""What the player takes from a publisher's page, how it asks for its clip, and what the documents tell publishers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.measure.listen.player_stopped import DOCUMENT, documented_tag
from tests.parts.places import ROOT
from tests.parts.player_js import evaluate
from tts_service.client.calls.embedding import player_code
from tts_service.web.player_file import module, report_module
from tts_service.web.player_texts import player_texts

NAMES_PLAYER = re.compile(r"<script\b[^>]*player\.js[^>]*>")
FOLLOWING = """
const told = { asked: [], pauses: [] };
class Pressed {
  state = "loading";
  life = new AbortController();
  sound = { playing: false, stop() {} };
  getAttribute(name) { return { site: "gazette", article: "7" }[name] ?? null; }
  hasAttribute() { return false; }
  setState(state) { this.state = state; this.wake?.(); }
  closest() { return null; }
  getRootNode() { return {}; }
  speaks() { return "en"; }
  translate() {}
}
const textsIn = async () => {};
const sleep = async (ms) => { told.pauses.push(ms); };
const orOnline = sleep;
const rest = () => new Promise((done) => setTimeout(done, 20));
"""


def follow(answer: str, then: str = "") -> dict[str, Any]:
    """What a player asks and how long it pauses, with a service that answers as given; `then`: what happens after."""
    found: dict[str, Any] = evaluate(
        ("page", "asking", "following"),
        f"""const player = new Following();
        fetch = async (address) => {{ told.asked.push(address); return ({answer})(told.asked.length); }};
        player.follow(player.life.signal, false);
        await rest();
        {then}
        player.life.abort();
        return {{ ...told, state: player.state }};""",
        FOLLOWING,
    )
    return found


NOTHING = "() => ({ ok: true, status: 200, json: async () => ({ clips: [] }) })"


# --- what the page says ---


@pytest.mark.parametrize(
    ("tags", "href", "address"),
    [
        ({"link[rel~=canonical]": {"href": "https://a.example/c"}}, "https://a.example/?p=1", "https://a.example/c"),
        ({"meta[property='og:url']": {"content": "https://a.example/o"}}, "https://a.example/", "https://a.example/o"),
        ({}, "https://a.example/x?utm_source=mail&id=4&fbclid=Zx#t=5", "https://a.example/x?id=4"),
        ({}, "https://a.example/x/", "https://a.example/x/"),
    ],
    ids=["canonical", "og:url", "without what only counts visits", "as it is"],
)
def test_an_article_is_looked_for_by_the_address_its_page_names(tags: dict[str, Any], href: str, address: str) -> None:
    said = f"Object.assign(tags, {json.dumps(tags)}); location.href = {href!r}; return pageAddress();"
    assert evaluate(("page",), said) == address


def test_an_article_that_is_named_is_not_looked_for_by_its_address_too() -> None:
    asked = follow(NOTHING)["asked"]
    assert set(asked) == {"https://audio.example/v1/clips?site=gazette&article=7"}


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        ("'de-DE-formal', 'en'", "de"),
        ("'pt', 'fr-CA'", "fr"),
        ("'it-CH', 'fr'", "it"),
        ("'', undefined, 'es_MX'", "es"),
        ("'constructor'", "en"),
    ],
)
def test_labels_are_in_the_first_language_the_player_has(tags: str, language: str) -> None:
    assert evaluate(("asking", "texts"), f"return spokenHere({tags});") == language


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 of 1 sentence.", "1 of 24 sentences."),
        ("de", "1 von 1 Satz.", "1 von 24 Sätzen."),
        ("fr", "phrase 1 sur 1.", "phrase 1 sur 24."),
        ("es", "1 de 1 frase.", "1 de 24 frases."),
        ("it", "frase 1 su 1.", "frase 1 su 24."),
    ],
)
def test_progress_counts_one_sentence_as_one(language: str, one: str, many: str) -> None:
    texts = json.dumps(player_texts(language))
    said = evaluate(("asking", "texts"), f"return [1, 24].map((total) => progressText({texts}, {{ done: 1, total }}));")
    assert (one in said[0], many in said[1]) == (True, True)


def test_a_pages_own_words_for_progress_hold_for_one_sentence_too() -> None:
    own = '{ rendering: "{done}/{total}" }'
    said = evaluate(("asking", "texts"), f'return progressText(textsFor("en", {own}), {{ done: 1, total: 1 }});')
    assert said == "1/1"


def test_labels_are_english_until_those_of_a_language_are_here() -> None:
    said = evaluate(
        ("asking", "texts"),
        """const asked = [];
        let up = false;
        fetch = async (address) => {
          asked.push(address);
          return { ok: up, json: async () => ({ play: "Riproduci" }) };
        };
        const said = () => ["play", "pause", "title", "lang"].map((name) => textsFor("it", { title: "Own" })[name]);
        const first = said();
        await Promise.all([textsIn("it"), textsIn("it")]);
        const refused = said();
        up = true;
        await textsIn("it");
        await textsIn("it");
        return { first, refused, then: said(), asked };""",
    )
    assert said["first"] == said["refused"] == ["Play", "Pause", "Own", "en"]
    assert said["then"] == ["Riproduci", "Pause", "Own", "it"]
    assert said["asked"] == ["https://audio.example/player-texts.json?lang=it&v=1"] * 2


@pytest.mark.parametrize(
    ("event", "stopped"),
    [
        (
            {
                "disposition": "enforce",
                "effectiveDirective": "connect-src",
                "blockedURI": "https://audio.example/v1/clips/c",
            },
            ["connect-src"],
        ),
        ({"disposition": "enforce", "effectiveDirective": "media-src", "blockedURI": "blob"}, ["blob"]),
        ({"disposition": "report", "effectiveDirective": "media-src", "blockedURI": "https://audio.example/a"}, []),
        ({"disposition": "enforce", "effectiveDirective": "media-src", "blockedURI": "https://other.example/a"}, []),
    ],
    ids=["ours", "blob", "only reported", "somebody else's"],
)
def test_what_the_pages_policy_stopped_is_remembered(event: dict[str, str], stopped: list[str]) -> None:
    said = f"heard.securitypolicyviolation({event!r}); return [...forbidden];"
    assert evaluate(("page",), said) == stopped


# --- how it asks ---


def test_a_clip_that_is_not_there_is_asked_for_a_few_times_and_no_more() -> None:
    found = follow(NOTHING)
    assert found["pauses"] == [5000, 15_000, 45_000, 135_000]
    assert (len(found["asked"]), found["state"]) == (5, "none")


def test_a_hidden_tab_asks_for_nothing_until_it_is_seen_again() -> None:
    hidden = "document.visibilityState = 'hidden';"
    seen = "document.visibilityState = 'visible'; player.returned(); await rest();"
    answer = f"() => {{ {hidden} return ({NOTHING})(); }}"
    assert len(follow(answer)["asked"]) == 1
    assert len(follow(answer, seen)["asked"]) == 2


def test_a_reader_who_comes_back_to_the_tab_asks_once_more() -> None:
    back = "player.asked = -1e6; player.returned(); await rest();"
    found = follow(NOTHING, back + back + "player.returned(); await rest();")
    assert (len(found["asked"]), len(found["pauses"])) == (7, 4)


def test_a_service_that_is_away_is_asked_ever_less_and_then_left_alone() -> None:
    found = follow("() => { throw new TypeError('no network'); }")
    assert (len(found["asked"]), found["state"]) == (9, "away")
    assert found["pauses"] == [2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]


def test_what_the_policy_forbids_is_not_tried_again() -> None:
    event = "{ disposition: 'enforce', effectiveDirective: 'connect-src', blockedURI: SERVER }"
    found = follow(f"() => {{ heard.securitypolicyviolation({event}); throw new TypeError('policy'); }}")
    assert (len(found["asked"]), found["state"]) == (1, "away")


def test_a_question_that_nobody_answers_ends() -> None:
    said = evaluate(
        ("asking",),
        """fetch = (address, { signal }) => new Promise((done, fail) => signal.addEventListener("abort", fail));
        const waits = setTimeout;
        setTimeout = (act, ms) => waits(act, ms / 1000);
        return ask(SERVER).then(() => "answered", () => "gave up");""",
    )
    assert said == "gave up"


# --- how it looks, whatever the page's styles say ---


def test_no_size_depends_on_the_page() -> None:
    text = module().text.decode() + report_module().text.decode()
    assert re.findall(r"[\d.]+rem\b", text) == []
    box = re.search(r"^\.box \{ (.*) \}$", text, re.MULTILINE)
    assert box
    rules = dict(rule.split(": ", 1) for rule in box.group(1).split("; ") if rule)
    assert next(iter(rules)) == "all"
    assert rules["all"] == "initial"
    assert rules["font"].startswith("400 medium/1.45 ")


# --- what publishers are told ---


def told_to_publishers() -> list[Path]:
    """Documents, samples and pages that may hold the player's script tag."""
    folders = ("docs", "samples", "tts_service/web/templates")
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*"))]
    return [ROOT / "README.md", *(path for path in found if path.suffix in (".md", ".html", ".php", ".py"))]


def test_every_tag_of_the_player_is_async() -> None:
    written = {path.name: path.read_text("utf-8") for path in told_to_publishers()}
    written["player_code"] = player_code("https://a.example", "gazette", "1", None, None)
    tags = [(name, tag) for name, text in written.items() for tag in NAMES_PLAYER.findall(text)]
    assert {name for name, _ in tags} >= {"player.md", "listen.html", "embed.html", "player_code"}
    assert [(name, tag) for name, tag in tags if not re.search(r"\basync\b", tag)] == []
    assert documented_tag("https://a.example") == NAMES_PLAYER.findall(written["player_code"])[0] + "</script>"


def test_one_line_of_the_documents_lists_what_a_policy_must_allow() -> None:
    line = re.findall(r"^Content-Security-Policy: (.*)$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    directives = {name: set(sources) for name, *sources in (one.split() for one in line[0].split("; "))}
    assert len(line) == 1
    assert directives == {
        "script-src": {"https://audio.example"},
        "connect-src": {"https://audio.example"},
        "media-src": {"https://audio.example", "blob:"},
    }
