"""Reads of goods receipts, and the policy that they are judged by."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from procurement.receipts.model import GoodsReceipt
from procurement.receipts.rules import OverReceipt, ReceivingDuties
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.pages import PageRequest, Sort
from purveyor.policies import Policy

OVER_RECEIPT = Policy(
    "over-receipt",
    OverReceipt,
    "How much more than ordered may be received; a line is judged by what is in force on the day it arrives",
    frozenset({"category", "business_unit"}),
)
RECEIVING_DUTIES = Policy(
    "receiving-duties",
    ReceivingDuties,
    "Whether who approved an order, or its supplier, may receive its goods; the day it is recorded decides",
    frozenset({"business_unit"}),
)
NEWEST_FIRST = Sort("newest", GoodsReceipt.id, descending=True)


async def receipt_for(tx: Transaction, receipt_id: UUID, by: Principal) -> GoodsReceipt:
    """Return a receipt with its lines; raises NotFoundError when there is none that the caller may see."""
    found = await tx.session.scalars(visible_to(by).where(GoodsReceipt.id == receipt_id))
    receipt = found.one_or_none()
    if receipt is None:
        raise NotFoundError("goods receipt", receipt_id)
    return receipt


async def find_receipts(
    tx: Transaction,
    order_id: UUID | None,
    supplier_id: UUID | None,
    external_reference: str | None,
    page: PageRequest,
    by: Principal,
) -> list[GoodsReceipt]:
    """Return receipts with their lines, newest first."""
    statement = visible_to(by)
    for column, value in (
        (GoodsReceipt.order_id, order_id),
        (GoodsReceipt.supplier_id, supplier_id),
        (GoodsReceipt.external_reference, external_reference),
    ):
        if value is not None:
            statement = statement.where(column == value)
    return list(await tx.session.scalars(NEWEST_FIRST.select(statement, page)))


def visible_to(by: Principal) -> Select[GoodsReceipt]:
    """Select what a caller may see: a supplier sees receipts of its own goods."""
    statement = select(GoodsReceipt)
    return (
        statement if by.supplier_id is None else statement.where(GoodsReceipt.supplier_id == by.supplier_id)
    )
