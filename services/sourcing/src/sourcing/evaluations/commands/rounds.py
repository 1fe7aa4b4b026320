"""Another round is opened for the bidders of the best places, whoever they are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import ConflictError, NotFoundError
from purveyor.versions import Seen
from sourcing.bids.store.rows import latest_of_all
from sourcing.evaluations import store
from sourcing.evaluations.rules.rounds import best_of
from sourcing.tenders.commands import rounds
from sourcing.tenders.commands.parts import lock_as_lead
from sourcing.tenders.model import Tender
from sourcing.tenders.rules.states import TenderMove

MOST_ROUNDS = 10


async def open_round(tx: Transaction, tender_id: UUID, seen: Seen, best: int, closes_at: datetime) -> Tender:
    """Let whoever has one of the best places in a lot bid again, in prices; others are out of it.

    Who takes part follows from the ranking alone. → RoundOpened.
    """
    tender = await lock_as_lead(tx, tender_id, seen)
    tender.expect_possible(TenderMove.OPEN_ROUND)
    evaluation = await store.evaluation_of(tx, tender_id, tender.round)
    if evaluation is None:
        raise NotFoundError("evaluation", tender_id)
    suppliers = best_of(evaluation.says, best)
    if not suppliers or tender.round >= MOST_ROUNDS:
        detail = f"Nobody has a place, or {MOST_ROUNDS} rounds were played."
        raise ConflictError("no_further_round", detail)
    bids = [one for one in await latest_of_all(tx, tender_id) if one.content is not None]
    there = sum(one.supplier_id in suppliers for one in bids)
    await rounds.open_round(tx, tender, suppliers, best, closes_at, there)
    return tender
