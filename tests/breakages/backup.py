"""Breakages of backups: what they hold back and what they see."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

BREAKAGES = (
    Breakage(
        name="objects are deleted while a backup copies them",
        file="tts_service/retention/doomed.py",
        old="        if are_held(parts.database, session):\n            return ()",
        new="        assert are_held",
        test="tests/retention/test_backup.py::test_doomed_objects_are_kept_while_a_backup_is_made",
    ),
    Breakage(
        name="a backup of PostgreSQL sees several moments",
        file="tts_service/retention/backup/make.py",
        old='"REPEATABLE READ"',
        new='"READ COMMITTED"',
        test="tests/slow/test_backup_on_postgresql.py"
        "::test_everything_survives_the_way_to_postgresql_within_it_and_back",
    ),
)
