"""A supplier that was merged is another: its orders go on, and new ones are the other's."""

from __future__ import annotations

from uuid import UUID

from purveyor_contract.events.sourcing.merging import SuppliersMerged, SupplierWithdrawn
from purveyor_contract.events.sourcing.suppliers import SupplierReinstated, SupplierTerminated

from .conftest import World, arrived, order_body


def merged(one: UUID, into: UUID, number: str = "S-000007") -> SuppliersMerged:
    return SuppliersMerged(
        supplier_id=one,
        number="S-000042",
        into_supplier_id=into,
        into_number=number,
        into_legal_name="Nord AG",
        status_before="approved",
        reason="entered twice",
        merged_by="mia",
    )


async def present(world: World, supplier_id: UUID) -> str | None:
    shown = (await world.bea.get(f"/v1/suppliers/{supplier_id}")).json()
    found: str | None = shown["present_id"]
    return found


async def flag(world: World, order_id: str) -> str | None:
    shown = (await world.bea.get(f"/v1/purchase-orders/{order_id}")).json()["flag"]
    return None if shown is None else str(shown["reason"])


async def test_an_open_order_of_it_is_received_and_a_new_one_is_refused_naming_the_other(
    world: World,
) -> None:
    gone, into = await world.supplier(), await world.supplier()
    issued = await world.issued(supplier_id=gone)
    approved = await world.brought_to(await world.order(gone), "approved")
    await world.hears(merged(gone, into))

    assert await present(world, gone) == str(into)
    it_is = "it is S-000007 (Nord AG) now: order from that"
    refused = await world.act(world.bea, approved, "issue")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["detail"] == f"the supplier is merged, not approved: {it_is}"
    refused = await world.robin.post("/v1/purchase-orders", json=order_body(gone))
    assert (refused.status_code, refused.json()["code"]) == (422, "supplier_gone")
    assert refused.json()["errors"][0] == {
        "pointer": "/supplier_id",
        "detail": f"the supplier is merged: {it_is}",
    }
    assert await flag(world, issued["id"]) == f"supplier merged: {it_is}"
    found = await world.bea.get("/v1/purchase-orders", params={"supplier_id": str(into)})
    assert {order["id"] for order in found.json()["items"]} == {issued["id"], approved["id"]}
    assert (await world.receive(issued, arrived())).status_code == 201


async def test_what_speaks_against_the_other_flags_the_orders_of_the_merged_one(world: World) -> None:
    gone, into = await world.supplier(), await world.supplier()
    order = await world.issued(supplier_id=gone)
    await world.hears(merged(gone, into))
    alone = await flag(world, order["id"])
    await world.suspend(into, "late")
    assert await flag(world, order["id"]) == f"{alone}; supplier suspended: late"
    back = SupplierReinstated(supplier_id=into, approvals=(), reason="better", reinstated_by="carla")
    await world.hears(back)
    assert await flag(world, order["id"]) == alone


async def test_merges_of_a_chain_come_in_any_order(world: World) -> None:
    """They are on two streams: each chain leads to its end whichever is heard first."""
    for later_first in (False, True):
        first, second, third = [await world.supplier() for _ in range(3)]
        events = [merged(first, second), merged(second, third)]
        order = await world.issued(supplier_id=first)
        for event in reversed(events) if later_first else events:
            await world.hears(event)
        assert [await present(world, one) for one in (first, second, third)] == [str(third)] * 2 + [None]
        ended = SupplierTerminated(supplier_id=third, reason="fraud", terminated_by="carla")
        await world.hears(ended)
        assert str(await flag(world, order["id"])).endswith("supplier terminated: fraud")


async def test_a_supplier_that_was_a_mistake_gives_its_numbers_free(world: World) -> None:
    supplier = await world.supplier((), external_reference="V-9", imported=False)
    await world.hears(
        SupplierWithdrawn(supplier_id=supplier, number="S-000042", reason="a customer", withdrawn_by="mia")
    )
    shown = (await world.bea.get(f"/v1/suppliers/{supplier}")).json()
    assert (shown["status"], shown["external_reference"]) == ("withdrawn", None)
    refused = await world.robin.post("/v1/purchase-orders", json=order_body(supplier))
    assert refused.json()["code"] == "supplier_gone"
