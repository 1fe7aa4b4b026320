"""What sourcing does when performance speaks."""

from __future__ import annotations

from purveyor.db import Transaction
from purveyor_contract.events.supplier_performance.suppliers import (
    SupplierScoreRestated,
    SupplierScoreUpdated,
)
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope
from sourcing.reviews import commands


async def on_supplier_score_updated(tx: Transaction, event: SupplierScoreUpdated, envelope: Envelope) -> None:
    """Show the score on its supplier, and ask for a review where it is low."""
    await commands.take_score(tx, event, envelope)


async def on_scores_restated(tx: Transaction, event: SupplierScoreRestated, envelope: Envelope) -> None:
    """Show the scores that hold, after performance lost some."""
    await commands.retake_scores(tx, event, envelope)


SCORES = Consumer(
    "sourcing.scores",
    "performance.suppliers",
    (
        on(SupplierScoreUpdated, on_supplier_score_updated),
        on(SupplierScoreRestated, on_scores_restated),
    ),
)
