"""Breakages of the main job: article, jobs, audio, storage, live, web."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

SLICES, JOBS, RANGES = "tests/jobs/test_slices.py", "tests/jobs/test_jobs.py", "tests/web/test_ranges.py"

BREAKAGES = (
    Breakage(
        name="the last sentence is dropped",
        file="tts_service/narration/pipeline.py",
        old="    script = replace(script, lines=tuple(lines))",
        new="    script = replace(script, lines=tuple(lines[:-1]))",
        test=f"{SLICES}::test_the_clip_is_as_long_as_its_sentences",
    ),
    Breakage(
        name="two sentences are swapped",
        file="tts_service/audio/finish.py",
        old="    parts = ((sound_of(position), place.pause) for position, place in enumerate(order.planned))",
        new="    parts = ((sound_of(position ^ (position < 2)), place.pause) "
        "for position, place in enumerate(order.planned))",
        test=f"{SLICES}::test_an_article_becomes_a_clip",
    ),
    Breakage(
        name="a sentence is repeated",
        file="tts_service/audio/finish.py",
        old="    parts = ((sound_of(position), place.pause) for position, place in enumerate(order.planned))",
        new="    parts = ((sound_of(max(1, position)), place.pause) for position, place in enumerate(order.planned))",
        test=f"{SLICES}::test_an_article_becomes_a_clip",
    ),
    Breakage(
        name="marks are 200 ms late",
        file="tts_service/audio/captions.py",
        old="start_ms=round(start_ms + mark.start_ms),",
        new="start_ms=round(start_ms + mark.start_ms + 200),",
        test=f"{SLICES}::test_every_word_sounds_when_its_mark_says",
    ),
    Breakage(
        name="marks are spread evenly",
        file="tts_service/audio/captions.py",
        old="    for mark in marks_of(utterance, timed.words):",
        new="    for mark in marks_of(utterance, tuple(type(t)(start_ms=i * timed.length_ms / len(timed.words), "
        "end_ms=(i + 1) * timed.length_ms / len(timed.words)) for i, t in enumerate(timed.words))):",
        test=f"{SLICES}::test_every_word_sounds_when_its_mark_says",
    ),
    Breakage(
        name="a fade is skipped",
        file="tts_service/audio/assemble.py",
        old="        yield faded(pcm, sample_rate_hz)",
        new="        yield pcm",
        test=f"{SLICES}::test_every_join_is_faded",
    ),
    Breakage(
        name="the clip is 3 dB too loud",
        file="tts_service/narration/script.py",
        old="target_lufs=settings.loudness_lufs,",
        new="target_lufs=settings.loudness_lufs + 3,",
        test=f"{SLICES}::test_the_clip_is_at_the_loudness_target",
    ),
    Breakage(
        name="a segment's hash is not checked",
        file="tts_service/storage/segments.py",
        old=" or hashlib.sha256(body).digest() != digest",
        new="",
        test="tests/storage/test_segments.py",
    ),
    Breakage(
        name="the fence is not checked",
        file="tts_service/jobs/lease.py",
        old=", JobRow.fence == lease.fence)",
        new=")",
        test=f"{JOBS}::TestLease::test_a_late_worker_is_shut_out_by_the_fence",
    ),
    Breakage(
        name="a running job can be claimed again",
        file="tts_service/jobs/lease.py",
        old="            return None  # a message delivered twice",
        new="            pass",
        test=f"{JOBS}::TestLease::test_a_job_is_claimed_once",
    ),
    Breakage(
        name="the broker is told before the job is kept",
        file="tts_service/jobs/submit.py",
        old="        submitted = Submitted(job_id=job.id, created=known is None)",
        new="        parts.fill(order.wish.queue, 1)\n"
        "        submitted = Submitted(job_id=job.id, created=known is None)",
        test=f"{JOBS}::TestSubmit::test_the_broker_is_told_after_the_job_is_kept",
    ),
    Breakage(
        name="an embargo is not kept",
        file="tts_service/jobs/submit.py",
        old="    return max(now, int(article.publish_at.timestamp() * 1000)) if article.publish_at else None",
        new="    return None",
        test=f"{JOBS}::TestLease::test_an_embargoed_job_waits",
    ),
    Breakage(
        name="a range ends one byte early",
        file="tts_service/web/sound/ranges.py",
        old="min(size, int(last) + 1)",
        new="min(size, int(last))",
        test=f"{RANGES}::test_one_range_is_answered_with_exactly_its_bytes",
    ),
    Breakage(
        name="the ETag comes from the time",
        file="tts_service/web/sound/files.py",
        old="        return f'\"{self.rendition.sha256}\"'",
        new="        return f'\"{self.ready_ms}\"'",
        test=f"{RANGES}::test_the_etag_is_the_files_sha256_on_every_replica",
    ),
    Breakage(
        name="live bytes differ after a takeover",
        file="tts_service/jobs/live.py",
        old="            self._byte = (line.live_start or 0) + (line.live_bytes or 0)",
        new="            self._byte = (line.live_start or 0) + (line.live_bytes or 0) + 1",
        test=f"{SLICES}::test_slices_give_the_same_live_bytes_as_one_turn",
    ),
    Breakage(
        name="a worker that takes over begins at a wrong place of the timeline",
        file="tts_service/jobs/live.py",
        old="            self._sample = (line.start_sample or 0) + line.samples + self._pause",
        new="            self._sample = (line.start_sample or 0) + line.samples",
        test=f"{SLICES}::test_slices_give_the_same_live_bytes_as_one_turn",
    ),
    Breakage(
        name="a skipped block loses its reason",
        file="tts_service/article/account.py",
        old="if block.spoken and not as_text else block.skip_reason,",
        new="if block.spoken and not as_text else None,",
        test=f"{SLICES}::test_a_text_with_nothing_to_speak_ends_with_the_account",
    ),
    Breakage(
        name="a sentence that kills gets a fourth try",
        file="tts_service/narration/pipeline.py",
        old="            if deaths < DEATHS_ALLOWED:",
        new="            if deaths <= DEATHS_ALLOWED:",
        test=f"{SLICES}::test_a_sentence_that_kills_the_engine_ends_its_own_job_only",
    ),
    Breakage(
        name="the same article is rendered again",
        file="tts_service/jobs/submit.py",
        old='        if job is None or job.state not in ("queued", "running", "succeeded"):',
        new="        if job is None or job.state:",
        test=f"{JOBS}::TestSubmit::test_the_same_article_again_is_the_same_job",
    ),
    Breakage(
        name="a key's scope is not checked",
        file="tts_service/web/auth.py",
        old="        if scope not in found.scopes:",
        new="        if not found.scopes:",
        test="tests/web/test_jobs.py::test_a_key_does_only_what_its_scopes_say",
    ),
    Breakage(
        name="one site may take every turn",
        file="tts_service/queue/turns.py",
        old="order_by(func.coalesce(QueueTurnRow.taken_ms, 0), party)",
        new="order_by(party)",
        test=f"{JOBS}::TestTurns::test_sites_take_turns_whatever_each_has_waiting",
    ),
    Breakage(
        name="progress begins anew with each writing",
        file="tts_service/jobs/live.py",
        old="done=JobRow.done + len(rows)",
        new="done=len(rows)",
        test="tests/jobs/test_slices.py::test_progress_only_grows",
    ),
)
