"""Measures of suppliers over the lines promised in a window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from purveyor import policies
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.policies import Policy
from supplier_performance.deliveries.rules import Measure, Measures, OnTime, Question, RollingWindow, Window
from supplier_performance.deliveries.store import bought as bought_lines
from supplier_performance.deliveries.store import evidence, passing
from supplier_performance.deliveries.store import measures as counted
from supplier_performance.deliveries.store.bought import Bought
from supplier_performance.deliveries.store.evidence import JudgedLine, LineEvent, OfLine
from supplier_performance.deliveries.store.passing import Moved
from supplier_performance.suppliers import store as suppliers
from supplier_performance.suppliers.rules import SupplierName

ON_TIME = Policy(
    "on-time",
    OnTime,
    "Until when a line is on time; lines promised from a version's first day on are judged by it",
    frozenset({"category", "business_unit"}),
)
ROLLING_WINDOW = Policy("rolling-window", RollingWindow, "How far back a supplier is judged")


async def rolling_window(tx: Transaction, last: date | None = None) -> Window:
    """Return the rolling window that ends on a day, by default today, as long as it was on that day."""
    last = last or tx.day
    history = await policies.history(tx, ROLLING_WINDOW)
    return Window.rolling(last, history.in_force(last).value.days)


async def versions_in_force(tx: Transaction, on: date) -> dict[str, int]:
    """Return the versions that measure on a day: of graces, which differ by line, the newest begun."""
    graces = await policies.history(tx, ON_TIME)
    window = await policies.history(tx, ROLLING_WINDOW)
    return {ON_TIME.name: graces.newest(on), ROLLING_WINDOW.name: window.in_force(on).number}


async def measures(
    tx: Transaction, question: Question, supplier_ids: Sequence[UUID] | None = None
) -> dict[UUID, Measures]:
    """Return the measures of these suppliers (of all when None); suppliers without lines are left out."""
    of = None if supplier_ids is None else await suppliers.counted_as(tx, supplier_ids)
    if of == []:
        return {}
    return await counted.measures(tx, question, await policies.history(tx, ON_TIME), of)


async def measures_of(tx: Transaction, question: Question, supplier_id: UUID) -> Measures:
    """Return one supplier's measures."""
    found = await measures(tx, question, [supplier_id])
    return found.get(supplier_id, Measures())


async def measures_by_month(tx: Transaction, question: Question, supplier_id: UUID) -> dict[date, Measures]:
    """Return one supplier's measures by the first day of each month in which lines were promised."""
    of = await suppliers.counted_as(tx, [supplier_id])
    return await counted.measures_by_month(tx, question, await policies.history(tx, ON_TIME), of)


async def lines_that_count(
    tx: Transaction,
    question: Question,
    supplier_id: UUID,
    measure: Measure,
    after: tuple[object, ...] | None,
    limit: int,
) -> list[JudgedLine]:
    """Return a supplier's lines that count for a measure, by promised date, with what each contributes."""
    graces = await policies.history(tx, ON_TIME)
    of = await suppliers.counted_as(tx, [supplier_id])
    return await evidence.lines(tx, question, graces, of, measure, after, limit)


async def events_of(tx: Transaction, lines: Sequence[OfLine]) -> list[LineEvent]:
    """Return the events that judged lines rest on, by order and number."""
    return await evidence.events(tx, lines)


async def suppliers_moved_by(tx: Transaction, business_date: date) -> list[Moved]:
    """Return whose figures a business date moves by itself, each with its beginning at the site."""
    window = (await policies.history(tx, ROLLING_WINDOW)).in_force(business_date).value
    return await passing.moved_by(tx, business_date, window.days, await policies.history(tx, ON_TIME))


async def visible_supplier(tx: Transaction, by: Principal, supplier_id: UUID) -> SupplierName:
    """Return a supplier; raises NotFoundError when it is unknown or the caller is another supplier.

    One that has lines is known even before sourcing has said who it is.
    """
    if by.may_see_supplier(supplier_id):
        supplier = (await suppliers.names(tx, [supplier_id]))[supplier_id]
        if supplier.name is not None or await evidence.has_lines(tx, supplier_id):
            return supplier
    raise NotFoundError("supplier", supplier_id)


async def bought(tx: Transaction, window: Window, supplier_ids: Sequence[UUID] | None) -> list[Bought]:
    """Return how many lines of each category are promised in a window, of these suppliers, or of all."""
    of = None
    if supplier_ids is not None:
        of = [one.supplier_id for one in await suppliers.counted_as(tx, supplier_ids)]
    return await bought_lines.lines(tx, window, of)


async def suppliers_with_lines(tx: Transaction) -> list[UUID]:
    """Return every supplier that anything was ordered from."""
    return await bought_lines.with_lines(tx)


async def first_promised(tx: Transaction) -> date | None:
    """Return the first day on which anything was promised; None where nothing ever was."""
    return await bought_lines.first_promised(tx)


async def orders_within(tx: Transaction, supplier_id: UUID, ranges: Sequence[tuple[date, date]]) -> int:
    """Return how many orders of a supplier were made on days within any of the ranges."""
    return await bought_lines.orders_within(tx, supplier_id, ranges) if ranges else 0


async def has_line(tx: Transaction, supplier_id: UUID, order_id: UUID, line_number: int) -> bool:
    """Whether a line is one of a supplier, or of one that was merged into it."""
    return await evidence.has_line(tx, supplier_id, order_id, line_number)


async def has_lines(tx: Transaction, supplier_id: UUID) -> bool:
    """Whether anything was ordered of a supplier, or of one that was merged into it."""
    for one in await suppliers.counted_as(tx, [supplier_id]):
        if await evidence.has_lines(tx, one.supplier_id):
            return True
    return False
