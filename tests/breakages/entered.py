"""Breakages of what CMSs and people enter: dates, empty fields, addresses, forms."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

DATES, ADDRESSES, PAGES = (
    "tests/cms/sources/test_far_dates.py",
    "tests/values/test_entered_addresses.py",
    "tests/web/test_page_messages.py",
)
BREAKAGES = (
    Breakage(
        name="a date that nobody set is a date",
        file="tts_service/values/moments.py",
        old="    if moment is None or moment.year == 1:",
        new="    if moment is None:",
        test=f"{DATES}::test_every_date_at_the_ends_is_taken_by_the_api",
    ),
    Breakage(
        name="an embargo until never is none in a webhook",
        file="tts_service/values/moments.py",
        old="        return LATEST\n",
        new="        return None\n",
        test=f"{DATES}::test_a_webhooks_dates_at_the_ends_keep_their_meaning",
    ),
    Breakage(
        name="the connection stays open after a fault of ours",
        file="tts_service/web/problems.py",
        old='    answer.headers["Connection"] = "close"\n',
        new="",
        test=f"{DATES}::test_after_a_fault_of_ours_the_connection_is_said_to_end",
    ),
    Breakage(
        name="an address keeps its password",
        file="tts_service/values/web_address.py",
        old='        parsed.username = parsed.password = ""\n',
        new="        pass\n",
        test=f"{ADDRESSES}::test_no_password_is_kept_or_shown",
    ),
    Breakage(
        name="what isn't given is an empty text",
        file="tts_service/web/schemas/fields.py",
        old='(value is None or (value == "" and name not in kept_empty))',
        new="(value is None)",
        test="tests/cms/sources/test_empty_fields.py::test_every_optional_field_of_every_body_may_be_empty_or_null",
    ),
    Breakage(
        name="a form is answered for programs",
        file="tts_service/web/pages/templating.py",
        old="path == FORM_DOOR or ",
        new="",
        test=f"{PAGES}::test_a_form_is_answered_by_pages_in_its_language",
    ),
    Breakage(
        name="the language of a page's address is not seen",
        file="tts_service/web/languages.py",
        old="    return named or language_accepted(",
        new="    return language_accepted(",
        test=f"{PAGES}::test_an_error_page_is_in_the_language_its_address_names",
    ),
    Breakage(
        name="the modifier letter belongs to the word at its edge",
        file="tts_service/speakable/apostrophes.py",
        old='f"{_MODIFIER}|{_BETWEEN}',
        new='f"{_BETWEEN}',
        test="tests/speakable/test_apostrophes.py::test_at_a_words_edge_the_modifier_letter_is_an_apostrophe",
    ),
    Breakage(
        name="a place is trusted because its rights allow it",
        file="tts_service/commands/to_file.py",
        old="            tempfile.TemporaryDirectory(prefix=_HALF, dir=folder).cleanup()\n",
        new="            pass\n",
        test="tests/commands/test_text.py::test_a_place_that_takes_no_file_is_told_before_anything_is_spoken",
    ),
)
