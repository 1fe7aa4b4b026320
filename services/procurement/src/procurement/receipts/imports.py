"""Imports goods receipts of the past, against orders that were imported."""

from __future__ import annotations

from datetime import date

from procurement.receipts import store
from procurement.receipts.commands import receive_goods
from procurement.receipts.rules import ArrivedLine
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.http.bulk import BulkOutcome
from purveyor.imported import ImportKey


async def import_receipt(
    tx: Transaction,
    order_reference: str,
    received_on: date,
    despatch_reference: str | None,
    arrived: tuple[ArrivedLine, ...],
    key: ImportKey,
) -> BulkOutcome:
    """Record what arrived of an imported order, unless it is recorded already; → GoodsReceived, POClosed."""
    found = await store.look_up(tx, key.reference, order_reference)
    if found.receipt_id is not None:
        key.expect_same(found.import_digest)
        return BulkOutcome("unchanged", found.receipt_id)
    if found.order_id is None:
        raise InvalidError(
            "order_unknown",
            f"No order {order_reference} was imported.",
            errors=[FieldError("/order_external_reference", "not an imported order")],
        )
    received = await receive_goods(tx, found.order_id, received_on, despatch_reference, arrived, imported=key)
    return BulkOutcome("created", received.id)
