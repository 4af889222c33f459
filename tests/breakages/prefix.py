"""Breakages of the service's own addresses, of HEAD, of bodies, of forms and of where it listens."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

PREFIX, CRAWL = "tests/web/test_prefix.py", "test_every_address_the_service_gives_away_is_below_its_public_url"
BREAKAGES = (
    Breakage(
        name="root path hard-coded in headers",
        file="tts_service/web/doors/paths.py",
        old='            return name, self.prefix.encode("ascii") + value\n',
        new="            return name, value\n",
        test=f"{PREFIX}::test_an_article_is_taken_with_a_slash_too_many",
    ),
    Breakage(
        name="root path hard-coded in pages",
        file="tts_service/web/pages/templating.py",
        old='"at": path_prefix(request.app.state.parts.settings),',
        new='"at": "",',
        test=f"{PREFIX}::{CRAWL}[strips]",
    ),
    Breakage(
        name="root path hard-coded in one template",
        file="tts_service/web/templates/player.html",
        old='<a href="{{ at }}/about/',
        new='<a href="/about/',
        test=f"{PREFIX}::{CRAWL}[keeps]",
    ),
    Breakage(
        name="a proxy that keeps the path is not understood",
        file="tts_service/web/doors/paths.py",
        old='        return cut if not own or self._known({**scope, "path": cut}) else None\n',
        new="        return None\n",
        test=f"{PREFIX}::test_the_path_may_look_like_one_of_ours[https://news.example/v1/tts]",
    ),
    Breakage(
        name="a slash too many leads elsewhere",
        file="tts_service/web/doors/paths.py",
        old='            found["path"] = bare',
        new='            found["path"] = path',
        test=f"{PREFIX}::test_an_article_is_taken_with_a_slash_too_many",
    ),
    Breakage(
        name="the session's cookie goes to every service of the host",
        file="tts_service/web/cookies.py",
        old='        max_age=max_age,\n        path=path_prefix(settings) or "/",',
        new='        max_age=max_age,\n        path="/",',
        test=f"{PREFIX}::test_staff_sign_in_and_decide_below_the_path[strips]",
    ),
    Breakage(
        name="a webhook's signed address lacks the public URL's path",
        file="tts_service/web/api/webhooks.py",
        old="    path = public_path(parts.settings, path)\n",
        new="",
        test=f"{PREFIX}::test_a_webhook_is_signed_with_the_address_that_was_called[strips]",
    ),
    Breakage(
        name="the printed address is none",
        file="tts_service/settings.py",
        old="        host = _OWN_ADDRESS.get(self.host, self.host)\n",
        new="        host = self.host\n",
        test="tests/listeners/test_listening_address.py::test_the_printed_address_can_be_used[::-http://[::1]:8000]",
    ),
    Breakage(
        name="passwords travel in the clear to a service on every network",
        file="tts_service/web/staff/session.py",
        old="if settings.public_url else settings.host\n",
        new='if settings.public_url else "127.0.0.1"\n',
        test="tests/listeners/test_listening_address.py::test_what_listens_on_every_network_lets_nobody_sign_in_in_the_clear",
    ),
    Breakage(
        name="HEAD is there where somebody thought of it",
        file="tts_service/web/app.py",
        old="    app.add_middleware(HeadAsGet, routes=app.routes)\n",
        new="",
        test="tests/web/test_head.py::test_every_get_has_a_head",
    ),
    Breakage(
        name="JSON in UTF-16 is read",
        file="tts_service/web/doors/bodies.py",
        old="        elif is_json and (",
        new="        elif not is_json and (",
        test="tests/values/test_media_types.py::test_json_that_is_no_utf_8_is_refused",
    ),
    Breakage(
        name="a line break counts twice in a form",
        file="tts_service/web/forms.py",
        old='value.replace("\\r\\n", "\\n")',
        new="value",
        test="tests/web/test_page_messages.py::test_a_line_break_counts_once_in_a_form",
    ),
    Breakage(
        name="a message shows a regular expression",
        file="tts_service/errors/faults.py",
        old='    if fault["type"] == "string_pattern_mismatch":\n'
        '        return _EXPECTED.get(fault["ctx"]["pattern"], _NOT_AS_WRITTEN)\n',
        new="",
        test="tests/web/test_page_messages.py::test_programs_are_told_no_patterns_either",
    ),
    Breakage(
        name="a region within another has its name",
        file="tts_service/web/templates/about.html",
        old='aria-label="{{ _("Parts that are not read") }}"',
        new='aria-labelledby="account"',
        test="tests/web/test_page_messages.py::test_every_region_has_a_name_of_its_own",
    ),
)
