"""Clips in any state, written straight into the tables and the store: what a worker would have left there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import update

from tests.parts.made_once import Kept, keep
from tts_service.db.tables import (
    ArticleRevisionRow,
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    JobRow,
    UtteranceRow,
)
from tts_service.parts import Parts
from tts_service.provenance.record import Provenance, VoiceHeard
from tts_service.values import DigitalSourceType

RATE = 22050
HEAD = b"<head>"
END = b"<end>"
SENTENCES = ("The bridge opened on Monday.", "Three hundred people came.", "Traffic starts tomorrow.")
SECONDS = 2
"""Between the starts of two sentences."""


@dataclass(slots=True, kw_only=True)
class Made:
    """A clip as it lies there."""

    parts: Parts
    id: str
    job: str
    revision: int = 1
    sentences: tuple[str, ...] = SENTENCES
    live: bytes = HEAD
    audio: bytes = field(default=b"", repr=False)

    def speak(self, position: int, data: bytes | None = None) -> bytes:
        """What a worker does for one sentence: piece to the store, then the row."""
        data = data or f"[{position}]".encode() * 200
        name = f"live/{self.id}/{self.revision}/{position}-1"
        self.parts.store.put(name, data)
        count = len(self.sentences[position].split())
        values: dict[str, Any] = {
            "samples": RATE,
            "start_sample": (1 + position * SECONDS) * RATE,
            "live_start": len(self.live),
            "live_bytes": len(data),
            "live_piece": name,
            "words": [[i * 200.0, i * 200.0 + 150.0] for i in range(count)],
        }
        with self.parts.database.writing() as session:
            mine = {"clip_id": self.id, "revision": self.revision, "position": position}
            session.execute(update(UtteranceRow).filter_by(**mine).values(**values))
            session.execute(update(JobRow).where(JobRow.id == self.job).values(done=position + 1, state="running"))
        self.live += data
        return data

    def end(self) -> None:
        """The last piece of live.mp3."""
        self.parts.store.put(f"live/{self.id}/{self.revision}/end", END)
        self._revision(live_end_bytes=len(END))
        self.live += END

    def finish(self, audio: bytes = b"") -> None:
        """Publish the revision with this file."""
        self.audio = audio or bytes(i * 7 % 251 for i in range(5000))
        self.parts.store.put(f"clips/{self.id}/{self.revision}/audio.mp3", self.audio)
        sha256 = hashlib.sha256(self.audio).hexdigest()
        rendition = {"format": "mp3", "media_type": "audio/mpeg", "bytes": len(self.audio), "sha256": sha256}
        self._revision(state="ready", renditions=[rendition], duration_ms=7000, ready_ms=1_766_500_000_000)
        with self.parts.database.writing() as session:
            session.execute(
                update(ClipRow).where(ClipRow.id == self.id).values(current_revision=self.revision, state="ready")
            )
            session.execute(update(JobRow).where(JobRow.id == self.job).values(state="succeeded"))

    def hold(self) -> None:
        """The finished revision waits for its release."""
        self._revision(state="held", ready_ms=None)
        with self.parts.database.writing() as session:
            session.execute(update(ClipRow).where(ClipRow.id == self.id).values(current_revision=None, state="held"))

    def fail(self) -> None:
        """The job gives up."""
        self._revision(state="failed")
        error = {"code": "unspeakable_text", "title": "The voice can't speak one of the sentences", "detail": "…"}
        with self.parts.database.writing() as session:
            session.execute(update(JobRow).where(JobRow.id == self.job).values(state="failed", error=error))
            session.execute(update(ClipRow).where(ClipRow.id == self.id).values(state="failed"))

    def _revision(self, **values: Any) -> None:
        with self.parts.database.writing() as session:
            mine = {"clip_id": self.id, "revision": self.revision}
            session.execute(update(ClipRevisionRow).filter_by(**mine).values(**values))


def clip_token(client: Any, clip_id: str = "clip_1") -> str:
    """What a report about a clip must carry, as its description gives it."""
    return str(client.get(f"/v1/clips/{clip_id}").json()["feedback_token"])


def ready_clip(parts: Parts, **values: Any) -> Made:
    """A finished clip."""
    if not parts.database.is_sqlite:
        return _made_ready(parts, **values)
    kept = _kept_ready(**values)
    kept.copy_to(parts)
    return replace(kept.result, parts=parts)


@cache
def _kept_ready(**values: Any) -> Kept:
    return keep(lambda parts: _made_ready(parts, **values))


def _made_ready(parts: Parts, **values: Any) -> Made:
    made = rendering_clip(parts, **values)
    for position in range(len(made.sentences)):
        made.speak(position)
    made.end()
    made.finish()
    return made


def rendering_clip(
    parts: Parts,
    *,
    name: str = "1",
    site: str = "gazette",
    language: str = "en",
    sentences: tuple[str, ...] = SENTENCES,
) -> Made:
    """A clip whose text is prepared and of which nothing is spoken yet."""
    made = Made(parts=parts, id=f"clip_{name}", job=f"job_{name}", sentences=sentences)
    parts.store.put(f"live/{made.id}/1/head", HEAD)
    rows = _article(made, name, site)
    rows += [
        _revision(made, language, site),
        *(_utterance(made, position, language) for position in range(len(sentences))),
    ]
    with parts.database.writing() as session:
        for row in rows:
            session.add(row)
            session.flush()
    return made


def _article(made: Made, name: str, site: str) -> list[Any]:
    title = "New bridge opens"
    return [
        ArticleRow(
            id=f"art_{name}",
            site=site,
            external_id=name,
            url=f"https://example.org/{name}",
            title=title,
            created_ms=1,
        ),
        ArticleRevisionRow(
            id=f"rev_{name}",
            article_id=f"art_{name}",
            content_hash="0" * 64,
            source=" ".join(made.sentences),
            source_format="text",
            title=title,
            created_ms=1,
        ),
        ClipRow(id=made.id, article_id=f"art_{name}", state="rendering", last_revision=1, created_ms=1),
        JobRow(
            id=made.job,
            site=site,
            article_id=f"art_{name}",
            article_revision_id=f"rev_{name}",
            clip_id=made.id,
            revision=1,
            live_key=f"key_{name}",
            formats="mp3",
            queue="normal",
            state="running",
            due_ms=1,
            fence=1,
            attempts=0,
            slices=1,
            done=0,
            total=len(made.sentences),
            spoken=0,
            created_ms=1,
        ),
    ]


def provenance(site: str = "gazette", source: DigitalSourceType = DigitalSourceType.RULES, **voice: str) -> Provenance:
    """The record of a clip that one voice speaks, which makes sound as `source` says."""
    facts = {"voice": "tone:beep", "engine": "tone", "language": "en", "licence": "Apache-2.0"} | voice
    heard = VoiceHeard(**facts, digital_source_type=source.uri)  # type: ignore[arg-type]
    return Provenance(
        service="tts-service 0.1.0",
        site=site,
        made_at="2025-12-23T14:26:40+00:00",
        text_sha256="ab" * 32,
        digital_source_type=source.uri,
        voices=(heard,),
    )


def _revision(made: Made, language: str, site: str) -> ClipRevisionRow:
    text = " ".join(made.sentences)
    blocks = [
        {"kind": "headline", "text": "New bridge opens", "language": language, "spoken": True, "skip_reason": None},
        {"kind": "paragraph", "text": text, "language": language, "spoken": True, "skip_reason": None},
        {
            "kind": "caption",
            "text": "The bridge <at> dawn",
            "language": language,
            "spoken": False,
            "skip_reason": "caption",
        },
    ]
    account = [
        {
            "kind": block["kind"],
            "characters": len(str(block["text"])),
            "reason": block["skip_reason"],
            "spoken": len(str(block["text"])) if block["spoken"] else 0,
            "text": block["text"],
        }
        for block in blocks
    ]
    voice = {
        "id": "tone:beep",
        "engine": "tone",
        "name": "beep",
        "language": "en",
        "licence": "Apache-2.0",
        "digital_source_type": "algorithmicMedia",
        "gain_db": -4.6,
        "sample_rate_hz": RATE,
        "fingerprint": "t",
    }
    return ClipRevisionRow(
        clip_id=made.id,
        revision=1,
        state="rendering",
        title="New bridge opens",
        author="A. Writer",
        language=language,
        url="https://example.org/1",
        voice=voice,
        sample_rate_hz=RATE,
        blocks=blocks,
        account=account,
        live_head_bytes=len(HEAD),
        created_ms=1,
        provenance=provenance(site).as_json(),
    )


def _utterance(made: Made, position: int, language: str) -> UtteranceRow:
    start = sum(len(sentence) + 1 for sentence in made.sentences[:position])
    sentence, at, tokens = made.sentences[position], start, []
    for word in sentence.split():
        bare = word.rstrip(".,")
        tokens.append(
            {
                "start": at,
                "end": at + len(bare),
                "spoken": [bare],
                "before": "",
                "after": word[len(bare) :],
                "ipa": None,
                "rules": [],
            }
        )
        at += len(word) + 1
    return UtteranceRow(
        clip_id=made.id,
        revision=1,
        position=position,
        block=1,
        start=start,
        end=start + len(sentence),
        language=language,
        pause_after_ms=1000,
        tokens=tokens,
        segment_key=f"{position}",
        deaths=0,
    )
