"""KPIs of whole orders, of what stands, over other facts, over all suppliers, and over rolling periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.inbox import Inbox
from supplier_performance.deliveries.consumers import ORDERS
from supplier_performance.kpis import queries
from supplier_performance.kpis.rules.kpi import By
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.suppliers.consumers import SUPPLIERS

from .standing import accepted, assessed, qualified
from .test_kpi_figures import asked_for, figure, figures, kpi_of, said
from .world import TODAY, World, ordered


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def test_an_order_counts_once_and_is_perfect_only_if_all_its_lines_are(world: World) -> None:
    supplier = await world.supplier()
    perfect = await world.order(supplier, ago(20), ago(10))
    half = await world.order(supplier, ago(20), ago(10))
    damaged, announced, open_yet = [await world.order(supplier, ago(10)) for _ in range(3)]
    for order, line, on in (
        (perfect, 1, ago(21)),
        (perfect, 2, ago(10)),
        (half, 1, ago(20)),
        (half, 2, ago(9)),
    ):
        await world.receive(order, on, line=line)
    await world.receive(damaged, ago(12), "11", "1")
    shipment = await world.ship(announced, ago(10), "9")
    await world.receive(announced, ago(10), shipment=shipment)
    await world.move(open_yet, TODAY, due_on=TODAY, by="buyer", first=ago(10))
    await world.keep_facts()
    found = await figure(world, "perfect-order", asked_for(supplier))
    assert said(found, "numerator", "denominator", "value") == [1, 4, Decimal("25.00")]
    lines = await figure(world, "on-time-in-full", asked_for(supplier))
    assert said(lines, "numerator", "denominator") == [5, 6]


class AtOnce(World):
    """The services as they are heard after a while: all that was said in one batch."""

    async def deliver(self, consumer: Consumer, *envelopes: Envelope) -> None:
        self.sent.extend(envelopes)

    async def hear(self) -> None:
        for consumer in (SUPPLIERS, ORDERS):
            said = [envelope for envelope in self.sent if envelope.topic == consumer.topic]
            await Inbox(self.context.database, consumer).apply(said)
        await self.keep_facts()


async def test_a_hundred_orders_with_ten_single_faults_are_ninety_percent_perfect(world: World) -> None:
    """V41, SCOR RL.1.1: 90 %, and not the product of 96, 97, 98 and 99 %, which is 90.35."""
    said_at_once = AtOnce(world.context, world.clock)
    supplier = await said_at_once.supplier()
    faults = ["late"] * 4 + ["short"] * 3 + ["papers"] * 2 + ["damaged"] + [""] * 90
    for fault in faults:
        order = await said_at_once.order(supplier, ago(10))
        announced = "9" if fault == "papers" else "10"
        shipment = await said_at_once.ship(order, ago(10), announced) if fault != "short" else None
        quantity, rejected = {"short": ("9", "0"), "damaged": ("10", "1")}.get(fault, ("10", "0"))
        came = ago(9) if fault == "late" else ago(10)
        await said_at_once.receive(order, came, quantity, rejected, shipment=shipment)
    await said_at_once.hear()
    found = await figure(world, "perfect-order", asked_for(supplier))
    assert said(found, "numerator", "denominator", "value") == [90, 100, Decimal("90.00")]


async def test_a_line_that_was_called_off_in_time_is_of_no_order_any_more(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(20), ago(2))
    await world.receive(order, ago(20))
    await world.close_line(order, ago(5), line=2)
    await world.keep_facts()
    assert (await figure(world, "perfect-order", asked_for(supplier))).value == 100


async def test_notices_replacements_and_prices_have_figures(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), quantity="20", price="2")
    shipment = await world.ship(order, TODAY, "10")
    await world.receive(order, TODAY, "10", "4", ended="1", shipment=shipment)
    await world.receive(order, TODAY, "10", shipment=await world.ship(order, TODAY, "9"))
    await world.amend(order, ago(11), ordered(ago(10), "20", price="3"))
    await world.keep_facts()
    notices = await figure(world, "shipment-notice-accuracy", asked_for(supplier))
    assert said(notices, "numerator", "denominator") == [1, 2]
    replaced = await figure(world, "replacement-rate", asked_for(supplier))
    assert said(replaced, "numerator", "denominator", "unit", "value") == [3, 20, "C62", 15]
    priced = await figure(world, "price-variance", asked_for(supplier))
    assert said(priced, "numerator", "denominator", "currency", "value") == [20, 40, "EUR", 50]


async def test_what_stands_has_a_figure_each_month(world: World) -> None:
    supplier = await world.supplier()
    await accepted(world, supplier, date(2026, 3, 2), date(2026, 4, 30))
    await accepted(world, supplier, date(2026, 4, 2), None, "insurance")
    await qualified(world, supplier, date(2026, 4, 2), date(2026, 5, 15))
    await world.keep_facts()
    valid = await figures(world, "document-validity", asked_for(supplier, By.MONTH))
    assert [tuple(said(one, "key", "value")) for one in valid] == [
        ("2026-03", 100),
        ("2026-04", 100),
        ("2026-05", 50),
        ("2026-06", 50),
    ]
    held = await figures(world, "qualification-validity", asked_for(supplier, By.MONTH, category="fasteners"))
    assert [tuple(said(one, "key", "value")) for one in held] == [
        ("2026-04", 100),
        ("2026-05", 0),
        ("2026-06", 0),
    ]


async def test_a_denominator_may_be_of_other_facts_of_the_same_group(world: World) -> None:
    supplier = await world.supplier()
    for day in (ago(50), ago(20), ago(20)):
        await world.order(supplier, day)
    order = await world.order(supplier, ago(20))
    for later in (15, 10, 8):
        await world.move(order, ago(later), due_on=ago(20), by="supplier", first=ago(20))
    assert said(await figure(world, "promise-moves", asked_for(supplier)), "numerator", "denominator") == [
        3,
        4,
    ]
    months = await figures(world, "promise-moves", asked_for(supplier, By.MONTH))
    assert [tuple(said(one, "key", "numerator", "denominator", "value")) for one in months] == [
        ("2026-04", 0, 1, 0),
        ("2026-05", 3, 3, 1),
    ]


async def spent(world: World, supplier: UUID, on: date, *amounts: str, **more: Any) -> None:
    for amount in amounts:
        await world.receive(await world.order(supplier, on, quantity="1", price=amount, **more), on, "1")


async def test_dependency_is_the_share_of_one_in_what_all_are_worth(world: World) -> None:
    one, other = await world.supplier(), await world.supplier()
    await spent(world, one, ago(20), "30")
    await spent(world, one, ago(50), "10")
    await spent(world, other, ago(20), "50", "10")
    await spent(world, other, ago(20), "7", currency="JPY")
    whole = await figures(world, "dependency", asked_for(by=By.SUPPLIER))
    assert {(each.key, each.currency): each.value for each in whole} == {
        (str(one), "EUR"): 40,
        (str(other), "EUR"): 60,
        (str(other), "JPY"): 100,
    }
    months = await figures(world, "dependency", asked_for(one, By.MONTH))
    assert [tuple(said(each, "key", "numerator", "denominator")) for each in months] == [
        ("2026-04", 10, 10),
        ("2026-05", 30, 90),
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 50)), min_size=1, max_size=6))
async def test_concentration_is_the_sum_of_the_squares_of_shares(
    world: World, amounts: list[tuple[int, int]]
) -> None:
    item = f"fasteners-{len(world.sent)}"
    own = [await world.supplier() for _ in range(3)]
    for which, amount in amounts:
        await spent(world, own[which], ago(20), str(amount), category=item)
    total = sum(amount for _, amount in amounts)
    squares = sum(sum(a for w, a in amounts if w == which) ** 2 for which in range(3))
    found = await figure(world, "concentration", asked_for(category=item))
    assert said(found, "numerator", "denominator") == [squares, total**2]
    assert found.value == round(Decimal(squares) * 10000 / total**2 + Decimal("1e-9"))


async def test_how_far_lead_times_lie_apart_is_between_days_that_occurred(world: World) -> None:
    supplier = await world.supplier()
    for lead in (3, 10, 11, 12, 40):
        order = await world.order(supplier, ago(5), ordered_on=ago(50))
        await world.receive(order, ago(50 - lead))
    found = await figure(world, "lead-time-spread", asked_for(supplier))
    assert said(found, "value", "numerator", "denominator") == [37, None, 5]


async def test_a_period_may_be_of_those_before_it(world: World) -> None:
    supplier = await world.supplier()
    for month, amount in ((2, "1"), (3, "10"), (4, "100"), (6, "1000")):
        await spent(world, supplier, date(2026, month, 10), amount)
    asked = asked_for(supplier, By.MONTH)
    window = type(asked.question.window)(date(2026, 4, 20), TODAY)
    rolled = type(asked)(type(asked.question)(window), asked.scope, supplier, By.MONTH, rolling=3)
    async with world.context.database.transaction() as tx:
        found = await queries.figures(tx, SHIPPED["spend"], rolled, None, 10)
        peers = await queries.peers(tx, SHIPPED["spend"], rolled, found)
    assert [tuple(said(one, "key", "value")) for one in found] == [
        ("2026-04", 111),
        ("2026-05", 110),
        ("2026-06", 1100),
    ]
    assert peers["2026-05", "EUR", None].median == 110


async def test_a_category_is_of_all_that_lies_in_it(world: World) -> None:
    supplier = await world.supplier()
    for code in ("fasteners", "bolts", "metals"):
        await spent(world, supplier, ago(20), "10", category=code)
    async with world.context.database.connection() as connection:
        await connection.execute(
            "INSERT INTO category (code, category_id, names, parent, ancestors, changed_at) "
            "VALUES ('bolts', gen_random_uuid(), '[]', 'fasteners', ARRAY['fasteners', 'metals'], now())"
        )
    assert (await figure(world, "spend", asked_for(category="fasteners"))).value == 20


async def test_what_others_did_and_what_no_supplier_is_told_is_not_shown_to_one(
    world: World, api: httpx.AsyncClient, as_supplier: Callable[[UUID], dict[str, str]]
) -> None:
    headers = as_supplier(await world.supplier())
    listed = (await api.get("/v1/kpis", headers=headers)).json()["items"]
    assert {one["code"] for one in listed} == SHIPPED.keys() - {"dependency", "qualification-result"}
    for what in ("", "/figures", "/evidence"):
        refused = await api.get(f"/v1/kpis/dependency{what}", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (404, "kpi_not_found")


async def test_only_periods_roll(world: World, api: httpx.AsyncClient) -> None:
    refused = await api.get("/v1/kpis/spend/figures?by=item&rolling=3")
    assert (refused.status_code, refused.json()["code"]) == (422, "rolling_without_period")
    answer = await api.get("/v1/kpis/spend/figures?by=month&rolling=3")
    assert answer.status_code == 200


async def test_risks_can_be_counted_by_us_alone(world: World) -> None:
    supplier = await world.supplier()
    high = {
        "of": "risks",
        "numerator": {
            "aggregate": "count",
            "where": {"condition": "is_one_of", "column": "level", "values": ["high", "critical"]},
        },
        "unit": "count",
        "direction": "lower",
    }

    await assessed(world, supplier, ago(3), "high")
    await world.keep_facts()
    assert (await figure(world, kpi_of(high), asked_for(supplier))).value == 1


async def test_figures_can_be_asked_by_what_was_known(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(9), "10", "5", ended="0")
    [now] = (await api.get("/v1/kpis/replacement-rate/figures")).json()["items"]
    assert now["value"] == "50.00"
    known = await api.get(f"/v1/kpis/replacement-rate/figures?known_on={ago(1)}")
    assert known.json()["items"] == []
    refused = await api.get(f"/v1/kpis/on-time/figures?known_on={ago(1)}")
    assert (refused.status_code, refused.json()["code"]) == (422, "kpi_not_told_apart")
