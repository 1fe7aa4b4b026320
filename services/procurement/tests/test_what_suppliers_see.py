"""With secrets in every field of ours: nothing that a supplier is answered says one of them."""

from uuid import UUID, uuid4

import pytest
from shared.messaging.tests.publishing import publish_all

from purveyor.testing.walk import answered, everything, for_suppliers, leaks
from purveyor_contract.events.sourcing.suppliers import SupplierSuspended
from purveyor_contract.roles import SCOPES_OF, Role

from .amending import act, kept, read, stated
from .conftest import World, arrived, line, order_body
from .exchanging import SUPPLIER, with_addresses
from .invoicing import billed, charged, received
from .invoicing import decide as decide_invoice
from .test_blankets import BLANKETS, agreed, does
from .test_inbound_documents import decide, response, send
from .test_requisitions import drafted, need

PEOPLE = {
    "secret-onboarder",
    "secret-creator",
    "secret-approver",
    "secret-issuer",
    "secret-caller-off",
    "secret-receiver",
    "secret-amender",
    "secret-second-approver",
    "secret-holder",
    "secret-notifier",
    "secret-agreeing",
    "secret-sender",
    "secret-requester",
    "secret-clerk",
}
AFFAIRS = {
    "secret-cost-centre",
    "secret-suspicion",
    "secret-reason-of-cancelling",
    "secret-key-of-a-line",
    "secret-key-of-a-receipt",
    "secret-key-of-the-supplier",
    "secret-draft",
    "secret-reason-of-amending",
    "secret-reason-of-holding",
    "secret-reason-of-a-delay",
    "secret-reason-of-calling-back",
    "secret-cost-centre-next",
    "secret-reason-of-holding-what-was-agreed",
    "secret-reason-of-dismissing",
    "secret-need",
    "secret-reason-of-rejecting",
}
OF_OTHERS = {"secret-item-of-another", "secret-despatch-of-another"}
ASKED_BY = [
    ("/v1/purchase-orders", "flagged", "true"),
    ("/v1/goods-receipts", "external_reference", "secret-key-of-a-receipt"),
    ("/v1/suppliers", "external_reference", "secret-key-of-the-supplier"),
]
EVERY_SCOPE = frozenset().union(*SCOPES_OF.values())


async def ordered(world: World, supplier_id: UUID, until: str = "issue", **changes: str) -> dict[str, str]:
    """Order something, by people whose names are nobody's business."""
    creator = world.person("secret-creator", Role.REQUESTER)
    await world.ada.put("/v1/cost-centres/secret-cost-centre", json={"name": "Secret"})
    body = order_body(supplier_id, line(**changes), cost_centre="secret-cost-centre")
    order = (await creator.post("/v1/purchase-orders", json=body)).json()
    for action, by in (
        ("submit", creator),
        ("approve", world.person("secret-approver", Role.APPROVER)),
        ("issue", world.person("secret-issuer", Role.BUYER)),
    ):
        if until != "draft":
            response = await world.act(by, order, action)
            assert response.status_code == 200, response.text
    return order  # type: ignore[no-any-return]


async def amended_in_secret(world: World, order: dict[str, str]) -> str:
    """Amend an order, by people and for reasons that are nobody's business."""
    now = await read(world, order)
    reason, cost_centre = "secret-reason-of-amending", "secret-cost-centre-next"
    await world.ada.put(f"/v1/cost-centres/{cost_centre}", json={"name": "Secret, too"})
    body = stated(now, kept(now, 1, quantity="11"), reason=reason, cost_centre=cost_centre)
    amender = world.person("secret-amender", Role.BUYER)
    path = f"/v1/purchase-orders/{order['id']}/amendments"
    amendment = (await amender.post(path, json=body)).json()
    approver = world.person("secret-second-approver", Role.APPROVER)
    for action, by in (("submit", amender), ("approve", approver), ("issue", amender)):
        assert (await act(world, amendment, action, by)).status_code == 200
    return str(amendment["id"])


async def agreed_in_secret(world: World, supplier_id: UUID) -> str:
    """Agree on a blanket order, and hold it, by people and for reasons that are ours."""
    buyer = world.person("secret-agreeing", Role.BUYER)
    blanket = (await buyer.post(BLANKETS, json=agreed(supplier_id))).json()
    approver = world.person("secret-second-approver", Role.APPROVER)
    for action, by, reason in (
        ("submit", buyer, None),
        ("approve", approver, None),
        ("hold", buyer, "secret-reason-of-holding-what-was-agreed"),
    ):
        answer = await does(world, blanket, action, by, reason)
        assert answer.status_code == 200, answer.text
    return str(blanket["id"])


async def sent_in_secret(world: World, order: dict[str, str], supplier_id: UUID) -> str:
    """Send a document that a supplier gave, and dismiss one of its own, by somebody of ours."""
    sender = world.person("secret-sender", Role.BUYER)
    number = (await read(world, order))["number"]
    assert (await send(sender, response(number)))["status"] == "applied"
    sue = world.person("sue", Role.SUPPLIER, supplier_id=supplier_id)
    assert (await send(sue, response(number, "AP", "AB-3")))["status"] == "applied"
    document = await send(sue, response(number, "RE", "AB-2"))
    assert document["status"] == "parked", "it has accepted itself"
    why = {"reason": "secret-reason-of-dismissing"}
    assert (await decide(sender, document, "dismiss", why)).status_code == 200
    return str(document["id"])


async def charged_in_secret(world: World, order: dict[str, str], *, is_other: bool = False) -> str:
    """Enter an invoice and reject it, by somebody and for a reason that is ours."""
    clerk = world.person("secret-clerk", Role.ACCOUNTS_PAYABLE)
    said = charged(buyers_item="secret-item-of-another" if is_other else None)
    number = (await read(world, order))["number"]
    invoice = await received(clerk, billed(f"R-{number}", number, said))
    told = {"reason": "secret-reason-of-rejecting", "reason_for_supplier": "please send another"}
    assert (await decide_invoice(clerk, invoice, "reject", told)).status_code == 200
    return str(invoice["id"])


async def shipped_in_secret(world: World, order: dict[str, str], reference: str) -> str:
    """Notify a shipment, let it be late and call it back, by people and for reasons that are ours."""
    notifier = world.person("secret-notifier", Role.BUYER)
    stated = {
        "despatch_reference": reference,
        "shipped_on": "2026-03-02",
        "expected_on": "2026-03-05",
        "lines": [{"order_id": order["id"], "line_number": 1, "quantity": "1"}],
    }
    shipment = await notifier.post("/v1/shipments", json=stated)
    assert shipment.status_code == 201, shipment.text
    path = f"/v1/shipments/{shipment.json()['id']}"
    for action, body in (
        ("delay", {"expected_on": "2026-03-06", "reason": "secret-reason-of-a-delay"}),
        ("cancel", {"reason": "secret-reason-of-calling-back"}),
    ):
        seen = {"If-Match": (await notifier.get(path)).headers["ETag"]}
        moved = await notifier.post(f"{path}:{action}", json=body, headers=seen)
        assert moved.status_code == 200, moved.text
    return str(shipment.json()["id"])


async def test_no_answer_to_a_supplier_says_a_secret_of_ours(empty_world: World) -> None:
    world = empty_world
    await with_addresses(world)
    own = await world.supplier(
        onboarded_by="secret-onboarder",
        external_reference="secret-key-of-the-supplier",
        identifiers=SUPPLIER,
    )
    other = await world.supplier()
    orders = [await ordered(world, own) for _ in range(3)]
    draft = await ordered(world, own, until="draft", description="secret-draft")
    foreign = await ordered(world, other, item="secret-item-of-another")
    receiver = world.person("secret-receiver", Role.RECEIVER)
    bad = arrived(1, "4", rejected_quantity="1", rejection_reason="thread damaged")
    receipts = [(await world.receive(order, bad, by=receiver)).json()["id"] for order in (orders[0], foreign)]
    shipments = [
        await shipped_in_secret(world, order, reference)
        for order, reference in ((orders[0], "LS-1"), (foreign, "secret-despatch-of-another"))
    ]
    amendment = await amended_in_secret(world, orders[2])
    blanket = await agreed_in_secret(world, own)
    document = await sent_in_secret(world, orders[0], own)
    requester = world.person("secret-requester", Role.REQUESTER)
    line = need(description="secret-need", supplier_id=str(own))
    requisition = (await drafted(world, line, by=requester))["id"]
    invoices = [
        await charged_in_secret(world, orders[0]),
        await charged_in_secret(world, foreign, is_other=True),
    ]
    holder = world.person("secret-holder", Role.BUYER)
    held = await world.act(holder, orders[2], "hold", {"reason": "secret-reason-of-holding"})
    assert held.status_code == 200, held.text
    told = {"reason": "secret-reason-of-cancelling", "reason_for_supplier": "no longer needed"}
    await world.act(world.person("secret-caller-off", Role.BUYER), orders[1], "cancel", told)
    async with world.database.transaction() as tx:
        await tx.connection.execute(
            "UPDATE purchase_order_line SET external_reference = 'secret-key-of-a-line' WHERE order_id = $1",
            UUID(orders[0]["id"]),
        )
        await tx.connection.execute(
            "UPDATE goods_receipt SET external_reference = 'secret-key-of-a-receipt' WHERE id = $1",
            UUID(receipts[0]),
        )
    await world.hears(
        SupplierSuspended(supplier_id=own, reason="secret-suspicion", suspended_by="secret-onboarder")
    )
    await publish_all(world.database, "procurement")

    ids = {
        "order_id": [order["id"] for order in (*orders, draft, foreign)] + [str(uuid4()), "nonsense"],
        "amendment_id": [amendment],
        "number": ["1", "2", "3"],
        "line_number": ["1"],
        "blanket_order_id": [blanket, str(uuid4())],
        "requisition_id": [requisition, str(uuid4())],
        "need_id": [str(uuid4())],
        "document_id": [document, str(uuid4())],
        "invoice_id": [*invoices, str(uuid4())],
        "exception_id": [str(uuid4())],
        "position": ["1"],
        "receipt_id": [*receipts, str(uuid4())],
        "shipment_id": [*shipments, str(uuid4())],
        "supplier_id": [str(own), str(other), str(uuid4())],
        "code": ["HAM-1"],
        "name": ["over-receipt"],
        "item": ["secret-item-of-another"],
        "category": ["fasteners"],
        "unit": ["C62"],
        "quantity": ["5"],
        "version": ["1"],
        "parked_id": ["1"],
    }
    portal = world.person("sue", Role.SUPPLIER, supplier_id=own, scopes=EVERY_SCOPE)
    answers = await everything(world.app, portal, ids)
    assert leaks(answers, PEOPLE | AFFAIRS | OF_OTHERS) == []
    assert answered(answers) == for_suppliers(world.app)

    ours = world.person("adele", *(set(Role) - {Role.SUPPLIER}), scopes=EVERY_SCOPE)
    said = "\n".join(answer.said for answer in await everything(world.app, ours, ids))
    unsaid = {secret for secret in PEOPLE | AFFAIRS | OF_OTHERS if secret not in said}
    assert not unsaid, "a secret that nobody is told proves nothing"


@pytest.mark.parametrize(("path", "name", "value"), ASKED_BY)
async def test_no_supplier_finds_out_by_asking_for_what_is_not_shown(
    world: World, path: str, name: str, value: str
) -> None:
    sue = world.person("sue", Role.SUPPLIER, supplier_id=await world.supplier(), scopes=EVERY_SCOPE)
    refused = await sue.get(path, params={name: value})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_for_suppliers")
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/query/{name}"]
    assert (await world.bea.get(path, params={name: value})).status_code == 200


async def test_no_key_gives_a_supplier_the_answer_that_one_of_ours_was_given(world: World) -> None:
    supplier_id = await world.supplier()
    order = await world.brought_to(await world.order(supplier_id), "issued")
    path = f"/v1/purchase-orders/{order['id']}:acknowledge"
    headers = {"Idempotency-Key": "k", "If-Match": f'"{await world.version_of(order["id"])}"'}
    ours = await world.person("namesake", Role.BUYER).post(path, headers=headers)
    assert (ours.status_code, ours.json()["cost_centre"]) == (200, "4711")
    namesake = world.person("namesake", Role.SUPPLIER, supplier_id=supplier_id)
    theirs = await namesake.post(path, headers=headers)
    assert theirs.status_code == 412, theirs.text
    assert "4711" not in theirs.text
    again = await world.person("namesake", Role.BUYER).post(path, headers=headers)
    assert (again.headers["idempotent-replayed"], again.content) == ("true", ours.content)
