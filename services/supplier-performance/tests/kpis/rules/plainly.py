"""Conditions as they are meant, fact by fact: what SQL and rules are held against."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from supplier_performance.kpis.rules.grammar import (
    AllHold,
    AnyHolds,
    ColumnOperand,
    Compares,
    Comparison,
    Condition,
    DayOperand,
    IsMissing,
    IsNot,
    IsOneOf,
    IsTrue,
    NumberOperand,
    Operand,
)

Fact = Mapping[str, Any]
COMPARED = {
    Comparison.EQUAL: operator.eq,
    Comparison.UNEQUAL: operator.ne,
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.MORE: operator.gt,
    Comparison.AT_LEAST: operator.ge,
}


def meets(fact: Fact, condition: Condition) -> bool:
    """Whether a fact meets a condition."""
    found = False
    match condition:
        case IsTrue(column=name):
            found = fact[name] is True
        case IsMissing(column=name):
            found = fact[name] is None
        case IsOneOf(column=name, values=values):
            found = fact[name] in values
        case AllHold(conditions=conditions):
            found = all(meets(fact, one) for one in conditions)
        case AnyHolds(conditions=conditions):
            found = any(meets(fact, one) for one in conditions)
        case IsNot(of=inner):
            found = not meets(fact, inner)
        case Compares(left=left, by=by, right=right):
            values = [_value(fact, left), _value(fact, right)]
            found = None not in values and bool(COMPARED[by](*values))
    return found


def _value(fact: Fact, operand: Operand) -> Any:
    if isinstance(operand, DayOperand):
        return operand.day
    if isinstance(operand, NumberOperand):
        return operand.number
    value = fact[operand.column]
    later = [operand.plus_days or 0, fact[operand.plus] if operand.plus else 0]
    if value is None or None in later:
        return None
    return value + timedelta(days=int(sum(later))) if isinstance(value, date) else value


DAYS = st.integers(0, 4).map(lambda day: date(2026, 6, 1) + timedelta(days=day))
NUMBERS = st.integers(-2, 2).map(Decimal)
CODES = ["bolts", "nuts", "pins"]
FACTS = st.fixed_dictionaries(
    {
        "category": st.none() | st.sampled_from(CODES),
        "due": st.none() | st.booleans(),
        "on_time": st.booleans(),
        "promised_on": DAYS,
        "arrived_on": st.none() | DAYS,
        "days_late": st.none() | NUMBERS,
        "grace_days": st.integers(0, 2).map(Decimal),
    }
)


def _compares(left: Operand, by: Comparison, right: Operand) -> Compares:
    return Compares(condition="compares", left=left, by=by, right=right)


DAY_COLUMNS = st.builds(
    ColumnOperand,
    operand=st.just("column"),
    column=st.sampled_from(["promised_on", "arrived_on"]),
    plus_days=st.none() | st.integers(-2, 2),
    plus=st.none() | st.just("grace_days"),
)
LATE = ColumnOperand(operand="column", column="days_late")
BY = st.sampled_from(Comparison)
CONSTANT_DAYS = st.builds(DayOperand, operand=st.just("day"), day=DAYS)
CONSTANTS = st.builds(NumberOperand, operand=st.just("number"), number=NUMBERS)
LEAVES = st.one_of(
    st.builds(IsTrue, condition=st.just("is_true"), column=st.sampled_from(["due", "on_time"])),
    st.builds(
        IsMissing, condition=st.just("is_missing"), column=st.sampled_from(["arrived_on", "category", "due"])
    ),
    st.builds(
        IsOneOf,
        condition=st.just("is_one_of"),
        column=st.just("category"),
        values=st.lists(st.sampled_from(CODES), min_size=1, max_size=2),
    ),
    st.builds(_compares, DAY_COLUMNS, BY, DAY_COLUMNS | CONSTANT_DAYS),
    st.builds(_compares, CONSTANT_DAYS, BY, DAY_COLUMNS),
    st.builds(_compares, st.just(LATE), BY, CONSTANTS),
    st.builds(_compares, CONSTANTS, BY, st.just(LATE)),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(AllHold, condition=st.just("all"), conditions=st.lists(inner, min_size=1, max_size=3)),
        st.builds(AnyHolds, condition=st.just("any"), conditions=st.lists(inner, min_size=1, max_size=3)),
        st.builds(IsNot, condition=st.just("not"), of=inner),
    ),
    max_leaves=6,
)
