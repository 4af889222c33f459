"""Whatever is typed into a site's forms is kept as it was meant or refused at its field, and never breaks a page."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.parts.staff import signed
from tts_service.errors import OptionsRefused
from tts_service.newsroom.sites import site_of
from tts_service.parts import Parts
from tts_service.values import BlockKind
from tts_service.values.site_options import read_options
from tts_service.web.staff.sites.forms import (
    GROUPS,
    PAUSES,
    option_values,
    options_from_form,
    policy_from_form,
    policy_values,
)

ODD = (
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "nan",
    "inf",
    "0x10",
    "١",
    "1,5",
    "true",
    "null",
    "[]",
    "<b>",
    "a" * 5000,
    "\u202e",
    "é\n:",
    "x: ",
)
TEXT = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
POLICY = [name for name in policy_values(None) if name != "notice-spoken"]
OPTIONS = [one.name for group in GROUPS for one in group.fields]
FORMS = st.dictionaries(st.sampled_from([*POLICY, "notice-spoken", *OPTIONS]), TEXT, max_size=8)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    form=FORMS, do=st.sampled_from(["policy", "options", "origins", "feed-add", "hook-add", "key-add", "hook-change"])
)
def test_any_form_is_kept_or_refused(client: TestClient, parts: Parts, form: dict[str, str], do: str) -> None:
    anna = signed(parts)
    before = site_of(parts.database, "gazette")
    sent = {"form_token": anna.token, "source": "ghost", "name": form.get("title", ""), "secret": form.get("link", "")}
    sent |= {"url": form.get("link", ""), "origins": form.get("image", ""), "options": form.get("tracking", "")}
    done = client.post("/staff/sites/gazette", data=sent | form | {"do": do}, headers=anna.headers)
    assert done.status_code in (200, 303, 400, 404, 409, 422), done.text
    if done.status_code >= 400:
        after = site_of(parts.database, "gazette")
        assert (after.policy, after.options, after.origins) == (before.policy, before.options, before.origins)
        assert "complaint" in done.text
    shown = client.get("/staff/sites/gazette", headers=anna.headers)
    assert shown.status_code == 200


_PAUSE = st.integers(0, 10_000)
_BLOCK = st.fixed_dictionaries(
    {},
    optional={
        "treatment": st.sampled_from(["spoken", "skipped", "announced"]),
        "voice": st.sampled_from(["tone:beep", "tone:low"]),
        "language": st.sampled_from(["en", "de-AT"]),
        "rate": st.floats(0.5, 2).map(lambda rate: round(rate, 2)),
    },
).filter(bool)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "blocks": st.dictionaries(st.sampled_from([kind.value for kind in BlockKind]), _BLOCK, min_size=1),
            "pauses": st.dictionaries(st.sampled_from(list(PAUSES)), _PAUSE, min_size=1),
            "emoji": st.sampled_from(["named", "dropped"]),
            "unspeakable": st.sampled_from(["refused", "dropped"]),
            "voices": st.dictionaries(st.sampled_from(["en", "de"]), st.just("tone:low"), min_size=1),
            "notice": st.fixed_dictionaries(
                {"texts": st.dictionaries(st.sampled_from(["en", "de"]), st.sampled_from(["A: voice.", "Stimme"]))},
                optional={"every_minutes": st.integers(1, 120)},
            ),
            "rules": st.just([{"text": "x"}]),
        },
    )
)
def test_every_policy_comes_back_from_its_form_as_it_was(policy: dict[str, Any]) -> None:
    sent = {name: str(value) for name, value in policy_values(policy).items() if value is not False and value != ""}
    assert policy_from_form(sent, policy) == policy


@given(st.dictionaries(st.sampled_from(OPTIONS), TEXT, max_size=6))
def test_options_that_are_accepted_come_back_from_their_form_as_they_were(form: dict[str, str]) -> None:
    given_options = options_from_form(form)
    try:
        options = read_options(given_options)
    except OptionsRefused:
        return
    sent = {
        name: str(value)
        for name, value in option_values(given_options).items()
        if value is not None and value is not False
    }
    assert read_options(options_from_form(sent)) == options
