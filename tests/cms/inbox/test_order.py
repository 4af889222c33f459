"""The order of events: whatever order they arrive in, the newest state stands; of two at one time, the closed one."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.parts.webhook_sender import SECRET_TEXT, Sender, T, iso, rows, standard_body
from tests.parts.webhooks import Desk, event_in, make_hook, now_ms
from tts_service.cms.inbox.apply import Arrival, apply_event
from tts_service.cms.sources.base import EventKind, Hook
from tts_service.errors import Outdated


def bring(here: Desk, hook: Hook, body: Any, *, sent_ms: int | None = None, received_ms: int | None = None) -> str:
    """What becomes of a delivery, without the way through HTTP."""
    arrival = Arrival(received_ms=received_ms or now_ms(), sent_ms=sent_ms or now_ms())
    try:
        outcome = apply_event(here.parts, hook, event_in(hook, body), arrival)
    except Outdated:
        return "outdated"
    assert outcome is not None
    return outcome.state


def reach(here: Desk, external_id: str = "7") -> str:
    """gone, public, or who else it is for."""
    row = rows(here).get(external_id)
    return "gone" if row is None or row.withdrawn_ms is not None else row.visibility


STATES = {
    "public": ("published", {}),
    "changed": ("updated", {"html": "<p>Quite another text.</p>"}),
    "closed": ("closed", {"visibility": "members"}),
    "for members, with text": ("updated", {"visibility": "members", "html": SECRET_TEXT}),
    "draft": ("unpublished", {}),
    "gone": ("deleted", {}),
}
REACH = {"public": "public", "changed": "public", "for members, with text": "members"}
numbers = itertools.count(100)


HISTORY = st.lists(st.sampled_from(sorted(STATES)), min_size=1, max_size=6)


@pytest.mark.slow
@given(HISTORY, st.integers(1, 3), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order_deliveries_come_the_newest_as_of_stands(
    built: Desk, history: list[str], copies: int, chance: random.Random
) -> None:
    hook = make_hook(built.parts, "wordpress")
    name = str(next(numbers))
    sent = [
        standard_body(STATES[state][0], as_of_ms=T + number, id=name, **STATES[state][1])
        for number, state in enumerate(history)
    ]
    arrived = sent * copies
    chance.shuffle(arrived)
    for body in arrived:
        bring(built, hook, body)
    assert reach(built, name) == REACH.get(history[-1], "gone")


@pytest.mark.slow
@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_published_closed_unpublished_published_again_in_all_orders(here: Desk, order: tuple[int, ...]) -> None:
    hook = make_hook(here.parts, "wagtail")
    sent = [
        standard_body("published", as_of_ms=T),
        standard_body("closed", as_of_ms=T + 1, visibility="password"),
        standard_body("unpublished", as_of_ms=T + 2),
        standard_body("published", as_of_ms=T + 3, html="<p>The last text.</p>"),
    ]
    for number in order:
        bring(here, hook, sent[number])
        bring(here, hook, sent[order[0]])
    assert reach(here) == "public"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("closing", ["closed", "unpublished"])
def test_of_two_states_of_the_same_as_of_the_closed_one_stands(
    here: Desk, order: tuple[int, int], closing: str
) -> None:
    hook = make_hook(here.parts, "wordpress")
    sent = [standard_body("published", as_of_ms=T), standard_body(closing, as_of_ms=T)]
    for number in order:
        bring(here, hook, sent[number])
    assert reach(here) == "gone"


def whole_second(kind: str, *, happened_ms: int | None = None, **data: Any) -> dict[str, Any]:
    """From a sender that knows no as_of, and whose documents' time has whole seconds."""
    body = standard_body(kind, updated_at=iso(T), **data)
    return body | ({} if happened_ms is None else {"timestamp": iso(happened_ms)})


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_within_one_second_the_bodys_own_timestamp_decides(here: Desk, order: tuple[int, ...]) -> None:
    hook = make_hook(here.parts, "generic")
    sent = [
        whole_second("published", happened_ms=T + 100),
        whole_second("unpublished", happened_ms=T + 300),
        whole_second("published", happened_ms=T + 700, html="<p>The last text.</p>"),
    ]
    for number in order:
        bring(here, hook, sent[number], sent_ms=T + 60_000 + number)
    assert reach(here) == "public"


def test_published_again_within_one_second_is_heard_where_it_was_sent_at_once(here: Desk) -> None:
    hook = make_hook(here.parts, "generic")
    bring(here, hook, whole_second("published"), sent_ms=T)
    bring(here, hook, whole_second("unpublished"), sent_ms=T)
    assert reach(here) == "gone"
    assert bring(here, hook, whole_second("published"), sent_ms=T + 1000) == "queued"
    assert reach(here) == "public"


def test_a_late_try_of_what_was_published_before_doesnt_open_what_was_closed_at_the_same_time(here: Desk) -> None:
    hook = make_hook(here.parts, "generic")
    bring(here, hook, whole_second("unpublished"), sent_ms=T + 1000)
    assert bring(here, hook, whole_second("published"), sent_ms=T + 300_000) == "outdated"
    assert reach(here) == "gone"


def test_an_old_plugins_timestamp_is_of_the_try_and_decides_nothing(here: Desk) -> None:
    hook = make_hook(here.parts, "wordpress")
    bring(here, hook, whole_second("unpublished", happened_ms=T + 500), sent_ms=T + 300_000)
    assert bring(here, hook, whole_second("published", happened_ms=T + 400_000), sent_ms=T + 400_000) == "outdated"


def test_a_deletion_that_is_tried_again_is_as_of_its_own_timestamp(here: Desk) -> None:
    hook = make_hook(here.parts, "generic")
    again = standard_body("published", updated_at=iso(T + 60_000))
    bring(here, hook, again)
    late = standard_body("deleted", updated_at=iso(T)) | {"timestamp": iso(T + 1000)}
    assert bring(here, hook, late, sent_ms=T + 600_000) == "outdated"
    assert reach(here) == "public"


def test_as_of_goes_before_the_documents_own_time(here: Desk) -> None:
    hook = make_hook(here.parts, "wordpress")
    bring(here, hook, standard_body("closed", as_of_ms=T + 20, updated_at=iso(T)))
    late = standard_body("published", as_of_ms=T + 10, updated_at=iso(T + 3_600_000))
    assert bring(here, hook, late) == "outdated"
    assert bring(here, hook, standard_body("published", as_of_ms=T + 30, updated_at=iso(T - 3_600_000))) == "queued"


def test_a_state_from_the_future_shuts_nothing_out_for_long(here: Desk) -> None:
    hook, now = make_hook(here.parts, "wordpress"), now_ms()
    bring(here, hook, standard_body("closed", as_of_ms=now + 86_400_000), received_ms=now)
    assert (rows(here)["7"].source_updated_ms or 0) <= now + 300_000
    later = standard_body("published", as_of_ms=now + 400_000)
    assert bring(here, hook, later, received_ms=now + 400_000) == "queued"


def test_a_double_of_the_closing_changes_nothing_after_the_opening(here: Desk) -> None:
    sender = Sender(here, make_hook(here.parts, "wordpress"))
    for body in (
        standard_body("closed", as_of_ms=T),
        standard_body("published", as_of_ms=T + 1),
        standard_body("closed", as_of_ms=T),
    ):
        sender.send(body)
    assert reach(here) == "public"


def test_every_kind_that_closes_is_among_the_states() -> None:
    assert {kind.value for kind in EventKind} - {"ignored"} == {kind for kind, _ in STATES.values()}
