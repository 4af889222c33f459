"""The staff's pages of pronunciations: found, weighed before they are saved, with history; import and export."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.parts.factories import make_article
from tests.parts.quick_render import Workers
from tests.parts.staff import Signed, signed
from tests.parts.web_rows import ready_clip
from tts_service.access.audit import deeds
from tts_service.access.staff import set_sites
from tts_service.db.tables import CorrectionRow, LexiconEntryRow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.newsroom.lexicon import MAX_NOTE, add, new_rows
from tts_service.newsroom.lexicon_history import entry_history
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme

PAYLOAD = "<script>alert(1)</script>"
PLS = """<?xml version="1.0"?><lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"
 alphabet="ipa" xml:lang="en"><lexeme><grapheme>Elmsworth</grapheme><alias>Elms worth</alias></lexeme></lexicon>"""


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed(parts)


@pytest.fixture
def out(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clip that is out."""
    job = submit(parts, make_article(), Wish(voice="tone:beep")).job_id
    assert Workers(parts, monkeypatch).render(job)


def read(client: TestClient, who: Signed, path: str = "/staff/lexicon", status: int = 200) -> str:
    got = client.get(path, headers={**who.headers, "Accept": "text/html"})
    assert got.status_code == status, got.text
    return got.text


def send(client: TestClient, who: Signed, path: str, do: str, **form: str) -> Any:
    fields = {"form_token": who.token, "do": do} | form
    return client.post(path, data=fields, headers=who.headers | {"Accept": "text/html"})


def entry(parts: Parts, word: str, site: str | None = "gazette", **values: Any) -> str:
    lexeme = Lexeme(graphemes=(word,), language="en", **({"alias": "so"} | values))
    return add(parts.database, parts.voices, Place.of(site), lexeme, author="test").row.id


def listed(client: TestClient, who: Signed, query: str = "") -> list[str]:
    return re.findall(r'href="/staff/lexicon/(lex_\w+)"', read(client, who, f"/staff/lexicon{query}"))


def entries_kept(parts: Parts) -> list[LexiconEntryRow]:
    with parts.database.reading() as session:
        return list(session.scalars(select(LexiconEntryRow)))


NEW = {"site": "gazette", "language": "en", "graphemes": "Elmsworth", "alias": "Elms worth"}


class TestList:
    def test_entries_are_found_by_word_scope_site_and_language(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        one, other = entry(parts, "Müller"), entry(parts, "Nato", None, alias="naytoe")
        assert listed(client, anna) == [other, one]
        assert listed(client, anna, "?q=MÜLL") == listed(client, anna, "?site=gazette") == [one]
        assert listed(client, anna, "?q=naytoe") == listed(client, anna, "?scope=global") == [other]
        assert listed(client, anna, "?language=fr") == listed(client, anna, "?q=100%25") == []

    def test_pages_go_on_where_the_one_before_ended(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        lexemes = [(Lexeme(graphemes=(f"Word{n}",), language="en", alias="so"), "") for n in range(230)]
        with parts.database.writing() as session:
            session.add_all(new_rows(Place.of("gazette"), lexemes, "test", 1))
        path, seen = "/staff/lexicon?site=gazette", []
        while path:
            shown = read(client, anna, path)
            seen += re.findall(r'href="/staff/lexicon/(lex_\w+)"', shown)
            path = next((one.replace("&amp;", "&") for one in re.findall(r'href="([^"]*below=[^"]*)"', shown)), "")
        assert len(seen) == len(set(seen)) == 230

    def test_nothing_in_an_entry_runs(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        made = entry(parts, f"x{PAYLOAD}", alias=PAYLOAD)
        assert PAYLOAD not in read(client, anna) + read(client, anna, f"/staff/lexicon/{made}")


class TestEntry:
    @pytest.mark.usefixtures("out")
    def test_what_it_changes_is_shown_before_it_is_saved(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        shown = send(client, anna, "/staff/lexicon/new", "impact", **NEW)
        assert "Changes 1 sentence in 1 article" in shown.text
        assert "The harbour town of Elmsworth opened its new bridge on Monday." in shown.text
        assert "Elms worth" in shown.text
        assert 'value="Elms worth"' in shown.text
        assert entries_kept(parts) == []

        saved = send(client, anna, "/staff/lexicon/new", "save", **NEW, note="as the mayor says it", why="A name")
        (kept,) = entries_kept(parts)
        with parts.database.reading() as session:
            correction = session.scalars(select(CorrectionRow)).one()
        assert saved.headers["location"] == f"/staff/lexicon?saved={correction.id}"
        assert (correction.entry_id, correction.clips, correction.sentences) == (kept.id, 1, 1)
        assert (kept.graphemes, kept.note, correction.why) == (["Elmsworth"], "as the mayor says it", "A name")

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("graphemes", {"graphemes": "…"}),
            ("graphemes", {"graphemes": "a\na"}),
            ("language", {"language": "english!"}),
            ("ipa", {"alias": "", "ipa": "Ω"}),
            ("except", {"except": "nothing"}),
            ("site", {"site": "a b"}),
            ("alias", {"alias": "…"}),
            ("note", {"note": "x" * (MAX_NOTE + 1)}),
        ],
    )
    def test_a_refusal_leads_to_the_field_at_fault(
        self, client: TestClient, anna: Signed, field: str, wrong: dict[str, str]
    ) -> None:
        refused = send(client, anna, "/staff/lexicon/new", "save", **(NEW | wrong))
        assert refused.status_code >= 400
        assert re.findall(r'id="complaint" tabindex="-1" autofocus><div><a href="#(\w+)"', refused.text) == [field]
        assert re.findall(r'<(?:input|textarea) id="(\w+)"[^>]*aria-invalid="true"', refused.text) == [field]

    def test_it_is_heard_before_it_is_saved(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        form = NEW | {"sentence": "We live in Elmsworth."}
        tried = send(client, anna, "/staff/lexicon/new", "hear", **form)
        assert "We live in Elms worth." in tried.text
        sounds = re.findall(r'href="(/staff/v1/preview/\w+\.wav)"', tried.text)
        assert len(set(sounds)) == 2
        assert client.get(sounds[1], headers=anna.headers).content[:4] == b"RIFF"
        alone = send(client, anna, "/staff/lexicon/new", "hear", **NEW)
        assert ">Elms worth <" in alone.text
        assert entries_kept(parts) == []

    def test_an_entry_that_matches_nothing_says_so(self, client: TestClient, anna: Signed) -> None:
        assert "No clip that is out changes." in send(client, anna, "/staff/lexicon/new", "impact", **NEW).text

    def test_saving_is_one_change_with_its_note(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        send(client, anna, "/staff/lexicon/new", "save", **NEW, note="x" * (MAX_NOTE + 1))
        assert entries_kept(parts) == []
        send(client, anna, "/staff/lexicon/new", "save", **NEW, note="as the mayor says it")
        (kept,) = entries_kept(parts)
        send(client, anna, f"/staff/lexicon/{kept.id}", "save", **NEW, note="")
        assert [one.note for one in entries_kept(parts)] == [""]
        with parts.database.reading() as session:
            assert len(entry_history(session, kept.id)) == 2

    @pytest.mark.parametrize("do", ["save", "remove"])
    def test_what_a_colleague_changed_meanwhile_is_not_overwritten(
        self, client: TestClient, parts: Parts, anna: Signed, do: str
    ) -> None:
        path = f"/staff/lexicon/{entry(parts, 'Elmsworth')}"
        seen = re.findall(r'name="seen" value="(\d+)"', read(client, anna, path))[0]
        theirs = {"alias": "Elmz worth", "note": "by Ben", "except": "gazette/9"}
        assert send(client, anna, path, "save", **NEW | theirs, seen=seen).status_code == 303
        refused = send(client, anna, path, do, **NEW | {"alias": "mine"}, seen=seen)
        assert (refused.status_code, "was changed since you opened it" in refused.text) == (409, True)
        assert 'value="mine"' in refused.text
        (kept,) = entries_kept(parts)
        assert (kept.alias, kept.note, kept.except_articles) == ("Elmz worth", "by Ben", [["gazette", "9"]])
        assert send(client, anna, path, do, **NEW, seen="yesterday").status_code == 400

    def test_it_is_changed_and_removed_with_its_history(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        send(client, anna, "/staff/lexicon/new", "save", **NEW)
        (kept,) = entries_kept(parts)
        path = f"/staff/lexicon/{kept.id}"
        changed = NEW | {"alias": "Elmz worth", "anycase": "yes", "alone": "yes", "except": "gazette/7"}
        assert send(client, anna, path, "save", **changed).status_code == 303
        (kept,) = entries_kept(parts)
        assert (kept.alias, kept.case_sensitive, kept.alone) == ("Elmz worth", False, True)
        assert kept.except_articles == [["gazette", "7"]]
        shown = read(client, anna, path)
        assert "Elmsworth → Elms worth" in shown
        assert anna.person.name in shown
        again = re.findall(r"<form.*?</form>", shown, re.DOTALL)[1]
        assert again.count(" checked") == 2
        # Removing is a second step, also without scripts.
        assert re.search(r'<details id="removal">.*?value="remove"', shown, re.DOTALL)
        assert shown.count('value="remove"') == 1
        gone = send(client, anna, path, "remove")
        assert gone.status_code == 303
        assert "Removed." in read(client, anna, gone.headers["location"])
        assert entries_kept(parts) == []
        read(client, anna, path, status=404)

    @pytest.mark.parametrize(
        ("form", "says"),
        [
            (NEW | {"alias": ""}, "alias"),
            (NEW | {"language": "the usual"}, "language"),
            (NEW | {"alias": "", "ipa": "☃"}, "☃"),
            (NEW | {"site": ""}, "names the site"),
            (NEW | {"except": "seven"}, "is not an article"),
            (NEW | {"scope": "planet"}, "Choose where it holds"),
        ],
    )
    def test_what_cannot_be_meant_is_named_and_stays_in_the_form(
        self, client: TestClient, parts: Parts, anna: Signed, form: dict[str, str], says: str
    ) -> None:
        refused = send(client, anna, "/staff/lexicon/new", "save", **form)
        assert refused.status_code in (400, 422)
        assert says in refused.text
        assert ">Elmsworth</textarea>" in refused.text
        assert entries_kept(parts) == []

    def test_a_word_that_has_an_entry_names_it(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        there = entry(parts, "Elmsworth")
        refused = send(client, anna, "/staff/lexicon/new", "save", **NEW)
        assert (refused.status_code, there in refused.text) == (409, True)

    def test_an_editor_changes_only_entries_of_their_sites(self, client: TestClient, parts: Parts) -> None:
        editor = signed(parts, "editor@example.org", "staff")
        set_sites(parts.database, editor.person.id, ["gazette"], "test")
        everywhere, theirs = entry(parts, "Nato", None), entry(parts, "Elmsworth", "herald")
        assert listed(client, editor) == [everywhere]
        assert "disabled" in read(client, editor, f"/staff/lexicon/{everywhere}")
        read(client, editor, f"/staff/lexicon/{theirs}", status=403)
        read(client, editor, "/staff/lexicon/export.pls?site=herald", status=403)
        for path, form in (
            (f"/staff/lexicon/{everywhere}", NEW),
            (f"/staff/lexicon/{theirs}", NEW),
            ("/staff/lexicon/new", NEW | {"site": "herald"}),
            ("/staff/lexicon/new", NEW | {"scope": "global"}),
            ("/staff/lexicon/import", {"document": PLS}),
            ("/staff/lexicon/import", {"document": PLS, "site": "herald"}),
        ):
            assert send(client, editor, path, "save", **form).status_code == 403
        assert len(entries_kept(parts)) == 2


class TestImport:
    @pytest.mark.usefixtures("out")
    def test_a_document_is_weighed_then_taken(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        def upload(do: str, **form: str) -> Any:
            fields = {"form_token": anna.token, "do": do, "site": "gazette"} | form
            files = {"file": ("names.pls", PLS.encode(), "application/pls+xml")} if not form else None
            return client.post("/staff/lexicon/import", data=fields, files=files, headers=anna.headers)

        tried = upload("try")
        assert "1 added, 0 replaced, 0 there already." in tried.text
        assert "Changes 1 sentence in 1 article" in tried.text
        assert entries_kept(parts) == []
        pasted = re.findall(r"<textarea[^>]*>(.*?)</textarea>", tried.text, re.DOTALL)[0]
        assert "&lt;grapheme&gt;Elmsworth" in pasted
        taken = upload("import", document=PLS, why="Names of the county").text
        assert "Imported." in taken
        assert "1 clip that is out is corrected." in taken
        with parts.database.reading() as session:
            correction = session.scalars(select(CorrectionRow)).one()
        assert (correction.clips, correction.sentences, correction.why) == (1, 1, "Names of the county")
        assert f'href="/staff/corrections/{correction.id}"' in taken
        assert "Imported pronunciations" in read(client, anna, f"/staff/corrections/{correction.id}")
        assert [row.site for row in entries_kept(parts)] == ["gazette"]
        assert deeds(parts.database)[0].what == "lexicon.imported"
        assert "Choose to replace it" in upload("import", document=PLS.replace("Elms worth", "other")).text
        assert "1 replaced" in upload("import", document=PLS.replace("Elms worth", "other"), replace="yes").text

    @pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "utf-8-sig", "windows-1252"])
    def test_a_document_is_shown_and_taken_as_it_is_encoded(
        self, client: TestClient, parts: Parts, anna: Signed, encoding: str
    ) -> None:
        declared = PLS.replace('"1.0"?', f'"1.0" encoding="{encoding.removesuffix("-sig")}"?').replace("Elms", "Mül")
        fields = {"form_token": anna.token, "do": "try", "site": "gazette"}
        files = {"file": ("names.pls", declared.encode(encoding), "application/pls+xml")}
        tried = client.post("/staff/lexicon/import", data=fields, files=files, headers=anna.headers).text
        shown = unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", tried, re.DOTALL)[0])
        assert "<grapheme>Mülworth</grapheme>" in shown
        for pasted in (shown, declared):
            send(client, anna, "/staff/lexicon/import", "import", site="gazette", document=pasted)
            assert [row.graphemes for row in entries_kept(parts)] == [["Mülworth"]]

    def test_a_broken_document_is_refused_with_its_place(self, client: TestClient, anna: Signed) -> None:
        refused = send(client, anna, "/staff/lexicon/import", "import", site="gazette", document="<lexicon>")
        assert (refused.status_code, "PLS, line 1" in refused.text) == (422, True)
        assert "Choose a PLS document." in send(client, anna, "/staff/lexicon/import", "import", site="gazette").text

    def test_a_site_is_exported(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        entry(parts, "Elmsworth")
        got = client.get("/staff/lexicon/export.pls?site=gazette", headers=anna.headers)
        assert got.headers["content-type"] == "application/pls+xml"
        assert "<grapheme>Elmsworth</grapheme>" in got.text
        read(client, anna, "/staff/lexicon/export.pls", status=404)


def test_a_new_entry_is_for_the_site_that_was_last_worked_in(client: TestClient, parts: Parts, anna: Signed) -> None:
    for site in ("bote", "gazette"):
        ready_clip(parts, name=site, site=site)

    def offered(who: Signed, query: str = "") -> str:
        page = read(client, who, f"/staff/lexicon/new{query}")
        return str(re.findall(r"<option[^>]*>(\w+)", page[page.index('id="site"') :])[0])

    assert offered(anna) == "bote"
    lexeme = Lexeme(graphemes=("Elmsworth",), language="en", alias="so")
    add(parts.database, parts.voices, Place.of("gazette"), lexeme, author=anna.person.who)
    assert (offered(anna), offered(anna, "?site=bote")) == ("gazette", "bote")
    assert offered(signed(parts, "ben@example.org", "staff", ["bote"])) == "bote"


@pytest.mark.usefixtures("out")
def test_each_step_says_where_the_focus_goes_on(client: TestClient, anna: Signed) -> None:
    shown = send(client, anna, "/staff/lexicon/new", "impact", **NEW).text
    assert re.findall(r"<(\w+)[^>]* autofocus", shown) == ["button"]
    assert re.search(r'value="save"[^>]* id="next-step" aria-describedby="found" autofocus', shown)
    heard = send(client, anna, "/staff/lexicon/new", "hear", **NEW).text
    assert re.findall(r'id="(\w+)"[^>]* autofocus', heard) == ["outcome"]
    assert re.findall(r'class="play" id="(\w+)" href="/staff/v1/preview/', heard) == ["before", "after"]
