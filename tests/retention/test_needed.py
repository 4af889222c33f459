"""What stays however old it is: each reason alone, on facts without a database."""

from __future__ import annotations

from dataclasses import replace

from tts_service.retention.needed import ClipRecord, JobFacts, RevisionFacts, needed_revisions, verdict_on
from tts_service.values.site_options import USUAL

LONG_AGO, NOW = 1, 10 * 365 * 86_400_000


def revision(number: int, state: str = "ready") -> RevisionFacts:
    return RevisionFacts(clip_id="c", revision=number, state=state, live_kept=False, unneeded_ms=LONG_AGO)


def job(number: int, state: str = "succeeded", copies: int | None = None, source: int | None = None) -> JobFacts:
    return JobFacts(
        clip_id="c",
        id=f"job_{number}",
        revision=number,
        text_id=f"t{number}",
        state=state,
        finished_ms=LONG_AGO,
        from_revision=copies,
        from_source=source,
        awaited=False,
    )


CLIP = ClipRecord(
    id="c",
    site="s",
    state="ready",
    current=5,
    revisions=tuple(revision(number) for number in range(1, 6)),
    jobs=tuple(job(number) for number in range(1, 6)),
    texts=tuple(f"t{number}" for number in range(1, 6)),
    wanted=frozenset(),
)


def kept(clip: ClipRecord, least: int = 0) -> set[int]:
    gone = verdict_on(clip, replace(USUAL, keep_revisions=least), NOW).gone
    assert not needed_revisions(clip, least) & set(gone)
    return {one.revision for one in clip.revisions} - set(gone)


def test_only_the_current_version_stays_for_ever() -> None:
    assert kept(CLIP) == {5}


def test_the_version_that_is_heard_stays_where_newer_ones_failed() -> None:
    failed = tuple(replace(one, state="failed") if one.revision > 3 else one for one in CLIP.revisions)

    assert 3 in kept(replace(CLIP, current=3, revisions=failed))


def test_what_an_open_report_or_correction_is_about_stays() -> None:
    assert kept(replace(CLIP, wanted=frozenset({2}))) == {2, 5}


def test_a_version_that_is_held_stays() -> None:
    held = tuple(replace(one, state="held") if one.revision == 4 else one for one in CLIP.revisions)

    assert kept(replace(CLIP, revisions=held)) == {4, 5}


def test_a_running_job_keeps_its_version_and_the_one_that_it_copies_from() -> None:
    jobs = (*CLIP.jobs[:-1], job(4, "running", copies=3, source=1))

    assert kept(replace(CLIP, jobs=jobs)) == {1, 3, 4, 5}


def test_as_many_earlier_versions_stay_as_the_site_says() -> None:
    assert kept(CLIP, least=2) == {3, 4, 5}


def test_of_a_withdrawn_clip_everything_goes_in_time() -> None:
    assert kept(replace(CLIP, state="withdrawn")) == set()


def test_a_version_that_just_ceased_to_be_needed_stays_for_the_sites_days() -> None:
    fresh = tuple(replace(one, unneeded_ms=NOW - 89 * 86_400_000) for one in CLIP.revisions)
    days_91 = tuple(replace(one, unneeded_ms=NOW - 91 * 86_400_000) for one in CLIP.revisions)

    assert kept(replace(CLIP, revisions=fresh)) == {1, 2, 3, 4, 5}
    assert kept(replace(CLIP, revisions=days_91)) == {5}
