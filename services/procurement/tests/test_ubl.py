"""Orders, changes, cancellations and receipts as UBL: what they say, to whom, always in the same bytes."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from lxml import etree

from procurement.documents.rules.ubl.names import CAC
from procurement.documents.rules.ubl.parsing import parsed
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier
from purveyor_contract.roles import Role

from .amending import amended, kept, read
from .conftest import World, arrived, line
from .exchanging import SUPPLIER, UNIT, attribute, names, said, version, with_addresses, written

ITEM = {
    "description": "Hexagon bolt M8 × 40",
    "category": "fasteners",
    "base_unit": "C62",
    "gtin": "04006381333931",
    "makers": [{"maker": "Nordschraube AG", "part_number": "NS-8040-Z"}],
}
SEQUENCES = {
    "Order": "CustomizationID ProfileID ID IssueDate Note DocumentCurrencyCode BuyerCustomerParty "
    "SellerSupplierParty Delivery DeliveryTerms PaymentTerms AllowanceCharge TaxTotal "
    "AnticipatedMonetaryTotal OrderLine",
    "OrderChange": "CustomizationID ProfileID ID IssueDate SequenceNumberID Note DocumentCurrencyCode "
    "OrderReference BuyerCustomerParty SellerSupplierParty Delivery DeliveryTerms PaymentTerms "
    "AllowanceCharge TaxTotal AnticipatedMonetaryTotal OrderLine",
    "OrderCancellation": "CustomizationID ProfileID ID IssueDate CancellationNote OrderReference "
    "BuyerCustomerParty SellerSupplierParty",
    "ReceiptAdvice": "CustomizationID ProfileID ID IssueDate IssueTime DocumentStatusCode "
    "ReceiptAdviceTypeCode OrderReference DespatchDocumentReference DeliveryCustomerParty "
    "DespatchSupplierParty Shipment ReceiptLine",
    "Party": "EndpointID PartyIdentification PartyName PostalAddress PartyTaxScheme PartyLegalEntity Contact",
    "PostalAddress": "StreetName AdditionalStreetName CityName PostalZone CountrySubentity AddressLine "
    "Country",
    "Address": "StreetName AdditionalStreetName CityName PostalZone CountrySubentity AddressLine Country",
    "PartyLegalEntity": "RegistrationName CompanyID RegistrationAddress",
    "Contact": "Name Telephone ElectronicMail",
    "Delivery": "ActualDeliveryDate DeliveryLocation RequestedDeliveryPeriod DeliveryParty",
    "AnticipatedMonetaryTotal": "LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount "
    "AllowanceTotalAmount ChargeTotalAmount PayableAmount",
    "AllowanceCharge": "ChargeIndicator AllowanceChargeReasonCode AllowanceChargeReason "
    "MultiplierFactorNumeric Amount BaseAmount TaxCategory",
    "OrderLine": "Note LineItem",
    "LineItem": "ID LineStatusCode Quantity LineExtensionAmount Delivery AllowanceCharge Price Item",
    "Price": "PriceAmount BaseQuantity",
    "Item": "Name BuyersItemIdentification ManufacturersItemIdentification StandardItemIdentification "
    "ClassifiedTaxCategory",
    "ReceiptLine": "ID ReceivedQuantity RejectedQuantity RejectReasonCode RejectReason RejectActionCode "
    "OrderLineReference DespatchLineReference",
}
"""The order that the schemas of UBL 2.1 have for the elements that we write."""


def expect_in_sequence(document: bytes) -> None:
    """Assert that each element's children stand in the order of the schemas, and that none is empty."""
    for element in parsed(document).iter():
        name = etree.QName(element).localname
        children = names(element)
        assert children or (element.text or "").strip(), f"{name} is empty"
        if name in SEQUENCES:
            order = SEQUENCES[name].split()
            places = [order.index(child) for child in children]
            assert all(before <= after for before, after in pairwise(places)), (name, children)


async def issued(world: World, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Issue an order between parties that have addresses."""
    await with_addresses(world)
    supplier = await world.supplier(identifiers=SUPPLIER)
    order = await world.order(supplier, *lines, **header)
    return await world.brought_to(order, "issued")


async def test_an_order_says_who_orders_what_from_whom(empty_world: World) -> None:
    item = await empty_world.bea.put("/v1/items/M8-HEX-40", json=ITEM)
    assert item.status_code == 201, item.text
    order = await issued(
        empty_world,
        line(quantity="2500", price="8.40", price_base_quantity="100"),
        line(item="cut to size", description="Sheet, 3 mm", unit="MTK", quantity="1.5", price="20"),
    )
    document = await version(empty_world, order)
    expect_in_sequence(document)
    assert document == await version(empty_world, order), "the same bytes each time"
    for path, expected in (
        ("cbc:ID", [order["number"]]),
        ("cbc:IssueDate", ["2026-03-02"]),
        ("cbc:DocumentCurrencyCode", ["EUR"]),
        (".//cbc:RegistrationName", ["Nordwind Antriebe GmbH", "Schraubenwerk Nord GmbH"]),
        (".//cbc:EndpointID", ["7300010000001", "7302347231110"]),
        (".//cac:PartyTaxScheme/cbc:CompanyID", ["DE136695976"]),
        ("cac:BuyerCustomerParty//cac:PostalAddress/cbc:CityName", ["Hamburg"]),
        ("cac:BuyerCustomerParty//cac:Contact/cbc:ElectronicMail", ["purchasing@example.com"]),
        ("cac:Delivery/cac:DeliveryLocation/cbc:ID", ["4006381000017"]),
        ("cac:Delivery/cac:DeliveryParty//cbc:Name", ["Hamburg, hall 1"]),
        ("cac:Delivery/cac:RequestedDeliveryPeriod/cbc:EndDate", ["2026-03-20"]),
        ("cac:AnticipatedMonetaryTotal/cbc:PayableAmount", ["240.00"]),
        ("cac:OrderLine/cac:LineItem/cbc:ID", ["1", "2"]),
        ("cac:OrderLine/cac:LineItem/cbc:Quantity", ["2500", "1.5"]),
        ("cac:OrderLine//cbc:LineExtensionAmount", ["210.00", "30.00"]),
        ("cac:OrderLine//cbc:PriceAmount", ["8.4", "20"]),
        ("cac:OrderLine//cbc:BaseQuantity", ["100", "1"]),
        ("cac:OrderLine//cac:Item/cbc:Name", ["Hexagon bolt M8 × 40", "Sheet, 3 mm"]),
        ("cac:OrderLine//cac:BuyersItemIdentification/cbc:ID", ["M8-HEX-40", "cut to size"]),
        ("cac:OrderLine//cac:StandardItemIdentification/cbc:ID", ["04006381333931"]),
        ("cac:OrderLine//cac:ManufacturersItemIdentification/cbc:ID", ["NS-8040-Z"]),
    ):
        assert said(document, path) == expected, path
    assert attribute(document, ".//cbc:EndpointID", "schemeID") == ["0088", "0088"]
    assert attribute(document, "cac:OrderLine//cbc:Quantity", "unitCode") == ["C62", "MTK"]


async def test_an_order_says_what_it_takes_off_puts_on_and_taxes(empty_world: World) -> None:
    period = {"valid_from": "2021-01-01", "valid_to": None, "rate": "19", "recoverable_part": "100"}
    code = {
        "name": "Standard",
        "country": "DE",
        "category": "S",
        "reverse_charge": False,
        "periods": [period],
    }
    assert (await empty_world.ada.put("/v1/tax-codes/S19", json=code)).status_code == 201
    order = await issued(
        empty_world,
        line(tax_code="S19", allowances=[{"reason": "damaged box", "percent": "10"}]),
        allowances=[{"reason": "rebate", "amount": "1.50", "tax_code": "S19", "reason_code": "95"}],
        charges=[{"reason": "freight", "amount": "9", "tax_code": "S19", "spread_by": "value"}],
    )
    document = await version(empty_world, order)
    expect_in_sequence(document)
    of_all, of_line = "cac:AllowanceCharge", "cac:OrderLine//cac:AllowanceCharge"
    total = "cac:AnticipatedMonetaryTotal"
    for path, expected in (
        (f"{of_line}/cbc:AllowanceChargeReason", ["damaged box"]),
        (f"{of_line}/cbc:MultiplierFactorNumeric", ["10"]),
        (f"{of_line}/cbc:BaseAmount", ["25.00"]),
        (f"{of_line}/cbc:Amount", ["2.50"]),
        ("cac:OrderLine//cbc:LineExtensionAmount", ["22.50"]),
        ("cac:OrderLine//cac:ClassifiedTaxCategory/cbc:Percent", ["19"]),
        (f"{of_all}/cbc:ChargeIndicator", ["false", "true"]),
        (f"{of_all}/cbc:AllowanceChargeReasonCode", ["95"]),
        (f"{of_all}/cbc:Amount", ["1.50", "9.00"]),
        (f"{of_all}/cac:TaxCategory/cbc:ID", ["S", "S"]),
        ("cac:TaxTotal/cbc:TaxAmount", ["5.70"]),
        (f"{total}/cbc:LineExtensionAmount", ["22.50"]),
        (f"{total}/cbc:AllowanceTotalAmount", ["1.50"]),
        (f"{total}/cbc:ChargeTotalAmount", ["9.00"]),
        (f"{total}/cbc:TaxExclusiveAmount", ["30.00"]),
        (f"{total}/cbc:PayableAmount", ["35.70"]),
    ):
        assert said(document, path) == expected, path


async def test_an_order_says_nothing_that_its_supplier_is_not_shown(empty_world: World) -> None:
    order = await issued(empty_world)
    sue = empty_world.person("sue", Role.SUPPLIER, supplier_id=order["supplier_id"])
    path = f"/v1/purchase-orders/{order['id']}/versions/1/document"
    theirs, ours = await written(sue, path), await written(empty_world.bea, path)
    assert theirs == ours
    for secret in ("4711", "robin", "alex", "bea"):
        assert secret.encode() not in ours
    stranger = empty_world.person("tom", Role.SUPPLIER, supplier_id=await empty_world.supplier())
    assert (await stranger.get(path, params={"format": "ubl"})).status_code == 404


async def test_texts_are_texts_whatever_they_hold(empty_world: World) -> None:
    hostile = "<cbc:Note>&amp; ]]> <!-- --> <?pi?> \"'"
    order = await issued(empty_world, line(description=hostile, item="<x/>"))
    document = await version(empty_world, order)
    expect_in_sequence(document)
    assert said(document, "cac:OrderLine//cac:Item/cbc:Name") == [hostile]


async def test_the_form_is_a_pdf_unless_only_xml_is_taken_or_it_is_asked_for(empty_world: World) -> None:
    order = await issued(empty_world)
    path = f"/v1/purchase-orders/{order['id']}/versions/1/document"
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for accept, asked, expected in (
        ("*/*", {}, "application/pdf"),
        (browser, {}, "application/pdf"),
        ("application/xml", {}, "application/xml"),
        ("*/*", {"format": "ubl"}, "application/xml"),
        (browser, {"format": "pdf"}, "application/pdf"),
    ):
        answer = await empty_world.bea.get(path, params=asked, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, expected), (accept, asked)
    assert (await empty_world.bea.get(path, params={"format": "docx"})).status_code == 422


async def test_nothing_is_sent_between_parties_without_addresses(empty_world: World) -> None:
    order = await empty_world.issued()
    path = f"/v1/purchase-orders/{order['id']}/versions/1/document"
    answer = await empty_world.bea.get(path, params={"format": "ubl"})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_for_exchange")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/business_unit", "/supplier_id"]


async def test_a_supplier_without_a_participant_is_reached_by_its_gln_and_by_no_other_number(
    empty_world: World,
) -> None:
    await with_addresses(empty_world)
    numbers = (
        SupplierIdentifier(scheme="GLN", value="4006381000017"),
        SupplierIdentifier(scheme="DUNS", value="150483782"),
    )
    for known, expected in ((numbers, 200), (numbers[1:], 422)):
        supplier = await empty_world.supplier(identifiers=known)
        order = await empty_world.issued(supplier_id=supplier)
        path = f"/v1/purchase-orders/{order['id']}/versions/1/document"
        answer = await empty_world.bea.get(path, params={"format": "ubl"})
        assert answer.status_code == expected
        if expected == 200:
            identified = "cac:SellerSupplierParty//cac:PartyIdentification/cbc:ID"
            assert said(answer.content, identified) == ["4006381000017", "150483782"]


async def test_a_unit_without_an_address_part_by_part_is_written_in_a_line(empty_world: World) -> None:
    order = await issued(empty_world)
    endpoint = UNIT["electronic"]["endpoint"]
    await with_addresses(empty_world, electronic={"endpoint": endpoint})
    document = await version(empty_world, order)
    expect_in_sequence(document)
    lines = "cac:BuyerCustomerParty//cac:AddressLine/cbc:Line"
    assert said(document, lines) == ["Hafenstraße 12, 20457 Hamburg"]


async def test_schedules_of_a_line_are_its_period_and_its_note(empty_world: World) -> None:
    schedules = [{"quantity": "4", "need_by": "2026-03-20"}, {"quantity": "6", "need_by": "2026-04-20"}]
    order = await issued(empty_world, line(schedules=schedules, promised_on=None))
    document = await version(empty_world, order)
    expect_in_sequence(document)
    period = "cac:OrderLine//cac:RequestedDeliveryPeriod"
    assert said(document, f"{period}/cbc:StartDate") == ["2026-03-20"]
    assert said(document, f"{period}/cbc:EndDate") == ["2026-04-20"]
    assert said(document, "cac:OrderLine/cbc:Note") == ["4 C62: 2026-03-20; 6 C62: 2026-04-20"]
    assert said(document, "cac:Delivery/cac:RequestedDeliveryPeriod/cbc:EndDate") == []


async def test_a_later_version_says_all_again_and_what_became_of_each_line(empty_world: World) -> None:
    order = await read(empty_world, await issued(empty_world, line(), line(item="M10"), line(item="M12")))
    order = await amended(
        empty_world,
        order,
        kept(order, 1),
        kept(order, 2, quantity="5"),
        line(line_number=4, item="M16"),
        cancelled_lines=[3],
        reason_for_supplier="as you answered",
    )
    document = await version(empty_world, order, 2)
    expect_in_sequence(document)
    for path, expected in (
        ("cbc:ID", [f"{order['number']}-2"]),
        ("cbc:SequenceNumberID", ["1"]),
        ("cbc:Note", ["as you answered"]),
        ("cac:OrderReference/cbc:ID", [order["number"]]),
        ("cac:OrderLine/cac:LineItem/cbc:ID", ["1", "2", "4", "3"]),
        ("cac:OrderLine/cac:LineItem/cbc:LineStatusCode", ["4", "3", "1", "2"]),
        ("cac:OrderLine/cac:LineItem/cbc:Quantity", ["10", "5", "10", "0"]),
        ("cac:OrderLine//cbc:LineExtensionAmount", ["25.00", "12.50", "25.00", "0"]),
        ("cac:AnticipatedMonetaryTotal/cbc:PayableAmount", ["62.50"]),
    ):
        assert said(document, path) == expected, path
    first = await version(empty_world, order, 1)
    assert said(first, "cac:OrderLine/cac:LineItem/cbc:Quantity") == ["10", "10", "10"]
    assert b"needs changed" not in document, "our own reason"


async def test_a_cancellation_says_what_the_supplier_is_told_of_why(empty_world: World) -> None:
    order = await issued(empty_world)
    path = f"/v1/purchase-orders/{order['id']}/cancellation/document"
    assert (await empty_world.bea.get(path)).json()["code"] == "cancellation_not_found"
    body = {"reason": "no budget", "reason_for_supplier": "as we said on the phone"}
    cancelled = await empty_world.act(empty_world.bea, order, "cancel", body)
    assert cancelled.status_code == 200, cancelled.text
    document = await written(empty_world.bea, path)
    expect_in_sequence(document)
    assert said(document, "cbc:CancellationNote") == ["as we said on the phone"]
    assert said(document, "cac:OrderReference/cbc:ID") == [order["number"]]
    assert b"no budget" not in document
    assert document == await written(empty_world.bea, path)


async def test_a_draft_that_was_cancelled_was_never_sent(empty_world: World) -> None:
    await with_addresses(empty_world)
    order = await empty_world.order(await empty_world.supplier(identifiers=SUPPLIER))
    cancelled = await empty_world.act(empty_world.bea, order, "cancel", {"reason": "no budget"})
    assert cancelled.status_code == 200, cancelled.text
    path = f"/v1/purchase-orders/{order['id']}/cancellation/document"
    assert (await empty_world.bea.get(path)).status_code == 404


async def test_a_receipt_says_what_came_and_what_of_it_was_refused(empty_world: World) -> None:
    order = await issued(empty_world, line(), line(item="M10"))
    rejected = {"rejected_quantity": "3", "rejection_reason": "thread damaged", "rejected_is": "owed_again"}
    received = await empty_world.receive(
        order, arrived(1, "10", **rejected), arrived(2, "7"), despatch_reference="LS-1"
    )
    assert received.status_code == 201, received.text
    path = f"/v1/goods-receipts/{received.json()['id']}/document"
    document = await written(empty_world.bea, path)
    expect_in_sequence(document)
    for where, expected in (
        ("cbc:ID", [received.json()["number"]]),
        ("cbc:DocumentStatusCode", ["9"]),
        ("cac:OrderReference/cbc:ID", [order["number"]]),
        ("cac:DespatchDocumentReference/cbc:ID", ["LS-1"]),
        ("cac:Shipment/cac:Delivery/cbc:ActualDeliveryDate", ["2026-03-02"]),
        ("cac:ReceiptLine/cac:OrderLineReference/cbc:LineID", ["1", "2"]),
        ("cac:ReceiptLine/cbc:ReceivedQuantity", ["10", "7"]),
        ("cac:ReceiptLine/cbc:RejectedQuantity", ["3"]),
        ("cac:ReceiptLine/cbc:RejectReason", ["thread damaged"]),
        ("cac:ReceiptLine/cbc:RejectReasonCode", ["99"]),
        ("cac:ReceiptLine/cbc:RejectActionCode", ["1"]),
        ("cbc:CustomizationID", []),
    ):
        assert said(document, where) == expected, where
    sue = empty_world.person("sue", Role.SUPPLIER, supplier_id=order["supplier_id"])
    assert await written(sue, path) == document


@pytest.mark.parametrize(("quantity", "state"), [("4", "5"), ("10", "1")])
async def test_what_was_taken_back_of_a_receipt_is_left_out_and_its_state_says_so(
    empty_world: World, quantity: str, state: str
) -> None:
    order = await issued(empty_world)
    received = (await empty_world.receive(order, arrived(1, "10"))).json()
    path = f"/v1/goods-receipts/{received['id']}"
    before = await written(empty_world.bea, f"{path}/document")
    empty_world.clock.now += timedelta(hours=1)
    body = {"reason": "miscounted", "lines": [{"line_number": 1, "quantity": quantity}]}
    taken = await empty_world.rita.post(f"{path}:reverse", json=body)
    assert taken.status_code < 300, taken.text
    document = await written(empty_world.bea, f"{path}/document")
    assert said(document, "cbc:DocumentStatusCode") == [state]
    assert said(document, "cac:ReceiptLine/cbc:ReceivedQuantity") == [str(10 - int(quantity))]
    assert said(document, "cbc:IssueTime") > said(before, "cbc:IssueTime")
    assert f"{{{CAC}}}ReceiptLine" in {element.tag for element in parsed(document)}
