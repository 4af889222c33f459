"""Breakages of the desk's rights, answers and export."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

BREAKAGES = (
    Breakage(
        name="an editor of one site counts as one of all",
        file="tts_service/access/sites.py",
        old="    return sites is None or site in sites",
        new="    return sites is None or site is not None",
        test="tests/web/test_authorisation.py::test_every_cell_is_as_the_table_says[staff's cases]",
    ),
    Breakage(
        name="a report that is settled again is answered again",
        file="tts_service/listeners/answers.py",
        old="    return and_(ReportRow.email.is_not(None), ReportRow.answered_ms.is_(None))",
        new="    return and_(ReportRow.email.is_not(None))",
        test="tests/listeners/test_answers.py::test_a_process_that_dies_after_the_mail_sends_no_second_one",
    ),
    Breakage(
        name="a cell of an export begins with =",
        file="tts_service/values/spreadsheet.py",
        old='    return f"\'{shown}" if shown.startswith(_FORMULA) else shown',
        new="    return shown",
        test="tests/web/test_overview.py::TestExport::test_no_cell_runs_as_a_formula",
    ),
    Breakage(
        name="the correction log names articles that not everybody may read",
        file="tts_service/corrections/public_log.py",
        old="            ArticleRow.visibility == PUBLIC,\n",
        new="",
        test="tests/web/test_correction_log.py::test_an_article_that_not_everybody_may_read_is_not_named",
    ),
    Breakage(
        name="a report of a held version makes its text public",
        file="tts_service/listeners/reports.py",
        old=' or row.state == "withdrawn" or is_kept_back(session, article, row):',
        new=":",
        test="tests/jobs/test_release.py::test_a_report_can_name_only_revisions_that_listeners_may_hear",
    ),
    Breakage(
        name="a mail server that wants a password costs listeners their answers",
        file="tts_service/mail/smtp.py",
        old="            self._require_sender_taken(self._smtp.mail(sender, options))",
        new="            self._require_mail_taken(self._smtp.mail(sender, options))",
        test="tests/mail/test_smtp.py::test_a_refused_sender_costs_no_recipient_the_mail",
    ),
)
