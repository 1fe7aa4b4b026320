"""Reads of promises, and the policy that says which schedules are firm."""

from __future__ import annotations

from uuid import UUID

from procurement.orders.model import PurchaseOrder
from procurement.orders.queries import order_for
from procurement.orders.rules.schedules import open_quantities, schedules_of
from procurement.promises import store
from procurement.promises.rules import Promised, ScheduleHorizon, dates_of, is_firm
from procurement.sites import store as sites
from purveyor import policies
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.policies import Place, Policy

SCHEDULE_HORIZON = Policy(
    "schedule-horizon",
    ScheduleHorizon,
    "Until when what is scheduled is firm; today at the site decides",
    frozenset({"supplier_id", "item", "category", "site", "business_unit"}),
)


async def promises_for(
    tx: Transaction, order_id: UUID, by: Principal
) -> tuple[PurchaseOrder, list[Promised]]:
    """Return an order and what is promised of each schedule of the version in force, by their numbers.

    Raises NotFoundError when there is no such order that the caller may see.
    """
    order = await order_for(tx, order_id, by)
    return order, await promised_of(tx, order)


async def promised_of(tx: Transaction, order: PurchaseOrder) -> list[Promised]:
    """Return what is promised of each schedule of an order whose lines are loaded."""
    kept = await store.of_order(tx, order.id)
    today = await sites.business_day(tx, order.site)
    horizons = await policies.history(tx, SCHEDULE_HORIZON)
    found = []
    for line in order.lines:
        if line.dropped_by_version is not None:
            continue
        place = Place(
            supplier_id=order.supplier_id,
            item=line.item,
            category=line.category,
            site=order.site,
            business_unit=order.business_unit,
        )
        horizon = horizons.in_force(today, place).value
        still_open = open_quantities(line.standing())
        for schedule in schedules_of(line.ordered()):
            promises = kept.get((line.line_number, schedule.schedule_number), [])
            found.append(
                Promised(
                    line_number=line.line_number,
                    schedule_number=schedule.schedule_number,
                    quantity=schedule.quantity,
                    open_quantity=still_open[schedule.schedule_number],
                    firm=is_firm(schedule.need_by, today, horizon),
                    dates=dates_of(schedule.need_by, promises),
                    promises=promises,
                )
            )
    return sorted(found, key=lambda one: (one.line_number, one.schedule_number))
