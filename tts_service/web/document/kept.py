"""Answers that several routes make: audio and its ranges, texts, redirects."""

from __future__ import annotations

from tts_service.web.document.declare import Bytes, Reply, TextBody
from tts_service.web.document.models import JobEvent, Marks, PodcastChapters

_AUDIO = {"audio/mpeg": Bytes(), "audio/mp4": Bytes(), "audio/ogg": Bytes()}
_LENGTHS = {"Accept-Ranges": "`bytes`", "Content-Length": "Bytes that follow"}
_TAGGED = {"ETag": "SHA-256 of the file", "Last-Modified": "When it was finished", "Cache-Control": "How long it keeps"}
_PART = {"Content-Range": "Which bytes these are, and of how many"}
NOWHERE = Reply(status=416, says="There are no such bytes.", headers=_PART)

FINISHED_AUDIO = (
    Reply(status=200, says="The whole file.", content=_AUDIO, headers=_LENGTHS | _TAGGED),
    Reply(
        status=206,
        says="The bytes asked for by `Range`.",
        headers=_PART | _TAGGED,
        content={**_AUDIO, "multipart/byteranges": Bytes()},
    ),
    Reply(status=302, says="The same file at the CDN or the store.", headers={"Location": "Where it is"}),
    Reply(status=304, says="You have it already.", headers=_TAGGED),
    Reply(status=412, says="It isn't the file you named by `If-Match`.", headers=_TAGGED),
    NOWHERE,
)
LIVE_AUDIO = (
    Reply(
        status=200,
        says="The audio from its beginning; it ends when the rendering does.",
        content={"audio/mpeg": Bytes()},
        headers={"Content-Location": "With the revision's number"},
    ),
    Reply(
        status=206,
        says="The bytes asked for by `Range`, as far as they exist.",
        content={"audio/mpeg": Bytes()},
        headers=_PART,
    ),
    NOWHERE,
)
TO_AUDIO = Reply(status=302, says="Where the audio is now.", headers={"Location": "live.mp3 or a finished revision"})
MANIFEST = Reply(status=200, says="The manifest.", content={"application/c2pa": Bytes()})
CAPTIONS = Reply(
    status=200,
    says="WebVTT.",
    content={
        "text/vtt": TextBody(
            "WEBVTT\n\n00:00:00.900 --> 00:00:04.120\nThe harbour town of Elmsworth opened\nits new bridge on Monday.\n"
        )
    },
)
TRANSCRIPT = Reply(
    status=200,
    says="What is heard, a paragraph per block.",
    content={
        "text/plain": TextBody("New bridge opens\n\nThe harbour town of Elmsworth opened its new bridge on Monday.\n")
    },
)
MARKS = Reply(status=200, says="Times of sentences and words.", content={"application/json": Marks})
CHAPTERS = Reply(status=200, says="Chapters.", content={"application/json+chapters": PodcastChapters})
_ALREADY = Reply(status=304, says="You have it already.", headers=_TAGGED)
RSS = (
    Reply(
        status=200,
        says="RSS 2.0 with the podcast tags.",
        headers=_TAGGED,
        content={
            "application/rss+xml": TextBody(
                '<?xml version="1.0" encoding="UTF-8"?>\n'
                '<rss version="2.0"><channel><title>gazette</title></channel></rss>\n'
            )
        },
    ),
    _ALREADY,
)
OPML = (
    Reply(
        status=200,
        says="OPML 2.0.",
        headers=_TAGGED,
        content={
            "text/x-opml": TextBody(
                '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0"><head/><body/></opml>\n'
            )
        },
    ),
    _ALREADY,
)
METRICS = Reply(status=200, says="Counts.", content={"text/plain": TextBody('tts_jobs{state="queued"} 3\n')})
JOB_EVENTS = Reply(status=200, says="Events, each with the job as its data.", content={"text/event-stream": JobEvent})
PLS = TextBody(
    '<?xml version="1.0" encoding="UTF-8"?>\n<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/'
    'pronunciation-lexicon" alphabet="ipa" xml:lang="en">\n  <lexeme><grapheme>Holyrood</grapheme>'
    "<phoneme>ˈhɒlɪˌruːd</phoneme></lexeme>\n</lexicon>\n"
)
