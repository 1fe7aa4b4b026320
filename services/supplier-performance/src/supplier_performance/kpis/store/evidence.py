"""The facts behind a figure, and what each adds to it; those that were excluded, with why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Subquery, Text, and_, case, false, func, literal, null, or_, select, tuple_

from purveyor.db import Transaction
from purveyor.sql import Statement
from supplier_performance.deliveries.store import told as orders
from supplier_performance.deliveries.store.judged import ALL_SUPPLIERS
from supplier_performance.facts.rules import Kind
from supplier_performance.facts.store.kinds import SOURCES
from supplier_performance.kpis.rules.checks import named_by
from supplier_performance.kpis.rules.grammar import ConcentrationOf, DistinctOf
from supplier_performance.kpis.store import compiled
from supplier_performance.kpis.store.figures import SPLIT, Counting, within


@dataclass(frozen=True, slots=True)
class CountedFact:
    """A fact, with what it adds above and below a figure's bar."""

    kind: str
    name: str
    """What its kind names it by, in one text; of a figure with two kinds, behind the side that it is of."""
    happened: date
    currency: str | None
    unit: str | None
    numerator: Decimal | None
    denominator: Decimal | None
    exclusion: int | None
    """Which exclusion has taken it out."""
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """An event that a judged order rests on."""

    order_id: UUID
    event_id: UUID
    type: str
    sequence: int
    known_at: datetime
    business_date: date | None


OF_ORDERS = Statement(
    OrderEvent,
    """
    SELECT order_id, event_id, type, sequence, recorded_at AS known_at, business_date
    FROM {events} AS event
    JOIN unnest(:order_id::uuid[], :judged_on::date[]) AS asked (order_id, judged_on) USING (order_id)
    WHERE coalesce(business_date <= judged_on, true)
    ORDER BY order_id, sequence
    """,
    events=orders.EVENTS,
)


async def facts(
    tx: Transaction, of: Counting, asked: Mapping[str, Any], after: Sequence[Any] | None, limit: int
) -> list[CountedFact]:
    """Return a page of the facts that a figure is of, or that were excluded, by their days.

    Where the denominator is of other facts, those of both sides are named by their side.
    """
    lower = of.definition.below
    if lower is None:
        return await _page(tx, of, asked, after, limit)
    whose = ALL_SUPPLIERS if of.definition.over_all_suppliers else of.whose
    found = await _page(tx, replace(of, definition=of.definition.above), asked, after, limit, "above/")
    for fact in await _page(tx, replace(of, definition=lower, whose=whose), asked, after, limit, "below/"):
        found.append(replace(fact, numerator=None, denominator=fact.numerator))
    return sorted(found, key=lambda fact: (fact.happened, fact.name))[:limit]


async def _page(
    tx: Transaction,
    of: Counting,
    asked: Mapping[str, Any],
    after: Sequence[Any] | None,
    limit: int,
    side: str = "",
) -> list[CountedFact]:
    source = SOURCES[of.definition.of]
    relation = source.relation(of.versions, of.whose)
    counted = _counted(of, relation, source.kind, side)
    order = (counted.c.happened_, counted.c.name_)
    statement = select(counted).order_by(*order).limit(limit)
    if after is not None:
        day, name = after
        statement = statement.where(
            tuple_(*order) > tuple_(literal(day, Date()), literal(name, Text()).collate("C"))
        )
    return await Statement(partial(_row, of.definition.of), statement).all(tx.connection, asked)


def _counted(of: Counting, facts: Subquery, kind: Kind, side: str) -> Subquery:
    definition = of.definition
    split = named_by(definition, kind)
    adds = compiled.above(definition, facts), compiled.below(definition, facts)
    above, below = compiled.weighed(definition, facts, *adds, [facts.c[one] for one in split])
    exclusions = compiled.excluded(definition, facts)
    counted = compiled.population(definition, facts)
    key = func.concat_ws("/", *(facts.c[one] for one in kind.key), type_=Text())
    name = func.concat(literal(side, Text()), key, type_=Text()).collate("C")
    which = case(*((one, number) for number, one in enumerate(exclusions))) if exclusions else null()
    statement = select(
        name.label("name_"),
        facts.c[kind.happened].label("happened_"),
        *((facts.c[one] if one in split else null()).label(f"{one}_") for one in SPLIT),
        _each(definition.numerator, above).label("above_"),
        (below if definition.denominator is None else _each(definition.denominator, below)).label("below_"),
        which.label("exclusion_"),
        *facts.c,
    )
    of_figure = or_(above.is_not(None), below.is_not(None), and_(counted, or_(false(), *exclusions)))
    if isinstance(definition.numerator, ConcentrationOf):
        # What each adds depends on all of them: it is added up before any is left out.
        every = within(statement, facts, of).subquery("every")
        return (
            select(every)
            .where(or_(every.c.above_.is_not(None), every.c.exclusion_.is_not(None)))
            .subquery("counted")
        )
    return within(statement, facts, of).where(of_figure).subquery("counted")


async def events_of_orders(tx: Transaction, found: Sequence[CountedFact]) -> list[OrderEvent]:
    """Return the events of orders until the days on which they are judged."""
    asked = {name: [fact.columns[name] for fact in found] for name in ("order_id", "judged_on")}
    return await OF_ORDERS.all(tx.connection, asked)


def _each(aggregate: Any, added: Any) -> Any:
    """Return what each fact adds; of different values, the first fact that has one."""
    if not isinstance(aggregate, DistinctOf):
        return added
    first = func.row_number().over(partition_by=added) == 1
    return case((and_(added.is_not(None), first), 1), (added.is_not(None), 0))


def _row(kind: str, /, **columns: Any) -> CountedFact:
    own = {name: value for name, value in columns.items() if not name.endswith("_")}
    return CountedFact(
        kind=kind,
        name=columns["name_"],
        happened=columns["happened_"],
        currency=columns["currency_"],
        unit=columns["unit_"],
        numerator=columns["above_"],
        denominator=columns["below_"],
        exclusion=columns["exclusion_"],
        columns=own,
    )
