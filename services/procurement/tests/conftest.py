"""What procurement's tests share: a running service, people, suppliers and orders."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from procurement.main import create_app
from procurement.settings import NAME, ProcurementSettings
from procurement.worker import CONSUMERS
from purveyor import policies
from purveyor.db import Database, new_id
from purveyor.service import ServiceContext
from purveyor.testing.databases import as_runtime
from purveyor_contract.events.sourcing.suppliers import (
    CategoryApproval,
    SupplierApproved,
    SupplierIdentifier,
    SupplierRegistered,
    SupplierSuspended,
)
from purveyor_contract.roles import Role
from purveyor_messaging.envelope import Envelope, Event
from purveyor_messaging.inbox import Inbox

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
SITE = {"name": "Hamburg, hall 1", "country": "DE", "time_zone": "Europe/Berlin"}


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


TO_SUBSCRIBERS = {consumer.topic: consumer for consumer in CONSUMERS}


@dataclass
class World:
    """A running procurement service and the people who use it."""

    app: FastAPI
    database: Database
    clock: Clock
    issuer: Any

    def __post_init__(self) -> None:
        self.sequences: dict[tuple[str, UUID], int] = {}
        self.people: dict[tuple[object, ...], httpx.AsyncClient] = {}

    def person(
        self, name: str, *roles: Role, supplier_id: UUID | None = None, scopes: Iterable[str] | None = None
    ) -> httpx.AsyncClient:
        """Return somebody's HTTP client; a supplier's own people belong to some supplier."""
        if Role.SUPPLIER in roles and supplier_id is None:
            supplier_id = new_id()
        known_by = (name, roles, supplier_id, None if scopes is None else tuple(scopes))
        if known_by not in self.people:
            token = self.issuer.token(name, *roles, supplier_id=supplier_id, scopes=scopes)
            self.people[known_by] = httpx.AsyncClient(
                transport=httpx.ASGITransport(self.app),
                base_url="http://test",
                headers={"Authorization": f"Bearer {token}"},
            )
        return self.people[known_by]

    @property
    def robin(self) -> httpx.AsyncClient:
        return self.person("robin", Role.REQUESTER)

    @property
    def alex(self) -> httpx.AsyncClient:
        return self.person("alex", Role.APPROVER)

    @property
    def bea(self) -> httpx.AsyncClient:
        return self.person("bea", Role.BUYER)

    @property
    def rita(self) -> httpx.AsyncClient:
        return self.person("rita", Role.RECEIVER)

    @property
    def ada(self) -> httpx.AsyncClient:
        return self.person("ada", Role.ADMIN)

    async def hears(self, event: Event) -> None:
        """Let an event of sourcing arrive, through the inbox."""
        stream = event.topic, UUID(event.key)
        sequence = self.sequences[stream] = self.sequences.get(stream, 0) + 1
        envelope = Envelope(
            id=new_id(),
            type=event.type_name(),
            source="sourcing",
            topic=event.topic,
            key=event.key,
            sequence=sequence,
            time=self.clock(),
            data=event.model_dump_json().encode(),
        )
        await Inbox(self.database, TO_SUBSCRIBERS[event.topic]).apply([envelope])

    async def supplier(
        self,
        categories: Iterable[str] = ("fasteners",),
        *,
        expires_on: date | None = None,
        onboarded_by: str = "sam",
        authors: tuple[str, ...] = (),
        external_reference: str | None = None,
        source_system: str = "main",
        imported: bool = True,
        identifiers: tuple[SupplierIdentifier, ...] = (),
    ) -> UUID:
        """Let a supplier be registered and approved for categories (none: only registered).

        One with a reference was imported, unless it is said that it was not.
        """
        supplier_id = new_id()
        await self.hears(
            SupplierRegistered(
                supplier_id=supplier_id,
                number="S-000042",
                legal_name="Schraubenwerk Nord GmbH",
                country="DE",
                identifiers=identifiers,
                registered_by=onboarded_by,
                authors=authors,
                external_reference=external_reference,
                source_system=source_system,
                imported=imported and external_reference is not None,
            )
        )
        if categories:
            await self.hears(
                SupplierApproved(
                    supplier_id=supplier_id,
                    approvals=tuple(
                        CategoryApproval(category=category, expires_on=expires_on) for category in categories
                    ),
                    approved_by="carla",
                )
            )
        return supplier_id

    async def suspend(self, supplier_id: UUID, reason: str = "quality") -> None:
        """Let a suspension arrive."""
        await self.hears(SupplierSuspended(supplier_id=supplier_id, reason=reason, suspended_by="carla"))

    async def order(self, supplier_id: UUID, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
        """Create a draft as robin."""
        response = await self.robin.post(
            "/v1/purchase-orders", json=order_body(supplier_id, *lines, **header)
        )
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    async def act(
        self, by: httpx.AsyncClient, order: dict[str, Any], action: str, body: Any = None, version: int = 0
    ) -> httpx.Response:
        """Do something to an order as it is now."""
        seen = version or await self.version_of(order["id"])
        return await by.post(
            f"/v1/purchase-orders/{order['id']}:{action}", json=body, headers={"If-Match": f'"{seen}"'}
        )

    async def brought_to(self, order: dict[str, Any], status: str) -> dict[str, Any]:
        """Bring a draft to a status by the usual people."""
        for action, by, reached in (
            ("submit", self.robin, "submitted"),
            ("approve", self.alex, "approved"),
            ("issue", self.bea, "issued"),
            ("acknowledge", self.bea, "acknowledged"),
        ):
            if order["status"] == status:
                break
            response = await self.act(by, order, action)
            assert response.status_code == 200, response.text
            order = response.json()
            assert order["status"] == reached
        return order

    async def issued(self, *lines: dict[str, Any], supplier_id: UUID | None = None) -> dict[str, Any]:
        """Create an order and bring it to its supplier."""
        supplier = supplier_id or await self.supplier()
        return await self.brought_to(await self.order(supplier, *lines), "issued")

    async def receive(
        self,
        order: dict[str, Any],
        *lines: dict[str, Any],
        by: httpx.AsyncClient | None = None,
        **header: Any,
    ) -> httpx.Response:
        """Receive goods as rita."""
        return await (by or self.rita).post(
            f"/v1/purchase-orders/{order['id']}/receipts", json={"lines": list(lines), **header}
        )

    async def version_of(self, order_id: str) -> int:
        """Return an order's version now."""
        version: int = await self.value("SELECT version FROM purchase_order WHERE id = $1", UUID(order_id))
        return version

    async def value(self, statement: str, *arguments: Any) -> Any:
        """Return what a query finds."""
        async with self.database.connection() as connection:
            return await connection.fetchval(statement, *arguments)

    async def events_of(self, order: dict[str, Any]) -> list[tuple[int, str, dict[str, Any]]]:
        """Return an order's stream: number, name and content of each event."""
        async with self.database.connection() as connection:
            rows = await connection.fetch(
                "SELECT sequence, type, data FROM outbox WHERE key = $1 ORDER BY sequence", order["id"]
            )
        return [(row["sequence"], row["type"].split(".")[2], row["data"]) for row in rows]


def line(**changes: Any) -> dict[str, Any]:
    """Return a line of 10 pieces at 2.50."""
    return {
        "item": "M8-HEX-40",
        "description": "Hexagon bolt M8 × 40",
        "category": "fasteners",
        "quantity": "10",
        "unit": "C62",
        "price": "2.50",
        "promised_on": "2026-03-20",
    } | changes


def order_body(supplier_id: UUID, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Return an order of one line unless lines are given."""
    return {
        "supplier_id": str(supplier_id),
        "currency": "EUR",
        "site": "HAM-1",
        "business_unit": "drives",
        "cost_centre": "4711",
        "lines": list(lines) or [line()],
    } | header


def arrived(line_number: int = 1, quantity: str = "10", **more: Any) -> dict[str, Any]:
    """Return a receipt's line."""
    return {"line_number": line_number, "quantity": quantity, **more}


@pytest.fixture(scope="session")
async def procurement_database(new_database: Callable[[str], Awaitable[str]]) -> str:
    """A database that the tests of this service share; each makes its own suppliers and orders."""
    return await new_database("procurement")


@pytest.fixture(scope="session")
async def service(procurement_database: str, issuer: Any) -> AsyncIterator[World]:
    """The service on that database, made once: the statements that it has compiled and prepared stay so."""
    async with world_in(procurement_database, issuer) as world:
        yield world


@pytest.fixture
def world(service: World) -> World:
    """A running service with a site and two business units, where others have been at work."""
    service.clock.now = NOON
    policies.forget(service.database)
    return World(service.app, service.database, service.clock, service.issuer)


@pytest.fixture
async def empty_world(lend_database: Callable[[str], Awaitable[str]], issuer: Any) -> AsyncIterator[World]:
    """A running service with one site, where nothing else has happened."""
    async with world_in(await lend_database(NAME), issuer) as world:
        yield world


@asynccontextmanager
async def world_in(database_url: str, issuer: Any, **more: Any) -> AsyncIterator[World]:
    """Run the service on a database, and put one site, two business units and two cost centres."""
    settings = ProcurementSettings(
        database_url=as_runtime(database_url),
        oidc_issuer=issuer.url,
        oidc_jwks_file=issuer.jwks_file,
        **more,
    )
    clock = Clock()
    context = ServiceContext.create(NAME, settings, clock)
    world = World(create_app(context), context.database, clock, issuer)
    stated: dict[str, dict[str, str]] = {"/v1/sites/HAM-1": SITE}
    stated |= {f"/v1/business-units/{unit}": {"name": unit.title()} for unit in ("drives", "pumps")}
    stated |= {f"/v1/cost-centres/{code}": {"name": f"Assembly {code}"} for code in ("4711", "4712")}
    for path, body in stated.items():
        response = await world.ada.put(path, json=body)
        assert response.status_code in {200, 201}, response.text
    yield world
    await context.database.close()
