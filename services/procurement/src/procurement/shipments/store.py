"""Shipments as rows: found, locked after their orders, and what of them is overdue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import selectinload

from procurement.orders.rules.states import BINDING
from procurement.orders.store import shipping
from procurement.promises import store as promises
from procurement.shipments.model import (
    DayBegun,
    OverdueDelivery,
    Shipment,
    ShipmentLine,
    shipment_number,
)
from procurement.shipments.rules.numbers import Sent, Thing
from procurement.shipments.rules.overdue import OnItsWay, Overdue
from procurement.shipments.rules.states import ShipmentStatus
from procurement.sites import store as sites
from purveyor.db import Transaction
from purveyor.sql import Statement, only

WHOLE = (
    selectinload(Shipment.lines),
    selectinload(Shipment.packages),
    selectinload(Shipment.delays),
)

LOCK_REFERENCE: Statement[None] = Statement(
    lambda **_: None, "SELECT pg_advisory_xact_lock(hashtextextended('shipment ' || :key, 0)) AS locked"
)

BEGIN_DAYS: Statement[None] = Statement(
    lambda **_: None,
    """
    INSERT INTO day_begun (site, day, begins_at)
    SELECT day.site, :day::date, day.begins_at FROM ({days}) AS day
    ON CONFLICT (site, day) DO UPDATE SET looked_through = NULL
    """,
    days=sites.DAYS,
)

UNTOLD = """NOT EXISTS (
      SELECT FROM overdue_delivery AS told
      WHERE told.order_id = due.order_id AND told.line_number = due.line_number AND told.due_on = due.due_on
    )"""

FIND_OVERDUE: Statement[UUID] = Statement(
    only,
    """
    SELECT DISTINCT due.order_id FROM (
      SELECT order_id, line_number, due_on FROM ({open_by}) AS open
      UNION ALL
      SELECT line.order_id, line.line_number, shipment.expected_on AS due_on
      FROM shipment JOIN shipment_line AS line ON line.shipment_id = shipment.id
      WHERE shipment.status = :notified AND line.ended_as IS NULL AND shipment.site = :site
        AND shipment.expected_on < :day
    ) AS due
    WHERE due.order_id > :after AND {untold}
    ORDER BY due.order_id LIMIT :limit
    """,
    open_by=shipping.OPEN_BY.format(site=":site", day=":day", days=promises.DAYS),
    untold=UNTOLD,
)
"""Orders to a site of which something may be overdue that was not told: the rules say what is."""


OF_ONE_COMPANY = 8
"""An SSCC begins with an extension digit and the GS1 company prefix, which has seven digits at least."""

LOCK_NUMBERS: Statement[None] = Statement(
    lambda **_: None,
    """
    SELECT pg_advisory_xact_lock(hashtextextended('shipped ' || key, 0)) AS locked
    FROM (SELECT DISTINCT key FROM unnest(:keys::text[]) AS key ORDER BY key) AS named
    """,
)


def _sent(number: str, serial_number: int, supplier_id: UUID) -> tuple[str, Sent]:
    return number, Sent(shipment_number(serial_number), supplier_id)


def _under_way(item: str, serial: str, serial_number: int, supplier_id: UUID) -> tuple[Thing, Sent]:
    return (item, serial), Sent(shipment_number(serial_number), supplier_id)


SENT_PACKAGES = Statement(
    _sent,
    """
    SELECT package.sscc AS number, shipment.serial_number, shipment.supplier_id
    FROM shipment_package AS package JOIN shipment ON shipment.id = package.shipment_id
    WHERE package.sscc = ANY(:ssccs::text[]) AND shipment.status <> :cancelled
      AND shipment.shipped_on BETWEEN :first::date AND :last::date
    """,
)
THINGS_UNDER_WAY = Statement(
    _under_way,
    """
    SELECT stated.item, stated.serial, shipment.serial_number, shipment.supplier_id
    FROM shipment_line AS line
    JOIN shipment ON shipment.id = line.shipment_id
    JOIN ({items}) AS ordered USING (order_id, line_number)
    JOIN unnest(:items::text[], :serials::text[]) AS stated (item, serial)
      ON stated.item = ordered.item AND stated.serial = ANY(line.serials)
    WHERE line.ended_as IS NULL AND line.serials && :serials::text[]
      AND (shipment.supplier_id = :supplier_id OR stated.item = ANY(:known_items::text[]))
    """,
    items=shipping.ITEMS,
)


def visible_to(supplier_id: UUID | None) -> Select[Shipment]:
    """Select shipments; of a supplier (None: of all), its own."""
    shipments = select(Shipment)
    return shipments if supplier_id is None else shipments.where(Shipment.supplier_id == supplier_id)


async def lock_reference(tx: Transaction, supplier_id: UUID, reference: str) -> Shipment | None:
    """Keep others from notifying what a supplier calls so, in whatever case; return who has before."""
    await LOCK_REFERENCE.all(tx.connection, key=f"{supplier_id} {reference.lower()}")
    return await of_reference(tx, supplier_id, reference)


async def of_reference(tx: Transaction, supplier_id: UUID, reference: str) -> Shipment | None:
    """Return what a supplier has notified under a reference, in whatever case, and not called back."""
    wanted = select(Shipment).where(
        Shipment.supplier_id == supplier_id,
        func.lower(Shipment.despatch_reference) == func.lower(reference),
        Shipment.status != ShipmentStatus.CANCELLED,
    )
    return (await tx.session.scalars(wanted)).one_or_none()


async def orders_of(tx: Transaction, shipment_id: UUID) -> list[UUID]:
    """Return which orders a shipment is of, which never changes."""
    wanted = select(ShipmentLine.order_id).where(ShipmentLine.shipment_id == shipment_id).distinct()
    return list(await tx.session.scalars(wanted))


async def lock(tx: Transaction, shipment_id: UUID, supplier_id: UUID | None = None) -> Shipment | None:
    """Lock a shipment that a supplier (None: anybody) may see, whole; its orders are locked before it."""
    wanted = visible_to(supplier_id).where(Shipment.id == shipment_id).options(*WHOLE)
    wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return (await tx.session.scalars(wanted)).one_or_none()


async def begin_days(tx: Transaction, day: date) -> None:
    """Note when a business day begins at each site."""
    await BEGIN_DAYS.all(tx.connection, day=day)


async def day_begun(tx: Transaction) -> DayBegun | None:
    """Lock a day that has begun at its site, the one that did so first; None where all were looked at."""
    wanted = select(DayBegun).where(DayBegun.begins_at <= tx.now).order_by(DayBegun.begins_at, DayBegun.site)
    return (await tx.session.scalars(wanted.limit(1).with_for_update(skip_locked=True))).one_or_none()


async def look_on(tx: Transaction, begun: DayBegun, through: UUID) -> None:
    """Note how far the orders of a site were looked at."""
    at = update(DayBegun).where(DayBegun.site == begun.site, DayBegun.day == begun.day)
    await tx.session.execute(at.values(looked_through=through))


async def end_day(tx: Transaction, begun: DayBegun) -> None:
    """Forget a day of a site: all its orders were looked at."""
    await tx.session.execute(delete(DayBegun).where(DayBegun.site == begun.site, DayBegun.day == begun.day))


async def overdue_orders(tx: Transaction, begun: DayBegun, limit: int) -> list[UUID]:
    """Return orders to a site of which something may be overdue, in the order that they are locked in."""
    return await FIND_OVERDUE.all(
        tx.connection,
        site=begun.site,
        day=begun.day,
        binding=list(BINDING),
        notified=ShipmentStatus.NOTIFIED,
        after=begun.looked_through or UUID(int=0),
        limit=limit,
    )


async def on_their_way(tx: Transaction, order_ids: Collection[UUID]) -> dict[UUID, list[OnItsWay]]:
    """Return what is under way of locked orders."""
    wanted = (
        select(ShipmentLine, Shipment.despatch_reference, Shipment.expected_on)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(ShipmentLine.order_id.in_(order_ids), ShipmentLine.ended_as.is_(None))
        .order_by(ShipmentLine.shipment_id, ShipmentLine.position)
    )
    found: dict[UUID, list[OnItsWay]] = {order_id: [] for order_id in order_ids}
    for line, reference, expected_on in await tx.session.execute(wanted):
        found[line.order_id].append(
            OnItsWay(line.shipment_id, reference, expected_on, line.line_number, line.quantity)
        )
    return found


async def told(tx: Transaction, order_id: UUID) -> set[tuple[int, date]]:
    """Return what it was told of an order that it is overdue: by line and by the day that it was due on."""
    wanted = select(OverdueDelivery.line_number, OverdueDelivery.due_on)
    rows = await tx.session.execute(wanted.where(OverdueDelivery.order_id == order_id))
    return {(row.line_number, row.due_on) for row in rows}


def tell(tx: Transaction, order_id: UUID, overdue: Sequence[Overdue], today: date) -> None:
    """Note that it is told of what is overdue."""
    tx.session.add_all(
        OverdueDelivery(
            order_id=order_id,
            line_number=late.line_number,
            due_on=late.due_on,
            told_on=today,
            told_at=tx.now,
        )
        for late in overdue
    )


async def lock_numbers(tx: Transaction, ssccs: Collection[str], items: Collection[str]) -> None:
    """Keep others from sending packages of the same companies, or single things called so, until the end."""
    keys = [f"packages {sscc[:OF_ONE_COMPANY]}" for sscc in ssccs] + [f"serials {item}" for item in items]
    await LOCK_NUMBERS.all(tx.connection, keys=keys)


async def sent_packages(tx: Transaction, ssccs: Collection[str], first: date, last: date) -> dict[str, Sent]:
    """Return which numbers of packages were sent from a day to a day, but for what was called back."""
    if not ssccs:
        return {}
    found = await SENT_PACKAGES.all(
        tx.connection, ssccs=list(ssccs), cancelled=ShipmentStatus.CANCELLED, first=first, last=last
    )
    return dict(found)


async def things_under_way(
    tx: Transaction, supplier_id: UUID, named: Sequence[Thing], known_items: Collection[str]
) -> dict[Thing, Sent]:
    """Return which single things are under way; of items that nobody defined, those of one supplier only."""
    if not named:
        return {}
    found = await THINGS_UNDER_WAY.all(
        tx.connection,
        items=[item for item, _ in named],
        serials=[serial for _, serial in named],
        supplier_id=supplier_id,
        known_items=list(known_items),
    )
    return dict(found)
