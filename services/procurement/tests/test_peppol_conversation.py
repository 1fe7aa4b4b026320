"""A conversation that others wrote is played through: order, response, change, cancellation of Peppol.

The order is made here as theirs says it, and what goes out is compared with what came in, fact by fact: a
fact is what an element says, by its path, lines by their numbers. What we do not say, and what we say
otherwise, stands in tables with the reason; what is in no table is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from procurement.documents.rules.ubl.names import WITHIN
from procurement.documents.rules.ubl.parsing import parsed
from purveyor.db import new_id
from purveyor_contract.events.sourcing.suppliers import (
    CategoryApproval,
    SupplierApproved,
    SupplierIdentifier,
    SupplierRegistered,
)
from purveyor_contract.roles import Role

from .amending import bring, read
from .conftest import World
from .exchanging import written

DATA = Path(__file__).parents[4] / "shared/data/ubl"
"""Messages of others, beside the repository where there are any."""
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="no messages of others beside the repository")
Facts = Mapping[str, str]

NOT_SAID = {
    "AccountingCost": "no supplier is shown what an order is charged to",
    "ValidityPeriod": "an order has no last day until which it may be answered",
    "OriginatorDocumentReference": "an order names no document of the one who needs it",
    "Contract": "an order names no contract yet",
    "SellerSupplierParty/Party/PartyIdentification": "sourcing knows no Swedish organisation numbers",
    "Delivery/RequestedDeliveryPeriod/StartDate": "goods are needed by a day, not from a day on",
    "Delivery/DeliveryParty/Contact": "a site has nobody to ask for",
}
"""What theirs says and ours does not, by the beginning of its path."""
ANOTHER = {
    "ID": "a number is given by who writes",
    "OrderReference/ID": "likewise",
    "IssueDate": "the day on which this test plays it",
}
"""What both say, each in its own way."""
CHANGED_OTHERWISE = {
    "SellerSupplierParty/Party/PostalAddress": "theirs has moved to another country between two messages",
    "BuyerCustomerParty/Party/PartyName": "theirs goes by two names",
    "Delivery/DeliveryLocation/Address/AddressLine": "theirs has moved to another door",
    "Delivery/RequestedDeliveryPeriod": "theirs asks for a day of nine years before",
    "OrderLine[2]/LineItem/LineStatusCode": "theirs calls a line changed of which nothing is",
}


def facts(document: bytes) -> Facts:
    """Return what a document says, by the paths of its elements; numbers are numbers, however written."""
    found: dict[str, str] = {}

    def look(element: etree._Element, path: str) -> None:
        for child in element:
            name = etree.QName(child).localname
            number = child.find("cac:LineItem/cbc:ID", WITHIN)
            here = f"{path}{name}" if number is None else f"{path}{name}[{number.text}]"
            if len(child):
                look(child, f"{here}/")
            else:
                scheme = [
                    f"{child.get(one)}:" for one in ("schemeID", "unitCode", "currencyID") if child.get(one)
                ]
                found[here] = "".join(scheme) + as_written((child.text or "").strip())

    look(parsed(document), "")
    return found


def as_written(text: str) -> str:
    try:
        return f"{Decimal(text).normalize():f}" if "." in text or len(text) < 9 else text
    except InvalidOperation:
        return text


def excused(path: str, *tables: Mapping[str, str]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for table in tables for one in table)


def differences(theirs: Facts, ours: Facts) -> dict[str, tuple[str, str | None]]:
    """Return what theirs says and ours does not, or otherwise."""
    return {path: (said, ours.get(path)) for path, said in theirs.items() if ours.get(path) != said}


def message(name: str) -> bytes:
    return (DATA / f"advanced-sc1-{name}.xml").read_bytes()


async def put(by: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    answer = await by.put(path, json=body)
    assert answer.status_code == 201, answer.text


async def parties(world: World, theirs: Facts) -> dict[str, Any]:
    """Let who speaks in a conversation be known here, as the order has them; return an order's header."""
    buyer, seller = "BuyerCustomerParty/Party", "SellerSupplierParty/Party"
    legal, contact = f"{buyer}/PartyLegalEntity", f"{buyer}/Contact"
    place = "Delivery/DeliveryLocation/Address"
    endpoint, registration = theirs[f"{buyer}/EndpointID"], theirs[f"{legal}/CompanyID"]
    country = theirs[f"{legal}/RegistrationAddress/Country/IdentificationCode"]
    name, city = theirs[f"{legal}/RegistrationName"], theirs[f"{legal}/RegistrationAddress/CityName"]
    unit = {
        "name": "City Hospital",
        "letterhead": {"legal_name": name, "address": [city], "country": country},
        "electronic": {
            "endpoint": dict(zip(("scheme", "value"), endpoint.split(":"), strict=True)),
            "registration": dict(zip(("scheme", "value"), registration.split(":"), strict=True)),
            "address": {"city": city},
            "contact": {
                "name": theirs[f"{contact}/Name"],
                "telephone": theirs[f"{contact}/Telephone"],
                "email": theirs[f"{contact}/ElectronicMail"],
            },
        },
    }
    site = {
        "name": theirs["Delivery/DeliveryParty/PartyName/Name"],
        "country": theirs[f"{place}/Country/IdentificationCode"],
        "time_zone": "Europe/Stockholm",
        "address": {
            "street": theirs[f"{place}/StreetName"],
            "additional_street": theirs[f"{place}/AdditionalStreetName"],
            "city": theirs[f"{place}/CityName"],
            "postal_code": theirs[f"{place}/PostalZone"],
        },
    }
    period = {"valid_from": "2022-01-01", "valid_to": None, "rate": "20", "recoverable_part": "0"}
    code = {"name": "Standard rate", "country": "SE", "category": "S", "reverse_charge": False}
    await put(world.ada, "/v1/business-units/hospital", unit)
    await put(world.ada, "/v1/sites/TOURISTS", site)
    await put(world.ada, "/v1/tax-codes/SE-20", code | {"periods": [period]})
    supplier_id = new_id()
    await world.hears(
        SupplierRegistered(
            supplier_id=supplier_id,
            number="S-000001",
            legal_name=theirs[f"{seller}/PartyLegalEntity/RegistrationName"],
            country=theirs[f"{seller}/PostalAddress/Country/IdentificationCode"],
            identifiers=(SupplierIdentifier(scheme="PEPPOL", value=theirs[f"{seller}/EndpointID"]),),
            registered_by="sam",
        )
    )
    approval = CategoryApproval(category="goods", expires_on=None)
    await world.hears(SupplierApproved(supplier_id=supplier_id, approvals=(approval,), approved_by="carla"))
    return {
        "supplier_id": str(supplier_id),
        "currency": theirs["DocumentCurrencyCode"],
        "site": "TOURISTS",
        "business_unit": "hospital",
        "cost_centre": "4711",
    }


def line(theirs: Facts, number: int) -> dict[str, Any]:
    """Return a line as an order of theirs has it."""
    item = f"OrderLine[{number}]/LineItem"
    unit, _, quantity = theirs[f"{item}/Quantity"].partition(":")
    return {
        "item": theirs[f"{item}/Item/Name"],
        "description": theirs[f"{item}/Item/Name"],
        "category": "goods",
        "quantity": quantity,
        "unit": unit,
        "price": theirs[f"{item}/Price/PriceAmount"].partition(":")[2],
        "promised_on": theirs["Delivery/RequestedDeliveryPeriod/EndDate"],
        "tax_code": "SE-20",
    }


async def test_the_conversation_is_played_through_and_says_the_same(empty_world: World) -> None:
    world = empty_world
    world.clock.now = datetime(2022, 2, 1, 12, tzinfo=UTC)
    theirs = facts(message("order"))
    header = await parties(world, theirs)
    order = await world.robin.post(
        "/v1/purchase-orders", json=header | {"lines": [line(theirs, 1), line(theirs, 2)]}
    )
    assert order.status_code == 201, order.text
    issued = await world.brought_to(order.json(), "issued")
    path = f"/v1/purchase-orders/{issued['id']}"

    ours = facts(await written(world.bea, f"{path}/versions/1/document"))
    differing = differences(theirs, ours)
    assert {one for one in differing if not excused(one, NOT_SAID, ANOTHER)} == set()
    assert {one for one in NOT_SAID if not any(excused(path, {one: ""}) for path in differing)} == set()
    for same in (
        "CustomizationID",
        "ProfileID",
        "TaxTotal/TaxAmount",
        "AnticipatedMonetaryTotal/PayableAmount",
        "OrderLine[2]/LineItem/Item/ClassifiedTaxCategory/Percent",
    ):
        assert ours[same] == theirs[same]

    sue = world.person("sue", Role.SUPPLIER, supplier_id=header["supplier_id"])
    answer = message("order-response").replace(b"Order-1", issued["number"].encode())
    sent = await sue.post("/v1/documents", content=answer, headers={"Content-Type": "application/xml"})
    assert (sent.status_code, sent.json()["status"]) == (201, "applied"), sent.text
    [answered] = (await world.bea.get(f"{path}/versions/1/responses")).json()["items"]
    changes = [(one["line_number"], one["field"], one["after"]) for one in answered["changes"]]
    assert changes == [
        (1, "promised_on", "2022-02-20"),
        (1, "quantity", "5"),
        (2, "promised_on", "2022-02-20"),
    ], "what each line is promised, and the line of which less comes"

    decided = await world.bea.post(
        f"{path}/versions/1/response:decide",
        json={
            "response_id": answered["id"],
            "changes": [{"number": one["number"], "decision": "taken"} for one in answered["changes"]],
            "reason": "better than none",
            "reason_for_supplier": facts(message("order-change"))["Note"],
        },
    )
    assert decided.status_code == 200, decided.text
    amendment = (await world.bea.get(f"{path}/amendments/{decided.json()['amendment_id']}")).json()
    amended = await bring(world, amendment, "issue")
    assert amended.status_code == 200, amended.text

    theirs, ours = (
        facts(message("order-change")),
        facts(await written(world.bea, f"{path}/versions/2/document")),
    )
    differing = differences(theirs, ours)
    assert {one for one in differing if not excused(one, NOT_SAID, ANOTHER, CHANGED_OTHERWISE)} == set()
    assert ours["OrderLine[1]/LineItem/LineStatusCode"] == "3"
    assert ours["AnticipatedMonetaryTotal/PayableAmount"] == "EUR:600"

    theirs = facts(message("order-cancellation"))
    order_now = await read(world, issued)
    body = {"reason": "they called", "reason_for_supplier": theirs["CancellationNote"]}
    cancelled = await world.act(world.bea, order_now, "cancel", body)
    assert cancelled.status_code == 200, cancelled.text
    ours = facts(await written(world.bea, f"{path}/cancellation/document"))
    assert {one for one in differences(theirs, ours) if not excused(one, NOT_SAID, ANOTHER)} == set()
    assert (await world.bea.get(path)).json()["status"] == "cancelled"
