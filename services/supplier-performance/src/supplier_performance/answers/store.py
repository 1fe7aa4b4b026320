"""Answers in SQL: those that hold, and all that were given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find
from purveyor.sql import Statement
from purveyor.texts import Code
from supplier_performance.answers.model import Answer
from supplier_performance.deliveries.rules import Window
from supplier_performance.templates.rules.rating import Answered

ANSWERS = Listing(
    name="answers",
    id=Answer.id,
    filters=(equal("question", Code, Answer.question, "To this question", example="cooperation"),),
    sorts=both_ways("id", Answer.id)[::-1],
)
LATEST = """
SELECT DISTINCT ON (supplier_id, question) supplier_id, question, points, answered_by, period_ends_on
FROM answer
WHERE period_ends_on BETWEEN :first::date AND :last::date
  AND (:suppliers::uuid[] IS NULL OR supplier_id = ANY(:suppliers))
ORDER BY supplier_id, question, period_ends_on DESC, id DESC
"""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that holds."""

    supplier_id: UUID
    question: str
    points: Decimal
    answered_by: str
    period_ends_on: date


HOLDING = Statement(Given, LATEST)


async def holding(
    tx: Transaction, window: Window, suppliers: Sequence[UUID] | None
) -> Mapping[UUID, Mapping[str, Answered]]:
    """Return by supplier and question the latest answer about a period that ends in a window."""
    rows = await HOLDING.all(tx.connection, first=window.first, last=window.last, suppliers=suppliers)
    found: dict[UUID, dict[str, Answered]] = defaultdict(dict)
    for row in rows:
        answer = Answered(row.points, row.answered_by, row.period_ends_on.isoformat())
        found[row.supplier_id][row.question] = answer
    return found


async def answers_about(tx: Transaction, supplier_id: UUID, asked: Asked) -> Found[Answer]:
    """Return a page of the answers about a supplier."""
    return await find(tx, select(Answer).where(Answer.supplier_id == supplier_id), asked)
