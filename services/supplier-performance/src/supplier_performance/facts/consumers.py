"""Events that nobody else keeps: prices and shipments of orders; qualifications, documents, risk.

They are consumers of their own, beside those that deliveries and suppliers have: a new one reads its topic
from the beginning, so that facts are known of what was told before anybody kept them.
"""

from __future__ import annotations

from purveyor.db import Transaction
from purveyor_contract.events.procurement.orders import (
    GoodsReceiptReversed,
    GoodsReceived,
    POAmended,
    POIssued,
    PORestated,
)
from purveyor_contract.events.procurement.shipments import (
    ShipmentCancelled,
    ShipmentDelayed,
    ShipmentNotified,
)
from purveyor_contract.events.sourcing.documents import (
    DocumentAccepted,
    DocumentEvent,
    DocumentExpired,
    DocumentRefused,
    DocumentSubmitted,
    DocumentWithdrawn,
)
from purveyor_contract.events.sourcing.qualification import (
    QualificationEvent,
    QualificationExpired,
    QualificationRejected,
    QualificationReturned,
    QualificationSubmitted,
    QualificationWithdrawn,
    SupplierInvited,
    SupplierQualificationConditioned,
    SupplierQualified,
)
from purveyor_contract.events.sourcing.risk import SupplierRiskChanged
from purveyor_contract.events.sourcing.suppliers import SupplierRestated
from purveyor_messaging.consumer import Consumer, Handler, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import retold
from supplier_performance.facts import commands
from supplier_performance.facts.store import kept


def case(step: str) -> Handler[QualificationEvent]:
    """Return a handler that keeps a step of a qualification."""

    async def on_case(tx: Transaction, event: QualificationEvent, envelope: Envelope) -> None:
        await commands.keep_qualification(tx, event, envelope, step)

    return on_case


def document(step: str) -> Handler[DocumentEvent]:
    """Return a handler that keeps what became of a document."""

    async def on_document(tx: Transaction, event: DocumentEvent, envelope: Envelope) -> None:
        await commands.keep_document(tx, event, envelope, step)

    return on_document


OF_ORDERS = (
    on(POIssued, commands.keep_prices),
    on(POAmended, commands.keep_prices),
    on(ShipmentNotified, commands.keep_shipment),
    on(ShipmentDelayed, commands.keep_delay),
    on(ShipmentCancelled, commands.keep_cancelled_shipment),
    on(GoodsReceived, commands.keep_receipt),
    on(GoodsReceiptReversed, commands.keep_reversal),
)
OF_SUPPLIERS = (
    on(SupplierInvited, case("invited")),
    on(QualificationReturned, case("returned")),
    on(QualificationSubmitted, case("submitted")),
    on(QualificationWithdrawn, case("withdrawn")),
    on(SupplierQualified, case("qualified")),
    on(SupplierQualificationConditioned, case("conditioned")),
    on(QualificationRejected, case("rejected")),
    on(QualificationExpired, case("expired")),
    on(DocumentSubmitted, document("submitted")),
    on(DocumentAccepted, document("accepted")),
    on(DocumentRefused, document("refused")),
    on(DocumentWithdrawn, document("withdrawn")),
    on(DocumentExpired, document("expired")),
    on(SupplierRiskChanged, commands.keep_risk),
)
ORDER_FACTS = Consumer(
    "supplier-performance.order-facts",
    "procurement.orders",
    (*OF_ORDERS, retold(PORestated, kept.forget_order, *OF_ORDERS)),
)
SUPPLIER_FACTS = Consumer(
    "supplier-performance.supplier-facts",
    "sourcing.suppliers",
    (*OF_SUPPLIERS, retold(SupplierRestated, commands.forget_supplier, *OF_SUPPLIERS)),
)
