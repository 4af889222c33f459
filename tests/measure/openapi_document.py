"""The OpenAPI document as the service gives it.

`python -m tests.measure.openapi_document FILE` writes it, for linters.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.parts.factories import make_parts
from tts_service.web.app import create_app

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """As GET /openapi.json answers."""
    with tempfile.TemporaryDirectory(prefix="tts-openapi-") as folder:
        parts = make_parts(Path(folder), public_url="https://audio.example.org")
        made: dict[str, Any] = json.loads(json.dumps(create_app(parts).openapi()))
        parts.close()
    return made


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """(`GET /v1/jobs`, operation) of every route and every callback out."""
    for where in ("paths", "webhooks"):
        for path, item in document()[where].items():
            for method in METHODS:
                if method in item:
                    yield f"{method.upper()} {path}", item[method]


def resolved(found: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to."""
    while "$ref" in found:
        found = at(found["$ref"].removeprefix("#/"))
    return found


def at(pointer: str) -> Any:
    """The place in the document that a JSON pointer without its first slash names (RFC 6901)."""
    found: Any = document()
    for step in pointer.split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return found


def composed(schema: dict[str, Any]) -> Any:
    """An example of a schema: its own, else one made of its parts. Raises LookupError where a part has none."""
    for given in (schema.get("examples"), [schema["const"]] if "const" in schema else None, schema.get("enum")):
        if given:
            return given[0]
    if "default" in schema:
        return schema["default"]
    if "$ref" in schema:
        return composed(resolved(schema))
    for way in schema.get("anyOf", ()):
        with suppress(LookupError):
            return composed(way)
    simple = {"boolean": True, "null": None}
    kind = schema.get("type")
    if kind in simple:
        return simple[kind]
    if kind == "array":
        return [composed(schema["items"])]
    if kind == "object":
        return {name: composed(rule) for name, rule in schema.get("properties", {}).items()}
    raise LookupError(f"no example of {schema}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the OpenAPI document, for linters")
    parser.add_argument("file", type=Path, metavar="FILE")
    file: Path = parser.parse_args().file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document(), indent=1, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
