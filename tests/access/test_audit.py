"""Whatever changes something for the newsroom leaves a line in the audit log, every route and every command; and
nothing of it happens where that line can't be written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from click import Command
from sqlalchemy import event, select
from typer.testing import CliRunner

from tests.measure.doors.authorisation import Caller, Door, Row, World, _headers, _send, areas, table, world
from tests.parts.factories import make_parts
from tests.parts.staff_rows import kept_event
from tests.parts.web_rows import ready_clip
from tts_service.access.audit import COMMAND_LINE, deeds
from tts_service.access.keys import SCOPES, create_key
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.callbacks.log import send_test
from tts_service.cms.inbox.addresses import add_hook
from tts_service.commands import app as command_line
from tts_service.db.tables import AuditRow, Base, DeliveryRow
from tts_service.engines.voices.voice_files import CONFIG_FILE, MODEL_FILE, VoiceFacts, write_facts
from tts_service.errors import DatabaseUnavailable
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope

_WEIGHED = (
    "/v1/lexicon/impact",
    "/v1/lexicon/impact/import",
    "/v1/preview",
    "/v1/preview/ipa",
    "/v1/preview/suggestions",
)
"""Routes that say or let hear what a change would do."""
KEPT_ELSEWHERE = {
    "POST /v1/jobs": "the job itself says when and whose",
    "POST /v1/explain": "changes nothing",
    "POST /v1/audio/speech": "keeps no text; speech_usage counts its characters by day",
    "POST /staff/voices": "refused here: tests/web/test_voices_page.py looks at the lines",
    "POST /staff/sites/{site}/audition": "changes nothing; a voice that is chosen has its line",
    **dict.fromkeys(
        (
            "POST /v1/articles/{site}/{external_id:path}/recording",
            "POST /v1/articles/{site}/{external_id:path}/recording/take-back",
            "POST /staff/articles/{article_id}/recording",
        ),
        "no sound is sent here: tests/jobs/test_recordings.py looks at its line",
    ),
    **{
        f"POST {below}{path}": "changes nothing"
        for below in ("", "/staff")
        for path in _WEIGHED
        if f"POST {below}{path}" in table()
    },
    "POST /staff/cases/{case_id}/try": "changes nothing, but for its last step: what that accepts has its line",
    "POST /staff/articles/{article_id}/sentences/{position}": "as above",
    "POST /v1/feedback": "a listener's; the report itself says when",
    "POST /v1/clips/{clip_id}/grants": "one for each reader who pays, by the thousand; each ends by itself",
    "POST /v1/articles/{site}/{external_id:path}/grants": "as above",
    "POST /v1/listening": "a listener's; counted by day, and nothing is kept of who it was",
    "POST /v1/webhooks/{source}/{hook}": "inbound_events keeps each, also refused ones",
    "POST /staff/sign-in": "refused here; a session that opens has its line",
    "POST /staff/invitation": "refused here; a password that is chosen has its line",
    "POST /staff/sign-out": "ends one's own session only",
}
"""Routes that change something, or look so, without a line; and why."""


def changing() -> dict[str, Row]:
    return {name: row for name, row in table().items() if not name.startswith(("GET ", "HEAD "))}


def lines(parts: Parts) -> list[AuditRow]:
    return deeds(parts.database, most=10_000)


@contextmanager
def unwritable_log() -> Iterator[None]:
    """Whatever adds a line meets a database that is away, as a process would that dies at this point."""

    def refuse(*_: object) -> None:
        raise DatabaseUnavailable("No line can be added.")

    event.listen(AuditRow, "before_insert", refuse)
    try:
        yield
    finally:
        event.remove(AuditRow, "before_insert", refuse)


def kept(parts: Parts) -> dict[str, list[str]]:
    """Every row of every table, without what every request changes."""
    found = {}
    with parts.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name != "used_ms"]
            found[table.name] = sorted(map(str, session.execute(select(*columns))))
    del found["daily_keys"]
    return found


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """Names of the tables that differ."""
    return [name for name in after if after[name] != before[name]]


def test_the_exceptions_are_routes_that_are_there() -> None:
    assert set(KEPT_ELSEWHERE) <= set(changing())


@pytest.mark.slow
@pytest.mark.parametrize("area", areas())
def test_every_route_that_changes_something_leaves_a_line(tmp_path: Path, area: str) -> None:
    wanted = [(name, row) for name, row in areas()[area].items() if name in changing() and name not in KEPT_ELSEWHERE]
    with world(tmp_path) as made:
        silent = [line for name, row in wanted for line in unnoted(made, name, row)]
    assert silent == []


def unnoted(made: World, name: str, row: Row) -> list[str]:
    """What is missing after a route was called by everybody who may."""
    found = []
    keyed = row.door in (Door.KEY, Door.KEY_OR_STAFF, Door.KEY_OR_ADMIN)
    callers = ([Caller.RIGHT] if keyed else []) + ([Caller.STAFF] if row.door is not Door.KEY else [])
    for caller in callers:
        call = row.make(made)
        [headers] = _headers(made, caller, row)
        whole = kept(made.parts)
        with unwritable_log():
            refused = _send(made, name, call, headers)
        if refused.status_code != DatabaseUnavailable.status or changed(whole, kept(made.parts)):
            found.append(f"{name} by {caller} without a line: {refused}, {changed(whole, kept(made.parts))}")
        before = {line.id for line in lines(made.parts)}
        answer = _send(made, name, call, headers)
        assert answer.status_code in (row.ok, 200), f"{name}: {answer.text}"
        fresh = [line for line in lines(made.parts) if line.id not in before]
        who = made.admin.person.who if caller is Caller.STAFF else f"key:{headers['Authorization'][11:19]}"
        if {line.who for line in fresh} != {who}:
            found.append(f"{name} by {caller}: {[(line.who, line.what) for line in fresh]}, no line of {who} alone")
    return found


# --- commands ---

READING = {
    "status",
    "jobs",
    "backup",
    "doctor",
    "log",
    "normalize",
    "explain",
    "extract",
    "voices search",
    "verify",
    "callbacks",
    "callbacks list",
    "callbacks deliveries",
    "callbacks show",
    "feedback",
    "feedback export",
    "sites",
    "sites list",
    "sites show",
    "hooks",
    "hooks list",
    "hooks events",
    "keys",
    "listening",
    "lexicon",
    "lexicon list",
    "lexicon export",
    "voices",
    "staff",
    "articles",
    "articles list",
}
"""Commands that only show something."""
NOT_THE_NEWSROOMS = {
    "restore": "writes a database that was empty; its log is in the backup",
    "run": "starts processes; the first key and the staff link it makes have their lines",
    "demo": "starts processes; the key it makes has its line",
    "api": "starts a process",
    "worker": "starts a process",
    "beat": "starts a process",
    "speak": "writes a file and asks no database",
    "audition": "writes files and asks no database",
    "voices add": "needs a real voice: tests/commands/test_voices.py looks at the line",
    "voices install": "needs a mirror: tests/commands/test_voices.py looks at the line",
    "hooks test": "sends a webhook through the real address: inbound_events keeps it",
}

SEVERAL_TRANSACTIONS = {
    "backfill": "notes what the archive holds before it asks whether to start; the line comes before the start",
    "erase": "resumes where it was killed; its last transaction has the line",
    "voices remove": "deletes files, which no transaction brings back; the line comes when they are gone",
    "prune": "deletes what beat deletes without a line; the line sums up",
}
"""Commands that may have done something before their line is written; and why."""


def every_command(group: Command | None = None, before: str = "") -> list[str]:
    """Names of the commands there are, those of groups too."""
    found = []
    for name, one in getattr(group or typer.main.get_command(command_line), "commands", {}).items():
        found += [f"{before}{name}", *every_command(one, f"{before}{name} ")]
    return found


PLS = (
    '<?xml version="1.0"?><lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" '
    'alphabet="ipa" xml:lang="en"><lexeme><grapheme>Weir</grapheme><alias>where</alias></lexeme></lexicon>'
)


class Bench:
    """A data folder with something of everything in it, for commands to change."""

    def __init__(self, folder: Path) -> None:
        self.parts = parts = make_parts(folder)
        ready_clip(parts)
        self.folder = folder
        self.hook = add_hook(parts.database, "ghost", "gazette").id
        self.endpoint = add_endpoint(parts, EndpointDraft(url="https://127.0.0.1.example/x", site="gazette"))[0].id
        self.delivery = send_test(parts, self.endpoint, ring=False).id
        self.key = create_key(parts.database, "k", SCOPES)[4:12]
        self.report = receive(parts, ReportDraft(clip_id="clip_1", category="other"))
        word = Lexeme(graphemes=("Elmsworth",), language="en", alias="elms worth", scope=Scope.SITE)
        self.entry = add(parts.database, parts.voices, Place(scope=Scope.SITE, site="gazette"), word, author="t").row.id
        with parts.database.writing() as session:
            session.get_one(DeliveryRow, self.delivery).state = "failed"
        kept_event(parts, "1", hook_id=self.hook, state="ignored")

    def voice(self, name: str) -> str:
        """A voice in the voices folder, for a command that only looks at its files."""
        folder = self.parts.settings.voices_folder / name
        folder.mkdir(parents=True)
        for file in (MODEL_FILE, CONFIG_FILE):
            (folder / file).write_text("{}")
        facts = VoiceFacts(
            name=name, language="de-DE", sample_rate_hz=22_050, licence="CC0-1.0", gain_db=0.0, sha256="0"
        )
        write_facts(folder, facts)
        return f"piper:{name}"

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return str(self.folder / name)


def doings(bench: Bench) -> dict[str, tuple[list[str], str]]:
    """By command: its arguments, and what the log should say."""
    policy = bench.file("policy.json", '{"emoji": "named"}')
    archive = bench.file("list.jsonl", json.dumps({"site": "gazette", "id": "7", "text": "A text."}))
    return {
        "articles withdraw": (["gazette", "1"], "article.withdrawn"),
        "hooks add": (["ghost", "--site", "gazette"], "hook.added"),
        "hooks set": ([bench.hook, "--set", "language=de"], "hook.changed"),
        "hooks replay": (["evt_1"], "event.replayed"),
        "hooks remove": ([bench.hook], "hook.removed"),
        "callbacks add": (["https://cms.example/x"], "callback.added"),
        "callbacks change": ([bench.endpoint, "--note", "n"], "callback.changed"),
        "callbacks rotate": ([bench.endpoint], "callback.secret-rotated"),
        "callbacks secret": (["gazette", "--rotate"], "callback.secret-rotated"),
        "callbacks replay": ([bench.delivery], "callback.replayed"),
        "callbacks test": ([bench.endpoint], "callback.tested"),
        "callbacks remove": ([bench.endpoint], "callback.removed"),
        "sites set": (["gazette", policy], "site.policy"),
        "sites remove": (["gazette"], "site.policy-removed"),
        "sites origins": (["gazette", "https://gazette.example"], "site.origins"),
        "sites options": (["gazette", bench.file("options.json", '{"title": "The Gazette"}')], "site.options"),
        "sites checks": (["gazette", "start"], "check.started"),
        "sites feeds": (["gazette", "add", "https://gazette.example/f"], "feed.added"),
        "lexicon add": (["Weir", "--lang", "en", "--alias", "weer"], "lexicon.added"),
        "lexicon remove": ([bench.entry], "lexicon.removed"),
        "lexicon import": ([bench.file("x.pls", PLS), "--site", "gazette"], "lexicon.imported"),
        "keys add": (["cms"], "key.made"),
        "keys rotate": ([bench.key], "key.rotated"),
        "keys revoke": ([bench.key], "key.revoked"),
        "voices remove": ([bench.voice("anna")], "voice.removed"),
        "staff link": ([], "staff.sign-in-link"),
        "staff invite": (["ben@example.org", "--all-sites"], "staff.added"),
        "staff sites": (["ben@example.org", "gazette"], "staff.sites"),
        "staff role": (["ben@example.org", "admin"], "staff.role"),
        "staff shut-out": (["ben@example.org"], "staff.shut-out"),
        "staff let-back": (["ben@example.org"], "staff.let-back"),
        "feedback erase": (["--reference", bench.report], "report.erased"),
        "erase": (["gazette", "1", "--yes"], "article.erased"),
        "backfill": (["--site", "gazette", archive, "--yes"], "backfill.started"),
        "prune": ([], "service.pruned"),  # last: the others' rows are old
    }


def test_every_command_is_known_to_change_something_or_not(tmp_path: Path) -> None:
    known = READING | set(NOT_THE_NEWSROOMS) | set(doings(Bench(tmp_path)))
    assert sorted(every_command()) == sorted(known)


@pytest.mark.slow
def test_every_command_that_changes_something_leaves_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path)
    monkeypatch.setenv("TTS_DATA_DIR", str(bench.parts.settings.data_dir))
    monkeypatch.setenv("TTS_TEST_VOICES", "true")
    monkeypatch.setattr("tts_service.callbacks.deliver.deliver", lambda *_: None)  # nobody is called from here
    monkeypatch.setattr("tts_service.commands.hook_events._WAIT_S", 0)
    silent = []
    for name, (arguments, what) in doings(bench).items():
        whole = kept(bench.parts)
        if name not in SEVERAL_TRANSACTIONS:
            with unwritable_log():
                CliRunner().invoke(command_line, [*name.split(), *arguments])
            if changed(whole, kept(bench.parts)):
                silent.append(f"{name} without a line: {changed(whole, kept(bench.parts))}")
        before = {line.id for line in lines(bench.parts)}
        done = CliRunner().invoke(command_line, [*name.split(), *arguments])
        fresh = [line for line in lines(bench.parts) if line.id not in before]
        if not any(line.what == what and line.who == COMMAND_LINE for line in fresh):
            silent.append(f"{name}: {[line.what for line in fresh]}, {done.output[-300:]} {done.exception!r}")
    assert silent == []


def test_the_log_says_who_changed_what_where_and_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path)
    monkeypatch.setenv("TTS_DATA_DIR", str(bench.parts.settings.data_dir))
    url = "https://cms.example/hear/as-good-as-a-password"
    added = CliRunner().invoke(command_line, ["callbacks", "add", url, "--site", "gazette"])
    endpoint, secret = added.output.split()
    newest = lines(bench.parts)[0]
    assert (newest.who, newest.what, newest.subject, newest.site) == (
        COMMAND_LINE,
        "callback.added",
        endpoint,
        "gazette",
    )
    assert newest.details == {"host": "cms.example"}
    told = " ".join(str(line.details) + line.subject for line in lines(bench.parts))
    assert secret not in told
    assert "password" not in told
