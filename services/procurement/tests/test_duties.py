"""One person alone cannot buy: whoever wrote any of an order does not approve it, whatever came between."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purveyor_contract.roles import Role

from .conftest import World, line, order_body

PEOPLE = ("ann", "ben", "cleo")
EVERYTHING = (Role.REQUESTER, Role.BUYER, Role.APPROVER)
AUTHORING = ("create", "change", "submit")
STEPS = st.tuples(
    st.sampled_from(PEOPLE), st.sampled_from(("change", "submit", "approve", "return", "issue"))
)


async def put(world: World, order: dict[str, Any], by: str, *, price: str = "2.50") -> httpx.Response:
    """Rewrite a draft as somebody who may do everything."""
    return await world.person(by, *EVERYTHING).put(
        f"/v1/purchase-orders/{order['id']}",
        json=order_body(order["supplier_id"], line(price=price)),
        headers={"If-Match": f'"{await world.version_of(order["id"])}"'},
    )


async def does(world: World, order: dict[str, Any], by: str, action: str) -> httpx.Response:
    """Do something to an order as somebody who may do everything."""
    if action == "change":
        return await put(world, order, by)
    body = {"reason": "look again"} if action == "return" else None
    return await world.act(world.person(by, *EVERYTHING), order, action, body)


async def authors(world: World, order: dict[str, Any]) -> list[str]:
    """Return who wrote an order, as it says itself."""
    found: list[str] = await world.value(
        "SELECT authors FROM purchase_order WHERE id = $1", UUID(order["id"])
    )
    return found


async def trail(world: World, order: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what the audit trail says was done to an order, and by whom."""
    async with world.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT action, actor FROM audit_record WHERE entity_id = $1 ORDER BY id", order["id"]
        )
    return [(row["action"], row["actor"]) for row in rows]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(creator=st.sampled_from(PEOPLE), steps=st.lists(STEPS, min_size=3, max_size=12))
async def test_an_orders_authors_are_those_whom_the_audit_trail_names_and_none_of_them_ever_approves_it(
    world: World, creator: str, steps: list[tuple[str, str]]
) -> None:
    supplier = await world.supplier()
    created = await world.person(creator, *EVERYTHING).post("/v1/purchase-orders", json=order_body(supplier))
    order = created.json()
    for by, action in steps:
        wrote, before = set(await authors(world, order)), await trail(world, order)
        answer = await does(world, order, by, action)
        after = await trail(world, order)
        assert set(await authors(world, order)) == {who for what, who in after if what in AUTHORING}
        if answer.status_code == 200:
            assert after == [*before, (action, by)]
            assert action != "approve" or by not in wrote
        else:
            assert after == before
            refused = answer.json()
            assert refused["code"] in {"wrong_state", "segregation_of_duties"}
            assert refused["code"] == "wrong_state" or (action == "approve" and by in wrote)


@pytest.mark.parametrize("part", ["creates", "rewrites", "submits"])
async def test_whoever_wrote_an_order_does_not_approve_it(world: World, part: str) -> None:
    people = {"creates": "robin", "rewrites": "robin", "submits": "robin"} | {part: "mallory"}
    supplier = await world.supplier()
    created = await world.person(people["creates"], *EVERYTHING).post(
        "/v1/purchase-orders", json=order_body(supplier)
    )
    order = created.json()
    assert (await put(world, order, people["rewrites"], price="99900000")).status_code == 200
    assert (await does(world, order, people["submits"], "submit")).status_code == 200
    refused = await does(world, order, "mallory", "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert refused.json()["detail"] == "Who created, changed or submitted an order does not approve it."
    assert (await does(world, order, "alex", "approve")).status_code == 200


async def test_a_returned_order_keeps_its_authors(world: World) -> None:
    order = await world.order(await world.supplier())
    for by, action in (("mallory", "submit"), ("alex", "return"), ("robin", "submit")):
        assert (await does(world, order, by, action)).status_code == 200
    assert await authors(world, order) == ["mallory", "robin"]
    assert (await does(world, order, "mallory", "approve")).json()["code"] == "segregation_of_duties"


async def test_an_approver_who_rewrites_what_they_approved_has_to_find_another(world: World) -> None:
    order = await world.order(await world.supplier())
    steps = (("robin", "submit"), ("alex", "approve"), ("robin", "return"), ("alex", "change"))
    for by, action in (*steps, ("robin", "submit")):
        assert (await does(world, order, by, action)).status_code == 200
    assert (await does(world, order, "alex", "approve")).json()["code"] == "segregation_of_duties"


async def test_a_requester_cancels_their_own_drafts_and_a_buyer_any_order(world: World) -> None:
    order = await world.order(await world.supplier())
    rosa, why = world.person("rosa", Role.REQUESTER), {"reason": "not needed"}
    refused = await world.act(rosa, order, "cancel", why)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_required")
    assert refused.json()["detail"] == "An order of another is cancelled by a buyer."
    await world.brought_to(order, "submitted")
    refused = await world.act(world.robin, order, "cancel", why)
    assert refused.json()["detail"] == "An order that is submitted is cancelled by a buyer."
    assert (await world.act(world.bea, order, "cancel", why)).json()["status"] == "cancelled"
    own = await world.order(await world.supplier())
    assert (await world.act(world.robin, own, "cancel", why)).json()["status"] == "cancelled"
    assert (await world.act(world.robin, own, "cancel", why)).json()["code"] == "wrong_state"
