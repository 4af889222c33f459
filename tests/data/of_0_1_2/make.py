"""Makes data.tar.xz, with the code of the commit that README.md names, not with today's:

    git worktree add /tmp/old 1c98c59
    cd /tmp/old && PYTHONPATH=$PWD python …/tests/data/of_0_1_2/make.py
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from tests.factories import make_article, make_parts
from tests.test_slices import work
from tts_service.engines.speak import EngineChild
from tts_service.feedback import Heard, receive
from tts_service.jobs.acceptable import Wish
from tts_service.lexicon import Place, add
from tts_service.sites import set_options, set_policy
from tts_service.speakable.lexeme import Lexeme, Scope

TEXT = "The ferry to Elmsworth sails. It cost £3m."
FOLDER = Path(__file__).parent

with tempfile.TemporaryDirectory() as made:
    parts = make_parts(Path(made))
    set_policy(parts.database, parts.voices, "gazette", {"notice": {"texts": {"en": "Read by a machine."}}})
    set_options(parts.database, "gazette", {"title": "The Elmsworth Gazette", "time_zone": "Europe/London"})
    lexeme = Lexeme(graphemes=("Elmsworth",), language="en", alias="Elmzworth")
    add(parts.database, parts.voices, (Place(scope=Scope.SITE, site="gazette"), lexeme, "as locals say it"), "desk")
    with EngineChild(parts.settings) as engine:
        for number, voice in (("1", "pyttsx3:en-us"), ("2", "tone:beep")):
            article = make_article(external_id=number, source=TEXT, title="Ferry")
            job = work(parts, engine, article, Wish(voice=voice, formats=("mp3",)))
            assert job.state == "succeeded", job.error
            if number == "1":
                receive(parts, Heard(clip_id=job.clip_id, category="pronunciation", position_ms=4200, comment="Elmz!"))
    parts.close()
    data = Path(made) / "data"
    shutil.rmtree(data / "signing", ignore_errors=True)  # a private key, which the next start makes anew
    with sqlite3.connect(data / "tts.sqlite3") as database:
        database.execute("VACUUM")
    database.close()
    with tarfile.open(FOLDER / "data.tar.xz", "w:xz") as archive:
        for path in sorted(data.rglob("*")):
            info = archive.gettarinfo(path, str(path.relative_to(data)))
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            with path.open("rb") if path.is_file() else contextlib.nullcontext() as file:
                archive.addfile(info, file)
            print(path.relative_to(data), path.stat().st_size)
