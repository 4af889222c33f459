"""What admins are refused on the page Voices, and why an installation failed. As it is raised."""

from __future__ import annotations

from tts_service.web.languages import gettext_noop

VOICE_REFUSALS = (
    gettext_noop("The catalogue has no voice {id}. It has: {ids}."),
    gettext_noop("{id} comes with a package: {command}"),
    gettext_noop("{id} needs a package that isn't installed: {command}"),
    gettext_noop(
        "The licence of {id} is marked {mark}: trained with {data}. Have it checked, then accept it: --accept-licence, "
        "or the box on the page Voices."
    ),
    gettext_noop("{id} is being installed already."),
    gettext_noop("{id} is being installed: remove it once that has ended."),
    gettext_noop("A file of {id} was removed meanwhile: install it again."),
    gettext_noop("{folder} can't be made: {why}"),
    gettext_noop("{folder} can't be written to by this process."),
    # Its files.
    gettext_noop("{host} has no {file} (HTTP status 404)."),
    gettext_noop("{host} answered with HTTP status {status} for {file}; try again later."),
    gettext_noop("{host} sent another part of {file} than was asked for."),
    gettext_noop("{host} has {file} with {size} bytes; the catalogue's file has {right}. It isn't installed."),
    gettext_noop(
        "{file} from {host} isn't the file of the catalogue: its SHA-256 is another one. It was deleted; get it from "
        "another place."
    ),
    gettext_noop(
        "The download of {file} from {host} broke off at {done} of {size} bytes. Install the voice again to go on from "
        "there."
    ),
    gettext_noop(
        "There is no room for {file} ({size} bytes) in {folder}. Make room and install the voice again: it goes on "
        "where it stopped."
    ),
    gettext_noop("{file} can't be written to {folder}: {why}"),
    gettext_noop("The receipt of {id} can't be written: {why}"),
    # Its first words.
    gettext_noop("The voice {id} produced no sound for {count} sentences."),
    gettext_noop("{id} can't speak here: {why}"),
    gettext_noop("{id} isn't a voice that the installed version of its engine knows."),
    # Removing.
    gettext_noop("It is in use: {uses}. Choose another voice there first."),
    gettext_noop("{id} comes with a package. Uninstall the package, or choose another voice."),
    gettext_noop("{id} isn't in the voices folder: there is nothing to remove."),
    gettext_noop("All files of {id} belong to {ids}, too. Remove that one first."),
    gettext_noop("{id} can't be removed: {why}: {file}"),
    # Speaking.
    gettext_noop(
        "Remote voices may speak {limit} characters a month for the site {site}, until {until}: raise the budget, or "
        "let another voice speak."
    ),
)
"""What a message names stands in braces."""
