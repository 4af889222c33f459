"""Every change of an entry is in its history, whichever way it is made."""

from __future__ import annotations

from fastapi.testclient import TestClient
from sqlalchemy import select
from typer.testing import CliRunner

from tests.web.test_jobs import keyed
from tts_service.commands import app as command_line
from tts_service.db.tables import LexiconChangeRow
from tts_service.newsroom.lexicon_history import entry_history
from tts_service.parts import Parts
from tts_service.web.app import create_app

PLS = (
    '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en">'
    "<lexeme><grapheme>Elmsworth</grapheme><alias>{}</alias></lexeme></lexicon>"
)
ENTRY = {"site": "gazette", "language": "en", "graphemes": ["Holyrood"], "alias": "Holly rude"}


def history(parts: Parts) -> list[tuple[str, str | None, str | None]]:
    """(what, said before, said since), oldest first."""
    with parts.database.reading() as session:
        rows = session.scalars(select(LexiconChangeRow).order_by(LexiconChangeRow.id)).all()
        return [(row.what, (row.before or {}).get("alias"), (row.after or {}).get("alias")) for row in rows]


def test_an_entry_added_changed_and_removed_by_api_leaves_three_changes_by_its_key(parts: Parts) -> None:
    with TestClient(create_app(parts), headers=keyed(parts, "lexicon")) as client:
        entry = client.post("/v1/lexicon", json=ENTRY).json()["id"]
        client.patch(f"/v1/lexicon/{entry}", json={"alias": "Holy rood"})
        client.delete(f"/v1/lexicon/{entry}")

    assert history(parts) == [
        ("added", None, "Holly rude"),
        ("changed", "Holly rude", "Holy rood"),
        ("removed", "Holy rood", None),
    ]
    with parts.database.reading() as session:
        newest, *_ = changes = entry_history(session, entry)
    assert newest.what == "removed"
    assert {change.who.partition(":")[0] for change in changes} == {"key"}


def test_a_change_that_changes_nothing_is_no_change(parts: Parts) -> None:
    with TestClient(create_app(parts), headers=keyed(parts, "lexicon")) as client:
        entry = client.post("/v1/lexicon", json=ENTRY).json()["id"]
        client.patch(f"/v1/lexicon/{entry}", json={"alias": "Holly rude"})

    assert len(history(parts)) == 1


def test_an_import_that_replaces_an_entry_notes_both_and_a_rehearsal_nothing(parts: Parts) -> None:
    with TestClient(create_app(parts), headers=keyed(parts, "lexicon")) as client:
        for alias, query in (("Elms worth", ""), ("Emsworth", "&dry_run=true"), ("Emsworth", "")):
            url = f"/v1/lexicon/import?site=gazette&replace=true{query}"
            assert client.post(url, content=PLS.format(alias).encode()).status_code == 200

    assert history(parts) == [
        ("added", None, "Elms worth"),
        ("removed", "Elms worth", None),
        ("added", None, "Emsworth"),
    ]


def test_the_command_line_is_in_the_history(parts: Parts) -> None:
    env = {"TTS_DATA_DIR": str(parts.settings.data_dir)}
    run = CliRunner()
    added = run.invoke(command_line, ["lexicon", "add", "Holyrood", "--lang", "en", "--alias", "Holly"], env=env)
    removed = run.invoke(command_line, ["lexicon", "remove", added.stdout.strip()], env=env)

    assert (added.exit_code, removed.exit_code) == (0, 0), added.output + removed.output
    assert [what for what, *_ in history(parts)] == ["added", "removed"]
