"""All that segments are made of, on a day."""

from __future__ import annotations

from datetime import date

from purveyor.db import Transaction
from purveyor.policies import Policy
from sourcing.categories.queries import ancestors_of_each, codes_in_use
from sourcing.risk.store import points_of_all
from sourcing.segments.rules.around import Approval, Block, approved_for, suppliers_of, unblocked
from sourcing.segments.rules.policy import SegmentPolicy
from sourcing.segments.rules.segmenting import Known
from sourcing.spend.rules import by_category, in_currency, of_present, total_by_currency, window
from sourcing.spend.store import spent_in
from sourcing.suppliers.store.ending import presents_of
from sourcing.suppliers.store.orderable import approvals_of_all, blocks_of_all

SEGMENTS = Policy(
    "segments", SegmentPolicy, "From where on spend and supply risk are high, and how supply risk is made"
)


async def known_on(tx: Transaction, day: date, policy: SegmentPolicy) -> Known:
    """Return what is known for segments: of spend and approvals by that day, of risk as assessed last."""
    told = await spent_in(tx, window(day, policy.window_days))
    present = await presents_of(tx, {one.supplier_id for one in told})
    spent = in_currency(of_present(told, present), policy.reporting_currency, policy.worth())
    categories = await codes_in_use(tx)
    allowed = [Approval(*one) for one in await approvals_of_all(tx, day)]
    codes = categories | {one.category for one in spent} | {one.category for one in allowed}
    above = await ancestors_of_each(tx, codes)
    blocks = [Block(*one) for one in await blocks_of_all(tx)]
    approved = approved_for(unblocked(allowed, blocks, above))
    return Known(
        categories=categories,
        suppliers_of=suppliers_of(categories, approved, above),
        approved_for=approved,
        risks=await points_of_all(tx),
        spent=by_category(spent, above),
        totals=total_by_currency(spent),
    )
