"""Breakages of checks: known articles looked at again."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

CHECKING, FEEDS = "tests/cms/checks/test_checking.py", "tests/cms/feeds/test_feeds.py"
BREAKAGES = (
    Breakage(
        name="gone is never checked",
        file="tts_service/cms/checks/turn.py",
        old="        verdicts[_checked(parts, outbound, robots, article_id, ask)] += 1\n",
        new='        verdicts["open"] += 1\n',
        test=f"{CHECKING}::TestWhatAPageSays::test_a_deleted_page_is_seen_twice_before_its_audio_goes",
    ),
    Breakage(
        name="one look at a page is enough",
        file="tts_service/cms/checks/verdicts.py",
        old="        if not answer.sure and (check.suspect",
        new="        if False and (check.suspect",
        test=f"{CHECKING}::TestWhatAPageSays::test_a_deleted_page_is_seen_twice_before_its_audio_goes",
    ),
    Breakage(
        name="a server in trouble says that an article is gone",
        file="tts_service/cms/checks/verdicts.py",
        old="        if answer.verdict is PageStanding.UNKNOWN:\n",
        new="        if False:\n",
        test=f"{CHECKING}::TestWhatAPageSays::test_trouble_says_nothing",
    ),
    Breakage(
        name="many closings raise no alarm",
        file="tts_service/cms/checks/verdicts.py",
        old="        row.alarm_ms = now\n",
        new="        pass\n",
        test=f"{CHECKING}::TestManyAtOnce::test_beyond_the_sites_share_they_are_closed_and_one_click_brings_them_back",
    ),
    Breakage(
        name="bringing back overrides what the CMS has said since",
        file="tts_service/cms/checks/verdicts.py",
        old='before.get("source_updated_ms") == article.source_updated_ms',
        new="True",
        test=f"{CHECKING}::TestManyAtOnce::test_what_the_cms_said_since_stands",
    ),
    Breakage(
        name="robots.txt is not read",
        file="tts_service/cms/checks/page.py",
        old="    if not robots.allow(url):\n",
        new="    if False:\n",
        test=f"{CHECKING}::TestManners::test_robots_txt_is_respected",
    ),
    Breakage(
        name="an article comes back with its old text",
        file="tts_service/cms/checks/restore.py",
        old="    if ours and same_text:\n",
        new="    if ours:\n",
        test=f"{CHECKING}::TestOpenAgain::test_an_article_that_comes_back_with_another_text_is_not_heard_with_its_old_one",
    ),
    Breakage(
        name="a members' text opens because its page answers",
        file="tts_service/cms/checks/restore.py",
        old="    if kept is not None and same_text:\n",
        new="    if kept is not None:\n",
        test=f"{CHECKING}::TestOpenAgain::test_a_members_text_that_the_page_does_not_show_stays_closed",
    ),
    Breakage(
        name="an API in trouble says that an article is gone",
        file="tts_service/cms/checks/cms_api.py",
        old="        return CheckAnswer(verdict=PageStanding.UNKNOWN, reason=error.message)\n",
        new="        return CheckAnswer(verdict=PageStanding.GONE, reason=error.message, sure=True)\n",
        test=f"{CHECKING}::TestTheApi::test_an_api_in_trouble_says_nothing",
    ),
    Breakage(
        name="a page replaces the text that a CMS sent",
        file="tts_service/cms/feeds/request.py",
        old="        if article is None or _made_of_page(session, article):\n",
        new="        if True:\n",
        test=f"{FEEDS}::TestWhatWasMissed::test_a_page_never_replaces_the_text_that_a_cms_sent",
    ),
    Breakage(
        name="an opening that came out of a cache is forgotten until the next round",
        file="tts_service/cms/checks/cms_api.py",
        old='sure=outcome.state != "outdated")',
        new="sure=True)",
        test=f"{CHECKING}::TestTheApi::test_an_opening_that_may_come_from_a_cache_is_asked_for_once_more",
    ),
    Breakage(
        name="another language that catch-up found stays after its end",
        file="tts_service/jobs/submit.py",
        old="        if row is not None and locale is not None:",
        new="        if row is None and locale is not None:",
        test=f"{CHECKING}::TestOpenAgain::test_another_language_of_an_article_read_from_its_page_is_checked",
    ),
    Breakage(
        name="a fault at one article ends the site's turn",
        file="tts_service/cms/checks/turn.py",
        old="    except Exception:  # a fault of ours",
        new="    except ValueError:  # a fault of ours",
        test="tests/cms/checks/test_checking.py::TestWhatAPageSays::test_a_fault_at_one_article_does_not_stop_the_next",
    ),
    Breakage(
        name="a fault at one found article ends the feed's turn",
        file="tts_service/cms/feeds/request.py",
        old="    except Exception as error:  # a fault of ours",
        new="    except ValueError as error:  # a fault of ours",
        test="tests/cms/feeds/test_turns.py::TestTurns::test_a_fault_at_one_article_does_not_stop_the_next",
    ),
)
