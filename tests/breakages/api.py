"""Breakages of the API's document and its client."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

CLIENT, DOCUMENT = "tests/client/test_client.py", "tests/web/test_openapi.py"
DECLARED = "tests/web/test_declared_errors.py"
BREAKAGES = (
    Breakage(
        name="a list takes the cursor of another list",
        file="tts_service/web/schemas/paging.py",
        old='_mark(f"{type(self).__name__} {of}")',
        new='_mark("")',
        test="tests/web/test_paging.py::test_a_cursor_of_another_list_or_of_other_filters_is_refused",
    ),
    Breakage(
        name="a list takes a cursor of other filters",
        file="tts_service/web/schemas/paging.py",
        old="if filters != self._filter_mark():",
        new="if not filters:",
        test="tests/web/test_paging.py::test_a_cursor_of_another_list_or_of_other_filters_is_refused",
    ),
    Breakage(
        name="a repeated request is a new one",
        file="tts_service/client/calls/articles.py",
        old="""headers={"Idempotency-Key": f'"{key}"'}, read=Job.of""",
        new="read=Job.of",
        test=f"{CLIENT}::test_an_answer_that_was_lost_makes_no_second_job",
    ),
    Breakage(
        name="Retry-After is not read",
        file="tts_service/client/retries.py",
        old="        asked = error.retry_after_s if isinstance(error, TryLater) else None",
        new="        asked = None",
        test=f"{CLIENT}::test_it_waits_as_long_as_it_is_asked_to_and_a_little_longer",
    ),
    Breakage(
        name="the client takes a callback that nobody signed",
        file="tts_service/client/callbacks.py",
        old="        said = receiver.verify(body, known)",
        new='        said = __import__("json").loads(body)',
        test=f"{CLIENT}::test_a_callback_is_taken_only_as_it_was_signed",
    ),
    Breakage(
        name="the document forgets whom a limit stops",
        file="tts_service/web/responses.py",
        old="(errors.NulInAddress, errors.RateExceeded, errors.DatabaseUnavailable)",
        new="(errors.NulInAddress, errors.DatabaseUnavailable)",
        test=f"{DECLARED}::test_every_error_that_an_operation_can_answer_with_is_declared",
    ),
    Breakage(
        name="the document forgets that a report's form asks for a grant",
        file="tts_service/web/api/feedback.py",
        old="*(*READER, *ANY_BODY",
        new="*(*PUBLIC, *ANY_BODY",
        test=f"{DECLARED}::test_every_error_that_an_operation_can_answer_with_is_declared",
    ),
    Breakage(
        name="the document shows no example of a field",
        file="tts_service/web/schemas/listening.py",
        old='    title: str = Field(examples=["New bridge opens"])',
        new="    title: str",
        test=f"{DOCUMENT}::test_every_operation_is_complete",
    ),
    Breakage(
        name="a 405 names the methods of one route",
        file="tts_service/web/problems.py",
        old='        answer.headers["Allow"] = methods_at(request) or answer.headers.get("Allow", "")',
        new="        pass",
        test=f"{DOCUMENT}::test_a_405_names_every_method_of_the_address",
    ),
)
