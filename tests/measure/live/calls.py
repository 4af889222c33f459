"""Counts what the engines of a running service are asked: each call that gave sound is a line of a file.

    with counted(folder) as calls, running(…): …

Every Python process of the service loads `sitecustomize` from the folder, which wraps the one verb of the engine's
process in a worker. Nothing else of the service is changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

_HOOK = """
import importlib.abc, importlib.util, json, os, sys

class Counted(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name != "tts_service.engines.child.speak":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        plain = spec.loader.exec_module
        def run(module):
            plain(module)
            speak = module.EngineChild.speak
            def counting(self, words, *rest, **named):
                sound = speak(self, words, *rest, **named)
                line = json.dumps([os.getpid(), " ".join(word.text for word in words)])
                with open(os.environ["LIVE_CALLS"], "a", encoding="utf-8") as file:
                    file.write(line + "\\n")
                return sound
            module.EngineChild.speak = counting
        spec.loader.exec_module = run
        return spec

sys.meta_path.insert(0, Counted())
"""

Calls = Callable[[], list[tuple[int, str]]]
"""(process, what was said) of every call so far."""


@contextmanager
def counted(folder: Path) -> Iterator[Calls]:
    """Whatever is started within the block is counted."""
    folder.mkdir(parents=True)
    (folder / "sitecustomize.py").write_text(_HOOK, "utf-8")
    kept = folder / "calls.jsonl"
    paths = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH", ""))))
    with patch.dict(os.environ, {"PYTHONPATH": paths, "LIVE_CALLS": str(kept)}):
        yield lambda: _read(kept)


def _read(kept: Path) -> list[tuple[int, str]]:
    if not kept.exists():
        return []
    return [(pid, said) for pid, said in map(json.loads, kept.read_text("utf-8").splitlines())]
