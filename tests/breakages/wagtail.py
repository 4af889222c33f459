"""Breakages of the Wagtail app: what is told of a page, when, and to whom its player is shown."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

APP, SITE = "samples/wagtail/listen_to_the_article", "tests/slow/test_wagtail_app.py::test_scenario"
LINE = "tests/samples/test_wagtail_line.py"
BREAKAGES = (
    Breakage(
        name="a Wagtail page that isn't live is told with its text",
        file=f"{APP}/state.py",
        old="    url = page.full_url if is_online(page, as_of) else None\n",
        new="    url = page.full_url\n",
        test=f"{SITE}[delivering.a_retry_tells_the_state_of_its_own_moment]",
    ),
    Breakage(
        name="a private Wagtail page is told with its text",
        file=f"{APP}/state.py",
        old='    if visibility != PUBLIC and not setting.text("LISTEN_KEY"):',
        new="    if not visibility:",
        test=f"{SITE}[privacy.closing_a_page_takes_effect_at_once_both_ways]",
    ),
    Breakage(
        name="a closed section in Wagtail closes only its own page",
        file=f"{APP}/receivers.py",
        old="        mark(below(page), closes=True, ahead=ahead)",
        new="        mark([page.pk], closes=True, ahead=ahead)",
        test=f"{SITE}[privacy.closing_a_section_closes_all_below_it_with_few_queries]",
    ),
    Breakage(
        name="a Wagtail page moved below a closed one stays open",
        file=f"{APP}/receivers.py",
        old="        (post_page_move, page_moved, None),\n",
        new="",
        test=f"{SITE}[privacy.moving_a_section_moves_all_below_it]",
    ),
    Breakage(
        name="a delivery of Wagtail that failed is forgotten",
        file=f"{APP}/line.py",
        old="        return 200 <= self.status < 300",
        new="        return self.status > 0",
        test=f"{SITE}[delivering.only_a_2xx_counts_and_the_reason_is_kept]",
    ),
    Breakage(
        name="a change during a delivery of Wagtail is forgotten",
        file=f"{APP}/sending.py",
        old="        if not PendingPage.objects.filter(page_id=page_id, mark=row.mark).delete()[0]:",
        new="        if not PendingPage.objects.filter(page_id=page_id).delete()[0]:",
        test=f"{SITE}[delivering.a_change_during_a_delivery_is_told_too]",
    ),
    Breakage(
        name="the moment of reading is taken after the reading",
        file=f"{APP}/sending.py",
        old="    body = state.message(told_before",
        new="    object.__setattr__(state, 'as_of', timezone.now())\n    body = state.message(told_before",
        test=f"{SITE}[delivering.a_reading_bears_the_moment_before_it]",
    ),
    Breakage(
        name="a command of Wagtail ends without its deliveries",
        file=f"{APP}/wake.py",
        old="                atexit.register(_send_before_exit)\n",
        new="",
        test="tests/slow/test_wagtail_app.py::test_publish_scheduled_tells_of_every_page_before_it_ends",
    ),
    Breakage(
        name="Wagtail's blocks are rendered with field names and addresses",
        file=f"{APP}/blocks_text.py",
        old="    if isinstance(block, BaseStructBlock):\n        return _struct(block, value, context)\n",
        new="",
        test=f"{SITE}[texts.a_struct_block_without_a_template_speaks_its_texts_alone]",
    ),
    Breakage(
        name="Wagtail's text is rendered without a reader",
        file=f"{APP}/article_text.py",
        old='        context = {"page": page, "self": page, "request": request, "user": request.user}',
        new="        editor = type('Editor', (), {'is_authenticated': True, 'username': 'editor'})()\n"
        "        request.user = page.owner or editor\n"
        '        context = {"page": page, "self": page, "request": request, "user": request.user}',
        test=f"{SITE}[texts.a_block_with_a_template_is_rendered_as_for_nobody]",
    ),
    Breakage(
        name="Wagtail's player stands in listings too",
        file=f"{APP}/templatetags/listen.py",
        old="    if asked == own:\n        return True\n",
        new="    return True\n",
        test=f"{SITE}[player.never_in_listings_feeds_and_previews]",
    ),
    Breakage(
        name="whoever sees the template gets a grant",
        file=f"{APP}/templatetags/listen.py",
        old="    if not all(restriction.accept_request(request) for restriction in restrictions):\n"
        "        return False\n",
        new="",
        test=f"{SITE}[player.a_private_page_asks_for_a_grant_for_who_may_read_it]",
    ),
    Breakage(
        name="every page of Wagtail asks a service that doesn't answer",
        file=f"{APP}/lookup.py",
        old='        cache.set("listen:rest", True, REST_S)\n',
        new="",
        test=f"{SITE}[player.a_stopped_service_costs_one_moment_for_the_whole_site]",
    ),
    Breakage(
        name="a redirected delivery counts as delivered",
        file=f"{APP}/line.py",
        old="    opener = urllib.request.build_opener(_NoRedirects)",
        new="    opener = urllib.request.build_opener()",
        test=f"{LINE}::test_a_redirect_is_no_delivery",
    ),
    Breakage(
        name="identifiers in Wagtail's blocks are spoken",
        file=f"{APP}/wording.py",
        old=" or _is_identifier(value))",
        new=")",
        test=f"{LINE}::test_addresses_and_identifiers_are_no_words",
    ),
)
