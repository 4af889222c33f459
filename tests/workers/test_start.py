"""Workers and beat load without searches for garbage, and search again once they have loaded."""

from __future__ import annotations

import gc
import subprocess
import sys
from typing import Any

import pytest
from celery import signals


def test_the_command_turns_searches_off() -> None:
    probe = (
        "import gc, celery.__main__ as celery, workers.__main__ as command; "
        "celery.main = lambda: print(gc.isenabled()); command.main()"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("loaded", [signals.worker_init, signals.beat_init], ids=["worker", "beat"])
def test_what_is_loaded_is_searched_no_more_and_what_comes_is(worker_modules: Any, loaded: Any) -> None:
    begin = worker_modules[0]._loaded
    assert begin in [receiver() for _, receiver in loaded.receivers]
    gc.unfreeze()
    gc.disable()
    try:
        begin()
        assert (gc.isenabled(), gc.get_freeze_count() > 100_000) == (True, True)
    finally:
        gc.enable()
