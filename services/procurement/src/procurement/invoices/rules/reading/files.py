"""A file that is an invoice, in whichever syntax, read into one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lxml import etree

from procurement.documents.rules.ubl.parsing import parsed
from procurement.documents.rules.ubl.reading import Part
from procurement.documents.rules.ubl.unreadable import Unreadable, UnreadableError
from procurement.invoices.rules.reading.cii import ROOT, ROOT_NAMESPACE, cross_industry_invoice
from procurement.invoices.rules.reading.pdf import invoice_in, is_pdf
from procurement.invoices.rules.reading.ubl import credit_note, invoice
from procurement.invoices.rules.terms import Invoice

LARGEST = 32 * 2**20
"""Bytes of an XML: one of 20,000 lines has about 20 MB."""
MOST_ELEMENTS = 1_000_000
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
READERS: Mapping[tuple[str | None, str], Callable[[Part], Invoice]] = {
    (f"{UBL}Invoice-2", "Invoice"): invoice,
    (f"{UBL}CreditNote-2", "CreditNote"): credit_note,
    (ROOT_NAMESPACE, ROOT): cross_industry_invoice,
}


def read(content: bytes) -> Invoice:
    """Return what an invoice says; raises UnreadableError for what cannot be read."""
    root = parsed(invoice_in(content) if is_pdf(content) else content, LARGEST, MOST_ELEMENTS)
    name = etree.QName(root)
    reader = READERS.get((name.namespace, name.localname))
    if reader is None:
        raise UnreadableError(
            Unreadable.NOT_KNOWN,
            f"Its root is {name.localname[:80]!r} of {name.namespace or 'no namespace'!r}; what is read is "
            "Invoice and CreditNote of UBL 2.1, and CrossIndustryInvoice of UN/CEFACT.",
        )
    return reader(Part(root, name.localname))
