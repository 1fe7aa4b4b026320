"""What is kept bit by bit is what all events make at once, to the last digit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.events.procurement.orders import POClosed
from purveyor_messaging.envelope import Envelope
from supplier_performance.recomputing.commands import Verified, verify
from supplier_performance.worker import CONSUMERS

from .standing import tell_of_standing
from .test_merged_suppliers import merged
from .test_templates import ON_TIME, STATED, Owners
from .world import TODAY, Order, World, ordered

DAYS = st.integers(-40, 30)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "order",
                "receive",
                "reverse",
                "amend",
                "cancel",
                "close",
                "reopen",
                "move",
                "ship",
                "delay",
                "answer",
            ]
        ),
        st.integers(0, 3),
        DAYS,
        st.integers(1, 10),
    ),
    min_size=4,
    max_size=14,
)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


async def take(world: World, supplier: UUID, orders: list[Order], step: tuple[str, int, int, int]) -> None:
    """Let a step happen, of one of the orders that there are."""
    name, which, days, quantity = step
    if name == "order" or not orders:
        orders.append(await world.order(supplier, on(days), on(days + 5), quantity=str(quantity)))
        return
    order = orders[which % len(orders)]
    match name:
        case "receive":
            rejected = str(min(which, quantity))
            await world.receive(order, on(days), str(quantity), rejected, ended="0")
        case "reverse":
            receipt = await world.receive(order, on(days), str(quantity))
            await world.reverse(order, on(days), on(days + which), str(quantity), receipt=receipt.id)
        case "amend":
            lines = (ordered(on(days), str(quantity)), ordered(on(days + 9), "3", 2, "7.25"))
            await world.amend(order, on(days - 10), *lines[: 1 + which % 2])
        case "cancel":
            await world.cancel(order, on(days))
        case "close":
            await world.close_line(order, on(days), rest=str(quantity))
        case "reopen":
            await world.reopen_line(order, on(days), rest=str(quantity))
        case "move":
            by: Any = "buyer" if which % 2 else "supplier"
            await world.move(order, on(days + 3), on(days), by=by)
        case "ship":
            shipment = await world.ship(order, on(days), str(quantity))
            await world.receive(order, on(days + which), str(quantity), shipment=shipment)
        case "delay":
            shipment = await world.ship(order, on(days))
            await world.delay(order, shipment, on(days + 2))
        case _:
            await world.acknowledge(order, on(days - 20), on(days))


async def log_of(world: World) -> AsyncIterator[Sequence[Envelope]]:
    """Yield what was published, in pages that part streams."""
    for start in range(0, len(world.sent), 50):
        yield world.sent[start : start + 50]


async def verified(world: World) -> Verified:
    async with world.context.database.transaction() as tx:
        return await verify(tx, CONSUMERS, [log_of(world)])


@settings(
    max_examples=8,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
async def test_random_histories_are_kept_as_a_full_recompute_makes_them(
    world: World, steps: list[tuple[str, int, int, int]]
) -> None:
    """All examples go on in one database: each finds what those before it have left."""
    supplier = await world.supplier()
    orders: list[Order] = []
    for step in steps:
        await take(world, supplier, orders, step)
    await world.keep_facts()
    await world.rescore()
    found = await verified(world)
    assert found.differing == []
    assert (found.scorecards > 0, found.waiting, found.due) == (True, 0, 0)


async def test_a_template_a_merger_and_what_sourcing_tells_are_recomputed_too(
    world: World, api: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    await world.category("metals")
    await world.category("fasteners", "metals")
    first, second = await world.supplier("First GmbH"), await world.supplier("Second GmbH")
    for supplier in (first, second):
        for days in (90, 60, 30):
            order = await world.order(supplier, on(-days))
            await world.receive(order, on(7 - days))
    await tell_of_standing(world, first)
    kpis = [ON_TIME | {"weight": "50"}, ON_TIME | {"kpi": "document-validity", "weight": "50"}]
    await Owners(api, issuer).let_judge("metals", STATED | {"category": "metals", "kpis": kpis})
    await world.say_of_supplier(merged(second, first))
    await world.rescore()
    await world.keep_facts()
    waiting = await verified(world)
    await world.rescore()

    found = await verified(world)

    assert (waiting.due, waiting.differing) == (1, [])
    assert (found.due, found.waiting, found.differing) == (0, 0, [])
    assert (found.scorecards, found.applied) == (1, heard(world))


def heard(world: World) -> int:
    """Return how often events are heard, each by all consumers of its topic."""
    return sum(one.topic == consumer.topic for one in world.sent for consumer in CONSUMERS)


async def test_what_was_changed_by_hand_or_never_heard_is_named(world: World) -> None:
    supplier = await world.supplier()
    orders = [await world.order(supplier, on(-days)) for days in (30, 20, 10)]
    for order in orders:
        await world.receive(order, on(-30))
    await world.keep_facts()
    await world.rescore()
    orders[0].sequence += 1
    world.sent.append(world.envelope(closed(orders[0]), orders[0].sequence))
    before = await world.fetch("SELECT * FROM order_line ORDER BY order_id")
    assert ((await verified(world)).waiting, (await verified(world)).differing) == (2, [])
    assert await world.fetch("SELECT * FROM order_line ORDER BY order_id") == before

    changed = "UPDATE order_line SET completed_on = completed_on + 40 WHERE order_id = $1 RETURNING 1"
    await world.fetch(changed, orders[1].id)
    found = await verified(world)

    row = f"{orders[1].id} 1"
    [difference] = found.tables
    assert (difference.table, difference.kept, difference.told) == ("order_line", [row], [row])
    assert found.scores == []
    await world.fetch(
        "UPDATE scorecard SET score = 1, card = jsonb_set(card, '{score}', '\"1.0\"') RETURNING 1"
    )
    [told] = (await verified(world)).scores
    assert str(told) == f"scorecard of {supplier}: 1 A is kept, events make 100.0 A"


async def test_an_event_that_cannot_be_applied_again_is_named_and_the_others_are(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, on(-30))
    await world.receive(order, on(-30))
    await world.keep_facts()
    receipt = world.sent[-1]
    world.sent[-1] = receipt._replace(data=b"{}")
    found = await verified(world)
    assert [one.envelope.id for one in found.not_applied] == [receipt.id] * 2
    assert [one.table for one in found.tables] == ["order_line", "received_line", "order_event"]


def closed(order: Order) -> POClosed:
    return POClosed(order_id=order.id, supplier_id=order.supplier_id, number=order.number, closed_on=TODAY)
