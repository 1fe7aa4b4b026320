"""What procurement knows of suppliers, from sourcing's events, and what follows for orders."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from procurement.orders.consumers import SUPPLIERS
from purveyor.db import new_id
from purveyor_contract.events.sourcing.blocks import SupplierBlock, SupplierBlocked, SupplierUnblocked
from purveyor_contract.events.sourcing.suppliers import (
    CategoryApproval,
    SupplierDetailsChanged,
    SupplierRegistered,
    SupplierReinstated,
    SupplierRejected,
    SupplierTerminated,
)
from purveyor_contract.roles import Role
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.inbox import Inbox

from .conftest import TODAY, World, arrived, line


async def test_a_supplier_is_known_as_sourcing_described_it_last(world: World) -> None:
    supplier_id = await world.supplier(["fasteners"], expires_on=TODAY, external_reference="V-77")
    await world.hears(
        SupplierDetailsChanged(
            supplier_id=supplier_id, legal_name="Nord Schrauben AG", country="CH", changed_by="sam"
        )
    )
    shown = (await world.bea.get(f"/v1/suppliers/{supplier_id}")).json()
    assert (shown["legal_name"], shown["country"], shown["status"]) == ("Nord Schrauben AG", "CH", "approved")
    assert shown["approvals"] == [{"category": "fasteners", "expires_on": "2026-03-02"}]
    assert (shown["onboarded_by"], shown["external_reference"]) == ("sam", "V-77")
    listed = (await world.bea.get("/v1/suppliers", params={"external_reference": "V-77"})).json()
    assert listed["items"] == [shown]


async def test_suppliers_are_found_by_standing(world: World) -> None:
    supplier_id = await world.supplier(())
    await world.hears(
        SupplierRejected(supplier_id=supplier_id, reason="no quality system", rejected_by="carla")
    )
    found = (await world.bea.get("/v1/suppliers", params={"status": "rejected"})).json()["items"]
    assert [(supplier["id"], supplier["status_reason"]) for supplier in found] == [
        (str(supplier_id), "no quality system")
    ]
    assert (await world.bea.get("/v1/suppliers", params={"status": "liked"})).status_code == 422


async def test_a_supplier_sees_itself_only(world: World) -> None:
    supplier_id, other = await world.supplier(), await world.supplier()
    nord = world.person("nord", Role.SUPPLIER, supplier_id=supplier_id, scopes=["procurement:suppliers:read"])
    assert (await nord.get(f"/v1/suppliers/{supplier_id}")).status_code == 200
    assert (await nord.get(f"/v1/suppliers/{other}")).status_code == 404
    assert len((await nord.get("/v1/suppliers")).json()["items"]) == 1
    assert (await world.bea.get(f"/v1/suppliers/{uuid4()}")).status_code == 404


async def test_a_block_refuses_new_issues_of_what_it_covers_until_it_is_lifted(world: World) -> None:
    supplier_id, document = await world.supplier(), uuid4()
    approved = await world.brought_to(await world.order(supplier_id), "approved")
    block = SupplierBlock(
        cause="document",
        reference=document,
        categories=("fasteners",),
        reason="ISO 9001 ended",
        blocked_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    said: dict[str, Any] = {"supplier_id": supplier_id, "cause": "document", "reference": document}
    only: dict[str, Any] = {"categories": ("fasteners",), "reason": "ISO 9001 ended"}
    await world.hears(SupplierBlocked(**said, **only, blocked_by="sourcing", blocks=(block,)))
    refused = await world.act(world.bea, approved, "issue")
    assert refused.status_code == 422
    assert refused.json()["errors"][0] == {
        "pointer": "/lines/0/category",
        "detail": "the supplier is blocked for fasteners: ISO 9001 ended",
    }
    shown = (await world.bea.get(f"/v1/suppliers/{supplier_id}")).json()
    assert [(b["categories"], b["reason"]) for b in shown["blocks"]] == [(["fasteners"], "ISO 9001 ended")]
    assert (await world.order(supplier_id))["flag"] is None

    await world.hears(SupplierUnblocked(**said, **only, unblocked_by="carla", blocks=()))
    assert (await world.act(world.bea, approved, "issue")).status_code == 200


async def test_a_block_of_all_that_a_supplier_sells_flags_its_open_orders(world: World) -> None:
    supplier_id, hit = await world.supplier(), uuid4()
    order = await world.issued(supplier_id=supplier_id)
    block = SupplierBlock(
        cause="screening",
        reference=hit,
        categories=None,
        reason="a name on a list",
        blocked_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    said: dict[str, Any] = {
        "supplier_id": supplier_id,
        "cause": "screening",
        "reference": hit,
        "categories": None,
    }
    await world.hears(
        SupplierBlocked(**said, reason="a name on a list", blocked_by="sourcing", blocks=(block,))
    )
    shown = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
    assert shown["flag"]["reason"] == "supplier blocked: a name on a list"
    await world.hears(SupplierUnblocked(**said, reason="another man", unblocked_by="carla", blocks=()))
    assert (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()["flag"] is None


async def test_a_suspension_refuses_new_issues_at_once_and_flags_what_is_open(world: World) -> None:
    supplier_id = await world.supplier()
    issued = await world.issued(supplier_id=supplier_id)
    approved = await world.brought_to(await world.order(supplier_id), "approved")
    closed = await world.issued(supplier_id=supplier_id)
    await world.receive(closed, arrived())

    await world.suspend(supplier_id, "quality")
    response = await world.act(world.bea, approved, "issue")
    assert response.status_code == 422
    assert response.json()["errors"][0]["detail"] == "the supplier is suspended, not approved: quality"
    draft = await world.order(supplier_id)
    assert draft["flag"]["reason"] == "supplier suspended: quality"

    flagged = await world.bea.get(
        "/v1/purchase-orders", params={"flagged": "true", "supplier_id": str(supplier_id)}
    )
    assert [order["id"] for order in flagged.json()["items"]] == [draft["id"], approved["id"], issued["id"]]
    assert flagged.json()["items"][2]["flag"]["at"]
    stale = await world.act(world.bea, issued, "acknowledge", version=4)
    assert stale.status_code == 412

    await world.hears(
        SupplierReinstated(
            supplier_id=supplier_id,
            approvals=(CategoryApproval(category="fasteners", expires_on=None),),
            reason="audit passed",
            reinstated_by="carla",
        )
    )
    flagged = await world.bea.get(
        "/v1/purchase-orders", params={"flagged": "true", "supplier_id": str(supplier_id)}
    )
    assert flagged.json()["items"] == []
    assert (await world.act(world.bea, approved, "issue")).status_code == 200


async def test_goods_that_were_ordered_before_the_suspension_are_received(world: World) -> None:
    supplier_id = await world.supplier()
    order = await world.issued(supplier_id=supplier_id)
    await world.suspend(supplier_id)
    assert (await world.receive(order, arrived())).json()["order_status"] == "closed"


async def test_a_draft_that_moves_to_another_supplier_takes_its_flag(world: World) -> None:
    suspended, other = await world.supplier(), await world.supplier()
    await world.suspend(suspended)
    order = await world.order(other)
    path = f"/v1/purchase-orders/{order['id']}"
    body = {name: order[name] for name in ("currency", "site", "business_unit", "cost_centre")}
    body["lines"] = [{name: order["lines"][0][name] for name in line()}]
    moved = await world.robin.put(
        path, json=body | {"supplier_id": str(suspended)}, headers={"If-Match": '"1"'}
    )
    assert moved.json()["flag"]["reason"] == "supplier suspended: quality"
    moved = await world.robin.put(path, json=body | {"supplier_id": str(other)}, headers={"If-Match": '"2"'})
    assert moved.json()["flag"] is None


async def test_a_terminated_supplier_is_ordered_from_never_again(world: World) -> None:
    supplier_id = await world.supplier()
    order = await world.brought_to(await world.order(supplier_id), "approved")
    await world.hears(SupplierTerminated(supplier_id=supplier_id, reason="fraud", terminated_by="carla"))
    response = await world.act(world.bea, order, "issue")
    assert response.json()["errors"][0]["detail"] == "the supplier is terminated, not approved: fraud"
    shown = (await world.bea.get(f"/v1/suppliers/{supplier_id}")).json()
    assert (shown["status"], shown["approvals"]) == ("terminated", [])


async def test_an_event_that_comes_twice_takes_effect_once(world: World) -> None:
    event = SupplierRegistered(
        supplier_id=new_id(), number="S-1", legal_name="Twice Ltd", country=None, registered_by="sam"
    )
    envelope = Envelope(
        id=new_id(),
        type=event.type_name(),
        source="sourcing",
        topic=event.topic,
        key=event.key,
        sequence=1,
        time=world.clock() - timedelta(seconds=1),
        data=event.model_dump_json().encode(),
    )
    inbox = Inbox(world.database, SUPPLIERS)
    await inbox.apply([envelope])
    await inbox.apply([envelope, envelope])
    assert await world.value("SELECT count(*) FROM supplier WHERE id = $1", event.supplier_id) == 1
