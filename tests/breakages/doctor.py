"""Breakages of what doctor looks at beside its sentence: every format, the database's tables."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

DOCTOR = "tests/commands/test_doctor.py"
BREAKAGES = (
    Breakage(
        name="doctor looks at MP3 alone",
        file="tts_service/commands/doctor/journey.py",
        old="for form in OTHERS]  # type: ignore[misc]",
        new="for form in OTHERS[:0]]  # type: ignore[misc]",
        test=f"{DOCTOR}::test_a_planted_fault_is_found[an Opus file that says nothing]",
    ),
    Breakage(
        name="doctor wonders at an empty database",
        file="tts_service/commands/doctor/journey.py",
        old="    require_tables(journey.settings)\n",
        new="",
        test=f"{DOCTOR}::test_a_fresh_data_folder_is_served_nothing_and_says_why",
    ),
    Breakage(
        name="doctor changes tables under a running service",
        file="tts_service/commands/doctor/database.py",
        old="        if present is None:",
        new="        if present != wanted:",
        test=f"{DOCTOR}::test_tables_of_another_version_are_left_alone",
    ),
)
