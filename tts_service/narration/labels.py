"""What a clip says about itself: its record, the tags of its files, its chapters, its disclosure sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tts_service import __version__
from tts_service.engines.voices.casting import Cast
from tts_service.engines.voices.order import is_trained
from tts_service.provenance.record import Provenance, voices_heard
from tts_service.speakable.language import languages
from tts_service.speakable.notice import Notice
from tts_service.values import (
    BlockKind,
    Chapter,
    ClipTags,
    DigitalSourceType,
    PlannedUtterance,
    Voice,
    WebAddress,
)

NOTICES = {language.tag: language.disclosure for language in languages() if language.disclosure}
"""The disclosure sentence by primary language subtag."""


_RECORDED = {language.tag: language.recorded for language in languages() if language.recorded}
"""The same of a clip that a person reads."""
_MIXED = {language.tag: language.mixed for language in languages() if language.mixed}
"""The same of a feed that has clips of both kinds."""


def notice(language: str, record: Provenance | None = None) -> str:
    """The sentence in a language that says how a clip came to be; English where there is no translation.

    `record` None: artificially generated, as every clip that nobody recorded."""
    if record is not None and record.is_recorded:
        return recorded_notice(language)
    return _in_language(NOTICES, language)


def recorded_notice(language: str) -> str:
    """The same of a clip that a person reads."""
    return _in_language(_RECORDED, language)


def mixed_notice(language: str) -> str:
    """The same of a feed with clips of both kinds."""
    return _in_language(_MIXED, language)


def _in_language(sentences: Mapping[str, str], language: str) -> str:
    return sentences.get(language.split("-", 1)[0].lower(), sentences["en"])


def source_type_of(voices: Sequence[Voice]) -> DigitalSourceType:
    """The source type of a clip with these voices: trained if one of them is."""
    return DigitalSourceType.TRAINED if any(map(is_trained, voices)) else DigitalSourceType.RULES


def tags_of(record: Provenance, language: str, **facts: str | None) -> ClipTags:
    """Tags of the clip's files, from its provenance record; `facts`: title, author, date, url."""
    return ClipTags(
        title=facts.get("title") or "",
        author=facts.get("author"),
        date=facts.get("date"),
        url=WebAddress.read(facts.get("url")),
        language=language,
        notice=notice(language, record),
        digital_source_type=record.source_type,
        encoder=", ".join([record.service, *(() if record.is_recorded else [one.voice for one in record.voices])]),
        credit="; ".join(record.credits),
    )


def provenance_of(cast: Cast, *, site: str, text: str, notice: Notice | None = None, **versions: str) -> Provenance:
    """The one record that every disclosure is made from.

    `text` is the article's source as it was sent; `versions`: lexicon_version, policy_version.
    """
    return Provenance(
        service=f"tts-service {__version__}",
        site=site,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        text_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        digital_source_type=source_type_of(cast.voices).uri,
        voices=voices_heard(cast.voices),
        spoken_notice=notice.text if notice else "",
        **versions,
    )


def revised_record(record: Provenance, cast: Cast, *, lexicon_version: str) -> Provenance:
    """The record of a clip in which sentences of an earlier one were replaced."""
    return replace(
        record,
        service=f"tts-service {__version__}",
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        digital_source_type=source_type_of(cast.voices).uri,
        voices=voices_heard(cast.voices),
        lexicon_version=lexicon_version,
    )


def file_chapters(
    blocks: Sequence[tuple[str, str]], heard: Sequence[tuple[int, PlannedUtterance]], rate: int
) -> tuple[Chapter, ...]:
    """Chapters from headline and headings: `blocks` are (kind, text), `heard` are (block, place) per utterance."""
    first: dict[int, int] = {}
    for block, place in heard:
        first.setdefault(block, place.start * 1000 // rate)
    titles = (BlockKind.HEADLINE, BlockKind.HEADING)
    starts = [(first[block], text) for block, (kind, text) in enumerate(blocks) if kind in titles and block in first]
    last = heard[-1][1]
    ends = [start for start, _ in starts[1:]] + [(last.start + last.samples + last.pause) * 1000 // rate]
    return tuple(
        Chapter(title=title, start_ms=start, end_ms=end) for (start, title), end in zip(starts, ends, strict=False)
    )
