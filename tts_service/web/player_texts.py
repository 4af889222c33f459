"""What the player says, by the names under which a page overrides single texts (attribute `texts`)."""

from __future__ import annotations

from collections.abc import Mapping

from tts_service.listeners.reports import CATEGORIES
from tts_service.narration import notice, recorded_notice
from tts_service.web.languages import catalogue, gettext_noop
from tts_service.web.pages.names import code_name

TEXTS: Mapping[str, str] = {
    "title": gettext_noop("Listen to the article"),
    "minutes": gettext_noop("{n} min"),
    "more": gettext_noop("More information"),
    "feedback": gettext_noop("Send feedback"),
    # Translators: the button, as in "play the audio"
    "play": gettext_noop("Play"),
    "pause": gettext_noop("Pause"),
    "back": gettext_noop("Back 15 seconds"),
    "forward": gettext_noop("Forward 15 seconds"),
    # Translators: the slider that shows how far the audio has been played
    "position": gettext_noop("Position"),
    # Translators: times, as in "1:23 of 4:56"
    "of": gettext_noop("{at} of {all}"),
    "speed": gettext_noop("Speed"),
    "volume": gettext_noop("Volume"),
    "chapters": gettext_noop("Chapters"),
    "share": gettext_noop("Share this moment"),
    "copied": gettext_noop("The address of this moment was copied."),
    "download": gettext_noop("Download"),
    # Translators: {title} is the title of the next article
    "next": gettext_noop("Next: {title}"),
    "nextPlain": gettext_noop("Next article"),
    "begin": gettext_noop("The audio is being made. Press play: it starts with the first sentence."),
    "wait": gettext_noop("This part is still being made. Playback continues automatically."),
    "updated": gettext_noop("This audio has been updated since you started."),
    "playNew": gettext_noop("Play the new version"),
    "withdrawn": gettext_noop("This audio version is no longer available."),
    "locked": gettext_noop("This audio is for subscribers."),
    "failed": gettext_noop("The audio for this article could not be made."),
    "lost": gettext_noop("The connection is lost. Playback continues automatically when it is back."),
    "silent": gettext_noop("This browser can’t play the audio."),
    "blocked": gettext_noop("Your browser wants you to press play yourself."),
    "barred": gettext_noop("This page does not allow the audio to play here."),
    "elsewhere": gettext_noop("Listen on a separate page"),
    "follow": gettext_noop("Back to the sentence being read"),
    "noForm": gettext_noop("The form could not be loaded. Press again to open it as a page."),
    "ask": gettext_noop("What is wrong with the audio?"),
    "which": gettext_noop("Which word was it?"),
    "here": gettext_noop("Somewhere here"),
    "before": gettext_noop("Sentence before"),
    "after": gettext_noop("Sentence after"),
    "what": gettext_noop("What did you hear?"),
    "comment": gettext_noop("What should it be? (optional)"),
    "email": gettext_noop("E-mail, if you want an answer (optional)"),
    "emailKept": gettext_noop("It is erased after our answer, and after 90 days at the latest."),
    "send": gettext_noop("Send"),
    "close": gettext_noop("Close"),
    "choose": gettext_noop("Please choose what you heard."),
    "long": gettext_noop("Your comment is too long. Characters over the limit: {n}."),
    "badEmail": gettext_noop("Please check the e-mail address."),
    "thanks": gettext_noop("Thank you. Your report has arrived."),
    "reference": gettext_noop("Reference: {ref}"),
    "see": gettext_noop("See what happens to it"),
    "kept": gettext_noop("There is no connection. Your report is kept here and sent when it is back."),
    # Translators: {why} is one of the sentences that begin in lower case
    "refused": gettext_noop("The report was not accepted: {why}"),
    "later": gettext_noop("It can’t be sent right now. Your report is kept here and sent automatically later."),
    "unsent": gettext_noop("It could not be sent, and this browser can’t keep it. Please try again."),
    # Translators: goes on "The report was not accepted: "
    "gone": gettext_noop("this audio version was withdrawn."),
    # Translators: goes on "The report was not accepted: "
    "unfit": gettext_noop("something in it is missing or wrong."),
    "sentLater": gettext_noop("Your earlier report has been sent."),
    "show": gettext_noop("Show it"),
    "again": gettext_noop("Send again"),
    "copy": gettext_noop("Copy"),
    "copiedText": gettext_noop("Copied."),
    "byHand": gettext_noop("The text is selected: copy it by hand."),
    "discard": gettext_noop("Delete it"),
}


def player_texts(language: str) -> dict[str, str]:
    """Every text in one of the languages, the disclosure and the categories of reports among them."""
    words = catalogue(language)
    said = {name: words.gettext(message) for name, message in TEXTS.items()}
    one, many = (
        words.ngettext(
            "Still being made: {done} of {total} sentence. You can already listen.",
            "Still being made: {done} of {total} sentences. You can already listen.",
            total,
        )
        for total in (1, 2)
    )
    categories = {code: code_name(words, "category", code) for code in CATEGORIES}
    notices = {"notice": notice(language), "noticePerson": recorded_notice(language)}
    return said | categories | notices | {"rendering": many, "renderingOne": one}
