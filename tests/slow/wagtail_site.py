"""Runs scenarios of tests/measure/cms/wagtail_scenarios inside a Wagtail site of its own.

    python tests/slow/wagtail_site.py FOLDER SCENARIO…

Prints a JSON document a line: {"name": …, "error": …}; an empty error: it holds. Run by a Python that has Wagtail.
Leaves `scheduled.sqlite3` in the folder: a site with nine articles that `publish_scheduled` has to publish.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
import time
import traceback
import warnings
from pathlib import Path

FOLDER, *NAMES = sys.argv[1:]
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "measure" / "cms" / "wagtail_site")]
os.environ |= {"GAZETTE_FOLDER": FOLDER, "DJANGO_SETTINGS_MODULE": "settings"}
(Path(FOLDER) / "listen.json").write_text("{}")

import django  # noqa: E402
from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402

django.setup()
warnings.simplefilter("ignore")
# Wagtail's own indexes, which nothing here looks at, take half of the time.
settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
# Tables straight from the models: Wagtail's own migrations take longer than all scenarios.
others = (config.label for config in apps.get_app_configs() if config.label != "listen_to_the_article")
settings.MIGRATION_MODULES = dict.fromkeys(others)

from blog.acting import begin, schedule  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from listen_to_the_article import wake  # noqa: E402

from tests.measure.cms.wagtail_receiver import receiving  # noqa: E402
from tests.measure.cms.wagtail_world import World  # noqa: E402

call_command("migrate", verbosity=0, run_syncdb=True)
begin("gazette.example", 443)
connection.close()
DATABASE = Path(settings.DATABASES["default"]["NAME"])
EMPTY = DATABASE.read_bytes()
schedule(9)
connection.close()
shutil.copy(DATABASE, Path(FOLDER) / "scheduled.sqlite3")
with receiving() as receiver:
    for name in NAMES:
        connection.close()
        DATABASE.write_bytes(EMPTY)
        module, _, function = name.partition(".")
        world = World(receiver)
        error = ""
        try:
            with world.set(**world.settings):
                getattr(importlib.import_module(f"tests.measure.cms.wagtail_scenarios.{module}"), function)(world)
        except Exception:  # noqa: BLE001 - one scenario's failure is reported, the others go on
            error = traceback.format_exc(limit=-4)
        print(json.dumps({"name": name, "error": error}), flush=True)
        until = time.monotonic() + 20
        while wake._Process.sending and time.monotonic() < until:  # a request's thread still writes to the database
            time.sleep(0.01)
os._exit(0)  # what is still marked isn't sent: the receiver has gone
