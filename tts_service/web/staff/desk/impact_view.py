"""What an entry would change, as the case's page shows it: a summary, and the sentences to hear and to leave out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from gettext import NullTranslations
from itertools import islice
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from tts_service.corrections.cases.answering import changes_sentence
from tts_service.corrections.impact.comparing import AffectedClip
from tts_service.corrections.impact.doubts import Doubt
from tts_service.corrections.impact.weighing import Impact
from tts_service.db.tables import ArticleRow, ClipRevisionRow, UtteranceRow
from tts_service.newsroom.lexicon_place import ArticleName
from tts_service.speakable.changes import ChangedSentence
from tts_service.values import Utterance
from tts_service.web.languages import duration
from tts_service.web.pages.formats import format_filters
from tts_service.web.pages.names import code_name
from tts_service.web.staff.desk.marked import MarkedText
from tts_service.web.staff.desk.sound import stretch

MOST_LINES = 60
"""Sentences that the page lists; the summary counts all."""


@dataclass(frozen=True, slots=True)
class _Line:
    clip: AffectedClip
    change: ChangedSentence
    doubt: Doubt | None


def shown_impact(
    session: Session, found: Impact, left_out: Iterable[ArticleName], words: NullTranslations, language: str
) -> dict[str, Any]:
    """For the template: what looks like a false hit first."""
    lines = list(islice(_lines(found), MOST_LINES))
    places = _places(session, lines)
    out = sorted(set(left_out))
    titles = _titles(session, out)
    total = found.sentences
    return {
        "summary": summary(found, words, language),
        "remarks": _remarks(found, words, language),
        "accept": _accept(found, words, language),
        "lines": [_shown(line, places, words) for line in lines],
        "left_out": [
            {"value": f"{one.site}/{one.external_id}", "title": titles.get(one, one.external_id)} for one in out
        ],
        "more": _more(total - len(lines), words, language),
    }


def touches_reported(clip: AffectedClip | None, sentence: str, word: str) -> bool:
    """Whether a change is heard in the reported sentence; of a reported word, whether it is that word. None: the clip
    isn't affected."""
    if clip is None:
        return False
    for change in clip.changes:
        if changes_sentence({"text": clip.text_of(change)}, sentence) and _says_otherwise(clip, change, word):
            return True
    return False


def _says_otherwise(clip: AffectedClip, change: ChangedSentence, word: str) -> bool:
    """Whether a word is said otherwise; a word that is no token by itself is taken to be."""
    text = clip.blocks[change.block].text

    def said(sides: Iterable[Utterance]) -> list[tuple[Any, ...]]:
        tokens = (token for one in sides for token in one.tokens)
        return [(t.spoken, t.ipa) for t in tokens if word.casefold() in text[t.start : t.end].casefold()]

    before = said(change.before)
    return not word or not before or before != said(change.after)


def summary(found: Impact, words: NullTranslations, language: str) -> str:
    """ "Changes 214 sentences in 97 articles: 11 mins of audio, about 40 secs of work. 3 look like false hits."""
    number = format_filters(language)["number"]
    if not found.clips:
        reason = code_name(words, "no match", found.no_match) if found.no_match else ""
        if not found.complete:
            return words.gettext("Changes nothing in the newest clips.")
        nothing = words.gettext("Changes nothing.")
        return f"{nothing} {reason}".strip()
    articles = words.ngettext("{n} article", "{n} articles", found.articles).format(n=number(found.articles))
    text = words.ngettext(
        "Changes {n} sentence in {articles}: {audio} of audio, about {work} of work.",
        "Changes {n} sentences in {articles}: {audio} of audio, about {work} of work.",
        found.sentences,
    ).format(
        n=number(found.sentences),
        articles=articles,
        audio=duration(found.audio_ms, language),
        work=duration(found.work_ms, language),
    )
    doubtful = len(found.doubtful)
    if not doubtful:
        return text
    doubts = words.ngettext("{n} looks like a false hit.", "{n} look like false hits.", doubtful)
    return f"{text} {doubts.format(n=number(doubtful))}"


def _accept(found: Impact, words: NullTranslations, language: str) -> str:
    if not found.clips:
        return words.gettext("Save it all the same") if found.complete else words.gettext("Accept")
    number = format_filters(language)["number"](found.articles)
    return words.ngettext("Accept: correct {n} clip", "Accept: correct {n} clips", found.articles).format(n=number)


def _titles(session: Session, articles: Sequence[ArticleName]) -> dict[ArticleName, str]:
    row = ArticleRow
    named = tuple_(row.site, row.external_id).in_([(one.site, one.external_id) for one in articles])
    query = select(row.site, row.external_id, row.title).where(named)
    return {ArticleName(site, name): title or name for site, name, title in session.execute(query)} if articles else {}


def _remarks(found: Impact, words: NullTranslations, language: str) -> list[str]:
    if found.complete:
        return []
    number = format_filters(language)["number"]
    return [
        words.gettext(
            "{all} clips have this word; the newest {read} were counted, all of them will be corrected."
        ).format(all=number(found.candidates), read=number(found.read))
    ]


def _more(left: int, words: NullTranslations, language: str) -> str:
    if left <= 0:
        return ""
    text = words.ngettext("{n} more sentence is changed.", "{n} more sentences are changed.", left)
    return text.format(n=format_filters(language)["number"](left))


def _lines(found: Impact) -> Iterator[_Line]:
    """The changed sentences: the doubtful ones first, then one of each clip, then the others."""
    doubts = {(one.clip_id, one.block, one.start): one for one in found.doubtful}

    def doubt_in(clip: AffectedClip, change: ChangedSentence) -> Doubt | None:
        inside = (
            one
            for (clip_id, block, start), one in doubts.items()
            if clip_id == clip.clip_id and block == change.block and change.start <= start < change.end
        )
        return next(inside, None)

    doubtful = {one.clip_id for one in found.doubtful}
    ranked: list[tuple[int, _Line]] = []
    for clip in found.clips:
        for at, change in enumerate(clip.changes):
            doubt = doubt_in(clip, change) if clip.clip_id in doubtful else None
            ranked.append((0 if doubt else 1 if at == 0 else 2, _Line(clip, change, doubt)))
    ranked.sort(key=lambda one: one[0])
    return (line for _, line in ranked)


def _places(session: Session, lines: Iterable[_Line]) -> dict[tuple[str, int, int], tuple[int, int, int]]:
    """By clip, block and first character: position of the sentence, and when it begins and ends in its clip."""
    wanted = {(line.clip.clip_id, line.clip.revision) for line in lines}
    row, revision = UtteranceRow, ClipRevisionRow
    query = (
        select(row.clip_id, row.block, row.start, row.position, row.start_sample, row.samples, revision.sample_rate_hz)
        .join(revision, (revision.clip_id == row.clip_id) & (revision.revision == row.revision))
        .where(tuple_(row.clip_id, row.revision).in_(sorted(wanted)))
    )
    found = {}
    for one in session.execute(query) if wanted else ():
        if one.start_sample is not None:
            begin = one.start_sample * 1000 // one.sample_rate_hz
            end = begin + (one.samples or 0) * 1000 // one.sample_rate_hz
            found[one.clip_id, one.block, one.start] = (one.position, begin, end)
    return found


def _shown(
    line: _Line, places: dict[tuple[str, int, int], tuple[int, int, int]], words: NullTranslations
) -> dict[str, Any]:
    clip, change = line.clip, line.change
    text = clip.text_of(change)
    start, end = _different(change, line.doubt)
    place = places.get((clip.clip_id, change.block, change.before[0].start if change.before else change.start))
    return {
        "before_sound": stretch(clip.clip_id, clip.revision, place[1], place[2]) if place else "",
        "after": f"{clip.clip_id}~{clip.revision}~{place[0]}" if place else "",
        "language": clip.blocks[change.block].language,
        "sentence": MarkedText.of(text, start, end).shortened(),
        "title": clip.title,
        "site": clip.site,
        "clip": clip.clip_id,
        "article": f"{clip.site}/{clip.external_id}",
        "doubt": code_name(words, "doubt", line.doubt.reason) if line.doubt else "",
    }


def _different(change: ChangedSentence, doubt: Doubt | None) -> tuple[int | None, int | None]:
    """Where the first word that is said otherwise stands, from the start of the stretch."""
    if doubt is not None:
        return doubt.start - change.start, doubt.end - change.start
    old = {(one.start, one.end): one for said in change.before for one in said.tokens}
    for token in (token for said in change.after for token in said.tokens):
        before = old.get((token.start, token.end))
        if before is None or (before.spoken, before.ipa) != (token.spoken, token.ipa):
            return token.start - change.start, token.end - change.start
    return None, None
