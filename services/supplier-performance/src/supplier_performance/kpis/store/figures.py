"""The figures of a KPI: one a group of facts, currency and unit of measure, and those of other suppliers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    cast,
    func,
    literal,
    not_,
    null,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import array

from purveyor.db import Transaction
from purveyor.sql import Statement
from supplier_performance.deliveries.store.judged import Whose
from supplier_performance.facts.store.kinds import SOURCES
from supplier_performance.kpis.rules.checks import named_by
from supplier_performance.kpis.rules.grammar import Definition, PercentileOf
from supplier_performance.kpis.rules.kpi import COLUMNS, PERIODS, By, Scope
from supplier_performance.kpis.store import compiled

QUARTILES = (("lower_quartile", "0.25"), ("median", "0.5"), ("upper_quartile", "0.75"))
SPLIT = ("currency", "unit")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a group of facts, with what it is the quotient of; of a percentile only how many."""

    key: str
    currency: str | None
    unit: str | None
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    facts: int
    """How many facts there are in the group, of the figure or not."""
    excluded: list[int]
    """How many each exclusion has taken out."""
    sample: int
    """How many facts the figure is of: those that count below the bar, or at all where nothing is divided."""


@dataclass(frozen=True, slots=True)
class Peers:
    """What suppliers' figures of a group are: quarters of them are no more than each of the quartiles."""

    key: str
    currency: str | None
    unit: str | None
    suppliers: int
    lower_quartile: Decimal | None
    median: Decimal | None
    upper_quartile: Decimal | None


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted: a definition, over the facts of some suppliers within a scope, by something."""

    definition: Definition
    versions: int
    whose: Whose
    scope: Scope
    by: By | None = None


async def figures(
    tx: Transaction, of: Counting, asked: Mapping[str, Any], after: Sequence[object] | None, limit: int
) -> list[Figure]:
    """Return a page of the figures that facts make, by their groups' keys."""
    found = grouped(of.definition, added(of), "key").subquery("found")
    order = [func.coalesce(found.c[name], "").collate("C") for name in ("key", *SPLIT)]
    statement = select(found).order_by(*order).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(*order) > tuple_(*(literal(one, Text()) for one in after)))
    return await Statement(Figure, statement).all(tx.connection, asked)


async def peers(
    tx: Transaction, of: Counting, asked: Mapping[str, Any], keys: Collection[str]
) -> list[Peers]:
    """Return what the figures of all suppliers are in these groups; by supplier there is one group of all."""
    facts = added(of)
    key: ColumnElement[Any] = facts.c.key
    if of.by is By.SUPPLIER:
        key = literal("", Text())
    each = grouped(of.definition, facts, "supplier_id", key.label("group")).subquery("each")
    statement = select(
        each.c.group.label("key"),
        *(each.c[name] for name in SPLIT),
        func.count(each.c.value).label("suppliers"),
        *(
            func.percentile_disc(literal(float(part))).within_group(each.c.value).label(name)
            for name, part in QUARTILES
        ),
    )
    statement = statement.where(each.c.group == func.any(literal(list(keys), ARRAY(Text))))
    statement = statement.group_by(each.c.group, *(each.c[name] for name in SPLIT))
    return await Statement(Peers, statement).all(tx.connection, asked)


def added(of: Counting, facts: Subquery | None = None) -> Subquery:
    """Return the facts asked about, each with its group and what it adds above and below the bar.

    `facts` are the kind's where several definitions are of the same ones.
    """
    source = SOURCES[of.definition.of]
    if facts is None:
        facts = source.relation(of.versions, of.whose)
    split = named_by(of.definition, source.kind)
    counted = compiled.population(of.definition, facts)
    excluded = [and_(counted, one) for one in compiled.excluded(of.definition, facts)]
    statement = select(
        func.coalesce(_key(of.by, facts, source.kind.happened), "").label("key"),
        cast(facts.c.supplier_id, Text).label("supplier_id"),
        *((facts.c[name] if name in split else null()).label(name) for name in SPLIT),
        compiled.above(of.definition, facts).label("above"),
        compiled.below(of.definition, facts).label("below"),
        *(one.label(f"excluded_{number}") for number, one in enumerate(excluded)),
        not_(compiled.counts(of.definition, facts)).label("excludes"),
    )
    return within(statement, facts, of.scope).subquery("fact")


def within(statement: Select[Any], facts: Subquery, scope: Scope) -> Select[Any]:
    """Return a statement over the facts of a scope."""
    return statement.where(*(facts.c[name] == literal(value, Text()) for name, value in scope.named.items()))


def _key(by: By | None, facts: Subquery, happened: str) -> ColumnElement[str]:
    if by is None:
        return literal("", Text())
    if by in PERIODS:
        return func.to_char(facts.c[happened], literal(PERIODS[by], Text()), type_=Text())
    return cast(facts.c[COLUMNS[by]], Text)


def grouped(definition: Definition, facts: Subquery, *keys: str | ColumnElement[Any]) -> Select[Any]:
    """Return the figure of each group of facts; of facts with the same keys, currency and unit."""
    above = compiled.total(definition.numerator, facts.c.above)
    below = compiled.divisor(definition, facts.c.below)
    excluded: list[ColumnElement[int]] = [
        func.count().filter(facts.c[f"excluded_{number}"]) for number in range(len(definition.exclusions))
    ]
    grouped = [facts.c[key] if isinstance(key, str) else key for key in keys]
    is_sum = not isinstance(definition.numerator, PercentileOf)
    statement = select(
        *grouped,
        *(facts.c[name] for name in SPLIT),
        compiled.figure(definition, above, below).label("value"),
        (above if is_sum else null()).label("numerator"),
        below.label("denominator"),
        func.count().label("facts"),
        array(list[Any](excluded), type_=Integer()).label("excluded"),
        compiled.sample(definition, facts.c.below, facts.c.excludes).label("sample"),
    )
    return statement.group_by(*grouped, *(facts.c[name] for name in SPLIT))
