"""Workers and beat load without searches for garbage, and search again once they have loaded."""

from __future__ import annotations

import gc
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from celery import signals
from celery.concurrency.prefork import TaskPool as Slots
from celery.concurrency.thread import TaskPool as Threads

from tts_service.article import language


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


@pytest.mark.parametrize(("pool", "loads"), [(Slots, 1), (Threads, 0)], ids=["slots", "threads"])
def test_the_models_of_languages_are_loaded_before_slots_are_forked(
    worker_modules: Any, pool: type[Any], loads: int
) -> None:
    begin = worker_modules[0]._load_for_slots
    assert begin in [receiver() for _, receiver in signals.worker_init.receivers]
    language._detector.cache_clear()
    begin(SimpleNamespace(pool_cls=pool))
    assert language._detector.cache_info().misses == loads


def test_a_forked_process_detects_with_the_models_of_its_parent() -> None:
    """Where a library of ours had begun threads, it would wait for them for ever."""
    probe = (
        "import os, signal; from tts_service.article.language import detect; text = 'A text in plain English, again.'; "
        "detect(text); pid = os.fork(); pid or (signal.alarm(20), print(detect(text), flush=True), os._exit(0)); "
        "print(os.waitpid(pid, 0)[1])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "en\n0\n"
