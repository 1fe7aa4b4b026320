"""Invoices match by themselves against what was ordered, has come and was not invoiced."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from procurement.invoices.rules.terms import Adjustment, TaxTotal
from procurement.matching.commands import look_again
from procurement.matching.rules.tolerances import Matching
from purveyor_contract.events.sourcing.suppliers import SupplierSuspended
from purveyor_contract.roles import Role

from .amending import amended, kept, read
from .conftest import World, arrived, line
from .invoicing import INVOICES, S19, billed, charged, clerk, decide, look, received

Found = dict[str, Any]


async def settle(world: World) -> None:
    """Let the chore look until there is nothing to look at."""
    for _ in range(500):
        async with world.database.transaction() as tx:
            if not await look_again(tx):
                return
    raise AssertionError("it never settles")


async def match_of(world: World, invoice: Found) -> Found:
    response = await clerk(world).get(f"{INVOICES}/{invoice['id']}/match")
    assert response.status_code == 200, response.text
    found: Found = response.json()
    return found


async def open_kinds(world: World, invoice: Found) -> list[tuple[str, int | None]]:
    found = await match_of(world, invoice)
    return [(one["kind"], one["position"]) for one in found["exceptions"] if one["is_open"]]


async def resolve(
    world: World, invoice: Found, resolution: str, by: httpx.AsyncClient | None = None
) -> httpx.Response:
    """Decide of the first exception that is open."""
    found = await match_of(world, invoice)
    [one, *_] = [each for each in found["exceptions"] if each["is_open"]]
    path = f"{INVOICES}/{invoice['id']}"
    seen = (await clerk(world).get(path)).headers["ETag"]
    return await (by or world.bea).post(
        f"{path}/exceptions/{one['id']}:resolve",
        json={"resolution": resolution, "reason": "we talked to them"},
        headers={"If-Match": seen},
    )


async def invoiced(world: World, order: Found) -> list[tuple[int, Decimal, Decimal]]:
    """Return what the order's stream says is invoiced of its lines, each time."""
    return [
        (one["line_number"], Decimal(one["quantity"]), Decimal(one["net_amount"]["amount"]))
        for _, name, one in await world.events_of(order)
        if name == "OrderLineInvoiced"
    ]


async def test_what_was_ordered_and_has_come_matches_and_is_approved_by_another(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    invoice = await received(clerk(world), billed("M-1", order["number"]))
    await settle(world)
    found = await match_of(world, invoice)
    assert (found["status"], found["exceptions"]) == ("matched", [])
    [one] = found["lines"]
    assert (one["order_id"], one["line_number"], one["counts"]) == (order["id"], 1, True)
    assert "reference" in one["signs"]
    assert await invoiced(world, order) == [(1, Decimal(10), Decimal("25.00"))]
    refused = await decide(clerk(world), invoice, "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    answer = await decide(world.alex, invoice, "approve")
    assert (answer.status_code, answer.json()["status"]) == (200, "approved")
    assert [name for _, name, _ in await world.events_of(invoice)] == [
        "InvoiceReceived",
        "InvoiceMatched",
        "InvoiceApproved",
    ]


async def test_v25_a_partial_receipt_is_no_full_match_and_the_rest_matches_it_by_itself(world: World) -> None:
    order = await world.issued(line(quantity="2"))
    await world.receive(order, arrived(quantity="1"))
    invoice = await received(clerk(world), billed("M-2", order["number"], charged(quantity="2")))
    await settle(world)
    found = await match_of(world, invoice)
    [wrong] = found["exceptions"]
    assert (found["status"], wrong["kind"], wrong["expected"], wrong["found"]) == (
        "exception",
        "quantity_against_received",
        "1",
        "2",
    )
    assert (wrong["owner_role"], wrong["owner"], wrong["due_on"]) == ("buyer", "bea", "2026-03-07")
    assert (await look(clerk(world), invoice))["lines"][0]["quantity"] == "2", "as it came"
    assert await invoiced(world, order) == []
    assert (await resolve(world, invoice, "wait")).json()["status"] == "matching"
    rest = await world.receive(order, arrived(quantity="1"), another_delivery=True)
    assert rest.status_code == 201, rest.text
    await settle(world)
    found = await match_of(world, invoice)
    assert (found["status"], [one["is_open"] for one in found["exceptions"]]) == ("matched", [False])


async def test_v27_a_lower_price_is_a_variance_and_never_a_part_that_is_invoiced(world: World) -> None:
    order = await world.issued(line(quantity="100", price="10"))
    await world.receive(order, arrived(quantity="100"))
    invoice = await received(clerk(world), billed("M-3", order["number"], charged(quantity="100", price="9")))
    await settle(world)
    found = await match_of(world, invoice)
    assert found["status"] == "matched"
    [one] = found["lines"]
    assert (one["quantity"], one["price_variance"]) == ("100", "-100.00")


async def test_a_higher_price_is_the_buyers_who_accepts_it_with_a_reason(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    invoice = await received(clerk(world), billed("M-4", order["number"], charged(price="2.60")))
    await settle(world)
    assert await open_kinds(world, invoice) == [("price", 1)]
    listed = await world.bea.get(
        "/v1/invoice-exceptions",
        params={"invoice_id": invoice["id"], "owner_role": "buyer", "is_open": "true"},
    )
    assert [one["kind"] for one in listed.json()["items"]] == ["price"]
    refused = await resolve(world, invoice, "accept", clerk(world, "alina"))
    assert (refused.status_code, refused.json()["code"]) == (403, "role_required")
    waits = await resolve(world, invoice, "wait")
    assert (waits.status_code, waits.json()["code"]) == (409, "nothing_to_wait_for")
    assert (await resolve(world, invoice, "accept")).json()["status"] == "matched"
    both = world.person("bea", Role.APPROVER, Role.BUYER)
    refused = await decide(both, invoice, "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")


async def test_what_two_invoices_charge_is_added_up_and_goods_let_the_second_match(world: World) -> None:
    order = await world.issued(line(quantity="20"))
    await world.receive(order, arrived())
    first = await received(clerk(world), billed("M-5", order["number"], charged(quantity="6")))
    second = await received(clerk(world), billed("M-6", order["number"], charged(quantity="5")))
    await settle(world)
    assert (await match_of(world, first))["status"] == "matched"
    assert await open_kinds(world, second) == [("quantity_against_received", 1)]
    rest = await world.receive(order, arrived(quantity="1"))
    assert rest.status_code == 201, rest.text
    await settle(world)
    assert (await match_of(world, second))["status"] == "matched"


async def test_more_than_ordered_matches_by_itself_after_an_amendment(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived(quantity="9"))
    invoice = await received(clerk(world), billed("M-60", order["number"], charged(quantity="11")))
    await settle(world)
    assert await open_kinds(world, invoice) == [
        ("quantity_against_ordered", 1),
        ("quantity_against_received", 1),
    ]
    now = await read(world, order)
    await amended(world, now, kept(now, 1, quantity="11"))
    await world.receive(order, arrived(quantity="2"))
    await settle(world)
    assert (await match_of(world, invoice))["status"] == "matched"


async def test_a_reversed_receipt_reopens_even_what_is_approved(world: World) -> None:
    order = await world.issued()
    receipt = (await world.receive(order, arrived())).json()
    invoice = await received(clerk(world), billed("M-7", order["number"]))
    await settle(world)
    assert (await decide(world.alex, invoice, "approve")).status_code == 200
    body = {"reason": "another delivery was counted"}
    answer = await world.rita.post(f"/v1/goods-receipts/{receipt['id']}:reverse", json=body)
    assert answer.status_code in {200, 201}, answer.text
    await settle(world)
    assert await open_kinds(world, invoice) == [("missing_receipt", 1)]
    now = await look(clerk(world), invoice)
    assert (now["status"], now["approved_by"]) == ("exception", None)
    assert [one[1] for one in await invoiced(world, order)] == [Decimal(10), Decimal(-10)]


async def test_a_credit_note_over_what_never_came_makes_the_rest_a_match(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived(quantity="6"))
    invoice = await received(clerk(world), billed("M-8", order["number"]))
    await settle(world)
    assert await open_kinds(world, invoice) == [("quantity_against_received", 1)]
    assert (await resolve(world, invoice, "request_credit")).json()["status"] == "exception"
    credit = await received(
        clerk(world), billed("G-8", order["number"], charged(quantity="4"), credits="M-8")
    )
    await settle(world)
    assert (await match_of(world, invoice))["status"] == "matched"
    assert (await match_of(world, credit))["status"] == "matched"
    assert sum(one[1] for one in await invoiced(world, order)) == 6


async def test_what_is_credited_whole_counts_no_more(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    invoice = await received(clerk(world), billed("M-9", order["number"]))
    await settle(world)
    await received(clerk(world), billed("G-9", order["number"], credits="M-9"))
    await settle(world)
    assert (await look(clerk(world), invoice))["status"] == "cancelled"
    assert sum(one[1] for one in await invoiced(world, order)) == 0
    again = await received(clerk(world), billed("M-10", order["number"]))
    await settle(world)
    assert "quantity_against_ordered" not in [kind for kind, _ in await open_kinds(world, again)]


async def test_lines_of_several_orders_match_each_its_own(world: World) -> None:
    first = await world.issued()
    second = await world.issued(
        line(item="M10", description="Nut M10"), supplier_id=UUID(first["supplier_id"])
    )
    for order in (first, second):
        await world.receive(order, arrived())
    said = billed(
        "M-11",
        None,
        charged(order_number=first["number"]),
        charged(order_number=second["number"], buyers_item="M10", quantity="4"),
    )
    invoice = await received(clerk(world), said)
    await settle(world)
    found = await match_of(world, invoice)
    assert [(one["order_id"], one["confidence"] >= 50) for one in found["lines"]] == [
        (first["id"], True),
        (second["id"], True),
    ]
    assert found["status"] == "matched"


async def test_a_correction_of_a_person_stays_and_is_learned_for_the_supplier(world: World) -> None:
    order = await world.issued(line(), line(item="M10", description="Nut M10", price="7"))
    await world.receive(order, arrived(1), arrived(2))
    unsure = charged(None, price="7", sellers_item="NS-10")
    invoice = await received(clerk(world), billed("M-12", order["number"], replace(unsure, name="Part")))
    await settle(world)
    assert await open_kinds(world, invoice) == [("unmatched_line", None)]
    path = f"{INVOICES}/{invoice['id']}"
    answer = await world.bea.post(
        f"{path}/lines/1:assign",
        json={"order_id": order["id"], "line_number": 2},
        headers={"If-Match": (await clerk(world).get(path)).headers["ETag"]},
    )
    assert answer.status_code == 200, answer.text
    [one] = answer.json()["lines"]
    assert (one["line_number"], one["assigned_by"], answer.json()["status"]) == (2, "bea", "matched")
    other = await world.issued(
        line(), line(item="M10", description="Nut M10", price="7"), supplier_id=UUID(order["supplier_id"])
    )
    await world.receive(other, arrived(1), arrived(2))
    next_one = await received(clerk(world), billed("M-13", other["number"], replace(unsure, name="Part")))
    await settle(world)
    [found] = (await match_of(world, next_one))["lines"]
    assert (found["line_number"], "learned" in found["signs"]) == (2, True)


async def test_tax_that_the_standard_lets_pass_is_shown_to_accounts_payable(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    said = billed("M-14", order["number"])
    tax = Decimal("5.25")
    said = replace(
        said,
        tax_totals=(TaxTotal(tax, "EUR", is_broken_down=True),),
        breakdown=(replace(said.breakdown[0], tax_amount=tax),),
        gross=Decimal("30.25"),
        payable=Decimal("30.25"),
    )
    invoice = await received(clerk(world), said)
    assert invoice["violations"] == []
    await settle(world)
    assert await open_kinds(world, invoice) == [("over_tax", None)]
    assert (await resolve(world, invoice, "accept", clerk(world, "alina"))).json()["status"] == "matched"


async def test_freight_that_nobody_ordered_is_found(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    freight = Adjustment(True, Decimal("9.00"), reason="freight", category=S19)
    invoice = await received(clerk(world), billed("M-15", order["number"], adjustments=[freight]))
    await settle(world)
    assert await open_kinds(world, invoice) == [("freight", None)]


async def test_another_unit_and_another_currency_are_exceptions(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    invoice = await received(clerk(world), billed("M-16", order["number"], replace(charged(), unit="KGM")))
    supplier = await world.supplier()
    dollars = await world.brought_to(await world.order(supplier, currency="USD"), "issued")
    await world.receive(dollars, arrived())
    other = await received(clerk(world), billed("M-17", dollars["number"]))
    await settle(world)
    assert await open_kinds(world, invoice) == [("unit", 1)]
    assert await open_kinds(world, other) == [("currency", None), ("price", 1)]


async def test_an_invoice_without_an_order_of_a_blocked_supplier_that_looks_alike_waits_for_people(
    world: World,
) -> None:
    supplier = await world.supplier()
    await received(clerk(world), billed("M-18", None), supplier)
    invoice = await received(clerk(world), billed("M-19", None), supplier)
    await world.hears(SupplierSuspended(supplier_id=supplier, reason="quality", suspended_by="carla"))
    await settle(world)
    assert sorted(await open_kinds(world, invoice), key=str) == [
        ("blocked_supplier", None),
        ("duplicate", None),
        ("unmatched_line", None),
    ]


async def test_what_breaks_rules_is_not_matched_until_somebody_accepts_it(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived())
    said = replace(billed("M-20", order["number"]), due_on=None)
    invoice = await received(clerk(world), said)
    assert [one["rule"] for one in invoice["violations"]] == ["BR-CO-25"]
    await settle(world)
    assert await open_kinds(world, invoice) == [("rule", None)]
    assert (await resolve(world, invoice, "accept", clerk(world))).json()["status"] == "matched"


@pytest.mark.parametrize(("ways", "kinds"), [(2, []), (3, []), (4, ["quantity_against_received"])])
async def test_a_policy_says_against_what_is_matched(world: World, ways: int, kinds: list[str]) -> None:
    order = await world.issued()
    supplier = order["supplier_id"]
    path = "/v1/policies/invoice-matching"
    value = Matching(ways=ways).model_dump(mode="json")
    body = {"value": value, "valid_from": "2026-03-03", "supplier_id": supplier, "reason": "agreed"}
    manager, other = (world.person(name, Role.CATEGORY_MANAGER) for name in ("carla", "carlo"))
    version = (await manager.get(path)).headers["ETag"]
    made = await manager.post(f"{path}/versions", json=body, headers={"If-Match": version})
    assert made.status_code == 201, made.text
    approve = f"{path}/versions/{made.json()['version']}:approve"
    seen = (await other.get(path)).headers["ETag"]
    assert (await other.post(approve, headers={"If-Match": seen})).status_code == 200
    bad = arrived(rejected_quantity="1", rejection_reason="thread damaged")
    if ways > 2:
        await world.receive(order, bad)
    invoice = await received(clerk(world), billed(f"M-21-{ways}", order["number"]))
    await settle(world)
    assert [kind for kind, _ in await open_kinds(world, invoice)] == kinds
