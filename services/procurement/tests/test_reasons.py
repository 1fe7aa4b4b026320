"""Why an order was called off: what we tell ourselves, and what its supplier is told."""

from typing import Any

import pytest

from purveyor_contract.roles import Role

from .conftest import World, arrived

INTERNAL, TOLD = "the buyer was bribed", "no longer needed"


@pytest.mark.parametrize("told", [TOLD, None])
@pytest.mark.parametrize("received", [False, True])
async def test_a_supplier_is_told_the_reason_that_was_written_for_it_and_not_ours(
    world: World, told: str | None, received: bool
) -> None:
    order = await world.issued()
    if received:
        await world.receive(order, arrived(quantity="1"))
    body: dict[str, Any] = {"reason": INTERNAL} | ({"reason_for_supplier": told} if told else {})
    cancelled = (await world.act(world.bea, order, "cancel", body)).json()
    assert (cancelled["cancellation_reason"], cancelled["cancellation_reason_for_supplier"]) == (
        INTERNAL,
        told,
    )
    [said] = [data for _, name, data in await world.events_of(order) if name == "POCancelled"]
    assert (said["reason"], said["reason_for_supplier"]) == (INTERNAL, told)
    nord = world.person("nord", Role.SUPPLIER, supplier_id=order["supplier_id"])
    seen = await nord.get(f"/v1/purchase-orders/{order['id']}")
    assert seen.json()["cancellation_reason_for_supplier"] == told
    assert INTERNAL not in seen.text
    kept = await world.value(
        "SELECT after->>'reason_for_supplier' FROM audit_record WHERE entity_id = $1 AND action = 'cancel'",
        order["id"],
    )
    assert kept == told
