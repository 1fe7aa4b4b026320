"""Definitions as expressions of SQLAlchemy over a relation of facts: no text of a definition becomes SQL.

Values of a definition are parameters, and its columns are those of a kind of fact that checks found.
A condition on what is missing is false, and its opposite true, so that every fact is on one side.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Numeric,
    Subquery,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    true,
)

from supplier_performance.kpis.rules.grammar import (
    Aggregate,
    AllHold,
    AnyHolds,
    ColumnOperand,
    Compares,
    Comparison,
    ConcentrationOf,
    Condition,
    CountOf,
    DayOperand,
    Definition,
    DistinctOf,
    IsMissing,
    IsNot,
    IsOneOf,
    IsTrue,
    MeanOf,
    Operand,
    PercentileOf,
    ShareOf,
    SpreadOf,
)

Truth = ColumnElement[bool]
Number = ColumnElement[Any]
EXACT = literal(Decimal("1.00000000000000000000"), Numeric())
"""Twenty decimals in a quotient, so that rounding is that of the exact value."""
COMPARED: Mapping[Comparison, Callable[[Any, Any], Any]] = {
    Comparison.EQUAL: operator.eq,
    Comparison.UNEQUAL: operator.ne,
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.MORE: operator.gt,
    Comparison.AT_LEAST: operator.ge,
}


def holds(condition: Condition | None, facts: Subquery) -> Truth:
    """Return whether a fact meets a condition."""
    found: Truth = true()
    match condition:
        case IsTrue(column=name):
            found = func.coalesce(facts.c[name], false())
        case IsMissing(column=name):
            found = facts.c[name].is_(None)
        case IsOneOf(column=name, values=values):
            found = func.coalesce(facts.c[name] == func.any(literal(values, ARRAY(Text))), false())
        case AllHold(conditions=conditions):
            found = and_(*(holds(one, facts) for one in conditions))
        case AnyHolds(conditions=conditions):
            found = or_(*(holds(one, facts) for one in conditions))
        case IsNot(of=inner):
            found = not_(holds(inner, facts))
        case Compares(left=left, by=by, right=right):
            found = func.coalesce(COMPARED[by](_value(left, facts), _value(right, facts)), false())
    return found


def excluded(definition: Definition, facts: Subquery) -> list[Truth]:
    """Return of each exclusion whether it is the first that a fact falls under."""
    found: list[Truth] = []
    before: list[Truth] = []
    for exclusion in definition.exclusions:
        this = holds(exclusion.where, facts)
        found.append(and_(this, *(not_(one) for one in before)))
        before.append(this)
    return found


def counts(definition: Definition, facts: Subquery) -> Truth:
    """Return whether no exclusion takes a fact out."""
    return and_(true(), *(not_(holds(one.where, facts)) for one in definition.exclusions))


def above(definition: Definition, facts: Subquery) -> Number:
    """Return what a fact adds above the bar; of a percentile, its value; null: it is not of the figure."""
    return _added(definition.numerator, definition, facts)


def below(definition: Definition, facts: Subquery) -> Number:
    """Return what a fact adds below the bar; null: it is not of the figure, or nothing is divided by."""
    if definition.denominator is not None:
        return _added(definition.denominator, definition, facts)
    match definition.numerator:
        case ShareOf(where=where):
            return case((and_(counts(definition, facts), holds(where, facts)), 1))
        case (
            MeanOf(column=name, where=where)
            | PercentileOf(column=name, where=where)
            | SpreadOf(column=name, where=where)
        ):
            measured = facts.c[name].is_not(None)
            return case((and_(counts(definition, facts), holds(where, facts), measured), 1))
    return null()


def population(definition: Definition, facts: Subquery) -> Truth:
    """Return whether a fact would be of the figure, but for exclusions."""
    sides = [one for one in (definition.numerator, definition.denominator) if one is not None]
    return or_(*(holds(one.where, facts) for one in sides))


def total(aggregate: Aggregate, of: Number) -> Number:
    """Return what the facts' parts of an aggregate come to; `of` is one of the sides above."""
    if isinstance(aggregate, DistinctOf):
        return func.count(of.distinct())
    if isinstance(aggregate, PercentileOf):
        return _percentile(aggregate.fraction, of)
    if isinstance(aggregate, SpreadOf):
        return _percentile(aggregate.upper, of) - _percentile(aggregate.lower, of)
    if isinstance(aggregate, CountOf | ShareOf):
        return func.coalesce(func.sum(of), 0)
    return func.sum(of)


def divisor(definition: Definition, of: Number) -> Number:
    """Return what is divided by: the denominator, or how many facts a mean, a share, a percentile is of."""
    if definition.denominator is not None:
        return total(definition.denominator, of)
    if isinstance(definition.numerator, MeanOf | ShareOf | PercentileOf | SpreadOf):
        return func.coalesce(func.sum(of), 0)
    if isinstance(definition.numerator, ConcentrationOf):
        return func.sum(of)
    return null()


def sample(definition: Definition, of: Number, excludes: Truth) -> Number:
    """Return how many facts a figure is of; `of` is what each adds below the bar."""
    counted = not_(excludes)
    if definition.over_all_suppliers:
        return func.count().filter(counted)
    if definition.denominator is not None and not isinstance(definition.denominator, DistinctOf):
        counted = of != 0
    elif definition.denominator is not None or isinstance(
        definition.numerator, MeanOf | ShareOf | PercentileOf | SpreadOf | ConcentrationOf
    ):
        counted = of.is_not(None)
    return func.count().filter(counted)


def weighed(
    definition: Definition, facts: Subquery, above: Number, below: Number, keys: Sequence[ColumnElement[Any]]
) -> tuple[Number, Number]:
    """Return what a fact adds on both sides, where that depends on the other facts of its group.

    Of a concentration each fact counts by what its like have, of by what all have: their sums are the sum of
    the squares, and the square of the sum.
    """
    if not isinstance(definition.numerator, ConcentrationOf):
        return above, below
    like = facts.c[definition.numerator.among]
    return (
        above * func.sum(above).over(partition_by=[*keys, like]),
        above * func.sum(above).over(partition_by=list(keys) or None),
    )


def figure(definition: Definition, above_all: Number, below_all: Number) -> Number:
    """Return the figure of two totals; nothing over nothing is no figure (null), and not zero."""
    value: Number = cast(above_all, Numeric())
    if definition.denominator is not None or isinstance(
        definition.numerator, MeanOf | ShareOf | ConcentrationOf
    ):
        value = value * literal(definition.scale, Numeric()) * EXACT / func.nullif(below_all, 0)
    if definition.decimals is not None:
        value = func.round(value, literal(definition.decimals, Integer()))
    return value


def _percentile(fraction: Decimal, of: Number) -> Number:
    return func.percentile_disc(literal(fraction, Numeric())).within_group(of)


def _added(aggregate: Aggregate, definition: Definition, facts: Subquery) -> Number:
    counted = and_(counts(definition, facts), holds(aggregate.where, facts))
    match aggregate:
        case CountOf():
            return case((counted, 1))
        case ShareOf(that=that):
            return case((counted, case((holds(that, facts), 1), else_=0)))
        case DistinctOf(column=name):
            return case((counted, cast(facts.c[name], Text)))
        case _:
            return case((counted, facts.c[aggregate.column]))


def _value(operand: Operand, facts: Subquery) -> Any:
    if isinstance(operand, DayOperand):
        return literal(operand.day, Date())
    if not isinstance(operand, ColumnOperand):
        return literal(operand.number, Numeric())
    value: Any = facts.c[operand.column]
    if operand.plus_days is not None:
        value = value + literal(operand.plus_days, Integer())
    if operand.plus is not None:
        value = value + cast(facts.c[operand.plus], Integer())
    return value
