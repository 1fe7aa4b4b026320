"""Behind every figure are lines and events that add up to it exactly."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from .world import World

TODAY = date(2026, 6, 15)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def evidence(
    api: httpx.AsyncClient, supplier: UUID, measure: str, **query: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Read every page; return the figures and the lines."""
    lines: list[dict[str, Any]] = []
    cursor = None
    while True:
        params: dict[str, Any] = {"measure": measure, "limit": 2, **query}
        params |= {"cursor": cursor} if cursor else {}
        response = await api.get(f"/v1/suppliers/{supplier}/score/evidence", params=params)
        assert response.status_code == 200, response.text
        page = response.json()
        lines += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return page["figures"], lines


async def chequered_past(world: World) -> UUID:
    """Delivered well, late, in parts, badly, not at all, not yet; called off in time and too late."""
    supplier = await world.supplier()
    good = await world.order(supplier, ago(60), ago(50), price="1.234567")
    await world.receive(good, ago(61), line=1)
    await world.receive(good, ago(40), line=2)
    parts = await world.order(supplier, ago(45), base="3", price="1")
    await world.receive(parts, ago(30), quantity="7", rejected="0.5")
    await world.receive(parts, ago(46), quantity="3")
    await world.order(supplier, ago(20))
    not_yet = await world.order(supplier, TODAY, currency="JPY", price="7.77")
    await world.receive(not_yet, ago(1), quantity="5", rejected="5")
    in_time = await world.order(supplier, ago(15))
    await world.cancel(in_time, ago(16))
    too_late = await world.order(supplier, ago(15))
    await world.cancel(too_late, ago(10))
    other = await world.order(await world.supplier(), ago(20))
    await world.receive(other, ago(20))
    return supplier


FIGURES = {
    "on_time": ("on_time_percent", 100, "0.01"),
    "in_full": ("in_full_percent", 100, "0.01"),
    "on_time_in_full": ("on_time_in_full_percent", 100, "0.01"),
    "rejected_ppm": ("rejected_ppm", 1_000_000, "1"),
    "average_days_late": ("average_days_late", 1, "0.01"),
}


@pytest.mark.parametrize("query", [{}, {"as_of": str(ago(35))}, {"from": str(ago(48)), "to": str(ago(15))}])
@pytest.mark.parametrize("measure", FIGURES)
async def test_the_lines_add_up_to_the_figure(
    world: World, api: httpx.AsyncClient, measure: str, query: dict[str, str]
) -> None:
    supplier = await chequered_past(world)
    performance = await api.get(f"/v1/suppliers/{supplier}/performance", params=query)
    name, scale, unit = FIGURES[measure]

    (figure,), lines = await evidence(api, supplier, measure, **query)

    numerator = sum((Decimal(line["numerator"]) for line in lines), Decimal(0))
    denominator = sum((Decimal(line["denominator"]) for line in lines), Decimal(0))
    assert (numerator, denominator) == (Decimal(figure["numerator"]), Decimal(figure["denominator"]))
    value = (numerator * scale / denominator).quantize(Decimal(unit), ROUND_HALF_UP)
    assert f"{value}" == figure["value"] == performance.json()["measures"][name]


@pytest.mark.parametrize("query", [{}, {"as_of": str(ago(35))}])
async def test_the_lines_add_up_to_the_rejects_of_each_unit_and_over_units(
    world: World, api: httpx.AsyncClient, query: dict[str, str]
) -> None:
    supplier = await chequered_past(world)
    steel = await world.order(supplier, ago(44), unit="KGM", quantity="5000", price="1.10")
    await world.receive(steel, ago(44), quantity="5000", rejected="7")
    shown = (await api.get(f"/v1/suppliers/{supplier}/performance", params=query)).json()["measures"]

    figures, lines = await evidence(api, supplier, "rejected_ppm", **query)

    for quantity in shown["quantities"]:
        [figure] = [figure for figure in figures if figure["unit"] == quantity["unit"]]
        its = [line for line in lines if line["unit"] == quantity["unit"]]
        assert sum(Decimal(line["numerator"]) for line in its) == Decimal(figure["numerator"])
        assert sum(Decimal(line["denominator"]) for line in its) == Decimal(figure["denominator"])
        assert (figure["value"], figure["numerator"], figure["denominator"]) == (
            quantity["rejected_ppm"],
            quantity["rejected"],
            quantity["received"],
        )
    for figure in figures:
        if figure["currency"]:
            its = [line for line in lines if line["value"]["currency"] == figure["currency"]]
            assert sum(Decimal(line["rejected_value"]) for line in its) == Decimal(figure["numerator"])
            assert sum(Decimal(line["value"]["amount"]) for line in its) == Decimal(figure["denominator"])
    assert figures[-1]["value"] == shown["rejected_ppm"]


@pytest.mark.parametrize("query", [{}, {"as_of": str(ago(35))}])
async def test_spend_adds_up_in_each_currency(
    world: World, api: httpx.AsyncClient, query: dict[str, str]
) -> None:
    supplier = await chequered_past(world)
    performance = await api.get(f"/v1/suppliers/{supplier}/performance", params=query)

    figures, lines = await evidence(api, supplier, "spend", **query)

    spend: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        assert line["numerator"] == line["spend"]["amount"]
        spend[line["spend"]["currency"]] += Decimal(line["spend"]["amount"])
    shown = [{"amount": str(amount), "currency": currency} for currency, amount in sorted(spend.items())]
    assert shown == performance.json()["measures"]["spend"]
    assert [(figure["currency"], figure["value"]) for figure in figures] == [
        (money["currency"], money["amount"]) for money in shown
    ]


async def test_nine_of_ten_lines_were_no_later_than_the_percentile(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await chequered_past(world)
    (figure,), lines = await evidence(api, supplier, "p90_days_late")
    days = sorted(line["days_late"] for line in lines)
    no_later = sum(day <= int(figure["value"]) for day in days)
    assert no_later >= Decimal("0.9") * len(days)
    assert int(figure["value"]) in days


@pytest.mark.parametrize("query", [{}, {"as_of": str(ago(35))}])
async def test_the_events_of_a_line_add_up_to_the_line(
    world: World, api: httpx.AsyncClient, query: dict[str, str]
) -> None:
    supplier = await chequered_past(world)
    _, lines = await evidence(api, supplier, "rejected_ppm", **query)
    assert lines
    for line in lines:
        receipts = [event for event in line["events"] if event["type"].endswith(".GoodsReceived.v1")]
        assert sum(Decimal(event["quantity"]) for event in receipts) == Decimal(line["received_quantity"])
        assert sum(Decimal(event["rejected_quantity"]) for event in receipts) == Decimal(
            line["rejected_quantity"]
        )


async def test_evidence_names_the_very_events_that_were_received(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), ago(9))
    await world.acknowledge(order, ago(30))
    await world.receive(order, ago(9), line=2)
    late = await world.receive(order, ago(3), quantity="10", rejected="1")
    await world.close(order, ago(3))
    issued = next(envelope for envelope in world.sent if envelope.key == str(order.id))

    _, (line, _other) = await evidence(api, supplier, "on_time")

    assert (line["order_number"], line["line_number"], line["on_time"]) == (order.number, 1, False)
    assert (line["numerator"], line["denominator"], line["days_late"]) == ("0", "1", 7)
    assert [(event["event_id"], event["sequence"], event["type"]) for event in line["events"]] == [
        (str(issued.id), 1, "purveyor.procurement.POIssued.v1"),
        (str(late.id), 4, "purveyor.procurement.GoodsReceived.v1"),
    ]
    receipt = line["events"][1]
    assert receipt["business_date"] == str(ago(3))
    assert (receipt["quantity"], receipt["rejected_quantity"]) == ("10", "1")
    assert receipt["rejection_reason"] == "wrong thread"


async def test_a_cancellation_is_evidence_too(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.cancel(order, ago(5))

    _, (line,) = await evidence(api, supplier, "average_days_late")

    assert (line["cancelled_on"], line["days_late"]) == (str(ago(5)), 5)
    assert [event["type"].split(".")[2] for event in line["events"]] == ["POIssued", "POCancelled"]


async def test_spend_is_what_was_accepted_at_what_the_line_comes_to(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await world.supplier()
    rebated = await world.order(supplier, ago(20), quantity="100", price="10", off="200")
    await world.receive(rebated, ago(21), quantity="60")
    await world.receive(rebated, ago(20), quantity="40")
    replaced = await world.order(supplier, ago(10), quantity="100", price="10")
    await world.receive(replaced, ago(12), quantity="100", rejected="10", ended="0")
    await world.receive(replaced, ago(11), quantity="10")
    refused = await world.order(supplier, ago(5), quantity="3", price="1", currency="JPY")
    await world.receive(refused, ago(5), quantity="3", rejected="3", ended="3")

    figures, lines = await evidence(api, supplier, "spend")

    assert [line["spend"]["amount"] for line in lines] == ["800.00", "1000.00", "0"]
    assert [line["value"]["amount"] for line in lines] == ["800.00", "1100.00", "3"]
    assert [(figure["currency"], figure["value"]) for figure in figures] == [("EUR", "1800.00"), ("JPY", "0")]
