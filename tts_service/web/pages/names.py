"""What states, kinds, roles and deeds are called on the pages, by their codes."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import NullTranslations

from tts_service.web.languages import pgettext_noop

NAMES: Mapping[str, Mapping[str, str]] = {
    "category": {
        "pronunciation": pgettext_noop("category", "A word is pronounced wrongly"),
        "number": pgettext_noop("category", "A number, date or abbreviation is read wrongly"),
        "missing": pgettext_noop("category", "Something is missing"),
        "extra": pgettext_noop("category", "Something is read that should not be"),
        "sound": pgettext_noop("category", "The voice or the sound is bad"),
        "other": pgettext_noop("category", "Something else"),
    },
    "state of a report, to its sender": {
        "new": pgettext_noop("state of a report, to its sender", "Received: nobody has looked at it yet"),
        "confirmed": pgettext_noop("state of a report, to its sender", "Confirmed: the newsroom hears it too"),
        "corrected": pgettext_noop("state of a report, to its sender", "Corrected: the new audio is being made"),
        "rejected": pgettext_noop("state of a report, to its sender", "Not changed"),
    },
    "voices": {
        "trained": pgettext_noop(
            "voices",
            "The voice is a neural network that was trained on recordings of human speech. "
            "Nobody read this article aloud.",
        ),
        "rules": pgettext_noop(
            "voices",
            "The voice is computed by rules, without recordings of human speech. Nobody read this article aloud.",
        ),
        "mixed": pgettext_noop(
            "voices",
            "Several voices speak. Some are neural networks that were trained on recordings of human speech, "
            "others are computed by rules. Nobody read this article aloud.",
        ),
    },
    "block": {
        "language": pgettext_noop("block", "Language"),
        "headline": pgettext_noop("block", "Headline"),
        "standfirst": pgettext_noop("block", "Standfirst"),
        "heading": pgettext_noop("block", "Heading"),
        "paragraph": pgettext_noop("block", "Paragraph"),
        "list_item": pgettext_noop("block", "List item"),
        "quote": pgettext_noop("block", "Quote"),
        "caption": pgettext_noop("block", "Caption"),
        "table": pgettext_noop("block", "Table"),
        "code": pgettext_noop("block", "Code"),
    },
    "state of a clip": {
        "ready": pgettext_noop("state of a clip", "ready"),
        "rendering": pgettext_noop("state of a clip", "being made"),
        "held": pgettext_noop("state of a clip", "waits for release"),
        "withdrawn": pgettext_noop("state of a clip", "withdrawn"),
        "failed": pgettext_noop("state of a clip", "failed"),
    },
    "state of a version": {
        "queued": pgettext_noop("state of a version", "waiting"),
        "running": pgettext_noop("state of a version", "being made"),
        "rendering": pgettext_noop("state of a version", "being made"),
        "held": pgettext_noop("state of a version", "waits for release"),
        "ready": pgettext_noop("state of a version", "ready"),
        "withdrawn": pgettext_noop("state of a version", "withdrawn"),
        "failed": pgettext_noop("state of a version", "failed"),
        "cancelled": pgettext_noop("state of a version", "cancelled"),
        "superseded": pgettext_noop("state of a version", "replaced by a newer one"),
    },
    "why a version was made": {
        "first": pgettext_noop("why a version was made", "first version"),
        "text": pgettext_noop("why a version was made", "the text changed"),
        "settings": pgettext_noop("why a version was made", "pronunciations, policy or voice changed"),
        "correction": pgettext_noop("why a version was made", "a correction"),
        "taken_back": pgettext_noop("why a version was made", "a correction was taken back"),
        "voice": pgettext_noop("why a version was made", "another voice"),
        "recording": pgettext_noop("why a version was made", "a recording"),
    },
    "who withdrew": {
        "cms": pgettext_noop("who withdrew", "by the CMS"),
        "check": pgettext_noop("who withdrew", "by a check of its page"),
        "person": pgettext_noop("who withdrew", "by a person"),
    },
    "state of an event": {
        "received": pgettext_noop("state of an event", "waiting"),
        "done": pgettext_noop("state of an event", "done"),
        "ignored": pgettext_noop("state of an event", "ignored"),
        "failed": pgettext_noop("state of an event", "failed"),
        "refused": pgettext_noop("state of an event", "refused"),
    },
    "state of a delivery": {
        "pending": pgettext_noop("state of a delivery", "waiting"),
        "delivered": pgettext_noop("state of a delivery", "delivered"),
        "failed": pgettext_noop("state of a delivery", "failed"),
    },
    "state of a round": {
        "running": pgettext_noop("state of a round", "running"),
        "done": pgettext_noop("state of a round", "done"),
        "waits": pgettext_noop("state of a round", "not started"),
    },
    "verdict": {
        "open": pgettext_noop("verdict", "open"),
        "taken away": pgettext_noop("verdict", "taken offline"),
        "suspected": pgettext_noop("verdict", "in doubt"),
        "gone": pgettext_noop("verdict", "gone"),
        "closed": pgettext_noop("verdict", "closed"),
        "withdrawn": pgettext_noop("verdict", "withdrawn"),
        "reopened": pgettext_noop("verdict", "opened again"),
        "requested": pgettext_noop("verdict", "read from the page"),
        "unknown": pgettext_noop("verdict", "no clear answer"),
    },
    "role": {
        "staff": pgettext_noop("role", "staff"),
        "admin": pgettext_noop("role", "admin"),
    },
    "way of signing in": {
        "link": pgettext_noop("way of signing in", "link"),
        "password": pgettext_noop("way of signing in", "password"),
        "oidc": pgettext_noop("way of signing in", "single sign-on"),
    },
    "change of an account": {
        "staff": pgettext_noop("change of an account", "make staff"),
        "admin": pgettext_noop("change of an account", "make admin"),
        "invite": pgettext_noop("change of an account", "new invitation"),
        "shut-out": pgettext_noop("change of an account", "lock"),
        "let-back": pgettext_noop("change of an account", "unlock"),
    },
    "state of a report": {
        "new": pgettext_noop("state of a report", "new"),
        "confirmed": pgettext_noop("state of a report", "confirmed"),
        "corrected": pgettext_noop("state of a report", "corrected"),
        "rejected": pgettext_noop("state of a report", "rejected"),
    },
    "kind of event": {
        "published": pgettext_noop("kind of event", "published"),
        "updated": pgettext_noop("kind of event", "updated"),
        "closed": pgettext_noop("kind of event", "closed"),
        "unpublished": pgettext_noop("kind of event", "unpublished"),
        "deleted": pgettext_noop("kind of event", "deleted"),
        "ignored": pgettext_noop("kind of event", "ignored"),
    },
    "outcome": {
        "queued": pgettext_noop("outcome", "queued"),
        "unchanged": pgettext_noop("outcome", "unchanged"),
        "withdrawn": pgettext_noop("outcome", "withdrawn"),
        "held": pgettext_noop("outcome", "held back"),
        "outdated": pgettext_noop("outcome", "outdated"),
        "known": pgettext_noop("outcome", "already known"),
        "requested": pgettext_noop("outcome", "requested"),
        "waiting": pgettext_noop("outcome", "waiting"),
        "ignored": pgettext_noop("outcome", "ignored"),
        "failed": pgettext_noop("outcome", "failed"),
        "duplicate": pgettext_noop("outcome", "received before"),
    },
    "deed": {
        "article.erased": pgettext_noop("deed", "article erased"),
        "article.rendered-again": pgettext_noop("deed", "article rendered again"),
        "article.restored": pgettext_noop("deed", "article restored"),
        "article.withdrawn": pgettext_noop("deed", "article withdrawn"),
        "callback.added": pgettext_noop("deed", "callback added"),
        "callback.changed": pgettext_noop("deed", "callback changed"),
        "callback.removed": pgettext_noop("deed", "callback removed"),
        "callback.replayed": pgettext_noop("deed", "callback sent again"),
        "callback.secret-rotated": pgettext_noop("deed", "callback’s secret replaced"),
        "callback.tested": pgettext_noop("deed", "callback tested"),
        "clip.released": pgettext_noop("deed", "clip released"),
        "check.accepted": pgettext_noop("deed", "closings accepted"),
        "check.overruled": pgettext_noop("deed", "articles brought back"),
        "check.started": pgettext_noop("deed", "check started"),
        "event.replayed": pgettext_noop("deed", "webhook processed again"),
        "feed.added": pgettext_noop("deed", "feed added"),
        "feed.removed": pgettext_noop("deed", "feed removed"),
        "hook.added": pgettext_noop("deed", "hook added"),
        "hook.changed": pgettext_noop("deed", "hook changed"),
        "hook.removed": pgettext_noop("deed", "hook removed"),
        "job.cancelled": pgettext_noop("deed", "job cancelled"),
        "job.entered": pgettext_noop("deed", "text spoken on the home page"),
        "key.made": pgettext_noop("deed", "API key created"),
        "key.revoked": pgettext_noop("deed", "API key revoked"),
        "key.rotated": pgettext_noop("deed", "API key replaced"),
        "lexicon.added": pgettext_noop("deed", "lexicon entry added"),
        "lexicon.changed": pgettext_noop("deed", "lexicon entry changed"),
        "lexicon.imported": pgettext_noop("deed", "lexicon imported"),
        "lexicon.removed": pgettext_noop("deed", "lexicon entry removed"),
        "report.answered": pgettext_noop("deed", "report answered by e-mail"),
        "report.not-answered": pgettext_noop("deed", "report could not be answered by e-mail"),
        "report.changed": pgettext_noop("deed", "report changed"),
        "report.erased": pgettext_noop("deed", "report erased"),
        "site.options": pgettext_noop("deed", "site’s options changed"),
        "site.origins": pgettext_noop("deed", "site’s origins changed"),
        "site.policy": pgettext_noop("deed", "site’s policy changed"),
        "site.policy-removed": pgettext_noop("deed", "site’s policy removed"),
        "staff.added": pgettext_noop("deed", "account created"),
        "staff.known-elsewhere": pgettext_noop("deed", "account linked to single sign-on"),
        "staff.let-back": pgettext_noop("deed", "account unlocked"),
        "staff.password": pgettext_noop("deed", "password changed"),
        "staff.role": pgettext_noop("deed", "role changed"),
        "staff.shut-out": pgettext_noop("deed", "account locked"),
        "staff.sites": pgettext_noop("deed", "account’s sites changed"),
        "staff.signed-in": pgettext_noop("deed", "signed in"),
        "staff.signed-out-elsewhere": pgettext_noop("deed", "signed out elsewhere"),
        "staff.sign-in-link": pgettext_noop("deed", "sign-in link created"),
        "staff.invitation-link": pgettext_noop("deed", "invitation created"),
    },
}
"""By group and code. The group is the message's context in the catalogues: translators see what is named."""


def code_name(words: NullTranslations, group: str, code: str) -> str:
    """What a code is called; the code itself where it has no name."""
    message = NAMES.get(group, {}).get(code)
    return words.pgettext(group, message) if message else code
