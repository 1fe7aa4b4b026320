"""Reversals of goods receipts as rows: entries beside the receipts, which stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from procurement.receipts.model import (
    GoodsReceipt,
    GoodsReceiptReversal,
    GoodsReceiptReversalLine,
)
from procurement.receipts.rules.reversing import TakenParts
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
    goods: Sequence[TakenParts],
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
                line_number=parts.taken.line_number,
                quantity=parts.taken.quantity,
                rejected_quantity=parts.taken.rejected_quantity,
            )
            for parts in sorted(goods, key=lambda parts: parts.taken.line_number)
        ],
    )
    await CHANGE.all(tx.connection, receipt_id=receipt.id)
    receipt.reversals.append(entry)
    by_number = {line.line_number: line for line in receipt.lines}
    for parts in goods:
        line = by_number[parts.taken.line_number]
        line.reversed_quantity += parts.taken.quantity
        line.reversed_rejected_quantity += parts.taken.rejected_quantity
        for lot in line.lots:
            if (taken := parts.lots.get(lot.lot)) is not None:
                lot.reversed_quantity += taken.quantity
                lot.reversed_rejected_quantity += taken.rejected_quantity
        for serial in line.kept_serials:
            if serial.serial in parts.serials:
                serial.reversal_id = entry.id
    return entry
