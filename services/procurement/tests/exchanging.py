"""Exchanging documents as UBL: parties that have addresses, and what a document says."""

from __future__ import annotations

from typing import Any

import httpx
from lxml import etree

from procurement.documents.rules.ubl.names import WITHIN
from procurement.documents.rules.ubl.parsing import parsed
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier

from .conftest import SITE, World

SUPPLIER = (
    SupplierIdentifier(scheme="PEPPOL", value="0088:7302347231110"),
    SupplierIdentifier(scheme="LEI", value="529900T8BM49AURSDO55"),
    SupplierIdentifier(scheme="VAT", value="DE136695976"),
)
ADDRESS = {"street": "Hafenstraße 12", "postal_code": "20457", "city": "Hamburg"}
UNIT: dict[str, Any] = {
    "name": "Drives",
    "letterhead": {
        "legal_name": "Nordwind Antriebe GmbH",
        "address": ["Hafenstraße 12", "20457 Hamburg"],
        "country": "DE",
        "tax_number": "DE136695976",
    },
    "electronic": {
        "endpoint": {"scheme": "0088", "value": "7300010000001"},
        "registration": {"scheme": "0204", "value": "991-01484-64"},
        "address": ADDRESS,
        "contact": {"name": "Purchasing", "telephone": "+49 40 1", "email": "purchasing@example.com"},
    },
}


async def with_addresses(world: World, **changes: Any) -> None:
    """Let the unit and the site of the tests say where they are."""
    for path, body in (
        ("/v1/business-units/drives", UNIT | changes),
        ("/v1/sites/HAM-1", SITE | {"address": ADDRESS, "gln": "4006381000017"}),
    ):
        seen = (await world.ada.get(path)).headers["ETag"]
        put = await world.ada.put(path, json=body, headers={"If-Match": seen})
        assert put.status_code == 200, put.text


async def written(by: httpx.AsyncClient, path: str, **params: str) -> bytes:
    """Return a document as UBL."""
    answer = await by.get(path, params=params, headers={"Accept": "application/xml"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml"), answer.text
    return answer.content


async def version(world: World, order: dict[str, Any], number: int = 1) -> bytes:
    """Return a version of an order as UBL."""
    return await written(world.bea, f"/v1/purchase-orders/{order['id']}/versions/{number}/document")


def said(document: bytes, path: str) -> list[str]:
    """Return the texts at a path of a document, such as `cac:OrderLine//cbc:Note`."""
    found = parsed(document).findall(path, WITHIN)
    return [element.text or "" for element in found]


def attribute(document: bytes, path: str, name: str) -> list[str | None]:
    """Return an attribute of the elements at a path."""
    return [element.get(name) for element in parsed(document).findall(path, WITHIN)]


def names(element: etree._Element) -> list[str]:
    """Return the names of an element's children, in their order."""
    return [etree.QName(child).localname for child in element]
