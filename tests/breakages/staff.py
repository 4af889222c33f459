"""Breakages of the staff's pages: their language."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

LANGUAGES = "tests/web/test_staff_languages.py"
BREAKAGES = (
    Breakage(
        name="a form of the staff complains in English",
        file="tts_service/web/staff/account.py",
        old='"complaint": complaint and refusal(complaint, catalogue(language))',
        new='"complaint": complaint and refusal(complaint, catalogue("en"))',
        test=f"{LANGUAGES}::test_forms_complain_in_the_pages_language",
    ),
    Breakage(
        name="a staff page is English whatever the browser wants",
        file="tts_service/web/staff/reports.py",
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
)
