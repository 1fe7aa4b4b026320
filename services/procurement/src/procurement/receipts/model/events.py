"""What the world is told of goods that arrive, and of goods that did not after all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.orders.model import PurchaseOrder, order_number
from procurement.orders.rules.expected import Balance, Expected
from procurement.receipts.model.receipts import GoodsReceipt, GoodsReceiptReversal
from procurement.receipts.rules.arriving import Arrival
from procurement.receipts.rules.reversing import TakenParts
from purveyor_contract.events.procurement.orders import (
    GoodsReceiptReversed,
    GoodsReceived,
    POClosed,
    ReceivedLine,
    ReceivedLot,
    ReversedLine,
    ReversedLot,
)


def received_event(
    order: Expected,
    balances: Mapping[int, Balance],
    receipt_id: UUID,
    arrival: Arrival,
    received_by: str,
    *,
    imported: bool,
) -> GoodsReceived:
    """Return what the world learns when goods arrive."""
    return GoodsReceived(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order_number(order.serial_number),
        receipt_id=receipt_id,
        received_on=arrival.received_on,
        despatch_reference=arrival.despatch_reference,
        shipment_id=arrival.shipment_id,
        lines=tuple(
            ReceivedLine(
                line_number=line.line_number,
                quantity=line.quantity,
                rejected_quantity=line.rejected_quantity,
                rejection_reason=line.rejection_reason,
                refused_for_good_quantity=line.refused_for_good_quantity,
                rejection_kind=line.rejection_kind,
                schedule_number=line.schedule_number,
                lots=tuple(
                    ReceivedLot(
                        lot=lot.lot,
                        quantity=lot.quantity,
                        rejected_quantity=lot.rejected_quantity or Decimal(0),
                        expires_on=lot.expires_on,
                    )
                    for lot in line.lots
                ),
                serials=line.serials,
                rejected_serials=line.rejected_serials,
                cancelled_quantity=line.cancelled_quantity
                and line.cancelled_quantity + balances[line.line_number].cancelled_quantity,
            )
            for line in arrival.lines
        ),
        received_by=received_by,
        imported=imported,
    )


def reversed_event(
    order: PurchaseOrder, receipt: GoodsReceipt, reversal: GoodsReceiptReversal, goods: Iterable[TakenParts]
) -> GoodsReceiptReversed:
    """Return what the world learns when goods of an order, as it stands now, never came."""
    return GoodsReceiptReversed(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order.number,
        receipt_id=receipt.id,
        reversal_id=reversal.id,
        received_on=receipt.received_on,
        reversed_on=reversal.reversed_on,
        lines=tuple(
            ReversedLine(
                line_number=parts.taken.line_number,
                quantity=parts.taken.quantity,
                rejected_quantity=parts.taken.rejected_quantity,
                refused_for_good_quantity=parts.taken.refused_for_good_quantity,
                cancelled_quantity=order.line(parts.taken.line_number).cancelled_quantity,
                lots=tuple(
                    ReversedLot(lot=lot, quantity=of.quantity, rejected_quantity=of.rejected_quantity)
                    for lot, of in parts.lots.items()
                ),
                serials=parts.serials,
            )
            for parts in goods
        ),
        reason=reversal.reason,
        reason_for_supplier=reversal.reason_for_supplier,
        reversed_by=reversal.reversed_by,
    )


def closed_event(order: Expected, closed_on: date) -> POClosed:
    """Return what the world learns when the last of an order has arrived."""
    return POClosed(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order_number(order.serial_number),
        closed_on=closed_on,
    )
