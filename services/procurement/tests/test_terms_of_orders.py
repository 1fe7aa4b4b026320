"""An order says when it is paid, where it is handed over and what it is for: what is there on its day."""

from __future__ import annotations

from typing import Any

import pytest

from purveyor_contract.roles import Role

from .amending import act, amended, draft, kept, read, stated
from .conftest import World, order_body

AGREED: dict[str, Any] = {
    "payment_terms": "30N",
    "incoterm": "DAP",
    "delivery_place": "Hamburg, hall 1",
    "project": "P-17",
}
NOTHING = dict.fromkeys(AGREED)


@pytest.fixture(autouse=True)
async def stated_terms(world: World) -> None:
    cora = world.person("cora", Role.CATEGORY_MANAGER)
    for code, more in (("30N", {}), ("60N", {}), ("OLD", {"valid_to": "2026-03-01"})):
        body = {"name": f"Net, {code}", "instalments": [{"percent": "100", "days": 30}]} | more
        answer = await cora.put(f"/v1/payment-terms/{code}", json=body)
        assert answer.status_code in {200, 201}, answer.text
    for code, unit in (("P-17", None), ("P-18", "pumps")):
        answer = await world.ada.put(f"/v1/projects/{code}", json={"name": "Hall 2", "business_unit": unit})
        assert answer.status_code in {200, 201}, answer.text


def agreed(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: shown.get(name) for name in AGREED}


async def test_what_an_order_is_agreed_on_is_shown_told_and_kept_by_its_versions(world: World) -> None:
    created = await world.order(await world.supplier(), **AGREED)
    assert agreed(created) == AGREED
    order = await read(world, await world.brought_to(created, "issued"))
    assert agreed(order) == AGREED
    [(_, _, told)] = await world.events_of(order)
    assert agreed(told) == AGREED
    now = await amended(world, order, kept(order, 1), payment_terms="60N", incoterm=None, delivery_place=None)
    assert agreed(now) == NOTHING | {"payment_terms": "60N", "project": "P-17"}
    assert agreed((await world.events_of(order))[-1][2]) == agreed(now)
    path = f"/v1/purchase-orders/{order['id']}/versions"
    assert agreed((await world.bea.get(f"{path}/1")).json()) == AGREED
    assert agreed((await world.bea.get(f"{path}/2")).json()) == agreed(now)
    differences = (await world.bea.get(f"{path}/2/differences")).json()
    assert differences["words"] == [
        "Order: payment terms 30N → 60N, incoterm DAP → nothing, delivery place Hamburg, hall 1 → nothing"
    ]


async def test_an_order_that_agrees_on_nothing_says_so(world: World) -> None:
    order = await world.issued()
    assert agreed(await read(world, order)) == NOTHING


async def test_a_supplier_is_shown_its_terms_but_not_what_the_order_is_for(world: World) -> None:
    supplier_id = await world.supplier()
    order = await world.brought_to(await world.order(supplier_id, **AGREED), "issued")
    sue = world.person("sue", Role.SUPPLIER, supplier_id=supplier_id)
    shown = (await sue.get(f"/v1/purchase-orders/{order['id']}")).json()
    assert {name: shown[name] for name in AGREED.keys() - {"project"}} == {
        name: AGREED[name] for name in AGREED.keys() - {"project"}
    }
    assert "project" not in shown
    now = await read(world, order)
    await amended(world, now, kept(now, 1), project=None, payment_terms="60N")
    told = (await sue.get(f"/v1/purchase-orders/{order['id']}/versions/2/differences")).json()
    assert [one["pointer"] for one in told["fields"]] == ["/payment_terms"]
    assert (await sue.get("/v1/purchase-orders", params={"project": "P-17"})).status_code == 422


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"payment_terms": "none"}, "payment_terms_not_valid", "/payment_terms"),
        ({"payment_terms": "OLD"}, "payment_terms_not_valid", "/payment_terms"),
        ({"project": "none"}, "organisation_not_valid", "/project"),
        ({"project": "P-18"}, "organisation_not_valid", "/project"),
        ({"incoterm": "DAT"}, "incoterm_unknown", "/incoterm"),
        ({"incoterm": "FREE"}, "incoterm_unknown", "/incoterm"),
        ({"delivery_place": None}, "delivery_terms_incomplete", "/delivery_place"),
        ({"incoterm": None}, "delivery_terms_incomplete", "/incoterm"),
    ],
)
async def test_what_is_not_there_is_named_with_its_reason_of_drafts_and_of_amendments(
    world: World, changes: dict[str, Any], code: str, pointer: str
) -> None:
    supplier_id = await world.supplier()
    order = await world.order(supplier_id, **AGREED)
    refused = [
        await world.robin.post("/v1/purchase-orders", json=order_body(supplier_id, **AGREED | changes)),
        await world.robin.put(
            f"/v1/purchase-orders/{order['id']}",
            json=order_body(supplier_id, **AGREED | changes),
            headers={"If-Match": '"1"'},
        ),
    ]
    now = await read(world, await world.brought_to(order, "issued"))
    refused.append(await draft(world, now, stated(now, kept(now, 1), **changes)))
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_terms_that_end_bind_the_orders_that_name_them_and_their_amendments(world: World) -> None:
    cora = world.person("cora", Role.CATEGORY_MANAGER)
    body = {"name": "Net", "instalments": [{"percent": "100", "days": 30}]}
    assert (await cora.put("/v1/payment-terms/ENDS", json=body)).status_code in {200, 201}
    order = await world.brought_to(await world.order(await world.supplier(), payment_terms="ENDS"), "issued")
    seen = (await cora.get("/v1/payment-terms/ENDS")).headers["ETag"]
    ended = await cora.put(
        "/v1/payment-terms/ENDS", json=body | {"valid_to": "2026-03-01"}, headers={"If-Match": seen}
    )
    assert ended.status_code == 200
    order = await read(world, order)
    now = await amended(world, order, kept(order, 1, quantity="11"), cost_centre="4712")
    assert (now["payment_terms"], now["cost_centre"]) == ("ENDS", "4712")


async def test_a_draft_is_amended_with_all_that_it_states(world: World) -> None:
    supplier_id = await world.supplier()
    order = await world.order(supplier_id, **AGREED)
    changed = await world.robin.put(
        f"/v1/purchase-orders/{order['id']}",
        json=order_body(supplier_id, payment_terms="60N"),
        headers={"If-Match": '"1"'},
    )
    assert agreed(changed.json()) == NOTHING | {"payment_terms": "60N"}


async def test_a_drafted_amendment_says_what_the_order_is_to_be_agreed_on(world: World) -> None:
    order = await read(world, await world.issued())
    drafted = await draft(world, order, stated(order, kept(order, 1), **AGREED))
    assert agreed(drafted.json()) == AGREED
    assert drafted.json()["words"] == [
        "Order: payment terms nothing → 30N, incoterm nothing → DAP, "
        "delivery place nothing → Hamburg, hall 1, project nothing → P-17"
    ]
    assert (await act(world, drafted.json(), "withdraw", world.bea, {"reason": "no"})).status_code == 200


async def test_orders_are_found_by_what_they_are_for(world: World) -> None:
    await world.ada.put("/v1/projects/P-FOUND", json={"name": "Hall 3"})
    order = await world.order(await world.supplier(), project="P-FOUND")
    found = (await world.bea.get("/v1/purchase-orders", params={"project": "P-FOUND"})).json()["items"]
    assert [one["id"] for one in found] == [order["id"]]
