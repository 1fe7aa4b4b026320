"""Events of procurement. Stream `procurement.orders`, keyed by purchase order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.money import Money
from purveyor_messaging.audience import RESTATED, Told, tells
from purveyor_messaging.envelope import Event, Restated


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class OrderedSchedule(_Part):
    """How much of an ordered line is needed by which day."""

    schedule_number: int = Field(ge=1, examples=[1])
    quantity: Decimal = Field(gt=0, examples=["3000"])
    need_by: date = Field(description="The last business day, at the site, by which it is needed")


class OrderedLineAllowance(_Part):
    """What is taken off a line, or put on it."""

    reason: str = Field(examples=["packaging"])
    reason_code: str | None = Field(
        default=None, description="UNCL5189 of an allowance, UNCL7161 of a charge", examples=["ABL"]
    )
    amount: Decimal = Field(
        description="What it comes to, rounded to the currency's minor unit", examples=["1.50"]
    )
    percent: Decimal | None = Field(default=None, description="Where it was stated so", examples=["2"])
    base_amount: Decimal | None = Field(
        default=None, description="What the percentage is of; null: of the whole", examples=["100.00"]
    )


class OrderedAllowance(OrderedLineAllowance):
    """What is taken off an order."""

    tax_code: str | None = Field(default=None, examples=["DE-S"])


class OrderedCharge(OrderedAllowance):
    """What is put on an order."""

    spread_by: Literal["value", "quantity", "weight"] = Field(
        default="value", description="By what it falls on lines, for their landed costs", examples=["weight"]
    )


class OrderedTax(_Part):
    """The tax on everything of an order that is taxed alike."""

    category: str = Field(description="UNCL5305, as EN 16931 has them", examples=["S"])
    rate: Decimal = Field(description="In percent, on the order's day", examples=["19"])
    taxable_amount: Decimal = Field(examples=["157.50"])
    tax_amount: Decimal = Field(examples=["29.93"])


class OrderedLine(_Part):
    """One line of an issued purchase order."""

    line_number: int = Field(ge=1, examples=[1])
    item: str = Field(description="The buyer's item number", examples=["M8-HEX-40"])
    description: str = Field(examples=["Hexagon bolt M8 x 40, zinc plated"])
    category: str = Field(examples=["fasteners"])
    quantity: Decimal = Field(gt=0, examples=["5000"])
    unit: str = Field(description="UN/ECE Recommendation 20 code", examples=["C62"])
    price: Decimal = Field(
        ge=0, description="Per `price_base_quantity` units, up to six decimals", examples=["3.15"]
    )
    price_base_quantity: Decimal = Field(gt=0, default=Decimal(1), examples=["100"])
    amount: Decimal = Field(
        ge=0,
        description="quantity × price ÷ base, less its allowances, plus its charges, each rounded to the "
        "currency's minor unit",
        examples=["157.50"],
    )
    promised_on: date = Field(description="The last business day, at the site, that counts as on time")
    schedules: tuple[OrderedSchedule, ...] = Field(
        default=(), description="By when how much of it is needed; none: all of it, on that day"
    )
    tax_code: str | None = Field(default=None, description="How it is taxed", examples=["DE-S"])
    weight: Decimal | None = Field(
        default=None, description="What all of it weighs, in kilograms", examples=["12.5"]
    )
    allowances: tuple[OrderedLineAllowance, ...] = Field(default=(), description="Taken off it")
    charges: tuple[OrderedLineAllowance, ...] = Field(default=(), description="Put on it")
    landed_cost: Decimal | None = Field(
        default=None,
        description="Its amount with its share of what the order takes off and puts on; null: its amount",
        examples=["160.10"],
    )


class ReceivedLot(_Part):
    """How much of a receipt's line is of one lot, and until when it can be used."""

    lot: str = Field(examples=["L-2231"])
    quantity: Decimal = Field(gt=0, examples=["3000"])
    rejected_quantity: Decimal = Field(ge=0, default=Decimal(0), examples=["12"])
    expires_on: date | None = Field(default=None, description="The last day on which it can be used")


class ReversedLot(_Part):
    """How much of a lot is as if it had never come."""

    lot: str = Field(examples=["L-2231"])
    quantity: Decimal = Field(gt=0, examples=["300"])
    rejected_quantity: Decimal = Field(ge=0, default=Decimal(0), examples=["0"])


class ReceivedLine(_Part):
    """What a goods receipt says about one order line."""

    line_number: int = Field(ge=1, examples=[1])
    quantity: Decimal = Field(gt=0, description="Delivered, whether accepted or not", examples=["3000"])
    rejected_quantity: Decimal = Field(
        ge=0, default=Decimal(0), description="Of it, refused at inspection", examples=["12"]
    )
    rejection_reason: str | None = Field(default=None, examples=["thread damaged"])
    refused_for_good_quantity: Decimal | None = Field(
        ge=0,
        default=None,
        description="Of what was refused, what is not owed again; all of it where it is left out",
        examples=["0"],
    )
    rejection_kind: str | None = Field(
        default=None,
        description="What was wrong, in a word: damaged, wrong, defective, expired",
        examples=["damaged"],
    )
    cancelled_quantity: Decimal = Field(
        ge=0,
        default=Decimal(0),
        description="What of the line is called off from now on, all told, because what came is enough; "
        "zero: nothing was with this receipt",
        examples=["0"],
    )
    schedule_number: int | None = Field(
        default=None, description="The schedule of the line that it is for, if that was said", examples=[1]
    )
    lots: tuple[ReceivedLot, ...] = Field(default=(), description="They add up to the quantity")
    serials: tuple[str, ...] = Field(default=(), description="One a piece", examples=[["SN-000417"]])
    rejected_serials: tuple[str, ...] = Field(
        default=(), description="Of the serials, those of what was refused", examples=[[]]
    )


class ReversedLine(_Part):
    """What of a goods receipt is as if it had never come, of one order line."""

    line_number: int = Field(ge=1, examples=[1])
    quantity: Decimal = Field(gt=0, description="Taken back, whether accepted or not", examples=["300"])
    rejected_quantity: Decimal = Field(ge=0, description="Of it, what had been refused", examples=["0"])
    refused_for_good_quantity: Decimal = Field(
        ge=0, description="Of what had been refused, what was not owed again", examples=["0"]
    )
    cancelled_quantity: Decimal = Field(
        ge=0, description="What of the line is called off from now on, all told", examples=["0"]
    )
    lots: tuple[ReversedLot, ...] = Field(default=(), description="They add up to the quantity")
    serials: tuple[str, ...] = Field(
        default=(), description="Those that are free again", examples=[["SN-000417"]]
    )


class CancelledLine(_Part):
    """What was called off of an order line."""

    line_number: int = Field(ge=1, examples=[1])
    cancelled_quantity: Decimal = Field(
        gt=0, description="Of what was ordered, what is no longer wanted", examples=["2000"]
    )
    closed_as: Literal["short", "cancelled"] = Field(
        description="`short`: something had come of it; `cancelled`: nothing had", examples=["short"]
    )


class PromisedSchedule(_Part):
    """By which day the supplier promises a schedule of which it had promised nothing before."""

    line_number: int = Field(ge=1, examples=[1])
    schedule_number: int = Field(
        ge=1, description="Of the line; 1 where the line is its only schedule", examples=[1]
    )
    promised_on: date
    due_on: date | None = Field(
        default=None,
        description="The last day that counts as on time; null: the promised one",
        examples=["2026-03-20"],
    )


ORDER = ("order_id", "supplier_id", "number")
"""What a supplier is told of each event of its order."""

IMPORTED = "Told by an import of the past; more of the same order may follow at once"


class OrderEvent(Event):
    """Something that happened to a purchase order."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.orders"
    key_field: ClassVar[str] = "order_id"

    order_id: UUID
    supplier_id: UUID
    number: str = Field(description="The order's number for people", examples=["PO-000042"])


WHOLE_ORDER = (
    *ORDER,
    "ordered_on",
    "business_unit",
    "site",
    "time_zone",
    "currency",
    "external_reference",
    "payment_terms",
    "incoterm",
    "delivery_place",
    "allowances",
    "charges",
    "taxes",
    "total_with_tax",
)
LINE = (
    "line_number",
    "item",
    "description",
    "category",
    "quantity",
    "unit",
    "price",
    "price_base_quantity",
    "amount",
    "promised_on",
    "schedules",
    "tax_code",
    "weight",
    "allowances",
    "charges",
)
TOTAL = ("amount", "currency")
"""What a supplier is told of a whole order."""
PROMISED = ("line_number", "schedule_number", "promised_on", "due_on")


class TermsOfOrder(BaseModel):
    """On what terms an order is, and what it is for."""

    payment_terms: str | None = Field(
        default=None, description="The code of when it is paid; null: not agreed", examples=["30N-2-10"]
    )
    incoterm: str | None = Field(
        default=None, description="The rule of Incoterms by which it is delivered", examples=["DAP"]
    )
    delivery_place: str | None = Field(
        default=None, description="The place that the rule speaks of", examples=["Hamburg, hall 1"]
    )
    project: str | None = Field(default=None, description="What it is for", examples=["P-17"])


class AmountsOfOrder(BaseModel):
    """What an order comes to, beside its lines and its total, which is without tax."""

    allowances: tuple[OrderedAllowance, ...] = Field(default=(), description="Taken off the whole of it")
    charges: tuple[OrderedCharge, ...] = Field(default=(), description="Put on the whole of it")
    taxes: tuple[OrderedTax, ...] = Field(
        default=(), description="None where it is not said how all of it is taxed"
    )
    total_with_tax: Money | None = Field(
        default=None, description="Null where it is not said how all of it is taxed"
    )


class POIssued(TermsOfOrder, AmountsOfOrder, OrderEvent):
    """A purchase order became binding and went to the supplier: its first version."""

    to_supplier: ClassVar[Told] = tells(*WHOLE_ORDER, "version", lines=LINE, total=TOTAL)

    ordered_on: date | None = Field(description="Business date; null when an import did not know it")
    business_unit: str = Field(examples=["DE01"])
    cost_centre: str = Field(examples=["4711"])
    site: str = Field(description="Where it is delivered", examples=["HAM"])
    time_zone: str = Field(
        description="IANA name; the site's, in which its business days are counted",
        examples=["Europe/Berlin"],
    )
    currency: str = Field(description="ISO 4217 code", examples=["EUR"])
    lines: tuple[OrderedLine, ...]
    total: Money
    issued_by: str = Field(examples=["bea.buyer"])
    external_reference: str | None = Field(
        default=None, description="Its key in the system it came from", examples=["4500012345"]
    )
    source_system: str = Field(
        default="main", description="The system that `external_reference` belongs to", examples=["main"]
    )
    imported: bool = Field(default=False, description=IMPORTED)
    version: int = Field(default=1, ge=1, description="The order's version that this is", examples=[1])


class ChangedField(_Part):
    """A field that a version says otherwise than the one before it."""

    pointer: str = Field(
        description="A JSON pointer in which a line stands under its number", examples=["/lines/2/quantity"]
    )
    before: str | None = Field(description="As a text; null: not there", examples=["10"])
    after: str | None = Field(description="As a text; null: no longer there", examples=["12"])


class POAmended(TermsOfOrder, AmountsOfOrder, OrderEvent):
    """A version of an order that says something else became binding and went to the supplier.

    A line that is no longer in it was called off; one that is may have been done before, and be open again.
    """

    to_supplier: ClassVar[Told] = tells(
        *WHOLE_ORDER,
        "version",
        "previous_version",
        "amended_on",
        "reason_for_supplier",
        lines=LINE,
        total=TOTAL,
    )

    version: int = Field(ge=2, description="The order's version that this is", examples=[2])
    previous_version: int = Field(ge=1, examples=[1])
    amended_on: date = Field(description="Business date at the site")
    amended_by: str = Field(examples=["bea.buyer"])
    reason: str = Field(
        description="For our own people: no supplier is shown it", examples=["the customer needs more"]
    )
    reason_for_supplier: str | None = Field(
        default=None,
        description="What the supplier is told of why; null: nothing",
        examples=["we need two more"],
    )
    changed: tuple[ChangedField, ...] = Field(description="What it says otherwise than the version before it")
    ordered_on: date | None = Field(description="Business date; null when an import did not know it")
    business_unit: str = Field(examples=["DE01"])
    cost_centre: str = Field(examples=["4711"])
    site: str = Field(description="Where it is delivered", examples=["HAM"])
    time_zone: str = Field(
        description="IANA name; the site's, in which its business days are counted",
        examples=["Europe/Berlin"],
    )
    currency: str = Field(description="ISO 4217 code", examples=["EUR"])
    lines: tuple[OrderedLine, ...] = Field(description="All that is ordered by now")
    total: Money
    external_reference: str | None = Field(
        default=None, description="Its key in the system it came from", examples=["4500012345"]
    )
    source_system: str = Field(
        default="main", description="The system that `external_reference` belongs to", examples=["main"]
    )


class POAcknowledged(OrderEvent):
    """The supplier confirmed that it got the order, and accepts the version in force as it is."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER, "acknowledged_on", "supplier_reference", "version", promises=PROMISED
    )

    acknowledged_on: date
    acknowledged_by: str = Field(examples=["sales@nordwind.example"])
    supplier_reference: str | None = Field(default=None, examples=["SO-88123"])
    version: int | None = Field(
        default=None, ge=1, description="The version that it accepts; null: nobody said", examples=[1]
    )
    promises: tuple[PromisedSchedule, ...] = Field(
        default=(), description="What it promises by that, where it had promised nothing before"
    )


class POCancelled(OrderEvent):
    """An issued order was called off; what was not yet received is no longer due."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER,
        "cancelled_on",
        "reason_for_supplier",
        lines=("line_number", "cancelled_quantity", "closed_as"),
    )

    cancelled_on: date
    reason: str = Field(
        description="For our own people: no supplier is shown it", examples=["the project was stopped"]
    )
    reason_for_supplier: str | None = Field(
        default=None,
        description="What the supplier is told of why; null: nothing",
        examples=["we need it no longer"],
    )
    cancelled_by: str = Field(examples=["bea.buyer"])
    lines: tuple[CancelledLine, ...] = Field(
        default=(), description="What was called off of each line that was open"
    )


WHY = "For our own people: no supplier is shown it"
TOLD_WHY = "What the supplier is told of why; null: nothing"


class POLineClosed(OrderEvent):
    """What was open of a line of an issued order was called off; its other lines go on."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER, "line_number", "cancelled_quantity", "closed_as", "closed_on", "reason_for_supplier"
    )

    line_number: int = Field(ge=1, examples=[1])
    cancelled_quantity: Decimal = Field(
        gt=0, description="Of what was ordered, what is no longer wanted", examples=["2000"]
    )
    closed_as: Literal["short", "cancelled"] = Field(
        description="`short`: something had come of it; `cancelled`: nothing had", examples=["short"]
    )
    closed_on: date = Field(description="Business date at the site")
    reason: str = Field(description=WHY, examples=["the rest is no longer made"])
    reason_for_supplier: str | None = Field(
        default=None, description=TOLD_WHY, examples=["we need it no longer"]
    )
    closed_by: str = Field(examples=["bea.buyer"])


class POLineReopened(OrderEvent):
    """What was called off of a line is wanted again."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER, "line_number", "open_quantity", "reopened_on", "reason_for_supplier"
    )

    line_number: int = Field(ge=1, examples=[1])
    open_quantity: Decimal = Field(gt=0, description="What is still to come", examples=["2000"])
    reopened_on: date = Field(description="Business date at the site")
    reason: str = Field(description=WHY, examples=["it is made again"])
    reason_for_supplier: str | None = Field(default=None, description=TOLD_WHY, examples=["we do need it"])
    reopened_by: str = Field(examples=["bea.buyer"])


class POReopened(OrderEvent):
    """More is to come of an order that was closed."""

    to_supplier: ClassVar[Told] = tells(*ORDER, "reopened_on")

    reopened_on: date = Field(description="Business date at the site")


class POHeld(OrderEvent):
    """An issued order is held: it is not amended until it is released, and what follows on it may wait."""

    to_supplier: ClassVar[Told] = tells(*ORDER, "held_on", "reason_for_supplier", "stops_receipts")

    held_on: date = Field(description="Business date at the site")
    stops_receipts: bool = Field(description="Whether goods of it are not taken in", examples=[False])
    reason: str = Field(description=WHY, examples=["the drawing is being revised"])
    reason_for_supplier: str | None = Field(
        default=None, description=TOLD_WHY, examples=["please wait for a new drawing"]
    )
    held_by: str = Field(examples=["bea.buyer"])


class POReleased(OrderEvent):
    """An order that was held goes on."""

    to_supplier: ClassVar[Told] = tells(*ORDER, "released_on", "reason_for_supplier")

    released_on: date = Field(description="Business date at the site")
    reason: str = Field(description=WHY, examples=["the drawing stands"])
    reason_for_supplier: str | None = Field(
        default=None, description=TOLD_WHY, examples=["the drawing stays as it is"]
    )
    released_by: str = Field(examples=["bea.buyer"])


class GoodsReceived(OrderEvent):
    """Goods of an order arrived at the site."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER,
        "receipt_id",
        "received_on",
        "despatch_reference",
        "shipment_id",
        lines=(
            "line_number",
            "quantity",
            "rejected_quantity",
            "rejection_reason",
            "refused_for_good_quantity",
            "rejection_kind",
            "cancelled_quantity",
            "schedule_number",
            "lots",
            "serials",
            "rejected_serials",
        ),
    )

    receipt_id: UUID
    received_on: date = Field(description="Business date at the site")
    despatch_reference: str | None = Field(
        default=None, description="The supplier's despatch advice number", examples=["DA-2026-0117"]
    )
    shipment_id: UUID | None = Field(
        default=None, description="The shipment that they came with, where it was notified"
    )
    lines: tuple[ReceivedLine, ...]
    received_by: str = Field(examples=["rolf.receiver"])
    imported: bool = Field(default=False, description=IMPORTED)


class GoodsReceiptReversed(OrderEvent):
    """Goods that were received turned out never to have come, or not so: a receipt was taken back in part."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER,
        "receipt_id",
        "reversal_id",
        "received_on",
        "reversed_on",
        "reason_for_supplier",
        lines=(
            "line_number",
            "quantity",
            "rejected_quantity",
            "refused_for_good_quantity",
            "cancelled_quantity",
            "lots",
            "serials",
        ),
    )

    receipt_id: UUID
    reversal_id: UUID
    received_on: date = Field(description="Business date of the receipt: on that day it did not come")
    reversed_on: date = Field(description="Business date on which that was known")
    lines: tuple[ReversedLine, ...]
    reason: str = Field(description=WHY, examples=["another delivery was counted"])
    reason_for_supplier: str | None = Field(
        default=None, description=TOLD_WHY, examples=["we had counted another delivery"]
    )
    reversed_by: str = Field(examples=["rolf.receiver"])


class OrderLineInvoiced(OrderEvent):
    """An invoice of a line was matched, and counts; or it counts no more, and takes off what it had added.

    What all of these of a line add up to is what is invoiced of it.
    """

    to_supplier: ClassVar[Told] = tells(*ORDER, "line_number", "invoice_id", "invoice_number")

    line_number: int = Field(ge=1, examples=[1])
    invoice_id: UUID
    invoice_number: str = Field(description="What its supplier calls it by", examples=["R-2026-117"])
    is_credit_note: bool = Field(default=False, examples=[False])
    quantity: Decimal = Field(
        description="In the unit of the line; below zero: taken back, or counted no more", examples=["10"]
    )
    net_amount: Money = Field(description="Without tax; below zero like the quantity")
    price_variance: Decimal | None = Field(
        default=None,
        description="How much more the line of the invoice charges than at the order's price",
        examples=["0.00"],
    )


class POClosed(OrderEvent):
    """No more is to come of an order: each line was received, or its rest called off."""

    to_supplier: ClassVar[Told] = tells(*ORDER, "closed_on")

    closed_on: date


class PORestated(Restated):
    """An order's stream was told again after procurement lost events; only the events in here hold."""

    to_supplier: ClassVar[Told] = tells("order_id", *RESTATED)

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.orders"
    key_field: ClassVar[str] = "order_id"

    order_id: UUID
