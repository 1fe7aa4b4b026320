"""One person alone cannot buy: whoever wrote any of an order does not approve it, whatever came between."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purveyor_contract.events.sourcing.onboarding import SupplierAccessGranted
from purveyor_contract.events.sourcing.suppliers import (
    CategoryApproval,
    SupplierApproved,
    SupplierDetailsChanged,
    SupplierIdentity,
    SupplierIdentityChanged,
    SupplierIdentityConfirmed,
    SupplierReinstated,
    SupplierRejected,
    SupplierSuspended,
)
from purveyor_contract.roles import Role

from .conftest import World, arrived, line, order_body
from .test_imports import TO_ORDERS, let_in, row, send

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


async def states_site(world: World, by: str, code: str, city: str) -> None:
    """Say where goods go, as somebody who may do everything."""
    person = world.person(by, *EVERYTHING)
    known = await person.get(f"/v1/sites/{code}")
    seen = {"If-Match": known.headers["ETag"]} if known.status_code == 200 else {}
    body = {"name": "Yard", "country": "DE", "time_zone": "Europe/Berlin", "address": {"city": city}}
    assert (await person.put(f"/v1/sites/{code}", json=body, headers=seen)).status_code in {200, 201}


async def test_whoever_stated_a_site_does_not_approve_what_is_ordered_to_it(world: World) -> None:
    await states_site(world, "ada", "YARD-1", "Hamburg")
    await states_site(world, "mallory", "YARD-1", "Celle")
    body = order_body(await world.supplier()) | {"site": "YARD-1"}
    order = (await world.robin.post("/v1/purchase-orders", json=body)).json()
    assert (await does(world, order, "robin", "submit")).status_code == 200
    for by in ("mallory", "ada"):
        refused = await does(world, order, by, "approve")
        assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
        assert refused.json()["detail"] == (
            "Who created or changed a site does not approve what is ordered to it."
        )
    assert (await does(world, order, "alex", "approve")).status_code == 200


async def test_an_order_whose_approver_has_changed_its_site_since_is_not_issued(world: World) -> None:
    await states_site(world, "ada", "YARD-2", "Hamburg")
    body = order_body(await world.supplier()) | {"site": "YARD-2"}
    order = (await world.robin.post("/v1/purchase-orders", json=body)).json()
    for by, action in (("robin", "submit"), ("alex", "approve")):
        assert (await does(world, order, by, action)).status_code == 200
    await states_site(world, "alex", "YARD-2", "Celle")
    refused = await does(world, order, "bea", "issue")
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert refused.json()["detail"].startswith("alex, who approved the order, has changed its site")


async def test_a_returned_order_keeps_its_authors(world: World) -> None:
    order = await world.order(await world.supplier())
    for by, action in (("mallory", "submit"), ("alex", "return"), ("robin", "submit")):
        assert (await does(world, order, by, action)).status_code == 200
    assert await authors(world, order) == ["mallory", "robin"]
    assert (await does(world, order, "mallory", "approve")).json()["code"] == "segregation_of_duties"


async def test_a_returned_order_forgets_whom_its_approval_was_held_against(world: World) -> None:
    order = await world.order(await world.supplier())
    noted = "SELECT (supplier_onboarded_by, supplier_authors)::text FROM purchase_order WHERE id = $1"
    for by, action in (("robin", "submit"), ("alex", "approve")):
        assert (await does(world, order, by, action)).status_code == 200
    assert await world.value(noted, UUID(order["id"])) == "(sam,{sam})"
    assert (await does(world, order, "alex", "return")).status_code == 200
    assert await world.value(noted, UUID(order["id"])) == "(,)"


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


async def identity_changes(world: World, supplier_id: UUID, by: str) -> None:
    """Let it arrive that somebody changed who a supplier is, as sourcing tells it."""
    was = SupplierIdentity(legal_name="Schraubenwerk Nord GmbH", country="DE")
    now = SupplierIdentity(legal_name="Briefkasten Ltd", country="CY")
    details = {"legal_name": now.legal_name, "country": now.country}
    await world.hears(SupplierDetailsChanged(supplier_id=supplier_id, **details, changed_by=by))
    await world.hears(
        SupplierIdentityChanged(
            supplier_id=supplier_id, changed=("legal_name", "country"), approved=was, now=now, changed_by=by
        )
    )
    why = f"legal name, country changed by {by}: to be confirmed by another"
    await world.hears(SupplierSuspended(supplier_id=supplier_id, reason=why, suspended_by=by))


async def test_nothing_is_ordered_from_a_supplier_that_became_another_until_that_is_confirmed(
    world: World,
) -> None:
    supplier = await world.supplier()
    order = await world.brought_to(await world.order(supplier), "approved")
    await identity_changes(world, supplier, "mallory")
    refused = await world.act(world.bea, order, "issue")
    assert (refused.status_code, refused.json()["code"]) == (422, "supplier_not_approved")
    assert "changed by mallory: to be confirmed by another" in refused.text
    flagged = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
    assert flagged["flag"]["reason"].startswith("supplier suspended: legal name, country changed by mallory")
    await world.hears(SupplierIdentityConfirmed(supplier_id=supplier, confirmed_by="carl"))
    approvals = (CategoryApproval(category="fasteners", expires_on=None),)
    await world.hears(
        SupplierReinstated(supplier_id=supplier, approvals=approvals, reason="ok", reinstated_by="carl")
    )
    issued = await world.act(world.bea, order, "issue")
    assert (issued.status_code, issued.json()["flag"]) == (200, None)


async def test_who_changed_who_a_supplier_is_does_not_approve_its_orders(world: World) -> None:
    supplier = await world.supplier()
    order = await world.brought_to(await world.order(supplier), "submitted")
    await identity_changes(world, supplier, "mallory")
    refused = await does(world, order, "mallory", "approve")
    assert refused.json()["code"] == "segregation_of_duties"
    assert refused.json()["detail"] == (
        "Who onboarded a supplier, or changed who it is, does not approve its orders."
    )
    assert (await does(world, order, "alex", "approve")).status_code == 200
    noted = "SELECT supplier_authors FROM purchase_order WHERE id = $1"
    assert await world.value(noted, UUID(order["id"])) == ["mallory", "sam"]


async def test_who_acts_for_a_supplier_does_not_approve_its_orders(world: World) -> None:
    supplier = await world.supplier()
    order = await world.brought_to(await world.order(supplier), "submitted")
    await world.hears(
        SupplierAccessGranted(
            supplier_id=supplier, access_id=uuid4(), subject="mallory", invitation_id=uuid4()
        )
    )
    assert (await does(world, order, "mallory", "approve")).json()["code"] == "segregation_of_duties"
    assert (await does(world, order, "alex", "approve")).status_code == 200


async def test_who_proposed_a_suppliers_import_does_not_approve_its_orders(world: World) -> None:
    supplier = await world.supplier(onboarded_by="quinn", authors=("pat", "quinn"))
    order = await world.brought_to(await world.order(supplier), "submitted")
    for author in ("pat", "quinn"):
        assert (await does(world, order, author, "approve")).json()["code"] == "segregation_of_duties"
    assert (await does(world, order, "alex", "approve")).status_code == 200


@pytest.mark.parametrize("again", [False, True], ids=["proposed once", "proposed by two"])
async def test_who_proposed_an_order_of_the_past_does_not_receive_its_goods_whoever_sends_it(
    world: World, again: bool
) -> None:
    number = f"PROPOSED-{again}"
    await world.supplier((), external_reference="V-1")
    await let_in(world, TO_ORDERS, row(number), row(f"{number}-other"), proposer="penny")
    if again:
        await let_in(world, TO_ORDERS, row(number), proposer="percy")
    (result,) = await send(world.ada, TO_ORDERS, row(number))
    assert await authors(world, result) == ["penny", *(["percy"] if again else []), "ada"]
    by = world.person("percy" if again else "penny", Role.RECEIVER)
    refused = await world.receive(result, arrived(10), by=by)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert (await world.receive(result, arrived(10))).status_code == 201


async def details_change(world: World, supplier_id: UUID, by: str, changed: bool | None) -> None:
    """Let it arrive that somebody changed a supplier's details, and whether who it is was among them."""
    details = {"supplier_id": supplier_id, "legal_name": "Briefkasten Ltd", "country": "CY"}
    await world.hears(SupplierDetailsChanged(**details, changed_by=by, identity_changed=changed))


@pytest.mark.parametrize("changed", [True, None], ids=["told", "not told, as before that was"])
@pytest.mark.parametrize("rejected", [False, True], ids=["registered", "rejected"])
async def test_who_made_a_supplier_who_it_is_before_its_approval_does_not_approve_its_orders(
    world: World, changed: bool | None, rejected: bool
) -> None:
    supplier = await world.supplier((), onboarded_by="bea")
    if rejected:
        await world.hears(SupplierRejected(supplier_id=supplier, reason="unknown", rejected_by="cara"))
    await details_change(world, supplier, "mallory", changed)
    approvals = (CategoryApproval(category="fasteners", expires_on=None),)
    await world.hears(SupplierApproved(supplier_id=supplier, approvals=approvals, approved_by="cara"))
    order = await world.brought_to(await world.order(supplier), "submitted")
    refused = await does(world, order, "mallory", "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert (await does(world, order, "alex", "approve")).status_code == 200


async def test_who_changed_what_a_supplier_offers_and_not_who_it_is_approves_its_orders(world: World) -> None:
    supplier = await world.supplier()
    await details_change(world, supplier, "carl", changed=False)
    order = await world.brought_to(await world.order(supplier), "submitted")
    assert (await does(world, order, "carl", "approve")).status_code == 200


async def reinstated(world: World, supplier_id: UUID) -> None:
    """Let it arrive that carl confirmed who a supplier is."""
    await world.hears(SupplierIdentityConfirmed(supplier_id=supplier_id, confirmed_by="carl"))
    approvals = (CategoryApproval(category="fasteners", expires_on=None),)
    await world.hears(
        SupplierReinstated(supplier_id=supplier_id, approvals=approvals, reason="ok", reinstated_by="carl")
    )


@pytest.mark.parametrize("confirmed", [True, False], ids=["confirmed", "not confirmed yet"])
async def test_an_order_is_not_issued_while_its_approver_is_who_changed_who_its_supplier_is(
    world: World, confirmed: bool
) -> None:
    """Whether she did so after approving, or before and sourcing's word came later, is the same here."""
    supplier = await world.supplier()
    order = await world.brought_to(await world.order(supplier), "submitted")
    assert (await does(world, order, "mallory", "approve")).status_code == 200
    await identity_changes(world, supplier, "mallory")
    if confirmed:
        await reinstated(world, supplier)
    refused = await world.act(world.bea, order, "issue")
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert refused.json()["detail"] == (
        "mallory, who approved the order, has changed who its supplier is: return it, so that another "
        "approves it."
    )
    assert await world.events_of(order) == []


async def test_an_order_that_another_approves_anew_is_issued_and_notes_who_changed_its_supplier(
    world: World,
) -> None:
    supplier = await world.supplier()
    order = await world.brought_to(await world.order(supplier), "submitted")
    assert (await does(world, order, "mallory", "approve")).status_code == 200
    await identity_changes(world, supplier, "mallory")
    await reinstated(world, supplier)
    for by, action in (("alex", "return"), ("robin", "submit"), ("alex", "approve")):
        assert (await does(world, order, by, action)).status_code == 200
    await identity_changes(world, supplier, "ivan")
    await reinstated(world, supplier)
    assert (await world.act(world.bea, order, "issue")).json()["status"] == "issued"
    noted = "SELECT supplier_authors FROM purchase_order WHERE id = $1"
    assert await world.value(noted, UUID(order["id"])) == ["mallory", "ivan", "sam"]


async def receives(world: World, order: dict[str, Any], by: str) -> httpx.Response:
    """Receive all of an order as somebody who may receive."""
    return await world.receive(order, arrived(), by=world.person(by, Role.RECEIVER))


@pytest.mark.parametrize(
    ("by", "why"),
    [
        ("robin", "Who created, changed, submitted or issued an order does not receive its goods."),
        ("rewriter", "Who created, changed, submitted or issued an order does not receive its goods."),
        ("bea", "Who created, changed, submitted or issued an order does not receive its goods."),
        ("alex", "Who approved an order does not receive its goods: so says the policy receiving-duties."),
        ("carla", "Who approved a supplier does not receive its goods: so says the policy receiving-duties."),
    ],
)
async def test_whoever_ordered_or_agreed_to_buy_does_not_take_the_goods_in(
    world: World, by: str, why: str
) -> None:
    order = await world.order(await world.supplier())
    assert (await put(world, order, "rewriter")).status_code == 200
    await world.brought_to(order, "issued")
    refused = await receives(world, order, by)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert refused.json()["detail"] == why
    assert (await receives(world, order, "rita")).status_code == 201


async def test_an_approver_receives_where_it_was_decided_that_they_may(empty_world: World) -> None:
    world = empty_world
    cora, path = world.person("cora", Role.CATEGORY_MANAGER), "/v1/policies/receiving-duties"
    decision = {
        "valid_from": "2026-01-01",
        "business_unit": "drives",
        "value": {"order_approver_receives": True, "supplier_approver_receives": False},
        "reason": "the plant at Keflavik has three people",
    }
    headers = {"If-Match": (await cora.get(path)).headers["ETag"]}
    decided = await cora.post(f"{path}/versions", json=decision, headers=headers)
    assert decided.status_code == 201, decided.text
    carl = world.person("carl", Role.CATEGORY_MANAGER)
    assert (await carl.post(f"{path}/versions/1:approve")).status_code == 200
    order = await world.issued()
    assert (await receives(world, order, "carla")).json()["code"] == "segregation_of_duties"
    assert (await receives(world, order, "alex")).status_code == 201
    kept_apart = await world.value("SELECT kept_apart FROM goods_receipt")
    assert kept_apart == ["bea", "carla", "robin"]
