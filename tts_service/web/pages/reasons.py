"""Why a block is not spoken as its text, in words for readers."""

from __future__ import annotations

from gettext import NullTranslations

from tts_service.web.languages import pgettext_noop

REASONS = (
    pgettext_noop("skipped", "headline repeated"),
    pgettext_noop("skipped", "caption"),
    pgettext_noop("skipped", "table"),
    pgettext_noop("skipped", "code"),
    pgettext_noop("skipped", "navigation"),
    pgettext_noop("skipped", "footer"),
    pgettext_noop("skipped", "form"),
    pgettext_noop("skipped", "box beside the article"),
    pgettext_noop("skipped", "button"),
    pgettext_noop("skipped", "hidden"),
    pgettext_noop("skipped", "label"),
    pgettext_noop("skipped", "player"),
    pgettext_noop("skipped", "read more"),
    pgettext_noop("skipped", "more information"),
    pgettext_noop("skipped", "copyright"),
    pgettext_noop("skipped", "contact"),
    pgettext_noop("skipped", "disclosure"),
    pgettext_noop("skipped", "cookie notice"),
    pgettext_noop("skipped", "newsletter"),
    pgettext_noop("skipped", "links to other articles"),
    pgettext_noop("skipped", "share links"),
    pgettext_noop("skipped", "advertisement"),
    pgettext_noop("skipped", "breadcrumb"),
    pgettext_noop("skipped", "comments"),
    pgettext_noop("skipped", "footnotes"),
    pgettext_noop("skipped", "footnote mark"),
    pgettext_noop("skipped", "for screen readers only"),
    pgettext_noop("skipped", "not part of the article's text"),
    pgettext_noop("skipped", "marked by the editors: not to be spoken"),
    pgettext_noop("skipped", "for browsers without scripts"),
    pgettext_noop("skipped", "shown when media can't play"),
    pgettext_noop("skipped", "drawing"),
    pgettext_noop("skipped", "formula"),
    pgettext_noop("skipped", "byline"),
    pgettext_noop("skipped", "tags"),
    pgettext_noop("skipped", "embedded"),
    pgettext_noop("skipped", "embedded post"),
    pgettext_noop("skipped", "name and date of an embedded post"),
    pgettext_noop("skipped", "picture credit"),
    pgettext_noop("skipped", "paywall"),
    pgettext_noop("skipped", "shortcode"),
    pgettext_noop("skipped", "notice"),
    pgettext_noop("skipped", "dateline standing alone"),
    pgettext_noop("skipped", "said already"),
    pgettext_noop("skipped", "pull quote, said in the text"),
    pgettext_noop("skipped", "the editors chose other parts"),
    pgettext_noop("skipped", "said otherwise by the editors, with the block before"),
    pgettext_noop("skipped", "marks only, nothing to say"),
    pgettext_noop("skipped", "left out by a rule of the site"),
    pgettext_noop("skipped", "quote"),
    pgettext_noop("skipped", "heading"),
    pgettext_noop("skipped", "list item"),
    pgettext_noop("skipped", "paragraph"),
    pgettext_noop("skipped", "standfirst"),
    pgettext_noop("skipped", "table of contents"),
    pgettext_noop("skipped", "reading time"),
    pgettext_noop("skipped", "counts and ratings"),
    pgettext_noop("skipped", "web address"),
    pgettext_noop("skipped", "agency credit"),
    pgettext_noop("skipped", "gallery"),
    pgettext_noop("skipped", "poll"),
    pgettext_noop("skipped", "live blog"),
    pgettext_noop("skipped", "call to readers"),
    pgettext_noop("skipped", "set apart behind the text"),
    pgettext_noop("skipped", "also in the page's frame"),
    pgettext_noop("skipped", "struck out"),
    pgettext_noop("skipped", "front matter"),
    pgettext_noop("skipped", "pronunciation of the word before"),
    pgettext_noop("skipped", "name of a field in the CMS"),
    pgettext_noop("skipped", "setting of a block in the CMS"),
)
"""As article/ gives them."""
OPENINGS = (
    pgettext_noop("skipped", "read as its words are, not as declared: {what}"),
    pgettext_noop("skipped", "another voice speaks: {what}"),
    pgettext_noop("skipped", "announced: {what}"),
    pgettext_noop("skipped", "not read: {what}"),
    pgettext_noop("skipped", "table: no announcement in {what}"),
    pgettext_noop("skipped", "code: no announcement in {what}"),
    pgettext_noop("skipped", "caption: no announcement in {what}"),
)
"""Reasons that name something."""


def reason_in(reason: str, words: NullTranslations) -> str:
    """Why a block is skipped, in a language; in English, as it is, where the reason is unknown."""
    for message in OPENINGS:
        opening = message.removesuffix("{what}")
        if reason.startswith(opening):
            said = words.pgettext("skipped", message).format(what=reason.removeprefix(opening))
            break
    else:
        said = words.pgettext("skipped", reason)
    return said[:1].upper() + said[1:]
