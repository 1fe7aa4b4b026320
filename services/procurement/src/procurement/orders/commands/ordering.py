"""Ordering what was requested: lines of several requisitions become one order a supplier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.orders.commands.orders import create_order
from procurement.orders.model import order_number
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from procurement.orders.rules.requested import charged_to, repointed
from procurement.orders.rules.states import OrderState
from procurement.orders.store import rows
from procurement.requisitions import store as requisitions
from procurement.requisitions.commands.ordering import Ordering, Taken, check_orderable, take
from procurement.requisitions.model import Requisition, RequisitionLine
from procurement.suppliers import store as suppliers
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError


@dataclass(frozen=True, slots=True)
class WantedLine:
    """How much of a requested line is ordered, and what the buyer says otherwise than it does."""

    requisition_id: UUID
    line_number: int
    quantity: Decimal | None
    """All that is open, where it is left out."""
    supplier_id: UUID | None
    item: str | None
    price: Decimal | None
    price_base_quantity: Decimal | None
    promised_on: date | None
    tax_code: str | None


@dataclass(frozen=True, slots=True)
class Drafted:
    """An order that was drafted, with what its lines come to."""

    order: OrderState
    draft: DraftOrder
    amounts: list[Decimal]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A line that was named, where it was, and what is requested with it."""

    place: int
    wanted: WantedLine
    requisition: Requisition
    line: RequisitionLine
    quantity: Decimal
    supplier_id: UUID


async def order_requested(tx: Transaction, wanted: Sequence[WantedLine]) -> list[Drafted]:
    """Draft orders of requested lines: one for each supplier, site, business unit and currency.

    Suppliers are locked before requisitions, and those in the order of their ids: nobody waits in a circle,
    and of two who want the last of a line one gets it. Who wrote the requisitions is an author of the orders;
    → RequisitionOrdered of each requisition and order.
    """
    seen = await requisitions.suggested(tx, {one.requisition_id for one in wanted})
    named = {one.supplier_id or seen.get((one.requisition_id, one.line_number)) for one in wanted}
    for supplier_id in sorted(one for one in named if one is not None):
        await suppliers.lock_seller(tx, supplier_id)
    found = await requisitions.lock_all(tx, {one.requisition_id for one in wanted})
    chosen = _chosen(wanted, found)
    check_orderable(found, [(one.requisition.id, one.line.line_number, one.quantity) for one in chosen])
    together: dict[tuple[str, ...], list[_Chosen]] = defaultdict(list)
    for one in chosen:
        of = one.requisition
        together[str(one.supplier_id), one.line.site, of.business_unit, of.currency].append(one)
    return [await _order(tx, found, group) for group in together.values()]


def _chosen(wanted: Sequence[WantedLine], found: Mapping[UUID, Requisition]) -> list[_Chosen]:
    chosen, problems = [], []
    for place, one in enumerate(wanted):
        requisition = found.get(one.requisition_id)
        if requisition is None:
            raise NotFoundError("requisition", one.requisition_id)
        line = requisition.line(one.line_number)
        supplier_id = one.supplier_id or line.supplier_id
        if supplier_id is None:
            problems.append(FieldError(f"/lines/{place}/supplier_id", "name one: none was suggested"))
        elif not (quantity := line.open_quantity if one.quantity is None else one.quantity):
            problems.append(FieldError(f"/lines/{place}/quantity", "nothing of it is open"))
        else:
            chosen.append(_Chosen(place, one, requisition, line, quantity, supplier_id))
    if problems:
        raise InvalidError(
            "requisition_exceeded", "More than may be ordered of what was approved.", errors=problems
        )
    return chosen


async def _order(tx: Transaction, found: Mapping[UUID, Requisition], group: Sequence[_Chosen]) -> Drafted:
    first = group[0]
    cost_centre, project = charged_to(one for each in group for one in each.line.assignments)
    draft = DraftOrder(
        supplier_id=first.supplier_id,
        currency=first.requisition.currency,
        site=first.line.site,
        business_unit=first.requisition.business_unit,
        cost_centre=cost_centre,
        project=project,
        ordered_on=None,
        lines=tuple(_line(number, one) for number, one in enumerate(group, start=1)),
    )
    try:
        order, draft, amounts = await create_order(tx, draft)
    except InvalidError as error:
        raise repointed(error, dict(enumerate(one.place for one in group))) from error
    authors = sorted({author for one in group for author in one.requisition.authors})
    await rows.name_requisitions(tx, order.id, authors)
    named = Ordering(order.id, order_number(order.serial_number), order.supplier_id)
    taken = [
        Taken(one.requisition.id, one.line.line_number, number, one.quantity)
        for number, one in enumerate(group, start=1)
    ]
    await take(tx, found, named, taken)
    return Drafted(replace(order, from_requisitions=True), draft, amounts)


def _line(number: int, one: _Chosen) -> DraftLine:
    """Return what is ordered of a requested line; what is no item goes by the number of the requisition."""
    wanted, line = one.wanted, one.line
    item = line.item or wanted.item or f"{one.requisition.number}-{line.line_number}"
    price, base = wanted.price, wanted.price_base_quantity
    return DraftLine(
        line_number=number,
        item=item,
        description=line.description,
        category=line.category,
        quantity=one.quantity,
        unit=line.unit,
        price=line.price if price is None else price,
        price_base_quantity=line.price_base_quantity if price is None else base or Decimal(1),
        promised_on=wanted.promised_on or line.need_by,
        tax_code=wanted.tax_code,
    )
