"""Evaluations in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from sourcing.evaluations.model import BidJustification, Evaluation, EvaluationMark


async def marks_of(tx: Transaction, tender_id: UUID) -> Sequence[EvaluationMark]:
    """Return all marks that bids of a tender were given, in one order."""
    found = await tx.session.scalars(
        select(EvaluationMark)
        .where(EvaluationMark.tender_id == tender_id)
        .order_by(EvaluationMark.supplier_id, EvaluationMark.criterion, EvaluationMark.person)
    )
    return found.all()


async def evaluation_of(tx: Transaction, tender_id: UUID, number: int) -> Evaluation | None:
    """Return the evaluation of a round, if it was begun."""
    found: Evaluation | None = await tx.session.get(Evaluation, (tender_id, number))
    return found


async def evaluations_of(tx: Transaction, tender_id: UUID) -> Sequence[Evaluation]:
    """Return the evaluations of all rounds that were begun, the first first."""
    found = await tx.session.scalars(
        select(Evaluation).where(Evaluation.tender_id == tender_id).order_by(Evaluation.round)
    )
    return found.all()


async def justifications_of(tx: Transaction, tender_id: UUID, number: int) -> Sequence[BidJustification]:
    """Return what is to be justified in a round, in one order."""
    found = await tx.session.scalars(
        select(BidJustification)
        .where(BidJustification.tender_id == tender_id, BidJustification.round == number)
        .order_by(BidJustification.supplier_id, BidJustification.lot)
    )
    return found.all()


async def justification_of(
    tx: Transaction, tender_id: UUID, number: int, supplier_id: UUID, lot: str
) -> BidJustification | None:
    """Return what a bidder is to justify of a lot, if anything."""
    found: BidJustification | None = await tx.session.get(
        BidJustification, (tender_id, number, supplier_id, lot)
    )
    return found


def keep(tx: Transaction, *rows: EvaluationMark | Evaluation | BidJustification) -> None:
    """Keep marks, an evaluation, or what is to be justified."""
    tx.session.add_all(rows)
