"""Invoices are read alike from UBL, from CII and from PDFs with either inside; what is hostile is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from facturx import generate_from_binary  # type: ignore[import-untyped]
from pypdf import PdfWriter

from procurement.documents.rules.ubl.unreadable import Unreadable, UnreadableError
from procurement.invoices.rules.en16931.checking import check
from procurement.invoices.rules.reading.files import read
from procurement.invoices.rules.terms import Adjustment, Syntax

from .writing import EXEMPT, S25, broken, cii, invoice, line, ubl

SAID = invoice([line("4000.00", S25, "10", "400"), line("1000.00", EXEMPT)])


def pdf(attached: bytes | None = None) -> bytes:
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(file)
    if attached is None:
        return file.getvalue()
    made: bytes = generate_from_binary(
        file.getvalue(), attached, flavor="factur-x", level="en16931", check_xsd=False, check_schematron=False
    )
    return made


def refused(content: bytes) -> tuple[Unreadable, str]:
    with pytest.raises(UnreadableError) as refusal:
        read(content)
    return refusal.value.why, refusal.value.detail


def test_ubl_is_read_as_it_was_written() -> None:
    assert read(ubl(SAID)) == SAID


def test_a_cross_industry_invoice_says_the_same() -> None:
    found = read(cii(SAID))
    assert found == replace(SAID, syntax=Syntax.CII)
    assert broken(found) == set()


def test_the_invoice_inside_a_pdf_is_read_like_the_xml_by_itself() -> None:
    assert read(pdf(cii(SAID))) == read(cii(SAID))


def test_a_pdf_without_an_invoice_is_refused() -> None:
    assert refused(pdf())[0] == Unreadable.NOT_KNOWN
    assert refused(b"%PDF-1.7 and nothing of one")[0] == Unreadable.NOT_WELL_FORMED


def test_a_pdf_of_fifty_megabytes_is_not_even_opened() -> None:
    why, detail = refused(b"%PDF-1.7" + b" " * 50 * 2**20)
    assert (why, "20,971,520 at most" in detail) == (Unreadable.TOO_LARGE, True)


def test_zero_is_false_as_xml_schema_has_it() -> None:
    taken_off = Adjustment(False, Decimal("100.00"), reason="rebate", category=S25)
    put_on = Adjustment(True, Decimal("20.00"), reason="freight", category=S25)
    said = invoice([line("500.00")], [taken_off, put_on])
    assert b"<cbc:ChargeIndicator>0<" in ubl(said)
    found = read(ubl(said))
    assert [one.is_charge for one in found.adjustments] == [False, True]
    assert broken(found) == set()


def test_a_bomb_an_external_entity_and_depth_are_refused_before_they_are_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><Invoice>&c;</Invoice>'
    outside = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Invoice>&b;</Invoice>'
    deep = b"<a>" * 100 + b"</a>" * 100
    assert [refused(one)[0] for one in (bomb, outside, deep)] == [
        Unreadable.DOCTYPE,
        Unreadable.DOCTYPE,
        Unreadable.TOO_DEEP,
    ]


def test_another_document_is_named_as_what_it_is() -> None:
    why, detail = refused(b"<Order xmlns='urn:x'/>")
    assert (why, detail.startswith("Its root is 'Order' of 'urn:x'")) == (Unreadable.NOT_KNOWN, True)


def test_what_is_no_number_is_said_with_its_place() -> None:
    why, detail = refused(ubl(SAID).replace(b">5000.00<", b">five thousand<"))
    assert why == Unreadable.VALUE_WRONG
    assert "cac:LegalMonetaryTotal/cbc:LineExtensionAmount is 'five thousand'" in detail


def test_a_day_that_is_none_is_kept_for_the_rules_to_say() -> None:
    found = read(ubl(SAID).replace(b">2026-03-03<", b">yesterday<"))
    assert found.issued_on is None
    assert [(one.rule, one.term, one.value) for one in check(found)] == [
        ("PEPPOL-EN16931-F001", "BT-2", "yesterday")
    ]


def test_twenty_thousand_lines_are_read_and_checked() -> None:
    many = invoice([line("1.00")] * 20_000)
    assert broken(read(ubl(many))) == set()
