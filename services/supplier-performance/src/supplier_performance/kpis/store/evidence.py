"""The facts behind a figure, and what each adds to it; those that were excluded, with why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Subquery, Text, and_, case, false, func, literal, null, or_, select, tuple_

from purveyor.db import Transaction
from purveyor.sql import Statement
from supplier_performance.facts.rules import Kind
from supplier_performance.facts.store.kinds import SOURCES
from supplier_performance.kpis.rules.checks import named_by
from supplier_performance.kpis.rules.grammar import DistinctOf
from supplier_performance.kpis.store import compiled
from supplier_performance.kpis.store.figures import SPLIT, Counting, within


@dataclass(frozen=True, slots=True)
class CountedFact:
    """A fact, with what it adds above and below a figure's bar."""

    name: str
    """What its kind names it by, in one text."""
    happened: date
    currency: str | None
    unit: str | None
    numerator: Decimal | None
    denominator: Decimal | None
    exclusion: int | None
    """Which exclusion has taken it out."""
    columns: Mapping[str, Any]


async def facts(
    tx: Transaction, of: Counting, asked: Mapping[str, Any], after: Sequence[Any] | None, limit: int
) -> list[CountedFact]:
    """Return a page of the facts that a figure is of, or that were excluded, by their days."""
    source = SOURCES[of.definition.of]
    relation = source.relation(of.versions, of.whose)
    counted = _counted(of, relation, source.kind)
    order = (counted.c.happened_, counted.c.name_)
    statement = select(counted).order_by(*order).limit(limit)
    if after is not None:
        day, name = after
        statement = statement.where(
            tuple_(*order) > tuple_(literal(day, Date()), literal(name, Text()).collate("C"))
        )
    return await Statement(_row, statement).all(tx.connection, asked)


def _counted(of: Counting, facts: Subquery, kind: Kind) -> Subquery:
    definition = of.definition
    above, below = compiled.above(definition, facts), compiled.below(definition, facts)
    exclusions = compiled.excluded(definition, facts)
    counted = compiled.population(definition, facts)
    split = named_by(definition, kind)
    name = func.concat_ws("/", *(facts.c[one] for one in kind.key), type_=Text()).collate("C")
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
    return within(statement, facts, of.scope).where(of_figure).subquery("counted")


def _each(aggregate: Any, added: Any) -> Any:
    """Return what each fact adds; of different values, the first fact that has one."""
    if not isinstance(aggregate, DistinctOf):
        return added
    first = func.row_number().over(partition_by=added) == 1
    return case((and_(added.is_not(None), first), 1), (added.is_not(None), 0))


def _row(**columns: Any) -> CountedFact:
    own = {name: value for name, value in columns.items() if not name.endswith("_")}
    return CountedFact(
        name=columns["name_"],
        happened=columns["happened_"],
        currency=columns["currency_"],
        unit=columns["unit_"],
        numerator=columns["above_"],
        denominator=columns["below_"],
        exclusion=columns["exclusion_"],
        columns=own,
    )
