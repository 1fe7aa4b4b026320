"""Sourcing with a database of its own, and the people who work with it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from purveyor import policies
from purveyor.service import ServiceContext
from purveyor.testing.databases import Databases, as_runtime
from purveyor_cli import bank_keys
from purveyor_cli.bank_keys import BankKeys
from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.events.supplier_performance.suppliers import SupplierScoreUpdated
from purveyor_contract.roles import Role
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.inbox import Inbox
from sourcing.main import create_app
from sourcing.reviews.consumers import SCORES
from sourcing.settings import NAME, SourcingSettings

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
Json = dict[str, Any]
AsPerson = Callable[..., httpx.AsyncClient]
Does = Callable[..., Awaitable[httpx.Response]]


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass
class Desk:
    """The sourcing department: a buyer who registers, a category manager who decides."""

    context: ServiceContext
    buyer: httpx.AsyncClient
    manager: httpx.AsyncClient
    other_manager: httpx.AsyncClient

    @staticmethod
    def details(**changes: Any) -> Json:
        return {
            "legal_name": "Muster Schrauben GmbH",
            "country": "DE",
            "categories": ["fasteners", "bearings"],
        } | changes

    async def registered(self, **changes: Any) -> Json:
        return answered(await self.buyer.post("/v1/suppliers", json=self.details(**changes)), 201)

    async def submitted(self, **changes: Any) -> Json:
        return answered(await self.act("submit", await self.registered(**changes)))

    async def approved(self, **changes: Any) -> Json:
        supplier = await self.submitted(**changes)
        return answered(
            await self.act("approve", supplier, categories=["fasteners"], expires_on="2027-12-31")
        )

    async def rejected(self, **changes: Any) -> Json:
        return answered(await self.act("reject", await self.submitted(**changes), reason="Too small"))

    async def suspended(self, **changes: Any) -> Json:
        return answered(await self.act("suspend", await self.approved(**changes), reason="Audit"))

    async def terminated(self, **changes: Any) -> Json:
        return answered(await self.act("terminate", await self.registered(**changes), reason="Twin"))

    async def read(self, supplier: Json) -> Json:
        return answered(await self.buyer.get(f"/v1/suppliers/{supplier['id']}"))

    async def etag(self, supplier: Json) -> str:
        return (await self.buyer.get(f"/v1/suppliers/{supplier['id']}")).headers["etag"]

    async def act(self, action: str, supplier: Json, **body: Any) -> httpx.Response:
        client = self.buyer if action == "submit" else self.manager
        return await client.post(
            f"/v1/suppliers/{supplier['id']}:{action}",
            json=body or None,
            headers={"If-Match": await self.etag(supplier)},
        )

    async def change(self, supplier: Json, **changes: Any) -> httpx.Response:
        return await self.buyer.put(
            f"/v1/suppliers/{supplier['id']}",
            json=self.details(**changes),
            headers={"If-Match": await self.etag(supplier)},
        )

    @staticmethod
    def score_event(
        supplier: Json, score: str | None, grade: str | None, sequence: int, **more: Any
    ) -> Envelope:
        """Return a score as performance publishes it."""
        event = SupplierScoreUpdated(
            supplier_id=supplier["id"],
            score=None if score is None else Decimal(score),
            grade=grade,
            previous_score=None,
            previous_grade=None,
            as_of=date(2026, 11, 20),
            window_from=date(2025, 11, 21),
            window_to=date(2026, 11, 20),
            lines_due=12,
            on_time_percent=Decimal(50),
            in_full_percent=Decimal(75),
            on_time_in_full_percent=Decimal("41.7"),
            rejected_ppm=Decimal(12000),
            rejected_ppm_by_unit={"C62": Decimal(33333), "KGM": Decimal(0)},
            average_days_late=Decimal("4.5"),
            p90_days_late=Decimal(14),
            **more,
        )
        return Envelope(
            id=uuid4(),
            type=event.type_name(),
            source="supplier-performance",
            topic=event.topic,
            key=event.key,
            sequence=sequence,
            time=NOW,
            data=event.model_dump_json().encode(),
        )

    async def score(
        self, supplier: Json, score: str | None, grade: str | None, sequence: int, **more: Any
    ) -> None:
        """Let performance publish a score, which arrives through the inbox."""
        await self.receive(self.score_event(supplier, score, grade, sequence, **more))

    async def receive(self, *envelopes: Envelope) -> None:
        """Receive events in one batch."""
        await Inbox(self.context.database, SCORES).apply(envelopes)

    async def parked(self) -> list[Json]:
        async with self.context.database.connection() as connection:
            return [dict(row) for row in await connection.fetch("SELECT * FROM parked_event ORDER BY id")]

    async def review(self, supplier: Json) -> Json:
        listed = answered(
            await self.manager.get(
                "/v1/supplier-reviews", params={"status": "open", "supplier_id": supplier["id"]}
            )
        )
        reviews: list[Json] = listed["items"]
        [review] = reviews
        return review

    async def decide(self, review: Json, decision: str, etag: str = '"1"') -> httpx.Response:
        return await self.manager.post(
            f"/v1/supplier-reviews/{review['id']}:decide",
            json={"decision": decision, "reason": "Half of it came late"},
            headers={"If-Match": etag},
        )

    async def events(self, supplier: Json) -> list[tuple[str, Json]]:
        """Return what was published about a supplier: names and contents, in order."""
        async with self.context.database.connection() as connection:
            rows = await connection.fetch(
                "SELECT type, sequence, data FROM outbox WHERE key = $1 ORDER BY sequence", supplier["id"]
            )
        assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
        return [(row["type"].split(".")[2], row["data"]) for row in rows]

    async def event_names(self, supplier: Json) -> list[str]:
        return [name for name, _ in await self.events(supplier)]

    async def audit(self, entity_id: UUID | str) -> list[Json]:
        async with self.context.database.connection() as connection:
            rows = await connection.fetch(
                "SELECT * FROM audit_record WHERE entity_id = $1 ORDER BY id", str(entity_id)
            )
        return [dict(row) for row in rows]


def answered(response: httpx.Response, status: int = 200) -> Json:
    assert response.status_code == status, response.text
    body: Json = response.json()
    return body


@pytest.fixture(scope="session")
def session_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
async def session_database(new_database: Callable[[str], Awaitable[str]]) -> str:
    return await new_database(NAME)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> BankKeys:
    """The keys of bank accounts."""
    return bank_keys.kept_in(tmp_path_factory.mktemp("bank-accounts"))


@pytest.fixture(scope="session")
async def session_context(
    session_database: str,
    issuer: LocalIssuer,
    session_clock: Clock,
    tmp_path_factory: pytest.TempPathFactory,
    keys: BankKeys,
) -> AsyncIterator[ServiceContext]:
    settings = SourcingSettings(
        database_url=as_runtime(session_database),
        database_pool_size=8,
        oidc_issuer=issuer.url,
        oidc_jwks_file=issuer.jwks_file,
        files=tmp_path_factory.mktemp("files").as_uri(),
        **keys.settings["sourcing"],
    )
    context = ServiceContext.create(NAME, settings, session_clock)
    yield context
    await context.database.close()


@pytest.fixture(scope="session")
def session_app(session_context: ServiceContext) -> FastAPI:
    return create_app(session_context)


@pytest.fixture
def clock(session_clock: Clock) -> Clock:
    session_clock.now = NOW
    return session_clock


@pytest.fixture
async def context(
    session_context: ServiceContext, clock: Clock, databases: Databases, session_database: str
) -> ServiceContext:
    """The service as if nothing had ever happened in it."""
    await databases.restore(session_database)
    policies.forget(session_context.database)
    return session_context


@pytest.fixture
def app(context: ServiceContext, session_app: FastAPI) -> FastAPI:
    return session_app


@pytest.fixture
async def as_person(app: FastAPI, issuer: LocalIssuer) -> AsyncIterator[AsPerson]:
    """Make clients that call as a person in some roles: `as_person("bob", Role.BUYER)`."""
    clients: list[httpx.AsyncClient] = []

    def client(subject: str, *roles: Role, **claims: Any) -> httpx.AsyncClient:
        clients.append(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://test",
                headers={"Authorization": f"Bearer {issuer.token(subject, *roles, **claims)}"},
            )
        )
        return clients[-1]

    yield client
    for made in clients:
        await made.aclose()


@pytest.fixture
def desk(context: ServiceContext, as_person: AsPerson) -> Desk:
    return Desk(
        context,
        as_person("bob", Role.BUYER),
        as_person("carla", Role.CATEGORY_MANAGER),
        as_person("cem", Role.CATEGORY_MANAGER),
    )


@pytest.fixture
def does(desk: Desk, as_person: AsPerson) -> Does:
    """Do something to a supplier as somebody who may do everything: `await does("ann", "submit", it)`."""

    async def act(by: str, action: str, supplier: Json, **changes: Any) -> httpx.Response:
        person = as_person(by, Role.BUYER, Role.CATEGORY_MANAGER)
        path, seen = f"/v1/suppliers/{supplier['id']}", {"If-Match": await desk.etag(supplier)}
        if action == "change":
            return await person.put(path, json=desk.details(**changes), headers=seen)
        body: Json | None = {"reason": "Three of us looked"}
        if action in {"submit", "confirm"}:
            body = None
        elif action == "approve":
            body = {"categories": ["fasteners"], "expires_on": "2027-12-31"}
        return await person.post(f"{path}:{action}", json=body, headers=seen)

    return act


@pytest.fixture
def admin(as_person: AsPerson) -> httpx.AsyncClient:
    """An administrator, who imports."""
    return as_person("ada", Role.ADMIN)


async def send(
    client: httpx.AsyncClient, *rows: Any, atomic: bool = False, proposal: str | None = None
) -> list[Any]:
    body = "\n".join(json.dumps(row) for row in rows)
    response = await client.post(
        "/v1/suppliers:import",
        params={"atomic": atomic} | ({"proposal": proposal} if proposal else {}),
        content=body,
        headers={"Content-Type": "application/x-ndjson"},
    )
    assert response.status_code in (200, 422), response.text
    return [json.loads(line) for line in response.text.splitlines()]


async def propose(by: httpx.AsyncClient, *rows: Any) -> dict[str, Any]:
    proposal = (await by.post("/v1/imports", json={"name": "suppliers of before"})).json()
    if rows:
        await send(by, *rows, proposal=proposal["id"])
    shown: dict[str, Any] = (await by.get(f"/v1/imports/{proposal['id']}")).json()
    return shown


async def approve(by: httpx.AsyncClient, proposal: dict[str, Any]) -> httpx.Response:
    digest = proposal["figures"]["digest"]
    return await by.post(f"/v1/imports/{proposal['id']}:approve", json={"digest": digest})


@pytest.fixture
def mika(as_person: AsPerson) -> httpx.AsyncClient:
    """Another administrator."""
    return as_person("mika", Role.ADMIN)


Bring = Callable[..., Awaitable[list[Any]]]


@pytest.fixture
def bring(admin: httpx.AsyncClient, mika: httpx.AsyncClient) -> Bring:
    """Import rows that mika has proposed and the admin lets in."""

    async def bring(*rows: Any, atomic: bool = False) -> list[Any]:
        assert (await approve(admin, await propose(mika, *rows))).status_code == 200
        return await send(admin, *rows, atomic=atomic)

    return bring
