"""Takes over what supplier performance says of suppliers: the last of a supplier's events is the truth."""

from __future__ import annotations

from procurement.grades import store
from purveyor.db import Transaction
from purveyor_contract.events.supplier_performance.suppliers import (
    SupplierScoreRestated,
    SupplierScoreUpdated,
)
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import retold


async def on_score_updated(tx: Transaction, event: SupplierScoreUpdated, _envelope: Envelope) -> None:
    """Note what a supplier is graded from now on; what was handed in before keeps its steps."""
    await store.keep(tx, event.supplier_id, event.grade)


HANDLED = (on(SupplierScoreUpdated, on_score_updated),)
GRADES = Consumer(
    "procurement.grades",
    "performance.suppliers",
    (*HANDLED, retold(SupplierScoreRestated, store.forget, *HANDLED)),
)
