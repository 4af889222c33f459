"""A clip revision in the making: its script in rows, stored once and loaded by each turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from tts_service.article.account import PREVIEW
from tts_service.audio.live import live_head
from tts_service.db.rows import token_data, utterance_from, utterance_of
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, JobRow, UtteranceRow
from tts_service.engines.child.unspeakable import RULE
from tts_service.engines.voices.casting import Cast
from tts_service.jobs.files import FileState, file_from
from tts_service.jobs.lease import Lease, write
from tts_service.jobs.locks import name_segments
from tts_service.narration.labels import tags_of
from tts_service.narration.prepared import Prepared
from tts_service.narration.script import Script, ScriptLine
from tts_service.narration.speak import key_of
from tts_service.parts import Parts
from tts_service.provenance.record import record_from
from tts_service.speakable.notice import Notice
from tts_service.values import Article, DigitalSourceType, SourceFormat, Token, Utterance, Voice, WebAddress

ROWS_AT_ONCE = 50
UTTERANCES_AT_ONCE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderingLine(ScriptLine):
    """A line and where it lies in live.mp3."""

    live_start: int | None
    live_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering(Script):
    """What a turn works on."""

    lease: Lease
    clip_id: str
    revision: int
    site: str
    live_head_bytes: int
    live_end_bytes: int | None
    lines: tuple[RenderingLine, ...]
    files: tuple[FileState, ...] = ()
    """What became of the formats that earlier turns came to."""

    @property
    def place(self) -> dict[str, Any]:
        """Which revision it is, in rows."""
        return {"clip_id": self.clip_id, "revision": self.revision}

    def object_name(self, name: str) -> str:
        """Store name of a part of this revision's live.mp3."""
        return f"live/{self.clip_id}/{self.revision}/{name}"


def keep_script(parts: Parts, lease: Lease, script: Script, prepared: Prepared) -> Rendering:
    """Keep a prepared text in place of what was kept of this revision, in one transaction."""
    with parts.database.reading() as session:
        job = session.scalars(select(JobRow).where(JobRow.id == lease.job_id)).one()
    head = live_head(script.tags)
    parts.store.put(f"live/{job.clip_id}/{job.revision}/head", head)
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        write(session, lease, total=len(script.lines), done=0)
        _insert(session, job, script, prepared, head_bytes=len(head), now_ms=now)
    rendering = load(parts, lease)
    assert rendering is not None, "it was kept a moment ago"
    return rendering


def load(parts: Parts, lease: Lease) -> Rendering | None:
    """The revision as it stands; None: its text isn't prepared yet."""
    with parts.database.reading() as session:
        job = session.scalars(select(JobRow).where(JobRow.id == lease.job_id)).one()
        place = (ClipRevisionRow.clip_id == job.clip_id, ClipRevisionRow.revision == job.revision)
        row = session.scalars(select(ClipRevisionRow).where(*place)).one_or_none()
        if row is None:
            return None
        mine = (UtteranceRow.clip_id == job.clip_id, UtteranceRow.revision == job.revision)
        columns = [getattr(UtteranceRow, field.name) for field in fields(RenderingLine)]
        found = session.execute(select(*columns).where(*mine).order_by(UtteranceRow.position))
        lines = tuple(RenderingLine(**columns) for columns in found.mappings())
    others = tuple(voice_from(kept) for kept in row.other_voices or ())
    cast = Cast(main=voice_from(row.voice), others=others)
    record = record_from(row.provenance or {})
    tags = tags_of(record, row.language, title=row.title, author=row.author, date=row.published_at, url=row.url)
    return Rendering(
        lease=lease,
        clip_id=job.clip_id,
        revision=job.revision,
        site=job.site,
        formats=tuple(job.formats.split(",")),
        provenance=record,
        cast=cast,
        tags=tags,
        notice=_notice_from(row.notice) if row.notice else None,
        blocks=tuple((block["kind"], block["text"]) for block in row.blocks),
        live_head_bytes=row.live_head_bytes,
        live_end_bytes=row.live_end_bytes,
        lines=lines,
        files=tuple(file_from(kept) for kept in row.files or ()),
    )


def utterance_at(parts: Parts, rendering: Rendering, position: int) -> Utterance:
    """What is said at a position."""
    return utterances_from(parts, rendering, position, most=1)[position]


def utterances_from(
    parts: Parts, rendering: Rendering, position: int, *, most: int = UTTERANCES_AT_ONCE
) -> dict[int, Utterance]:
    """What is said at a position and behind it, by position. Raises NoResultFound: the article was erased."""
    mine = select(UtteranceRow).filter_by(**rendering.place).where(UtteranceRow.position >= position)
    with parts.database.reading() as session:
        rows = session.scalars(mine.order_by(UtteranceRow.position).limit(most)).all()
    if not rows or rows[0].position != position:
        raise NoResultFound
    return {row.position: utterance_of(row) for row in rows}


def count_death(parts: Parts, rendering: Rendering, position: int) -> int:
    """Count an engine's death on a sentence. Returns how many there were."""
    mine = {**rendering.place, "position": position}
    with parts.database.writing() as session:
        write(session, rendering.lease, attempts=JobRow.attempts)
        session.execute(update(UtteranceRow).filter_by(**mine).values(deaths=UtteranceRow.deaths + 1))
        return int(session.scalars(select(UtteranceRow.deaths).filter_by(**mine)).one())


def keep_shortened(parts: Parts, rendering: Rendering, line: ScriptLine, said: Utterance) -> None:
    """From now on the sentence is said so; the account of the revision names the words that it lost."""
    values = {
        "tokens": [token_data(token) for token in said.tokens],
        "segment_key": line.segment_key,
        "pause_after_ms": line.pause_after_ms,
    }
    account = lost_words(rendering.blocks[said.block][1], said.tokens)
    with parts.database.writing() as session:
        write(session, rendering.lease, attempts=JobRow.attempts)
        name_segments(session)
        mine = update(UtteranceRow).filter_by(**rendering.place, position=line.position)
        session.execute(mine.values(**values))
        row = session.get_one(ClipRevisionRow, (rendering.clip_id, rendering.revision))
        row.account = [*row.account, *account]


def lost_words(text: str, tokens: Iterable[Token]) -> list[dict[str, Any]]:
    """Lines of the account for the words of a sentence that are left out, since its voice died on them."""
    lost = [text[token.start : token.end] for token in tokens if RULE in token.rules]
    reason = "the voice died on this word"
    return [
        {"kind": RULE, "characters": len(word), "spoken": 0, "reason": reason, "text": word[:PREVIEW]} for word in lost
    ]


def voice_from(kept: dict[str, Any]) -> Voice:
    """The voice a revision was begun with, whatever has been added or removed since."""
    values = {name: value for name, value in kept.items() if name != "id"}
    return Voice(**{**values, "digital_source_type": DigitalSourceType(kept["digital_source_type"])})


def _notice_from(kept: dict[str, Any]) -> Notice:
    return Notice(**{**kept, "utterance": utterance_from(kept["utterance"])})


def voice_facts(voice: Voice) -> dict[str, Any]:
    """A voice as a revision keeps it."""
    return {"id": voice.id, **asdict(voice)}


def _insert(session: Session, job: JobRow, script: Script, prepared: Prepared, *, head_bytes: int, now_ms: int) -> None:
    read, cast = prepared.read, script.cast
    place = {"clip_id": job.clip_id, "revision": job.revision}
    name_segments(session)
    session.execute(delete(UtteranceRow).filter_by(**place))
    session.execute(delete(ClipRevisionRow).filter_by(**place))
    session.add(
        ClipRevisionRow(
            **place,
            state="rendering",
            cause=(job.basis or {}).get("cause", "article"),
            correction_id=job.correction_id,
            title=read.title or "",
            author=read.author,
            url=read.url,
            published_at=read.published,
            language=read.language,
            voice=voice_facts(cast.main),
            other_voices=[voice_facts(voice) for voice in cast.others] or None,
            notice=asdict(script.notice) if script.notice else None,
            notice_key=key_of(script.notice.utterance, cast) if script.notice else None,
            sample_rate_hz=cast.main.sample_rate_hz,
            blocks=[asdict(block) for block in read.blocks],
            account=list(read.account),
            live_head_bytes=head_bytes,
            created_ms=now_ms,
            provenance=script.provenance.as_json(),
        )
    )
    rows = (
        dict(
            place,
            position=line.position,
            block=said.block,
            start=said.start,
            end=said.end,
            language=said.language,
            pause_after_ms=said.pause_after_ms,
            tokens=[token_data(token) for token in said.tokens],
            voice=said.voice,
            rate=said.rate,
            segment_key=line.segment_key,
            deaths=0,
        )
        for line, said in zip(script.lines, prepared.utterances, strict=True)
    )
    while batch := list(islice(rows, ROWS_AT_ONCE)):  # an hour's article has 700 rows: never all of them at once
        session.execute(insert(UtteranceRow), batch)


def article_from(article: ArticleRow, text: ArticleRevisionRow) -> Article:
    return Article(
        site=article.site,
        external_id=article.external_id,
        source=text.source,
        source_format=SourceFormat(text.source_format),
        url=WebAddress.read(text.url),
        title=text.title,
        author=text.author,
        published_at=datetime.fromisoformat(text.published_at) if text.published_at else None,
        language=text.language,
    )
