"""A whole site is erased: nothing of it is left anywhere, and the site beside it lost nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from tests.parts.factories import make_article, make_parts
from tests.parts.quick_render import Workers
from tests.parts.whole_site import everything, fill_site
from tests.retention.test_doomed import later
from tts_service.access.audit import COMMAND_LINE, Deed, deeds, note
from tts_service.access.keys import SCOPES, create_key
from tts_service.cms.checks.rounds import add_new_sites
from tts_service.cms.inbox.addresses import add_hook
from tts_service.commands import app as command_line
from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, Base, ClipRow, JobRow, LexiconEntryRow, SiteRow, StaffRow
from tts_service.errors import NotFound, ServiceError, SiteClosed
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.newsroom.lexicon_version import lexicon_version
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.retention import erasure, site_erasure, site_unnaming
from tts_service.retention.article_lexicon import forget_site_exceptions
from tts_service.retention.doomed import LATE_WRITES_MS, delete_doomed
from tts_service.retention.site_erasure import close_site, erase_site, go_on_erasing, weigh_site
from tts_service.retention.site_rows import CHANGED, OF_NO_SITE, all_rows
from tts_service.retention.trail import name_hash

GONE, STAYS = "erase-me", "leave-this"


class Killed(BaseException):
    """The process ends here."""


def two_sites(parts: Parts) -> dict[str, set[str]]:
    """Everything of two sites. Returns what belongs to the one that stays."""
    for site in (GONE, STAYS):
        fill_site(parts, site)
    return only(everything(parts), STAYS)


def only(found: dict[str, set[str]], mark: str) -> dict[str, set[str]]:
    """The rows and objects that name a site, and no other."""
    other = {GONE: STAYS, STAYS: GONE}[mark]
    return {place: {one for one in all_ if mark in one and other not in one} for place, all_ in found.items()}


def left(parts: Parts) -> list[str]:
    """What still names the erased site."""
    return [f"{place}: {one}" for place, all_ in everything(parts).items() for one in sorted(all_) if GONE in one]


def forget(parts: Parts) -> None:
    """Time goes by, and beat does the rest."""
    later(parts, LATE_WRITES_MS)
    with parts.database.writing() as session:
        session.execute(update(SiteRow).values(emptied_ms=SiteRow.emptied_ms - LATE_WRITES_MS))
    go_on_erasing(parts, within_s=60)
    delete_doomed(parts)


def is_emptied(parts: Parts) -> bool:
    """Whether only the site's own row is left."""
    with parts.database.reading() as session:
        return session.get_one(SiteRow, GONE).emptied_ms is not None


def test_every_table_is_deleted_from_changed_or_of_no_site() -> None:
    deleted = {one.table for one in all_rows(GONE)}
    tables = [*deleted, *CHANGED, *OF_NO_SITE]
    assert sorted(table.__tablename__ for table in tables) == sorted(Base.metadata.tables)


def test_nothing_is_left_of_an_erased_site_and_nothing_is_missing_of_another(parts: Parts) -> None:
    kept = two_sites(parts)
    assert {one.table.__tablename__ for one in all_rows(GONE)} == set(weigh_site(parts, GONE).rows)
    before = lexicon_version(parts.database, STAYS, "")
    done = erase_site(parts, GONE, COMMAND_LINE)
    assert (done.finished, done.rows > 50, done.files > 5) == (True, True, True)
    forget(parts)
    assert left(parts) == []
    assert only(everything(parts), STAYS) == kept
    assert lexicon_version(parts.database, STAYS, "") != before  # an entry for all sites leaves out one article less
    with parts.database.reading() as session:
        assert {tuple(row.sites or ()) for row in session.scalars(select(StaffRow))} == {("z",), ("z", STAYS)}
        assert {
            str(row.except_articles) for row in session.scalars(select(LexiconEntryRow)) if row.scope == "global"
        } == {
            "[['z', '1']]",
            f"[['{STAYS}', '{STAYS}-1'], ['z', '1']]",
        }


def test_the_audit_log_keeps_who_and_when_and_hashes_for_names(parts: Parts) -> None:
    two_sites(parts)
    erase_site(parts, GONE, "staff:stf_9")
    lines = {line.subject: line for line in deeds(parts.database)}
    assert [line.what for line in deeds(parts.database) if line.subject == name_hash(GONE)] == [
        "site.erased",
        "site.closed",
        "x",
        "site.origins",
        "site.options",
    ]
    assert lines[name_hash(GONE)].who == COMMAND_LINE
    assert lines[name_hash(f"{GONE}/{GONE}-1")].details == {}
    assert lines["stf_1"].site is None


def test_what_a_worker_writes_late_is_erased_too(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(parts, monkeypatch)
    lease = workers.begin(submit(parts, make_article(site=GONE), Wish(voice="tone:beep")).job_id)
    assert lease is not None
    with parts.database.reading() as session:
        clip = session.scalars(select(ClipRow.id)).one()
    erase_site(parts, GONE, COMMAND_LINE)
    assert workers.finish(lease) is False
    parts.store.put(f"live/{clip}/1/0-1", b"late")
    with parts.database.writing() as session:
        note(parts.database, session, Deed(who=COMMAND_LINE, what="late", subject="7", site=GONE))
    forget(parts)
    assert left(parts) == []
    assert not list(parts.store.names(""))


def test_nothing_is_accepted_for_a_site_that_is_being_erased_until_it_is_forgotten(parts: Parts) -> None:
    submit(parts, make_article(site=GONE), Wish(voice="tone:beep"))
    erase_site(parts, GONE, COMMAND_LINE)
    again: list[Callable[[], Any]] = [
        lambda: submit(parts, make_article(site=GONE), Wish(voice="tone:beep")),
        lambda: set_options(parts.database, GONE, {"hold": True}),
        lambda: add_hook(parts.database, "ghost", GONE),
        lambda: create_key(parts.database, "cms", SCOPES, site=GONE),
    ]
    for attempt in again:
        with pytest.raises(SiteClosed):
            attempt()
    submit(parts, make_article(site=STAYS), Wish(voice="tone:beep"))
    add_new_sites(parts)
    forget(parts)
    for attempt in again:
        attempt()


def test_an_erasure_that_is_killed_at_any_write_is_resumed_by_the_same_command(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, wrote = two_sites(parts), Database.writing
    for deadly in range(1, 100):  # each time it gets a little further
        count = iter(range(1, 10_000))

        @contextmanager
        def killed(database: Database, count: Iterator[int] = count, deadly: int = deadly) -> Iterator[Any]:
            with wrote(database) as session:
                yield session
            if next(count) == deadly:
                raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(Database, "writing", killed)
            try:
                erase_site(parts, GONE, COMMAND_LINE)
                break
            except Killed:
                continue
    assert deadly > 5
    forget(parts)
    assert left(parts) == []
    assert only(everything(parts), STAYS) == kept


def test_beat_carries_on_in_small_turns_where_a_command_was_stopped(parts: Parts) -> None:
    kept = two_sites(parts)
    assert not erase_site(parts, GONE, COMMAND_LINE, within_s=0).finished
    turns = 0
    while not is_emptied(parts):
        go_on_erasing(parts, within_s=0)
        turns += 1
    assert 10 < turns < 100
    forget(parts)
    assert left(parts) == []
    assert only(everything(parts), STAYS) == kept


def test_a_turn_ends_with_the_transaction_in_which_its_time_is_up(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        submit(parts, make_article(site=GONE, external_id=f"{number}"), Wish(voice="tone:beep"))
    close_site(parts, GONE, COMMAND_LINE)
    monkeypatch.setattr(erasure, "_AT_ONCE", 1)

    def online() -> int:
        with parts.database.reading() as session:
            return session.scalar(select(func.count()).where(ArticleRow.withdrawn_ms.is_(None))) or 0

    assert online() == 3
    for still in (2, 1, 0):
        go_on_erasing(parts, within_s=0)
        assert online() == still


def test_what_has_to_be_searched_for_is_searched_once_before_and_once_after_the_rest(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_sites(parts)
    searched: list[str] = []
    search = forget_site_exceptions

    def counted(parts: Parts, session: Session, site: str) -> int:
        searched.append(site)
        return search(parts, session, site)

    monkeypatch.setattr(site_unnaming, "forget_site_exceptions", counted)
    close_site(parts, GONE, COMMAND_LINE)
    while not is_emptied(parts):
        go_on_erasing(parts, within_s=0)
    assert searched == [GONE]
    forget(parts)
    assert searched == [GONE, GONE]


def test_an_article_that_is_corrected_meanwhile_is_not_called_erased(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(parts, make_article(site=GONE), Wish(voice="tone:beep"))
    ticks = itertools.count()
    with monkeypatch.context() as patch:
        patch.setattr(site_erasure, "erase_own_rows", lambda *_, **__: None)  # corrected at each attempt
        done = erase_site(parts, GONE, COMMAND_LINE, within_s=50, clock=lambda: next(ticks))
    assert not done.finished
    assert "site.erased" not in [line.what for line in deeds(parts.database)]
    go_on_erasing(parts, within_s=60)
    assert is_emptied(parts)


def test_log_lines_with_its_names_go(parts: Parts) -> None:
    fill_site(parts, GONE)
    logs = parts.settings.data_dir / "logs"
    logs.mkdir()
    stays = "job job_elsewhere of leave-this was rendered\nnothing about erase-merely\n"
    goes = f'job job_{GONE}-1 was left\nsite={GONE}: odd\n"https://example.org/{GONE}-1" is slow\n'
    (logs / "worker.log").write_text(goes + stays)
    assert erase_site(parts, GONE, COMMAND_LINE).log_lines == 3
    assert (logs / "worker.log").read_text() == stays


def test_the_command_counts_first_and_wants_the_name_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = make_parts(tmp_path)
    submit(parts, make_article(site=GONE), Wish(voice="tone:beep"))
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))

    def articles() -> int:
        with parts.database.reading() as session:
            return session.scalar(select(func.count()).select_from(JobRow)) or 0

    shown = CliRunner().invoke(command_line, ["erase", GONE, "--all", "--dry-run"])
    assert (shown.exit_code, articles()) == (0, 1)
    assert "article_revisions  1" in shown.output
    wrong = CliRunner().invoke(command_line, ["erase", GONE, "--all"], input="yes\n")
    assert (wrong.exit_code, articles()) == (1, 1)
    right = CliRunner().invoke(command_line, ["erase", GONE, "--all"], input=f"{GONE}\n")
    assert (right.exit_code, articles()) == (0, 0)
    for arguments in ([GONE], [GONE, "1", "--all"], [GONE, "1", "--dry-run"]):
        refused = CliRunner().invoke(command_line, ["erase", *arguments])
        assert isinstance(refused.exception, ServiceError)
    unknown = CliRunner().invoke(command_line, ["erase", "nobody", "--all", "--yes"])
    assert isinstance(unknown.exception, NotFound)
