"""Nothing that a supplier writes makes more payable than was ordered, came and was not charged before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from asyncpg import DeadlockDetectedError

from procurement.invoices.model import SupplierInvoice
from procurement.invoices.rules.terms import Adjustment
from procurement.matching.commands import looking, match_invoice
from purveyor.db import Transaction

from .conftest import World, arrived, line
from .invoices.rules.writing import ubl
from .invoicing import S19, billed, charged, clerk, received, send
from .test_matching import Found, invoiced, match_of, open_kinds, resolve, settle


async def test_an_allowance_below_zero_and_rounding_by_units_are_for_accounts_payable(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    below = Adjustment(False, Decimal("-500.00"), reason="bonus", category=S19)
    raised = await received(clerk(world), billed("P-1", order["number"], adjustments=[below]))
    said = billed("P-2", order["number"], charged(quantity="1"))
    payable = (said.payable or Decimal(0)) + 400
    rounded = await received(clerk(world), replace(said, rounding=Decimal("400.00"), payable=payable))
    await settle(world)
    for invoice in (raised, rounded):
        assert ("amount", None) in await open_kinds(world, invoice)
        assert (await match_of(world, invoice))["status"] == "exception"


@pytest.mark.parametrize("credits", [None, "P-3"])
async def test_a_credit_note_below_zero_is_refused_with_its_fields(world: World, credits: str | None) -> None:
    order = await world.issued()
    await received(clerk(world), billed("P-3", order["number"]))
    said = billed("P-4", order["number"], charged(quantity="-10"), credits="P-3")
    if credits is None:
        said = replace(said, preceding=())
    answer = await send(clerk(world), said)
    assert (answer.status_code, answer.json()["code"]) == (422, "credit_below_zero")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/net", "/tax", "/gross", "/payable"]


async def test_a_quantity_of_26_nines_is_refused(world: World) -> None:
    order = await world.issued()
    content = ubl(billed("P-5", order["number"])).replace(b">10<", b">" + b"9" * 26 + b"<")
    answer = await send(clerk(world), content)
    assert (answer.status_code, answer.json()["code"]) == (422, "invoice_unreadable")
    assert "InvoicedQuantity" in answer.json()["detail"]


async def test_1_12_and_11_2_are_two_invoices(world: World) -> None:
    order = await world.issued()
    await received(clerk(world), billed("1-12", order["number"]))
    await received(clerk(world), billed("11-2", order["number"]))
    again = await send(clerk(world), billed("01 / 012", order["number"]))
    assert (again.status_code, again.json()["code"]) == (409, "invoice_duplicate")


async def settled_status(world: World, *several: Found) -> list[str]:
    """Let the chore look until nothing changes any more, and return where invoices stand."""
    await settle(world)
    return [(await match_of(world, one))["status"] for one in several]


async def test_a_credit_note_that_is_not_matched_makes_no_room_and_nothing_flips(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    first = await received(clerk(world), billed("A-7", order["number"]))
    await settle(world)
    small = charged(quantity="1000", price="0.001")
    credit = await received(clerk(world), billed("C-7", order["number"], small, credits="A-7"))
    second = await received(clerk(world), billed("A-8", order["number"], charged(quantity="1000")))
    assert await settled_status(world, first, credit, second) == ["matched", "exception", "exception"]
    assert await open_kinds(world, credit) == [("quantity_against_ordered", 1)]
    assert await invoiced(world, order) == [(1, Decimal(10), Decimal("25.00"))]


async def test_a_credit_note_without_an_invoice_takes_back_what_came_before_it_alone(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    said, more = (
        replace(billed(number, order["number"], charged(quantity=quantity), credits="none"), preceding=())
        for number, quantity in (("C-9", "3"), ("C-10", "4"))
    )
    early = await received(clerk(world), said)
    first = await received(clerk(world), billed("A-9", order["number"]))
    late = await received(clerk(world), more)
    second = await received(clerk(world), billed("A-10", order["number"], charged(quantity="4")))
    wanted = ["exception", "matched", "matched", "matched"]
    assert await settled_status(world, early, first, late, second) == wanted
    assert sum(one[1] for one in await invoiced(world, order)) == 10


async def test_who_came_first_keeps_its_quantity_when_goods_go_back(world: World) -> None:
    order = await world.issued()
    half = arrived(quantity="5")
    await world.receive(order, half)
    receipt = (await world.receive(order, half, another_delivery=True)).json()
    first, second = [
        await received(clerk(world), billed(number, order["number"], charged(quantity=quantity)))
        for number, quantity in (("A-11", "5"), ("A-12", "4"))
    ]
    assert await settled_status(world, second, first) == ["matched", "matched"]
    body = {"reason": "another delivery was counted"}
    await world.rita.post(f"/v1/goods-receipts/{receipt['id']}:reverse", json=body)
    assert await settled_status(world, first, second) == ["matched", "exception"]


async def test_a_line_below_zero_at_another_price_is_an_exception(world: World) -> None:
    order = await world.issued()
    lines = charged(quantity="5"), charged(quantity="-5", price="0.002")
    invoice = await received(clerk(world), billed("N-1", order["number"], *lines))
    await settle(world)
    assert ("price", 2) in await open_kinds(world, invoice)


async def test_a_price_credit_takes_back_an_amount_and_no_quantity(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    first = await received(clerk(world), billed("A-13", order["number"]))
    await settle(world)
    cheaper = charged(quantity="10", price="0.10")
    credit = await received(clerk(world), billed("C-13", order["number"], cheaper, credits="A-13"))
    second = await received(clerk(world), billed("A-14", order["number"], charged(quantity="9")))
    assert await settled_status(world, first, credit, second) == ["matched", "matched", "exception"]
    assert await invoiced(world, order) == [
        (1, Decimal(10), Decimal("25.00")),
        (1, Decimal(0), Decimal("-1.00")),
    ]


async def test_forty_lines_of_a_little_more_are_one_price_that_is_too_high(world: World) -> None:
    order = await world.issued(line(quantity="1000", price="0.01"))
    await world.receive(order, arrived(quantity="1000"))
    lines = [charged(quantity="1", price="0.03") for _ in range(40)]
    invoice = await received(clerk(world), billed("T-1", order["number"], *lines))
    await settle(world)
    assert await open_kinds(world, invoice) == [("price", 1)]


async def test_an_accepted_currency_hides_neither_quantity_nor_price(world: World) -> None:
    supplier = await world.supplier()
    order = await world.brought_to(await world.order(supplier, currency="USD"), "issued")
    invoice = await received(clerk(world), billed("T-2", order["number"], charged(quantity="11")))
    await settle(world)
    assert (await resolve(world, invoice, "accept")).status_code == 200
    assert sorted(kind for kind, _ in await open_kinds(world, invoice)) == [
        "missing_receipt",
        "price",
        "quantity_against_ordered",
    ]


@pytest.mark.parametrize(
    ("failure", "pause"),
    [
        (ValueError("it cannot be matched"), looking.PAUSE),
        (DeadlockDetectedError("others were at it"), looking.SHORT_PAUSE),
    ],
)
async def test_an_invoice_that_cannot_be_matched_keeps_no_other_from_its_turn(
    world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception, pause: timedelta
) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    broken = await received(clerk(world), billed("F-1", order["number"], charged(quantity="1")))
    whole = await received(clerk(world), billed("F-2", order["number"], charged(quantity="2")))
    match = match_invoice

    async def fails(tx: Transaction, invoice_id: UUID) -> SupplierInvoice:
        found = await match(tx, invoice_id)
        if str(invoice_id) == broken["id"]:
            raise failure
        return found

    monkeypatch.setattr(looking, "match_invoice", fails)
    assert await settled_status(world, broken, whole) == ["checked", "matched"]
    monkeypatch.setattr(looking, "match_invoice", match)
    assert await settled_status(world, broken) == ["checked"], "after a pause"
    world.clock.now += pause
    assert await settled_status(world, broken) == ["matched"]
