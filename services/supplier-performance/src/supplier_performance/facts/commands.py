"""Keep what events tell that no other feature keeps, so that there are facts of it.

Whom a fact is of is judged anew: a template may name KPIs over facts of any kind.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor_contract.events.procurement.orders import (
    GoodsReceiptReversed,
    GoodsReceived,
    POAmended,
    POIssued,
)
from purveyor_contract.events.procurement.shipments import (
    ShipmentCancelled,
    ShipmentDelayed,
    ShipmentNotified,
)
from purveyor_contract.events.sourcing.documents import DocumentEvent
from purveyor_contract.events.sourcing.qualification import QualificationEvent
from purveyor_contract.events.sourcing.risk import SupplierRiskChanged
from purveyor_messaging.envelope import Envelope
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.due import store as due
from supplier_performance.facts.model import DocumentStep, QualificationStep, RiskAssessment
from supplier_performance.facts.store import kept


async def keep_prices(tx: Transaction, order: POIssued | POAmended, envelope: Envelope) -> None:
    """Keep what each line costs by a version: the first one is what the order froze.

    Whose orders are imported is judged once the import is silent, which is long after this.
    """
    await kept.keep_prices(tx, order.order_id, envelope.sequence, order.lines)
    if isinstance(order, POAmended) or not order.imported:
        due.note(tx, order.supplier_id, tx.now)


async def keep_shipment(tx: Transaction, advice: ShipmentNotified, envelope: Envelope) -> None:
    """Keep what a despatch advice announces of an order."""
    names = ("order_id", "shipment_id", "despatch_reference", "shipped_on", "expected_on")
    told = {name: getattr(advice, name) for name in names}
    told |= _source(envelope) | {
        "sequence": envelope.sequence,
        "by_supplier": advice.notified_by_supplier,
    }
    await kept.keep_shipment(tx, told, advice.lines)
    due.note(tx, advice.supplier_id, tx.now)


async def keep_delay(tx: Transaction, delay: ShipmentDelayed, envelope: Envelope) -> None:
    """Keep that a shipment is expected on another day."""
    await kept.keep_change(
        tx,
        delay.order_id,
        envelope.sequence,
        delay.shipment_id,
        envelope.time,
        expected_on=delay.expected_on,
    )
    due.note(tx, delay.supplier_id, tx.now)


async def keep_cancelled_shipment(tx: Transaction, cancelled: ShipmentCancelled, envelope: Envelope) -> None:
    """Keep that a shipment does not come."""
    await kept.keep_change(
        tx,
        cancelled.order_id,
        envelope.sequence,
        cancelled.shipment_id,
        envelope.time,
        cancelled_on=cancelled.cancelled_on,
    )
    due.note(tx, cancelled.supplier_id, tx.now)


async def keep_receipt(tx: Transaction, receipt: GoodsReceived, envelope: Envelope) -> None:
    """Keep which shipment goods came with; those that nobody announced are in no table here."""
    if receipt.shipment_id is not None:
        of = (receipt.order_id, envelope.sequence, receipt.receipt_id, receipt.shipment_id)
        await kept.keep_receipt(tx, *of)
        due.note(tx, receipt.supplier_id, tx.now)


async def keep_reversal(tx: Transaction, reversal: GoodsReceiptReversed, envelope: Envelope) -> None:
    """Keep which receipt was taken back."""
    await kept.keep_receipt(tx, reversal.order_id, envelope.sequence, reversal.receipt_id, None)
    due.note(tx, reversal.supplier_id, tx.now)


async def keep_qualification(
    tx: Transaction, event: QualificationEvent, envelope: Envelope, step: str
) -> None:
    """Keep what became of a case; its day is UTC's, as sourcing's decisions are."""
    result: Decimal | None = getattr(event, "result", None)
    tx.session.add(
        QualificationStep(
            supplier_id=event.supplier_id,
            sequence=envelope.sequence,
            happened_on=getattr(event, "submitted_on", envelope.time.date()),
            case_id=event.case_id,
            case_number=event.case_number,
            category=event.category,
            region=event.region,
            made_at=event.site,
            step=step,
            valid_until=getattr(event, "valid_until", None),
            result=result,
            **_source(envelope),
        )
    )
    await tx.flush()
    await _judge_anew(tx, event.supplier_id)


async def keep_document(tx: Transaction, event: DocumentEvent, envelope: Envelope, step: str) -> None:
    """Keep what became of a document; its day is UTC's, as sourcing's decisions are."""
    tx.session.add(
        DocumentStep(
            supplier_id=event.supplier_id,
            sequence=envelope.sequence,
            happened_on=envelope.time.date(),
            document_id=event.document_id,
            document_type=event.type,
            made_at=event.site,
            step=step,
            valid_from=event.valid_from,
            valid_until=event.valid_to,
            **_source(envelope),
        )
    )
    await tx.flush()
    await _judge_anew(tx, event.supplier_id)


async def keep_risk(tx: Transaction, event: SupplierRiskChanged, envelope: Envelope) -> None:
    """Keep how risky a supplier is from now on."""
    tx.session.add(
        RiskAssessment(
            supplier_id=event.supplier_id,
            sequence=envelope.sequence,
            happened_on=event.assessed_for,
            assessment=event.assessment,
            level=event.level,
            former_level=event.former_level,
            overall=event.overall,
            share_known=event.share_known,
            **_source(envelope),
        )
    )
    await tx.flush()
    await _judge_anew(tx, event.supplier_id)


async def forget_supplier(tx: Transaction, supplier_id: UUID) -> None:
    """Take away what was kept of a supplier."""
    await kept.forget_supplier(tx, supplier_id)
    await _judge_anew(tx, supplier_id)


async def _judge_anew(tx: Transaction, supplier_id: UUID) -> None:
    """Have a supplier judged anew that was ever judged: something was ordered of it."""
    if await deliveries.has_lines(tx, supplier_id):
        due.note(tx, supplier_id, tx.now)


def _source(envelope: Envelope) -> dict[str, Any]:
    return {"event_id": envelope.id, "event_type": envelope.type, "known_at": envelope.time}
