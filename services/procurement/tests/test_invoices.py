"""Invoices come in by file and by form, are kept as they came, and each is one, however often it comes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from uuid import UUID, uuid4

import asyncpg
import pytest

from procurement.invoices.rules.terms import TaxTotal
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier
from purveyor_contract.roles import Role

from .conftest import World
from .invoices.rules.writing import cii, ubl
from .invoicing import INVOICES, billed, charged, clerk, decide, look, received, send

LINE = {
    "quantity": "10",
    "unit": "C62",
    "price": "2.50",
    "net_amount": "25.00",
    "tax_category": "S",
    "tax_rate": "19",
    "name": "Hexagon bolt",
}
STATED = {
    "number": "R-7",
    "issued_on": "2026-03-02",
    "currency": "EUR",
    "net": "25.00",
    "tax": "4.75",
    "gross": "29.75",
    "payable": "29.75",
    "taxes": [{"category": "S", "rate": "19", "taxable_amount": "25.00", "tax_amount": "4.75"}],
    "lines": [LINE],
}


async def test_an_invoice_is_kept_as_it_came_and_its_supplier_is_that_of_its_order(world: World) -> None:
    order = await world.issued()
    said = billed("R-2026-117", order["number"])
    found = await received(clerk(world), said)
    assert (found["status"], found["supplier_id"], found["number"]) == (
        "checked",
        order["supplier_id"],
        "R-2026-117",
    )
    assert (found["gross"]["amount"], found["tax"]["amount"], found["violations"]) == ("29.75", "4.75", [])
    original = await clerk(world).get(f"{INVOICES}/{found['id']}/original")
    assert (original.content, original.headers["Content-Type"]) == (ubl(said), "application/xml")
    [(_, name, told)] = await world.events_of(found)
    assert (name, told["gross"], told["orders"], told["sha256"]) == (
        "InvoiceReceived",
        {"amount": "29.75", "currency": "EUR"},
        [order["number"]],
        sha256(ubl(said)).hexdigest(),
    )


async def test_the_original_cannot_be_changed_by_anybody(world: World) -> None:
    order = await world.issued()
    found = await received(clerk(world), billed("R-1", order["number"]))
    statement = "UPDATE supplier_invoice_original SET content = 'other', sha256 = sha256('other')"
    with pytest.raises(asyncpg.RaiseError, match="stays as it came"):
        await world.value(f"{statement} WHERE invoice_id = $1", UUID(found["id"]))


async def test_a_supplier_sends_its_own_and_sees_no_other(world: World) -> None:
    order = await world.issued()
    sue = world.person("sue", Role.SUPPLIER, supplier_id=UUID(order["supplier_id"]))
    found = await received(sue, billed("R-2", order["number"]))
    assert "received_by" not in found
    other = world.person("otto", Role.SUPPLIER, supplier_id=await world.supplier())
    assert (await other.get(f"{INVOICES}/{found['id']}")).status_code == 404
    assert (await other.get(f"{INVOICES}/{found['id']}/original")).status_code == 404


async def test_the_same_invoice_five_times_in_parallel_is_one(world: World) -> None:
    order = await world.issued()
    said = billed("R-3", order["number"])
    answers = await asyncio.gather(*(send(clerk(world), said) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_five_different_files_under_one_number_in_parallel_are_one(world: World) -> None:
    order = await world.issued()
    numbers = ["R-2026-0117", "R 2026 117", "r2026/117", "R-2026-117", "R‐2026‐117"]  # noqa: RUF001  # is meant
    answers = await asyncio.gather(
        *(send(clerk(world), billed(number, order["number"])) for number in numbers)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    [first] = [answer.json() for answer in answers if answer.status_code == 201]
    for answer in answers:
        if answer.status_code == 409:
            assert (answer.json()["code"], answer.json()["invoice_id"]) == ("invoice_duplicate", first["id"])


async def test_the_database_keeps_a_number_once_whatever_code_forgets(world: World) -> None:
    order = await world.issued()
    found = await received(clerk(world), billed("R-4", order["number"]))
    columns = "version, sequence, status, is_credit_note, supplier_id, number, number_key, syntax, issued_on"
    columns += ", currency, net, tax, gross, payable, received_on, received_at, received_by"
    with pytest.raises(asyncpg.UniqueViolationError, match="uq_supplier_invoice_number"):
        await world.value(
            f"INSERT INTO supplier_invoice (id, {columns}) "  # noqa: S608  # columns of ours
            f"SELECT $2, {columns} FROM supplier_invoice WHERE id = $1",
            UUID(found["id"]),
            uuid4(),
        )


async def test_one_that_only_looks_alike_is_flagged_for_a_person(world: World) -> None:
    order = await world.issued()
    first = await received(clerk(world), billed("R-5", order["number"]))
    second = await received(clerk(world), billed("R-6", order["number"]))
    third = await received(clerk(world), billed("R-55", order["number"], charged(quantity="9")))
    assert first["possible_duplicates"] == []
    assert second["possible_duplicates"] == [first["id"]]
    assert third["possible_duplicates"] == []


async def test_what_breaks_rules_is_kept_and_shown_with_them(world: World) -> None:
    order = await world.issued()
    said = billed("R-8", order["number"])
    assert said.gross is not None
    wrong = replace(said, tax_totals=(TaxTotal(Decimal("5.75"), "EUR", is_broken_down=True),))
    found = await received(clerk(world), wrong)
    assert found["status"] == "received"
    assert {(one["rule"], one["term"], one["value"]) for one in found["violations"]} == {
        ("BR-CO-14", "BT-110", "5.75"),
        ("BR-CO-15", "BT-112", "29.75"),
    }
    assert (found["tax"]["amount"], found["gross"]["amount"]) == ("5.75", "29.75"), "as they came"


async def test_a_rejected_invoice_is_told_and_its_number_is_free_for_what_is_right(world: World) -> None:
    order = await world.issued()
    found = await received(clerk(world), billed("R-9", order["number"]))
    why = {"reason": "twice the price", "reason_for_supplier": "please charge what was ordered"}
    answer = await decide(clerk(world), found, "reject", why)
    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")
    [_, (_, name, told)] = await world.events_of(found)
    assert (name, told["reason_for_supplier"]) == ("InvoiceRejected", why["reason_for_supplier"])
    again = await decide(clerk(world), found, "reject", why)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert (
        await send(clerk(world), billed("R-9", order["number"], charged(price="2.40")))
    ).status_code == 201


async def test_a_credit_note_takes_back_from_its_invoice_and_cancels_it_when_it_is_all(world: World) -> None:
    order = await world.issued()
    found = await received(clerk(world), billed("R-10", order["number"]))
    half = await received(clerk(world), billed("G-1", order["number"], charged(quantity="4"), credits="R-10"))
    assert (half["preceding_id"], half["status"]) == (found["id"], "checked")
    now = await look(clerk(world), found)
    assert (now["credited"]["amount"], now["status"]) == ("11.90", "checked")
    above = await send(clerk(world), billed("G-2", order["number"], charged(quantity="7"), credits="r 10"))
    assert (above.status_code, above.json()["code"]) == (422, "credit_above_invoice")
    assert "of R-10 17.85 is left" in above.json()["detail"]
    await received(clerk(world), billed("G-2", order["number"], charged(quantity="6"), credits="R-10"))
    assert (await look(clerk(world), found))["status"] == "cancelled"
    assert [name for _, name, _ in await world.events_of(found)] == ["InvoiceReceived", "InvoiceCancelled"]


async def test_a_credit_note_that_is_rejected_gives_back_what_it_took(world: World) -> None:
    order = await world.issued()
    found = await received(clerk(world), billed("R-11", order["number"]))
    wrong = await received(clerk(world), billed("G-3", order["number"], credits="R-11"))
    now = await look(clerk(world), found)
    assert (now["credited"]["amount"], now["status"]) == ("29.75", "cancelled")
    why = {"reason": "of another delivery", "reason_for_supplier": "please name the right invoice"}
    assert (await decide(clerk(world), wrong, "reject", why)).status_code == 200
    now = await look(clerk(world), found)
    assert (now["credited"]["amount"], now["status"]) == ("0.00", "checked")
    right = await received(
        clerk(world), billed("G-3", order["number"], charged(quantity="4"), credits="R-11")
    )
    assert right["preceding_id"] == found["id"]
    told = [name for _, name, _ in await world.events_of(found)]
    assert told == ["InvoiceReceived", "InvoiceCancelled", "InvoiceReinstated"]


async def test_an_invoice_is_stated_field_by_field_and_kept_so(world: World) -> None:
    supplier = await world.supplier()
    body = STATED | {"supplier_id": str(supplier)}
    answer = await clerk(world).post(INVOICES, json=body)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["status"], answer.json()["syntax"], answer.json()["violations"]) == (
        "checked",
        "stated",
        [],
    )
    original = await clerk(world).get(f"{INVOICES}/{answer.json()['id']}/original")
    assert original.json() == body
    wrong = await clerk(world).post(INVOICES, json=body | {"number": "R-8", "payable": "29.80"})
    assert [one["rule"] for one in wrong.json()["violations"]] == ["BR-CO-16"]
    rounded = body | {"number": "R-9", "payable": "29.80", "rounding": "0.05"}
    right = (await clerk(world).post(INVOICES, json=rounded)).json()
    assert (right["violations"], right["rounding"], right["payable"]["amount"]) == ([], "0.05", "29.80")


async def test_three_decimals_are_right_in_dinars_that_are_stated(world: World) -> None:
    tax = {"category": "Z", "rate": "0", "taxable_amount": "1.005", "tax_amount": "0.000"}
    line = LINE | {"quantity": "1", "price": "1.005", "net_amount": "1.005"}
    amounts = {"net": "1.005", "tax": "0.000", "gross": "1.005", "payable": "1.005", "currency": "KWD"}
    lines = [line | {"tax_category": "Z", "tax_rate": "0"}]
    body = STATED | amounts | {"taxes": [tax], "lines": lines, "supplier_id": str(await world.supplier())}
    answer = await clerk(world).post(INVOICES, json=body)
    assert (answer.status_code, answer.json()["violations"]) == (201, [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no xml", "invoice_unreadable"),
        (b'<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>', "invoice_unreadable"),
        (b"%PDF-1.7 nothing", "invoice_unreadable"),
        (b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", "invoice_incomplete"),
        (ubl(billed("R-11", "PO-999999")), "supplier_not_said"),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_the_reason(
    world: World, content: bytes, code: str
) -> None:
    answer = await send(clerk(world), content)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_an_order_that_is_not_ours_is_kept_for_a_person_when_the_supplier_is_said(world: World) -> None:
    supplier = await world.supplier()
    found = await received(clerk(world), billed("R-12", "4500099"), supplier)
    assert (found["status"], found["order_number"]) == ("checked", "4500099")


async def test_cii_is_taken_like_ubl_and_other_kinds_are_named(world: World) -> None:
    supplier = await world.supplier()
    found = await send(clerk(world), cii(billed("R-13", "PO-1")), supplier)
    assert (found.status_code, found.json()["syntax"], found.json()["status"]) == (201, "cii", "checked")
    answer = await clerk(world).post(f"{INVOICES}:file", content=b"x", headers={"Content-Type": "image/png"})
    assert answer.status_code == 415


async def test_an_invoice_that_names_another_seller_is_refused(world: World) -> None:
    number = SupplierIdentifier(scheme="GLN", value="7300010000001")
    supplier = await world.supplier(identifiers=(number,))
    endpoint = '<cac:Party><cbc:EndpointID schemeID="0088">7302347231110</cbc:EndpointID>'
    content = ubl(billed("R-14", None)).replace(b"<cac:Party>", endpoint.encode(), 1)
    answer = await send(clerk(world), content, supplier)
    assert (answer.status_code, answer.json()["code"]) == (422, "invoice_of_another")
