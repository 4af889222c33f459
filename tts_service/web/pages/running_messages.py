"""What the page Running says about parts that are down. As monitoring/ writes it."""

from __future__ import annotations

from tts_service.web.languages import gettext_noop

RUNNING_MESSAGES = (
    gettext_noop(
        "The broker doesn't respond: start it, or check TTS_BROKER_URL; until then, jobs wait in the database."
    ),
    gettext_noop("Beat was never seen: start `tts-service beat`, or look at its log; nothing is retried until then."),
    gettext_noop(
        "Beat was last seen {time} ago: start `tts-service beat`, or look at its log; nothing is retried until then."
    ),
    gettext_noop(
        "No worker takes the jobs of queue {queue}; one has been due for {time}: start `tts-service worker`, or look "
        "at its log."
    ),
    gettext_noop("No worker is running: start `tts-service worker`, or look at its log; until then, articles wait."),
    gettext_noop(
        "No worker for callbacks is running: start `tts-service worker --queues callbacks`; until then, publishers, "
        "CMSs and feeds aren't called."
    ),
    gettext_noop(
        "A job of queue {queue} has been due for {time} although workers are at work: add workers, or see what keeps "
        "them."
    ),
    gettext_noop("{free} MB are free; workers take no jobs below TTS_MIN_FREE_MB={least}: free some space."),
    gettext_noop("{free} MB are free; workers take no jobs below TTS_MIN_FREE_MB={least}."),
    gettext_noop(
        "The store doesn't take and return files ({reason}): check TTS_STORE_URL and its permissions; until it does, "
        "jobs wait."
    ),
    gettext_noop(
        "The store has no owner, and most of its objects are unknown to this database: nothing that it doesn't know is "
        "deleted. Check TTS_DATABASE_URL and TTS_STORE_URL. If both are right, run `tts-service prune --adopt`, which "
        "says first what would be deleted."
    ),
    gettext_noop(
        "The store belongs to another installation: no job is worked on here, and nothing is deleted from it. Set "
        "TTS_STORE_URL to a store of this installation's own, or take this one over with `tts-service prune --adopt`: "
        "it says first what would be deleted."
    ),
    gettext_noop("The database took {ms} ms to answer: look at its load and its disk."),
    gettext_noop("{count} articles failed within an hour: see below why."),
    gettext_noop("{host} gets no callbacks ({reason}): repair it, then run `tts-service callbacks change {id} --on`."),
)
