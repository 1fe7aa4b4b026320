"""Answering a question about a supplier."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.errors import FieldError, InvalidError
from supplier_performance.answers.model import Answer
from supplier_performance.due import store as due
from supplier_performance.templates import store as templates


async def answer(
    tx: Transaction, supplier_id: UUID, question: str, points: Decimal, period_ends_on: date, note: str | None
) -> Answer:
    """Answer a question that a template in force asks; raises InvalidError for another, or one too early."""
    asked = {one.code for held in await templates.active(tx) for one in held.template.questions}
    if question not in asked:
        detail = f"No template in force asks {question}: see GET /v1/scorecard-templates."
        raise InvalidError("question_unknown", detail, errors=[FieldError("/question", detail)])
    if period_ends_on > tx.day:
        detail = f"Not after today, {tx.day}: nobody knows yet what will be."
        raise InvalidError("period_not_over", detail, errors=[FieldError("/period_ends_on", detail)])
    found = Answer(
        id=new_id(),
        supplier_id=supplier_id,
        question=question,
        points=points,
        period_ends_on=period_ends_on,
        note=note,
        answered_by=tx.actor,
        answered_at=tx.now,
    )
    tx.session.add(found)
    after = {"supplier": str(supplier_id), "question": question, "points": points, "until": period_ends_on}
    tx.audit("answer", "answer", found.id, after=after)
    await tx.flush()
    due.note(tx, supplier_id, tx.now)
    return found
