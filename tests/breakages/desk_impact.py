"""Breakages of impact, trial and the index of words."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

CHANGES, WORDS, IMPACT, TRIAL = (
    "tests/speakable/test_changes.py",
    "tests/jobs/test_clip_words.py",
    "tests/corrections/test_impact.py",
    "tests/corrections/test_trial.py",
)
BREAKAGES = (
    Breakage(
        name="the impact list misses what joins a changed sentence",
        file="tts_service/speakable/changes.py",
        old="            first = self._speaking_before(cells, number)\n",
        new="            pass\n",
        test=f"{CHANGES}::test_an_entry_may_silence_a_sentence_or_give_one_a_voice",
    ),
    Breakage(
        name="the index forgets to follow a new revision",
        file="tts_service/jobs/publish.py",
        old="    if moved:\n        index_clip(session, job.clip_id)\n",
        new="    if moved:\n",
        test=f"{WORDS}::test_the_index_follows_what_happens_to_a_clip",
    ),
    Breakage(
        name="an excluded article changes all the same",
        file="tts_service/corrections/impact/proposal.py",
        old="            and article not in self.except_articles\n",
        new="",
        test=f"{IMPACT}::test_false_hits_are_excluded_by_the_proposal",
    ),
    Breakage(
        name="what sounds right already is spoken again",
        file="tts_service/corrections/impact/comparing.py",
        old="one in _inside(stored, change)] != [key_of(one, cast) for one in said]:\n",
        new="one in _inside(stored, change)] is not None:\n",
        test=f"{IMPACT}::test_what_sounds_right_already_is_left_alone_and_what_is_stale_is_not",
    ),
    Breakage(
        name="a trial speaks under a key that no clip has",
        file="tts_service/corrections/trials/trial.py",
        old="        segment, fresh = spoken(utterance, cast, parts.segments, engine)\n",
        new="        segment, fresh = spoken(replace(utterance, rate=1.001), cast, parts.segments, engine)\n",
        test=f"{TRIAL}::test_what_was_heard_is_what_is_published",
    ),
)
