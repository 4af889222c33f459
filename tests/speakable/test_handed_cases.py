"""Cases from outside that were wrong once: mended ones stay right, and the list of the others only gets shorter."""

from __future__ import annotations

from tests.measure.text.handed import handed_cases, known_wrong, wrong_cases


def test_the_handed_cases_are_right_but_for_those_that_are_listed() -> None:
    """A mended case leaves `wrong.txt` with the change that mends it."""
    cases = handed_cases()
    wrong = {case.id: (said, case.right) for case, said in wrong_cases(cases)}
    listed = known_wrong()
    assert {id_: both for id_, both in wrong.items() if id_ not in listed} == {}, "said wrongly, and not in wrong.txt"
    assert listed - wrong.keys() == set(), "right now: take these out of wrong.txt"


def test_every_handed_case_has_an_id_of_its_own() -> None:
    ids = [case.id for case in handed_cases()]
    assert len(ids) == len(set(ids)) == 115
