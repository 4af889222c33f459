"""Options of a site's player and feeds, validated on entry. Stored by newsroom/sites.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError

from tts_service.errors import OptionsRefused
from tts_service.errors.faults import expected, fault_text
from tts_service.values import PageIdentity
from tts_service.values.moments import in_range
from tts_service.values.web_address import LONGEST, TRACKING, has_credentials, read_address

MAX_CHARACTERS = 10_000
_MAX_NAMED = 10
"""Maximum faults named in one error."""
_LINE = expected(r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$", "must be one line that isn't empty")
_TAG = expected(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", 'must be a language tag such as "en" or "de-AT"')
_EMAIL = expected(r"^[^\s@<>()\x00-\x1f]+@[^\s@<>()\x00-\x1f]+$", "must be an e-mail address such as audio@example.org")
_PARAMETER = expected(
    r"^[^\s&=#*\x00-\x1f]+\*?$",
    "must be the name of a parameter, such as fbclid or utm_*: no space, &, = or #, and * only at its end",
)
_STRICT = ConfigDict(extra="forbid", use_attribute_docstrings=True)

Line = Annotated[str, Field(max_length=200, pattern=_LINE)]
Paragraph = Annotated[str, Field(max_length=4000, pattern=expected(r"\S", "must not be blank"))]
Address = Annotated[str, Field(max_length=LONGEST), AfterValidator(read_address)]
Email = Annotated[str, Field(max_length=254, pattern=_EMAIL)]
Parameter = Annotated[str, Field(max_length=100, pattern=_PARAMETER)]
Language = Annotated[str, Field(max_length=35, pattern=_TAG)]
Days = Annotated[int, Field(ge=1, le=3650)]
Amount = Annotated[int, Field(ge=1, le=10**15)]
Hearing = Literal["off", "idle", "before_publishing"]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # unknown, or looks like a path
        raise ValueError("must be the IANA name of a time zone, such as Europe/Berlin") from error
    return name


TimeZone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOptions:
    """A site's options; the defaults apply to sites that set none."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    feeds: bool = True
    """Whether its clips appear in public feeds."""
    title: Line | None = None
    """Title of its feed; None: the site's short name."""
    description: Paragraph | None = None
    """Description of its feed; None: only the disclosure sentence."""
    link: Address | None = None
    """Website of the feed; None: this service's address."""
    image: Address | None = None
    """Cover image of its feed: square JPEG or PNG, 1400 to 3000 pixels wide, as podcast directories require."""
    author: Line | None = None
    """Publisher; None: same as `title`."""
    email: Email | None = None
    """Owner's email address for directories, public in the feed; None: left out."""
    language: Language | None = None
    """BCP 47 tag of its feed; None: the newest clip's language."""
    category: Line = "News"
    """Category in Apple's directory."""
    explicit: bool = False
    """Whether directories mark it as explicit."""
    locked: bool = True
    """Whether other podcast hosts may not import the feed (podcast:locked)."""
    download: bool = False
    """Whether pages offer the audio file as a download."""
    listening: bool = True
    """Whether to count how far its clips are listened to."""
    hold: bool = False
    """Whether each new version of a clip waits until staff release it; corrections are published at once."""
    hearing: Hearing = "idle"
    """When a recogniser hears new sentences, where one is installed: `off`, `idle` (while no article waits), or
    `before_publishing`. Sentences that sound wrong become cases. With `before_publishing`, a new version that has some
    waits until staff release it."""
    tracking: Annotated[tuple[Parameter, ...], Field(max_length=200)] = TRACKING
    """Query parameters that track visitors but don't identify a page; `utm_*` matches a prefix."""
    time_zone: TimeZone = "UTC"
    """IANA time zone of dates that its CMS writes without a zone."""

    keep_audio_days: Days = 90
    """Days that earlier or withdrawn audio is kept; as long, corrections are taken back without speaking again."""
    keep_revisions: Annotated[int, Field(ge=0, le=1000)] = 0
    """Earlier versions of each clip that are kept however old they are."""
    keep_jobs_days: Annotated[int, Field(ge=32, le=3650)] = 90
    """Days that ended jobs are kept, with texts that were replaced; more than a month, since quotas count them."""
    keep_webhooks_days: Days = 30
    """Days that received webhooks and sent callbacks are kept."""
    keep_audit_days: Days = 730
    """Days that lines of the audit log are kept."""
    characters_a_day: Amount | None = None
    """Most characters of new texts in a day, UTC; None: no limit."""
    characters_a_month: Amount | None = None
    """Most characters of new texts in a calendar month, UTC; None: no limit."""
    stored_bytes: Amount | None = None
    """Most bytes of finished audio; beyond them no new text is accepted; None: no limit."""
    remote_characters_a_month: Amount | None = None
    """Most characters that remote voices speak in a calendar month, UTC; None: no limit."""
    remote_fallback: bool = False
    """Whether another voice speaks an article when its remote voice can't or may not; else the article waits."""

    @property
    def identity(self) -> PageIdentity:
        """Rules for which of its addresses lead to the same page."""
        return PageIdentity(tracking=self.tracking)

    @property
    def hears_first(self) -> bool:
        """Whether new versions are held until they were heard."""
        return self.hearing == "before_publishing"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def dated(self, moment: datetime | None) -> datetime | None:
        """The time with a zone: the site's if it has none. None for placeholders that mean "no date"."""
        return in_range(moment, self.zone)


USUAL = SiteOptions()
_ADDRESSES = ("link", "image")
_OPTIONS = TypeAdapter(SiteOptions)


def read_options(data: Mapping[str, Any]) -> SiteOptions:
    """Parses options from JSON data; unset fields have defaults. Raises OptionsRefused, naming each invalid field."""
    text = json.dumps(data)
    if len(text) > MAX_CHARACTERS:
        raise OptionsRefused(f"Options can have at most {MAX_CHARACTERS} characters.")
    return _read(text)


@lru_cache(maxsize=1024)  # a site's options are read with every article and page
def _read(text: str) -> SiteOptions:
    try:
        return _OPTIONS.validate_json(text, strict=True)
    except ValidationError as error:
        faults = [
            {"field": ".".join(map(str, fault["loc"]))[:80] or "options", "message": fault_text(fault)}
            for fault in error.errors()[:_MAX_NAMED]
        ]
        raise OptionsRefused(f"{faults[0]['field']}: {faults[0]['message']}.", errors=faults) from error


def kept_options(data: Mapping[str, Any], options: SiteOptions) -> dict[str, Any]:
    """Options in stored form: as entered, but without user names and passwords in addresses, which feeds would show."""
    named = {name: getattr(options, name) for name in _ADDRESSES if has_credentials(data.get(name) or "")}
    return {**data, **named}


def whole_options(options: SiteOptions) -> dict[str, Any]:
    """Options as JSON data, including defaults."""
    return asdict(options)
