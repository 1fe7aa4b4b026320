"""What is stated of the lines of receipts and reversals."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Quantity, QuantityOrZero, StatedQuantity, StatedQuantityOrZero
from procurement.receipts.rules.arriving import ArrivedLine, ArrivedLot
from procurement.receipts.rules.rejecting import RejectedIs, RejectionKind
from procurement.receipts.rules.reversing import LotLeft, ReversedLine
from purveyor.days import Day
from purveyor.texts import Code, Line, Reference

MOST_LOTS = 1000
MOST_SERIALS = 10_000
"""Of one line of a receipt."""

LINE: dict[str, Any] = {
    "line_number": 1,
    "quantity": "1500",
    "rejected_quantity": "20",
    "rejection_reason": "thread damaged",
    "rejection_kind": "damaged",
    "rejected_is": "owed_again",
}
LOT: dict[str, Any] = {
    "lot": "L-2231",
    "quantity": "1500",
    "rejected_quantity": "20",
    "expires_on": "2028-03-31",
}
ARRIVAL: dict[str, Any] = {"received_on": "2026-03-18", "despatch_reference": "LS-88410", "lines": [LINE]}


class ReceivedLot(BaseModel):
    """How much of a line is of one lot, and until when it can be used."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [LOT]})

    lot: Reference
    quantity: Quantity
    rejected_quantity: QuantityOrZero | None = Field(
        default=None, description="Of it; left out: all that the line says, where it is the only lot"
    )
    expires_on: Day | None = Field(default=None, description="The last day on which it can be used")


class PastLine(BaseModel):
    """What arrived of an order line, and what of it was rejected."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    line_number: int = Field(ge=1, le=99_999)
    quantity: StatedQuantity = Field(description="What arrived, whether accepted or not")
    rejected_quantity: StatedQuantityOrZero = Decimal(0)
    rejection_reason: Line | None = Field(
        default=None,
        description="This or the kind is needed when something was rejected; the supplier reads it",
    )
    rejection_kind: RejectionKind | None = Field(
        default=None,
        description="`damaged`; `wrong`: something else than was ordered; `defective`: not as specified; "
        "`expired`: or not to be used for long enough. The supplier reads it",
    )
    rejected_is: RejectedIs | None = Field(
        default=None,
        description="Whether what was rejected is owed again, and its replacement received on this line, or "
        "ends the line as far as it goes; left out, the policy `rejected-goods` says so",
    )

    def arrived(self) -> ArrivedLine:
        """Return what arrived."""
        return ArrivedLine(
            self.line_number,
            self.quantity,
            self.rejected_quantity,
            self.rejection_reason,
            self.rejected_is,
            rejection_kind=self.rejection_kind,
        )


class ReceiptLine(PastLine):
    """What arrived of an order line today, or lately."""

    unit: Code | None = Field(
        default=None,
        description="In what it was counted, with its lots, where that is not the order's unit; the item "
        "converts it, exactly",
        examples=["XBX"],
    )
    schedule_number: int | None = Field(
        default=None, ge=1, le=99_999, description="Which schedule of the line it is for", examples=[None]
    )
    lots: list[ReceivedLot] = Field(
        default=[], max_length=MOST_LOTS, description="They add up to the quantity", examples=[[LOT]]
    )
    serials: list[Reference] = Field(
        default=[],
        max_length=MOST_SERIALS,
        description="One a piece, counted in the item's base unit; none that is in stock already",
        examples=[[]],
    )
    rejected_serials: list[Reference] = Field(
        default=[], max_length=MOST_SERIALS, description="Of these, those of what was rejected", examples=[[]]
    )
    completes: bool | None = Field(
        default=None,
        description="Whether what came is enough, so that the rest need not come (`under_tolerance`); as far "
        "as the policy `under-receipt`, or the item, tolerates that. Left out, the policy says so",
        examples=[None],
    )

    def arrived(self) -> ArrivedLine:
        """Return what arrived."""
        return replace(
            super().arrived(),
            completes=self.completes,
            stated_unit=self.unit,
            schedule_number=self.schedule_number,
            lots=tuple(ArrivedLot(**dict(lot)) for lot in self.lots),
            serials=tuple(self.serials),
            rejected_serials=tuple(self.rejected_serials),
        )


class LotToReverse(BaseModel):
    """How much of a lot never came, and of that, what had been rejected."""

    model_config = ConfigDict(extra="forbid")

    lot: Reference = Field(examples=["L-2231"])
    quantity: Quantity
    rejected_quantity: QuantityOrZero = Decimal(0)


class LineToReverse(BaseModel):
    """How much of a receipt's line never came, and of that, what had been rejected."""

    model_config = ConfigDict(extra="forbid")

    line_number: int = Field(ge=1, le=99_999)
    quantity: Quantity = Field(description="Of what arrived, accepted or not")
    rejected_quantity: QuantityOrZero = Field(
        default=Decimal(0), description="Of that, what had been rejected"
    )
    lots: list[LotToReverse] = Field(
        default=[],
        max_length=MOST_LOTS,
        description="Of which lots, where several are left and not all of the line is taken back",
    )
    serials: list[Reference] = Field(
        default=[],
        max_length=MOST_SERIALS,
        description="Which are free again, where not all of the line is taken back",
        examples=[[]],
    )

    def reversed(self) -> ReversedLine:
        """Return what is taken back."""
        lots = tuple((lot.lot, LotLeft(lot.quantity, lot.rejected_quantity)) for lot in self.lots)
        return ReversedLine(
            self.line_number, self.quantity, self.rejected_quantity, lots, tuple(self.serials)
        )
