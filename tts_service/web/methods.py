"""Allowed methods of a path, over all its routes, for 405 responses."""

from __future__ import annotations

from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.routing import Match


def methods_at(request: Request) -> str:
    """The header Allow (RFC 9110, 10.2.1): of the routes at this path, the ones that name it most exactly."""
    found: dict[str, set[str]] = {}
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.path and route.matches(request.scope)[0] is not Match.NONE:
            taken = found.setdefault(route.path, set())
            taken.update(route.methods)
            if "GET" in taken:
                taken.add("HEAD")
    if not found:
        return ""
    exact = min(found, key=lambda path: (path.count("{"), -len(path)))
    return ", ".join(sorted(found[exact]))
