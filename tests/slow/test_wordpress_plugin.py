"""The WordPress plugin, run by PHP against a stub of WordPress: what it sends, when, and where its player stands."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.parts.factories import make_parts
from tests.parts.webhooks import Desk, desk, make_hook
from tts_service.cms.inbox.addresses import hook_path
from tts_service.cms.inbox.process import take_due
from tts_service.cms.inbox.staff import list_events
from tts_service.cms.sources.base import Hook

HERE = Path(__file__).parent
PLUGIN = HERE.parents[1] / "samples" / "wordpress" / "listen-to-the-article.php"
ADDRESS = "https://audio.example/v1/webhooks/wordpress/hook_0abc"
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
KEY = "ltk_01234567_" + "a" * 38
POST = {
    "ID": 7,
    "post_type": "post",
    "post_status": "publish",
    "post_title": "Grüße aus Oberau",
    "post_name": "gruesse",
    "post_content": "<p>The railway/tramway runs again.</p>",
    "post_password": "",
    "post_author": 1,
    "post_date": "2025-03-01 08:30:00",
    "post_date_gmt": "2025-03-01 08:30:00",
    "post_modified": "2025-03-01 08:30:00",
    "post_modified_gmt": "2025-03-01 08:30:00",
}
DRAFT = POST | {"post_status": "draft", "post_content": "<p>Not to be heard.</p>", "post_title": "Secret title"}
CLIP = {"id": "c1", "state": "ready", "listen_url": "https://audio.example/listen/c1"}
END = {"do": "end"}


def _lacking() -> str:
    if shutil.which("php") is None:
        return "PHP isn't installed (Debian: php-cli)"
    loaded = subprocess.run(["php", "-m"], capture_output=True, text=True, timeout=30, check=False).stdout.split()
    return (
        ""
        if {"pdo_sqlite", "mbstring"} <= set(loaded)
        else "PHP lacks an extension (Debian: php-sqlite3, php-mbstring)"
    )


_LACKING = _lacking()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(_LACKING), reason=_LACKING)]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Desk]:
    with desk(make_parts(tmp_path)) as built:
        yield built


def wordpress(*steps: dict[str, Any], options: dict[str, str] | None = None, **given: Any) -> dict[str, Any]:
    """Let the plugin see these steps, on PHP-FPM unless `fpm=False`; what it did."""
    settings = {"address": ADDRESS, "secret": SECRET, "site": "gazette"} | (options or {})
    usual = {"fpm": True, "site_locale": "en_GB", "user_locale": "en_GB", "clips": None, "grant": ""}
    asked = json.dumps({**usual, **given, "options": settings, "steps": steps})
    command = ["php", "-d", "error_reporting=-1", "-d", "display_errors=stderr", HERE / "wordpress_stub.php", PLUGIN]
    done = subprocess.run(command, input=asked, text=True, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr + done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def save(**changes: Any) -> dict[str, Any]:
    return {"do": "save", "post": POST | changes}


def told(done: dict[str, Any]) -> list[str]:
    """The types of all deliveries, also of those that failed."""
    return [json.loads(one["body"])["type"].removeprefix("post.") for one in done["posted"]]


def data_of(done: dict[str, Any], index: int = -1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done["posted"][index]["body"])["data"]
    return found


# --- The state that is sent ---


def test_each_delivery_says_how_the_post_stands(here: Desk) -> None:
    hook = make_hook(here.parts, "wordpress")
    trashed = save(post_status="trash", post_modified_gmt="2025-03-01 10:00:00")
    later = save(post_content="<p>It runs.</p>", post_modified_gmt="2025-03-01 09:00:00")
    steps = [{"do": "save", "post": DRAFT}, END, save(), END, later, END, trashed, END, {"do": "delete", "id": 7}, END]
    done = wordpress(*steps, options={"address": f"https://audio.example{hook_path(hook)}", "secret": hook.secret})
    assert told(done) == ["published", "updated", "unpublished", "deleted"]
    states = []
    for one in done["posted"]:
        assert deliver(here, hook, one) == 202
        states.append(newest_state(here))
    assert states == ["queued", "queued", "withdrawn", "withdrawn"]
    data = data_of(done, 0)
    assert data["url"] == "https://gazette.example/gruesse/"
    assert data["published_at"] == "2025-03-01T08:30:00Z"
    assert data_of(done, 0)["as_of"] < data_of(done, 1)["as_of"] < data_of(done, 2)["as_of"]


def deliver(here: Desk, hook: Hook, posted: dict[str, Any]) -> int:
    answer = here.client.post(hook_path(hook), content=posted["body"].encode(), headers=posted["headers"])
    return int(answer.status_code)


def newest_state(here: Desk) -> str:
    take_due(here.parts)
    event = list_events(here.parts.database, limit=1)[0]
    return str((event.outcome or [{"state": event.state}])[0]["state"])


def test_a_retry_tells_what_the_post_is_by_then_and_nothing_of_a_draft() -> None:
    lost = [{"service": 0}, save(), END, {"do": "save", "post": DRAFT}, END]
    done = wordpress(*lost, {"service": 202, "do": "cron", "after": 400})
    assert told(done) == ["published", "unpublished"]
    assert "Not to be heard" not in done["posted"][-1]["body"]
    assert "Secret title" not in done["posted"][-1]["body"]
    first, second = (one["headers"]["webhook-id"] for one in done["posted"])
    assert first != second


def test_a_lost_withdrawal_followed_by_publication_leaves_the_post_public() -> None:
    steps = [save(), END, {"service": 0}, {"do": "save", "post": DRAFT}, END, {"do": "cron", "after": 61}]
    done = wordpress(*steps, save(), {"service": 202, "do": "cron", "after": 4000})
    assert told(done) == ["published", "unpublished", "unpublished", "updated"] or told(done)[-1] == "published"
    assert done["rows"][0]["pending"] == "0"
    assert done["rows"][0]["told_state"] == "published"


@pytest.mark.parametrize(
    ("changes", "key", "kind", "visibility"),
    [
        ({}, "", "published", "public"),
        ({"post_password": "x"}, "", "closed", "password"),
        ({"post_password": "x"}, KEY, "published", "password"),
        ({"post_status": "private"}, KEY, "unpublished", None),
        ({"post_status": "pending"}, "", "unpublished", None),
        ({"post_status": "future"}, KEY, "unpublished", None),
        ({"post_status": "trash"}, "", "unpublished", None),
        ({"post_type": "hidden"}, "", "unpublished", None),
    ],
)
def test_what_closes_a_post_closes_it_here(
    changes: dict[str, str], key: str, kind: str, visibility: str | None
) -> None:
    done = wordpress(save(), END, save(**changes), END, options={"key": key, "types": "post,hidden"})
    assert told(done)[-1] == ("updated" if kind == "published" else kind)
    data = data_of(done)
    assert data.get("visibility") == visibility
    assert ("html" in data, "title" in data) == (kind == "published",) * 2
    assert data["url"] == "https://gazette.example/gruesse/"


def test_members_only_by_meta_alone_is_told_at_the_end_of_the_request() -> None:
    meta = {"do": "meta", "id": 7, "key": "members_only", "value": "1"}
    done = wordpress(save(), END, {"user": 1} | meta, END)
    assert told(done) == ["published", "closed"]
    assert "railway" not in done["posted"][-1]["body"]


def test_what_was_never_public_is_never_told() -> None:
    done = wordpress(
        *[{"do": "save", "post": DRAFT | {"post_status": one}} for one in ("draft", "private", "trash")], END
    )
    assert done["posted"] == done["rows"] == []


def test_a_post_marked_while_it_is_sent_is_sent_again() -> None:
    done = wordpress(save(), END, while_sending={"do": "save", "post": DRAFT})
    assert told(done) == ["published", "unpublished"]
    assert done["rows"][0]["told_state"] == "unpublished"


def test_a_row_stays_until_the_service_took_it_with_growing_waits() -> None:
    tries = [{"do": "cron", "after": wait} for wait in (61, 301, 1801, 7201, 21601)]
    done = wordpress({"service": 503}, save(), END, *tries)
    row = done["rows"][0]
    assert len(done["posted"]) == 6
    assert (row["pending"], row["tries"], row["told_state"]) == ("1", "6", "")
    assert "503" in row["error"]
    later = wordpress({"service": 503}, save(), END, *tries, {"service": 202, "do": "cron", "after": 21601})
    assert (later["rows"][0]["pending"], later["rows"][0]["error"]) == ("0", "")


def test_what_the_service_refuses_is_kept_and_told_to_editors() -> None:
    for code, words in ((401, "secret is wrong"), (404, "no such webhook address")):
        seen = ({"do": "cron", "after": 20000}, {"user": 1, "do": "notices"}, {"do": "summary", "id": 7})
        done = wordpress({"service": code, "user": 1}, save(), END, *seen)
        assert done["rows"][0]["pending"] == "1"
        assert all(words in shown for shown in done["shown"])
        ids = {one["headers"]["webhook-id"] for one in done["posted"]}
        assert len(ids) == len(done["posted"]) == 1, "not again until six hours later, or when the settings are saved"


def test_what_sql_did_is_found_once_a_day() -> None:
    done = wordpress(save(), END, {"do": "store", "post": DRAFT}, {"do": "daily"}, END)
    assert told(done) == ["published", "unpublished"]
    imported = {"do": "store", "post": POST | {"ID": 8, "post_date_gmt": "2099-01-01 00:00:00"}}
    archive = {"do": "store", "post": POST | {"ID": 9, "post_date_gmt": "2001-01-01 00:00:00"}}
    done = wordpress(save(), END, imported, archive, {"do": "daily"}, END, {"do": "daily"}, END)
    assert [json.loads(one["body"])["data"]["id"] for one in done["posted"]] == [7, 8]


def test_a_key_entered_or_removed_is_a_change_of_what_was_told() -> None:
    steps = [save(post_password="x"), END]
    for key in (KEY, ""):
        steps += [{"do": "options", "options": {"key": key}}, {"do": "test"}, {"do": "cron"}]
    done = wordpress(*steps, answers={"site": "gazette"}, clips={"clips": []})
    assert [kind for kind in told(done) if kind != "ping"] == ["closed", "published", "closed"]


def test_the_second_delivery_of_version_1_0_tells_the_state_too() -> None:
    again = {"do": "event", "name": "listen_to_the_article_again", "arguments": ["published", 7, "msg_1"]}
    done = wordpress({"do": "store", "post": DRAFT}, again, END)
    assert told(done) == ["unpublished"]


# --- The text ---


def test_the_text_is_rendered_as_nobody_and_everything_is_put_back() -> None:
    text = "<p>For all. [members]Members read on.[/members] [locked]</p>"
    done = wordpress({"user": 3}, save(post_content=text), END)
    assert data_of(done)["html"] == "<p>For all.  open</p>"
    assert done["user"] == 3
    guarded = wordpress({"user": 3}, save(post_content=text, post_password="x"), END, options={"key": KEY})
    assert data_of(guarded)["html"] == "<p>For all.  open</p>"
    broken = wordpress({"user": 3}, save(post_content="[broken]"), END)
    assert (broken["user"], broken["posted"]) == (3, [])
    assert "the shortcode broke" in broken["rows"][0]["error"]


def test_blocks_that_are_no_part_of_the_article_are_left_out() -> None:
    kept = '<p>One.</p><pre class="wp-block-preformatted">Two.</pre>'
    blocks = "".join(
        f"<!-- wp:{one} --><p>{one}</p><!-- /wp:{one} -->" for one in ("loginout", "pullquote", "calendar")
    )
    done = wordpress(save(post_content=f"{kept}{blocks}<!-- wp:verse --><pre>Three.</pre><!-- /wp:verse -->"), END)
    assert data_of(done)["html"] == f"{kept}<pre>Three.</pre>"


def test_the_language_is_the_articles_not_the_editors() -> None:
    editor = {"user": 3}
    done = wordpress(editor, save(), END, site_locale="de_DE_formal", user_locale="fr_FR")
    assert data_of(done)["language"] == "de-DE"
    done = wordpress(editor, save(), END, site_locale="de_DE", user_locale="fr_FR", polylang={"7": "it_IT"})
    assert data_of(done)["language"] == "it-IT"


# --- When it is sent ---


def test_nothing_is_sent_before_the_editor_has_the_answer() -> None:
    done = wordpress(save(), END)
    assert [one["finished"] for one in done["posted"]] == [True]
    assert wordpress(save())["posted"] == []
    without = wordpress(save(), END, {"do": "cron"}, fpm=False)
    assert [one["cron"] for one in without["posted"]] == [True]
    assert without["spawned"] == 1


def test_in_wp_admin_a_text_waits_for_cron_and_a_withdrawal_does_not() -> None:
    done = wordpress({"admin": True}, save(), END, {"do": "save", "post": DRAFT}, END)
    assert told(done) == ["unpublished"]
    done = wordpress({"admin": True}, save(), END, {"admin": False, "do": "cron"})
    assert [one["cron"] for one in done["posted"]] == [True]


def test_after_one_silence_nothing_is_asked_for_a_minute() -> None:
    posts = [step for id_ in range(1, 21) for step in (save(ID=id_), END)]
    done = wordpress({"service": 0}, *posts)
    assert len(done["posted"]) == 1
    assert len(done["rows"]) == 20
    done = wordpress({"service": 0}, *posts, {"service": 202, "do": "cron", "after": 62})
    assert sorted(row["pending"] for row in done["rows"]) == ["0"] * 20


def test_a_page_asks_the_service_for_nothing() -> None:
    done = wordpress(save(), END, {"do": "show"}, {"service": 0, "do": "show"})
    assert done["asked"] == []
    assert len(done["posted"]) == 1


# --- The player ---

NAMED = 'site="gazette" article="7" url="https://gazette.example/gruesse/"'
ELEMENT = f"<article-audio {NAMED}></article-audio><p>The text.</p>"
SCRIPT = '<script type="module" async src="https://audio.example/player.js"></script>\n'


def test_the_player_stands_once_above_the_article() -> None:
    done = wordpress(save(), END, {"do": "show"}, {"do": "show"})
    assert done["shown"] == [SCRIPT, ELEMENT, "<p>The text.</p>"]


def test_readers_without_scripts_get_a_link_once_the_audio_is_known() -> None:
    done = wordpress(
        save(), END, {"do": "cron", "after": 30}, {"do": "show"}, clips={"clips": [CLIP]}, site_locale="de_DE"
    )
    assert done["asked"] == ["https://audio.example/v1/clips?site=gazette&article=7"]
    link = '<noscript><a href="https://audio.example/listen/c1">Artikel anhören</a></noscript>'
    assert done["shown"][1] == ELEMENT.replace("></article", f">{link}</article")
    assert (done["rows"][0]["clip_state"], done["rows"][0]["look_at"]) == ("ready", "0")


@pytest.mark.parametrize(
    "place",
    [
        {"within": "get_the_excerpt"},
        {"within": "wp_head"},
        {"within": "the_content"},
        {"main": "list"},
        {"main": "feed"},
        {"main": ""},
        {"loop": False},
        {"page": 8},
        {"admin": True},
    ],
)
def test_no_player_anywhere_else(place: dict[str, Any]) -> None:
    if place == {"within": "the_content"}:
        done = wordpress(save(), END, {"do": "show"} | place)
        assert done["shown"][-1].count("<article-audio") == 1, "the outer text alone has it"
        return
    done = wordpress(save(), save(ID=8), END, {"do": "show"} | place)
    assert done["shown"] == ["<p>The text.</p>"]


def test_a_post_from_before_the_plugin_has_a_player_too() -> None:
    done = wordpress({"do": "store", "post": POST}, {"do": "show"})
    assert done["shown"][1] == ELEMENT
    assert done["posted"] == done["rows"] == []


def test_who_may_read_a_closed_post_gets_its_grant_and_nobody_else() -> None:
    locked = save(post_password="x")
    open_, shut = {"locked": False}, {"locked": True}
    done = wordpress(
        locked, END, shut | {"do": "show"}, {"do": "grant", "id": 7}, options={"key": KEY}, grant="1.2.3.f"
    )
    assert done["shown"] == ["<p>The text.</p>", "{}"]
    members = [{"do": "meta", "id": 7, "key": "members_only", "value": "1"}, save(), END]
    done = wordpress(
        *members,
        {"user": 3, "do": "show"},
        {"do": "grant", "id": 7},
        {"user": 0, "do": "grant", "id": 7},
        options={"key": KEY},
        grant="1.2.3.f",
    )
    renew = "/wp-admin/admin-ajax.php?action=listen_to_the_article_grant&amp;post=7"
    assert f'<article-audio site="gazette" article="7" renew="{renew}">' in done["shown"][1]
    assert done["shown"][2:] == ['{"grant":"1.2.3.f"}', "{}"]
    (asked,) = done["granted"]
    assert asked["url"] == "https://audio.example/v1/articles/gazette/7/grants"
    assert asked["headers"]["Authorization"] == f"Bearer {KEY}"
    without_key = wordpress(*members, open_ | {"user": 3, "do": "show"}, {"do": "grant", "id": 7}, grant="1.2.3.f")
    assert without_key["shown"] == ["<p>The text.</p>", "{}"]


# --- Editors ---


def test_editors_see_that_a_draft_is_still_heard_and_can_send_it_again() -> None:
    summary = {"user": 1, "do": "summary", "id": 7}
    done = wordpress(save(), END, summary, {"service": 401}, {"do": "save", "post": DRAFT}, END, summary)
    fine, wrong = done["shown"]
    assert "Delivered 2 mins ago." in fine
    assert "Still to be heard" in wrong
    assert "The secret is wrong" in wrong
    assert "_wpnonce=n" in wrong
    assert "Send again" not in wordpress(save(), END, summary | {"user": 0})["shown"][0]


def test_settings_are_checked_and_the_secret_is_never_shown() -> None:
    fine = {"address": ADDRESS.replace("audio", "other"), "secret": "", "site": "a<b>c", "types": "post, news"}
    wrong = {"address": "javascript:alert(1)", "secret": "short", "site": "x", "types": "", "key": "ltk_x"}
    done = wordpress({"do": "settings"}, {"do": "check", "given": fine}, {"do": "check", "given": wrong})
    assert SECRET not in done["shown"][0]
    assert "_wpnonce" in done["shown"][0]
    kept, refused = done["checked"]
    assert kept == {"address": fine["address"], "site": "ac", "types": "post, news", "secret": SECRET, "key": ""}
    assert (refused["secret"], refused["address"]) == (SECRET, ADDRESS)
    assert sorted(error[0] for error in done["errors"]) == ["address", "key", "secret"]


@pytest.mark.parametrize(
    ("service", "answers", "words"),
    [
        (202, {"site": "gazette"}, ""),
        (202, {"site": "herald"}, 'belong to the site "herald"'),
        (401, {}, "The secret is wrong"),
        (404, {}, "no such webhook address"),
        (301, {}, "leads elsewhere"),
        (0, {}, "does not answer: timed out"),
    ],
)
def test_the_line_is_tested_when_settings_are_saved(service: int, answers: dict[str, str], words: str) -> None:
    steps = [{"service": service, "user": 1}, {"do": "test"}, {"do": "notices"}, {"do": "settings"}]
    done = wordpress(*steps, answers=answers, clips={"clips": []}, allow="https://gazette.example")
    errors = [text for _, kind, text in done["errors"] if kind == "error"]
    assert bool(errors) == bool(words)
    notice, page = (shown.replace("&quot;", '"') for shown in done["shown"])
    assert (words in notice, words in page) == (True, True)
    assert bool(notice) == bool(words)


def test_every_text_of_the_plugin_is_there_in_every_language() -> None:
    folder = PLUGIN.with_suffix("")
    said = {
        text.replace("\\'", "'")
        for path in folder.glob("*.php")
        for text in re.findall(r"\bsay\(\s*'((?:[^'\\]|\\.)*)'", path.read_text("utf-8"))
    }
    for language in ("de", "es", "fr", "it"):
        code = f"define('ABSPATH', 1); echo json_encode(require '{folder}/words/{language}.php');"
        words = json.loads(subprocess.run(["php", "-r", code], capture_output=True, text=True, check=True).stdout)
        assert set(words) == said
        for english, text in words.items():
            assert sorted(set(re.findall(r"%\S*?[ds]", text))) == sorted(set(re.findall(r"%\S*?[ds]", english)))


def test_the_test_names_the_origin_that_the_service_lacks() -> None:
    done = wordpress({"do": "test"}, answers={"site": "gazette"}, clips={"clips": []})
    assert "tts-service sites origins gazette https://gazette.example" in " ".join(
        text for _, _, text in done["errors"]
    )
