"""The clients' methods, listed once. Each sends a call; the clients differ in how they send."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, overload

import httpx

from tts_service.client.calls import articles, desk, lexicon, pls
from tts_service.client.calls import cases as case_calls
from tts_service.client.calls import corrections as correction_calls
from tts_service.client.calls import reports as report_calls
from tts_service.client.calls.call import Call

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class _Sends(Protocol):
    @property
    def _http(self) -> httpx.Client: ...


class _SendsLater(Protocol):
    @property
    def _http(self) -> httpx.AsyncClient: ...


class _Method(Generic[_Given, _Result]):
    """A call in the list. Each client replaces it by its own function; the types say what that takes and returns."""

    def __init__(self, call: Callable[_Given, Call[_Result]]) -> None:
        self.call = call

    @overload
    def __get__(self, client: _Sends, kind: type) -> Callable[_Given, _Result]: ...
    @overload
    def __get__(self, client: _SendsLater, kind: type) -> Callable[_Given, Coroutine[Any, Any, _Result]]: ...
    def __get__(self, client: object, kind: type) -> object:
        raise AttributeError(f"{kind.__name__} can't send")


class Methods:
    """Every call that is a method of both clients."""

    request = _Method(articles.request)
    job = _Method(articles.job)
    cancel = _Method(articles.cancel)
    withdraw = _Method(articles.withdraw)
    release_clip = _Method(articles.release_clip)
    clip = _Method(articles.clip)
    grant = _Method(articles.grant)
    find = _Method(articles.find)
    explain = _Method(articles.explain)

    reports = _Method(report_calls.reports)
    settle = _Method(report_calls.settle)
    send_report = _Method(report_calls.send_report)
    report_state = _Method(report_calls.report_state)

    cases = _Method(case_calls.cases)
    case = _Method(case_calls.case)
    confirm_case = _Method(case_calls.confirm_case)
    reject_case = _Method(case_calls.reject_case)
    reopen_case = _Method(case_calls.reopen_case)
    mark_case_corrected = _Method(case_calls.mark_case_corrected)
    mark_case_duplicate = _Method(case_calls.mark_case_duplicate)
    assign_case = _Method(case_calls.assign_case)
    decide_cases = _Method(case_calls.decide_cases)
    add_case_note = _Method(case_calls.add_case_note)
    merge_cases = _Method(case_calls.merge_cases)
    split_case = _Method(case_calls.split_case)
    undo_case = _Method(case_calls.undo_case)

    entries = _Method(lexicon.entries)
    entry = _Method(lexicon.entry)
    add_entry = _Method(lexicon.add_entry)
    change_entry = _Method(lexicon.change_entry)
    remove_entry = _Method(lexicon.remove_entry)
    impact = _Method(lexicon.impact)
    preview = _Method(lexicon.preview)
    sound = _Method(lexicon.sound)
    suggestions = _Method(lexicon.suggestions)
    check_ipa = _Method(lexicon.check_ipa)
    export_pls = _Method(pls.export_pls)
    import_pls = _Method(pls.import_pls)
    impact_of_import = _Method(pls.impact_of_import)

    accept = _Method(correction_calls.accept)
    repair_sentence = _Method(correction_calls.repair_sentence)
    repair_voice = _Method(correction_calls.repair_voice)
    corrections = _Method(correction_calls.corrections)
    correction = _Method(correction_calls.correction)
    take_back = _Method(correction_calls.take_back)
    take_back_clip = _Method(correction_calls.take_back_clip)
    retry_correction = _Method(correction_calls.retry_correction)

    overview = _Method(desk.overview)
    running = _Method(desk.running)
    send_recording = _Method(desk.send_recording)
    take_recording_back = _Method(desk.take_recording_back)


def give_methods(client: type[Methods], sends: Callable[[Callable[..., Call[Any]]], Callable[..., Any]]) -> None:
    """Replace each call of the list by a client's function that sends it, with the call's name, signature and
    docstring."""
    for name, listed in vars(Methods).items():
        if isinstance(listed, _Method):
            setattr(client, name, _named_after(listed.call, sends(listed.call)))


def _named_after(call: Callable[..., Call[Any]], method: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(call)
    me = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    method.__name__ = method.__qualname__ = call.__name__
    method.__doc__ = call.__doc__
    method.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[me, *signature.parameters.values()],
        return_annotation=signature.return_annotation.removeprefix("Call[").removesuffix("]"),
    )
    return method
