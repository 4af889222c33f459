"""The backfill command, run in this process."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tests.parts.feed_site import Publisher
from tts_service.commands import app as command_line
from tts_service.commands import archive_run
from tts_service.parts import Parts


@pytest.fixture
def run(parts: Parts, site: Publisher, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command, on these parts and this site."""
    monkeypatch.setattr(archive_run, "build", lambda _: parts)
    monkeypatch.setattr(archive_run, "outbound_of", lambda _: site.outbound)

    def invoke(*arguments: object, code: int | None = 0) -> Result:
        found = CliRunner().invoke(
            command_line, ["backfill", "--site", "gazette", "--pause", "0", *map(str, arguments)]
        )
        assert code is None or found.exit_code == code, (found.exit_code, found.output, found.exception)
        return found

    return invoke
