"""What sourcing does when performance speaks."""

from __future__ import annotations

from purveyor.db import Transaction
from purveyor.events.supplier_performance import SupplierScoreUpdated
from purveyor.messaging.consumer import Consumer, on
from purveyor.messaging.envelope import Envelope
from sourcing.reviews import commands


async def on_supplier_score_updated(tx: Transaction, event: SupplierScoreUpdated, envelope: Envelope) -> None:
    """Show the score on its supplier, and ask for a review where it is low."""
    await commands.take_score(tx, event, envelope)


SCORES = Consumer(
    "sourcing.scores", "performance.suppliers", (on(SupplierScoreUpdated, on_supplier_score_updated),)
)
