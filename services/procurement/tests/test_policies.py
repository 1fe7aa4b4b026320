"""How much more than ordered may be received is decided, and holds from a day on."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from procurement.settings import ProcurementSettings
from purveyor_contract.roles import Role

from .conftest import TODAY, World, arrived, line

OVER_RECEIPT = "/v1/policies/over-receipt"


async def decide(world: World, percent: str, **decision: Any) -> httpx.Response:
    return await decide_on(world, OVER_RECEIPT, {"tolerance_percent": percent}, **decision)


async def decide_on(world: World, policy: str, value: dict[str, Any], **decision: Any) -> httpx.Response:
    cora = world.person("cora", Role.CATEGORY_MANAGER)
    seen = (await cora.get(policy)).headers["ETag"]
    body = {"valid_from": "2026-01-01", "value": value, "reason": "bulk goods vary"}
    proposed = await cora.post(f"{policy}/versions", json=body | decision, headers={"If-Match": seen})
    if proposed.status_code == 201:
        version = f"{policy}/versions/{proposed.json()['version']}"
        approved = await world.person("carl", Role.CATEGORY_MANAGER).post(f"{version}:approve")
        assert approved.status_code == 200, approved.text
    return proposed


async def test_nothing_beyond_what_was_ordered_is_taken_until_somebody_decides(empty_world: World) -> None:
    order = await empty_world.issued()
    assert (await empty_world.receive(order, arrived(1, "10.000001"))).status_code == 422
    receipt = await empty_world.receive(order, arrived(1, "10"))
    assert receipt.json()["lines"][0]["tolerance_version"] == 0


async def test_more_than_ordered_is_taken_up_to_the_tolerance(empty_world: World) -> None:
    world = empty_world
    assert (await decide(world, "10")).status_code == 201
    order = await world.issued(line(), line())
    assert (await world.receive(order, arrived(1, "11.1"))).status_code == 422
    receipt = await world.receive(order, arrived(1, "11"))
    assert receipt.json()["order_status"] == "partially_received"
    assert (await world.receive(order, arrived(1, "0.1"))).status_code == 422
    assert (await world.receive(order, arrived(2, "10"))).json()["order_status"] == "closed"


async def test_each_line_is_judged_by_what_holds_for_its_category_and_says_by_which_version(
    empty_world: World,
) -> None:
    world = empty_world
    assert (await decide(world, "10", category="bearings")).status_code == 201
    supplier = await world.supplier(["fasteners", "bearings"])
    order = await world.issued(line(), line(category="bearings"), supplier_id=supplier)
    refused = await world.receive(order, arrived(1, "11"), arrived(2, "11"))
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/lines/0/quantity"]
    received = (await world.receive(order, arrived(2, "11"), arrived(1, "10"))).json()
    read = (await world.rita.get(f"/v1/goods-receipts/{received['id']}")).json()
    for shown in (received, read):
        assert [(of["line_number"], of["tolerance_version"]) for of in shown["lines"]] == [(1, 0), (2, 1)]


async def test_a_tolerance_is_for_a_business_unit_alone_when_so_decided(empty_world: World) -> None:
    world = empty_world
    assert (await decide(world, "10", business_unit="pumps")).status_code == 201
    assert (await world.receive(await world.issued(), arrived(1, "11"))).status_code == 422


async def test_goods_are_judged_by_what_held_on_the_day_that_they_arrived(empty_world: World) -> None:
    world = empty_world
    assert (await decide(world, "10", valid_from=str(TODAY))).status_code == 201
    order = await world.brought_to(
        await world.order(await world.supplier(), ordered_on="2026-02-20"), "issued"
    )
    yesterday = str(TODAY - timedelta(1))
    assert (await world.receive(order, arrived(1, "11"), received_on=yesterday)).status_code == 422
    assert (await world.receive(order, arrived(1, "11"))).status_code == 201


async def test_what_was_received_stays_judged_as_it_was(empty_world: World) -> None:
    await empty_world.receive(await empty_world.issued(), arrived(1, "10"))
    refused = await decide(empty_world, "10", valid_from=str(TODAY))
    assert (refused.status_code, refused.json()["code"]) == (422, "already_judged")
    assert (await decide(empty_world, "10", valid_from=str(TODAY + timedelta(1)))).status_code == 201


async def test_buyers_read_the_tolerance_and_do_not_decide_it(world: World) -> None:
    assert (await world.bea.get(OVER_RECEIPT)).json()["in_force"]["value"] == {"tolerance_percent": "0"}
    body = {"valid_from": "2030-01-01", "value": {"tolerance_percent": "5"}, "reason": "less to argue"}
    answer = await world.bea.post(f"{OVER_RECEIPT}/versions", json=body, headers={"If-Match": '"0"'})
    assert answer.status_code == 403


def test_the_tolerance_is_refused_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PURVEYOR_OVER_RECEIPT_TOLERANCE_PERCENT", "10")
    with pytest.raises(ValidationError, match="TOLERANCE_PERCENT is the policy over-receipt now"):
        ProcurementSettings(database_url="postgresql://localhost/x", oidc_issuer="urn:x")


async def test_whether_rejected_goods_are_owed_again_is_a_policy_of_their_category(
    empty_world: World,
) -> None:
    world, rusty = empty_world, {"rejected_quantity": "4", "rejection_reason": "rust"}
    path = "/v1/policies/rejected-goods"
    said = await decide_on(world, path, {"rejected_is": "ends"}, category="bearings")
    assert said.status_code == 201, said.text
    supplier = await world.supplier(["fasteners", "bearings"])
    order = await world.issued(line(), line(category="bearings"), supplier_id=supplier)
    received = (await world.receive(order, arrived(1, "10", **rusty), arrived(2, "10", **rusty))).json()
    assert [shown["rejected_is"] for shown in received["lines"]] == ["owed_again", "ends"]
    other = await world.issued(line(category="bearings"), supplier_id=supplier)
    stated = await world.receive(other, arrived(1, "10", **rusty, rejected_is="owed_again"))
    assert stated.json()["order_status"] == "partially_received"
