"""Nothing that a supplier writes makes more payable than was ordered, came and was not charged before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from procurement.invoices.rules.terms import Adjustment

from .conftest import World, arrived
from .invoices.rules.writing import ubl
from .invoicing import S19, billed, charged, clerk, received, send
from .test_matching import match_of, open_kinds, settle


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
