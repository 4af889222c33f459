"""Deliveries over a real socket: signed, tried again, given up; at most a few at a time; nothing lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.parts.callbacks import (
    VOUCHED,
    Publisher,
    all_deliveries,
    delivery,
    endpoint,
    happened,
    publisher,
    rings,
    set_row,
    tries,
)
from tests.parts.factories import Doorbell, make_article, make_parts
from tests.parts.queues import claimed
from tests.parts.small_internet import reply
from tts_service.callbacks.deliver import deliver, readable
from tts_service.callbacks.deliveries import DELIVERIES, IN_FLIGHT, outgoing_message, settle_delivery
from tts_service.callbacks.endpoints import Change, EndpointDraft, add_endpoint, change_endpoint
from tts_service.callbacks.log import forget, replay, send_test
from tts_service.callbacks.next_try import SCHEDULE_MS, WORN_OUT_MS, Tried, next_try
from tts_service.callbacks.secret import rotate, show_secret, site_owner
from tts_service.callbacks.signing import new_secret, signed
from tts_service.db.tables import CallbackEndpointRow, DeliveryRow
from tts_service.errors import Conflict, LeaseLost, UnspeakableText
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.lease import claim as claim_job
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.queue.claim import LOST, Claim, claim_row, fenced
from tts_service.queue.rings import ring_due
from tts_service.queue.work import work


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, allow_hosts=f"{VOUCHED}, black.lan")
    yield built
    built.close()


@pytest.fixture
def theirs(parts: Parts) -> Iterator[Publisher]:
    with publisher(parts) as made:
        yield made


def no(status: str = "500 Internal Server Error", *headers: str, body: bytes = b"out of order") -> list[bytes]:
    return reply(body, *headers, status=status)


class TestSignature:
    def test_it_is_the_one_of_the_standard(self) -> None:
        secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
        body = '{"post":{"current":{"id":"1","title":"Grüße"}}}'
        signature = base64.b64encode(
            hmac.digest(b"0123456789abcdef01234567", f"msg_1.1700000000.{body}".encode(), hashlib.sha256)
        ).decode()

        assert signed([secret], "msg_1", 1_700_000_000_999, body) == {
            "webhook-id": "msg_1",
            "webhook-timestamp": "1700000000",
            "webhook-signature": f"v1,{signature}",
        }
        assert signature == "VeuSbVPluvgLOY0BAxIXuk5xb46aC6+CBhhY4+3fbLQ="

    def test_a_secret_is_long_and_never_the_same(self) -> None:
        found = {new_secret() for _ in range(50)}

        assert len(found) == 50
        assert all(len(base64.b64decode(secret.removeprefix("whsec_"))) == 32 for secret in found)

    def test_a_receiver_verifies_what_it_gets_with_the_standards_library(self, theirs: Publisher) -> None:
        happened(theirs.parts)
        [row] = all_deliveries(theirs.parts)
        done = theirs.deliver(row.id)

        [told] = theirs.verified()
        assert (told["type"], told["data"]) == ("clip.ready", {"revision": 1})
        assert (done.state, done.attempts) == ("delivered", 1)
        assert theirs.received()[0][0]["content-type"] == "application/json"

    def test_every_try_has_the_same_id_and_body_but_a_time_and_signature_of_its_own(self, theirs: Publisher) -> None:
        theirs.answers += [no(), no()]
        event = theirs.test_event()
        for _ in range(3):
            theirs.deliver(event)
            turn_the_clock_on(theirs, 1000)

        headers = [headers for headers, _ in theirs.received()]
        assert [
            len({one[name] for one in headers}) for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        ] == [1, 3, 3]
        assert len({body for _, body in theirs.received()}) == 1
        assert len(theirs.verified()) == 3

    def test_two_secrets_sign_while_one_is_replaced(self, theirs: Publisher) -> None:
        new = rotate(theirs.parts.database, theirs.endpoint, overlap_h=24)
        theirs.deliver(theirs.test_event())

        [(headers, body)] = theirs.received()
        for secret in (theirs.secret, new.secret):
            assert Webhook(secret).verify(body, headers)["type"] == "callback.test"
        assert len(headers["webhook-signature"].split(" ")) == 2

    def test_the_old_secret_ends_with_its_time(self, theirs: Publisher) -> None:
        new = rotate(theirs.parts.database, theirs.endpoint, overlap_h=1).secret
        turn_the_clock_on(theirs, 3_600_000)
        theirs.deliver(theirs.test_event())

        [(headers, body)] = theirs.received()
        expected = signed([new], headers["webhook-id"], int(headers["webhook-timestamp"]) * 1000, body)
        assert headers["webhook-signature"] == expected["webhook-signature"]

    def test_a_jobs_address_is_signed_with_its_sites_secret(self, theirs: Publisher) -> None:
        parts = theirs.parts
        wish = Wish(voice="tone:beep", callback_url="http://cms.lan/done?article=7")
        lease = claim_job(parts, submit(parts, make_article(site="courier"), wish).job_id, "test")
        assert lease is not None
        settle_job(parts, lease, UnspeakableText("no"))
        theirs.deliver(all_deliveries(parts)[0].id)

        [(headers, body)] = theirs.received()
        assert theirs.net.requests[0].startswith("POST /done?article=7 HTTP/1.1")
        secret = show_secret(parts.database, site_owner("courier")).secret
        assert Webhook(secret).verify(body, headers)["type"] == "clip.failed"


class TestTries:
    def test_five_failures_and_then_a_success(self, theirs: Publisher) -> None:
        theirs.answers += [no()] * 5
        event = theirs.test_event()
        waits = []
        for _ in range(6):
            before = now(theirs.parts)
            row = theirs.deliver(event)
            waits.append(row.due_ms - before)
            set_row(theirs.parts, theirs.endpoint, CallbackEndpointRow, paused_until_ms=None)

        assert row.state == "delivered"
        for waited, planned in zip(waits, SCHEDULE_MS[1:6], strict=False):
            assert 0.8 * planned - 1 <= waited <= 1.2 * planned + 2000
        found = tries(theirs.parts, event)
        assert [(one.number, one.status, one.reason) for one in found] == [
            *((number, 500, "The endpoint returned 500.") for number in range(1, 6)),
            (6, 204, ""),
        ]
        assert found[0].answer == "out of order"

    def test_after_the_eighth_it_is_given_up(self, theirs: Publisher) -> None:
        theirs.answers += [no()] * 9
        event = theirs.test_event()
        for _ in range(9):
            row = theirs.deliver(event)
            set_row(theirs.parts, theirs.endpoint, CallbackEndpointRow, paused_until_ms=None)

        assert (row.state, row.attempts, row.reason) == ("failed", 8, "The endpoint returned 500.")

    @pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "304 Not Modified", "307 Temporary"])
    def test_a_redirect_is_a_failure_and_is_not_followed(self, theirs: Publisher, status: str) -> None:
        theirs.answers += [no(status, "Location: http://cms.lan/elsewhere", body=b"")]
        row = theirs.deliver(theirs.test_event())

        assert row.state == "pending"
        assert "redirects are not followed" in row.reason
        assert len(theirs.net.requests) == 1

    def test_410_switches_the_endpoint_off(self, theirs: Publisher) -> None:
        theirs.answers += [no("410 Gone")]
        happened(theirs.parts)
        row = theirs.deliver(theirs.test_event())
        happened(theirs.parts)

        assert row.state == "failed"
        assert endpoint(theirs.parts, theirs.endpoint).disabled_reason == "the endpoint returned 410 Gone"
        assert [one.state for one in all_deliveries(theirs.parts)] == ["failed", "failed"]

    def test_410_of_one_jobs_address_says_nothing_about_the_next(self, theirs: Publisher) -> None:
        parts = theirs.parts
        change_endpoint(parts, theirs.endpoint, Change(enabled=False))
        theirs.answers += [no("410 Gone")]
        for number in (1, 2):
            happened(parts, callback_url=f"http://cms.lan/{number}")
            theirs.deliver(all_deliveries(parts)[-1].id)

        assert [row.state for row in all_deliveries(parts)] == ["failed", "delivered"]

    @pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
    def test_retry_after_is_waited_for_by_all_that_goes_there(self, theirs: Publisher, status: str) -> None:
        theirs.answers += [no(status, "Retry-After: 120")]
        happened(theirs.parts)
        other = all_deliveries(theirs.parts)[0].id
        before = now(theirs.parts)
        row = theirs.deliver(theirs.test_event())

        assert 120_000 <= row.due_ms - before <= 122_000
        assert theirs.deliver(other).attempts == 0
        assert len(theirs.net.requests) == 1

    def test_no_answer_is_a_failure(self, theirs: Publisher) -> None:
        theirs.answers += [[b""]]
        theirs.net.deaf.add("93.184.216.34")
        row = theirs.deliver(theirs.test_event())

        assert row.state == "pending"
        assert "cms.lan accepts no connections on port 80" in row.reason
        assert tries(theirs.parts, row.id)[0].status is None

    def test_an_address_that_leads_inside_by_now_is_not_called(self, parts: Parts) -> None:
        with publisher(parts, url="https://news.example.org/hook") as theirs:
            theirs.net.names["news.example.org"] = [("10.0.0.7",)]
            row = theirs.deliver(theirs.test_event())

            assert theirs.net.dialled == []
            assert "not on the public internet" in row.reason

    def test_a_fault_of_ours_is_a_failed_try_and_not_a_delivery_lost_from_sight(
        self, theirs: Publisher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: Any, **__: Any) -> None:
            raise RuntimeError("bug")

        monkeypatch.setattr(theirs.outbound, "post", broken)
        row = theirs.deliver(theirs.test_event())

        assert (row.state, row.reason, row.attempts) == ("pending", "Internal error in this service: RuntimeError", 1)

    def test_five_days_of_failures_switch_it_off(self, theirs: Publisher) -> None:
        theirs.answers += [no(), no()]
        event = theirs.test_event()
        theirs.deliver(event)
        assert endpoint(theirs.parts, theirs.endpoint).disabled_ms is None
        set_row(theirs.parts, theirs.endpoint, CallbackEndpointRow, failing_since_ms=now(theirs.parts) - WORN_OUT_MS)
        theirs.deliver(event)

        assert endpoint(theirs.parts, theirs.endpoint).disabled_reason == "every attempt failed for five days"

    def test_switched_on_again_it_starts_afresh(self, theirs: Publisher) -> None:
        theirs.answers += [no("410 Gone")]
        event = theirs.test_event()
        theirs.deliver(event)
        with pytest.raises(Conflict):
            send_test(theirs.parts, theirs.endpoint)
        row = change_endpoint(theirs.parts, theirs.endpoint, Change(enabled=True))

        assert (row.failures, row.failing_since_ms, row.disabled_reason) == (0, None, "")
        assert theirs.deliver(theirs.test_event()).state == "delivered"

    def test_another_address_holds_for_what_waits(self, theirs: Publisher) -> None:
        theirs.answers += [no()]
        event = theirs.test_event()
        theirs.deliver(event)
        change_endpoint(theirs.parts, theirs.endpoint, Change(url="http://cms.lan/moved"))
        theirs.deliver(event)

        assert [request.split(" ")[1] for request in theirs.net.requests] == ["/callbacks", "/moved"]


class TestAnswers:
    def test_no_more_than_16_kib_of_an_answer_are_read(self, theirs: Publisher) -> None:
        theirs.answers += [no(body=b"x" * 1_000_000)]
        row = theirs.deliver(theirs.test_event())

        assert len(tries(theirs.parts, row.id)[0].answer) == 16 * 1024

    def test_of_a_success_a_few_words_are_kept(self, theirs: Publisher) -> None:
        theirs.answers += [reply(b"thanks " * 1000)]
        row = theirs.deliver(theirs.test_event())

        assert (row.state, len(tries(theirs.parts, row.id)[0].answer)) == ("delivered", 200)

    def test_what_is_kept_steers_nothing(self) -> None:
        said = readable(b"\x1b[31mred\x00\r\n\xff\xe2\x80\xaeabc\xc2\x9b\tend")

        assert said == " [31mred  \n\ufffd abc \tend"

    def test_a_body_that_never_ends_is_a_success_by_its_status(self, theirs: Publisher) -> None:
        theirs.answers += [[b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", b"x" * 20_000]]
        row = theirs.deliver(theirs.test_event())

        assert row.state == "delivered"


class TestRoom:
    def test_at_most_four_at_a_time_go_to_one_endpoint(self, theirs: Publisher) -> None:
        events = [theirs.test_event() for _ in range(IN_FLIGHT + 2)]
        held = [claim_row(theirs.parts, DELIVERIES) for _ in events]

        assert [one is not None for one in held] == [True] * IN_FLIGHT + [False] * 2

    def test_only_one_at_a_time_while_the_last_try_failed(self, theirs: Publisher) -> None:
        set_row(theirs.parts, theirs.endpoint, CallbackEndpointRow, failures=1)
        events = [theirs.test_event() for _ in range(3)]

        assert [claim_row(theirs.parts, DELIVERIES) is not None for _ in events] == [True, False, False]

    def test_what_found_no_room_follows_when_there_is_some(self, theirs: Publisher) -> None:
        events = [theirs.test_event() for _ in range(IN_FLIGHT + 3)]
        held = [claim_row(theirs.parts, DELIVERIES) for _ in events[:IN_FLIGHT]]
        assert held[0] is not None
        settled(theirs, held[0], Tried(status=204))
        following = claim_row(theirs.parts, DELIVERIES)

        assert (following and following.row.id) == events[IN_FLIGHT]

    def test_a_turn_goes_on_with_what_waits(self, theirs: Publisher) -> None:
        for _ in range(6):
            theirs.test_event()
        take_turn(theirs)

        assert {row.state for row in all_deliveries(theirs.parts)} == {"delivered"}

    def test_a_dead_endpoint_keeps_no_one_elses_deliveries_back(self, theirs: Publisher) -> None:
        dead = add_endpoint(theirs.parts, EndpointDraft(url="http://cms.lan/dead", site="gazette"))[0].id
        for _ in range(50):
            send_test(theirs.parts, dead, ring=False)
        mine = theirs.test_event()
        first = [claim_row(theirs.parts, DELIVERIES) for _ in range(2)]

        assert mine in [one and one.row.id for one in first]

    def test_one_that_failed_again_and_again_is_left_alone(self, theirs: Publisher, bell: Doorbell) -> None:
        theirs.answers += [no()] * 5
        events = [theirs.test_event() for _ in range(8)]
        for event in events[:5]:
            theirs.deliver(event)

        assert (endpoint(theirs.parts, theirs.endpoint).paused_until_ms or 0) > now(theirs.parts)
        assert theirs.deliver(events[5]).attempts == 0
        assert ring_due(theirs.parts, [DELIVERIES]) == 0
        set_row(theirs.parts, theirs.endpoint, CallbackEndpointRow, paused_until_ms=1)
        assert theirs.deliver(events[5]).state == "delivered"
        assert endpoint(theirs.parts, theirs.endpoint).failures == 0

    def test_two_workers_never_send_the_same(self, theirs: Publisher) -> None:
        for _ in range(12):
            theirs.test_event()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: take_turn(theirs), range(8)))
        take_turn(theirs)
        assert {row.state for row in all_deliveries(theirs.parts)} == {"delivered"}

        ids = [headers["webhook-id"] for headers, _ in theirs.received()]
        assert (len(ids), len(set(ids))) == (12, 12)


class TestNothingIsLost:
    def test_a_delivery_whose_worker_died_is_sent_again(self, theirs: Publisher, bell: Doorbell) -> None:
        event = theirs.test_event()
        assert claim_row(theirs.parts, DELIVERIES) is not None  # and then the worker is killed
        assert (claim_row(theirs.parts, DELIVERIES), ring_due(theirs.parts, [DELIVERIES])) == (None, 0)
        set_row(theirs.parts, event, DeliveryRow, lease_until_ms=1)

        assert (ring_due(theirs.parts, [DELIVERIES]), rings(bell)) == (1, 1)
        assert theirs.deliver(event).state == "delivered"

    def test_a_worker_that_slept_through_its_lease_writes_nothing(self, theirs: Publisher) -> None:
        event = theirs.test_event()
        late = claimed(theirs.parts, DELIVERIES)
        set_row(theirs.parts, event, DeliveryRow, lease_until_ms=1)
        newer = claimed(theirs.parts, DELIVERIES)
        settled(theirs, newer, Tried(status=204))
        with pytest.raises(LeaseLost):
            settled(theirs, late, Tried(status=500, reason="The endpoint returned 500."))

        assert endpoint(theirs.parts, theirs.endpoint).failures == 0
        assert (delivery(theirs.parts, event).state, len(tries(theirs.parts, event))) == ("delivered", 1)

    def test_waits_lie_in_the_database_and_outlive_every_process(self, theirs: Publisher, bell: Doorbell) -> None:
        theirs.answers += [no()]
        event = theirs.test_event()
        theirs.deliver(event)
        assert ring_due(theirs.parts, [DELIVERIES]) == 0
        url = theirs.parts.settings.database
        later = make_parts(theirs.parts.settings.data_dir.parent, bell, database_url=url)
        set_row(later, event, DeliveryRow, due_ms=now(later))

        assert (ring_due(later, [DELIVERIES]), rings(bell)) == (1, 1)
        later.close()

    def test_one_whose_attempts_end_the_service_is_given_up(self, theirs: Publisher) -> None:
        event = theirs.test_event()
        for _ in range(LOST + 1):
            claim_row(theirs.parts, DELIVERIES)  # and the worker is killed
            set_row(theirs.parts, event, DeliveryRow, lease_until_ms=1)
        assert claim_row(theirs.parts, DELIVERIES) is None
        row = delivery(theirs.parts, event)

        assert (row.state, "stopped" in row.reason) == ("failed", True)

    def test_sent_again_by_hand_it_has_the_same_id_and_a_new_round_of_tries(
        self, theirs: Publisher, bell: Doorbell
    ) -> None:
        theirs.answers += [no()]
        event = theirs.test_event()
        theirs.deliver(event)
        set_row(theirs.parts, event, DeliveryRow, state="failed", tries=8)
        replay(theirs.parts, event)
        row = theirs.deliver(event)

        assert (row.state, row.tries, row.attempts) == ("delivered", 1, 2)
        assert len({headers["webhook-id"] for headers, _ in theirs.received()}) == 1
        assert rings(bell) == 1

    def test_what_is_under_way_is_not_sent_again_by_hand(self, theirs: Publisher) -> None:
        event = theirs.test_event()
        claimed(theirs.parts, DELIVERIES)

        with pytest.raises(Conflict):
            replay(theirs.parts, event)

    def test_after_a_month_it_is_forgotten(self, theirs: Publisher) -> None:
        old, new, waiting = (theirs.test_event() for _ in range(3))
        theirs.deliver(old)
        theirs.deliver(new)
        set_row(theirs.parts, old, DeliveryRow, done_ms=now(theirs.parts) - 31 * 86_400_000)

        assert forget(theirs.parts.database) == 1
        assert sorted(row.id for row in all_deliveries(theirs.parts)) == sorted([new, waiting])
        assert tries(theirs.parts, old) == []


def test_a_receiver_that_hangs_holds_up_its_own_four_only(parts: Parts) -> None:
    """Eight threads, a black hole and a good receiver: the good one's deliveries don't wait."""
    with publisher(parts) as theirs:
        dead = add_endpoint(parts, EndpointDraft(url="http://black.lan/", site="gazette"))[0].id
        stuck = threading.Event()
        plain = theirs.outbound.post

        def hanging(url: str, *given: Any) -> Any:
            if "black" in url:
                stuck.wait(20)
            return plain(url, *given)

        object.__setattr__(theirs.outbound, "post", hanging)
        for _ in range(40):
            send_test(parts, dead, ring=False)
        mine = [theirs.test_event() for _ in range(10)]
        with ThreadPoolExecutor(8) as pool:
            turns = [pool.submit(take_turn, theirs) for _ in range(8)]
            list(islice(as_completed(turns, timeout=60), 8 - IN_FLIGHT))  # the others hang
            states = {delivery(parts, event).state for event in mine}
            stuck.set()

    assert states == {"delivered"}


def take_turn(theirs: Publisher) -> None:
    """A worker's turn."""
    work(theirs.parts, DELIVERIES, lambda fenced, one: deliver(fenced, theirs.outbound, one))


def settled(theirs: Publisher, one: Claim[DeliveryRow], tried: Tried) -> None:
    message = outgoing_message(theirs.parts, one)
    settle_delivery(fenced(theirs.parts, one), one, message, tried, next_try(tried, message.number, 0.5))


def now(parts: Parts) -> int:
    with parts.database.reading() as session:
        return parts.database.now_ms(session)


def turn_the_clock_on(theirs: Publisher, ms: int) -> None:
    """The database's clock is turned on instead of waiting for it."""
    clock = theirs.parts.database.now_ms
    object.__setattr__(theirs.parts.database, "now_ms", lambda session: clock(session) + ms)
