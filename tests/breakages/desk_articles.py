"""Breakages of the desk's articles: holding before publishing, rules for recurring blocks."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

RELEASE, RULES = "tests/jobs/test_release.py", "tests/corrections/test_block_rules.py"
AS_CORRECTIONS = "tests/corrections/test_rule_corrections.py"
BREAKAGES = (
    Breakage(
        name="a held clip is heard",
        file="tts_service/web/reading.py",
        old="    kept_back = clip.current_revision is None and is_kept_back(session, article, revision)\n",
        new="    kept_back = False\n",
        test=f"{RELEASE}::test_a_first_version_is_heard_by_nobody_before_it_is_released",
    ),
    Breakage(
        name="a held version is heard live while it is made",
        file="tts_service/jobs/publish.py",
        old='_UNFINISHED = ("rendering", "failed")',
        new="_UNFINISHED = ()",
        test=f"{RELEASE}::test_the_earlier_version_is_heard_until_the_new_one_is_released",
    ),
    Breakage(
        name="a withdrawn clip comes back released",
        file="tts_service/jobs/revisions.py",
        old="    if revision.ready_ms is None:\n",
        new="    if False:\n",
        test=f"{RELEASE}::test_what_was_never_released_does_not_come_back_released",
    ),
    Breakage(
        name="a rule also applies to blocks that merely begin with its text",
        file="tts_service/values/speech_policy.py",
        old="        return found.startswith(own) if self.begins else found == own",
        new="        return found.startswith(own)",
        test=f"{RULES}::test_a_rule_means_the_whole_block_unless_it_says_otherwise",
    ),
    Breakage(
        name="the impact of a rule counts blocks that stay as they are",
        file="tts_service/corrections/impact/block_rules.py",
        old="        if changes:\n",
        new="        if True:\n",
        test=f"{RULES}::TestImpact::test_a_rule_for_another_kind_or_the_present_treatment_changes_nothing",
    ),
    Breakage(
        name="a rule that is accepted beside another one doesn't look at the clips again",
        file="tts_service/corrections/accept_rule.py",
        old=".rules != seen:",
        new=".rules != seen and False:",
        test=f"{AS_CORRECTIONS}::test_two_rules_at_once_are_both_kept_and_carried_out",
    ),
    Breakage(
        name="erasing an article deletes a site's rule corrections with it",
        file="tts_service/retention/article_lexicon.py",
        old="one.kind in OF_ONE_ARTICLE or",
        new='one.kind != "lexicon" or',
        test=f"{AS_CORRECTIONS}::test_an_erased_article_takes_its_clip_along_and_the_correction_goes_on",
    ),
)
