"""The invoice inside a PDF: Factur-X, ZUGFeRD and XRechnung, as XML that is attached to it."""

from __future__ import annotations

from facturx import get_xml_from_pdf  # type: ignore[import-untyped]
from pypdf.errors import PyPdfError

from procurement.documents.rules.ubl.unreadable import Unreadable, UnreadableError

MARK = b"%PDF-"
LARGEST = 20 * 2**20
"""Bytes of a PDF."""


def is_pdf(content: bytes) -> bool:
    """Whether a document is a PDF: its mark stands among its first 1024 bytes (ISO 32000-1, annex H)."""
    return MARK in content[:1024]


def invoice_in(content: bytes) -> bytes:
    """Return the XML in a PDF; raises UnreadableError where there is none.

    Neither XSDs nor Schematrons are asked: what is in it is parsed as any XML of strangers is.
    """
    if len(content) > LARGEST:
        raise UnreadableError(
            Unreadable.TOO_LARGE, f"It has {len(content):,} bytes; a PDF has {LARGEST:,} at most."
        )
    try:
        name, found = get_xml_from_pdf(content, check_xsd=False, check_schematron=False)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        raise UnreadableError(
            Unreadable.NOT_WELL_FORMED, f"It is no PDF that can be read: {error}."
        ) from None
    if not name or not found:
        raise UnreadableError(
            Unreadable.NOT_KNOWN,
            "Its PDF has no invoice attached: send one of Factur-X or ZUGFeRD, or the XML by itself.",
        )
    return bytes(found)
