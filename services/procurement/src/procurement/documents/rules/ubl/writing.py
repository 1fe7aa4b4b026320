"""Elements of UBL, put together in the order in which they are stated, and always in the same bytes."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from lxml import etree

from procurement.documents.rules.ubl.names import CAC, CBC, SPECIFICATIONS, Kind
from procurement.documents.rules.ubl.reading import Identifier
from purveyor.decimals import shortest

Part: TypeAlias = etree._Element | None
"""An element; None where there is nothing to say, which is left out (an empty one is not allowed)."""
NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def document(kind: Kind, *parts: Part, specified: bool = True) -> bytes:
    """Return a document, which names the specification of its kind where it keeps to that."""
    names: dict[str | None, str] = {None: kind.namespace, "cac": CAC, "cbc": CBC}
    root = etree.Element(f"{{{kind.namespace}}}{kind}", nsmap=names)
    specification = SPECIFICATIONS[kind]
    head = (
        said("CustomizationID", specification.customization if specified else None),
        said("ProfileID", specification.profile if specified else None),
    )
    root.extend(part for part in (*head, *parts) if part is not None)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def said(name: str, value: str | date | Decimal | int | None, **attributes: str) -> Part:
    """Return a basic element; None where there is no value."""
    if value is None:
        return None
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if not text.strip():
        return None
    element = etree.Element(f"{{{CBC}}}{name}", attributes)
    element.text = NOT_IN_XML.sub("\ufffd", text)
    return element


def within(name: str, *parts: Part) -> Part:
    """Return an aggregate; None where none of its parts is there."""
    there = [part for part in parts if part is not None]
    if not there:
        return None
    element = etree.Element(f"{{{CAC}}}{name}")
    element.extend(there)
    return element


def identified(name: str, identifier: Identifier | None) -> Part:
    """Return an identifier with its scheme."""
    if identifier is None:
        return None
    scheme = {} if identifier.scheme is None else {"schemeID": identifier.scheme}
    return said(name, identifier.value, **scheme)


def amount(name: str, value: Decimal | None, currency: str) -> Part:
    """Return an amount with its currency."""
    return said(name, value, currencyID=currency)


def quantity(name: str, value: Decimal | None, unit: str) -> Part:
    """Return a quantity with its unit."""
    return said(name, None if value is None else shortest(value), unitCode=unit)


def reference(name: str, key: str | None) -> Part:
    """Return a reference to another document by its number."""
    return within(name, said("ID", key))


def period(name: str, first: date | None, last: date | None) -> Part:
    """Return a period."""
    return within(name, said("StartDate", first), said("EndDate", last))
