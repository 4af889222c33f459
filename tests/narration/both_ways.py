"""An article on both its ways, through the service and into a file, and what is to be the same of them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from rich.console import Console
from rich.progress import Progress

from tests.jobs.test_slices import work
from tests.parts.factories import make_article, stored_audio
from tts_service.audio.sound_file import open_sound
from tts_service.commands.to_file import FileSink
from tts_service.engines.child.speak import EngineChild
from tts_service.jobs.acceptable import Wish
from tts_service.narration import SpeakingManner, narrate
from tts_service.newsroom.lexicon import add, lexicon_for
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.lexicon_version import lexicon_version
from tts_service.newsroom.policies import policy_for, policy_version, set_policy
from tts_service.parts import Parts
from tts_service.provenance.read_back import read_disclosure
from tts_service.provenance.record import record_from
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.storage.segments import SegmentStore
from tts_service.values import Article, SourceFormat, WebAddress
from tts_service.web.app import create_app

ARTICLE = make_article(
    source=(
        "<h1>The last ferry</h1><p>The ferry to Elmsworth sailed on Sunday, for £3.5m a year. Two hundred stood "
        "and waved.</p><h2>By bus</h2>"
        "<blockquote>It carried my mother to school, said the harbour master.</blockquote>"
        "<figure><img src='a.jpg' alt='A ferry'><figcaption>The ferry on its way, in 1998</figcaption></figure>"
        "<p>From Monday on, Dr. Holt takes bus 24/7 across the bridge.</p><p>CRASH</p>"
    ),
    source_format=SourceFormat.HTML,
    title="The last ferry",
    author="A. Writer",
    url=WebAddress.read("https://müller.example/ferry?q=ü"),
)
LEXEME = Lexeme(graphemes=("Elmsworth",), language="en", alias="Elmzworth")


def settle_site(parts: Parts, second_voice: str) -> None:
    """A second voice for quotes, a notice of the site's own that is said again and again, spoken captions, a lexeme."""
    blocks = {"quote": {"voice": second_voice, "rate": 0.9}, "caption": {"treatment": "announced"}}
    notice = {"texts": {"en": "Read by a synthetic voice."}, "every_minutes": 1}
    set_policy(parts.database, parts.voices, "gazette", {"blocks": blocks, "notice": notice})
    add(parts.database, parts.voices, Place(scope=Scope.SITE, site="gazette"), LEXEME, author="test")


def by_the_service(
    parts: Parts, engine: EngineChild, article: Article, wish: Wish, folder: Path
) -> tuple[dict[str, Path], bytes]:
    """The published files by format, and the marks as they are served."""
    job = work(parts, engine, article, wish)
    assert job.state == "succeeded", job.error
    files = {form: folder / f"service.{form}" for form in wish.formats}
    for form, file in files.items():
        name = stored_audio(parts, job.clip_id, form=form)
        for ending in ("", ".c2pa"):
            if parts.store.size(name + ending):
                file.with_name(file.name + ending).write_bytes(parts.store.get(name + ending))
    with TestClient(create_app(parts)) as client:
        return files, client.get(f"/v1/clips/{job.clip_id}/r/1/marks.json").content


def into_a_file(
    parts: Parts, engine: EngineChild, article: Article, voice: str, file: Path, segments: SegmentStore | None = None
) -> bytes:
    """Write the file as `tts-service speak` does, in the site's manner, and return its marks."""
    manner = SpeakingManner(
        voices=parts.voices,
        voice_id=voice,
        formats=(file.suffix[1:],),
        policy=(policy := policy_for(parts.database, parts.settings, article.site)),
        policy_version=policy_version(policy),
        lexicon=lexicon_for(parts.database, article.site, article.external_id),
        lexicon_version=lexicon_version(parts.database, article.site, article.external_id),
    )
    marks, work_folder = file.with_suffix(".json"), file.with_name(f"{file.name}.work")
    work_folder.mkdir()
    bar = Progress(console=Console(stderr=True), disable=True)
    sink = FileSink(file, marks, manner, parts.settings, work_folder, bar)
    sink.segments = segments or sink.segments
    narrate(article, sink, engine)
    return marks.read_bytes()


def said_of_itself(file: Path) -> dict[str, Any]:
    """Tags, chapters, length and record of a file, without the moment at which it was made."""
    with open_sound(file) as sound:
        tags, chapters, duration = dict(sound.metadata), sound.chapters(), sound.duration
        digest = hashlib.sha256(b"".join(bytes(packet) for packet in sound.demux(audio=0) if packet.size)).hexdigest()
    record = replace(record_from(read_disclosure(file).record or {}), made_at="")
    return {"tags": tags, "chapters": chapters, "duration": duration, "sound": digest, "record": record}


def without_times(document: bytes) -> Any:
    """Marks with every time taken out."""

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: cut(inner) for key, inner in value.items() if not key.endswith("_ms")}
        return [cut(inner) for inner in value] if isinstance(value, list) else value

    return cut(json.loads(document))
