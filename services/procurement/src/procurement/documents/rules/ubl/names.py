"""The names of UBL 2.1 and of the Peppol documents that are exchanged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
WITHIN = {"cac": CAC, "cbc": CBC}
ADVANCED_ORDERING = "urn:fdc:peppol.eu:poacc:bis:advanced_ordering:3"


class Kind(StrEnum):
    """The documents that are written and read, by their root elements."""

    ORDER = "Order"
    ORDER_CHANGE = "OrderChange"
    ORDER_CANCELLATION = "OrderCancellation"
    RECEIPT_ADVICE = "ReceiptAdvice"
    ORDER_RESPONSE = "OrderResponse"
    DESPATCH_ADVICE = "DespatchAdvice"

    @property
    def namespace(self) -> str:
        """The namespace of the root element."""
        return f"urn:oasis:names:specification:ubl:schema:xsd:{self}-2"


@dataclass(frozen=True, slots=True)
class Specification:
    """What a document says that it keeps to: a Peppol transaction within a Peppol process."""

    customization: str
    profile: str


SPECIFICATIONS = {
    Kind.ORDER: Specification("urn:fdc:peppol.eu:poacc:trns:order:3", ADVANCED_ORDERING),
    Kind.ORDER_CHANGE: Specification("urn:fdc:peppol.eu:poacc:trns:order_change:3", ADVANCED_ORDERING),
    Kind.ORDER_CANCELLATION: Specification(
        "urn:fdc:peppol.eu:poacc:trns:order_cancellation:3", ADVANCED_ORDERING
    ),
    Kind.RECEIPT_ADVICE: Specification(
        "urn:fdc:peppol.eu:logistics:trns:receipt_advice:1",
        "urn:fdc:peppol.eu:logistics:bis:despatch_advice_w_receipt_advice:1",
    ),
}
"""Of those that are written. Of those that are read, the root element says enough."""
