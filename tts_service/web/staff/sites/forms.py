"""A site's policy and options as forms: what each field is called, and form fields to JSON data and back.

A field's name in a form is its place in the data, such as `blocks.quote.rate`, as errors name it too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from tts_service.values import BlockKind
from tts_service.values.site_options import USUAL
from tts_service.values.speech_policy import PauseTable, SpeechPolicy
from tts_service.web.languages import gettext_noop

Kind = Literal["line", "text", "flag", "list", "number", "choice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionField:
    """One of a site's options in the form."""

    name: str
    kind: Kind
    label: str
    help: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Of a choice: value -> what it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionGroup:
    """Options that belong together."""

    label: str
    fields: Sequence[OptionField]


def _flag(name: str, label: str, help_: str = "") -> OptionField:
    return OptionField(name=name, kind="flag", label=label, help=help_)


def _number_field(name: str, label: str, help_: str = "") -> OptionField:
    return OptionField(name=name, kind="number", label=label, help=help_)


def _line(name: str, label: str, help_: str = "") -> OptionField:
    return OptionField(name=name, kind="line", label=label, help=help_)


GROUPS = (
    OptionGroup(
        label=gettext_noop("Publishing"),
        fields=(
            _flag(
                "hold",
                gettext_noop("Hold new versions until staff release them"),
                gettext_noop("Corrections by staff are published at once. An earlier version stays audible meanwhile."),
            ),
            OptionField(
                name="hearing",
                kind="choice",
                label=gettext_noop("Listen to new sentences with a recogniser"),
                help=gettext_noop(
                    "Where one is installed. Sentences that sound wrong become cases. "
                    "Before publishing: a new version with such sentences waits until staff release it."
                ),
                choices={
                    "idle": gettext_noop("while no article waits"),
                    "before_publishing": gettext_noop("before publishing"),
                    "off": gettext_noop("never"),
                },
            ),
            _flag("download", gettext_noop("Offer the audio file as a download")),
            _flag("listening", gettext_noop("Count how far clips are listened to")),
        ),
    ),
    OptionGroup(
        label=gettext_noop("Feed for podcast apps"),
        fields=(
            _flag("feeds", gettext_noop("Put the clips into public feeds")),
            _line("title", gettext_noop("Title"), gettext_noop("Empty: the site’s short name.")),
            OptionField(
                name="description",
                kind="text",
                label=gettext_noop("Description"),
                help=gettext_noop("Empty: only the sentence that discloses the synthetic voice."),
            ),
            _line("link", gettext_noop("Website"), gettext_noop("Empty: this service’s address.")),
            _line(
                "image",
                gettext_noop("Cover image"),
                gettext_noop("Address of a square JPEG or PNG, 1400 to 3000 pixels wide."),
            ),
            _line("author", gettext_noop("Publisher"), gettext_noop("Empty: the title.")),
            _line("email", gettext_noop("E-mail address of the owner"), gettext_noop("Public in the feed.")),
            _line("language", gettext_noop("Language"), gettext_noop("Such as en or de-AT. Empty: the newest clip’s.")),
            _line("category", gettext_noop("Category"), gettext_noop("Of Apple’s directory.")),
            _flag("explicit", gettext_noop("Mark as explicit")),
            _flag("locked", gettext_noop("Other podcast hosts may not import the feed")),
        ),
    ),
    OptionGroup(
        label=gettext_noop("What is kept how long"),
        fields=(
            _number_field(
                "keep_audio_days",
                gettext_noop("Days that earlier versions are kept"),
                gettext_noop(
                    "Within them, a correction is taken back without speaking again. Also of withdrawn clips."
                ),
            ),
            _number_field(
                "keep_revisions",
                gettext_noop("Earlier versions of each clip to keep in any case"),
                gettext_noop("However old they are. 0: none."),
            ),
            _number_field("keep_jobs_days", gettext_noop("Days that ended jobs and replaced texts are kept")),
            _number_field("keep_webhooks_days", gettext_noop("Days that webhooks and callbacks are kept")),
            _number_field("keep_audit_days", gettext_noop("Days that lines of the audit log are kept")),
        ),
    ),
    OptionGroup(
        label=gettext_noop("Quotas"),
        fields=(
            _number_field(
                "characters_a_day", gettext_noop("Characters of new texts in a day"), gettext_noop("Empty: no limit.")
            ),
            _number_field(
                "characters_a_month",
                gettext_noop("Characters of new texts in a month"),
                gettext_noop("Empty: no limit."),
            ),
            _number_field("stored_bytes", gettext_noop("Bytes of finished audio"), gettext_noop("Empty: no limit.")),
            _number_field(
                "remote_characters_a_month",
                gettext_noop("Characters that remote voices speak in a month"),
                gettext_noop("Empty: no limit."),
            ),
            _flag(
                "remote_fallback", gettext_noop("If a remote voice can’t speak, use another voice instead of waiting")
            ),
        ),
    ),
    OptionGroup(
        label=gettext_noop("Pages of the site"),
        fields=(
            _line(
                "time_zone",
                gettext_noop("Time zone"),
                gettext_noop("Of dates that the CMS writes without one, such as Europe/Berlin."),
            ),
            OptionField(
                name="tracking",
                kind="list",
                label=gettext_noop("Query parameters that identify no page"),
                help=gettext_noop("One per line; utm_* stands for all that begin so."),
            ),
        ),
    ),
)
"""The form of a site's options."""
PAUSES: Mapping[str, str] = {
    "headline_ms": gettext_noop("After the headline"),
    "standfirst_ms": gettext_noop("After the standfirst"),
    "heading_ms": gettext_noop("After a heading"),
    "paragraph_ms": gettext_noop("After a paragraph"),
    "list_item_ms": gettext_noop("After a list item"),
    "quote_ms": gettext_noop("After a quote"),
    "sentence_ms": gettext_noop("Between two sentences"),
    "division_ms": gettext_noop("Between the parts of a long sentence"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """What a form shows: its fields, and what is wrong with which."""

    values: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    """Message by field name; "" for what concerns none of them."""

    def value(self, name: str) -> Any:
        """A field's content; empty: not set."""
        found = self.values.get(name, "")
        return "" if found is None else found

    def error(self, name: str) -> str:
        """What is wrong with a field or a part of it."""
        own = [text for place, text in self.errors.items() if place == name or place.startswith(f"{name}.")]
        return own[0] if own else ""

    @property
    def others(self) -> list[str]:
        """What is wrong apart from the fields that the form has."""
        return [text for place, text in self.errors.items() if not any(_within(place, name) for name in self.values)]


def _within(place: str, name: str) -> bool:
    return place == name or place.startswith(f"{name}.")


def errors_of(details: Mapping[str, Any], message: str) -> dict[str, str]:
    """By field, from a refusal; without fields, the message itself."""
    found = {one["field"]: one["message"] for one in details.get("errors", ())}
    if not found and "field" in details:
        found = {details["field"]: message}
    return found or {"": message}


def option_values(kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """The fields of the options form from stored options."""
    shown = {**asdict(USUAL), **(kept or {})}
    return {
        one.name: "\n".join(shown[one.name]) if one.kind == "list" else shown[one.name]
        for group in GROUPS
        for one in group.fields
    }


def options_from_form(form: Mapping[str, str]) -> dict[str, Any]:
    """Options as JSON data: what differs from the defaults."""
    usual: dict[str, Any] = asdict(USUAL)
    given: dict[str, Any] = {}
    for one in (one for group in GROUPS for one in group.fields):
        text = form.get(one.name, "").strip()
        value: Any = text or None
        if one.kind == "flag":
            value = bool(text)
        elif one.kind == "list":
            value = text.split()
        elif one.kind == "number" and text:
            value = _number(text)
        if value is None or value == usual[one.name] or (one.kind == "list" and tuple(value) == usual[one.name]):
            continue
        given[one.name] = value
    return given


def policy_values(kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """The fields of the policy form from a stored policy; empty: the default."""
    policy = kept or {}
    values: dict[str, Any] = {}
    for kind in BlockKind:
        block = policy.get("blocks", {}).get(kind.value, {})
        values |= {f"blocks.{kind.value}.{name}": block.get(name, "") for name in _BLOCK}
    values |= {f"pauses.{name}": policy.get("pauses", {}).get(name, "") for name in PAUSES}
    notice = policy.get("notice")
    texts = (notice or {}).get("texts", {})
    values |= {
        "voices": _written(policy.get("voices", {})),
        "emoji": policy.get("emoji", ""),
        "unspeakable": policy.get("unspeakable", ""),
        NOTICE: notice is not None,
        "notice.every_minutes": (notice or {}).get("every_minutes", ""),
        "notice.texts": _written(texts),
    }
    return values


NOTICE = "notice-spoken"
"""The field that says whether a notice is spoken at all."""
_BLOCK = ("treatment", "voice", "language", "rate")
_KEPT_ASIDE = ("rules",)
"""Parts of a policy that have forms of their own."""


def kept_aside(policy: Mapping[str, Any]) -> dict[str, Any]:
    """What other forms have set of a policy."""
    return {name: value for name, value in policy.items() if name in _KEPT_ASIDE}


def policy_from_form(form: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    """A policy as JSON data: what differs from the default, and what other forms set."""
    given = kept_aside(before)
    blocks = {}
    for kind in BlockKind:
        block: dict[str, Any] = {}
        for name in _BLOCK:
            text = form.get(f"blocks.{kind.value}.{name}", "").strip()
            if text:
                block[name] = _number(text) if name == "rate" else text
        if block:
            blocks[kind.value] = block
    pauses = {name: _number(text) for name in PAUSES if (text := form.get(f"pauses.{name}", "").strip())}
    voices = _by_language(form.get("voices", ""))
    given |= {"voices": voices} if voices else {}
    given |= {"blocks": blocks} if blocks else {}
    given |= {"pauses": pauses} if pauses else {}
    given |= {name: form[name] for name in ("emoji", "unspeakable") if form.get(name)}
    if form.get(NOTICE):
        every = form.get("notice.every_minutes", "").strip()
        given["notice"] = {"texts": _by_language(form.get("notice.texts", ""))}
        given["notice"] |= {"every_minutes": _number(every)} if every else {}
    elif "notice" in before and before["notice"] is None:
        given["notice"] = None  # none, although the service's settings have one
    return given


def treatments() -> Mapping[str, str]:
    """What happens to each kind of block by default."""
    usual = SpeechPolicy()
    return {kind.value: str(usual.of(kind).treatment) for kind in BlockKind}


def usual_pauses() -> Mapping[str, int]:
    """In milliseconds."""
    return asdict(PauseTable())


def _number(text: str) -> Any:
    """A number as people write it; text that is none stays, so that the field's error names it."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < 10**15 else value


def _written(texts: Mapping[str, str]) -> str:
    return "\n".join(f"{language}: {text}" for language, text in texts.items())


def _by_language(lines: str) -> dict[str, str]:
    """`de: Diese Fassung …` in each line."""
    pairs = [line.partition(":") for line in lines.splitlines() if line.strip()]
    return {language.strip(): text.strip() for language, _, text in pairs}
