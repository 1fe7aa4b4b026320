"""Purchase orders over HTTP: what is refused, and how it says so."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from purveyor_contract.roles import Role

from .conftest import TODAY, World, arrived, line, order_body

ACTIONS = ("submit", "approve", "return", "issue", "acknowledge", "cancel")
BODIES = {"return": {"reason": "wrong cost centre"}, "cancel": {"reason": "not needed"}}


def pointers(response: httpx.Response) -> list[str]:
    return [error["pointer"] for error in response.json()["errors"]]


async def test_the_total_is_rounded_by_the_currency(world: World) -> None:
    supplier_id = await world.supplier()
    order = await world.order(supplier_id, line(quantity="3", price="33.333333"), currency="JPY")
    assert order["total"] == {"amount": "100", "currency": "JPY"}
    order = await world.order(supplier_id, line(quantity="2500", price="8.40", price_base_quantity="100"))
    assert order["total"]["amount"] == "210.00"


async def test_lines_without_numbers_are_numbered_by_their_place(world: World) -> None:
    order = await world.order(await world.supplier(), line(line_number=7), line(), line(line_number=1))
    assert [shown["line_number"] for shown in order["lines"]] == [1, 2, 7]


async def test_a_number_is_shown_the_same_way_however_it_was_written(world: World) -> None:
    order = await world.order(await world.supplier(), line(quantity="01000", price="00"))
    read = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
    assert read == order
    assert (read["lines"][0]["quantity"], read["lines"][0]["price"]) == ("1000", "0")


async def test_round_numbers_are_shown_and_told_as_decimals_are_written(world: World) -> None:
    stated = line(quantity="10000", price="160000", price_base_quantity="10000")
    order = await world.issued(stated)
    shown = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
    [(_, _, told)] = await world.events_of(order)
    for one in (shown["lines"][0], told["lines"][0]):
        names = ("quantity", "price", "price_base_quantity")
        assert [one[name] for name in names] == ["10000", "160000", "10000"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"lines": []}, "/lines"),
        ({"lines": [line() for _ in range(1001)]}, "/lines"),
        ({"lines": [line(quantity="0")]}, "/lines/0/quantity"),
        ({"lines": [line(quantity="-1")]}, "/lines/0/quantity"),
        ({"lines": [line(quantity="NaN")]}, "/lines/0/quantity"),
        ({"lines": [line(quantity="Infinity")]}, "/lines/0/quantity"),
        ({"lines": [line(quantity="1e30")]}, "/lines/0/quantity"),
        ({"lines": [line(price="-0.01")]}, "/lines/0/price"),
        ({"lines": [line(price="0.0000001")]}, "/lines/0/price"),
        ({"lines": [line(price_base_quantity="0")]}, "/lines/0/price_base_quantity"),
        ({"lines": [line(unit="pieces")]}, "/lines/0/unit"),
        ({"lines": [line(line_number=0)]}, "/lines/0/line_number"),
        ({"lines": [line(line_number=2**40)]}, "/lines/0/line_number"),
        ({"lines": [line(line_number=2), line(line_number=2)]}, "/lines/0/line_number"),
        ({"lines": [line(item="a\x00b")]}, "/lines/0/item"),
        ({"lines": [line(item=" ")]}, "/lines/0/item"),
        ({"lines": [line(promised_on="2026-02-30")]}, "/lines/0/promised_on"),
        ({"lines": [line(promised_on="2026-03-01")]}, "/lines/0/promised_on"),
        ({"lines": [line(quantity="999999999", price="999999999999")]}, "/lines/0/price"),
        ({"lines": [line(site="HAM-1")]}, "/lines/0/site"),
        ({"ordered_on": "2026-03-03"}, "/ordered_on"),
        ({"currency": "EURO"}, "/currency"),
        ({"currency": "EUX"}, "/currency"),
        ({"site": "nowhere"}, "/site"),
        ({"supplier_id": str(uuid4())}, "/supplier_id"),
        ({"supplier_id": "nobody"}, "/supplier_id"),
        ({"approved_by": "robin"}, "/approved_by"),
    ],
)
async def test_what_cannot_be_ordered_is_refused_by_field_and_leaves_nothing(
    world: World, changes: dict[str, Any], pointer: str
) -> None:
    supplier_id = await world.supplier()
    response = await world.robin.post("/v1/purchase-orders", json=order_body(supplier_id) | changes)
    assert response.status_code == 422, response.text
    assert pointer in pointers(response)
    assert not await world.value("SELECT count(*) FROM purchase_order WHERE supplier_id = $1", supplier_id)


async def test_lone_surrogates_and_bodies_that_are_not_json_are_refused(world: World) -> None:
    body = json.dumps(order_body(await world.supplier())).replace("4711", "\\ud800")
    for content in (body, "", "[]", "{", "null"):
        response = await world.robin.post(
            "/v1/purchase-orders", content=content, headers={"Content-Type": "application/json"}
        )
        assert response.status_code == 422, response.text


async def test_an_order_of_a_thousand_lines_is_taken_and_issued(world: World) -> None:
    lines = [line(line_number=number) for number in range(1, 1001)]
    order = await world.issued(*lines)
    assert order["total"]["amount"] == "25000.00"
    ((_, _, event),) = await world.events_of(order)
    assert len(event["lines"]) == 1000


async def test_today_is_the_day_at_the_site(world: World) -> None:
    site = {"name": "Auckland", "country": "NZ", "time_zone": "Pacific/Auckland"}
    await world.ada.put("/v1/sites/AKL", json=site)
    order = await world.order(await world.supplier(), site="AKL")
    assert order["ordered_on"] == "2026-03-03"


async def test_an_order_captured_late_keeps_its_date(world: World) -> None:
    order = await world.order(await world.supplier(), ordered_on="2026-02-20")
    assert order["ordered_on"] == "2026-02-20"


async def test_a_draft_is_changed_by_who_saw_it_as_it_is(world: World) -> None:
    order = await world.order(await world.supplier(), line(), line())
    other = await world.supplier()
    path = f"/v1/purchase-orders/{order['id']}"
    body = order_body(other, line(line_number=2, quantity="7"), line(line_number=5), cost_centre="4712")
    assert (await world.robin.put(path, json=body)).status_code == 428
    response = await world.robin.put(path, json=body, headers={"If-Match": '"1"'})
    assert response.status_code == 200, response.text
    assert response.headers["ETag"] == '"2"'
    read = (await world.bea.get(path)).json()
    assert read == response.json()
    assert (read["supplier_id"], read["cost_centre"], read["total"]["amount"]) == (
        str(other),
        "4712",
        "42.50",
    )
    assert [shown["line_number"] for shown in read["lines"]] == [2, 5]
    stale = await world.robin.put(path, json=body, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")


async def test_a_change_of_lines_alone_is_a_change_too(world: World) -> None:
    order = await world.order(await world.supplier())
    body = order_body(order["supplier_id"], line(description="another text"))
    response = await world.robin.put(
        f"/v1/purchase-orders/{order['id']}", json=body, headers={"If-Match": '"1"'}
    )
    assert response.headers["ETag"] == '"2"'
    before, after = await world.value(
        "SELECT ARRAY[before, after] FROM audit_record WHERE entity_id = $1 AND action = 'change'",
        order["id"],
    )
    assert (before["lines"][0]["description"], after["lines"][0]["description"]) == (
        "Hexagon bolt M8 × 40",
        "another text",
    )


async def test_a_changed_draft_obeys_the_same_rules(world: World) -> None:
    order = await world.order(await world.supplier())
    path = f"/v1/purchase-orders/{order['id']}"
    for body, pointer in (
        (order_body(uuid4()), "/supplier_id"),
        (order_body(order["supplier_id"], site="nowhere"), "/site"),
        (order_body(order["supplier_id"], ordered_on="2026-03-03"), "/ordered_on"),
        (order_body(order["supplier_id"], line(unit="pieces")), "/lines/0/unit"),
    ):
        response = await world.robin.put(path, json=body, headers={"If-Match": '"1"'})
        assert (response.status_code, pointers(response)) == (422, [pointer])


@pytest.mark.parametrize("status", ["draft", "submitted", "approved", "issued", "acknowledged"])
async def test_every_other_move_is_refused_and_says_what_is_possible(world: World, status: str) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), status)
    people = {"approve": world.alex, "return": world.alex}
    for action in ACTIONS:
        if action in order["allowed_actions"]:
            continue
        response = await world.act(people.get(action, world.bea), order, action, BODIES.get(action))
        assert (response.status_code, response.json()["code"]) == (409, "wrong_state"), response.text
        assert response.json()["allowed"] == order["allowed_actions"]
    if status != "draft":
        body = order_body(order["supplier_id"])
        seen = {"If-Match": f'"{await world.version_of(order["id"])}"'}
        response = await world.robin.put(f"/v1/purchase-orders/{order['id']}", json=body, headers=seen)
        assert response.status_code == 409


async def test_an_action_needs_the_version_that_its_caller_saw(world: World) -> None:
    order = await world.order(await world.supplier())
    path = f"/v1/purchase-orders/{order['id']}:submit"
    assert (await world.robin.post(path)).status_code == 428
    assert (await world.robin.post(path, headers={"If-Match": '"2"'})).status_code == 412
    for etag, status in (('"99999999999999999999"', 412), ('"x"', 412), ("", 422)):
        assert (await world.robin.post(path, headers={"If-Match": etag})).status_code == status
    assert (await world.robin.post(path, headers={"If-Match": '"1"'})).status_code == 200


async def test_an_order_that_does_not_exist_is_not_found_whatever_is_done_to_it(world: World) -> None:
    nothing = {"id": str(uuid4())}
    people = {"approve": world.alex, "return": world.alex}
    for action in ACTIONS:
        response = await world.act(people.get(action, world.bea), nothing, action, BODIES.get(action), 1)
        assert (response.status_code, response.json()["code"]) == (404, "purchase_order_not_found")
    assert (await world.bea.get(f"/v1/purchase-orders/{uuid4()}")).status_code == 404
    assert (await world.bea.get("/v1/purchase-orders/PO-000001")).status_code == 422


async def test_each_step_is_for_its_own_role(world: World) -> None:
    order = await world.order(await world.supplier())
    allowed = {
        "submit": {Role.REQUESTER, Role.BUYER},
        "approve": {Role.APPROVER},
        "return": {Role.APPROVER, Role.BUYER},
        "issue": {Role.BUYER},
        "acknowledge": {Role.BUYER, Role.SUPPLIER},
        "cancel": {Role.REQUESTER, Role.BUYER},
    }
    for action, roles in allowed.items():
        for role in set(Role) - roles:
            person = world.person("pat", role, scopes=["procurement:orders:write"])
            response = await world.act(person, order, action, BODIES.get(action))
            assert (response.status_code, response.json()["code"]) == (403, "role_required"), (action, role)


async def test_who_created_an_order_does_not_approve_it(world: World) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), "submitted")
    robin = world.person("robin", Role.REQUESTER, Role.APPROVER)
    response = await world.act(robin, order, "approve")
    assert (response.status_code, response.json()["code"]) == (403, "segregation_of_duties")


async def test_who_onboarded_the_supplier_does_not_approve_its_orders(world: World) -> None:
    supplier_id = await world.supplier(onboarded_by="alex")
    order = await world.brought_to(await world.order(supplier_id), "submitted")
    response = await world.act(world.alex, order, "approve")
    assert (response.status_code, response.json()["code"]) == (403, "segregation_of_duties")
    response = await world.act(world.person("anna", Role.APPROVER), order, "approve")
    assert response.json()["supplier_onboarded_by"] == "alex"


async def test_a_returned_order_is_a_draft_that_nobody_has_approved(world: World) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), "approved")
    assert (await world.act(world.bea, order, "return")).status_code == 422
    returned = (await world.act(world.bea, order, "return", {"reason": "price has changed"})).json()
    assert (returned["status"], returned["submitted_by"], returned["approved_by"]) == ("draft", None, None)
    reason = await world.value(
        "SELECT reason FROM audit_record WHERE entity_id = $1 AND action = 'return'", order["id"]
    )
    assert reason == "price has changed"
    assert (await world.brought_to(returned, "issued"))["status"] == "issued"


async def test_an_issue_names_every_line_that_the_supplier_is_not_approved_for(world: World) -> None:
    supplier_id = await world.supplier(["fasteners", "seals"], expires_on=TODAY - timedelta(1))
    draft = await world.order(supplier_id, line(), line(category="castings"))
    order = await world.brought_to(draft, "approved")
    response = await world.act(world.bea, order, "issue")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "supplier_not_approved")
    assert pointers(response) == ["/lines/0/category", "/lines/1/category"]
    assert "expired" in problem["errors"][0]["detail"]
    assert "not approved for castings" in problem["errors"][1]["detail"]
    assert await world.events_of(order) == []
    assert await world.version_of(order["id"]) == 3


async def test_an_approval_holds_on_its_last_day_at_the_site(world: World) -> None:
    supplier_id = await world.supplier(expires_on=TODAY)
    order = await world.brought_to(await world.order(supplier_id), "approved")
    world.clock.now += timedelta(hours=11, minutes=30)
    assert (await world.act(world.bea, order, "issue")).status_code == 422
    world.clock.now -= timedelta(hours=1)
    assert (await world.act(world.bea, order, "issue")).status_code == 200


async def test_a_supplier_that_is_only_registered_is_not_ordered_from(world: World) -> None:
    order = await world.brought_to(await world.order(await world.supplier(())), "approved")
    response = await world.act(world.bea, order, "issue")
    assert "the supplier is registered, not approved" in response.json()["errors"][0]["detail"]


async def test_an_issue_is_told_once_however_often_it_is_sent(world: World) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), "approved")
    bea = world.bea
    path = f"/v1/purchase-orders/{order['id']}:issue"
    headers = {"If-Match": '"3"', "Idempotency-Key": str(uuid4())}
    first, second = [await bea.post(path, headers=headers) for _ in range(2)]
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert second.headers["ETag"] == '"4"'
    assert len(await world.events_of(order)) == 1


async def test_a_draft_is_cancelled_in_silence_and_an_issued_order_with_an_event(world: World) -> None:
    draft = await world.order(await world.supplier())
    cancelled = await world.act(world.robin, draft, "cancel", {"reason": "not needed"})
    assert cancelled.json()["status"] == "cancelled"
    assert await world.events_of(draft) == []

    order = await world.issued()
    refused = await world.act(world.robin, order, "cancel", {"reason": "not needed"})
    assert (refused.status_code, refused.json()["code"]) == (403, "role_required")
    cancelled = (await world.act(world.bea, order, "cancel", {"reason": "not needed"})).json()
    assert (cancelled["status"], cancelled["cancellation_reason"]) == ("cancelled", "not needed")
    number, name, event = (await world.events_of(order))[-1]
    assert (number, name, event["cancelled_on"], event["reason"]) == (
        2,
        "POCancelled",
        "2026-03-02",
        "not needed",
    )
    assert (await world.receive(order, arrived())).status_code == 409


async def test_cancelling_what_is_partly_received_closes_it_with_what_came(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived(1, "4"))
    closed = (await world.act(world.bea, order, "cancel", {"reason": "the rest is late"})).json()
    assert (closed["status"], closed["closed_on"], closed["cancelled_on"]) == (
        "closed",
        "2026-03-02",
        "2026-03-02",
    )
    assert [name for _, name, _ in await world.events_of(order)] == [
        "POIssued",
        "GoodsReceived",
        "POCancelled",
    ]
    assert (await world.receive(order, arrived(1, "1"))).status_code == 409
    assert (await world.act(world.bea, order, "cancel", {"reason": "again"})).status_code == 409


async def test_a_supplier_acknowledges_its_own_order_and_sees_no_other(world: World) -> None:
    order = await world.issued()
    nord = world.person("nord", Role.SUPPLIER, supplier_id=order["supplier_id"])
    other = world.person("other", Role.SUPPLIER, supplier_id=await world.supplier())
    path = f"/v1/purchase-orders/{order['id']}"
    assert (await nord.get(path)).status_code == 200
    assert (await other.get(path)).status_code == 404
    assert (await other.get("/v1/purchase-orders")).json()["items"] == []
    assert (await world.act(other, order, "acknowledge")).status_code == 404
    body = {"supplier_reference": "AB-117"}
    acknowledged = (await world.act(nord, order, "acknowledge", body)).json()
    assert (acknowledged["acknowledged_on"], acknowledged["supplier_reference"]) == ("2026-03-02", "AB-117")
    assert (await world.bea.get(path)).json()["acknowledged_by"] == "nord"
    _, name, event = (await world.events_of(order))[-1]
    assert (name, event["supplier_reference"]) == ("POAcknowledged", "AB-117")
    assert (await world.act(nord, order, "cancel", {"reason": "no"})).status_code == 403


async def test_a_supplier_is_not_told_what_its_customer_could_do(world: World) -> None:
    order = await world.issued()
    nord = world.person("nord", Role.SUPPLIER, supplier_id=order["supplier_id"])
    path = f"/v1/purchase-orders/{order['id']}"
    assert (await nord.get(path)).json()["allowed_actions"] == ["acknowledge", "respond", "promise"]
    assert (await world.act(nord, order, "acknowledge")).json()["allowed_actions"] == ["respond", "promise"]
    again = await world.act(nord, order, "acknowledge")
    assert (again.status_code, again.json()["allowed"]) == (409, ["respond", "promise"])


async def test_a_supplier_does_not_see_what_is_not_yet_ordered_from_it(world: World) -> None:
    draft = await world.order(await world.supplier())
    nord = world.person("nord", Role.SUPPLIER, supplier_id=draft["supplier_id"])
    assert (await nord.get(f"/v1/purchase-orders/{draft['id']}")).status_code == 404
    assert (await nord.get("/v1/purchase-orders")).json()["items"] == []


async def test_orders_are_found_by_what_people_ask_for(world: World) -> None:
    supplier_id = await world.supplier()
    first = await world.order(supplier_id, ordered_on="2026-01-10", business_unit="pumps")
    second = await world.order(supplier_id, ordered_on="2026-02-10")
    await world.brought_to(second, "issued")

    async def found(**wanted: str) -> list[str]:
        response = await world.bea.get(
            "/v1/purchase-orders", params={"supplier_id": str(supplier_id)} | wanted
        )
        assert response.status_code == 200, response.text
        return [order["id"] for order in response.json()["items"]]

    assert await found() == [second["id"], first["id"]]
    assert await found(number=first["number"]) == [first["id"]]
    assert await found(status="draft") == [first["id"]]
    assert await found(business_unit="pumps") == [first["id"]]
    assert await found(site="nowhere") == []
    assert await found(ordered_from="2026-02-01", ordered_to="2026-02-10") == [second["id"]]
    assert await found(flagged="true") == []
    assert await found(flagged="false", limit="1") == [second["id"]]
    page = (await world.bea.get("/v1/purchase-orders", params={"limit": "1"})).json()
    assert page["next_cursor"]
    following = (
        await world.bea.get("/v1/purchase-orders", params={"limit": "1", "cursor": page["next_cursor"]})
    ).json()
    assert following["items"][0]["id"] < page["items"][0]["id"]


async def test_every_step_leaves_an_audit_record(world: World) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), "acknowledged")
    await world.receive(order, arrived())
    trail = await world.value(
        "SELECT array_agg(actor || ' ' || action ORDER BY id) FROM audit_record WHERE entity_id = $1",
        order["id"],
    )
    assert trail == [
        "robin create",
        "robin submit",
        "alex approve",
        "bea issue",
        "bea acknowledge",
        "rita receive",
    ]


async def test_an_order_promised_today_is_not_late_yet(world: World) -> None:
    order = await world.order(await world.supplier(), line(promised_on=date(2026, 3, 2).isoformat()))
    assert order["lines"][0]["promised_on"] == order["ordered_on"]
