"""Events of procurement. Stream `procurement.invoices`, keyed by invoice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.money import Money
from purveyor_messaging.audience import RESTATED, Told, tells
from purveyor_messaging.envelope import Event, Restated

OURS = "For our own people: no supplier is shown it"
TOLD = "What the supplier is told of why; null: nothing"
INVOICE = ("invoice_id", "supplier_id", "number", "is_credit_note")
"""What a supplier is told of each event of its invoice."""
MONEY = ("amount", "currency")
RULES = Field(
    default=(),
    description="The rules that it breaks, of EN 16931 and Peppol BIS Billing 3.0",
    examples=[["BR-CO-10"]],
)


class InvoicedTax(BaseModel):
    """The tax on everything of an invoice that is taxed alike."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    category: str = Field(description="UNCL5305, as EN 16931 has them", examples=["S"])
    rate: Decimal | None = Field(description="In percent; null of what is not taxed", examples=["19"])
    taxable_amount: Decimal = Field(examples=["157.50"])
    tax_amount: Decimal = Field(examples=["29.93"])


class InvoiceEvent(Event):
    """Something that happened to an invoice or a credit note of a supplier."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.invoices"
    key_field: ClassVar[str] = "invoice_id"

    invoice_id: UUID
    supplier_id: UUID
    number: str = Field(description="What its supplier calls it by", examples=["R-2026-117"])
    our_number: str = Field(description="What our people call it by", examples=["IN-000042"])
    is_credit_note: bool = Field(
        default=False, description="Whether it takes back what it says", examples=[False]
    )


class InvoiceReceived(InvoiceEvent):
    """An invoice or a credit note came in, and is kept as it came.

    What its lines mean for lines of orders is told on the streams of these.
    """

    to_supplier: ClassVar[Told] = tells(
        *INVOICE,
        "issued_on",
        "due_on",
        "orders",
        "credits",
        "rules",
        "is_valid",
        "sha256",
        "received_on",
        net=MONEY,
        tax=MONEY,
        gross=MONEY,
        payable=MONEY,
        taxes=("category", "rate", "taxable_amount", "tax_amount"),
    )

    issued_on: date
    due_on: date | None = Field(default=None, description="By when it says that it is to be paid")
    net: Money = Field(description="Without tax (BT-109)")
    tax: Money = Field(description="BT-110")
    gross: Money = Field(description="With tax (BT-112)")
    payable: Money = Field(
        description="What is due: with tax, less what was paid, with its rounding (BT-115)"
    )
    taxes: tuple[InvoicedTax, ...] = Field(default=(), description="By category and rate (BG-23)")
    orders: tuple[str, ...] = Field(
        default=(), description="The orders that it names, as it names them", examples=[["PO-000042"]]
    )
    credits: str | None = Field(
        default=None, description="The invoice that a credit note names", examples=["R-2026-101"]
    )
    lines: int = Field(ge=0, description="How many it has", examples=[3])
    is_valid: bool = Field(description="Whether it keeps to the rules of EN 16931", examples=[True])
    rules: tuple[str, ...] = RULES
    sha256: str = Field(description="Of its original, in hexadecimal digits", examples=["9f86d081884c7d65"])
    received_on: date = Field(description="In UTC")
    received_by: str = Field(examples=["aline"])


class MatchedOrder(BaseModel):
    """An order that an invoice was matched against."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    order_id: UUID
    number: str = Field(examples=["PO-000042"])


class FoundException(BaseModel):
    """What keeps an invoice from being matched."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str = Field(examples=["price"])
    position: int | None = Field(
        default=None, description="The line of the invoice; null: all of it", examples=[1]
    )
    detail: str = Field(examples=["It charges 26.00, and the order's price makes 25.00: +1.00."])
    owner_role: str = Field(description="Who may accept it", examples=["buyer"])
    owner: str | None = Field(default=None, description="Who issued the order", examples=["bea.buyer"])
    due_on: date = Field(description="By when it is to be solved")


class InvoiceMatched(InvoiceEvent):
    """What an invoice charges is ordered, has come and was not invoiced before: it waits for its approval."""

    to_supplier: ClassVar[Told] = tells(*INVOICE)

    orders: tuple[MatchedOrder, ...] = Field(description="What it was matched against; none: taken without")
    price_variance: Decimal = Field(
        description="How much more it charges than at the orders' prices; below zero: less", examples=["0.00"]
    )


class InvoiceException(InvoiceEvent):
    """Something keeps an invoice from being matched: this is all of it that is open."""

    to_supplier: ClassVar[Told] = tells(*INVOICE)

    exceptions: tuple[FoundException, ...]


class InvoiceApproved(InvoiceEvent):
    """An invoice may be paid."""

    to_supplier: ClassVar[Told] = tells(*INVOICE, "due_on", payable=MONEY, credited=MONEY)

    payable: Money = Field(description="What it says is due (BT-115)")
    credited: Money = Field(description="What credit notes have taken back of it, with tax")
    due_on: date | None = Field(default=None, description="By when it says that it is to be paid")
    approved_by: str = Field(examples=["alex.approver"])


class InvoiceRejected(InvoiceEvent):
    """An invoice was sent back to its supplier; its number may be used again."""

    to_supplier: ClassVar[Told] = tells(*INVOICE, "rules", "reason_for_supplier")

    rules: tuple[str, ...] = RULES
    reason: str = Field(description=OURS, examples=["it is for another company"])
    reason_for_supplier: str | None = Field(
        default=None, description=TOLD, examples=["please name the order"]
    )
    rejected_by: str = Field(examples=["aline"])


class InvoiceCancelled(InvoiceEvent):
    """Credit notes have taken back all of an invoice: nothing of it is paid."""

    to_supplier: ClassVar[Told] = tells(*INVOICE, "credit_note_id", "credit_note")

    credit_note_id: UUID = Field(description="The last of them")
    credit_note: str = Field(description="Its number", examples=["G-2026-12"])


class InvoiceReinstated(InvoiceEvent):
    """A credit note that had taken back the last of an invoice was rejected: the invoice is matched again."""

    to_supplier: ClassVar[Told] = tells(*INVOICE, "credit_note_id", "credit_note")

    credit_note_id: UUID = Field(description="The one that was rejected")
    credit_note: str = Field(description="Its number", examples=["G-2026-12"])


class InvoiceRestated(Restated):
    """An invoice's stream was told again after procurement lost events; only the events in here hold."""

    to_supplier: ClassVar[Told] = tells("invoice_id", *RESTATED)

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.invoices"
    key_field: ClassVar[str] = "invoice_id"

    invoice_id: UUID
