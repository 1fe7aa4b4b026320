"""Invoices come in: checked, kept with their original, and each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from procurement.documents.queries.exchanging import seller_of
from procurement.documents.rules.ubl.parties import contradiction
from procurement.documents.rules.ubl.reading import Identifier
from procurement.documents.rules.ubl.reading import Party as SaidToBe
from procurement.invoices import store
from procurement.invoices.commands.told import cancelled_event, received_event
from procurement.invoices.model import SupplierInvoice, SupplierInvoiceLine, SupplierInvoiceOriginal
from procurement.invoices.rules.en16931.checking import check, is_valid
from procurement.invoices.rules.en16931.violations import Violation
from procurement.invoices.rules.essentials import Essentials, check_credit, check_positive, essentials_of
from procurement.invoices.rules.numbers import ALIKE_WITHIN, Seen, alike, number_key
from procurement.invoices.rules.states import InvoiceAction, InvoiceStatus
from procurement.invoices.rules.terms import Invoice, Party
from procurement.orders.queries import order_called
from procurement.suppliers.model import Supplier
from procurement.suppliers.queries import supplier_for
from procurement.suppliers.store import company_of
from purveyor.auth import Principal
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from purveyor_messaging.outbox import record

INVOICE = "supplier_invoice"


@dataclass(frozen=True, slots=True)
class Arrived:
    """An invoice as it was read, and the bytes that it was read from."""

    said: Invoice
    content: bytes
    media_type: str
    supplier_id: UUID | None = None
    """Whose it is, where that is said beside it."""


@dataclass(frozen=True, slots=True)
class Received:
    """An invoice that came in, and whether it had come before."""

    invoice: SupplierInvoice
    is_new: bool


async def receive_invoice(tx: Transaction, arrived: Arrived, by: Principal) -> Received:
    """Keep an invoice as it came, and check it; → InvoiceReceived.

    The same bytes again are the same invoice. Another one under a number that its supplier, or who that is by
    now, has used is refused, however the number is spelled; one that only looks alike is flagged.
    """
    said = arrived.said
    violations = check(said)
    known_by = essentials_of(said, violations)
    if said.is_credit_note:
        check_positive(known_by)
    supplier = await _supplier(tx, arrived, by)
    company = await company_of(tx, supplier.id)
    key, digest = number_key(known_by.number), sha256(arrived.content).digest()
    await store.take_turn(tx, company[0], key)
    first = await store.standing(tx, company, key, is_credit_note=said.is_credit_note)
    if first is not None:
        if await store.digest_of(tx, first.id) == digest:
            return Received(first, is_new=False)
        raise _duplicate(known_by.number, first)
    credited = await _credited(tx, said, known_by, company)
    invoice = _kept(tx, said, known_by, violations, supplier.id, key)
    invoice.sender_id = by.supplier_id
    invoice.preceding_id = credited.id if credited else None
    invoice.possible_duplicates = await _alike(tx, invoice, company)
    invoice.note_author(tx.actor)
    tx.session.add(invoice)
    await tx.flush()
    tx.session.add(
        SupplierInvoiceOriginal(
            invoice_id=invoice.id, media_type=arrived.media_type, sha256=digest, content=arrived.content
        )
    )
    record(tx, invoice, received_event(invoice, digest))
    await tx.flush()
    tx.audit("receive", INVOICE, invoice.id, after=_said(invoice) | {"sha256": digest.hex()})
    if credited is not None:
        await _take_back(tx, credited, invoice)
    return Received(invoice, is_new=True)


async def _supplier(tx: Transaction, arrived: Arrived, by: Principal) -> Supplier:
    """Return whose an invoice is: who sends it, who is said beside it, or whose order it names."""
    supplier_id = by.supplier_id or arrived.supplier_id or await _of_order(tx, arrived.said, by)
    if supplier_id is None:
        raise InvalidError(
            "supplier_not_said",
            "It names no order of ours, so it does not say whose it is: name the supplier beside it.",
            errors=[FieldError("/query/supplier_id", "say whose invoice it is")],
        )
    try:
        supplier = await supplier_for(tx, supplier_id, by)
    except NotFoundError:
        raise InvalidError(
            "supplier_unknown",
            f"Supplier {supplier_id} is not known here.",
            errors=[FieldError("/supplier_id", "not a known supplier")],
        ) from None
    if why := contradiction(_as_document_has_it(arrived.said.seller), seller_of(supplier)):
        raise InvalidError("invoice_of_another", why, errors=[FieldError("/seller", why)])
    return supplier


async def _of_order(tx: Transaction, said: Invoice, by: Principal) -> UUID | None:
    for number in dict.fromkeys([said.order, *(line.order_number for line in said.lines)]):
        if number is not None:
            try:
                return (await order_called(tx, number, by)).supplier_id
            except NotFoundError:
                continue
    return None


def _as_document_has_it(party: Party | None) -> SaidToBe | None:
    if party is None:
        return None
    address = party.endpoint
    endpoint = None if address is None else Identifier(address.scheme, address.value)
    numbers = [*party.identifiers, *([party.legal_id] if party.legal_id else [])]
    return SaidToBe(endpoint, tuple(Identifier(one.scheme, one.value) for one in numbers), party.name)


def _duplicate(number: str, first: SupplierInvoice) -> ConflictError:
    return ConflictError(
        "invoice_duplicate",
        f"{number} came before, as {first.our_number} ({first.number} of {first.issued_on}, {first.status}). "
        "What is another invoice has another number; one that was wrong is rejected first.",
        errors=[FieldError("/number", f"used before, by {first.our_number}")],
        invoice=first.our_number,
        invoice_id=str(first.id),
    )


async def _credited(
    tx: Transaction, said: Invoice, known_by: Essentials, company: Sequence[UUID]
) -> SupplierInvoice | None:
    """Lock the invoice that a credit note takes back from, where it names one that is known here."""
    if not said.is_credit_note or not said.preceding or said.preceding[0].number is None:
        return None
    key = number_key(said.preceding[0].number)
    found = await store.standing(tx, company, key, is_credit_note=False)
    invoice = None if found is None else await store.lock(tx, found.id)
    if invoice is None:
        return None
    if invoice.currency != known_by.currency:
        why = f"{invoice.number} is in {invoice.currency}, and its credit note in {known_by.currency}"
        raise InvalidError("currency_of_credit", f"{why}.", errors=[FieldError("/currency", why)])
    check_credit(invoice.credited, known_by.gross, invoice.gross, invoice.number)
    return invoice


async def _take_back(tx: Transaction, invoice: SupplierInvoice, credit_note: SupplierInvoice) -> None:
    """Let a credit note take back some of an invoice; → InvoiceCancelled when that is all of it."""
    before = invoice.status
    if invoice.credit(credit_note.gross) and before not in {InvoiceStatus.SCHEDULED, InvoiceStatus.PAID}:
        invoice.move(InvoiceAction.CANCEL)
        record(tx, invoice, cancelled_event(invoice, credit_note))
    await tx.flush()
    after = {"status": invoice.status, "credited": invoice.credited, "credit_note": credit_note.id}
    tx.audit("credit", INVOICE, invoice.id, before={"status": before}, after=after)


async def _alike(tx: Transaction, invoice: SupplierInvoice, company: Sequence[UUID]) -> list[UUID]:
    day, number = invoice.issued_on, invoice.order_number
    found = await store.over(tx, company, invoice.payable, day - ALIKE_WITHIN, day + ALIKE_WITHIN, number)
    seen = Seen(
        invoice.id or new_id(),
        invoice.number,
        invoice.payable,
        invoice.currency,
        day,
        number,
        invoice.is_credit_note,
    )
    return [other.id for other in found if alike(seen, other)]


def _kept(
    tx: Transaction,
    said: Invoice,
    known_by: Essentials,
    violations: tuple[Violation, ...],
    supplier_id: UUID,
    key: str,
) -> SupplierInvoice:
    valid = is_valid(violations)
    return SupplierInvoice(
        id=new_id(),
        sequence=0,
        credited=0,
        status=InvoiceStatus.CHECKED if valid else InvoiceStatus.RECEIVED,
        is_credit_note=said.is_credit_note,
        supplier_id=supplier_id,
        number=known_by.number,
        number_key=key,
        syntax=said.syntax,
        type_code=said.type_code,
        issued_on=known_by.issued_on,
        due_on=said.due_on,
        currency=known_by.currency,
        order_number=said.order,
        buyer_reference=said.buyer_reference,
        payment_terms=said.payment_terms,
        preceding_number=said.preceding[0].number if said.is_credit_note and said.preceding else None,
        lines_total=said.lines_total,
        net=known_by.net,
        tax=known_by.tax,
        gross=known_by.gross,
        prepaid=said.prepaid,
        rounding=said.rounding,
        payable=known_by.payable,
        breakdown=said.breakdown,
        adjustments=said.adjustments,
        violations=violations,
        received_on=tx.day,
        received_at=tx.now,
        received_by=tx.actor,
        lines=[SupplierInvoiceLine.of(place, line) for place, line in enumerate(said.lines, start=1)],
    )


def _said(invoice: SupplierInvoice) -> dict[str, object]:
    names = ("status", "supplier_id", "number", "issued_on", "currency", "net", "tax", "gross", "payable")
    return {name: getattr(invoice, name) for name in names}
