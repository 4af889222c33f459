"""The rows of a revision that is made from an earlier one: its sentences copied, some of them replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tts_service.article.account import check_spans
from tts_service.audio.live import live_head
from tts_service.db.rows import stored_blocks, tokens_of
from tts_service.db.tables import ClipRevisionRow, ClipRow, JobRow, UtteranceRow
from tts_service.engines.child.unspeakable import RULE
from tts_service.engines.voices.casting import Cast, cast_for
from tts_service.errors import RevisionOvertaken, VoiceNotFound
from tts_service.jobs.lease import Lease, write
from tts_service.jobs.locks import name_segments
from tts_service.jobs.rendering import ROWS_AT_ONCE, Rendering, load, lost_words, voice_facts, voice_from
from tts_service.jobs.revise import Basis, Replacement, basis_from
from tts_service.narration.labels import revised_record, tags_of
from tts_service.narration.speak import key_of
from tts_service.newsroom.site_voices import voices_for_clip
from tts_service.parts import Parts
from tts_service.provenance.record import record_from
from tts_service.values import Utterance, Voice

_COPIED = (
    "block",
    "start",
    "end",
    "language",
    "voice",
    "rate",
    "pause_after_ms",
    "tokens",
    "segment_key",
)
"""Of a sentence that isn't replaced: everything but when it sounds."""
Sentence = dict[str, Any]
"""Those columns of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """The revision that another one is made from."""

    row: ClipRevisionRow
    sentences: list[Sentence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recast:
    """Utterances that come into an earlier revision, and who speaks the clip then."""

    cast: Cast
    said: tuple[Utterance, ...]
    """`voice` names who really speaks; None: the main voice."""


def recast(parts: Parts, row: ClipRevisionRow, utterances: Sequence[Utterance]) -> Recast:
    """Assign voices to utterances that come into a revision, whose own voices stay."""
    main = voice_from(row.voice)
    voices = voices_for_clip(parts.database, parts.voices, row.clip_id)
    fresh, said = cast_for(utterances, voices, main, row.language)
    kept = {voice.id: voice for voice in map(voice_from, row.other_voices or ())}
    new = [voice for voice in fresh.others if voice.id not in kept]
    return Recast(cast=Cast(main=main, others=(*kept.values(), *new)), said=said)


def keep_revised(parts: Parts, lease: Lease, job: JobRow) -> Rendering | None:
    """Keep the rows of the job's revision, in one transaction; None: the whole text is to be prepared again, as asked
    for, or because a voice was replaced by another of the same name: no clip is spoken by two models of one voice.

    Raises RevisionOvertaken when the earlier revision isn't heard any more, VoiceNotFound when its voice was removed,
    AccountBroken when a letter would be lost, StoreUnavailable, LeaseLost.
    """
    basis = basis_from(job.basis or {})
    with parts.database.reading() as session:
        earlier = _earlier(session, job.clip_id, basis)
    if basis.replacements is None:
        return None
    row = earlier.row
    # The main voice's removal is a failure of its own; another one is replaced as when a text is prepared.
    if parts.voices.find(row.voice["id"]).fingerprint != voice_from(row.voice).fingerprint:
        return None
    if not all(_unchanged(parts, voice_from(kept)) for kept in row.other_voices or ()):
        return None
    spoken = recast(parts, row, [utterance for one in basis.replacements for utterance in one.utterances])
    cast = spoken.cast
    sentences = list(_replaced(earlier.sentences, basis.replacements, iter(spoken.said), cast))
    check_spans(stored_blocks(row.blocks), [(one["block"], one["start"], one["end"]) for one in sentences])
    record = revised_record(record_from(row.provenance or {}), cast, lexicon_version=basis.lexicon_version)
    tags = tags_of(record, row.language, title=row.title, author=row.author, date=row.published_at, url=row.url)
    head = live_head(tags)
    parts.store.put(f"live/{job.clip_id}/{job.revision}/head", head)
    made = {
        "other_voices": [voice_facts(voice) for voice in cast.others] or None,
        "account": _account(row, sentences),
        "live_head_bytes": len(head),
        "provenance": record.as_json(),
        "cause": (job.basis or {})["cause"],
        "correction_id": job.correction_id,
    }
    with parts.database.writing() as session:
        write(session, lease, total=len(sentences), done=0)
        _insert(session, job, row, made, sentences, now_ms=parts.database.now_ms(session))
    return load(parts, lease)


def _earlier(session: Session, clip_id: str, basis: Basis) -> _Earlier:
    clip = session.get_one(ClipRow, clip_id)
    source = basis.revision if basis.source is None else basis.source
    row = session.get(ClipRevisionRow, (clip_id, source))
    if row is None or clip.current_revision != basis.revision:
        raise RevisionOvertaken(f"Revision {basis.revision} of clip {clip_id} isn't heard any more.")
    mine = (UtteranceRow.clip_id == clip_id, UtteranceRow.revision == source)
    columns = [getattr(UtteranceRow, name) for name in _COPIED]
    found = session.execute(select(*columns).where(*mine).order_by(UtteranceRow.position))
    return _Earlier(row=row, sentences=[dict(one) for one in found.mappings()])


def _unchanged(parts: Parts, voice: Voice) -> bool:
    try:
        return parts.voices.find(voice.id).fingerprint == voice.fingerprint
    except VoiceNotFound:
        return False


def _replaced(
    sentences: Sequence[Sentence], replacements: Sequence[Replacement], said: Iterator[Utterance], cast: Cast
) -> Iterator[Sentence]:
    """The sentences in order. `said`: the utterances of all replacements, with the voices that speak them."""
    made: list[Sentence] = []
    pauses = {(one["block"], one["start"], one["end"]): one["pause_after_ms"] for one in sentences}
    for place in replacements:
        for _ in place.utterances:
            utterance = next(said)
            span = (utterance.block, utterance.start, utterance.end)
            facts = asdict(utterance) | {"pause_after_ms": pauses.get(span, utterance.pause_after_ms)}
            made.append(facts | {"tokens": list(facts["tokens"]), "segment_key": key_of(utterance, cast)})
    kept = [one for one in sentences if not any(_is_in(one, place) for place in replacements)]
    yield from sorted([*kept, *made], key=lambda one: (one["block"], one["start"], one["end"]))


def _is_in(sentence: Mapping[str, Any], place: Replacement) -> bool:
    block, start, end = sentence["block"], sentence["start"], sentence["end"]
    return bool(block == place.block and place.start <= start and end <= place.end)


def _account(row: ClipRevisionRow, sentences: Sequence[Sentence]) -> list[Any]:
    """The account of the text, with the words that voices died on in the sentences as they are now."""
    lost = [
        line for one in sentences for line in lost_words(row.blocks[one["block"]]["text"], tokens_of(one["tokens"]))
    ]
    return [*(line for line in row.account if line["kind"] != RULE), *lost]


def _insert(
    session: Session,
    job: JobRow,
    row: ClipRevisionRow,
    made: Mapping[str, Any],
    sentences: Sequence[Sentence],
    *,
    now_ms: int,
) -> None:
    place = {"clip_id": job.clip_id, "revision": job.revision}
    same = (
        "title",
        "author",
        "url",
        "published_at",
        "language",
        "voice",
        "sample_rate_hz",
        "notice",
        "notice_key",
        "blocks",
    )
    copied = {name: getattr(row, name) for name in same}
    session.add(ClipRevisionRow(**place, **copied, **made, state="rendering", created_ms=now_ms))
    session.flush()
    name_segments(session)
    rows = [dict(place, position=position, deaths=0, **one) for position, one in enumerate(sentences)]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        session.execute(insert(UtteranceRow), rows[start : start + ROWS_AT_ONCE])
