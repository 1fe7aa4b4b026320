"""The event log and parked events over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from shared.messaging.tests.orders import Ledger, envelope, eventually, grow, stream
from shared.messaging.tests.test_relay import Recorder, all_is_published, relaying
from sqlalchemy.orm.exc import StaleDataError

from purveyor.db import Database
from purveyor.service import ServiceContext
from purveyor.settings import Settings
from purveyor_contract.roles import Role
from purveyor_messaging import epochs, feed, inbox
from purveyor_messaging.api import build_app
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.parked import unreadable

Client = Callable[..., httpx.AsyncClient]


@pytest.fixture
def ledger() -> Ledger:
    return Ledger("toys.ledger")


@pytest.fixture
async def client(database: Database, issuer: Any, ledger: Ledger) -> AsyncIterator[Client]:
    """Make a client of a service that has the toy ledger, with roles and scopes."""
    settings = Settings(
        database_url=database.url,
        oidc_issuer=issuer.url,
        oidc_jwks_file=issuer.jwks_file,
    )
    context = ServiceContext.create("toys", settings)
    app = build_app(context, (), title="Toys", description="Toys.", consumers=(ledger.consumer,))
    clients = []

    def make(*roles: Role, **claims: Any) -> httpx.AsyncClient:
        token = issuer.token("ada", *roles, **claims)
        clients.append(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://test",
                headers={"Authorization": f"Bearer {token}"},
            )
        )
        return clients[-1]

    yield make
    for each in clients:
        await each.aclose()
    await context.database.close()


async def publish(database: Database, count: int) -> None:
    order = uuid4()
    async with relaying(database, Recorder(), batch_events=3):
        for amount in range(count):
            async with database.transaction() as tx:
                await grow(tx, order, amount)
        await eventually(lambda: all_is_published(database))


async def test_the_log_is_read_in_order_and_on_from_where_one_was(database, client):
    await publish(database, 10)
    auditor = client(Role.AUDITOR)
    read, after = [], 0
    while True:
        page = (await auditor.get("/v1/events", params={"after": after, "limit": 4})).json()
        assert page["last_position"] == 10
        if not page["items"]:
            break
        read += page["items"]
        after = page["next_after"]
    assert [item["position"] for item in read] == list(range(1, 11))
    assert {item["topic"] for item in read} == {"toys.orders"}
    told = [item["event"] for item in read]
    assert [event["streamsequence"] for event in told] == [str(number) for number in range(1, 11)]
    assert [event["data"]["amount"] for event in told] == list(range(10))
    assert told[0] | {"id": "", "time": "", "subject": "", "traceparent": "", "data": {}} == {
        "specversion": "1.0",
        "id": "",
        "type": "purveyor.toys.Grown.v1",
        "source": "toys",
        "subject": "",
        "time": "",
        "dataschema": "https://purveyor.example/schemas/purveyor.toys.Grown.v1",
        "datacontenttype": "application/json",
        "streamsequence": "1",
        "streamepoch": "1",
        "traceparent": "",
        "data": {},
    }
    assert [event["streamprevious"] for event in told[1:]] == [event["id"] for event in told[:-1]]


async def test_any_stretch_of_the_log_is_the_same_stretch(database, client):
    await publish(database, 11)
    async with database.connection() as connection:
        whole = await feed.read(connection, "toys", 0, 100)
        for after in range(12):
            for limit in (1, 2, 5, 100):
                assert await feed.read(connection, "toys", after, limit) == whole[after : after + limit]


async def test_a_position_of_a_log_that_went_back_in_time_is_refused_with_where_to_go_on(database, client):
    await publish(database, 6)
    auditor = client(Role.AUDITOR)
    assert (await auditor.get("/v1/events", params={"after": 6, "epoch": 1})).json()["epoch"] == 1
    refused = await auditor.get("/v1/events", params={"after": 9})
    assert (refused.status_code, refused.json()["code"], refused.json()["after"]) == (409, "epoch_changed", 6)
    async with database.transaction() as tx:
        await epochs.begin(tx, [], by="ada", reason="restored")
    await publish(database, 4)
    refused = await auditor.get("/v1/events", params={"after": 8, "epoch": 1})
    assert refused.status_code == 409
    assert refused.json() | {"epoch": 2, "after": 6} == refused.json()
    never = await auditor.get("/v1/events", params={"after": 0, "epoch": 3})
    assert (never.json()["code"], never.json()["after"]) == ("epoch_changed", 0)
    for good in ({"after": 6, "epoch": 1}, {"after": 8, "epoch": 2}):
        page = (await auditor.get("/v1/events", params=good)).json()
        assert (page["epoch"], page["next_after"]) == (2, 10)


async def test_an_empty_log_is_no_error(client):
    page = (await client(Role.AUDITOR).get("/v1/events")).json()
    assert page == {"items": [], "next_after": 0, "last_position": 0, "epoch": 1}


async def test_who_may_not_read_the_log_does_not(client):
    assert (await client(Role.BUYER, scopes=["sourcing:suppliers:read"]).get("/v1/events")).status_code == 403


async def test_only_an_administrator_sees_and_decides_about_parked_events(client):
    auditor = client(Role.AUDITOR, scopes=["events:read", "events:operate"])
    assert (await auditor.get("/v1/parked-events")).status_code == 403
    assert (await auditor.post("/v1/parked-events/1:retry")).status_code == 403
    assert (await auditor.post("/v1/parked-events/1:drop", json={"reason": "why not"})).status_code == 403
    admin = client(Role.ADMIN)
    assert (await admin.get("/v1/parked-events")).json()["items"] == []
    assert (await admin.post("/v1/parked-events/1:retry")).json()["code"] == "parked_event_not_found"
    assert (await admin.post("/v1/parked-events/1:drop", json={"reason": "gone"})).status_code == 404


class Trouble:
    """A ledger that refuses the second event of a stream until it is told to accept it."""

    def __init__(self, ledger: Ledger, database: Database, admin: httpx.AsyncClient) -> None:
        self.ledger, self.database, self.admin = ledger, database, admin
        self.key = str(uuid4())
        self.told = stream(self.key, 1, 10)
        self.refuses = True
        self.refusal: Exception = KeyError("no such colour")
        ledger.before = self._refuse

    async def _refuse(self, event: Any) -> None:
        if self.refuses and event.sequence == 2:
            raise self.refusal

    async def arrive(self, first: int, last: int) -> None:
        await Inbox(self.database, self.ledger.consumer).apply(self.told[first - 1 : last])

    async def parked(self) -> list[dict[str, Any]]:
        return (await self.admin.get("/v1/parked-events")).json()["items"]

    async def seen(self) -> list[int]:
        return (await self.ledger.entries(self.database)).get(self.key, [])

    async def post(self, event: dict[str, Any], action: str, **body: Any) -> httpx.Response:
        return await self.admin.post(f"/v1/parked-events/{event['id']}:{action}", json=body or None)


@pytest.fixture
def trouble(database: Database, ledger: Ledger, client: Client) -> Trouble:
    return Trouble(ledger, database, client(Role.ADMIN))


async def test_a_parked_event_is_retried_and_those_behind_it_go_on(trouble):
    await trouble.arrive(1, 5)
    parked = await trouble.parked()
    assert [(event["sequence"], event["reason"]) for event in parked] == [
        (2, "failed"),
        (3, "behind"),
        (4, "behind"),
        (5, "behind"),
    ]
    assert "no such colour" in parked[0]["error"]
    trouble.refuses = False
    response = await trouble.post(parked[0], "retry")
    assert response.json() == {"outcome": "applied", "released": 3, "error": None}
    assert await trouble.seen() == [1, 2, 3, 4, 5]
    assert await trouble.parked() == []
    await trouble.arrive(6, 6)
    assert await trouble.seen() == [1, 2, 3, 4, 5, 6]


async def test_a_retry_that_fails_leaves_everything_as_it_was_and_says_why(trouble):
    await trouble.arrive(1, 3)
    first = (await trouble.parked())[0]
    answer = (await trouble.post(first, "retry")).json()
    assert answer["outcome"] == "failed"
    assert "no such colour" in answer["error"]
    assert [(event["sequence"], event["attempts"]) for event in await trouble.parked()] == [(2, 2), (3, 0)]
    assert await trouble.seen() == [1]


async def test_an_event_that_waits_says_until_when_and_is_tried_at_once_on_request(trouble, monkeypatch):
    monkeypatch.setattr(inbox, "PATIENCE_SECONDS", 0.0)
    trouble.refusal = StaleDataError()
    await trouble.arrive(1, 3)
    first, second = await trouble.parked()
    assert (first["reason"], second["reason"], second["retry_at"]) == ("waiting", "behind", None)
    assert first["parked_at"] < first["retry_at"]
    assert (await trouble.post(first, "retry")).json()["outcome"] == "failed"
    again = (await trouble.parked())[0]
    assert (again["reason"], again["attempts"]) == ("waiting", 2)
    assert again["retry_at"] > first["retry_at"]
    trouble.refuses = False
    assert (await trouble.post(first, "retry")).json()["outcome"] == "applied"
    assert await trouble.seen() == [1, 2, 3]


async def test_a_parked_event_is_dropped_and_those_behind_it_go_on(trouble):
    await trouble.arrive(1, 4)
    first = (await trouble.parked())[0]
    assert (await trouble.post(first, "drop")).status_code == 422
    response = await trouble.post(first, "drop", reason="It was a test order")
    assert response.json() == {"outcome": "dropped", "released": 2, "error": None}
    assert await trouble.seen() == [1, 3, 4]
    await trouble.arrive(1, 5)
    assert await trouble.seen() == [1, 3, 4, 5]


async def test_the_first_of_a_stream_is_decided_about_first(trouble):
    await trouble.arrive(1, 4)
    second = (await trouble.parked())[1]
    for action in ("retry", "drop"):
        refused = await trouble.post(second, action, **({"reason": "hurry"} if action == "drop" else {}))
        assert refused.status_code == 409
        assert (refused.json()["code"], refused.json()["first_sequence"]) == ("event_parked_behind", 2)


@pytest.mark.parametrize("action", ["retry", "drop"])
async def test_missing_events_are_given_up_only_by_accepting_the_gap(trouble, action):
    reason = {"reason": "Lost for good"} if action == "drop" else {}
    await trouble.arrive(1, 1)
    await trouble.arrive(4, 6)
    first = (await trouble.parked())[0]
    assert (first["sequence"], first["reason"]) == (4, "gap")
    refused = await trouble.post(first, action, **reason)
    assert refused.status_code == 409
    assert refused.json() | {"missing_from": 2, "missing_to": 3} == refused.json()
    accepted = await trouble.post(first, action, accept_gap=True, **reason)
    assert accepted.json()["released"] == 2
    assert await trouble.seen() == ([1, 4, 5, 6] if action == "retry" else [1, 5, 6])
    assert await trouble.parked() == []


async def test_a_second_gap_behind_the_first_is_waited_for_in_its_turn(trouble):
    trouble.refuses = False
    await trouble.arrive(2, 2)
    await trouble.arrive(4, 5)
    await trouble.arrive(1, 1)
    assert await trouble.seen() == [1, 2]
    assert [(event["sequence"], event["reason"]) for event in await trouble.parked()] == [
        (4, "gap"),
        (5, "behind"),
    ]
    await trouble.arrive(3, 3)
    assert await trouble.seen() == [1, 2, 3, 4, 5]


async def test_decisions_about_parked_events_are_audited(trouble, database):
    await trouble.arrive(1, 3)
    first = (await trouble.parked())[0]
    await trouble.post(first, "retry")
    await trouble.post(first, "drop", reason="It was a test order")
    async with database.connection() as connection:
        records = await connection.fetch(
            "SELECT actor, action, entity, entity_id, before, after, reason FROM audit_record ORDER BY id"
        )
    assert [(r["actor"], r["action"], r["entity"], r["entity_id"], r["reason"]) for r in records] == [
        ("ada", "retry", "parked_event", str(first["id"]), None),
        ("ada", "drop", "parked_event", str(first["id"]), "It was a test order"),
    ]
    assert records[0]["before"]["sequence"] == 2
    assert records[1]["after"] == {"released": 1}


async def test_parked_events_are_listed_in_pages_and_by_consumer(trouble, database, client):
    other = Ledger("toys.other")
    for key in range(5):
        await Inbox(database, other.consumer).apply([envelope(f"{key}", 2)])
    await trouble.arrive(1, 3)
    admin = client(Role.ADMIN)
    page = (await admin.get("/v1/parked-events", params={"limit": 4})).json()
    rest = await admin.get("/v1/parked-events", params={"limit": 4, "cursor": page["next_cursor"]})
    assert [event["consumer"] for event in page["items"] + rest.json()["items"]] == ["toys.other"] * 5 + [
        "toys.ledger"
    ] * 2
    assert rest.json()["next_cursor"] is None
    mine = (await admin.get("/v1/parked-events", params={"consumer": "toys.ledger"})).json()
    assert [event["sequence"] for event in mine["items"]] == [2, 3]


async def test_an_event_of_a_consumer_of_another_service_is_not_retried_here(database, client):
    other = Ledger("elsewhere.ledger")
    await Inbox(database, other.consumer).apply([envelope("a", 2)])
    admin = client(Role.ADMIN)
    parked = (await admin.get("/v1/parked-events")).json()["items"][0]
    refused = await admin.post(f"/v1/parked-events/{parked['id']}:retry", json={"accept_gap": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "consumer_not_here")


async def test_an_unreadable_message_is_dropped_and_never_retried(database, trouble):
    message = unreadable("orders", 0, 17, datetime.now(UTC), b"hello", "missing ce_type")
    await Inbox(database, trouble.ledger.consumer).set_aside(message)
    (parked,) = await trouble.parked()
    assert (parked["reason"], parked["data"]) == ("unreadable", "hello")
    assert (await trouble.post(parked, "retry")).json()["code"] == "event_unreadable"
    assert (await trouble.post(parked, "drop", reason="Not ours")).status_code == 200
    assert await trouble.parked() == []
