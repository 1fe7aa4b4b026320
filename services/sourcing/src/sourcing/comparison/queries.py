"""What is known of some suppliers on a day, gathered from who knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction
from sourcing.comparison.model import Compared
from sourcing.comparison.rules import expect_each_once, expect_known
from sourcing.documents.queries import standings_of
from sourcing.qualification.store import held_by
from sourcing.risk.queries import ConfirmedHits, risk_of
from sourcing.segments.queries import SEGMENTS
from sourcing.segments.store import segments_of
from sourcing.spend.rules import Window, of_present, window
from sourcing.spend.store import spent_in
from sourcing.suppliers.store.ending import formers_of
from sourcing.suppliers.store.screened import some


async def compare(
    tx: Transaction, asked: Sequence[UUID], confirmed: ConfirmedHits
) -> tuple[Window, Sequence[Compared]]:
    """Return suppliers in the order in which they are asked for, and the days whose orders are their spend.

    Raises InvalidError for who is asked for twice, and for who does not exist.
    """
    expect_each_once(asked)
    suppliers = {one.id: one for one in await some(tx, asked)}
    expect_known(asked, suppliers)
    in_order = [suppliers[one] for one in asked]
    policy = (await policies.history(tx, SEGMENTS)).in_force(tx.day)
    days = window(tx.day, policy.value.window_days)
    spend = await _spend(tx, asked, days)
    documents = await standings_of(tx, in_order)
    segments = await segments_of(tx, asked)
    return days, [
        Compared(
            supplier=one,
            qualified=await held_by(tx, one.id, tx.day),
            documents=documents[one.id],
            risk=await risk_of(tx, one.id, confirmed),
            spend=spend[one.id],
            segments=[segment for segment in segments if segment.supplier_id == one.id],
        )
        for one in in_order
    ]


async def _spend(
    tx: Transaction, asked: Sequence[UUID], days: Window
) -> Mapping[UUID, Mapping[str, Decimal]]:
    """Return what is spent with each by currency, with what was ordered of those that became it."""
    former = await formers_of(tx, asked)
    found: dict[UUID, dict[str, Decimal]] = {one: {} for one in asked}
    for spent in of_present(await spent_in(tx, days, {*asked, *former}), former):
        if spent.supplier_id in found:
            of_supplier = found[spent.supplier_id]
            of_supplier[spent.currency] = of_supplier.get(spent.currency, Decimal(0)) + spent.amount
    return found
