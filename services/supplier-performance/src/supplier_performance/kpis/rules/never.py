"""Which conditions no fact can meet: what is to be so and not so, one text and another, more and less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

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
    Operand,
)

STRICT = frozenset({Comparison.LESS, Comparison.MORE, Comparison.UNEQUAL})
TURNED = {
    Comparison.LESS: Comparison.MORE,
    Comparison.MORE: Comparison.LESS,
    Comparison.AT_MOST: Comparison.AT_LEAST,
    Comparison.AT_LEAST: Comparison.AT_MOST,
}


@dataclass(slots=True)
class _Held:
    """What the parts of a condition, which must all hold, say of a column."""

    so: set[bool] = field(default_factory=set)
    missing: set[bool] = field(default_factory=set)
    texts: set[str] | None = None
    lowest: tuple[Decimal | date, bool] | None = None
    highest: tuple[Decimal | date, bool] | None = None

    @property
    def is_never(self) -> bool:
        """Whether no value does."""
        if len(self.so) > 1 or len(self.missing) > 1 or self.texts == set():
            return True
        if self.lowest is None or self.highest is None:
            return False
        (low, above), (high, below) = self.lowest, self.highest
        return low > high or (low == high and (above or below))  # type: ignore[operator]  # both are of one type


def never(condition: Condition) -> bool:
    """Whether no fact can meet a condition; where that is not plain, one may."""
    held: dict[str, _Held] = {}
    for one in _all_of(condition):
        if isinstance(one, AnyHolds) and all(never(inner) for inner in one.conditions):
            return True
        if isinstance(one, Compares) and one.left == one.right and one.by in STRICT:
            return True
        _hold(one, held)
    return any(one.is_never for one in held.values())


def _all_of(condition: Condition) -> Iterator[Condition]:
    """Yield the parts of a condition that must all hold."""
    if isinstance(condition, AllHold):
        for inner in condition.conditions:
            yield from _all_of(inner)
    elif isinstance(condition, IsNot) and isinstance(condition.of, IsNot):
        yield from _all_of(condition.of.of)
    else:
        yield condition


def _hold(condition: Condition, held: dict[str, _Held]) -> None:
    match condition:
        case IsTrue(column=name):
            _of(held, name).so.add(True)
        case IsNot(of=IsTrue(column=name)):
            _of(held, name).so.add(False)
        case IsMissing(column=name):
            _of(held, name).missing.add(True)
        case IsNot(of=IsMissing(column=name)):
            _of(held, name).missing.add(False)
        case IsOneOf(column=name, values=values):
            column = _of(held, name)
            column.missing.add(False)
            column.texts = set(values) if column.texts is None else column.texts & set(values)
        case Compares(left=left, by=by, right=right):
            _compare(left, by, right, held)
            _compare(right, TURNED.get(by, by), left, held)


def _compare(left: Operand, by: Comparison, right: Operand, held: dict[str, _Held]) -> None:
    """Note what a comparison says of the column on its left."""
    if not isinstance(left, ColumnOperand):
        return
    column = _of(held, left.column)
    column.missing.add(False)
    if isinstance(right, ColumnOperand) or left.plus_days or left.plus or by is Comparison.UNEQUAL:
        return
    bound = right.day if isinstance(right, DayOperand) else right.number
    if by in {Comparison.MORE, Comparison.AT_LEAST, Comparison.EQUAL}:
        found = (bound, by is Comparison.MORE)
        column.lowest = found if column.lowest is None else max(column.lowest, found)
    if by in {Comparison.LESS, Comparison.AT_MOST, Comparison.EQUAL}:
        found = (bound, by is Comparison.LESS)
        column.highest = found if column.highest is None else min(column.highest, found, key=_how_high)


def _how_high(bound: tuple[Decimal | date, bool]) -> tuple[Decimal | date, bool]:
    return bound[0], not bound[1]


def _of(held: dict[str, _Held], name: str) -> _Held:
    return held.setdefault(name, _Held())
