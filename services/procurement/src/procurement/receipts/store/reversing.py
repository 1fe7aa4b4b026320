"""Reversals of goods receipts as rows: entries beside the receipts, which stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from procurement.orders.rules.reversing import TakenBack
from procurement.receipts.model import (
    GoodsReceipt,
    GoodsReceiptReversal,
    GoodsReceiptReversalLine,
)
from purveyor.db import Transaction, new_id
from purveyor.sql import Statement, only

CHANGE = Statement(only, "UPDATE goods_receipt SET changed_in = DEFAULT WHERE id = :receipt_id")
"""What it says stays, but who reads what changed since is to see that it was taken back."""


async def look_at(tx: Transaction, receipt_id: UUID) -> GoodsReceipt | None:
    """Return a receipt as it is before its order is locked; None when there is none."""
    return await tx.session.get(GoodsReceipt, receipt_id)


async def read_again(tx: Transaction, receipt_id: UUID) -> GoodsReceipt:
    """Return a receipt as it is now that nobody else can take it back: its order is locked."""
    statement = select(GoodsReceipt).where(GoodsReceipt.id == receipt_id)
    return (await tx.session.scalars(statement, execution_options={"populate_existing": True})).one()


async def reverse(
    tx: Transaction,
    receipt: GoodsReceipt,
    reversed_on: date,
    goods: Sequence[TakenBack],
    reason: str,
    told: str | None,
    kept_apart: Sequence[str],
) -> GoodsReceiptReversal:
    """Write a counter-entry of a receipt whose order is locked; return it."""
    entry = GoodsReceiptReversal(
        id=new_id(),
        receipt_id=receipt.id,
        reversed_on=reversed_on,
        reason=reason,
        reason_for_supplier=told,
        reversed_by=tx.actor,
        reversed_at=tx.now,
        kept_apart=list(kept_apart),
        lines=[
            GoodsReceiptReversalLine(
                line_number=taken.line_number,
                quantity=taken.quantity,
                rejected_quantity=taken.rejected_quantity,
            )
            for taken in sorted(goods, key=lambda taken: taken.line_number)
        ],
    )
    await CHANGE.all(tx.connection, receipt_id=receipt.id)
    receipt.reversals.append(entry)
    by_number = {line.line_number: line for line in receipt.lines}
    for taken in goods:
        line = by_number[taken.line_number]
        line.reversed_quantity += taken.quantity
        line.reversed_rejected_quantity += taken.rejected_quantity
    return entry
