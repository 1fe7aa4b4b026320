"""Goods receipts as UBL: what came, what of it was refused and why, and what is to come in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from procurement.documents.rules.ubl.despatches import DespatchAdvice
from procurement.documents.rules.ubl.names import Kind
from procurement.documents.rules.ubl.ordering import Exchange
from procurement.documents.rules.ubl.parties import party
from procurement.documents.rules.ubl.writing import Part, document, quantity, reference, said, within
from procurement.receipts.rules.rejecting import RejectedIs, RejectionKind

ORIGINAL, REPLACED, CANCELLED = "9", "5", "1"
"""The state of the document (Peppol's list for receipt advices): as first said, said again, or taken back."""
OF_A_SHIPMENT = "S"
REASONS = {
    RejectionKind.DAMAGED: "1",
    RejectionKind.DEFECTIVE: "2",
    RejectionKind.WRONG: "3",
}
ANOTHER_REASON = "99"
ACTIONS = {RejectedIs.OWED_AGAIN: "1", RejectedIs.ENDS: "2"}
"""What is to become of rejected goods (Peppol's list): replaced, or credited."""


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """What is left of a line of a receipt, reversals taken off."""

    line_number: int
    description: str
    item: str
    unit: str
    quantity: Decimal
    rejected_quantity: Decimal
    rejection_kind: RejectionKind | None
    rejection_reason: str | None
    rejected_is: RejectedIs | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt of an order's goods."""

    number: str
    order_number: str
    received_on: date
    recorded_on: date
    recorded_at: time
    despatch_reference: str | None
    state: str
    lines: Sequence[ReceivedLine]


def receipt_advice(receipt: Receipt, advice: DespatchAdvice | None, exchange: Exchange) -> bytes:
    """Return a receipt, and as its answer to a despatch advice where one came in that names all its lines.

    Peppol's specification is for such answers alone: a receipt without it says what UBL 2.1 has words for,
    and claims no more.
    """
    despatched = {} if advice is None else _despatched(advice, receipt.order_number)
    answers = advice is not None and advice.issued_at is not None
    answers = answers and all(line.line_number in despatched for line in receipt.lines)
    return document(
        Kind.RECEIPT_ADVICE,
        said("ID", receipt.number),
        said("IssueDate", receipt.recorded_on),
        said("IssueTime", receipt.recorded_at.isoformat("seconds")),
        said("DocumentStatusCode", receipt.state),
        said("ReceiptAdviceTypeCode", OF_A_SHIPMENT),
        reference("OrderReference", receipt.order_number),
        _despatch(receipt.despatch_reference, advice),
        within("DeliveryCustomerParty", party(exchange.buyer)),
        within("DespatchSupplierParty", party(exchange.seller)),
        within(
            "Shipment",
            said("ID", receipt.despatch_reference or receipt.number),
            within("Delivery", said("ActualDeliveryDate", receipt.received_on)),
        ),
        *(_line(line, receipt.order_number, despatched) for line in receipt.lines),
        specified=answers,
    )


def _despatched(advice: DespatchAdvice, order_number: str) -> Mapping[int, str]:
    """Return which line of a despatch advice is of which line of an order."""
    return {
        line.line_number: line.despatch_line
        for line in advice.lines
        if line.order_number.upper() == order_number
    }


def _despatch(number: str | None, advice: DespatchAdvice | None) -> Part:
    if number is None:
        return None
    on, at = (None, None) if advice is None else (advice.issued_on, advice.issued_at)
    return within(
        "DespatchDocumentReference",
        said("ID", number),
        said("IssueDate", on),
        said("IssueTime", None if at is None else at.isoformat("seconds")),
    )


def _line(line: ReceivedLine, order_number: str, despatched: Mapping[int, str]) -> Part:
    rejected = line.rejected_quantity > 0
    kind = REASONS.get(line.rejection_kind, ANOTHER_REASON) if line.rejection_kind else ANOTHER_REASON
    becomes = None if line.rejected_is is None else ACTIONS[line.rejected_is]
    return within(
        "ReceiptLine",
        said("ID", line.line_number),
        quantity("ReceivedQuantity", line.quantity, line.unit),
        quantity("RejectedQuantity", line.rejected_quantity if rejected else None, line.unit),
        said("RejectReasonCode", kind if rejected else None),
        said("RejectReason", line.rejection_reason if rejected else None),
        said("RejectActionCode", becomes if rejected else None),
        within(
            "OrderLineReference",
            said("LineID", line.line_number),
            reference("OrderReference", order_number),
        ),
        within("DespatchLineReference", said("LineID", despatched.get(line.line_number))),
    )
