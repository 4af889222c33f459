"""A clip revision in the making: planned once from the article, afterwards loaded from its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from tts_service.article.blocks import ReadArticle
from tts_service.audio.live import live_head
from tts_service.db.rows import tokens_of, utterance_of
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, JobRow, UtteranceRow
from tts_service.engines.casting import Cast
from tts_service.jobs.files import FileState, file_from
from tts_service.jobs.lease import Lease, write
from tts_service.narration import Prepared, key_of, prepare, provenance_of, tags_of
from tts_service.newsroom.lexicon import lexicon_for, lexicon_version
from tts_service.newsroom.sites import options_for, policy_for, policy_version
from tts_service.parts import Parts
from tts_service.provenance.record import Provenance, record_from
from tts_service.speakable.notice import Notice
from tts_service.values import Article, ClipTags, DigitalSourceType, SourceFormat, Utterance, Voice, WebAddress

_ROWS_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderingLine:
    """One utterance of the revision and what is known of its sound. Its words stay in the database until they are
    spoken: an hour's article is never in memory as a whole."""

    position: int
    block: int
    pause_after_ms: int
    segment_key: str
    samples: int | None
    start_sample: int | None
    notice_samples: int | None
    live_start: int | None
    live_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What a slice works on."""

    lease: Lease
    clip_id: str
    revision: int
    site: str
    formats: tuple[str, ...]
    provenance: Provenance
    cast: Cast
    tags: ClipTags
    notice: Notice | None
    """Said between the utterances; None: nothing is."""
    blocks: tuple[tuple[str, str], ...]
    """(kind, text) of every block."""
    live_head_bytes: int
    live_end_bytes: int | None
    lines: tuple[RenderingLine, ...]
    files: tuple[FileState, ...] = ()
    """What became of the formats that earlier turns came to."""

    @property
    def voice(self) -> Voice:
        """The main voice."""
        return self.cast.main

    def pending(self) -> Iterator[RenderingLine]:
        """Utterances not spoken yet, in order."""
        return (line for line in self.lines if line.samples is None)

    def with_lines(self, lines: Sequence[RenderingLine]) -> Rendering:
        return replace(self, lines=tuple(lines))

    def object_name(self, name: str) -> str:
        """Store name of a part of this revision's live.mp3."""
        return f"live/{self.clip_id}/{self.revision}/{name}"


def begin(parts: Parts, lease: Lease, *, usual_notice: bool = False) -> Rendering:
    """Prepare the article and keep the utterances, in one transaction. Raises NothingToSpeak, LanguageNotSpoken.

    `usual_notice`: the spoken notice in the usual words, whatever words the site has for it.
    """
    with parts.database.reading() as session:
        job = session.scalars(select(JobRow).where(JobRow.id == lease.job_id)).one()
        text = session.scalars(select(ArticleRevisionRow).where(ArticleRevisionRow.id == job.article_revision_id)).one()
        article = session.scalars(select(ArticleRow).where(ArticleRow.id == job.article_id)).one()
    policy = policy_for(parts.database, parts.settings, job.site)
    worded = replace(policy, notice=replace(policy.notice, texts={})) if policy.notice and usual_notice else policy
    # The version first: should an entry come between the two, the record names the older one and can be found stale.
    version = lexicon_version(parts.database, article.site, article.external_id)
    lexicon = lexicon_for(parts.database, article.site, article.external_id)
    received = article_from(article, text)
    prepared = prepare(received, parts.voices, job.voice, policy=worded, lexicon=lexicon)
    read = _dated(parts, job.site, prepared.read)
    prepared = replace(prepared, read=read)
    facts = {"title": read.title, "author": read.author, "date": read.published, "url": read.url}
    record = provenance_of(
        prepared.cast,
        site=job.site,
        text=received.source,
        notice=prepared.notice,
        lexicon_version=version,
        policy_version=policy_version(policy),
    )
    head = live_head(tags_of(record, read.language, **facts))
    parts.store.put(f"live/{job.clip_id}/{job.revision}/head", head)
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        write(session, lease, total=len(prepared.utterances), done=0)
        _keep(session, job, prepared, (len(head), record, now))
    rendering = load(parts, lease)
    assert rendering is not None
    return rendering


def _dated(parts: Parts, site: str, read: ReadArticle) -> ReadArticle:
    """The article with a zone for the date that its page names without one: the site's."""
    moment = datetime.fromisoformat(read.published) if read.published else None
    if moment is None or moment.tzinfo is not None:
        return read
    return replace(read, published=moment.replace(tzinfo=options_for(parts.database, site).zone).isoformat())


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
        lines = tuple(RenderingLine(**row) for row in found.mappings())
    others = tuple(voice_from(kept) for kept in row.other_voices or ())
    cast = Cast(main=voice_from(row.voice), others=others)
    facts = {"title": row.title, "author": row.author, "date": row.published_at, "url": row.url}
    record = record_from(row.provenance or {})
    tags = tags_of(record, row.language, **facts)
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
    mine = (
        UtteranceRow.clip_id == rendering.clip_id,
        UtteranceRow.revision == rendering.revision,
        UtteranceRow.position == position,
    )
    with parts.database.reading() as session:
        return utterance_of(session.scalars(select(UtteranceRow).where(*mine)).one())


def bury(parts: Parts, rendering: Rendering, position: int) -> int:
    """Count an engine's death on a sentence. Returns how many there were."""
    mine = (
        UtteranceRow.clip_id == rendering.clip_id,
        UtteranceRow.revision == rendering.revision,
        UtteranceRow.position == position,
    )
    with parts.database.writing() as session:
        write(session, rendering.lease, attempts=JobRow.attempts)
        session.execute(update(UtteranceRow).where(*mine).values(deaths=UtteranceRow.deaths + 1))
        return int(session.scalars(select(UtteranceRow.deaths).where(*mine)).one())


def voice_from(kept: dict[str, Any]) -> Voice:
    """The voice a revision was begun with, whatever has been added or removed since."""
    values = {name: value for name, value in kept.items() if name != "id"}
    return Voice(**{**values, "digital_source_type": DigitalSourceType(kept["digital_source_type"])})


def _notice_from(kept: dict[str, Any]) -> Notice:
    said = kept["utterance"]
    return Notice(**{**kept, "utterance": Utterance(**{**said, "tokens": tokens_of(said["tokens"])})})


def _facts_of(voice: Voice) -> dict[str, Any]:
    return {"id": voice.id, **asdict(voice)}


def _keep(session: Session, job: JobRow, prepared: Prepared, facts: tuple[int, Provenance, int]) -> None:
    head_bytes, record, now = facts
    read, cast = prepared.read, prepared.cast
    place = {"clip_id": job.clip_id, "revision": job.revision}
    session.execute(delete(UtteranceRow).filter_by(**place))
    session.execute(delete(ClipRevisionRow).filter_by(**place))
    session.add(
        ClipRevisionRow(
            **place,
            state="rendering",
            title=read.title or "",
            author=read.author,
            url=read.url,
            published_at=read.published,
            language=read.language,
            voice=_facts_of(cast.main),
            other_voices=[_facts_of(voice) for voice in cast.others] or None,
            notice=asdict(prepared.notice) if prepared.notice else None,
            sample_rate_hz=cast.main.sample_rate_hz,
            blocks=[asdict(block) for block in read.blocks],
            account=list(read.account),
            live_head_bytes=head_bytes,
            created_ms=now,
            provenance=record.as_json(),
        )
    )
    rows = (
        dict(
            place,
            position=position,
            block=said.block,
            start=said.start,
            end=said.end,
            language=said.language,
            pause_after_ms=said.pause_after_ms,
            tokens=[asdict(token) for token in said.tokens],
            voice=said.voice,
            rate=said.rate,
            segment_key=key_of(said, cast),
            deaths=0,
        )
        for position, said in enumerate(prepared.utterances)
    )
    while batch := list(islice(rows, _ROWS_AT_ONCE)):  # an hour's article has 700 rows: never all of them at once
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
