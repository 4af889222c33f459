"""document(app): the whole OpenAPI 3.1 document, as GET /openapi.json gives it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from tts_service.public_addresses import public_url
from tts_service.settings import Settings
from tts_service.web.cookies import cookie_name
from tts_service.web.document import about
from tts_service.web.document.events import data_models, webhooks
from tts_service.web.document.guards import SCHEMES, SESSION
from tts_service.web.document.operations import Components, MountedRoute, complete
from tts_service.web.document.problems import Problem

_UNUSED = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI, settings: Settings) -> None:
    """Let `app` show this document; it is made when it is first asked for."""

    @lru_cache(maxsize=1)
    def made() -> dict[str, Any]:
        return document(app, settings)

    app.openapi = made  # type: ignore[method-assign]  # as FastAPI's own way of extending it has it


def document(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """The document for this app's routes."""
    service = {"url": settings.base_url, "description": "This service"}
    below = {"url": public_url(settings, "/staff"), "description": "For staff: a session counts here"}
    made = get_openapi(
        title=about.TITLE,
        version=app.version,
        openapi_version=about.OPENAPI,
        description=about.DESCRIPTION,
        routes=app.routes,
        contact={"name": about.CONTACT, "url": settings.base_url},
        license_info=about.LICENCE,
        tags=about.tags(),
        servers=[service],
    )
    schemas: dict[str, Any] = made.setdefault("components", {}).setdefault("schemas", {})
    for name in _UNUSED:
        schemas.pop(name, None)
    components = Components(schemas=schemas, servers=[service, below])
    for model in (Problem, *data_models()):
        components.schema_of(model)
    for found in _routes(app):
        complete(made["paths"][found.path][found.method], found, components)
    made["webhooks"] = webhooks()
    session = SCHEMES[SESSION] | {"name": cookie_name(settings, "tts_staff")}
    made["components"] = {
        "schemas": dict(sorted(schemas.items())),
        "responses": components.responses,
        "securitySchemes": SCHEMES | {SESSION: session},
    }
    return made


def _routes(app: FastAPI) -> list[MountedRoute]:
    """Every operation in the document, as it is mounted."""
    contexts = list(iter_route_contexts(app.routes))
    paths = {str(context.path_format) for context in contexts}
    found = []
    for context in contexts:
        if not getattr(context, "include_in_schema", False) or not hasattr(context, "dependant"):
            continue
        path = str(context.path_format)
        found += [
            MountedRoute(
                method=method.lower(),
                path=path,
                for_staff=f"/staff{path}" in paths,
                name=str(context.name),
                told=context.endpoint.__doc__ or "",
                dependant=context.dependant,
                reads_json=context.body_field is not None,
            )
            for method in context.methods or ()
        ]
    return found
