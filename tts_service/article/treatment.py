"""Pieces -> blocks: applies the site's policy, its rules for certain texts, and the editors' marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tts_service.article.furniture import same_headline
from tts_service.article.language import language_of_piece
from tts_service.article.pieces import Piece
from tts_service.speakable.language import ANNOUNCED, language_of
from tts_service.values import Block, BlockKind
from tts_service.values.speech_policy import BlockPolicy, SpeechPolicy, Treatment

NOT_CHOSEN = "the editors chose other parts"
MARKS_ONLY = "marks only, nothing to say"
RULE = "left out by a rule of the site"
MAX_TITLE = 200
"""Maximum characters of a spoken table title."""


def only_chosen(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces; if editors marked some as `only`, the others are skipped."""
    if not any(item.only for item in pieces):
        return list(pieces)
    return [item if item.only or item.skip_reason else replace(item, skip_reason=NOT_CHOSEN) for item in pieces]


def blocks_of(pieces: Iterable[Piece], language: str, policy: SpeechPolicy) -> Iterator[Block]:
    """The blocks of an article in `language` (BCP 47), under the site's policy."""
    heading = ""
    captions_said = policy.of(BlockKind.CAPTION).treatment is Treatment.SPOKEN
    for item in pieces:
        if item.title and (captions_said or same_headline(item.title, heading)):
            item = replace(item, title=None)
        yield _block(item, language, policy)
        if item.skip_reason is None:
            heading = item.text if item.kind in (BlockKind.HEADING, BlockKind.HEADLINE) else ""


def _block(item: Piece, article: str, site: SpeechPolicy) -> Block:
    policy = site.of(item.kind)
    language = policy.language or language_of_piece(item, article)
    rule = None if item.only or item.skip_reason == NOT_CHOSEN else site.rule_for(item.kind, item.text)
    if rule is None:
        reason, announcement = _said(item, policy, language)
    elif rule.treatment is Treatment.SKIPPED:
        reason, announcement = RULE, None
    else:
        asked = replace(item, skip_reason=None)
        reason, announcement = _said(asked, replace(policy, treatment=Treatment.SPOKEN), language)
    return Block(
        kind=item.kind,
        text=item.text,
        language=language,
        spoken=reason is None,
        skip_reason=reason,
        announcement=announcement,
        voice=policy.voice,
        rate=policy.rate,
        directions=item.directions if reason is None and announcement is None else (),
    )


def _said(item: Piece, policy: BlockPolicy, language: str) -> tuple[str | None, str | None]:
    """(skip reason, announcement spoken in place of the text)."""
    if item.skip_reason:
        return item.skip_reason, None
    if item.announcement:
        return None, item.announcement
    if policy.treatment is Treatment.SKIPPED and not item.only:
        return item.kind.value.replace("_", " "), None
    if policy.treatment is Treatment.ANNOUNCED and item.kind in ANNOUNCED:
        words = language_of(language).announcements.get(item.kind)
        if words is None:
            return f"{item.kind.value}: no announcement in {language}", None
        title = (item.text if item.kind is BlockKind.CAPTION else item.title or "").rstrip(" .:")
        return None, f"{words}: {title[:MAX_TITLE]}" if title else f"{words}."
    if not item.directions and not any(map(str.isalnum, item.text)):
        return MARKS_ONLY, None
    return None, None
