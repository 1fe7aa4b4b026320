"""Orders and their lines as rows: inserted, looked up, flagged and locked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update

from procurement.items import store as items
from procurement.items.rules.ordering import Known
from procurement.orders.model import (
    ADJUSTMENTS,
    STATED,
    TAX_RATES,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderSchedule,
)
from procurement.orders.rules.amounts import order_total, tax_codes
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from procurement.orders.rules.schedules import Schedule
from procurement.orders.rules.states import OrderState
from procurement.organisation import store as organisation
from procurement.organisation.rules import Named
from procurement.sites import store as sites
from procurement.suppliers import store as suppliers
from procurement.taxes import store as taxes
from procurement.taxes.rules import TaxRate
from procurement.terms import store as terms
from procurement.terms.rules.ordering import NamedTerms
from purveyor.db import Transaction, new_id
from purveyor.duties import with_author
from purveyor.sql import Statement, columnwise, unnest

LINE = [PurchaseOrderLine.__table__.c[name] for name in (*STATED, "amount")]
"""What a line says, in whatever order: a field that is added to both classes is written and read here."""
SCHEDULE = [PurchaseOrderSchedule.__table__.c[name] for name in ("line_number", *Schedule.__slots__)]
STATE = [PurchaseOrder.__table__.c[field.name] for field in fields(OrderState)]


@dataclass(frozen=True, slots=True)
class Inserted:
    """An order as it was inserted, what its site says, and what else it names is."""

    order: OrderState
    today: date
    time_zone: str
    supplier_status: str
    status_reason: str | None
    site_from: date | None
    site_to: date | None
    named: Named
    terms: NamedTerms
    items: Mapping[str, Known]
    tax_rates: tuple[TaxRate, ...]


@dataclass(frozen=True, slots=True)
class Flagged:
    """An order whose flag has changed, and what it says now."""

    id: UUID
    flag_reason: str | None


def _inserted(known: Mapping[str, Any] | None, tax_rates: Any, **columns: Any) -> Inserted:
    order = OrderState(**{column.key: columns.pop(column.key) for column in STATE})
    named = Named(**{name: columns.pop(f"named_{name}") for name in Named.__slots__})
    agreed = NamedTerms(**{name: columns.pop(name) for name in NamedTerms.__slots__})
    return Inserted(
        order,
        named=named,
        terms=agreed,
        items=items.known_items(known),
        tax_rates=TAX_RATES.read(tax_rates),
        **columns,
    )


INSERT = Statement(
    _inserted,
    """
    WITH seller AS ({seller}), place AS ({place}), new AS (
      INSERT INTO purchase_order (
        id, version, sequence, status, supplier_id, currency, total, site, business_unit, cost_centre,
        ordered_on, payment_terms, incoterm, delivery_place, project, allowances, charges, tax_rates,
        created_by, authors, created_at, flag_reason, flagged_at)
      SELECT :id, 1, 0, :status, seller.id, :currency, :total, place.code, :business_unit,
             :cost_centre, coalesce(:ordered_on, place.today), :payment_terms, :incoterm, :delivery_place,
             :project, :allowances, :charges, ({tax_rates}),
             :actor, ARRAY[:actor], :now, seller.flag_reason, seller.flagged_at
      FROM seller, place
      RETURNING {state}, tax_rates
    ), lines AS (
      INSERT INTO purchase_order_line (order_id, {line}) SELECT new.id, line.* FROM new, {lines} AS line
    ), schedules AS (
      INSERT INTO purchase_order_schedule (order_id, {schedule})
      SELECT new.id, schedule.* FROM new, {schedules} AS schedule
    )
    SELECT new.*, place.today, place.time_zone, place.valid_from AS site_from, place.valid_to AS site_to,
           seller.status AS supplier_status, seller.status_reason, {of_named}, terms.*, items.known
    FROM new, seller, place, ({named}) AS named, ({terms}) AS terms, ({items}) AS items
    """,
    seller=suppliers.SELLER.format(supplier_id=":supplier_id"),
    place=sites.PLACE.format(code=":site"),
    items=items.ORDERED.format(codes=":line_item"),
    named=organisation.NAMED.format(
        business_unit=":business_unit", cost_centre=":cost_centre", project=":project"
    ),
    of_named=", ".join(f"named.{name} AS named_{name}" for name in Named.__slots__),
    terms=terms.NAMED.format(payment_terms=":payment_terms"),
    tax_rates=taxes.RATES.format(codes=":tax_codes", day="coalesce(:ordered_on, place.today)"),
    state=", ".join(column.key for column in STATE),
    line=", ".join(column.key for column in LINE),
    lines=unnest(LINE, "line_"),
    schedule=", ".join(column.key for column in SCHEDULE),
    schedules=unnest(SCHEDULE, "schedule_"),
)


FLAG = Statement(
    Flagged,
    """
    WITH seller AS ({seller})
    UPDATE purchase_order AS o
    SET flag_reason = seller.flag_reason, flagged_at = seller.flagged_at, version = version + 1
    FROM seller
    WHERE o.supplier_id = seller.id AND o.flag_reason IS DISTINCT FROM seller.flag_reason
      AND (seller.flag_reason IS NULL OR o.status = ANY(:open))
    RETURNING o.id, o.flag_reason
    """,
    seller=suppliers.SELLER.format(supplier_id=":supplier_id"),
)


AWAITED = """
SELECT o.id AS order_id, o.supplier_id, o.site, o.business_unit, o.current_version AS version,
       (coalesce(o.amended_at, o.issued_at) AT TIME ZONE place.time_zone)::date AS issued_on, place.today
FROM purchase_order AS o CROSS JOIN LATERAL ({place}) AS place
WHERE o.status = ANY(:awaited) AND o.acknowledged_on IS NULL AND NOT o.imported
"""
"""The versions in force that suppliers have not accepted, of orders in a status of `awaited`.

Who composes it has the site as `place`.
"""


async def insert(
    tx: Transaction, draft: DraftOrder, amounts: Sequence[Decimal], *, status: str
) -> Inserted | None:
    """Insert an order with its lines, ordered today at the site unless it says when.

    None when the supplier or the site is unknown.
    """
    return await INSERT.one_or_none(
        tx.connection,
        draft,
        columnwise(draft.lines, STATED, "line_"),
        adjusted(draft.lines),
        scheduled(draft.lines),
        allowances=ADJUSTMENTS.write(draft.allowances),
        charges=ADJUSTMENTS.write(draft.charges),
        tax_codes=[code for _, code in tax_codes(draft) if code],
        line_amount=list(amounts),
        id=new_id(),
        status=status,
        total=order_total(draft, amounts),
        actor=tx.actor,
        now=tx.now,
    )


def adjusted(lines: Sequence[DraftLine]) -> dict[str, list[Any]]:
    """Return the allowances and charges of lines as arrays; most have none."""
    return {
        "line_allowances": [ADJUSTMENTS.write(line.allowances) for line in lines],
        "line_charges": [ADJUSTMENTS.write(line.charges) for line in lines],
    }


def scheduled(lines: Sequence[DraftLine]) -> dict[str, list[Any]]:
    """Return the schedules of lines as arrays, each with its line's number; most orders have none."""
    schedules = [one for line in lines for one in line.schedules]
    return columnwise(schedules, Schedule.__slots__, "schedule_") | {
        "schedule_line_number": [line.line_number for line in lines for _ in line.schedules]
    }


async def flag(tx: Transaction, supplier_id: UUID, open_statuses: Collection[str]) -> list[Flagged]:
    """Give a supplier's open orders its flag, or take it off all of them; return those that it concerned."""
    return await FLAG.all(tx.connection, supplier_id=supplier_id, open=open_statuses, now=tx.now)


def visible_to(supplier_id: UUID | None) -> Select[PurchaseOrder]:
    """Select orders; of a supplier (None: of all), its own once they were issued."""
    orders = select(PurchaseOrder)
    if supplier_id is None:
        return orders
    return orders.where(PurchaseOrder.supplier_id == supplier_id, PurchaseOrder.issued_at.is_not(None))


async def name_blanket_order(
    tx: Transaction, order_id: UUID, blanket_order_id: UUID, authors: Sequence[str]
) -> None:
    """Let a draft that was just inserted be a call-off of a blanket order, whose authors wrote its prices."""
    named = update(PurchaseOrder).where(PurchaseOrder.id == order_id)
    await tx.session.execute(
        named.values(blanket_order_id=blanket_order_id, authors=with_author(authors, tx.actor))
    )


async def name_requisitions(tx: Transaction, order_id: UUID, authors: Sequence[str]) -> None:
    """Let a draft that was just inserted order of requisitions, whose authors wrote what it orders."""
    named = update(PurchaseOrder).where(PurchaseOrder.id == order_id)
    await tx.session.execute(named.values(from_requisitions=True, authors=with_author(authors, tx.actor)))


async def supplier_of(tx: Transaction, order_id: UUID) -> UUID | None:
    """Return whose order it is, which never changes once it was issued; None when there is none."""
    return await tx.session.scalar(select(PurchaseOrder.supplier_id).where(PurchaseOrder.id == order_id))


async def receivers_of(tx: Transaction, order_id: UUID) -> Sequence[str]:
    """Return who received goods of an order that exists, or took them back."""
    wanted = select(PurchaseOrder.receivers).where(PurchaseOrder.id == order_id)
    return (await tx.session.scalars(wanted)).one()


async def lock(tx: Transaction, order_id: UUID, supplier_id: UUID | None = None) -> PurchaseOrder | None:
    """Lock an order that a supplier (None: anybody) may see, to change it."""
    statement = visible_to(supplier_id).where(PurchaseOrder.id == order_id).with_for_update()
    return (await tx.session.scalars(statement)).one_or_none()
