"""Two admins who remove each other at the same time, in two transactions of PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.parts.factories import delete_all_rows, make_parts
from tests.parts.waiting import until_one_waits
from tts_service.access import staff
from tts_service.access.audit import Deed
from tts_service.db.session import Database
from tts_service.errors import Conflict
from tts_service.parts import Parts

pytestmark = pytest.mark.slow


@pytest.fixture
def parts(tmp_path: Path, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, database_url=postgres)
    delete_all_rows(built.database)
    yield built
    built.close()


def _demote(database: Database, staff_id: str) -> None:
    staff.set_role(database, staff_id, "staff", "t")


def _shut_out(database: Database, staff_id: str) -> None:
    staff.shut_out(database, staff_id, "t")


@pytest.mark.parametrize("change", [_demote, _shut_out])
def test_one_admin_is_left_when_two_remove_each_other(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, change: Callable[[Database, str], None]
) -> None:
    one, other = (staff.add_person(parts.database, f"{name}@example.org", "admin", "t").id for name in "ab")
    note, waits = staff.note, []

    with ThreadPoolExecutor(1) as threads:

        def noted(database: Database, session: object, deed: Deed) -> None:
            if deed.subject == one:  # the first change is made and not committed: the second one comes
                waits.append(threads.submit(change, parts.database, other))
                until_one_waits(parts, waits[0])
            note(database, session, deed)  # type: ignore[arg-type]

        monkeypatch.setattr(staff, "note", noted)
        change(parts.database, one)
        with pytest.raises(Conflict, match="last admin"):
            waits[0].result(timeout=60)
    admins = [row.id for row in staff.people(parts.database) if row.role == "admin" and row.disabled_ms is None]
    assert admins == [other]
