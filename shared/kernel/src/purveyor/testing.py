"""What every service's tests ask of its API, that it is closed and documented; and a database made empty."""

from __future__ import annotations

import re
from typing import Protocol
from uuid import UUID

import asyncpg
import httpx
from fastapi import FastAPI

from purveyor.auth import SUPPLIER
from purveyor.http import routes

NO_ID = UUID(int=0)


class Issuer(Protocol):
    """Whoever signs the tokens that the service under test trusts."""

    def token(self, subject: str, *roles: str, scopes: list[str]) -> str:
        """Return a token of a person with these roles and scopes."""


async def assert_every_route_is_closed(app: FastAPI, issuer: Issuer) -> None:
    """Assert that no route but a public one answers without a token, its scope, or one of its roles."""
    demanded = [demand for route in routes.routes_of(app) for demand in routes.demands(route)]
    every_role = {role for demand in demanded for role in demand.roles} - {SUPPLIER}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for route in routes.routes_of(app):
            path = re.sub(r"\{[^}]+\}", str(NO_ID), route.path or "")
            for method in sorted(route.methods or ()):
                place = f"{method} {route.path}"
                for demand in routes.demands(route):
                    lacking = {
                        None: (401, "token_required"),
                        issuer.token("nobody", *every_role, scopes=[]): (403, "scope_required"),
                    }
                    if demand.roles:
                        without_role = issuer.token("nobody", scopes=[demand.scope])
                        lacking[without_role] = (403, "role_required")
                    for token, expected in lacking.items():
                        headers = {"Authorization": f"Bearer {token}"} if token else {}
                        response = await client.request(method, path, headers=headers)
                        answer = (response.status_code, response.json().get("code"))
                        assert answer == expected, f"{place} answers {answer}, not {expected}"  # noqa: S101


def assert_every_operation_is_documented(app: FastAPI) -> None:
    """Assert that each operation has a summary, a description, tags and an operation id of its own."""
    ids: set[str] = set()
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            place = f"{method.upper()} {path}"
            for part in ("summary", "description", "tags", "operationId"):
                assert operation.get(part), f"{place} has no {part}"  # noqa: S101
            assert operation["operationId"] not in ids, f"{place} repeats an operation id"  # noqa: S101
            ids.add(operation["operationId"])


async def empty_every_table(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Bring a database to where its migrations left it, its identities too."""
    tables = await connection.fetchval(
        """
        SELECT string_agg(relname, ', ') FROM pg_class
        WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
          AND relname NOT IN ('alembic_version', 'schema_revision')
        """
    )
    await connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")
