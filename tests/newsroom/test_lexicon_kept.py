"""The lexicon as editors meet it: entries by API and command line, files taken in whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from tests.measure.openapi_document import document
from tests.parts.places import ROOT
from tests.parts.staff import signed
from tests.web.test_jobs import is_problem, keyed
from tts_service.access.sessions import close_session
from tts_service.commands import app as command_line
from tts_service.db.tables import LexiconEntryRow
from tts_service.errors import Conflict, InputRefused
from tts_service.newsroom import lexicon
from tts_service.newsroom.lexicon import lexicon_for
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.web.app import create_app

SAMPLES = ROOT / "samples"
ENGLISH, GERMAN = (SAMPLES / name for name in ("lexicon.pls", "lexicon-de.pls"))


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(parts), headers=keyed(parts, "lexicon"), raise_server_exceptions=False) as client:
        yield client


def entry(**values: Any) -> dict[str, Any]:
    base = {"site": "gazette", "language": "en", "graphemes": ["Holyrood"], "alias": "Holly rude"}
    return {**base, **values}


def added(client: TestClient, **values: Any) -> dict[str, Any]:
    answer = client.post("/v1/lexicon", json=entry(**values))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def listed(client: TestClient, **query: Any) -> list[str]:
    return [found["graphemes"][0] for found in client.get("/v1/lexicon", params=query).json()["entries"]]


def kept(parts: Parts) -> int:
    with parts.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(LexiconEntryRow)) or 0)


# --- what holds for an article ---


def test_an_article_has_its_own_entries_its_sites_and_everybodys(client: TestClient, parts: Parts) -> None:
    added(client, scope="global", site=None, graphemes=["all"])
    added(client, graphemes=["gazette"])
    added(client, site="herald", graphemes=["herald"])
    added(client, scope="article", article="7", graphemes=["seven"])
    added(client, scope="article", article="8", graphemes=["eight"])

    def graphemes(site: str, article: str) -> list[str]:
        return [lexeme.graphemes[0] for lexeme in lexicon_for(parts.database, site, article).lexemes]

    assert graphemes("gazette", "7") == ["all", "gazette", "seven"]
    assert graphemes("gazette", "9") == ["all", "gazette"]
    assert graphemes("herald", "7") == ["all", "herald"]
    assert graphemes("other", "7") == ["all"]


def test_an_entry_leaves_out_single_articles(client: TestClient, parts: Parts) -> None:
    made = added(client, graphemes=["Lead"], alone=True, except_articles=[{"site": "gazette", "article": "7"}])
    assert (made["alone"], made["except_articles"]) == (True, [{"site": "gazette", "article": "7"}])
    assert lexicon_for(parts.database, "gazette", "7").lexemes == ()
    [lexeme] = lexicon_for(parts.database, "gazette", "8").lexemes
    assert lexeme.alone

    changed = client.patch(f"/v1/lexicon/{made['id']}", json={"alias": "leed"}).json()
    assert changed["except_articles"] == made["except_articles"]
    changed = client.patch(f"/v1/lexicon/{made['id']}", json={"except_articles": [], "alone": False}).json()
    assert (changed["alone"], changed["except_articles"]) == (False, [])
    assert len(lexicon_for(parts.database, "gazette", "7").lexemes) == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"site": "gazette", "scope": "article", "article": "7"}, "can't leave out articles"),
        ({"site": "gazette"}, "belongs to the site herald"),
    ],
)
def test_exceptions_that_make_no_sense_are_refused(client: TestClient, wrong: dict[str, Any], reason: str) -> None:
    sent = entry(graphemes=["Lead"], except_articles=[{"site": "herald", "article": "7"}], **wrong)
    assert reason in is_problem(client.post("/v1/lexicon", json=sent), 400, "input_refused")["detail"]


def test_the_version_changes_with_every_entry_that_holds(client: TestClient, parts: Parts) -> None:
    def version() -> str:
        return lexicon_for(parts.database, "gazette", "7").version

    seen = [version()]
    made = added(client)
    seen.append(version())
    client.patch(f"/v1/lexicon/{made['id']}", json={"alias": "Hollyroood"})
    seen.append(version())
    assert len(set(seen)) == 3
    client.patch(f"/v1/lexicon/{made['id']}", json={"note": "only a note"})
    added(client, site="herald")
    assert version() == seen[2]
    client.delete(f"/v1/lexicon/{made['id']}")
    assert version() == seen[0]


# --- entries by API ---


def test_an_entry_is_added_seen_changed_and_removed(client: TestClient) -> None:
    answer = client.post("/v1/lexicon", json=entry(graphemes=[" Holy  rood"], note="a\nnote"))
    made = answer.json()
    assert answer.headers["location"] == f"/v1/lexicon/{made['id']}"
    assert (made["scope"], made["site"], made["article"]) == ("site", "gazette", None)
    assert (made["graphemes"], made["alias"], made["ipa"]) == (["Holy rood"], "Holly rude", None)
    assert (made["case_sensitive"], made["note"], made["author"][:4], made["spelled_by"]) == (
        True,
        "a note",
        "key:",
        [],
    )
    changed = client.patch(f"/v1/lexicon/{made['id']}", json={"ipa": "/ˈhɒlɪrud/", "case_sensitive": False}).json()
    assert (changed["alias"], changed["ipa"], changed["case_sensitive"]) == (None, "ˈhɒlɪrud", False)
    assert changed["graphemes"] == ["Holy rood"]
    assert client.get(f"/v1/lexicon/{made['id']}").json() == {**changed, "spelled_by": None}
    assert client.delete(f"/v1/lexicon/{made['id']}").status_code == 204
    is_problem(client.get(f"/v1/lexicon/{made['id']}"), 404, "not_found")
    is_problem(client.delete(f"/v1/lexicon/{made['id']}"), 404, "not_found")


def test_a_grapheme_has_one_entry_in_a_place_and_language(client: TestClient, parts: Parts) -> None:
    first = added(client, graphemes=["Lead", "lead"])
    problem = is_problem(client.post("/v1/lexicon", json=entry(graphemes=["x", "lead"])), 409, "conflict")
    assert (problem["entry"], problem["grapheme"]) == (first["id"], "lead")
    for other in ({"language": "en-GB"}, {"site": "herald"}, {"case_sensitive": False}, {"graphemes": ["LEAD"]}):
        added(client, **{"graphemes": ["lead"], **other})
    for same in ({"language": "EN"}, {"graphemes": ["lead "]}):
        is_problem(client.post("/v1/lexicon", json=entry(**{"graphemes": ["lead"], **same})), 409, "conflict")
    second = added(client, graphemes=["second"])
    is_problem(client.patch(f"/v1/lexicon/{second['id']}", json={"graphemes": ["lead"]}), 409, "conflict")
    assert client.patch(f"/v1/lexicon/{first['id']}", json={"graphemes": ["lead"]}).status_code == 200
    assert kept(parts) == 6


@pytest.mark.parametrize(
    ("wrong", "status", "reason"),
    [
        ({"alias": None, "ipa": "ˈǃkoː"}, 400, "ǃ (U+01C3 LATIN LETTER RETROFLEX CLICK)"),
        ({"language": "nl", "alias": None, "ipa": "ˈroːma"}, 400, "can say IPA"),
        ({"alias": None}, 400, "either a respelling or IPA"),
        ({"ipa": "a"}, 400, "either a respelling or IPA"),
        ({"graphemes": [" "]}, 400, "has no letter or digit"),
        ({"graphemes": ["a", "a"]}, 400, "is listed twice"),
        ({"graphemes": []}, 422, "graphemes"),
        ({"language": "?"}, 400, "not a language tag"),
        ({"scope": "global"}, 400, "names neither a site nor an article"),
        ({"scope": "article"}, 400, "names the site and the article"),
        ({"site": None}, 400, "names the site, and no article"),
        ({"article": "7"}, 400, "names the site, and no article"),
        ({"scope": "world"}, 422, "scope"),
        ({"note": "x" * 501}, 422, "note"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_what_can_not_be_is_refused_with_the_reason(
    client: TestClient, parts: Parts, wrong: dict[str, Any], status: int, reason: str
) -> None:
    answer = client.post("/v1/lexicon", json=entry(**wrong))
    assert answer.status_code == status, answer.text
    assert reason in answer.json()["detail"]
    assert kept(parts) == 0


def test_voices_that_will_read_the_spelling_are_told(client: TestClient) -> None:
    made = added(client, alias=None, ipa="ˈβɪlə")
    told = {found["voice"]: found["symbols"] for found in made["spelled_by"]}
    assert told["piper:en_US-joe-medium"] == ["β"]
    assert "pyttsx3:en" not in told


def test_entries_are_found_page_by_page_and_by_filter(client: TestClient) -> None:
    for n in range(5):
        added(client, graphemes=[f"N{n}"], alias="x")
    added(client, graphemes=["Zürich"], language="de", site="herald", note="the Swiss one")
    added(client, scope="global", site=None, graphemes=["Genf"], language="de")
    page = client.get("/v1/lexicon", params={"limit": 4}).json()
    rest = client.get("/v1/lexicon", params={"limit": 4, "cursor": page["next"]}).json()
    assert [e["graphemes"][0] for e in page["entries"] + rest["entries"]] == [
        "Genf",
        "Zürich",
        "N4",
        "N3",
        "N2",
        "N1",
        "N0",
    ]
    assert rest["next"] is None
    assert listed(client, site="herald") == ["Zürich"]
    assert listed(client, scope="global") == ["Genf"]
    assert listed(client, language="DE") == ["Genf", "Zürich"]
    assert listed(client, q="züri") == listed(client, q="SWISS") == ["Zürich"]
    assert listed(client, q="holly", language="de") == ["Genf", "Zürich"]
    assert listed(client, q="nobody") == []


def test_many_at_once_make_one_entry_of_a_grapheme(parts: Parts) -> None:
    lexeme = Lexeme(graphemes=("Lead",), language="en", alias="led")

    def add(_: int) -> bool:
        try:
            lexicon.add(parts.database, parts.voices, Place(scope=Scope.GLOBAL), lexeme, author="test")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(add, range(12))) == [False] * 11 + [True]
    assert kept(parts) == 1


def test_a_place_has_its_fill(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "MAX_ENTRIES", 0)
    lexeme = Lexeme(graphemes=("Lead",), language="en", alias="led")
    with pytest.raises(InputRefused, match="There are already"):
        lexicon.add(parts.database, parts.voices, Place(scope=Scope.GLOBAL), lexeme, author="test")


# --- who may ---


def test_a_key_needs_the_right(client: TestClient, parts: Parts) -> None:
    for headers, status in (({"Authorization": ""}, 401), (keyed(parts, "reports"), 403)):
        for method, path in (
            ("GET", "/v1/lexicon"),
            ("POST", "/v1/lexicon"),
            ("POST", "/v1/lexicon/import"),
            ("GET", "/v1/lexicon.pls"),
            ("DELETE", "/v1/lexicon/x"),
        ):
            assert client.request(method, path, headers=headers, json=entry()).status_code == status, path


def test_a_sites_key_changes_that_site_alone_and_sees_what_holds_for_all(client: TestClient, parts: Parts) -> None:
    everybodys = added(client, scope="global", site=None, graphemes=["all"])
    theirs = added(client, site="herald")
    own = keyed(parts, "lexicon", site="gazette")
    made = client.post("/v1/lexicon", json=entry(site=None, graphemes=["own"]), headers=own).json()
    assert made["site"] == "gazette"
    seen = client.get("/v1/lexicon", headers=own).json()["entries"]
    assert [found["graphemes"][0] for found in seen] == ["own", "all"]
    is_problem(client.post("/v1/lexicon", json=entry(site="herald"), headers=own), 403, "not_allowed")
    is_problem(client.post("/v1/lexicon", json=entry(scope="global", site=None), headers=own), 403, "not_allowed")
    is_problem(client.get(f"/v1/lexicon/{theirs['id']}", headers=own), 404, "not_found")
    is_problem(client.patch(f"/v1/lexicon/{theirs['id']}", json={"alias": "x"}, headers=own), 404, "not_found")
    assert client.get(f"/v1/lexicon/{everybodys['id']}", headers=own).status_code == 200
    is_problem(client.delete(f"/v1/lexicon/{everybodys['id']}", headers=own), 403, "not_allowed")
    is_problem(client.get("/v1/lexicon.pls", params={"site": "herald"}, headers=own), 403, "not_allowed")
    assert client.get("/v1/lexicon.pls", headers=own).status_code == 200
    imported = client.post("/v1/lexicon/import", content=ENGLISH.read_bytes(), headers=own)
    assert imported.json()["added"] == 7
    assert set(listed(client, site="gazette")) >= {"Okafor", "own"}
    is_problem(
        client.post("/v1/lexicon/import", params={"site": "herald"}, content=b"", headers=own), 403, "not_allowed"
    )


def test_staff_edit_below_staff_with_their_forms_token(client: TestClient, parts: Parts) -> None:
    anna = signed(parts)
    del client.headers["Authorization"]
    is_problem(client.post("/staff/v1/lexicon", json=entry(), headers=anna.headers), 403, "not_allowed")
    elsewhere = anna.changing | {"Origin": "https://evil.example"}
    is_problem(client.post("/staff/v1/lexicon", json=entry(), headers=elsewhere), 403, "not_allowed")
    made = client.post("/staff/v1/lexicon", json=entry(), headers=anna.changing).json()
    assert made["author"] == anna.person.who
    assert client.get("/staff/v1/lexicon", headers=anna.headers).json()["entries"][0]["id"] == made["id"]
    taken = client.post("/staff/v1/lexicon/import", content=ENGLISH.read_bytes(), headers=anna.changing)
    assert taken.status_code == 200
    is_problem(client.get("/v1/lexicon", headers=anna.headers), 401, "key_missing")
    close_session(parts.database, anna.person)
    is_problem(client.get("/staff/v1/lexicon", headers=anna.headers), 401, "sign_in_needed")


# --- files ---


def test_a_file_goes_in_and_comes_out_the_same(client: TestClient) -> None:
    answer = client.post("/v1/lexicon/import", params={"site": "gazette"}, content=GERMAN.read_bytes()).json()
    assert (answer["language"], answer["added"], answer["replaced"], answer["unchanged"]) == ("de", 5, 0, 0)
    given = client.get("/v1/lexicon.pls", params={"site": "gazette"})
    assert given.headers["content-type"] == "application/pls+xml"
    again = client.post("/v1/lexicon/import", params={"site": "gazette"}, content=given.content).json()
    assert (again["added"], again["replaced"], again["unchanged"]) == (0, 0, 5)
    assert client.get("/v1/lexicon.pls", params={"site": "gazette", "language": "de"}).content == given.content


def test_an_export_has_one_place_and_one_language(client: TestClient) -> None:
    added(client)
    added(client, language="de", graphemes=["Genf"])
    added(client, scope="article", article="7", graphemes=["seven"])
    problem = is_problem(client.get("/v1/lexicon.pls", params={"site": "gazette"}), 400, "input_refused")
    assert "choose one of de, en" in problem["detail"]
    given = client.get("/v1/lexicon.pls", params={"site": "gazette", "language": "en"}).text
    assert "<grapheme>Holyrood</grapheme>" in given
    assert "seven" not in given
    assert "Genf" not in given
    assert "seven" in client.get("/v1/lexicon.pls", params={"site": "gazette", "article": "7"}).text
    is_problem(client.get("/v1/lexicon.pls"), 404, "not_found")
    is_problem(client.get("/v1/lexicon.pls", params={"article": "7"}), 400, "input_refused")


def test_a_rehearsal_keeps_nothing(client: TestClient, parts: Parts) -> None:
    added(client, scope="global", site=None, graphemes=["Okafor"])
    query = {"dry_run": True, "replace": True}
    answer = client.post("/v1/lexicon/import", params=query, content=ENGLISH.read_bytes()).json()
    assert (answer["dry_run"], answer["added"], answer["replaced"]) == (True, 7, 1)
    assert listed(client) == ["Okafor"]
    assert kept(parts) == 1


def test_a_taken_grapheme_stops_an_import_or_is_replaced(client: TestClient, parts: Parts) -> None:
    old = added(client, scope="global", site=None, graphemes=["Okafor", "old"])
    problem = is_problem(client.post("/v1/lexicon/import", content=ENGLISH.read_bytes()), 409, "conflict")
    assert (problem["line"], problem["entry"]) == (13, old["id"])
    assert kept(parts) == 1
    answer = client.post("/v1/lexicon/import", params={"replace": True}, content=ENGLISH.read_bytes()).json()
    assert (answer["added"], answer["replaced"]) == (7, 1)
    assert "old" not in {g for e in client.get("/v1/lexicon").json()["entries"] for g in e["graphemes"]}


@pytest.mark.parametrize(
    ("change", "status", "line", "reason"),
    [
        (lambda text: text.replace("ˌædɛˈjɛmi", "ǃædɛ"), 422, 9, "ǃ (U+01C3 LATIN LETTER RETROFLEX CLICK)"),
        (lambda text: text.replace("<grapheme>Okafor</grapheme>", "<grapheme/>"), 422, 14, "<grapheme> is empty"),
        (lambda text: text.replace("</lexicon>", ""), 422, 36, "not well-formed XML"),
        (
            lambda text: text.replace("<lexicon", "<!DOCTYPE x><lexicon", 1),
            422,
            3,
            "a document type declaration is not allowed",
        ),
        (lambda text: text + " " * 2_000_001, 413, None, "longer than 2000000 bytes"),
    ],
)
def test_a_broken_file_leaves_nothing_behind(
    client: TestClient, parts: Parts, change: Callable[[str], str], status: int, line: int | None, reason: str
) -> None:
    broken = change(ENGLISH.read_text(encoding="utf-8")).encode()
    answer = client.post("/v1/lexicon/import", content=broken, headers={"Content-Type": "application/pls+xml"})
    problem = answer.json()
    assert (answer.status_code, problem.get("line")) == (status, line)
    assert reason in problem["detail"]
    assert kept(parts) == 0


def test_the_api_is_described() -> None:
    paths = document()["paths"]
    assert {"/v1/lexicon", "/v1/lexicon/{entry_id}", "/v1/lexicon.pls", "/v1/lexicon/import"} <= paths.keys()
    assert "application/pls+xml" in paths["/v1/lexicon/import"]["post"]["requestBody"]["content"]
    assert not any(path.startswith("/staff") for path in paths)


# --- the command line ---


@pytest.fixture
def run(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))

    def invoke(*words: str | Path) -> Result:
        return CliRunner().invoke(command_line, ["lexicon", *map(str, words)])

    return invoke


def test_entries_by_command_line(run: Callable[..., Result], tmp_path: Path) -> None:
    made = run("add", "Kiew", "Kyjiw", "--lang", "de", "--alias", "Küjiw", "--site", "gazette", "--json")
    entry_id = json.loads(made.stdout)["id"]
    assert run("add", "Zorro", "--lang", "en", "--ipa", "ˈβɔɹoʊ").exit_code == 0
    assert [found["graphemes"] for found in json.loads(run("--json").stdout)] == [["Zorro"], ["Kiew", "Kyjiw"]]
    assert entry_id in run("list", "--q", "kyj").stdout
    out = tmp_path / "out.pls"
    assert run("export", "--site", "gazette", "-o", out).exit_code == 0
    assert run("remove", entry_id).exit_code == 0
    assert run("import", out, "--site", "gazette", "--dry-run").stdout == "would be added 1, replaced 0, unchanged 0\n"
    assert run("import", out, "--site", "gazette").stdout == "added 1, replaced 0, unchanged 0\n"
    assert json.loads(run("import", out, "--site", "gazette", "--json").stdout)["unchanged"] == 1
    assert run("export", "--site", "gazette").stdout.encode() == out.read_bytes()
    assert "nothing found" in run("list", "--lang", "fr").stdout


def test_wrong_use_ends_with_two_and_refusals_with_their_reason(run: Callable[..., Result], tmp_path: Path) -> None:
    assert run("add", "x", "--lang", "en").exit_code == 2
    assert run("add", "x", "--lang", "en", "--alias", "y", "--ipa", "z").exit_code == 2
    assert run("export", "--article", "7").exit_code == 2
    refused = run("add", "x", "--lang", "en", "--ipa", "ǃ").exception
    assert isinstance(refused, InputRefused)
    assert "LATIN LETTER RETROFLEX CLICK" in refused.message
    assert isinstance(run("import", tmp_path / "none.pls").exception, FileNotFoundError)
