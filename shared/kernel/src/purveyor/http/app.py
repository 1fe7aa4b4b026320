"""Builds a service's API: its routers and the kernel's, problems, health, documentation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from purveyor.auth import TokenVerifier
from purveyor.http import about, audit, described, documentation, health, problems, routes, security
from purveyor.http.expected import hold_to_documents
from purveyor.http.middleware import RequestMiddleware
from purveyor.http.places import Places
from purveyor.http.turns import Turns
from purveyor.observability import tracer_provider
from purveyor.quotas import Quotas
from purveyor.refusals import REFUSALS, Refusal
from purveyor.security import SecurityRecords
from purveyor.service import ServiceContext

VERSION = "1"
CONTACT = {"name": "Whoever runs this Purveyor"}
LICENCE = {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"}
TAGS = {
    "audit": "Who changed what, who was refused, and who has read personal data",
    "imports": "What other systems knew, taken in by the thousand",
    "bulk jobs": "Rows that were sent to be worked on later, and how far that has come",
    "operations": "Whether the service is well, and what it can be asked",
    "policies": "What the organisation has decided for itself, with the day from which on it holds",
}
"""What the tags mean that all services have."""
SERVERS = [{"url": "/", "description": "This service"}]


def build_app(
    context: ServiceContext,
    routers: Sequence[APIRouter],
    *,
    title: str,
    description: str,
    checks: Mapping[str, health.Check] | None = None,
    tags: Mapping[str, str] | None = None,
    refusals: Sequence[Refusal] = (),
) -> FastAPI:
    """Build a service's API; `checks` are what `/readyz` checks beside the database, `tags` what tags mean.

    `refusals` are the codes that it answers beside those of every service.

    Raises RuntimeError when a route declares neither what it requires nor that it is public.
    """
    tracing = tracer_provider(context.name, context.settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        if tracing is not None:
            tracing.force_flush()
        await context.database.close()

    app = FastAPI(
        title=title,
        description=description,
        version=VERSION,
        contact=CONTACT,
        license_info=LICENCE,
        servers=SERVERS,
        lifespan=lifespan,
        # FastAPI's own are no API routes, so nothing could see that they are public: documentation.router.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry={
            "tracing": tracing is not None,
            "tracer_provider": tracing,
            "operation_spans": False,
            "metrics": False,
            "logs": False,
            "auto_configure": False,
        },
    )
    app.state.context = context
    app.state.database = context.database
    app.state.token_verifier = TokenVerifier.from_settings(context.settings)
    app.state.supplier_of = None
    app.state.security = SecurityRecords(context.database, context.metrics.security)
    app.state.quotas = Quotas(context.settings)
    app.state.uploads = Places(context.settings.max_uploads)
    turns = app.state.turns = Turns(context.settings.lock_timeout.total_seconds())
    context.metrics.waiting.set_function(lambda: turns.waiting)
    app.state.refusals = (*REFUSALS, *refusals)
    app.state.release = version("purveyor")
    app.state.checks = health.checks_of(context, checks or {})
    problems.install(app)
    app.add_middleware(
        RequestMiddleware, context=context, quotas=app.state.quotas, traced=tracing is not None
    )
    for router in (*routers, audit.router, security.router, health.router, about.router):
        _adopt(app, router)
    if context.settings.metrics_port is None:
        _adopt(app, health.numbers)
    if context.settings.serve_docs:
        _adopt(app, documentation.router)
    routes.keep_actions_apart(app.router.routes)
    routes.check(app)
    described.describe(app, TAGS | dict(tags or {}))
    return app


def operation_id(function: str) -> str:
    """Return a route's operation id, as generators of clients like it: `listPurchaseOrders`."""
    first, *others = function.split("_")
    return first + "".join(word.capitalize() for word in others)


def _adopt(app: FastAPI, router: APIRouter) -> None:
    """Make a router's routes the app's own: an included router is searched twice for every request."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            route.unique_id = operation_id(route.name)
            hold_to_documents(route)
        app.router.routes.append(route)
