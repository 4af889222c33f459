"""The staff's pages of articles: found, heard, released, rendered again, withdrawn and restored."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event as database_events
from sqlalchemy import select, update

from tests.parts.factories import make_article
from tests.parts.quick_render import Workers, heard
from tests.parts.staff import Signed, signed
from tests.parts.web_rows import ready_clip, rendering_clip
from tts_service.access.audit import deeds
from tts_service.access.staff import set_sites
from tts_service.article.fetch import fetch_article
from tts_service.db.tables import (
    ArticleRevisionRow,
    ArticleRow,
    ClipRevisionRow,
    JobRow,
    LexiconEntryRow,
)
from tts_service.errors import AddressRefused, NothingToSpeak
from tts_service.http.client import Outbound
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import withdraw
from tts_service.jobs.submit import submit
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.values import Article, SourceFormat, WebAddress
from tts_service.web.staff.articles import index as articles
from tts_service.web.staff.articles import listing
from tts_service.web.staff.articles.voice_choice import site_language, voices_offered

PAYLOAD = "<script>alert(1)</script>"
TONE = Wish(voice="tone:beep")


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed(parts)


def read(client: TestClient, path: str, who: Signed, status: int = 200) -> str:
    got = client.get(path, headers={**who.headers, "Accept": "text/html"})
    assert got.status_code == status, got.text
    return got.text


def send(client: TestClient, path: str, who: Signed, **form: str) -> Any:
    return client.post(path, data={"form_token": who.token} | form, headers=who.headers | {"Accept": "text/html"})


def listed(client: TestClient, who: Signed, query: str = "") -> list[str]:
    return re.findall(r'href="/staff/articles/(art_\w+)"', read(client, f"/staff/articles{query}", who))


def renewed(page: str) -> dict[str, str]:
    """What the parts show that the page renews by itself while a job is at work."""
    shown = re.findall(r'id="(\w+)" [^>]*data-shows="([^"]*)"|id="(\w+)" data-shows="([^"]*)"', page)
    return {one or other: " ".join((what + whatever).split()) for one, what, other, whatever in shown}


def article_of(parts: Parts, job_id: str) -> str:
    with parts.database.reading() as session:
        return session.get_one(JobRow, job_id).article_id


def test_what_can_be_done_comes_before_the_text(client: TestClient, parts: Parts, anna: Signed) -> None:
    ready_clip(parts, name="one")
    page = read(client, "/staff/articles/art_one", anna)
    assert page.index('id="sound"') < page.index('id="change"') < page.index('id="text"')
    here = re.search(r'<nav id="here".*?</nav>', page, re.DOTALL)
    assert here is not None
    for place in re.findall(r'href="#([^"]+)"', here[0]):
        assert f'id="{place}"' in page, place


@pytest.fixture
def several(parts: Parts) -> None:
    """One in each state, of two sites."""
    for name in ("ready", "held", "failed", "gone"):
        ready_clip(parts, name=name)
    rendering_clip(parts, name="made", site="herald")
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).where(ClipRevisionRow.clip_id == "clip_held").values(state="held"))
        session.execute(
            update(ArticleRow).where(ArticleRow.id == "art_gone").values(withdrawn_ms=1, withdrawn_by="cms")
        )
        error = {"code": "unspeakable_text", "title": "t", "detail": PAYLOAD, "block": 1, "start": 0, "end": 27}
        session.execute(update(JobRow).where(JobRow.id == "job_failed").values(state="failed", error=error))


def test_voices_of_the_language_come_first_and_test_tones_not_at_all(parts: Parts) -> None:
    known = {"tone": ("tone:beep", "en"), "piper": ("piper:de", "de-DE"), "other": ("other:en", "en-GB")}
    voices = [
        SimpleNamespace(engine=engine, id=name, language=tag, cpu_s_per_minute=None, digital_source_type=None)
        for engine, (name, tag) in known.items()
    ]
    house: Any = SimpleNamespace(voices=SimpleNamespace(voices=lambda: voices))
    house.settings = parts.settings.model_copy(update={"test_voices": False})
    assert [voice.id for voice in voices_offered(house, first="de-AT")] == ["piper:de", "other:en"]
    assert [voice.id for voice in voices_offered(house, first="en")] == ["other:en", "piper:de"]
    voices.append(SimpleNamespace(**vars(voices[1]) | {"id": "piper:af", "language": "af"}))
    found = [(voice.group, voice.id) for voice in voices_offered(house, first="de-AT")]
    assert found == [("de", "piper:de"), ("en", "other:en"), ("", "piper:af")]
    del voices[-1]
    house.settings = parts.settings.model_copy(update={"test_voices": True})
    assert [voice.id for voice in voices_offered(house, "en")] == ["tone:beep", "other:en"]
    ready_clip(parts, language="de")
    assert (site_language(parts, "gazette"), site_language(parts, "times")) == ("de", None)


@pytest.mark.usefixtures("several")
class TestList:
    def test_articles_are_found_by_state_site_and_words(self, client: TestClient, anna: Signed) -> None:
        assert set(listed(client, anna)) == {f"art_{name}" for name in ("ready", "held", "failed", "gone", "made")}
        for state, name in (("held", "held"), ("failed", "failed"), ("withdrawn", "gone"), ("rendering", "made")):
            assert set(listed(client, anna, f"?state={state}")) == {f"art_{name}"}
        assert listed(client, anna, "?site=herald") == ["art_made"]
        assert listed(client, anna, "?q=example.org/rea") == listed(client, anna, "?q=ready") == ["art_ready"]
        assert len(listed(client, anna, "?q=NEW+bridge")) == 5
        assert listed(client, anna, "?q=100%25") == listed(client, anna, "?state=nonsense") == []

    def test_a_failed_one_shows_its_sentence_and_reason_and_nothing_runs(
        self, client: TestClient, anna: Signed
    ) -> None:
        shown = read(client, "/staff/articles?state=failed", anna)
        assert "The bridge opened on Monday" in shown
        assert "&lt;script&gt;alert(1)" in shown
        assert PAYLOAD not in shown
        assert "Retry" in shown

    def test_an_editor_sees_only_the_articles_of_their_sites(self, client: TestClient, parts: Parts) -> None:
        editor = signed(parts, "editor@example.org", "staff")
        set_sites(parts.database, editor.person.id, ["herald"], "test")
        assert listed(client, editor) == ["art_made"]
        assert "Hear and release" not in read(client, "/staff/articles", editor)
        read(client, "/staff/articles/art_made", editor)
        for path in ("/staff/articles/art_ready", "/staff/articles/art_ready/r/1/audio.mp3"):
            read(client, path, editor, status=403)
        assert send(client, "/staff/articles/art_ready", editor, do="withdraw").status_code == 403
        assert send(client, "/staff/articles/retry", editor, job="job_failed").status_code == 403
        assert send(client, "/staff/articles/new", editor, text="A heron.", site="gazette").status_code == 403

    def test_pages_go_on_where_the_one_before_ended(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        for number in range(60):
            rendering_clip(parts, name=f"n{number:02}", site="times", sentences=())
        path, seen = "/staff/articles?site=times", []
        while path:
            shown = read(client, path, anna)
            seen += re.findall(r'href="/staff/articles/(art_\w+)"', shown)
            path = next((one.replace("&amp;", "&") for one in re.findall(r'href="([^"]*below=[^"]*)"', shown)), "")
        assert seen == [f"art_n{number:02}" for number in reversed(range(60))]

    def test_a_page_takes_few_statements(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        def statements(path: str) -> int:
            found: list[str] = []

            def count(_: Any, __: Any, statement: str, *rest: Any) -> None:
                found.append(statement)

            database_events.listen(parts.database.engine, "before_cursor_execute", count)
            read(client, path, anna)
            database_events.remove(parts.database.engine, "before_cursor_execute", count)
            return sum(not one.startswith(("PRAGMA", "BEGIN")) for one in found)

        read(client, "/staff/articles", anna)  # the first request of a process makes the day's key
        assert statements("/staff/articles") <= 12
        assert statements("/staff/articles/art_ready") <= 18


class TestArticle:
    @pytest.fixture
    def workers(self, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Workers:
        return Workers(parts, monkeypatch)

    def made(self, parts: Parts, workers: Workers, **values: Any) -> str:
        job = submit(parts, make_article(title=PAYLOAD, **values), TONE).job_id
        assert workers.render(job)
        return f"/staff/articles/{article_of(parts, job)}"

    def test_versions_say_why_they_were_made(
        self, client: TestClient, parts: Parts, anna: Signed, workers: Workers
    ) -> None:
        path = self.made(parts, workers)
        self.made(parts, workers, source="Another text.")
        assert send(client, path, anna, do="voice", voice="tone:low", why="x").status_code == 303
        at_work = read(client, path, anna)
        assert "an earlier version is heard" in at_work
        assert renewed(at_work) == {
            "now": "rendering",
            "here": "recordable rendering",
            "earlier": "2",
            "sound": "player",
            "doing": "0 queued",
            "change": "rendering out",
        }
        with parts.database.reading() as session:
            job = session.scalars(select(JobRow.id).order_by(JobRow.revision.desc())).first()
        assert workers.render(str(job))
        assert renewed(read(client, path, anna)) == {
            "now": "ready",
            "here": "recordable ready",
            "earlier": "",
            "sound": "player",
            "doing": "succeeded",
            "change": "ready out",
        }
        shown = read(client, path, anna)
        assert "an earlier version is heard" not in shown
        why = [
            one
            for one in ("a correction", "the text changed", "first version")
            if re.search(rf"<td>(?:<a [^>]*>)?{one}", shown)
        ]
        assert why == ["a correction", "the text changed", "first version"]
        assert (shown.count("heard now"), "<td>low<" in shown) == (1, True)
        assert PAYLOAD not in shown
        assert deeds(parts.database)[0].what == "correction.accepted"
        assert "is not a speed" in send(client, path, anna, do="voice", rate="fast").text

    def test_a_held_version_is_heard_by_session_and_released(
        self, client: TestClient, parts: Parts, anna: Signed, workers: Workers
    ) -> None:
        set_options(parts.database, "gazette", {"hold": True})
        path = self.made(parts, workers)
        assert "Listeners hear nothing yet." in read(client, path, anna)
        sound = f"{path}/r/1/audio.mp3"
        assert client.get(sound).status_code == 401
        got = client.get(sound, headers=anna.headers)
        assert (got.status_code, got.headers["content-type"], got.headers["cache-control"]) == (
            200,
            "audio/mpeg",
            "no-store",
        )
        assert "Revision 1 is held now" in send(client, path, anna, do="release", revision="2").text
        assert heard(parts) is None
        assert send(client, path, anna, do="release", revision="1").status_code == 303
        assert heard(parts) is not None
        assert "waits for release" not in read(client, path, anna)

    def test_a_withdrawn_article_is_restored_without_being_spoken_again(
        self, client: TestClient, parts: Parts, anna: Signed, workers: Workers
    ) -> None:
        path = self.made(parts, workers)
        done = send(client, path, anna, do="withdraw")
        told = re.findall(r'<p role="status" id="told" [^>]*>(.*?)</p>', read(client, done.headers["location"], anna))
        assert (done.status_code, told) == (303, ["Article withdrawn"])
        assert heard(parts) is None
        assert "by a person" in read(client, path, anna)
        assert "withdrawn already" in send(client, path, anna, do="withdraw").text
        assert "restore it first" in send(client, path, anna, do="render").text
        assert send(client, path, anna, do="restore").status_code == 303
        assert heard(parts) is not None
        with parts.database.reading() as session:
            assert len(session.scalars(select(JobRow)).all()) == 1
        assert [one.what for one in deeds(parts.database)[:2]] == ["article.restored", "article.withdrawn"]

    def test_an_article_is_found_by_words_of_its_text(
        self, client: TestClient, parts: Parts, anna: Signed, workers: Workers
    ) -> None:
        found = self.made(parts, workers).rpartition("/")[2]
        self.made(parts, workers, external_id="2", source="Something else.")
        assert listed(client, anna, "?q=northern+cyclists") == [found]
        assert listed(client, anna, "?q=northern+zebras") == []

    def test_other_sites_articles_dont_crowd_out_those_of_a_small_one(
        self, client: TestClient, parts: Parts, anna: Signed, workers: Workers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(listing, "_MOST_FOUND", 1)
        found = self.made(parts, workers, site="herald").rpartition("/")[2]
        self.made(parts, workers)
        assert listed(client, anna, "?site=herald&q=northern+cyclists") == [found]

    def test_a_form_changes_only_the_article_of_its_page(
        self, client: TestClient, parts: Parts, workers: Workers
    ) -> None:
        """Whatever clip the form names: it could be another site's."""
        editor = signed(parts, "editor@example.org", "staff")
        set_sites(parts.database, editor.person.id, ["gazette"], "test")
        set_options(parts.database, "herald", {"hold": True})
        own = self.made(parts, workers)
        self.made(parts, workers, site="herald", external_id="2")
        with parts.database.reading() as session:
            theirs = session.scalars(select(ClipRevisionRow.clip_id).where(ClipRevisionRow.state == "held")).one()
        assert send(client, own, editor, do="release", clip=theirs).status_code == 409
        assert heard(parts, "2") is None

    def test_what_the_cms_withdrew_only_the_cms_publishes(
        self, client: TestClient, parts: Parts, anna: Signed, workers: Workers
    ) -> None:
        path = self.made(parts, workers)
        withdraw(parts, "gazette", "1")
        with parts.database.writing() as session:
            session.execute(update(ArticleRow).values(withdrawn_by="cms"))
        assert "publish it again there" in read(client, path, anna)
        assert send(client, path, anna, do="restore").status_code == 409
        assert heard(parts) is None

    def test_rendering_again_says_so_where_nothing_would_change(
        self, client: TestClient, parts: Parts, anna: Signed, workers: Workers
    ) -> None:
        path = self.made(parts, workers)
        refused = send(client, path, anna, do="render")
        assert (refused.status_code, "it would sound the same" in refused.text) == (409, True)
        gone = send(client, path, anna, do="voice", voice="tone:no-such-voice")
        assert "no-such-voice" in gone.text

    def test_a_failed_article_is_retried_from_the_list(
        self, client: TestClient, parts: Parts, anna: Signed, workers: Workers
    ) -> None:
        path = self.made(parts, workers)
        with parts.database.writing() as session:
            session.execute(update(JobRow).values(state="failed", live_key=None, error={"detail": "d", "title": "t"}))
            failed = session.scalars(select(JobRow.id)).one()
        done = send(client, "/staff/articles/retry", anna, job=failed, back="?state=failed")
        assert (done.status_code, done.headers["location"]) == (303, "/staff/articles?state=failed")
        with parts.database.reading() as session:
            assert session.scalars(select(JobRow.state).order_by(JobRow.revision)).all() == ["failed", "queued"]
        assert "waiting" in read(client, path, anna)

    def test_a_pronunciation_is_added_for_this_article_only(
        self, client: TestClient, parts: Parts, anna: Signed, workers: Workers
    ) -> None:
        path = self.made(parts, workers)
        refused = send(client, path, anna, do="pronounce", grapheme="Elmsworth", language="en")
        assert refused.status_code == 400
        assert 'value="Elmsworth"' in refused.text
        done = send(client, path, anna, do="pronounce", grapheme="Elmsworth", alias="Elms worth", language="en")
        assert done.headers["location"] == f"{path}?done=lexicon.added#told"
        with parts.database.reading() as session:
            entry = session.scalars(select(LexiconEntryRow)).one()
        assert (entry.scope, entry.site, entry.article, entry.alias) == ("article", "gazette", "1", "Elms worth")
        assert "Elms worth" in read(client, path, anna)

    def test_unknown_articles_and_forms_are_named(
        self, client: TestClient, parts: Parts, anna: Signed, workers: Workers
    ) -> None:
        read(client, "/staff/articles/art_none", anna, status=404)
        path = self.made(parts, workers)
        assert send(client, path, anna, do="paint").status_code == 400
        read(client, f"{path}/r/7/audio.mp3", anna, status=404)


def paste(client: TestClient, parts: Parts, **fields: str) -> Any:
    return send(client, "/staff/articles/new", signed(parts), **fields)


class TestNew:
    def test_a_pasted_text_becomes_a_job_that_waits_for_nothing(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        done = paste(client, parts, text=" Two herons stood at the weir. \n\n", title="Herons")
        with parts.database.reading() as session:
            job = session.scalars(select(JobRow)).one()
            text = session.scalars(select(ArticleRevisionRow)).one()
            assert (job.site, job.queue, text.title) == ("pasted", "breaking", "Herons")
            assert (text.source, text.source_format) == ("Two herons stood at the weir.", "text")
            assert job.due_ms <= parts.database.now_ms(session)
        where = f"/staff/articles/{job.article_id}"
        assert (done.status_code, done.headers["location"]) == (303, where)
        assert deeds(parts.database)[0].what == "job.entered"
        assert "Waiting for a free voice." in read(client, where, anna)
        again = paste(client, parts, text="Two herons stood at the weir.", title="Herons")
        assert again.headers["location"] == where

    def test_the_site_of_the_newest_article_is_offered(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        assert re.findall(r"<option selected>(\w+)<", read(client, "/staff/articles/new", anna)) == ["pasted"]
        ready_clip(parts, site="herald")
        page = read(client, "/staff/articles/new", anna)
        assert re.findall(r"<option selected>(\w+)<", page) == ["herald"]
        assert "pasted" not in page
        assert '<optgroup label="English">' in page

    def test_where_everything_is_skipped_the_page_says_why(
        self, client: TestClient, parts: Parts, anna: Signed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        where = paste(client, parts, text="Share\n\nRelated stories\n\nOne link").headers["location"]
        with parts.database.reading() as session:
            job = session.scalars(select(JobRow.id)).one()
        with pytest.raises(NothingToSpeak) as caught:
            Workers(parts, monkeypatch).render(job)
        said = {"code": caught.value.code, "title": caught.value.title, "detail": caught.value.message}
        with parts.database.writing() as session:
            failed = {"state": "failed", "error": said | caught.value.details}
            session.execute(update(JobRow).where(JobRow.id == job).values(**failed))
        shown, listed_so = read(client, where, anna), read(client, "/staff/articles", anna)
        assert "not read: " in shown
        assert "Related stories" in shown
        assert "Nothing in this article is spoken" in shown
        assert "Nothing in this article is spoken" in listed_so
        assert "tts-service" not in shown + listed_so

    def test_a_text_without_a_title_is_called_by_its_first_words(
        self, client: TestClient, parts: Parts, anna: Signed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        where = paste(client, parts, text="Two herons stood at the weir. " * 9, voice="tone:beep").headers["location"]
        with parts.database.reading() as session:
            job = session.scalars(select(JobRow.id)).one()
        assert Workers(parts, monkeypatch).render(job)
        for path in (where, "/staff/articles"):
            assert re.search(r"Two herons stood at the weir. Two herons stood [^<]* …", read(client, path, anna))

    def test_it_can_be_of_another_site_and_in_a_chosen_voice(self, client: TestClient, parts: Parts) -> None:
        paste(client, parts, text="Two herons.", site="gazette", voice="tone:low")
        with parts.database.reading() as session:
            job = session.scalars(select(JobRow)).one()
        assert (job.site, job.voice) == ("gazette", "tone:low")

    def test_the_page_of_an_address_is_fetched(
        self, client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fetched(url: str, _: Outbound) -> Article:
            assert url == "https://news.example.org/weir"
            return Article(
                site="local",
                external_id=url,
                source="<article><h1>Herons</h1><p>Two herons stood at the weir.</p></article>",
                source_format=SourceFormat.HTML,
                url=WebAddress(url),
            )

        monkeypatch.setattr(articles, fetch_article.__name__, fetched)
        assert paste(client, parts, text="https://news.example.org/weir").status_code == 303
        with parts.database.reading() as session:
            text = session.scalars(select(ArticleRevisionRow)).one()
            assert (text.source_format, text.url) == ("html", "https://news.example.org/weir")

    def test_what_cannot_be_spoken_is_said_on_the_page_and_kept_in_the_form(
        self, client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        empty = paste(client, parts, text="  ", title="Herons")
        assert empty.status_code == 422
        assert "Enter a text, or the address of an article." in empty.text
        assert 'value="Herons"' in empty.text

        def refused(*_: object) -> Article:
            raise AddressRefused("http://127.0.0.1/ is not on the public internet.")

        monkeypatch.setattr(articles, fetch_article.__name__, refused)
        got = paste(client, parts, text="http://127.0.0.1/<b>")
        assert got.status_code == AddressRefused.status
        assert "127.0.0.1/ is not on the public internet." in got.text
        assert ">http://127.0.0.1/&lt;b&gt;</textarea>" in got.text
        assert 'role="alert"' in got.text

    def test_a_text_that_begins_with_an_address_is_a_text(self, client: TestClient, parts: Parts) -> None:
        assert paste(client, parts, text="https://news.example.org has a new design.").status_code == 303
        with parts.database.reading() as session:
            assert session.scalars(select(ArticleRevisionRow)).one().source_format == "text"

    def test_the_page_of_a_clip_in_the_making_says_how_far_it_is_and_what_is_skipped(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        rendering_clip(parts)
        with parts.database.writing() as session:
            session.execute(update(JobRow).values(state="running", done=2, total=5))
        text = read(client, "/staff/articles/art_1", anna)
        assert "2 of 5 sentences" in text
        assert '<progress max="5" value="2"' in text
        assert '<div id="made">' in text
        assert "not read: Caption" in text
        with parts.database.writing() as session:
            session.execute(update(JobRow).values(state="failed", error={"detail": "No voice speaks Klingon."}))
        text = read(client, "/staff/articles/art_1", anna)
        assert "No voice speaks Klingon." in text
        assert '<div id="made" data-ended>' in text
