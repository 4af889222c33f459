"""Breakages of callbacks out: signatures, tries, leases, who hears."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

DELIVER, OUTBOX = "tests/callbacks/test_deliver.py", "tests/callbacks/test_outbox.py"
BREAKAGES = (
    Breakage(
        name="a callback has the same signature at each try",
        file="tts_service/callbacks/deliver.py",
        old="    headers = signed(message.secrets, message.event_id, message.now_ms,",
        new="    headers = signed(message.secrets, message.event_id, 1_000 * int(message.number / 99),",
        test=f"{DELIVER}::TestSignature::test_every_try_has_the_same_id_and_body_but_a_time_and_signature_of_its_own",
    ),
    Breakage(
        name="a callback's id changes with each try",
        file="tts_service/callbacks/deliver.py",
        old="signed(message.secrets, message.event_id,",
        new='signed(message.secrets, f"{message.event_id}-{message.number}",',
        test=f"{DELIVER}::TestSignature::test_every_try_has_the_same_id_and_body_but_a_time_and_signature_of_its_own",
    ),
    Breakage(
        name="a redirect counts as a delivered callback",
        file="tts_service/callbacks/next_try.py",
        old="200 <= self.status < 300",
        new="200 <= self.status < 400",
        test=f"{DELIVER}::TestTries::test_a_redirect_is_a_failure_and_is_not_followed",
    ),
    Breakage(
        name="410 is ignored by callbacks",
        file="tts_service/callbacks/next_try.py",
        old="    if tried.status == HTTPStatus.GONE:",
        new="    if tried.status == HTTPStatus.IM_A_TEAPOT:",
        test=f"{DELIVER}::TestTries::test_410_switches_the_endpoint_off",
    ),
    Breakage(
        name="Retry-After is ignored by callbacks",
        file="tts_service/callbacks/next_try.py",
        old="wait_ms=max(round(varied), tried.asked_ms)",
        new="wait_ms=round(varied)",
        test=f"{DELIVER}::TestTries::test_retry_after_is_waited_for_by_all_that_goes_there",
    ),
    Breakage(
        name="a dead endpoint takes every place",
        file="tts_service/queue/turns.py",
        old="    return queue.room(party) > under_way",
        new="    return queue.room(party) > under_way * 0",
        test=f"{DELIVER}::test_a_receiver_that_hangs_holds_up_its_own_four_only",
    ),
    Breakage(
        name="a late worker's result of a callback counts",
        file="tts_service/queue/claim.py",
        old="    return [*keys, row.fence == claim.fence]",
        new="    return [*keys, row.fence >= claim.fence]",
        test=f"{DELIVER}::TestNothingIsLost::test_a_worker_that_slept_through_its_lease_writes_nothing",
    ),
    Breakage(
        name="what a late worker of any queue does is kept",
        file="tts_service/queue/claim.py",
        old="    return replace(parts, database=parts.database.checked(check))",
        new="    return replace(parts, database=parts.database)",
        test="tests/queue/test_every_queue.py::TestClaims::test_a_late_worker_writes_nothing",
    ),
    Breakage(
        name="a row that ends its workers is taken for ever",
        file="tts_service/queue/claim.py",
        old="        given_up = row.lost >= LOST",
        new="        given_up = False",
        test="tests/queue/test_every_queue.py::TestClaims::test_a_row_that_loses_its_workers_is_given_up",
    ),
    Breakage(
        name="sites that hang take every worker",
        file="tts_service/queue/turns.py",
        old="session.scalar(_with_workers(queue), now) >= queue.at_once",
        new="session.scalar(_with_workers(queue), now) < 0",
        test="tests/queue/test_every_queue.py::TestTurns::test_many_parties_leave_workers_to_other_queues",
    ),
    Breakage(
        name="a dead worker's delivery is never sent",
        file="tts_service/queue/turns.py",
        old="or_(row.lease_until_ms.is_(None), row.lease_until_ms <= NOW)",
        new="row.lease_until_ms.is_(None)",
        test=f"{DELIVER}::TestNothingIsLost::test_a_delivery_whose_worker_died_is_sent_again",
    ),
    Breakage(
        name="the broker hears of an event before it is kept",
        file="tts_service/callbacks/outbox.py",
        old='        event.listen(session, "after_commit", ring_now, once=True)',
        new="        ring_now(session)",
        test=f"{OUTBOX}::TestOneTransaction::test_the_broker_is_told_after_the_event_is_kept",
    ),
    Breakage(
        name="the old secret signs for ever",
        file="tts_service/callbacks/secret.py",
        old="    if older is not None and (older_until_ms or 0) > now_ms:",
        new="    if older is not None:",
        test=f"{DELIVER}::TestSignature::test_the_old_secret_ends_with_its_time",
    ),
    Breakage(
        name="callback_url may be any address",
        file="tts_service/jobs/acceptable.py",
        old="    if wish.callback_url:\n        check_address",
        new="    if False:\n        check_address",
        test=f"{OUTBOX}::TestWhoHears::test_an_address_that_is_never_called_is_refused",
    ),
    Breakage(
        name="a site's key sees other sites' callbacks",
        file="tts_service/web/api/callbacks.py",
        old="    return caller.may_touch(site)",
        new="    return True",
        test="tests/callbacks/test_web.py::TestWhoMay::test_a_sites_key_sees_and_changes_its_own_only",
    ),
    Breakage(
        name="a listener's words leave the house",
        file="tts_service/callbacks/news.py",
        old='"sentence": brief(report.sentence),',
        new='"sentence": brief(report.sentence), "comment": report.comment,',
        test=f"{OUTBOX}::TestWhatHappened::test_nothing_a_listener_wrote_leaves_the_house",
    ),
)
