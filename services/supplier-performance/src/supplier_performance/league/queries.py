"""The league table measured anew, over any window."""

from __future__ import annotations

from collections.abc import Sequence

from purveyor.db import Transaction
from purveyor.pages import PageRequest
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.deliveries.rules import Question
from supplier_performance.league.rules import Standing, rank
from supplier_performance.league.store import Ranked, Table
from supplier_performance.scorecards.queries import cards_over
from supplier_performance.suppliers import store as suppliers


async def measured_anew(
    tx: Transaction, table: Table, question: Question, page: PageRequest
) -> Sequence[Ranked]:
    """Measure and score suppliers over a window; return those of a page, and one more when there are more."""
    measured = await deliveries.measures(tx, question, table.only)
    known = await suppliers.names(tx, list(measured))
    cards = await cards_over(tx, question, question.as_of or tx.day, measured)
    ranked = []
    for supplier_id, measures in measured.items():
        card = cards[supplier_id]
        standing = Standing(known[supplier_id], card.score, card.grade, measures)
        ranked.append((rank(standing, table.sort, table.currency or ""), standing))
    after = table.after(page)
    rest = [(place, standing) for place, standing in sorted(ranked) if after is None or place > after]
    return rest[: page.limit + 1]
