"""Documents that come in: applied, or parked with the reason until a buyer decides."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from procurement.documents.rules.ubl.names import CAC, CBC, Kind
from purveyor.db import new_id
from purveyor_contract.roles import Role

from .amending import amended, kept, read
from .conftest import World, arrived, line
from .exchanging import SUPPLIER, said, with_addresses, written

XML = {"Content-Type": "application/xml"}


def response(order: str, code: str = "AP", number: str = "AB-1", inner: str = "") -> str:
    kind = Kind.ORDER_RESPONSE
    return (
        f'<{kind} xmlns="{kind.namespace}" xmlns:cac="{CAC}" xmlns:cbc="{CBC}"><cbc:ID>{number}</cbc:ID>'
        f"<cbc:IssueDate>2026-03-02</cbc:IssueDate><cbc:OrderResponseCode>{code}</cbc:OrderResponseCode>"
        f"<cbc:SalesOrderID>SO-7</cbc:SalesOrderID>"
        f"<cac:OrderReference><cbc:ID>{order}</cbc:ID></cac:OrderReference>{inner}</{kind}>"
    )


async def send(
    by: httpx.AsyncClient, content: str | bytes, status: int = 201, **headers: str
) -> dict[str, Any]:
    answer = await by.post("/v1/documents", content=content, headers=XML | headers)
    assert answer.status_code == status, answer.text
    shown: dict[str, Any] = answer.json()
    if status < 300:
        assert answer.headers["Location"] == f"/v1/documents/{shown['id']}"
    return shown


async def decide(
    by: httpx.AsyncClient, document: dict[str, Any], action: str, body: Any = None
) -> httpx.Response:
    path = f"/v1/documents/{document['id']}"
    etag = (await by.get(path)).headers["ETag"]
    return await by.post(f"{path}:{action}", json=body, headers={"If-Match": etag})


async def test_a_suppliers_acceptance_acknowledges_its_order(world: World) -> None:
    supplier = await world.supplier()
    order = await world.issued(supplier_id=supplier)
    document = await send(world.person("sue", Role.SUPPLIER, supplier_id=supplier), response(order["number"]))
    assert (document["status"], document["kind"], document["number"]) == ("applied", "OrderResponse", "AB-1")
    assert document["order_id"] == order["id"]
    assert "supplier_id" not in document, "as suppliers are shown it"
    now = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
    assert (now["status"], now["supplier_reference"], now["acknowledged_by"]) == (
        "acknowledged",
        "SO-7",
        "sue",
    )


def answered(number: int, status: str, inner: str = "", beside: str = "") -> str:
    return (
        f"<cac:OrderLine><cac:LineItem><cbc:ID>{number}</cbc:ID><cbc:LineStatusCode>{status}"
        f"</cbc:LineStatusCode>{inner}</cac:LineItem>{beside}<cac:OrderLineReference><cbc:LineID>{number}"
        "</cbc:LineID></cac:OrderLineReference></cac:OrderLine>"
    )


QUANTITY = '<cbc:Quantity unitCode="C62">8</cbc:Quantity>'
PROMISED = (
    "<cac:Delivery><cac:PromisedDeliveryPeriod><cbc:EndDate>2026-03-27</cbc:EndDate>"
    "</cac:PromisedDeliveryPeriod></cac:Delivery>"
)
PRICE = '<cac:Price><cbc:PriceAmount currencyID="EUR">2.75</cbc:PriceAmount></cac:Price>'
INSTEAD = (
    "<cac:SellerSubstitutedLineItem><cbc:ID>1</cbc:ID><cac:Item><cbc:Name>Bolt M8 × 45</cbc:Name>"
    "<cac:SellersItemIdentification><cbc:ID>M8-45</cbc:ID></cac:SellersItemIdentification></cac:Item>"
    "</cac:SellerSubstitutedLineItem>"
)


async def test_what_a_supplier_would_change_waits_for_the_buyer(world: World) -> None:
    order = await world.issued(line(), line(item="M10"))
    inner = answered(1, "3", QUANTITY + PROMISED + PRICE, INSTEAD) + answered(2, "5")
    document = await send(world.bea, response(order["number"], "CA", inner=inner))
    assert (document["status"], document["result"]) == ("applied", "order_response"), document["reason"]
    path = f"/v1/purchase-orders/{order['id']}/versions/1/responses"
    [said] = (await world.bea.get(path)).json()["items"]
    assert said["id"] == document["result_id"]
    assert [(one["line_number"], one["field"], one["after"]) for one in said["changes"]] == [
        (1, "promised_on", "2026-03-27"),
        (1, "quantity", "8"),
        (1, "price", "2.75"),
        (1, "substitute", "M8-45"),
    ]


async def test_a_response_that_changes_nothing_accepts(world: World) -> None:
    order = await world.issued(line(), line(item="M10"))
    inner = answered(1, "5") + answered(2, "3", QUANTITY.replace("8", "10"))
    document = await send(world.bea, response(order["number"], "CA", inner=inner))
    assert document["status"] == "applied", document["reason"]
    assert (await read(world, order))["status"] == "acknowledged"


async def test_a_supplier_rejects_an_order_with_its_note(world: World) -> None:
    order = await world.issued()
    content = response(order["number"], "RE").replace(
        "<cbc:SalesOrderID>", "<cbc:Note>sold out</cbc:Note><x>"
    )
    document = await send(world.bea, content.replace("</cbc:SalesOrderID>", "</x>"))
    assert document["status"] == "applied", document["reason"]
    told = [event for _, name, event in await world.events_of(order) if name == "POResponded"]
    assert [(one["reply"], one["reason"]) for one in told] == [("rejected", "sold out")]


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        (answered(1, "7"), "line 1 is not accepted"),
        (answered(1, "3", QUANTITY.replace("8", "0")), "line 1 is not accepted"),
        (answered(2, "1", QUANTITY), "line 2 is added by the supplier"),
        (answered(9, "5"), "the order has no line 9"),
        (answered(1, "5") * 2, "line 1 is answered twice"),
        (answered(1, "3", QUANTITY.replace("C62", "KGM")), "is in KGM, and line 1 in C62"),
    ],
)
async def test_what_nobody_could_take_of_a_response_is_parked(world: World, inner: str, said: str) -> None:
    order = await world.issued()
    document = await send(world.bea, response(order["number"], "CA", inner=inner))
    assert (document["status"], document["reason_code"]) == ("parked", "response_not_taken")
    assert said in document["reason"]
    assert (await read(world, order))["status"] == "issued"


async def test_a_response_to_a_version_that_is_past_is_parked(world: World) -> None:
    order = await read(world, await world.issued())
    late = response(order["number"], "AP")
    world.clock.now += timedelta(days=1)
    await amended(world, order, kept(order, 1, quantity="7"))
    document = await send(world.bea, late)
    assert document["reason_code"] == "answers_earlier_version"
    document = await send(world.bea, response(f"{order['number']}-1", "AP", "AB-2"))
    assert document["reason_code"] == "version_superseded"
    document = await send(world.bea, response(f"{order['number']}-2", "AP", "AB-3"))
    assert document["status"] == "applied", document["reason"]
    assert (await read(world, order))["status"] == "acknowledged"


async def test_a_buyer_sends_what_the_supplier_gave(world: World) -> None:
    order = await world.issued()
    document = await send(world.bea, response(order["number"]))
    assert (document["status"], document["supplier_id"]) == ("applied", order["supplier_id"])
    assert document["sender_id"] is None


async def test_what_says_only_that_the_order_was_received_asks_for_nothing(world: World) -> None:
    order = await world.issued()
    document = await send(world.bea, response(order["number"], "AB"))
    assert (document["status"], document["result_id"]) == ("read", None)
    assert document["allowed_actions"] == []
    now = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
    assert now["status"] == "issued"


async def test_the_same_document_twice_is_one(world: World) -> None:
    order = await world.issued()
    content = response(order["number"], "AB", f"AB-{order['number']}")
    first = await send(world.bea, content)
    assert await send(world.bea, content, 200) == first
    found = (await world.bea.get("/v1/documents", params={"number": first["number"]})).json()["items"]
    assert [one["id"] for one in found] == [first["id"]]


async def test_the_same_document_sent_twice_at_once_is_one(world: World) -> None:
    order = await world.issued()
    content = response(order["number"], "AP", f"AB-{order['number']}")
    answers = await asyncio.gather(
        *(world.bea.post("/v1/documents", content=content, headers=XML) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    told = [name for _, name, _ in await world.events_of(order)]
    assert told.count("POAcknowledged") == 1


async def test_a_number_is_used_once_a_supplier(world: World) -> None:
    supplier = await world.supplier()
    first, other = await world.issued(supplier_id=supplier), await world.issued(supplier_id=supplier)
    taken = await send(world.bea, response(first["number"]))
    parked = await send(world.bea, response(other["number"]))
    assert (parked["status"], parked["reason_code"]) == ("parked", "number_used")
    assert taken["id"] in parked["reason"]
    elsewhere = await world.issued()
    assert (await send(world.bea, response(elsewhere["number"])))["status"] == "applied", "another supplier's"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "doctype"),
        ("<a>" * 1000, "too_deep"),
        ("<Order/>", "not_known"),
        ("", "not_well_formed"),
        ("<a/>".encode("utf-16")[:-1], "encoding"),
        (response("PO-999999999"), "purchase_order_not_found"),
        (response("our number is of another system"), "purchase_order_not_found"),
    ],
)
async def test_what_cannot_be_read_or_done_is_parked_with_its_reason(
    world: World, content: str | bytes, code: str
) -> None:
    sue = world.person("sue", Role.SUPPLIER, supplier_id=await world.supplier())
    document = await send(sue, content)
    assert (document["status"], document["reason_code"]) == ("parked", code)
    assert document["reason"]
    shown = (await world.bea.get(f"/v1/documents/{document['id']}")).json()
    assert shown["allowed_actions"] == ["retry", "dismiss"]
    kept = await world.bea.get(f"/v1/documents/{document['id']}/content")
    assert kept.content == (content if isinstance(content, bytes) else content.encode())
    assert kept.headers["content-disposition"].startswith("attachment")


async def test_a_document_may_have_as_many_bytes_as_any_request(world: World) -> None:
    answer = await world.bea.post("/v1/documents", content=b" " * 50 * 2**20, headers=XML)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
async def test_what_is_not_called_xml_is_not_read(world: World, kind: str) -> None:
    answer = await world.bea.post("/v1/documents", content="<a/>", headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_a_supplier_sends_for_its_own_orders_and_sees_its_own_documents_only(world: World) -> None:
    order = await world.issued()
    stranger = await world.supplier()
    sue = world.person("sue", Role.SUPPLIER, supplier_id=stranger)
    document = await send(sue, response(order["number"]))
    assert (document["status"], document["reason_code"]) == ("parked", "purchase_order_not_found")
    now = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
    assert now["status"] == "issued"
    theirs = await send(world.bea, response(order["number"], number="AB-2"))
    assert [one["id"] for one in (await sue.get("/v1/documents")).json()["items"]] == [document["id"]]
    for path in (theirs["id"], f"{theirs['id']}/content"):
        assert (await sue.get(f"/v1/documents/{path}")).status_code == 404
    assert (await decide(sue, document, "retry")).status_code == 403


async def test_two_suppliers_that_send_the_same_bytes_have_a_document_each(world: World) -> None:
    suppliers = [await world.supplier() for _ in range(2)]
    sent = [await send(world.person("sue", Role.SUPPLIER, supplier_id=one), "<a/>") for one in suppliers]
    assert sent[0]["id"] != sent[1]["id"]


async def test_a_parked_document_is_tried_again_with_the_rights_of_its_sender(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier)
    sue = world.person("sue", Role.SUPPLIER, supplier_id=supplier)
    document = await send(sue, response(order["number"]))
    assert document["reason_code"] == "purchase_order_not_found", "it is a draft yet"
    assert (await decide(world.bea, document, "retry")).json()["status"] == "parked"
    await world.brought_to(order, "issued")
    retried = await decide(world.bea, document, "retry")
    assert (retried.status_code, retried.json()["status"]) == (200, "applied")
    assert retried.json()["reason"] is None
    again = await decide(world.bea, document, "retry")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


async def test_who_sent_a_document_says_what_it_says_whoever_tries_it_again(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier)
    eve = world.person("eve", Role.BUYER)
    document = await send(eve, response(order["number"]))
    assert document["status"] == "parked", document
    await world.brought_to(order, "issued")
    assert (await decide(world.bea, document, "retry")).json()["status"] == "applied"
    path = f"/v1/purchase-orders/{order['id']}/versions/1/responses"
    [answer] = (await world.bea.get(path)).json()["items"]
    assert (answer["by_supplier"], answer["answered_by"]) == (False, "eve")


async def test_a_parked_document_is_dismissed_with_a_reason(world: World) -> None:
    supplier = await world.supplier()
    sue = world.person("sue", Role.SUPPLIER, supplier_id=supplier)
    document = await send(sue, response("PO-999999999"))
    body = {"reason": "they meant another customer", "reason_for_supplier": "not our order"}
    dismissed = await decide(world.bea, document, "dismiss", body)
    assert (dismissed.status_code, dismissed.json()["status"]) == (200, "dismissed")
    shown = (await sue.get(f"/v1/documents/{document['id']}")).json()
    assert shown["dismissal_reason_for_supplier"] == "not our order"
    assert "they meant" not in str(shown)
    assert (await decide(world.bea, document, "retry")).status_code == 409
    audited = await world.value(
        "SELECT reason FROM audit_record WHERE entity_id = $1 AND action = 'dismiss'", document["id"]
    )
    assert audited == "they meant another customer"


async def test_who_decides_has_seen_the_document_as_it_is(world: World) -> None:
    document = await send(world.bea, response(f"PO-{new_id().int % 10**17:018}"))
    path = f"/v1/documents/{document['id']}:dismiss"
    assert (await world.bea.post(path, json={"reason": "of no use"})).status_code == 428
    stale = await world.bea.post(path, json={"reason": "of no use"}, headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    assert (
        await world.robin.post(path, json={"reason": "x"}, headers={"If-Match": '"1"'})
    ).status_code == 403


async def test_parked_documents_are_listed(empty_world: World) -> None:
    order = await empty_world.issued()
    taken = await send(empty_world.bea, response(order["number"]))
    parked = await send(empty_world.bea, "<a/>")
    for asked, expected in (
        ({}, [parked, taken]),
        ({"status": "parked"}, [parked]),
        ({"kind": "OrderResponse"}, [taken]),
        ({"order_id": order["id"]}, [taken]),
        ({"supplier_id": order["supplier_id"]}, [taken]),
        ({"received_from": "2026-03-03"}, []),
        ({"sort": "id"}, [taken, parked]),
    ):
        found = (await empty_world.bea.get("/v1/documents", params=asked)).json()["items"]
        assert found == expected, asked


def advice(*lines: tuple[dict[str, Any], int, str], number: str = "D-1", expected: str = "2026-03-06") -> str:
    kind = Kind.DESPATCH_ADVICE
    sent = "".join(
        f'<cac:DespatchLine><cbc:ID>{place}</cbc:ID><cbc:DeliveredQuantity unitCode="C62">{quantity}'
        f"</cbc:DeliveredQuantity><cac:OrderLineReference><cbc:LineID>{of}</cbc:LineID><cac:OrderReference>"
        f"<cbc:ID>{order['number']}</cbc:ID></cac:OrderReference></cac:OrderLineReference></cac:DespatchLine>"
        for place, (order, of, quantity) in enumerate(lines, start=11)
    )
    due = f"<cac:EstimatedDeliveryPeriod><cbc:EndDate>{expected}</cbc:EndDate></cac:EstimatedDeliveryPeriod>"
    return (
        f'<{kind} xmlns="{kind.namespace}" xmlns:cac="{CAC}" xmlns:cbc="{CBC}"><cbc:ID>{number}</cbc:ID>'
        "<cbc:IssueDate>2026-03-02</cbc:IssueDate><cbc:IssueTime>08:00:00</cbc:IssueTime><cac:Shipment>"
        f"<cbc:ID>NA</cbc:ID><cac:Delivery>{due}</cac:Delivery></cac:Shipment>{sent}</{kind}>"
    )


async def test_a_despatch_advice_announces_a_shipment_of_several_orders(world: World) -> None:
    supplier = await world.supplier()
    orders = [await world.issued(supplier_id=supplier) for _ in range(2)]
    sue = world.person("sue", Role.SUPPLIER, supplier_id=supplier)
    document = await send(sue, advice((orders[0], 1, "4"), (orders[1], 1, "10")))
    assert (document["status"], document["result"]) == ("applied", "shipment"), document["reason"]
    shipment = (await sue.get(f"/v1/shipments/{document['result_id']}")).json()
    assert (shipment["despatch_reference"], shipment["expected_on"]) == ("D-1", "2026-03-06")
    assert [one["quantity"] for one in shipment["lines"]] == ["4", "10"]
    for order in orders:
        assert "ShipmentNotified" in [name for _, name, _ in await world.events_of(order)]


async def test_more_than_is_to_come_is_parked_and_taken_once_there_is_room(world: World) -> None:
    supplier = await world.supplier()
    order = await read(world, await world.issued(supplier_id=supplier))
    document = await send(world.bea, advice((order, 1, "12")))
    assert (document["status"], document["reason_code"]) == ("parked", "shipment_invalid")
    assert "at most 10 C62 more" in document["reason"]
    await amended(world, order, kept(order, 1, quantity="12"))
    retried = await decide(world.bea, document, "retry")
    assert (retried.status_code, retried.json()["status"]) == (200, "applied"), retried.text


async def test_an_advice_over_two_suppliers_orders_is_parked(world: World) -> None:
    orders = [await world.issued() for _ in range(2)]
    document = await send(world.bea, advice(*((order, 1, "1") for order in orders)))
    assert (document["status"], document["reason_code"]) == ("parked", "shipment_invalid")
    sue = world.person("sue", Role.SUPPLIER, supplier_id=orders[0]["supplier_id"])
    document = await send(sue, advice(*((order, 1, "1") for order in orders)))
    assert document["reason_code"] == "purchase_order_not_found", "she sees her own"


async def test_a_receipt_answers_the_advice_that_came_in(empty_world: World) -> None:
    await with_addresses(empty_world)
    supplier = await empty_world.supplier(identifiers=SUPPLIER)
    order = await empty_world.issued(supplier_id=supplier)
    document = await send(empty_world.bea, advice((order, 1, "10")))
    assert document["status"] == "applied", document["reason"]
    received = await empty_world.receive(order, arrived(1, "10"), despatch_reference="D-1")
    assert received.status_code == 201, received.text
    answer = await written(empty_world.bea, f"/v1/goods-receipts/{received.json()['id']}/document")
    for path, expected in (
        ("cbc:CustomizationID", ["urn:fdc:peppol.eu:logistics:trns:receipt_advice:1"]),
        ("cac:DespatchDocumentReference/cbc:IssueTime", ["08:00:00"]),
        ("cac:ReceiptLine/cac:DespatchLineReference/cbc:LineID", ["11"]),
    ):
        assert said(answer, path) == expected, path


async def test_what_a_buyer_sends_in_for_a_supplier_is_not_of_another(world: World) -> None:
    supplier = await world.supplier(identifiers=SUPPLIER)
    order = await world.issued(supplier_id=supplier)
    party = (
        '<cac:SellerSupplierParty><cac:Party><cbc:EndpointID schemeID="0088">{}</cbc:EndpointID></cac:Party>'
        "</cac:SellerSupplierParty>"
    )
    other = response(order["number"], inner=party.format("4006381000017"))
    document = await send(world.bea, other)
    assert (document["status"], document["reason_code"]) == ("parked", "of_another_supplier")
    assert document["reason"] == (
        "It comes from 4006381000017 of scheme 0088, and Schraubenwerk Nord GmbH is 7302347231110 there."
    )
    document = await send(world.bea, response(order["number"], inner=party.format("7302347231110")))
    assert document["status"] == "applied", document["reason"]
