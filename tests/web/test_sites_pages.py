"""The staff's pages of sites: every setting by form, errors at the fields, secrets shown once, changes for admins."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any, ClassVar

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.parts.staff import Signed, signed
from tests.parts.web_rows import ready_clip
from tts_service.access.audit import deeds
from tts_service.access.keys import caller_of, create_key, list_keys
from tts_service.access.staff import set_sites
from tts_service.cms.feeds.register import feeds_of
from tts_service.cms.inbox.addresses import add_hook, find_hook, list_hooks
from tts_service.cms.inbox.process import process_due
from tts_service.corrections.accept_rule import accept_rule
from tts_service.db.tables import SiteRow
from tts_service.engines.voices.order import VoiceReason
from tts_service.errors import InputRefused, KeyMissing
from tts_service.newsroom.policies import policy_for, set_policy
from tts_service.newsroom.sites import options_for, set_options, site_of
from tts_service.parts import Parts
from tts_service.retention.hook_trial import event_ended
from tts_service.retention.site_erasure import go_on_erasing
from tts_service.values import BlockKind
from tts_service.values.site_options import SiteOptions
from tts_service.values.speech_policy import BlockPolicy, BlockRule, Treatment
from tts_service.web.languages import catalogue
from tts_service.web.pages.refusals import field_fault
from tts_service.web.staff.articles.voice_choice import REASONS
from tts_service.web.staff.sites import connections as site_connections
from tts_service.web.staff.sites.forms import (
    errors_of,
    option_values,
    options_from_form,
    policy_from_form,
    policy_values,
)

SITE = "/staff/sites/gazette"


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed(parts)


def read(client: TestClient, who: Signed, path: str = SITE, status: int = 200) -> str:
    got = client.get(path, headers={**who.headers, "Accept": "text/html"})
    assert got.status_code == status, got.text
    return got.text


def send(client: TestClient, who: Signed, do: str, path: str = SITE, **form: str) -> Any:
    fields = {"form_token": who.token, "do": do} | form
    return client.post(path, data=fields, headers=who.headers | {"Accept": "text/html"})


def fields_of(shown: str, do: str) -> dict[str, str]:
    """What a browser sends of one of the page's forms as it stands."""
    form = next(one for one in re.findall(r"<form.*?</form>", shown, re.DOTALL) if f'name="do" value="{do}"' in one)
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and not ('type="checkbox"' in tag and " checked" not in tag):
            found[name[1]] = value[1] if value else ""
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form):
        found[name] = inside
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    return found


class TestPolicyAndOptions:
    POLICY: ClassVar[dict[str, Any]] = {
        "blocks": {"quote": {"voice": "tone:low", "rate": 0.9}, "caption": {"treatment": "spoken", "language": "de"}},
        "voices": {"en": "tone:beep"},
        "emoji": "named",
        "pauses": {"quote_ms": 700},
        "notice": {"texts": {"de": "Künstliche Stimme."}, "every_minutes": 5},
        "unspeakable": "refused",
    }

    def test_a_form_sent_as_it_stands_changes_nothing(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        set_policy(parts.database, parts.voices, "gazette", self.POLICY)
        given = {"title": "Aloud", "download": True, "feeds": False, "hold": True, "tracking": ["x", "y_*"]}
        set_options(parts.database, "gazette", given)
        shown = read(client, anna)
        for do in ("policy", "options"):
            sent = fields_of(shown, do)
            assert send(client, anna, sent.pop("do"), **{k: v for k, v in sent.items() if k != "form_token"})
        assert site_of(parts.database, "gazette").policy == self.POLICY
        assert site_of(parts.database, "gazette").options == given

    def test_what_is_entered_is_kept_and_noted(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        done = send(client, anna, "policy", **{"blocks.caption.treatment": "spoken", "blocks.quote.rate": "0,9"})
        assert (done.status_code, done.headers["location"]) == (303, f"{SITE}?saved=policy#told")
        policy = policy_for(parts.database, parts.settings, "gazette")
        assert policy.of(BlockKind.CAPTION).treatment is Treatment.SPOKEN
        assert policy.of(BlockKind.QUOTE) == BlockPolicy(treatment=Treatment.SPOKEN, rate=0.9)
        send(client, anna, "options", hold="yes", feeds="yes", listening="yes", locked="yes", tracking="fbclid")
        assert options_for(parts.database, "gazette") == SiteOptions(hold=True, tracking=("fbclid",))
        assert [deed.what for deed in deeds(parts.database)[:2]] == ["site.options", "site.policy"]
        assert "Saved." in read(client, anna, f"{SITE}?saved=options")
        accept_rule(parts, "gazette", BlockRule(text="Read more"), who="staff:anna")
        assert "Read as usual again" in read(client, anna)
        assert send(client, anna, "policy-reset").status_code == 303
        assert (site_of(parts.database, "gazette").policy or {}).keys() == {"rules"}
        assert "Read as usual again" not in read(client, anna)

    @pytest.mark.parametrize(
        ("do", "field", "value"),
        [
            ("policy", "blocks.quote.rate", "9"),
            ("policy", "blocks.quote.voice", "tone:nobody"),
            ("policy", "pauses.quote_ms", "a while"),
            ("policy", "voices", "en: tone:nobody"),
            ("policy", "notice.every_minutes", "0"),
            ("options", "email", "nobody"),
            ("options", "title", "x" * 300),
            ("options", "time_zone", "../../etc"),
            ("options", "tracking", "a=b"),
        ],
    )
    def test_an_error_stands_at_its_field_and_nothing_is_kept(
        self, client: TestClient, parts: Parts, anna: Signed, do: str, field: str, value: str
    ) -> None:
        refused = send(client, anna, do, **{field: value, "notice-spoken": "yes"})
        assert refused.status_code == 422
        assert refused.text.count('class="complaint"') == 2
        (top,) = re.findall(r'id="complaint" tabindex="-1" autofocus><div><a href="#([^"]+)"', refused.text)
        at_field = re.findall(rf'<(?:input|select|textarea) id="{re.escape(top)}" name="([^"]+)"', refused.text)
        assert at_field == [field]
        (marked,) = re.findall(r'<(?:input|select|textarea)[^>]*name="([^"]+)"[^>]*aria-invalid', refused.text)
        assert marked == field
        described = re.search(rf'name="{re.escape(field)}"[^>]*aria-describedby="(\S+?)[ "]', refused.text)
        assert described is not None
        assert f'id="{described[1]}"' in refused.text
        assert value in refused.text
        assert site_of(parts.database, "gazette").policy is site_of(parts.database, "gazette").options is None

    @pytest.mark.parametrize(
        ("entered", "form"),
        [
            (set_options, {"title": "x" * 201, "description": "x" * 4_001, "link": "ftp://a.example", "email": "a b"}),
            (set_options, {"language": "the usual", "category": "a\tb", "time_zone": "Mars/Olympus"}),
            (set_options, {"image": "https://e.example/" + "x" * 3_000, "tracking": "a=b " + "p " * 201}),
            (set_policy, {"blocks.quote.rate": "quick", "blocks.table.rate": "9", "blocks.code.rate": "0.1"}),
            (set_policy, {"blocks.quote.treatment": "sung", "blocks.quote.language": "?", "pauses.quote_ms": "0.5"}),
            (set_policy, {"pauses.quote_ms": "-1", "notice-spoken": "yes", "notice.texts": "de: " + "x" * 301}),
            (set_policy, {"notice-spoken": "yes", "notice.texts": "de:", "notice.every_minutes": "soon"}),
            (set_policy, {"voices": "en: tone:nobody"}),
            (set_policy, {"voices": "de: tone:beep"}),
        ],
    )
    def test_whatever_is_wrong_with_a_field_has_words(self, parts: Parts, entered: Any, form: dict[str, str]) -> None:
        with pytest.raises(InputRefused) as refused:
            if entered is set_options:
                set_options(parts.database, "gazette", options_from_form({"listening": "yes", **form}))
            else:
                set_policy(parts.database, parts.voices, "gazette", policy_from_form(form, {}))
        told = errors_of(refused.value.details, refused.value.message)
        german = catalogue("de")
        assert len(told) >= len(form) - ("notice-spoken" in form)
        assert [message for message in told.values() if field_fault(message, german) is None] == []

    def test_every_option_has_a_field(self) -> None:
        assert sorted(option_values(None)) == sorted(asdict(SiteOptions()))

    def test_block_rules_survive_the_form(self) -> None:
        before = {"rules": [{"text": "x"}], "emoji": "named"}
        kept = policy_from_form({"emoji": ""}, before)
        assert kept == {"rules": [{"text": "x"}]}
        assert (
            policy_from_form({name: str(value) for name, value in policy_values(self.POLICY).items() if value}, {})
            == self.POLICY
        )
        given = {"feeds": "1", "listening": "1", "locked": "1", "tracking": "a"}
        assert options_from_form(given) == {"tracking": ["a"]}

    def test_origins_are_kept_one_a_line(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        send(client, anna, "origins", origins="https://www.example.org\r\nhttps://m.example.org")
        assert site_of(parts.database, "gazette").origins == ("https://www.example.org", "https://m.example.org")
        refused = send(client, anna, "origins", origins="https://www.example.org/path")
        assert "is not an origin" in refused.text
        assert ">https://www.example.org/path</textarea>" in refused.text


class TestConnections:
    def test_a_hook_is_made_with_its_secret_shown_once_changed_and_removed(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        entered = {"source": "ghost", "types": "post page", "options": "language=de\r\napi_token=deep"}
        made = send(client, anna, "hook-add", **entered)
        (facts,) = list_hooks(parts.database)
        hook = find_hook(parts.database, facts.id)
        assert hook is not None
        assert (hook.site, hook.options.types, hook.options.language) == ("gazette", ("post", "page"), "de")
        assert hook.secret in made.text
        assert f"/v1/webhooks/ghost/{hook.id}" in made.text
        later = read(client, anna)
        assert hook.secret not in later
        assert "deep" not in later

        send(client, anna, "hook-change", hook=hook.id, options="language=fr", types="post")
        changed = find_hook(parts.database, hook.id)
        assert changed is not None
        assert (changed.options.language, changed.options.api_token, changed.options.types) == ("fr", "deep", ("post",))
        refused = send(client, anna, "hook-change", hook=hook.id, options="colour=red")
        assert "Unknown hook option" in refused.text
        assert "colour=red" in refused.text
        send(client, anna, "hook-remove", hook=hook.id)
        assert list_hooks(parts.database) == []
        assert [one.what for one in deeds(parts.database)[:3]] == ["hook.removed", "hook.changed", "hook.added"]

    def test_a_test_of_a_hook_says_whether_it_works_and_leaves_nothing(
        self, client: TestClient, parts: Parts, anna: Signed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hook = add_hook(parts.database, "ghost", "gazette")
        monkeypatch.setattr(site_connections, "_TEST_WAIT_S", 0.0)
        assert "not processed in time" in send(client, anna, "hook-test", hook=hook.id).text

        ended = event_ended

        def processed(parts: Parts, event_id: str, wait_s: float) -> Any:
            process_due(parts)
            return ended(parts, event_id, wait_s)

        monkeypatch.setattr(site_connections, "event_ended", processed)
        assert "The connection works." in send(client, anna, "hook-test", hook=hook.id).text
        assert "tts-service-test" not in read(client, anna, "/staff/articles?site=gazette")

    def test_a_key_is_made_shown_once_replaced_and_revoked(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        def key_in(text: str) -> str:
            return str(re.findall(r"<code>(ltk_\w+)</code>", text)[0])

        made = send(client, anna, "key-add", name="CMS", days="30", **{"scope.jobs:write": "yes"})
        first = key_in(made.text)
        caller = caller_of(parts.database, f"Bearer {first}")
        assert (caller.sites, caller.scopes) == (("gazette",), frozenset({"jobs:write"}))
        assert first not in read(client, anna)
        second = key_in(send(client, anna, "key-rotate", key=first[4:12]).text)
        revoked = send(client, anna, "key-revoke", key=second[4:12])
        assert '<p role="status" id="told" tabindex="-1" autofocus>API key revoked' in read(
            client, anna, revoked.headers["location"]
        )
        with pytest.raises(KeyMissing):
            caller_of(parts.database, f"Bearer {second}")
        assert [(one.what, one.who) for one in deeds(parts.database)[:3]] == [
            ("key.revoked", anna.person.who),
            ("key.rotated", anna.person.who),
            ("key.made", anna.person.who),
        ]

    @pytest.mark.parametrize(
        ("form", "says"),
        [
            ({"name": " "}, "Name the key"),
            ({"name": "x", "days": "soon", "scope.sites": "yes"}, "Enter the days as a number"),
            ({"name": "x"}, "Choose at least one right."),
        ],
    )
    def test_a_key_that_cannot_be_meant_is_refused(
        self, client: TestClient, parts: Parts, anna: Signed, form: dict[str, str], says: str
    ) -> None:
        assert says in send(client, anna, "key-add", **form).text
        assert list_keys(parts.database) == []

    def test_another_sites_keys_and_hooks_are_not_found_here(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        key = create_key(parts.database, "theirs", ("sites",), "herald")[4:12]
        hook = add_hook(parts.database, "ghost", "herald")
        assert send(client, anna, "key-revoke", key=key).status_code == 404
        assert send(client, anna, "hook-remove", hook=hook.id).status_code == 404
        assert hook.id not in read(client, anna)

    def test_feeds_are_added_and_removed(self, client: TestClient, parts: Parts, anna: Signed) -> None:
        url = "https://www.gazette.example/feed.xml"
        assert send(client, anna, "feed-add", url=url).headers["location"] == f"{SITE}?saved=feed-add#told"
        assert url in read(client, anna)
        refused = send(client, anna, "feed-add", url="ftp://x")
        assert (refused.status_code, "is not an http(s) URL" in refused.text) == (400, True)
        send(client, anna, "feeds-read")
        send(client, anna, "feed-remove", url=url)
        assert feeds_of(parts.database, "gazette") == []


class TestRights:
    def test_an_editor_reads_the_page_of_their_site_and_changes_nothing(self, client: TestClient, parts: Parts) -> None:
        editor = signed(parts, "editor@example.org", "staff")
        set_sites(parts.database, editor.person.id, ["gazette"], "test")
        hook = add_hook(parts.database, "ghost", "gazette")
        ready_clip(parts)
        ready_clip(parts, name="2", site="herald")
        shown = read(client, editor)
        assert "Admins change these settings." in shown
        assert hook.id not in shown
        assert "<button" not in re.sub(r"<header.*?</header>", "", shown, flags=re.DOTALL)
        assert "herald" not in read(client, editor, "/staff/sites")
        read(client, editor, "/staff/sites/herald", status=403)
        for do in ("options", "policy", "key-add", "hook-add"):
            assert send(client, editor, do).status_code == 403

    def test_sites_are_listed_and_another_one_is_opened_by_name(
        self, client: TestClient, parts: Parts, anna: Signed
    ) -> None:
        ready_clip(parts)
        set_options(parts.database, "herald", {"hold": True})
        shown = read(client, anna, "/staff/sites")
        assert re.findall(r'href="/staff/sites/(\w+)"', shown) == ["gazette", "herald"]
        assert shown.count("new versions wait for release") == 1
        got = client.get("/staff/sites?name=times", headers=anna.headers)
        assert got.headers["location"] == "/staff/sites/times"
        read(client, anna, "/staff/sites/times")
        assert send(client, anna, "paint").status_code == 400


def test_an_admin_erases_a_site_by_typing_its_name(client: TestClient, parts: Parts, anna: Signed) -> None:
    ready_clip(parts)
    refused = send(client, anna, "erase", name="gazettes")
    assert refused.status_code == 400
    assert "type its name" in refused.text
    assert site_of(parts.database, "gazette").closed_ms is None
    answer = send(client, anna, "erase", name="gazette")
    assert answer.headers["location"].endswith("?saved=erase#told")
    assert "The erasure of this site began" in read(client, anna)
    assert send(client, anna, "options", hold="yes").status_code == 409
    assert client.get("/v1/clips/clip_1").status_code == 200  # the form only closes the doors: beat does the rest
    go_on_erasing(parts, within_s=60)
    assert client.get("/v1/clips/clip_1").status_code == 404
    assert [line.what for line in deeds(parts.database)][:2] == ["site.erased", "site.closed"]


def test_the_page_says_who_speaks_and_why(client: TestClient, parts: Parts, anna: Signed) -> None:
    shown = read(client, anna)
    german = parts.voices.choice("de")
    assert f"German: eSpeak, German <code>{german.voice.id}</code>, {REASONS[german.reason]}" in shown
    set_policy(parts.database, parts.voices, "gazette", {"voices": {"en": "pyttsx3:en-us"}})
    assert f"<code>pyttsx3:en-us</code>, {REASONS[VoiceReason.CHOSEN]}" in read(client, anna)


def test_the_page_names_a_kept_voice_and_what_isnt_installed(client: TestClient, parts: Parts, anna: Signed) -> None:
    set_options(parts.database, "gazette", {})
    with parts.database.writing() as session:
        session.execute(update(SiteRow).values(kept_voices={"en": "tone:low"}))
    assert f"<code>tone:low</code>, {REASONS[VoiceReason.KEPT]}" in read(client, anna)
    with parts.database.writing() as session:
        session.execute(update(SiteRow).values(kept_voices={"en": "piper:gone"}))
    assert re.search(r"<li>English: .*\(not installed: piper:gone", read(client, anna))


def test_a_form_saved_as_it_stands_keeps_the_voice_of_before(client: TestClient, parts: Parts, anna: Signed) -> None:
    set_options(parts.database, "gazette", {})
    with parts.database.writing() as session:
        session.execute(update(SiteRow).values(kept_voices={"en": "tone:low"}))
    fields = fields_of(read(client, anna), "policy")
    assert send(client, anna, **fields | {"do": "policy", "emoji": "named"}).status_code == 303
    assert f"<code>tone:low</code>, {REASONS[VoiceReason.KEPT]}" in read(client, anna)
    assert send(client, anna, **fields | {"do": "policy", "voices": "en: pyttsx3:en"}).status_code == 303
    assert f"<code>pyttsx3:en</code>, {REASONS[VoiceReason.CHOSEN]}" in read(client, anna)


def test_every_reason_has_its_words() -> None:
    assert set(REASONS) == set(VoiceReason)
