"""A block keeps from ordering whatever a supplier's status, until what it comes from is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from purveyor.db import Transaction
from purveyor_contract.roles import Role
from sourcing.suppliers.commands import block_locked, unblock_locked
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.store.rows import lock_supplier

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

Json = dict[str, Any]
ENDED, TOLD = "ISO 9001 of TÜV ended, as their rival told us", "your certificate ISO 9001 ended"


async def locked(tx: Transaction, supplier: Json) -> Supplier:
    return await lock_supplier(tx, UUID(supplier["id"]))


async def test_blocks_are_told_with_all_that_still_hold_shown_and_noted_in_the_trail(desk: Desk) -> None:
    supplier, document, hit = await desk.approved(), uuid4(), uuid4()
    async with desk.context.database.transaction() as tx:
        one = await locked(tx, supplier)
        block_locked(tx, one, BlockCause.DOCUMENT, document, ENDED, TOLD, ["fasteners"])
        block_locked(tx, one, BlockCause.SCREENING, hit, "a name on a list", None)
    shown = await desk.read(supplier)
    assert [(b["cause"], b["categories"], b["reason"]) for b in shown["blocks"]] == [
        ("document", ["fasteners"], ENDED),
        ("screening", None, "a name on a list"),
    ]
    assert shown["status"] == "approved"
    async with desk.context.database.transaction() as tx:
        unblock_locked(tx, await locked(tx, supplier), BlockCause.DOCUMENT, document, "a new one came")
    events = (await desk.events(supplier))[-3:]
    assert [name for name, _ in events] == ["SupplierBlocked", "SupplierBlocked", "SupplierUnblocked"]
    assert [[block["cause"] for block in data["blocks"]] for _, data in events] == [
        ["document"],
        ["document", "screening"],
        ["screening"],
    ]
    record = (await desk.audit(supplier["id"]))[-1]
    assert (record["action"], record["reason"]) == ("unblock", "a new one came")
    assert [block["cause"] for block in record["after"]["blocks"]] == ["screening"]


async def test_what_is_said_twice_of_one_cause_is_told_once_and_what_changed_is_told_anew(
    desk: Desk,
) -> None:
    supplier, document = await desk.approved(), uuid4()
    for reason in (ENDED, ENDED, "it was withdrawn"):
        async with desk.context.database.transaction() as tx:
            block_locked(
                tx, await locked(tx, supplier), BlockCause.DOCUMENT, document, reason, None, ["seals"]
            )
    for _ in range(2):
        async with desk.context.database.transaction() as tx:
            unblock_locked(tx, await locked(tx, supplier), BlockCause.DOCUMENT, document, "a new one came")
    told = [(name, data["reason"]) for name, data in await desk.events(supplier) if "locked" in name]
    assert told == [
        ("SupplierBlocked", ENDED),
        ("SupplierBlocked", "it was withdrawn"),
        ("SupplierUnblocked", "a new one came"),
    ]
    assert (await desk.read(supplier))["blocks"] == []


async def test_a_supplier_sees_what_is_not_ordered_and_what_it_was_told_and_not_why(
    desk: Desk, as_person: AsPerson
) -> None:
    supplier = await desk.approved()
    async with desk.context.database.transaction() as tx:
        block_locked(tx, await locked(tx, supplier), BlockCause.DOCUMENT, uuid4(), ENDED, TOLD, ["fasteners"])
    portal = as_person("portal", Role.SUPPLIER, supplier_id=supplier["id"])
    seen = await portal.get(f"/v1/suppliers/{supplier['id']}")
    [block] = seen.json()["blocks"]
    assert (block["categories"], block["reason_for_supplier"]) == (["fasteners"], TOLD)
    assert ENDED not in seen.text
    assert set(block) == {"categories", "reason_for_supplier", "blocked_at"}
