"""Field types shared by all requests, and how texts are cleaned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from tts_service.errors.faults import expected
from tts_service.newsroom.sites import SITE_NAME
from tts_service.queue.names import JOBS
from tts_service.values.speech_policy import LANGUAGE_TAG
from tts_service.values.web_address import LONGEST, has_credentials, read_address

_UNSPEAKABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL refuses, and lone surrogates, which have no UTF-8."""


_HTTP = r"^[\x00-\x20]*[Hh][Tt][Tt][Pp][Ss]?:"
ONE_LINE = expected(r"^[^\x00-\x1f\x7f]+$", "must be one line, without tabs or other control characters")


def _without_credentials(text: str) -> str:
    if has_credentials(text):
        raise ValueError("must not contain a user name or password")
    return text


_Http = Annotated[str, Field(max_length=LONGEST, json_schema_extra={"pattern": _HTTP})]
WebAddress = Annotated[_Http, AfterValidator(read_address)]
"""Any address that a browser accepts; stored as values.WebAddress."""
CalledAddress = Annotated[_Http, AfterValidator(_without_credentials), AfterValidator(read_address)]
"""An address that this service calls."""


def _no_truth_value(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("must be a whole number")
    return value


WHOLE = BeforeValidator(_no_truth_value)
"""Behind a whole number's bounds: pydantic would take true for 1 and "1" for 1."""
SiteName = Annotated[str, Field(pattern=SITE_NAME, examples=["gazette"])]
LanguageTag = Annotated[str, Field(max_length=35, pattern=LANGUAGE_TAG, examples=["en"])]
ExternalId = Annotated[str, Field(min_length=1, max_length=200, pattern=ONE_LINE, examples=["42"])]
# Next line (U+0085) is white space to some readers of patterns and none to others: it is named, with its like.
_HEADING = expected(
    r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$",
    "must be one line without white space around it, such as Sport",
)
Heading = Annotated[str, Field(min_length=1, max_length=100, pattern=_HEADING)]
"""A section's or tag's name: no control characters, no white space around it."""
_WORD = expected(r"^[^\s\x00-\x1f\x7f-\x9f]+$", "must be one word without spaces, such as public or members")
Visibility = Annotated[str, Field(min_length=1, max_length=40, pattern=_WORD)]
T = TypeVar("T")


def _none_for_empty(value: Any) -> Any:
    return None if value == "" else value


_EMPTY: JsonSchemaValue = {"const": "", "type": "string"}
_NULL: JsonSchemaValue = {"type": "null"}


class OrEmpty:
    """Accepts the empty string as null: many CMSs send it for a field that wasn't filled in."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_none_for_empty, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = handler(schema)
        return found | {"anyOf": [*found["anyOf"], _EMPTY]}


@dataclass(frozen=True, slots=True)
class OrUsual:
    """Accepts the empty string as the default: forms send it in the query for a field that was left empty."""

    usual: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: self.usual if value == "" else value, handler(source)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), _EMPTY]}


Maybe = Annotated[T | None, OrEmpty()]


def _none_for_no_date(value: Any) -> Any:
    return None if isinstance(value, str) and value.startswith("0000-00-00") else value


Moment = Annotated[Maybe[datetime], BeforeValidator(_none_for_no_date)]
"""A date, or what CMSs write for none: null, "", MySQL's 0000-00-00. SiteOptions.dated handles 0001-01-01."""
PageSize = Annotated[int, Field(ge=1, le=200), OrUsual(50), Field(description="Maximum number of entries per page")]
Cursor = Annotated[str | None, Field(max_length=100, description="`next` from the previous page with the same filters")]
NextCursor = Annotated[str | None, Field(description="Cursor of the next page; null on the last page")]
ShownClip = Annotated[str, Field(examples=["clip_019b4c5e77f27c10"])]
ShownSite = Annotated[str, Field(examples=["gazette"])]
ShownUrl = Annotated[str, Field(examples=["https://gazette.example.org/new-bridge"])]
Timestamp = Annotated[str, Field(examples=["2026-03-09T07:30:00.000Z"])]
CLIP_TOKEN = "1773041412500.5f0c2a9b7d1e4c38.0c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f405162738495a6b7c8d9eafb"
"""In examples."""


def example(value: dict[str, Any]) -> ConfigDict:
    """The configuration of a model that shows this as an example of it."""
    return ConfigDict(json_schema_extra={"examples": [value]})


@dataclass(frozen=True, slots=True)
class WithoutEmpty:
    """A list of texts without the empty ones, which splitting an empty field leaves."""

    most: int
    """As many items may be sent, empty ones included."""
    usual: tuple[str, ...] = ()
    """Instead of a list in which nothing else was."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._filled, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = handler(schema)
        return found | {"items": {"anyOf": [found["items"], _EMPTY, _NULL]}, "maxItems": self.most}

    def _filled(self, value: Any) -> Any:
        if not isinstance(value, list) or not value:
            return value
        if len(value) > self.most:
            raise ValueError(f"has {len(value)} items; the limit is {self.most}")
        return [item for item in value if item not in ("", None)] or list(self.usual)


Priority = Literal["breaking", "normal", "backfill"]
assert set(JOBS) == set(Priority.__args__)  # type: ignore[attr-defined]


class Cleaned(BaseModel):
    """A request whose texts lose what can't be kept: NULs and lone surrogates, counted.

    An optional field that is null or "" counts as not given, except for "" in `EMPTY_COUNTS`.
    """

    EMPTY_COUNTS: ClassVar[frozenset[str]] = frozenset()
    """Optional fields in which "" has a meaning: it removes the text."""

    model_config = ConfigDict(extra="forbid")
    _dropped: int = PrivateAttr(default=0)

    @model_validator(mode="wrap")
    @classmethod
    def _clean(cls, data: Any, handler: ModelWrapValidatorHandler[Cleaned]) -> Cleaned:
        cleaned, dropped = cleaned_of(data)
        model = handler(cls._given(cleaned))
        model._dropped = dropped
        return model

    @classmethod
    def _given(cls, data: Any) -> Any:
        """The data without optional fields that weren't filled in."""
        if not isinstance(data, dict):
            return data
        optional = _optional_fields(cls)
        kept_empty = cls.EMPTY_COUNTS
        return {
            name: value
            for name, value in data.items()
            if name not in optional or not (value is None or (value == "" and name not in kept_empty))
        }

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = handler(schema)
        fields = handler.resolve_ref_schema(found).get("properties", {})
        for name, field in cls.model_fields.items():
            if not field.is_required():
                fields[name] = _or_nothing(fields[name], empty=name not in cls.EMPTY_COUNTS)
        return found

    @property
    def dropped_characters(self) -> int:
        """Characters that were taken out."""
        return self._dropped


@cache
def _optional_fields(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, field in model.model_fields.items() if not field.is_required())


_OF_THE_FIELD = ("title", "description", "default", "examples")


def _or_nothing(schema: JsonSchemaValue, *, empty: bool) -> JsonSchemaValue:
    """The schema of a field that may also be null or, with `empty`, ""."""
    told = {name: schema[name] for name in _OF_THE_FIELD if name in schema}
    value = {name: rule for name, rule in schema.items() if name not in _OF_THE_FIELD}
    ways = value["anyOf"] if set(value) == {"anyOf"} else [value]
    nothing = (_NULL, _EMPTY) if empty else (_NULL,)
    return told | {"anyOf": [*ways, *(way for way in nothing if way not in ways)]}


def cleaned_of(data: Any) -> tuple[Any, int]:
    """JSON data without NULs and lone surrogates, and how many there were. Goes two levels deep: our requests do."""
    return _cleaned(data, 3)


def _cleaned(data: Any, depth: int) -> tuple[Any, int]:
    if isinstance(data, str):
        kept, dropped = _UNSPEAKABLE.subn("", data)
        return kept, dropped
    if depth and isinstance(data, dict):
        pairs = {key: _cleaned(value, depth - 1) for key, value in data.items()}
        return {key: value for key, (value, _) in pairs.items()}, sum(count for _, count in pairs.values())
    if depth and isinstance(data, list):
        items = [_cleaned(value, depth - 1) for value in data]
        return [value for value, _ in items], sum(count for _, count in items)
    return data, 0
