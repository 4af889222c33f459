"""What issue 8 asks of WordPress, looked at on a real site: `python -m tests.measure.cms.wordpress_points [VERSION]`.

A stand-in for the service keeps what arrives, so that no audio is needed; `make closed` listens to the audio itself.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.measure.cms import wordpress
from tests.measure.cms.driver import Posted
from tests.measure.cms.wordpress import SITE_PARTS, WordPress
from tests.measure.cms.wordpress_listener import Listener, listening

_TEXT = "<p>The ferry runs again.</p>"
_BLOCKS = """<!-- wp:loginout /--><!-- wp:categories /--><!-- wp:archives /--><!-- wp:calendar /-->
<!-- wp:latest-posts /--><!-- wp:tag-cloud /--><!-- wp:search {"label":"Search"} /-->
<!-- wp:post-author /--><!-- wp:post-date /-->
<!-- wp:paragraph --><p>The ferry runs again.</p><!-- /wp:paragraph -->
<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>The ferry runs again.</p></blockquote></figure>
<!-- /wp:pullquote -->
<!-- wp:preformatted --><pre class="wp-block-preformatted">Departs at nine.</pre><!-- /wp:preformatted -->
<!-- wp:verse --><pre class="wp-block-verse">The tide, the tide.</pre><!-- /wp:verse -->
[members]Members also read this.[/members]"""
_EXPECTED = (
    '<p>The ferry runs again.</p><pre class="wp-block-preformatted">Departs at nine.</pre>'
    '<pre class="wp-block-verse">The tide, the tide.</pre>'
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A site and what hears it."""

    cms: WordPress
    heard: Listener

    def quiet(self) -> None:
        """Everything that waits has been sent, and is forgotten here."""
        self.cms.run_queue()
        self.heard.clear()

    def published(self, title: str = "Ferry", text: str = _TEXT) -> Posted:
        post = self.cms.publish(title, text)
        self.heard.until(post.id, "published")
        self.quiet()
        return post


def expect(found: object, wanted: object) -> None:
    if found != wanted:
        raise AssertionError(f"{found!r} instead of {wanted!r}")


def retry_tells_the_state(desk: Desk) -> None:
    """a draft's text is never sent by a retry"""
    desk.heard.status = 503
    post = desk.cms.publish("Ferry", "<p>Not to be heard.</p>")
    desk.cms.run_queue()
    desk.cms.put(post, "draft")
    desk.heard.status = 202
    desk.heard.clear()
    desk.cms.run_queue()
    desk.heard.until(post.id, "unpublished")
    expect("Not to be heard" in json.dumps(desk.heard.received), False)
    expect(len(desk.heard.ids), len(set(desk.heard.ids)))


def every_way_counts(desk: Desk) -> None:
    """quick edit, bulk edit, trash from the list, scheduling and SQL are noticed"""
    posts = [desk.published(f"Ferry {number}") for number in range(3)]
    first = posts[0].id
    _quick_edit(desk.cms, posts[0], _status="draft")
    desk.heard.until(first, "unpublished")
    desk.quiet()
    _quick_edit(desk.cms, posts[0], _status="publish", post_password="secret")
    desk.heard.until(first, "closed")
    _quick_edit(desk.cms, posts[0], _status="publish", post_password="")
    desk.heard.until(first, "published")
    desk.quiet()
    _bulk(desk.cms, posts[1:2], "edit", _status="private", bulk_edit="Update")
    desk.heard.until(posts[1].id, "unpublished")
    desk.quiet()
    _bulk(desk.cms, posts, "trash")
    for post in (posts[0], posts[2]):
        desk.heard.until(post.id, "unpublished")
    desk.cms.delete(posts[2])
    desk.heard.until(posts[2].id, "deleted")
    late = desk.published("Ferry by SQL")
    desk.cms.server.sql(f"UPDATE wp_posts SET post_status = 'draft' WHERE ID = {late.id}")
    desk.cms.run_daily()
    desk.heard.until(late.id, "unpublished")


def scheduled(desk: Desk) -> None:
    """a scheduled post is told when it is published, with its own time"""
    post = desk.published()
    desk.cms.put(post, "scheduled")
    desk.heard.until(post.id, "unpublished")
    desk.quiet()
    dates = "post_date = '2026-01-02 03:04:05', post_date_gmt = '2026-01-02 03:04:05'"
    desk.cms.server.sql(f"UPDATE wp_posts SET {dates} WHERE ID = {post.id}")
    desk.cms.run_queue()
    data = desk.heard.until(post.id, "published")["data"]
    expect((data["published_at"], data["id"]), ("2026-01-02T03:04:05Z", int(post.id)))


def text_of_nobody(desk: Desk) -> None:
    """the text is what an anonymous reader sees, without widgets and repetitions"""
    post = desk.cms.publish("Blocks", _BLOCKS)
    body = desk.heard.until(post.id, "published")
    expect(re.sub(r"\s*\n\s*", "", body["data"]["html"]).replace("<p></p>", ""), _EXPECTED)


def language(desk: Desk) -> None:
    """the language is the site's, not the editor's profile's"""
    sql = desk.cms.server.sql
    sql("INSERT INTO wp_options (option_name, option_value) VALUES ('WPLANG', 'de_DE')")
    sql("REPLACE INTO wp_usermeta (user_id, meta_key, meta_value) VALUES (1, 'locale', 'fr_FR')")
    if not (desk.cms.folder / "wp-content" / "languages" / "de_DE.mo").exists():
        sql("DELETE FROM wp_options WHERE option_name = 'WPLANG'")
        raise NotImplementedError("this build has no language files")
    try:
        answer = desk.cms.client.post(
            "/wp-json/wp/v2/posts?_locale=user", json={"title": "Fähre", "content": _TEXT, "status": "publish"}
        )
        expect(answer.status_code, 201)
        expect(desk.heard.until(str(answer.json()["id"]), "published")["data"]["language"], "de-DE")
    finally:
        sql("DELETE FROM wp_options WHERE option_name = 'WPLANG'")
        sql("DELETE FROM wp_usermeta WHERE meta_key = 'locale'")


def player_place(desk: Desk) -> None:
    """the player stands once above the article, and nowhere else"""
    target = desk.cms.folder / "wp-content" / "mu-plugins" / "descriptions.php"
    shutil.copy(SITE_PARTS / "descriptions.php", target)
    try:
        desk.published("Another")
        post = desk.published()
        with httpx.Client(base_url=desk.cms.url, timeout=30, trust_env=False) as reader:
            page = reader.get(post.url).text
            expect(page.count("<article-audio"), 1)
            expect(f'<article-audio site="gazette" article="{post.id}" url="{post.url}">' in page, True)
            expect(page.index("<article-audio") < page.rindex("The ferry runs again"), True)
            expect(page.count('<script type="module" async src='), 1)
            expect("Listen" in re.findall(r'og:description" content="([^"]*)"', page)[0], False)
            for path in ("/", "/feed/", "/?s=ferry", "/wp-json/wp/v2/posts", f"{post.url}embed/"):
                expect((path, "article-audio" in reader.get(path).text), (path, False))
    finally:
        target.unlink()


def editors_see_it(desk: Desk) -> None:
    """column, panel and settings page tell how it stands; a wrong secret or site can't be overlooked"""
    post = desk.published()
    with desk.cms.browser() as browser:
        expect("Send again" in browser.get("/wp-admin/edit.php").text, True)
        editor = browser.get(f"/wp-admin/post.php?post={post.id}&action=edit").text
        expect("listen-to-the-article-panel" in editor, True)
        link = re.search(r'href="([^"]*listen_to_the_article_send_again[^"]*)"', editor)
        assert link is not None
        browser.get(link[1].replace("&amp;", "&").replace("&#038;", "&"))
    desk.heard.until(post.id, "updated")
    address = desk.heard.address()
    fields = {"address": address.hook_url, "secret": address.secret, "site": address.site}
    wrong = {
        "secret is wrong": fields | {"secret": "whsec_" + "A" * 44},
        'site "gazette"': fields | {"site": "herald"},
        "no such webhook": fields | {"address": address.hook_url + "9"},
    }
    for words, entered in wrong.items():
        said = [text for kind, text in desk.cms.save_settings(**entered) if kind == "error"]
        expect((words, any(words in text for text in said)), (words, True))
        with desk.cms.browser() as browser:
            expect(words in browser.get("/wp-admin/edit.php").text.replace("&quot;", '"'), True)
    expect([kind for kind, _ in desk.cms.save_settings(**fields)].count("error"), 0)
    expect({kind for kind, _ in desk.cms.test_the_line()}, {"success"})


POINTS: tuple[tuple[str, Callable[[Desk], None]], ...] = (
    ("1", retry_tells_the_state),
    ("1", every_way_counts),
    ("2, 11", text_of_nobody),
    ("5", language),
    ("7", player_place),
    ("8", scheduled),
    ("9", editors_see_it),
)


def _quick_edit(cms: WordPress, post: Posted, **fields: str) -> None:
    with cms.browser() as browser:
        nonce = re.search(r'name="_inline_edit" value="(\w+)"', browser.get("/wp-admin/edit.php").text)
        assert nonce is not None
        data = {
            "action": "inline-save",
            "post_type": "post",
            "post_ID": post.id,
            "post_title": "Ferry",
            "_inline_edit": nonce[1],
            "edit_date": "true",
            "screen": "edit-post",
            "post_view": "list",
            "post_author": "1",
        }
        browser.post("/wp-admin/admin-ajax.php", data={**data, **fields}).raise_for_status()


def _bulk(cms: WordPress, posts: list[Posted], action: str, **fields: Any) -> None:
    with cms.browser() as browser:
        page = browser.get("/wp-admin/edit.php?post_status=all").text
        nonce = re.search(r'name="_wpnonce" value="(\w+)"', page)
        assert nonce is not None
        query = {
            "action": action,
            "_wpnonce": nonce[1],
            "post[]": [post.id for post in posts],
            "post_type": "post",
            **fields,
        }
        browser.get("/wp-admin/edit.php", params=query).raise_for_status()


def main(version: str = "") -> int:
    if reason := wordpress.missing(version):
        print(f"WordPress {version}: NOT RUN: {reason}")
        return 0
    wrong = 0
    with ExitStack() as stack:
        heard = stack.enter_context(listening())
        cms = stack.enter_context(wordpress.started(Path(tempfile.mkdtemp()) / "points", version))
        cms.connect(heard.address())
        for point, check in POINTS:
            desk = Desk(cms, heard)
            heard.status = 202
            desk.quiet()
            try:
                check(desk)
                result = "yes"
            except NotImplementedError as reason:
                result = f"NOT RUN: {reason}"
            except AssertionError as error:
                result, wrong = f"NO: {error}", wrong + 1
            print(f"WordPress {cms.version}  point {point:6} {check.__doc__}: {result}", flush=True)
        # WordPress 6.1 itself has deprecations on PHP 8.2; what matters is what our files cause.
        logs = [path.read_text("utf-8", "replace") for path in cms.server.folder.glob("*.log")]
        ours = [
            line for text in logs for line in text.splitlines() if "listen-to-the-article" in line and "PHP" in line
        ]
        print("PHP's log: " + ("\n".join(ours[:20]) or "nothing of ours"))
        wrong += bool(ours)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
