"""The figures of a KPI: one a group of facts, currency and unit of measure, and those of other suppliers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Select,
    Subquery,
    TableValuedAlias,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
    literal_column,
    not_,
    null,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import array

from purveyor.db import Transaction
from purveyor.sql import Statement
from supplier_performance.deliveries.store.judged import ALL_SUPPLIERS, Whose
from supplier_performance.facts.store.kinds import SOURCES
from supplier_performance.kpis.rules.checks import named_by
from supplier_performance.kpis.rules.grammar import Definition, PercentileOf, SpreadOf
from supplier_performance.kpis.rules.kpi import (
    COLUMNS,
    COMPANIES,
    PERIODS,
    STEPS,
    TRUNCATED,
    By,
    Rolling,
    Scope,
)
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
class SupplierFigure(Figure):
    """A figure of one supplier's facts in a group."""

    supplier_id: str


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
    categories: Sequence[str] | None = None
    """The category that is asked for, and all that lies in it."""
    rolling: Rolling | None = None
    each_category: bool = False
    """Whether each category has a group of its own, before what is asked `by`."""


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
    """Return what the figures of all suppliers are in these groups; by company there is one group of all."""
    facts = added(of, per_supplier=True)
    key: ColumnElement[Any] = facts.c.key
    if of.by in COMPANIES:
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


async def of_suppliers(tx: Transaction, of: Counting, asked: Mapping[str, Any]) -> list[SupplierFigure]:
    """Return the figures of every supplier in every group, without those that have none."""
    found = grouped(of.definition, added(of, per_supplier=True), "supplier_id", "key")
    return await Statement(SupplierFigure, found).all(tx.connection, asked)


def added(of: Counting, facts: Subquery | None = None, *, per_supplier: bool = False) -> Subquery:
    """Return the facts asked about, each with its group and what it adds above and below the bar.

    `facts` are the numerator's kind's, where several definitions are of the same ones. Where the denominator
    is of other facts, these stand below the others, and are none of the numerator's.
    """
    lower = of.definition.below
    if lower is None:
        return _side(of, of.definition, of.whose, facts, per_supplier=per_supplier).subquery("fact")
    own = _side(of, of.definition.above, of.whose, facts, per_supplier=per_supplier)
    if of.definition.over_all_suppliers:
        other = _whole(of, lower, own.subquery("own"), per_supplier=per_supplier)
    else:
        found = _side(of, lower, of.whose, per_supplier=per_supplier).subquery("other")
        other = _below(of, found, found.c.key, found.c.supplier_id, found.c.above)
    return union_all(own, other).subquery("fact")


def _side(
    of: Counting,
    definition: Definition,
    whose: Whose,
    facts: Subquery | None = None,
    *,
    per_supplier: bool,
) -> Select[Any]:
    """Return the facts of one kind, as the definition counts them."""
    source = SOURCES[definition.of]
    if facts is None:
        facts = source.relation(of.versions, whose)
    split = named_by(definition, source.kind)
    counted = compiled.population(definition, facts)
    excluded = [and_(counted, one) for one in compiled.excluded(definition, facts)]
    key, ahead, is_asked = _key(of, facts, source.kind.happened)
    if of.each_category:
        category = facts.c.category if "category" in facts.c else literal("", Text())
        key = func.concat(category, "/", key, type_=Text())
    keys = [key, *(facts.c[name] for name in split), *([facts.c.supplier_id] if per_supplier else [])]
    adds = compiled.above(definition, facts), compiled.below(definition, facts)
    above, below = compiled.weighed(definition, facts, *adds, keys)
    statement = select(
        func.coalesce(key, "").label("key"),
        cast(facts.c.supplier_id, Text).label("supplier_id"),
        *((facts.c[name] if name in split else cast(null(), Text)).label(name) for name in SPLIT),
        above.label("above"),
        cast(below, Numeric()).label("below"),
        literal(1, Integer()).label("fact"),
        *(one.label(f"excluded_{number}") for number, one in enumerate(excluded)),
        not_(compiled.counts(definition, facts)).label("excludes"),
    )
    if ahead is not None:
        statement = statement.select_from(facts.join(ahead, true())).where(is_asked)
    return within(statement, facts, of)


def _below(
    of: Counting, found: Subquery, key: Any, supplier_id: Any, adds: ColumnElement[Any]
) -> Select[Any]:
    """Return facts of the denominator as they stand below the numerator's."""
    return select(
        key,
        supplier_id,
        *(found.c[name] for name in SPLIT),
        null().label("above"),
        cast(adds, Numeric()).label("below"),
        null().label("fact"),
        *(false().label(f"excluded_{number}") for number in range(len(of.definition.exclusions))),
        true().label("excludes"),
    )


def _whole(of: Counting, lower: Definition, own: Subquery, *, per_supplier: bool) -> Select[Any]:
    """Return of each group that the numerator has facts in what the facts of all suppliers come to there."""
    by = None if of.by in COMPANIES else of.by
    everybody = replace(of, by=by)
    facts = _side(everybody, lower, ALL_SUPPLIERS, per_supplier=False).subquery("each")
    names = ("key", *SPLIT)
    total = select(*(facts.c[name] for name in names), func.sum(facts.c.above).label("adds"))
    totals = total.group_by(*(facts.c[name] for name in names)).subquery("whole")
    supplier = own.c.supplier_id if per_supplier else cast(null(), Text)
    groups = select(own.c.key, supplier.label("supplier_id"), *(own.c[name] for name in SPLIT))
    group = groups.distinct().subquery("group_of")
    same = [group.c[name].is_not_distinct_from(totals.c[name]) for name in SPLIT]
    if by is of.by:
        same.append(group.c.key == totals.c.key)
    return _below(of, group, group.c.key, group.c.supplier_id, totals.c.adds).select_from(
        group.join(totals, and_(*same))
    )


def within(statement: Select[Any], facts: Subquery, of: Counting) -> Select[Any]:
    """Return a statement over the facts that are asked about."""
    named = of.scope.named
    if of.categories is not None:
        named.pop("category")
        statement = statement.where(facts.c.category == func.any(literal(of.categories, ARRAY(Text))))
    return statement.where(*(facts.c[name] == literal(value, Text()) for name, value in named.items()))


def _key(
    of: Counting, facts: Subquery, happened: str
) -> tuple[ColumnElement[str], TableValuedAlias | None, ColumnElement[bool]]:
    """Return of which group a fact is; rolling, of how many periods, and whether those are asked for."""
    if of.by is None:
        return literal("", Text()), None, true()
    if of.by not in PERIODS:
        return cast(facts.c[COLUMNS[of.by]], Text), None, true()
    named = literal(PERIODS[of.by], Text())
    if of.rolling is None:
        return func.to_char(facts.c[happened], named, type_=Text()), None, true()
    ahead = (
        func.generate_series(0, literal(of.rolling.periods - 1, Integer()))
        .table_valued("ahead")
        .render_derived()
    )
    began = func.date_trunc(literal(TRUNCATED[of.by], Text()), cast(facts.c[happened], DateTime()))
    period = began + ahead.c.ahead * literal_column(STEPS[of.by])
    is_asked = cast(period, Date()).between(
        literal(of.rolling.first, Date()), literal(of.rolling.last, Date())
    )
    return func.to_char(period, named, type_=Text()), ahead, is_asked


def grouped(definition: Definition, facts: Subquery, *keys: str | ColumnElement[Any]) -> Select[Any]:
    """Return the figure of each group of facts; of facts with the same keys, currency and unit."""
    above = compiled.total(definition.numerator, facts.c.above)
    below = compiled.divisor(definition, facts.c.below)
    excluded: list[ColumnElement[int]] = [
        func.count().filter(facts.c[f"excluded_{number}"]) for number in range(len(definition.exclusions))
    ]
    grouped = [facts.c[key] if isinstance(key, str) else key for key in keys]
    is_sum = not isinstance(definition.numerator, PercentileOf | SpreadOf)
    if definition.below is not None:
        above = func.coalesce(above, 0)  # of facts of one side alone, the other is nothing
    statement = select(
        *grouped,
        *(facts.c[name] for name in SPLIT),
        compiled.figure(definition, above, below).label("value"),
        (above if is_sum else null()).label("numerator"),
        below.label("denominator"),
        func.count(facts.c.fact).label("facts"),
        array(list[Any](excluded), type_=Integer()).label("excluded"),
        compiled.sample(definition, facts.c.below, facts.c.excludes).label("sample"),
    )
    return statement.group_by(*grouped, *(facts.c[name] for name in SPLIT))
