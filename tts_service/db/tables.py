"""The tables (SQLAlchemy 2): SQLite by default, PostgreSQL in production. Audio itself lies in the store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

JsonDict = dict[str, Any]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        JsonDict: JSON, list[Any]: JSON, int: BigInteger, str: Text, bytes: LargeBinary,
    }  # fmt: skip


class ApiKeyRow(Base):
    """A key of a CMS or a staff tool; the secret itself is shown once and never kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    secret_sha256: Mapped[str]
    name: Mapped[str]
    scopes: Mapped[str]
    """Comma-separated: jobs:write, jobs:read, reports, voices, sites, lexicon, callbacks."""
    site: Mapped[str | None]
    """Only this site's things; None: every site's."""
    created_ms: Mapped[int]
    expires_ms: Mapped[int | None]
    revoked_ms: Mapped[int | None]
    used_ms: Mapped[int | None]
    """Last used, to the minute."""
    follows: Mapped[str | None]
    """Id of the key whose place this one takes."""


class SiteRow(Base):
    """What is settled for one site. A site without a row is like any other."""

    __tablename__ = "sites"

    name: Mapped[str] = mapped_column(primary_key=True)
    policy: Mapped[JsonDict | None]
    """What its speech policy changes of the usual one (policy.SpeechPolicy); None: nothing."""
    origins: Mapped[list[Any] | None]
    """Origins of its pages, whose scripts may read clips and send feedback; None: none."""
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class ArticleRow(Base):
    """An article as a site names it; what it says lies in its revisions."""

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("site", "external_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str]
    external_id: Mapped[str]
    url: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str | None]
    withdrawn_ms: Mapped[int | None]
    source_updated_ms: Mapped[int | None]
    """The CMS's own time of the newest state known here; None: it never said one."""
    visibility: Mapped[str] = mapped_column(default="public")
    """`public`, or who else may read it (paid, members, password, …): then nothing is rendered for it."""
    created_ms: Mapped[int]


class ArticleRevisionRow(Base):
    """One received text of an article."""

    __tablename__ = "article_revisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), index=True)
    content_hash: Mapped[str]
    source: Mapped[str]
    source_format: Mapped[str]
    title: Mapped[str | None]
    author: Mapped[str | None]
    url: Mapped[str | None]
    language: Mapped[str | None]
    published_at: Mapped[str | None]
    created_ms: Mapped[int]


class JobRow(Base):
    """The queue of record. Only tts_service.jobs writes here, each change a compare-and-set."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_waiting", "state", "queue", "due_ms"),
        Index("ix_jobs_lease", "state", "lease_until_ms"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(index=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"))
    article_revision_id: Mapped[str] = mapped_column(ForeignKey("article_revisions.id"))
    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), index=True)
    revision: Mapped[int]
    """Clip revision this job makes."""
    live_key: Mapped[str | None] = mapped_column(unique=True)
    """Hash of the article and all else that decides what is heard; None once the job failed or was replaced."""
    natural_key: Mapped[str | None]
    """The same hash, kept: a withdrawn text that comes back is found by it. None: a job of an earlier version."""
    voice: Mapped[str | None]
    formats: Mapped[str]
    queue: Mapped[str]
    state: Mapped[str]
    """queued, running, succeeded, failed, cancelled, superseded."""
    waiting: Mapped[str | None]
    """Why a queued job doesn't go on: disk_full, retry."""
    due_ms: Mapped[int]
    """Not before this moment (embargo, retry)."""
    released_ms: Mapped[int | None]
    """When its id was last put on the broker; None: not since it was queued."""
    lease_owner: Mapped[str | None]
    lease_until_ms: Mapped[int | None]
    fence: Mapped[int] = mapped_column(default=0)
    """Counts claims; every write of a worker carries the fence it was given."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Failed or lost slices since the last spoken sentence."""
    slices: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    """Sentences; None until the text is prepared."""
    spoken: Mapped[int] = mapped_column(default=0)
    """Sentences an engine really spoke for this job (the rest came from the store)."""
    error: Mapped[JsonDict | None]
    callback_url: Mapped[str | None]
    created_ms: Mapped[int]
    started_ms: Mapped[int | None]
    finished_ms: Mapped[int | None]


class ClipRow(Base):
    """An article's clip; its audio lies in revisions."""

    __tablename__ = "clips"

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), unique=True)
    state: Mapped[str]
    """rendering, ready, withdrawn, failed."""
    current_revision: Mapped[int | None]
    """Newest finished revision."""
    last_revision: Mapped[int] = mapped_column(default=0)
    """Newest revision handed to a job."""
    created_ms: Mapped[int]


class ClipRevisionRow(Base):
    """One rendering of a clip: never changed once `state` is ready."""

    __tablename__ = "clip_revisions"

    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    """rendering, ready, failed."""
    title: Mapped[str]
    author: Mapped[str | None]
    url: Mapped[str | None]
    published_at: Mapped[str | None]
    language: Mapped[str]
    voice: Mapped[JsonDict]
    """The main voice, as it was when the revision was begun."""
    other_voices: Mapped[list[Any] | None]
    """Like `voice`: those who speak some of its sentences; None: nobody."""
    sample_rate_hz: Mapped[int]
    blocks: Mapped[list[Any]]
    """kind, text, language, spoken, skip_reason per block."""
    account: Mapped[list[Any]]
    """What was spoken and what was skipped, with reasons."""
    live_head_bytes: Mapped[int]
    live_end_bytes: Mapped[int | None]
    """Length of the last piece of live.mp3; None until everything is spoken."""
    duration_ms: Mapped[int | None]
    loudness_lufs: Mapped[float | None]
    true_peak_dbtp: Mapped[float | None]
    renditions: Mapped[list[Any] | None]
    provenance: Mapped[JsonDict | None]
    created_ms: Mapped[int]
    ready_ms: Mapped[int | None]


class UtteranceRow(Base):
    """A sentence of a clip revision: what is said, from where in the source, and when it sounds."""

    __tablename__ = "utterances"
    __table_args__ = (Index("ix_utterances_segment_key", "segment_key"),)

    clip_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    block: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    language: Mapped[str]
    voice: Mapped[str | None]
    """Id of the other voice that speaks it; None: the main voice."""
    rate: Mapped[float] = mapped_column(default=1.0)
    """Speed, 1.0 the voice's own."""
    pause_after_ms: Mapped[int]
    tokens: Mapped[list[Any]]
    segment_key: Mapped[str]
    deaths: Mapped[int] = mapped_column(default=0)
    """How often an engine died on it in this job."""
    samples: Mapped[int | None]
    """Length of its segment; None: not spoken yet."""
    start_sample: Mapped[int | None]
    """Its first sample in the clip."""
    words: Mapped[list[Any] | None]
    """[start_ms, end_ms] per spoken word within the segment."""
    live_start: Mapped[int | None]
    """First byte of its piece in live.mp3."""
    live_bytes: Mapped[int | None]
    live_piece: Mapped[str | None]
    """Store name of its piece; names carry the fence, so that a late worker never overwrites what was heard."""


class ReportRow(Base):
    """What a listener reported, at the word they heard."""

    __tablename__ = "reports"

    id: Mapped[str] = mapped_column(primary_key=True)
    """The reference shown to the listener."""
    site: Mapped[str] = mapped_column(index=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), index=True)
    revision: Mapped[int]
    position_ms: Mapped[int]
    utterance: Mapped[int | None]
    """Position of the sentence that was heard."""
    token: Mapped[int | None]
    """Index of the word in the sentence's tokens; None: somewhere here."""
    sentence: Mapped[str]
    voice: Mapped[str]
    category: Mapped[str]
    comment: Mapped[str]
    email: Mapped[str | None]
    state: Mapped[str]
    """new, confirmed, corrected, rejected."""
    note: Mapped[str]
    sender: Mapped[str | None]
    """Keyed hash of the sender's address, by a key that lives for a day; None: forgotten, or sent by no browser."""
    created_ms: Mapped[int] = mapped_column(index=True)
    updated_ms: Mapped[int]
    settled_ms: Mapped[int | None]
    """When it became corrected or rejected; None: open."""


class LexiconEntryRow(Base):
    """How written words are said, settled by an editor."""

    __tablename__ = "lexicon_entries"
    __table_args__ = (Index("ix_lexicon_entries_scope", "scope", "site", "article"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]
    """global, site, article."""
    site: Mapped[str | None]
    """None for scope global."""
    article: Mapped[str | None]
    """External id of the article; only for scope article."""
    language: Mapped[str]
    """BCP 47 tag; "en" serves "en-GB" too."""
    graphemes: Mapped[list[Any]]
    """Spellings, each of one or more words."""
    alias: Mapped[str | None]
    """Said instead, read by the language's rules; exactly one of alias and ipa is set."""
    ipa: Mapped[str | None]
    case_sensitive: Mapped[bool]
    note: Mapped[str]
    author: Mapped[str]
    """Who entered it: a key's id, a staff session's, "command line"."""
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class LexiconVersionRow(Base):
    """What a place's entries say, as one number: whoever only asks whether it changed needn't read them."""

    __tablename__ = "lexicon_versions"

    place: Mapped[str] = mapped_column(primary_key=True)
    """lexicon.Place.key."""
    version: Mapped[str]
    """Sum of the hashes of its entries, hexadecimal."""


class IdempotencyKeyRow(Base):
    """What an API key's request with an `Idempotency-Key` was answered: the same again for each repetition."""

    __tablename__ = "idempotency_keys"

    api_key: Mapped[str] = mapped_column(primary_key=True)
    """Id of the API key: two clients may choose the same words."""
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[str]
    """Of method, path and what the body means."""
    status: Mapped[int]
    headers: Mapped[JsonDict]
    body: Mapped[str]
    """As it was sent."""
    job_id: Mapped[str]
    created_ms: Mapped[int]
    expires_ms: Mapped[int] = mapped_column(index=True)


class SiteFeedRow(Base):
    """A feed or sitemap that is read again and again for what its site's webhooks missed."""

    __tablename__ = "site_feeds"
    __table_args__ = (UniqueConstraint("site", "url"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str]
    url: Mapped[str]
    etag: Mapped[str | None]
    """With `last_modified`: what the last whole answer said of itself, for the next question."""
    last_modified: Mapped[str | None]
    due_ms: Mapped[int] = mapped_column(index=True)
    """Read again at this moment."""
    taken_ms: Mapped[int | None]
    """Since when a worker has it; None: nobody has."""
    read_ms: Mapped[int | None]
    """When it was last read without an error."""
    tries: Mapped[int] = mapped_column(default=0)
    """Failed readings since then."""
    error: Mapped[str]
    """Why the last reading failed, in words; empty: it didn't."""
    told: Mapped[JsonDict]
    """What the last whole reading found: kind, entries, and how many of them were taken or left, and why."""
    created_ms: Mapped[int]


class FoundArticleRow(Base):
    """An address from a feed or an archive, and what became of it."""

    __tablename__ = "found_articles"
    __table_args__ = (Index("ix_found_articles_waiting", "site", "state", "due_ms"),)

    site: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    """The article's address; of one that came with its text, `id:` and its id."""
    found_in: Mapped[str]
    """Address of the feed, or name of the archive's list."""
    external_id: Mapped[str | None]
    """The CMS's id, where the feed tells it."""
    state: Mapped[str]
    """waiting, requested, known (was here already), failed."""
    reason: Mapped[str]
    """Why it failed or still waits, in words."""
    changed_ms: Mapped[int | None]
    """When it was last changed, as its feed says; None: it doesn't."""
    attempts: Mapped[int] = mapped_column(default=0)
    due_ms: Mapped[int]
    """Not before this moment."""
    article_id: Mapped[str | None]
    """The article that was made of it and that its CMS hasn't named yet; None: there is none."""
    job_id: Mapped[str | None]
    found_ms: Mapped[int]
    done_ms: Mapped[int | None]


class WebhookSourceRow(Base):
    """An address that a CMS calls."""

    __tablename__ = "webhook_sources"

    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    """Kind of CMS: a name of intake.registry."""
    site: Mapped[str]
    secret: Mapped[str]
    """In clear: a signature can't be checked with its hash."""
    options: Mapped[JsonDict]
    """What differs from the usual (intake.base.HookOptions)."""
    created_ms: Mapped[int]
    removed_ms: Mapped[int | None]


class CallbackEndpointRow(Base):
    """An address that hears of results; or a host that the `callback_url`s of a site's jobs lead to."""

    __tablename__ = "callback_endpoints"

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str | None] = mapped_column(index=True)
    """None: hears of every site."""
    url: Mapped[str]
    """The address that is called; of a jobs' host, the scheme, name and port of its addresses."""
    jobs_key: Mapped[str | None] = mapped_column(unique=True)
    """Of a jobs' host: site and url in one, so that there is one of it. None: it was entered."""
    events: Mapped[str]
    """Types of events it hears, separated by commas; empty: all."""
    note: Mapped[str]
    secret_owner: Mapped[str]
    """Whose secret signs: its own id, or `site:` and the site's name."""
    failures: Mapped[int] = mapped_column(default=0)
    """Failed tries since the last success (callbacks.next_try.Health, as the two below)."""
    failing_since_ms: Mapped[int | None]
    paused_until_ms: Mapped[int | None]
    disabled_ms: Mapped[int | None]
    disabled_reason: Mapped[str]
    removed_ms: Mapped[int | None]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class CallbackSecretRow(Base):
    """What callbacks are signed with."""

    __tablename__ = "callback_secrets"

    owner: Mapped[str] = mapped_column(primary_key=True)
    """CallbackEndpointRow.secret_owner."""
    secret: Mapped[str]
    """In clear: nothing can be signed with its hash."""
    older: Mapped[str | None]
    """The one before it, which signs too until its time is over."""
    older_until_ms: Mapped[int | None]
    created_ms: Mapped[int]


class DeliveryRow(Base):
    """One event on its way to one endpoint."""

    __tablename__ = "callback_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        Index("ix_callback_deliveries_due", "state", "due_ms"),
        Index("ix_callback_deliveries_waiting", "endpoint_id", "state", "due_ms"),
        Index("ix_callback_deliveries_lease", "lease_until_ms"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("callback_endpoints.id"))
    event_id: Mapped[str]
    """The `webhook-id`: the same for every try, and for every endpoint that hears the event."""
    type: Mapped[str]
    site: Mapped[str]
    url: Mapped[str | None]
    """The job's callback_url; None: the endpoint's address."""
    body: Mapped[str]
    """JSON: the same bytes at every try."""
    state: Mapped[str]
    """pending, delivered, failed."""
    reason: Mapped[str]
    """Why it failed, or why the last try did."""
    due_ms: Mapped[int]
    tries: Mapped[int] = mapped_column(default=0)
    """Tries of this round: sending it again by hand begins another."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Tries of all rounds."""
    fence: Mapped[int] = mapped_column(default=0)
    lease_until_ms: Mapped[int | None]
    """In flight until then at the latest; None: not in flight."""
    released_ms: Mapped[int | None]
    """When its id was last put on the broker; None: not since it became due."""
    created_ms: Mapped[int] = mapped_column(index=True)
    done_ms: Mapped[int | None]


class DeliveryAttemptRow(Base):
    """One try of a delivery."""

    __tablename__ = "callback_attempts"

    delivery_id: Mapped[str] = mapped_column(ForeignKey("callback_deliveries.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    started_ms: Mapped[int]
    took_ms: Mapped[int]
    status: Mapped[int | None]
    """None: there was no answer."""
    reason: Mapped[str]
    """Empty: it was delivered."""
    answer: Mapped[str]
    """What the receiver said, fit to be shown."""


class InboundEventRow(Base):
    """A webhook that came in, also one that was refused."""

    __tablename__ = "inbound_events"
    __table_args__ = (UniqueConstraint("hook_id", "event_key"), Index("ix_inbound_events_due", "state", "due_ms"))

    id: Mapped[str] = mapped_column(primary_key=True)
    hook_id: Mapped[str | None]
    """As called; of an unknown one, whatever the address said."""
    source: Mapped[str]
    site: Mapped[str | None]
    """None: the hook isn't known here."""
    event_key: Mapped[str | None]
    """The same for every try of one event; None: refused."""
    state: Mapped[str]
    """received (to be done), done, ignored, failed, refused."""
    kind: Mapped[str | None]
    external_id: Mapped[str | None]
    reason: Mapped[str]
    """Why it was ignored, refused or failed, in words for staff."""
    outcome: Mapped[list[Any] | None]
    """What became of each article: {external_id, state, job, reason}."""
    path: Mapped[str]
    headers: Mapped[JsonDict]
    body: Mapped[bytes | None]
    """None: not kept (an unknown hook's, or a refused one over the limit)."""
    sent_ms: Mapped[int | None]
    """By the sender's clock; None: it didn't say, or the signature was refused."""
    received_ms: Mapped[int] = mapped_column(index=True)
    due_ms: Mapped[int]
    """Not before this moment."""
    attempts: Mapped[int] = mapped_column(default=0)
    done_ms: Mapped[int | None]


class StaffRow(Base):
    """A person who works here."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("oidc_issuer", "oidc_subject"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    """What they sign in with, in lower case; an e-mail address for those who sign in elsewhere (OIDC)."""
    role: Mapped[str]
    """staff, admin."""
    password_hash: Mapped[str | None]
    """Argon2id; None: signs in by link or elsewhere."""
    oidc_issuer: Mapped[str | None]
    oidc_subject: Mapped[str | None]
    """Who this is at the issuer: kept at the first sign-in there, and believed ever after in place of the address."""
    created_ms: Mapped[int]
    disabled_ms: Mapped[int | None]


class StaffSessionRow(Base):
    """A browser in which somebody is signed in."""

    __tablename__ = "staff_sessions"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    """Of the cookie: what is read here opens nothing."""
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    how: Mapped[str]
    """link, password, oidc."""
    browser: Mapped[str]
    created_ms: Mapped[int]
    seen_ms: Mapped[int]
    """Last seen, to the minute."""


class StaffLinkRow(Base):
    """An address that lets somebody in once."""

    __tablename__ = "staff_links"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    """None: not known before the issuer says (kind oidc)."""
    kind: Mapped[str]
    """sign-in, invitation, oidc."""
    details: Mapped[JsonDict | None]
    """Of kind oidc: what the issuer's answer must fit."""
    created_ms: Mapped[int]
    expires_ms: Mapped[int]
    used_ms: Mapped[int | None]


class AuditRow(Base):
    """Who did what, when. Nothing here is ever changed."""

    __tablename__ = "audit_log"

    id: Mapped[str] = mapped_column(primary_key=True)
    at_ms: Mapped[int] = mapped_column(index=True)
    who: Mapped[str]
    """`key:` and its id, `staff:` and an id, or `command line`."""
    what: Mapped[str]
    """Such as key.revoked, site.policy."""
    subject: Mapped[str]
    """Id or name of the thing it was done to."""
    site: Mapped[str | None]
    details: Mapped[JsonDict]


class DailyKeyRow(Base):
    """A key that is drawn for one day and destroyed soon after, and with it what can be found out from its hashes."""

    __tablename__ = "daily_keys"

    day: Mapped[str] = mapped_column(primary_key=True)
    """UTC, such as 2026-11-23."""
    key: Mapped[str]
