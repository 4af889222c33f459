"""A real WordPress with our plugin, set up as docs/cms/wordpress.md says and driven as editors drive it.

WordPress 6.1 from Debian, or a newer build that npm carries (`started(folder, version="6.5")`), on nginx, PHP-FPM and
MariaDB. Posts are written through the REST API with an application password, as the block editor does.
"""

from __future__ import annotations

import html as html_module
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.measure.cms import wordpress_builds, wordpress_server
from tests.measure.cms.driver import Address, Posted, states_but
from tests.measure.cms.wordpress_server import Server
from tests.parts.places import ROOT

NAME = "wordpress"
SOURCE = "wordpress"
_REASONS = {
    "paid": "WordPress has no payers of its own; what a plugin says of them goes the way of members",
    "expired": "WordPress' posts don't expire",
    "parent closed": "WordPress' posts have no parents, and a page below a private page stays public",
    "locale removed": "each language version is a post of its own (WPML, Polylang): it is drafted or deleted",
}
PLUGIN = ROOT / "samples" / "wordpress"
SITE_PARTS = Path(__file__).parent / "wordpress_site"
_PASSWORD = "driver-" + secrets.token_hex(8)


def missing(version: str = "") -> str:
    """Why it can't run on this machine; empty: it can."""
    return "; ".join(filter(None, (wordpress_server.missing(), wordpress_builds.missing(version))))


@dataclass(slots=True)
class WordPress:
    """A running site."""

    server: Server
    folder: Path
    """WordPress' own."""
    version: str
    client: httpx.Client
    """Signed in by application password."""
    states: Mapping[str, str] = field(default_factory=lambda: states_but(_REASONS))
    hook_options: Mapping[str, str] = field(default_factory=dict)
    hook_fields: Mapping[str, str] = field(default_factory=dict)
    hook_types: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return self.server.url

    def install_plugin(self) -> None:
        """Step 3 of the guide."""
        target = self.folder / "wp-content" / "mu-plugins"
        shutil.copytree(PLUGIN, target, dirs_exist_ok=True)

    def connect(self, service: Address) -> None:
        """Steps 3 and 4 of the guide: copy the plugin, enter what `hooks add` printed, save. Raises RuntimeError when
        the page then says that the line doesn't work."""
        self.install_plugin()
        said = self.save_settings(address=service.hook_url, secret=service.secret, site=service.site, key=service.key)
        if wrong := [text for kind, text in said if kind == "error" and "tts-service sites origins" not in text]:
            raise RuntimeError(f"the settings page says: {wrong}")

    def save_settings(self, **fields: str) -> list[tuple[str, str]]:
        """Fill in the settings page as an administrator does; the messages it shows, as (kind, text)."""
        with self.browser() as browser:
            page = browser.get("/wp-admin/options-general.php?page=listen_to_the_article").text
            form = page[page.index('action="options.php"') :]
            hidden = dict(re.findall(r"name=[\"'](\w+)[\"'] value=[\"']([^\"']*)[\"']", form[: form.index("<table")]))
            given = {f"listen_to_the_article[{name}]": value for name, value in ({"types": "post"} | fields).items()}
            return _messages(browser.post("/wp-admin/options.php", data={**hidden, **given}, timeout=60).text)

    def test_the_line(self) -> list[tuple[str, str]]:
        """Press the button on the settings page; the messages it shows."""
        with self.browser() as browser:
            page = browser.get("/wp-admin/options-general.php?page=listen_to_the_article").text
            form = page[page.index("listen_to_the_article_test") :]
            found = re.search(r'name="_wpnonce" value="(\w+)"', form)
            assert found is not None
            data = {"action": "listen_to_the_article_test", "_wpnonce": found[1]}
            return _messages(browser.post("/wp-admin/admin-post.php", data=data, timeout=60).text)

    @contextmanager
    def browser(self) -> Iterator[httpx.Client]:
        """An administrator who has signed in with the form."""
        with httpx.Client(base_url=self.url, follow_redirects=True, timeout=30, trust_env=False) as client:
            client.get("/wp-login.php")
            client.post(
                "/wp-login.php", data={"log": "editor", "pwd": _PASSWORD, "wp-submit": "Log In", "testcookie": "1"}
            )
            yield client

    def publish(self, title: str, html: str) -> Posted:
        post = self._send("/wp/v2/posts", title=title, content=html, status="publish")
        return Posted(id=str(post["id"]), url=post["link"])

    def change(self, posted: Posted, html: str) -> None:
        self._send(f"/wp/v2/posts/{posted.id}", content=html)

    def put(self, posted: Posted, state: str) -> None:
        """Move the post there from wherever it is."""
        path = f"/wp/v2/posts/{posted.id}"
        if state == "trash":
            self._checked(self.client.delete(f"/wp-json{path}"))
            return
        fields: dict[str, Any] = {"status": "publish", "password": "", "meta": {"members_only": state == "members"}}
        if state in ("draft", "private"):
            fields["status"] = state
        elif state == "password":
            fields["password"] = "open-sesame"
        elif state == "scheduled":
            later = datetime.now(UTC) + timedelta(days=1)
            fields |= {"status": "future", "date_gmt": later.strftime("%Y-%m-%dT%H:%M:%S")}
        elif state == "public" and self._status(path) == "future":
            fields["date_gmt"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        self._send(path, **fields)

    def delete(self, posted: Posted) -> None:
        """For good."""
        self._checked(self.client.delete(f"/wp-json/wp/v2/posts/{posted.id}", params={"force": "true"}))

    def run_queue(self) -> None:
        self.server.php(SITE_PARTS / "run-queue.php", str(self.folder), self.url)

    def run_daily(self) -> None:
        """The daily comparison, and then the queue."""
        self.server.php(SITE_PARTS / "run-queue.php", str(self.folder), self.url, "daily")

    def _status(self, path: str) -> str:
        return str(self._checked(self.client.get(f"/wp-json{path}", params={"context": "edit"}))["status"])

    def _send(self, path: str, **fields: Any) -> Any:
        return self._checked(self.client.post(f"/wp-json{path}", json=fields))

    def _checked(self, answer: httpx.Response) -> Any:
        if answer.status_code >= 400:
            raise RuntimeError(f"WordPress answered {answer.status_code}: {answer.text[:500]}")
        return answer.json()


@contextmanager
def started(folder: Path, version: str = "") -> Iterator[WordPress]:
    """WordPress with an empty site in `folder`; stopped and removed at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    site = folder / "site"
    exact = wordpress_builds.lay_out(site, version)
    try:
        with wordpress_server.running(folder, site) as server:
            _configure(server, site)
            _install(server)
            (site / "wp-content" / "mu-plugins").mkdir(exist_ok=True)
            shutil.copy(SITE_PARTS / "members.php", site / "wp-content" / "mu-plugins" / "members.php")
            password = server.php(SITE_PARTS / "application-password.php", str(site))
            with httpx.Client(base_url=server.url, auth=("editor", password), timeout=30, trust_env=False) as client:
                yield WordPress(server=server, folder=site, version=exact, client=client)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(server: Server, site: Path) -> None:
    keys = "".join(
        f"define( '{name}_{kind}', '{secrets.token_hex(32)}' );\n"
        for name in ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE")
        for kind in ("KEY", "SALT")
    )
    (site / "wp-config.php").write_text(
        f"""<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:{server.socket}' );
define( 'DB_CHARSET', 'utf8mb4' );
{keys}
define( 'WP_ENVIRONMENT_TYPE', 'local' ); // Application passwords without TLS.
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', '{server.folder}/debug.log' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true ); // WordPress asks nobody for updates.
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1,localhost' );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
$table_prefix = 'wp_';
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
"""
    )


def _install(server: Server) -> None:
    """WordPress' own form for a new site."""
    form = {
        "weblog_title": "The Elmsworth Gazette",
        "user_name": "editor",
        "admin_password": _PASSWORD,
        "admin_password2": _PASSWORD,
        "pw_weak": "1",
        "admin_email": "editor@gazette.example",
        "blog_public": "1",
        "language": "",
    }
    with httpx.Client(base_url=server.url, timeout=120, trust_env=False) as client:
        answer = client.post("/wp-admin/install.php?step=2", data=form)
    if "wp-login.php" not in answer.text:
        raise RuntimeError(f"WordPress' installer said {answer.status_code}: {answer.text[-1500:]}")


def _messages(page: str) -> list[tuple[str, str]]:
    """What wp-admin tells at the top of a page: (error, warning, success or updated; text)."""
    found = re.findall(r"<div[^>]*class=['\"]notice notice-(\w+)[^>]*>(.*?)</div>", page, re.DOTALL)
    return [(kind, html_module.unescape(re.sub(r"<[^>]+>", "", text)).strip()) for kind, text in found]
