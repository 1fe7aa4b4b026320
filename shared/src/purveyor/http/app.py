"""Builds a service's API: routers, problems, health, and the check that every route is closed unless it says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from purveyor.auth import Requires, TokenVerifier, public
from purveyor.http import health, problems
from purveyor.http.middleware import RequestMiddleware
from purveyor.messaging.consumer import Consumer
from purveyor.service import ServiceContext


def build_app(
    context: ServiceContext,
    routers: Sequence[APIRouter],
    *,
    title: str,
    description: str,
    consumers: Sequence[Consumer] = (),
) -> FastAPI:
    """Build a service's API; raises RuntimeError when a route says neither what it requires nor that it is public."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await context.database.close()

    app = FastAPI(
        title=title,
        description=description,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.context = context
    app.state.database = context.database
    app.state.token_verifier = TokenVerifier.from_settings(context.settings)
    app.state.consumers = tuple(consumers)
    problems.install(app)
    app.add_middleware(RequestMiddleware, settings=context.settings)
    for router in (*routers, health.router):
        app.include_router(router)
    open_routes = [route.path for route in routes_of(app) if not (is_public(route) or is_closed(route))]
    if open_routes:
        raise RuntimeError(f"routes that declare neither requires(…) nor public: {', '.join(open_routes)}")
    return app


def routes_of(app: FastAPI) -> list[APIRoute]:
    """Return the API routes of an app."""
    return [route for route in app.routes if isinstance(route, APIRoute)]


def is_closed(route: APIRoute) -> bool:
    """Whether a route requires a scope of its caller."""
    return any(isinstance(call, Requires) for call in _calls(route.dependant))


def is_public(route: APIRoute) -> bool:
    """Whether a route says that it is open to everybody."""
    return any(call is public for call in _calls(route.dependant))


def _calls(dependant: Dependant) -> list[Callable[..., Any] | None]:
    return [call for child in dependant.dependencies for call in (child.call, *_calls(child))]


PUBLIC = [Depends(public)]
