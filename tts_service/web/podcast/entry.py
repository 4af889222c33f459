"""A clip as a feed entry. What it says of the voice comes from the provenance record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from tts_service.db.tables import ArticleRow
from tts_service.jobs.revise import RECORDING
from tts_service.public_addresses import about_url, clip_url, listen_url
from tts_service.settings import Settings
from tts_service.values import BlockKind, DigitalSourceType, Rendition, WebAddress
from tts_service.values.moments import utc_of
from tts_service.web.languages import catalogue, language_for
from tts_service.web.pages.names import code_name
from tts_service.web.podcast.choice import Chosen

_SUMMARY_CHARACTERS = 400
_KINDS = (BlockKind.STANDFIRST, BlockKind.PARAGRAPH)
"""What a clip is summed up with: its standfirst, else how it begins."""
_HEADINGS = (BlockKind.HEADLINE, BlockKind.HEADING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """An episode."""

    guid: str
    """The same for every revision of an article's clip."""
    title: str
    link: str
    author: str | None
    language: str
    notes: str
    """HTML: how it begins, whether the voice is artificial, who speaks, where to read more."""
    published: datetime
    updated: datetime
    """When this revision was finished."""
    duration_s: int
    audio_url: str
    """Of this revision: its bytes never change, so length and type stay true."""
    rendition: Rendition
    captions_url: str | None
    """None: a person reads it, so that nobody knows when each sentence sounds."""
    transcript_url: str
    chapters_url: str | None
    """None: it has fewer than two headings."""
    categories: tuple[str, ...]
    recorded: bool
    """Whether a person reads it."""


def entry_of(settings: Settings, chosen: Chosen) -> Episode:
    """The episode of a finished clip."""
    shown, row = chosen.shown, chosen.shown.revision
    assert row is not None and row.renditions
    clip, below = shown.clip.id, f"r/{row.revision}"
    made = [Rendition(**kept) for kept in row.renditions]
    audio = next((one for one in made if one.format == "mp3"), made[0])
    recorded = row.cause == RECORDING
    has_chapters = not recorded and _has_chapters(row.blocks)
    ready_ms = row.ready_ms or row.created_ms
    published_ms = _published_ms(shown.article, chosen.now_ms)
    tags = tuple(tag for tag in chosen.tags if tag != chosen.section)
    return Episode(
        guid=clip,
        title=shown.title or _web(row.url) or clip,
        link=_web(row.url) or listen_url(settings, clip),
        author=row.author,
        language=row.language,
        notes=_notes(settings, chosen),
        published=_moment(published_ms),
        updated=_moment(ready_ms),
        duration_s=round((row.duration_ms or 0) / 1000),
        rendition=audio,
        audio_url=clip_url(settings, clip, f"{below}/audio.{audio.format}"),
        captions_url=None if recorded else clip_url(settings, clip, f"{below}/captions.vtt"),
        transcript_url=clip_url(settings, clip, f"{below}/transcript"),
        chapters_url=clip_url(settings, clip, f"{below}/chapters.json") if has_chapters else None,
        recorded=recorded,
        categories=((chosen.section,) if chosen.section else ()) + tags,
    )


def _published_ms(article: ArticleRow, now_ms: int) -> int:
    """When the article appeared: as its CMS says, unless that is still to come."""
    told = article.published_ms
    return told if told is not None and told <= now_ms else article.created_ms


def _notes(settings: Settings, chosen: Chosen) -> str:
    """The show notes; text from outside is escaped in them."""
    row = chosen.shown.revision
    assert row is not None and row.provenance is not None
    words = catalogue(language_for(row.language))
    about = about_url(settings, chosen.shown.clip.id)
    lines = [Markup("<p>{}</p>").format(text) for text in _begins(row.blocks)]
    how = code_name(words, "voices", _how_made(row.provenance))
    more = words.gettext("More information")
    voices = "; ".join(_voices(row.provenance))
    lines.append(Markup("<p><strong>{}</strong> {}</p>").format(chosen.shown.notice, how))
    if _how_made(row.provenance) == "person":
        lines.append(Markup('<p><a href="{}">{}</a></p>').format(about, more))
    else:
        lines.append(Markup('<p>{}: {}. <a href="{}">{}</a></p>').format(words.gettext("Voice"), voices, about, more))
    if address := _web(row.url):
        lines.append(Markup('<p><a href="{}">{}</a></p>').format(address, words.gettext("To the article")))
    return "\n".join(lines)


def _begins(blocks: list[Any]) -> list[str]:
    """How the text begins, at a word's end; empty: it has no text of that kind."""
    for kind in _KINDS:
        text = next((block["text"] for block in blocks if block["kind"] == kind and block["spoken"]), "")
        if text:
            flat = " ".join(text.split())
            cut = flat[:_SUMMARY_CHARACTERS].rpartition(" ")[0] or flat[:_SUMMARY_CHARACTERS]
            return [flat if len(flat) <= _SUMMARY_CHARACTERS else f"{cut} …"]
    return []


def _voices(record: dict[str, Any]) -> list[str]:
    """Who speaks, with licences and the lines that these ask for, as the record names them."""
    heard = record.get("voices") or [record]
    names = [f"{voice['voice']} ({voice['licence']})" if voice.get("licence") else voice["voice"] for voice in heard]
    return [*names, *dict.fromkeys(voice["credit"] for voice in heard if voice.get("credit"))]


def _how_made(record: dict[str, Any]) -> str:
    """How the voices make sound, by the code of its name: trained, rules, mixed, or person."""
    heard = record.get("voices") or [record]
    if str(record.get("digital_source_type", "")).endswith(DigitalSourceType.CAPTURE):
        return "person"
    trained = [str(voice.get("digital_source_type", "")).endswith(DigitalSourceType.TRAINED) for voice in heard]
    return "trained" if all(trained) else "mixed" if any(trained) else "rules"


def _has_chapters(blocks: list[Any]) -> bool:
    headings = [block for block in blocks if block["spoken"] and block["kind"] in _HEADINGS]
    return len(headings) > 1


def _web(address: str | None) -> str:
    """An address a link may lead to; empty for any other."""
    return WebAddress.read(address) or ""


def _moment(ms: int) -> datetime:
    return utc_of(ms)
