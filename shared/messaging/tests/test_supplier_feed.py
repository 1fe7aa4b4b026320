"""The event log as a supplier reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, ClassVar
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.messaging.tests.orders import eventually
from shared.messaging.tests.test_relay import Recorder, all_is_published, relaying

from purveyor.db import Database
from purveyor.service import ServiceContext
from purveyor.settings import Settings
from purveyor_contract.roles import Role
from purveyor_messaging import supplier_feed
from purveyor_messaging.api import build_app
from purveyor_messaging.audience import RESTATED, Told, as_told, tells
from purveyor_messaging.envelope import Event, Restated, ToldEvent
from purveyor_messaging.outbox import record_numbered

INTERNAL = "secret of the buyer"
OURS, THEIRS = uuid4(), uuid4()


class Sold(Event):
    """Something is told of it."""

    service: ClassVar[str] = "toys"
    topic: ClassVar[str] = "toys.sales"
    key_field: ClassVar[str] = "sale_id"
    to_supplier: ClassVar[Told] = tells("sale_id", "supplier_id", "amount", lines=("item",))

    sale_id: UUID
    supplier_id: UUID
    amount: int
    sold_by: str = INTERNAL
    lines: tuple[dict[str, str], ...] = ({"item": "bolt", "cost_centre": INTERNAL},)


class Judged(Sold):
    """Nothing is told of it."""

    to_supplier: ClassVar[Told] = {}


class SaleRestated(Restated):
    """A stream told again, which names its supplier in its events only."""

    service: ClassVar[str] = "toys"
    topic: ClassVar[str] = "toys.sales"
    key_field: ClassVar[str] = "sale_id"
    to_supplier: ClassVar[Told] = tells("sale_id", *RESTATED)

    sale_id: UUID


@pytest.fixture
async def portal(database: Database, issuer: Any) -> AsyncIterator[Callable[[UUID], httpx.AsyncClient]]:
    """Make the client of a supplier's people."""
    settings = Settings(database_url=database.url, oidc_issuer=issuer.url, oidc_jwks_file=issuer.jwks_file)
    context = ServiceContext.create("toys", settings)
    publishes = (Sold, Judged, SaleRestated)
    app = build_app(context, (), title="Toys", description="Toys.", publishes=publishes)

    def make(supplier_id: UUID) -> httpx.AsyncClient:
        token = issuer.token("sue", Role.SUPPLIER, supplier_id=supplier_id)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://test",
            headers={"Authorization": f"Bearer {token}"},
        )

    yield make
    await context.database.close()


async def published(database: Database, *events: Event) -> None:
    """Publish events, each the only one of its stream so far."""
    async with relaying(database, Recorder(), batch_events=3):
        for event in events:
            async with database.transaction() as tx:
                record_numbered(tx, event, 1)
        await eventually(lambda: all_is_published(database))


def sold(supplier_id: UUID, amount: int, event: type[Sold] = Sold) -> Sold:
    return event(sale_id=uuid4(), supplier_id=supplier_id, amount=amount)


async def test_a_supplier_reads_its_own_events_and_of_them_what_it_is_told(database, portal):
    await published(database, sold(THEIRS, 1), sold(OURS, 2), sold(OURS, 3, Judged), sold(OURS, 4))
    response = await portal(OURS).get("/v1/events")
    assert response.status_code == 200, response.text
    page = response.json()
    assert [item["event"]["data"]["amount"] for item in page["items"]] == [2, 4]
    assert page["items"][0]["event"]["data"].keys() == {"sale_id", "supplier_id", "amount", "lines"}
    assert page["items"][0]["event"]["data"]["lines"] == [{"item": "bolt"}]
    assert INTERNAL not in response.text
    assert str(THEIRS) not in response.text
    assert not {"streamsequence", "streamprevious", "traceparent"} & page["items"][0]["event"].keys()
    assert (page["next_after"], page["up_to_date"], page["epoch"]) == (4, True, 1)


async def test_a_supplier_reads_on_from_where_it_was_through_what_is_not_its_own(
    database, portal, monkeypatch
):
    monkeypatch.setattr(supplier_feed, "LOOKED_AT", 3)
    own = {2, 3, 9, 10}
    await published(database, *(sold(OURS if n in own else THEIRS, n) for n in range(1, 12)))
    read, after, pages = [], 0, 0
    while True:
        page = (await portal(OURS).get("/v1/events", params={"after": after, "limit": 2})).json()
        read += [item["event"]["data"]["amount"] for item in page["items"]]
        assert page["next_after"] > after
        after, pages = page["next_after"], pages + 1
        if page["up_to_date"]:
            break
    assert (read, after) == ([2, 3, 9, 10], 11)
    assert pages > 3
    again = (await portal(OURS).get("/v1/events", params={"after": after})).json()
    assert (again["items"], again["next_after"], again["up_to_date"]) == ([], 11, True)


async def test_a_stream_that_is_told_again_tells_a_supplier_what_its_events_do(database, portal):
    held = [sold(OURS, 5), sold(OURS, 6, Judged)]
    told = tuple(
        ToldEvent(
            id=uuid4(),
            type=event.type_name(),
            sequence=number,
            time="2026-03-02T09:30:00Z",
            data=event.model_dump(mode="json"),
        )
        for number, event in enumerate(held, 1)
    )
    await published(database, SaleRestated(sale_id=uuid4(), reason=INTERNAL, events=told))
    response = await portal(OURS).get("/v1/events")
    [event] = [item["event"] for item in response.json()["items"]]
    assert [again["data"]["amount"] for again in event["data"]["events"]] == [5]
    assert event["data"]["events"][0].keys() == {"id", "type", "time", "data"}
    assert INTERNAL not in response.text
    assert (await portal(THEIRS).get("/v1/events")).json()["items"] == []


async def test_a_supplier_is_told_that_what_it_asks_for_is_archived(database, portal):
    await published(database, sold(OURS, 1), sold(OURS, 2))
    async with database.connection() as connection:
        await connection.execute("DELETE FROM outbox WHERE id = (SELECT min(id) FROM outbox)")
    refused = await portal(OURS).get("/v1/events")
    assert (refused.status_code, refused.json()["begins_at"]) == (410, 2)
    assert len((await portal(OURS).get("/v1/events", params={"after": 1})).json()["items"]) == 1


NAMES = st.sampled_from(["number", "reason", "lines", "total"])
CONTENT = st.recursive(
    st.text(max_size=5),
    lambda inner: st.lists(st.dictionaries(NAMES, inner), max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, CONTENT), st.frozensets(NAMES))
def test_nothing_is_told_that_is_not_named(data: dict[str, Any], names: frozenset[str]) -> None:
    told = as_told(data, tells(*names))
    assert told == {name: value for name, value in data.items() if name in names}


def test_a_part_that_is_not_there_is_told_as_it_is() -> None:
    assert as_told({"total": None, "more": 1}, tells(total=("amount",))) == {"total": None}
