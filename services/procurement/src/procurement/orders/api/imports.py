"""The import of orders of the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import ConfigDict, Field

from procurement.orders.api.drafts import (
    LINE,
    MOST_ADJUSTMENTS,
    AllowanceIn,
    ChargeIn,
    LineAllowanceIn,
    OrderLineIn,
    ScheduleLineIn,
    TermsIn,
)
from procurement.orders.imports import StatedOrder, import_orders, propose_orders
from procurement.orders.rules.drafts import MOST_LINES, DraftOrder
from procurement.orders.rules.schedules import MOST_SCHEDULES
from procurement.orders.views import ORDER
from purveyor.auth import Principal, requires
from purveyor.bulk import BulkOutcome, SetCommand
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import ProblemError
from purveyor.http import bulk
from purveyor.http.proposals import ProposalId, imports_on
from purveyor.http.rows import Document, InCell
from purveyor.http.transaction import TransactionRoute
from purveyor.imported import MAIN, ImportKey, SourceKey, SourceSystem
from purveyor.money import CurrencyCode
from purveyor.texts import Code, Reference
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1/purchase-orders", tags=["purchase orders"], route_class=TransactionRoute)


class ScheduleInRow(ScheduleLineIn, InCell):
    """The same in a row; in a cell of CSV `1500=2026-03-13`, numbered by its place."""

    @classmethod
    def read_cell(cls, cell: str) -> Mapping[str, str]:
        """Return how much is needed, and by when."""
        quantity, _, need_by = cell.partition("=")
        return {"quantity": quantity, "need_by": need_by}

    @classmethod
    def write_cell(cls, shown: Mapping[str, Any]) -> str:
        """Return the same."""
        return f"{shown['quantity']}={shown['need_by']}"


class AdjustmentInCell(InCell):
    """An allowance or a charge in a row; in a cell of CSV `freight=12.50`, or `rebate=2%`."""

    @classmethod
    def read_cell(cls, cell: str) -> Mapping[str, str]:
        """Return what it is for, and the amount or the percentage."""
        reason, _, stated = cell.rpartition("=")
        if stated.endswith("%"):
            return {"reason": reason, "percent": stated.removesuffix("%").rstrip()}
        return {"reason": reason, "amount": stated}

    @classmethod
    def write_cell(cls, shown: Mapping[str, Any]) -> str:
        """Return the same."""
        stated = shown["amount"] if shown["percent"] is None else f"{shown['percent']}%"
        return f"{shown['reason']}={stated}"


class LineAllowanceInRow(LineAllowanceIn, AdjustmentInCell):
    """What is taken off a line or put on it, in a row."""


class AllowanceInRow(AllowanceIn, AdjustmentInCell):
    """What is taken off an order, in a row."""


class ChargeInRow(ChargeIn, AdjustmentInCell):
    """What is put on an order, in a row."""


class ImportedLine(OrderLineIn):
    """A line of an order of the past."""

    line_number: int = Field(ge=1, le=99_999)
    external_reference: Reference | None = Field(default=None, description="Its key where it comes from")
    schedules: list[ScheduleInRow] = Field(  # type: ignore[assignment]  # in a cell, too
        default=[],
        max_length=MOST_SCHEDULES,
        description="By when how much of it is needed; in CSV `1500=2026-03-13;1000=2026-03-20`",
    )
    allowances: list[LineAllowanceInRow] = Field(  # type: ignore[assignment]  # in a cell, too
        default=[], max_length=MOST_ADJUSTMENTS, description="Taken off it; in CSV `rebate=2%;sample=5.00`"
    )
    charges: list[LineAllowanceInRow] = Field(  # type: ignore[assignment]  # in a cell, too
        default=[], max_length=MOST_ADJUSTMENTS, description="Put on it; in CSV `packaging=1.50`"
    )


class ImportedOrder(TermsIn, Document):
    """An order of the past: one a line of the request (NDJSON), or each of its lines one (CSV)."""

    known_by: ClassVar[tuple[str, ...]] = ("source_system", "external_reference")

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {name: value for name, value in ORDER.items() if name != "supplier_id"}
                | {"external_reference": "4500012345", "supplier_external_reference": "V-1017"}
                | {"lines": [LINE | {"external_reference": "4500012345/10"}]}
            ]
        },
    )

    source_system: SourceSystem = MAIN
    external_reference: Reference = Field(description="Its key in the system it comes from")
    supplier_source_system: Code | None = Field(
        default=None, description="The system that knows its supplier by that reference; absent: the same"
    )
    supplier_external_reference: Reference
    ordered_on: Day | None = Field(default=None, description="Null when nobody knows it any more")
    currency: CurrencyCode
    site: Code
    business_unit: Code
    cost_centre: Code
    allowances: list[AllowanceInRow] = Field(  # type: ignore[assignment]  # in a cell, too
        default=[], max_length=MOST_ADJUSTMENTS, description="Taken off all of it; in CSV `rebate=2%`"
    )
    charges: list[ChargeInRow] = Field(  # type: ignore[assignment]  # in a cell, too
        default=[], max_length=MOST_ADJUSTMENTS, description="Put on all of it; in CSV `freight=12.50`"
    )
    lines: list[ImportedLine] = Field(min_length=1, max_length=MOST_LINES)

    def draft(self, supplier_id: UUID) -> DraftOrder:
        """Return what the order says, once its supplier is found."""
        return DraftOrder(
            supplier_id=supplier_id,
            currency=self.currency,
            site=self.site,
            business_unit=self.business_unit,
            cost_centre=self.cost_centre,
            ordered_on=self.ordered_on,
            lines=tuple(line.line(place) for place, line in enumerate(self.lines, start=1)),
            **self.terms(),
        )

    def stated(self) -> StatedOrder:
        """Return the order with its key."""
        key = ImportKey(SourceKey(self.source_system, self.external_reference), self, FORMERLY_WRITTEN)
        system = self.supplier_source_system or self.source_system
        supplier = SourceKey(system, self.supplier_external_reference)
        return StatedOrder(key, supplier, self.site, self.draft)


FORMERLY_WRITTEN = frozenset({"ordered_on", "price_base_quantity", "external_reference"})
"""Fields of an imported order whose defaults were part of its digest once."""


def taking(proposal: UUID | None) -> SetCommand[ImportedOrder]:
    """Return what takes orders: into a proposal, or for good."""

    async def take(tx: Transaction, orders: Sequence[ImportedOrder]) -> list[BulkOutcome | ProblemError]:
        stated = [order.stated() for order in orders]
        return await (propose_orders(tx, proposal, stated) if proposal else import_orders(tx, stated))

    return take


IMPORT = bulk.Kind("import-purchase-orders", ImportedOrder, many=taking)


@router.post(
    ":import",
    summary="Import orders of the past",
    dependencies=[Depends(imports_on)],
    **bulk.route(IMPORT),
)
async def import_purchase_orders(
    by: Annotated[Principal, requires("procurement:import", Role.ADMIN)],
    rows: bulk.Bulk,
    proposal: ProposalId = None,
) -> Response:
    """Import orders that were issued elsewhere: NDJSON, an order a line, or CSV, a line of one a row.

    The same again changes nothing.

    With a proposal they are only looked at and added to it; once somebody else has let it in they are sent
    again without. A refused row with the code `supplier_unknown` may be sent again: its supplier may be on
    its way here.
    """
    return await rows.take(IMPORT, proposal)
