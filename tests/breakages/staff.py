"""Breakages of what pages and player say, and in which language."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

LANGUAGES = "tests/web/test_staff_languages.py"
BREAKAGES = (
    Breakage(
        name="a form of the staff complains in English",
        file="tts_service/web/staff/people/account.py",
        old='"complaint": complaint and refusal(complaint, catalogue(language))',
        new='"complaint": complaint and refusal(complaint, catalogue("en"))',
        test=f"{LANGUAGES}::test_forms_complain_in_the_pages_language",
    ),
    Breakage(
        name="a staff page is English whatever the browser wants",
        file="tts_service/web/staff/sites/events.py",
        old="language=language_accepted(request))",
        new='language=language_accepted(request)[:0] or "en")',
        test=f"{LANGUAGES}::test_every_page_is_in_the_browsers_language[de]",
    ),
    Breakage(
        name="an error page of the staff is in two languages",
        file="tts_service/web/pages/errors.py",
        old="said = translated(detail, words) or words.gettext(text)",
        new="said = detail or words.gettext(text)",
        test=f"{LANGUAGES}::test_error_pages_are_in_the_pages_language",
    ),
    Breakage(
        name="a translation names something that its message doesn't",
        file="tts_service/locale/it/LC_MESSAGES/messages.po",
        old='msgstr "Di {author}"',
        new='msgstr "Di {autore}"',
        test="tests/web/test_catalogues.py::test_a_translation_names_what_its_message_names[it]",
    ),
    Breakage(
        name="a message of a page has no translation",
        file="tts_service/web/templates/listen.html",
        old='_("To the article")',
        new='_("To this article")',
        test="tests/web/test_catalogues.py::test_a_catalogue_holds_every_message_and_no_other[fr]",
    ),
    Breakage(
        name="a language that the browser refuses is taken",
        file="tts_service/web/languages.py",
        old="            if q > 0:",
        new="            if q >= 0:",
        test="tests/web/test_reasons.py::test_the_language_a_browser_wants_most_is_taken",
    ),
    Breakage(
        name="labels of the player that didn't come are missing",
        file="tts_service/web/player/texts.js",
        old="{ ...ENGLISH, ...TEXTS[lang], lang }",
        new="{ ...TEXTS[lang], lang }",
        test="tests/web/test_player_page.py::test_labels_are_english_until_those_of_a_language_are_here",
    ),
    Breakage(
        name="a part of the player takes what another doesn't offer",
        file="tts_service/web/player_parts.py",
        old="            if missing:",
        new="            if missing and False:",
        test="tests/web/test_player.py::test_a_part_that_is_no_such_module_is_refused",
    ),
    Breakage(
        name="an invitation without a site is for all sites",
        file="tts_service/commands/staff.py",
        old="    if not (known or site or all_sites or role is RoleName.ADMIN):",
        new="    if False:",
        test="tests/access/test_staff.py::test_all_sites_are_given_by_command_only_when_they_are_asked_for",
    ),
)
