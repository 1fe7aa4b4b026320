"""Every route says what it requires of its caller, or that it is public; an app with another is not built."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, Route

from purveyor.auth import Requires, public
from purveyor.http.transaction import TransactionRoute, open_transaction


def routes_of(app: FastAPI) -> list[RouteContext]:
    """Return every route of an app, those of included routers as they are reached."""
    return list(iter_route_contexts(app.routes))


def check(app: FastAPI) -> None:
    """Raise RuntimeError naming routes that are neither closed nor public, or would never commit."""
    undeclared, open_ended = [], []
    for route in routes_of(app):
        calls = list(_calls(route))
        if not any(isinstance(call, Requires) or call is public for call in calls):
            undeclared.append(route.path or repr(route.original_route))
        if open_transaction in calls and not isinstance(route.original_route, TransactionRoute):
            open_ended.append(route.path or "")
    if undeclared:
        raise RuntimeError(f"routes that declare neither requires(…) nor public: {', '.join(undeclared)}")
    if open_ended:
        raise RuntimeError(f"routes with Tx that are not a TransactionRoute: {', '.join(open_ended)}")


def keep_actions_apart(routes: Sequence[BaseRoute]) -> None:
    """Let no id hold a colon where actions follow one: `/orders/{order_id}` is not `…:approve`.

    Another method on an action is then told 405, and an unknown action 404, not that `7:approve` is no id.
    """
    of_actions = [route for route in routes if isinstance(route, Route)]
    things = {route.path.rpartition(":")[0] for route in of_actions if "}:" in route.path}
    for route in of_actions:
        if route.path in things or ("}:" in route.path and route.path.rpartition(":")[0] in things):
            route.path_regex = re.compile(route.path_regex.pattern.replace("[^/]+", "[^/:]+"))


def demands(route: RouteContext) -> list[Requires]:
    """Return what a route requires of its caller; nothing when it is public."""
    return [call for call in _calls(route) if isinstance(call, Requires)]


def _calls(route: RouteContext) -> Iterator[Callable[..., Any] | None]:
    if isinstance(route.original_route, APIRoute):
        dependant: Dependant = route.dependant
        yield from _calls_of(dependant)


def _calls_of(dependant: Dependant) -> Iterator[Callable[..., Any] | None]:
    for child in dependant.dependencies:
        yield child.call
        yield from _calls_of(child)
