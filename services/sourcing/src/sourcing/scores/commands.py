"""Takes over the scores that performance publishes."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction
from purveyor_contract.events.supplier_performance.suppliers import SupplierScoreUpdated
from purveyor_messaging.envelope import Envelope
from sourcing.scores import store
from sourcing.scores.model import SupplierScore
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.store.rows import lock_supplier, set_score


async def keep_score(tx: Transaction, score: SupplierScoreUpdated, envelope: Envelope) -> Supplier:
    """Keep a score and show it on its supplier, which is locked and returned.

    Raises NotFoundError for a supplier that sourcing does not have: performance can know it from nowhere
    else, so one of the two has lost something, and the event is parked until a person has looked.
    """
    supplier = await lock_supplier(tx, score.supplier_id)
    figures = score.model_dump(include=set(SupplierScore.__table__.columns.keys()))
    figures |= score.model_dump(mode="json", include={"rejected_ppm_by_unit"})
    store.add_score(tx, SupplierScore(**figures, sequence=envelope.sequence, published_at=envelope.time))
    await set_score(tx, supplier.id, score.score, score.grade, score.as_of, score.consequence)
    return supplier


async def forget_scores(tx: Transaction, supplier_id: UUID) -> Supplier:
    """Take back every score of a supplier, which is locked and returned; raises NotFoundError."""
    supplier = await lock_supplier(tx, supplier_id)
    await store.forget_scores(tx, supplier_id)
    await set_score(tx, supplier_id, None, None, None, None)
    return supplier
