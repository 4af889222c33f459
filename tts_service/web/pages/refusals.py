"""What staff are refused, in the language of their browser. Errors are English where they are raised."""

from __future__ import annotations

import re
from functools import cache
from gettext import NullTranslations

from tts_service.web.languages import gettext_noop, pgettext_noop, quoted
from tts_service.web.pages.article_refusals import ARTICLE_REFUSALS
from tts_service.web.pages.desk_refusals import DESK_REFUSALS
from tts_service.web.pages.running_messages import RUNNING_MESSAGES
from tts_service.web.pages.site_refusals import FIELD_FAULTS, SITE_REFUSALS
from tts_service.web.pages.voice_refusals import VOICE_REFUSALS

REFUSALS = (
    gettext_noop("Wrong name or password."),
    gettext_noop("Signing in with a password is turned off: use another way to sign in."),
    gettext_noop("This link has already been used, has expired or is not valid: ask for a new one."),
    gettext_noop("This invitation has already been used, has expired or is not valid: ask an admin for a new one."),
    gettext_noop("This account is locked: ask an admin."),
    gettext_noop("There is no account with this address: ask an admin for an invitation."),
    gettext_noop("The sign-in service refused to sign you in: start again, or ask an admin."),
    gettext_noop(
        "The sign-in service's response could not be verified: start again, or ask an admin to check the log."
    ),
    gettext_noop("This sign-in was not started in this browser: start again."),
    gettext_noop("Single sign-on is not set up: TTS_OIDC_ISSUER is not set."),
    gettext_noop("The current password is wrong."),
    gettext_noop("A password must have {shortest} to {longest} characters."),
    gettext_noop("This password is too easy to guess: use several words, and don't use your name."),
    gettext_noop("The name must be an e-mail address: 1 to 200 characters, no spaces, quotes or angle brackets."),
    gettext_noop("The role must be one of {roles}."),
    gettext_noop("There is already an account called {name}."),
    gettext_noop("There is no account called {name}."),
    gettext_noop("There is no account with the id {id}."),
    gettext_noop("This is the last admin: make someone else an admin first."),
    gettext_noop("Only admins can do this."),
    gettext_noop("Admins have access to all sites: change the role first."),
    gettext_noop("An account is for all sites, or for 1 to {most} of them."),
    gettext_noop("Choose all sites, or name the sites."),
    gettext_noop("There is no site called {name}."),
    gettext_noop("The language must be one of {languages}."),
    gettext_noop("The name of this account is no e-mail address."),
    gettext_noop("This form is not from this session: open the page again and send it from there."),
    gettext_noop("This request came from another site's page: send it from a page of this service."),
    gettext_noop("Staff sign in over https: set TTS_PUBLIC_URL to the https:// address of this service."),
    gettext_noop("The form can't be read: send UTF-8."),
    gettext_noop("The form has more than {most} fields: choose fewer."),
    gettext_noop("Enter the revision as a number."),
    gettext_noop("A report's state must be one of {states}, not {state}."),
    gettext_noop("Clip {clip} has no revision {revision} after {reported}."),
    gettext_noop("There is no report {id}."),
    gettext_noop("There is no event {id}."),
    gettext_noop("There is no delivery {id}."),
    gettext_noop("There is no clip {id}."),
    gettext_noop("Clip {id} was withdrawn."),
    gettext_noop("The site {site} has no articles."),
    gettext_noop("The site {site} has no alarm."),
    gettext_noop("There is nothing at {path}."),
    gettext_noop("Its hook is unknown, so it can't be assigned to a site."),
    gettext_noop("Its body is no longer stored: publish the article again in the CMS."),
    gettext_noop("The same event was received again and accepted."),
    gettext_noop("{id} is being sent right now."),
    gettext_noop("{endpoint} is switched off ({reason}): switch it on first."),
    gettext_noop("At most {most} requests in {seconds} s: try again in {wait} s."),
    gettext_noop("the signature is wrong"),
    gettext_noop("unsigned: no header {header}"),
    gettext_noop("unsigned: Authorization has no bearer token"),
    gettext_noop("too old: signed {seconds} s ago"),
    gettext_noop("from the future: signed {seconds} s ahead"),
    gettext_noop("{header} has the wrong form"),
    gettext_noop("webhook-id or webhook-timestamp has the wrong form"),
    gettext_noop("the time or the list of signed headers isn't signed"),
    gettext_noop("The body is not UTF-8: byte {byte} can't be read."),
    gettext_noop("The body is nested deeper than {levels}."),
    gettext_noop("The body is not JSON: {where}."),
    gettext_noop("Sign in at {address}; `tts-service staff link` prints a link that works once."),
    *DESK_REFUSALS,
    *ARTICLE_REFUSALS,
    *SITE_REFUSALS,
    *RUNNING_MESSAGES,
    *VOICE_REFUSALS,
)
"""As they are raised; what a message names stands in braces."""
PLACES = (
    pgettext_noop("place, after “for”", "all sites"),
    pgettext_noop("place, after “for”", "the site {site}"),
    pgettext_noop("place, after “for”", "the article {article} of {site}"),
)
"""Where a pronunciation holds, as `Place.name` says it."""
_CODE = re.compile(r"[a-z_.]+: ")
_QUOTED = re.compile(r"'[^'\\]*'|\"[^\"\\]*\"")
_ALL_QUOTED = re.compile(rf"(?:{_QUOTED.pattern})(?:(?:, | or )(?:{_QUOTED.pattern}))*")


def translated(message: str, words: NullTranslations) -> str | None:
    """An English message of ours in a language; None: it isn't in the catalogues. An error's code stays before it."""
    found = _found(REFUSALS, message, words)
    code = _CODE.match(message)
    if found is not None or code is None:
        return found
    inner = translated(message[code.end() :], words)
    return f"{code.group()}{inner}" if inner else None


def field_fault(message: str, words: NullTranslations) -> str | None:
    """What is wrong with a field of a form, in a language; None: it isn't in the catalogues."""
    found = _found(FIELD_FAULTS, message, words)
    return translated(message, words) if found is None else found


def _named(name: str, text: str, words: NullTranslations) -> str:
    """What a message names: most of it as it is, what is a message itself in the language."""
    if name in ("place", "new_place"):
        return _place(text, words)
    if name == "reason":
        return translated(text, words) or (translated(f"{text}.", words) or text).removesuffix(".")
    if _ALL_QUOTED.fullmatch(text):
        return _QUOTED.sub(lambda match: quoted(match.group()[1:-1], words), text.replace("' or '", "', '"))
    return text


def _place(text: str, words: NullTranslations) -> str:
    for place in PLACES:
        match = _pattern(place).fullmatch(text)
        if match:
            return words.pgettext("place, after “for”", place).format(**match.groupdict())
    return text


def _found(messages: tuple[str, ...], message: str, words: NullTranslations) -> str | None:
    for text, pattern in _patterns(messages):
        match = pattern.fullmatch(message)
        if match:
            named = {name: _named(name, value, words) for name, value in match.groupdict().items()}
            return words.gettext(text).format(**named)
    return None


@cache
def _patterns(messages: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    """The messages as patterns. The longest first: they say most."""
    return [(text, _pattern(text)) for text in sorted(messages, key=len, reverse=True)]


def _pattern(refusal: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", refusal)
    texts = [re.escape(text) if at % 2 == 0 else f"(?P<{text}>.+?)" for at, text in enumerate(pieces)]
    return re.compile("".join(texts), re.DOTALL)
