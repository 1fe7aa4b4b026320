"""Calling off of a blanket order: a draft of an order that names it, at the agreed prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.blankets import commands as blankets
from procurement.blankets.rules import Wanted
from procurement.orders.commands.orders import create_order
from procurement.orders.commands.stated import unknown_site
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from procurement.orders.rules.states import OrderState
from procurement.orders.store import rows
from procurement.sites import store as sites
from purveyor.db import Transaction


@dataclass(frozen=True, slots=True)
class CallOffLine:
    """How much of a line of a blanket order is wanted, and by when."""

    line_number: int
    quantity: Decimal
    promised_on: date


@dataclass(frozen=True, slots=True)
class CallOff:
    """What is called off, for which site, charged to which cost centre, for which project."""

    site: str
    cost_centre: str
    project: str | None
    lines: tuple[CallOffLine, ...]


async def call_off(
    tx: Transaction, blanket_order_id: UUID, wanted: CallOff
) -> tuple[OrderState, DraftOrder, list[Decimal]]:
    """Write a draft that calls off of a blanket order; its quantities are taken at once.

    The blanket order is locked: of two who want the last of it one gets it, and the other is told. Who wrote
    the blanket order wrote the call-off's prices, and is an author of it, too.
    """
    blanket = await blankets.locked(tx, blanket_order_id)
    place = await sites.place(tx, wanted.site)
    if place is None:
        raise unknown_site(wanted.site)
    blanket.check_callable(place.today)
    blanket.call_off({line.line_number: Wanted(Decimal(0), line.quantity) for line in wanted.lines})
    agreed = {line.line_number: line for line in blanket.lines}
    draft = DraftOrder(
        supplier_id=blanket.supplier_id,
        currency=blanket.currency,
        site=wanted.site,
        business_unit=blanket.business_unit,
        cost_centre=wanted.cost_centre,
        project=wanted.project,
        ordered_on=None,
        lines=tuple(
            DraftLine(
                line_number=line.line_number,
                item=agreed[line.line_number].item,
                description=agreed[line.line_number].description,
                category=agreed[line.line_number].category,
                quantity=line.quantity,
                unit=agreed[line.line_number].unit,
                price=agreed[line.line_number].price,
                price_base_quantity=agreed[line.line_number].price_base_quantity,
                promised_on=line.promised_on,
            )
            for line in wanted.lines
        ),
    )
    order, draft, amounts = await create_order(tx, draft)
    await rows.name_blanket_order(tx, order.id, blanket_order_id, blanket.authors)
    await tx.flush()
    return order, draft, amounts
