"""The guarded client on real sockets, in a network where every address would answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.parts.outbound_namespace import CONTROLS, REBINDINGS, run_in_namespace, why_not

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    reason = why_not()
    if reason:
        pytest.skip(reason)
    return run_in_namespace()


def test_no_call_reaches_an_address_inside(found: dict[str, Any]) -> None:
    assert (found["let_through"], found["canary_hits"]) == ([], 0)


def test_a_name_that_changes_is_called_once_and_refused_afterwards(found: dict[str, Any]) -> None:
    assert found["rebinding_first"] == {"200": REBINDINGS}
    assert found["rebinding_again"] == {"address_refused": REBINDINGS}


def test_every_chain_of_redirects_inside_is_refused(found: dict[str, Any]) -> None:
    assert found["chains_refused"] == found["chains"] >= 150


def test_the_canary_hears_clients_without_such_a_guard(found: dict[str, Any]) -> None:
    assert found["control_hits"] == CONTROLS
