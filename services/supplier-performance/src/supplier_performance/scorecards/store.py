"""Scorecards in SQL, and what a neighbour may rank them by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from purveyor.db import Transaction
from purveyor_contract.events.supplier_performance.suppliers import SupplierScoreUpdated
from purveyor_messaging.outbox import last_numbers
from supplier_performance.scorecards.model import Scorecard
from supplier_performance.templates.rules.template import DEFAULT

JUDGED = """(
  SELECT id, score, grade, measures, lines, lines_late, on_time_percent, in_full_percent,
         on_time_in_full_percent, rejected_ppm, average_days_late
  FROM scorecard
)"""
"""Suppliers as they were last judged, with the figures that they are ranked by."""


async def scorecard_of(tx: Transaction, supplier_id: UUID) -> Scorecard | None:
    """Return a supplier's scorecard; None before it was first judged."""
    return await tx.session.get(Scorecard, supplier_id)


async def lock_if_any(tx: Transaction, supplier_id: UUID) -> Scorecard | None:
    """Lock a supplier's scorecard, if it was ever judged."""
    return await tx.session.get(Scorecard, supplier_id, with_for_update=True)


async def locked(tx: Transaction, suppliers: Sequence[UUID]) -> dict[UUID, Scorecard]:
    """Lock the scorecards of these suppliers, new ones for those who were never judged."""
    statement = select(Scorecard).where(Scorecard.id.in_(suppliers)).order_by(Scorecard.id).with_for_update()
    found = {scorecard.id: scorecard for scorecard in await tx.session.scalars(statement)}
    new = [supplier_id for supplier_id in suppliers if supplier_id not in found]
    told = await last_numbers(tx, SupplierScoreUpdated.topic, [str(one) for one in new]) if new else {}
    for supplier_id in new:
        found[supplier_id] = Scorecard(id=supplier_id, version=1, sequence=told.get(str(supplier_id), 0))
        tx.session.add(found[supplier_id])
    return found


async def judged_by_other_versions(tx: Transaction, versions: Mapping[str, int]) -> Sequence[UUID]:
    """Return the suppliers who were judged by other versions of the policies."""
    statement = select(Scorecard.id).where(Scorecard.policy_versions.is_distinct_from(dict(versions)))
    return (await tx.session.scalars(statement)).all()


async def judged_until(tx: Transaction) -> date | None:
    """Return the last day for which a supplier was judged; None when nobody was."""
    return await tx.session.scalar(select(func.max(Scorecard.as_of)))


async def judged_by_templates(tx: Transaction) -> Sequence[UUID]:
    """Return the suppliers who were judged by another template than the default one."""
    template = Scorecard.card["template"].astext
    return (await tx.session.scalars(select(Scorecard.id).where(template != DEFAULT))).all()


async def made(tx: Transaction) -> Sequence[Scorecard]:
    """Return every scorecard that says its parts; those from before scores had them are left out."""
    made = Scorecard.card.is_not(None)
    return (await tx.session.scalars(select(Scorecard).where(made).order_by(Scorecard.id))).all()
