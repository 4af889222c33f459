"""`tts-service hooks`: what staff type, and what they read."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from sqlalchemy import select
from typer.testing import CliRunner

from tests.parts.factories import make_article, make_parts
from tests.parts.places import ROOT
from tests.parts.webhook_sender import heard_by_strangers
from tests.parts.webhooks import NAMES, Desk, delivery_of, desk, make_hook, now_ms
from tts_service.cms.inbox.addresses import add_hook, find_hook, hook_path
from tts_service.cms.inbox.process import process_due
from tts_service.cms.inbox.receive import Inbox
from tts_service.cms.inbox.staff import event_facts
from tts_service.cms.sources.registry import SOURCES
from tts_service.cms.sources.sample import SAMPLE
from tts_service.commands import app
from tts_service.commands import hooks as commands
from tts_service.db.tables import ArticleRow, AuditRow, InboundEventRow
from tts_service.errors import Conflict, InputRefused, NotFound, RemoteUnavailable
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.jobs.versions import Version
from tts_service.parts import Parts
from tts_service.web.app import create_app


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(make_parts(tmp_path_factory.mktemp("desk"), public_url="https://audio.example")) as built:
        yield built


@pytest.fixture
def parts(built: Desk, monkeypatch: pytest.MonkeyPatch) -> Parts:
    parts = built.cleared().parts
    monkeypatch.setattr(commands, "parts", lambda: parts)
    monkeypatch.setattr("tts_service.commands.hook_events.parts", lambda: parts)
    return parts


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["hooks", *words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("source", NAMES)
def test_add_prints_an_address_that_works_and_the_secret(parts: Parts, source: str) -> None:
    told = run("add", source, "--site", "gazette")
    hook_id = told.split()[1]
    hook = find_hook(parts.database, hook_id)
    assert hook is not None
    assert f"https://audio.example{hook_path(hook)}" in told
    assert hook.secret in told
    assert f"docs/cms/{source}.md" in told
    assert (ROOT / "docs" / "cms" / f"{source}.md").exists()


@pytest.mark.parametrize("source", NAMES)
def test_each_cms_has_a_page_of_at_most_ten_steps(source: str) -> None:
    page = (ROOT / "docs" / "cms" / f"{source}.md").read_text("utf-8")
    steps = [line.split(".")[0] for line in page.splitlines() if line[:1].isdigit()]
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert 5 <= len(steps) <= 10


def test_options_are_kept_shown_and_settled_anew(parts: Parts) -> None:
    told = run(
        "add",
        "strapi",
        "--site",
        "gazette",
        "--type",
        "news",
        "--type",
        "story",
        "--field",
        "body=content",
        "--set",
        "api_url=https://cms.example",
        "--set",
        "api_token=very secret",
        "--set",
        "formats=mp3, opus",
    )
    hook_id = told.split()[1]
    hook = find_hook(parts.database, hook_id)
    assert hook is not None
    assert (hook.options.types, hook.options.fields, hook.options.formats) == (
        ("news", "story"),
        {"body": "content"},
        ("mp3", "opus"),
    )
    assert "very secret" not in run("list")
    assert "news" in run()
    run("set", hook_id, "--set", "language=de")
    changed = find_hook(parts.database, hook_id)
    assert changed is not None
    assert (changed.options.language, changed.options.types, changed.secret) == ("de", (), hook.secret)
    assert json.loads(run("list", "--json"))[0]["options"] == {"language": "de"}


@pytest.mark.parametrize(
    "words",
    [
        "joomla --site s",
        "ghost --site .s",
        "ghost --site s --secret x",
        "generic --site s --secret not-in-the-form-of-the-standard",
        "ghost --site s --set colour=red",
        "ghost --site s --set queue=later",
        "ghost --site s --set formats=wma",
        "ghost --site s --set api_url=cms",
        "ghost --site s --field bodi=x",
        "ghost --site s --field body",
    ],
)
def test_what_cant_be_is_refused_and_nothing_is_kept(parts: Parts, words: str) -> None:
    with pytest.raises(InputRefused):
        run("add", *words.split())
    assert run("list", "--json").strip() == "[]"


def test_removed_and_unknown_ones(parts: Parts) -> None:
    hook = make_hook(parts, "ghost")
    run("remove", hook.id)
    for words in (("remove", hook.id), ("set", hook.id), ("test", hook.id), ("replay", "evt_nobody")):
        with pytest.raises(NotFound):
            run(*words)


def test_events_are_shown_and_done_again(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tts_service.commands.hook_events._WAIT_S", 0.0)
    hook = make_hook(parts, "ghost")
    receipt = Inbox(parts).take_in("ghost", hook.id, delivery_of(hook, "published"))
    process_due(parts)
    assert receipt.event_id is not None
    line = run("events").splitlines()[0]
    assert receipt.event_id in line
    assert "published 65a1f0c2e4b0a90001c0ffee" in line
    assert "queued job_" in line
    assert run("events", "--state", "refused") == ""
    assert json.loads(run("events", "--json"))[0]["state"] == "done"
    assert "received" in run("replay", receipt.event_id)
    process_due(parts)
    outcome = event_facts(parts.database, receipt.event_id).outcome
    assert outcome
    assert outcome[0]["state"] == "unchanged"


@pytest.fixture
def address(parts: Parts) -> Iterator[str]:
    """The application on a port, with a beat that does what comes in."""
    server = uvicorn.Server(uvicorn.Config(create_app(parts), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    over = threading.Event()

    def beat() -> None:
        while not over.wait(0.05):
            process_due(parts)

    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    over.set()
    beating.join(10)
    server.should_exit = True
    thread.join(10)


def left_of_the_sample(parts: Parts) -> list[str]:
    with parts.database.reading() as session:
        return [row.external_id for table in (ArticleRow, InboundEventRow) for row in session.scalars(select(table))]


@pytest.mark.parametrize("source", NAMES)
def test_test_sends_a_signed_sample_through_the_real_address_and_leaves_nothing(
    parts: Parts, address: str, source: str
) -> None:
    hook: Any = add_hook(parts.database, source, "gazette")
    told = run("test", hook.id, "--to", address)
    assert told.startswith("202 after ")
    assert ": queued job_" in told
    assert "The connection works for site gazette." in told
    assert left_of_the_sample(parts) == []
    assert run("events") == ""


def test_the_sample_is_never_public(parts: Parts, built: Desk) -> None:
    hook = make_hook(parts, "wordpress")
    sent = SOURCES["wordpress"].sample(SAMPLE, hook, hook_path(hook), now_ms())
    Inbox(parts).take_in("wordpress", hook.id, sent)
    process_due(parts)
    assert left_of_the_sample(parts)[0] == SAMPLE.external_id
    assert heard_by_strangers(built, SAMPLE.external_id, "A test of the connection") == []


def test_test_says_at_which_step_it_failed(parts: Parts, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = make_hook(parts, "ghost", voice="tone:nobody")
    with pytest.raises(Conflict, match="Step 3 of 3, processing the article: unknown_voice"):
        run("test", hook.id, "--to", address)
    monkeypatch.setattr("tests.commands.test_hooks.process_due", lambda parts: 0)
    monkeypatch.setattr("tts_service.commands.hook_events._WAIT_S", 0.0)
    with pytest.raises(Conflict, match="Are beat and a worker running"):
        run("test", hook.id, "--to", address)
    assert left_of_the_sample(parts) == []


def test_an_article_is_taken_offline_and_stays_so_whatever_the_cms_shows(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tts_service.commands.articles.built", lambda: parts)
    for locale in ("de", "en"):
        submit(parts, make_article(external_id=f"7:{locale}"), Wish(), version=Version(document_id="7", locale=locale))

    def articles(*words: str) -> str:
        done = CliRunner().invoke(app, ["articles", *words])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output

    assert json.loads(articles("list", "gazette", "--json"))[0]["heard by"] == "public"
    assert articles("withdraw", "gazette", "7").split() == ["7:de", "is", "offline", "7:en", "is", "offline"]
    assert {row["heard by"] for row in json.loads(articles("list", "gazette", "--json"))} == {"nobody"}
    with parts.database.reading() as session:
        assert [row.subject for row in session.scalars(select(AuditRow))] == ["7:de", "7:en"]
        assert all(row.withdrawn_by is None for row in session.scalars(select(ArticleRow)))
    with pytest.raises(NotFound):
        articles("withdraw", "gazette", "8")


def test_test_says_what_is_wrong(parts: Parts, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = make_hook(parts, "ghost")
    with pytest.raises(RemoteUnavailable, match="no response from"):
        run("test", hook.id, "--to", "http://127.0.0.1:9")
    monkeypatch.setattr("tts_service.cms.inbox.receive.MAX_BYTES", 1)
    monkeypatch.setattr("tts_service.web.api.webhooks.MAX_BYTES", 1)
    with pytest.raises(Conflict, match="at most 1 bytes"):
        run("test", hook.id, "--to", address)
