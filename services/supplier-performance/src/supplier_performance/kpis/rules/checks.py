"""Which definitions make sense: of facts and columns that there are, like with like, never over nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NoReturn, TypeAlias

from purveyor.errors import FieldError, InvalidError
from supplier_performance.facts.rules import NAMED_BY, Column, Kind, Type, Unit
from supplier_performance.kpis.rules.grammar import (
    Aggregate,
    AllHold,
    AnyHolds,
    ColumnOperand,
    Compares,
    ConcentrationOf,
    Condition,
    CountOf,
    DayOperand,
    Definition,
    DistinctOf,
    FigureUnit,
    IsMissing,
    IsNot,
    IsOneOf,
    IsTrue,
    MeanOf,
    NumberOperand,
    Operand,
    PercentileOf,
    ShareOf,
    SpreadOf,
    SumOf,
)
from supplier_performance.kpis.rules.never import never

QUOTIENTS: Mapping[FigureUnit, int | None] = {
    FigureUnit.PERCENT: 100,
    FigureUnit.PPM: 1_000_000,
    FigureUnit.RATIO: None,
}
"""Units of what has none any more, and the scale that each says; None: any."""
Typed: TypeAlias = tuple[Type, Unit | None]


def check(definition: Definition, kinds: Mapping[str, Kind], at: str = "/definition") -> None:
    """Raise InvalidError for the first thing that makes no sense, naming where."""
    kind = kinds.get(definition.of)
    if kind is None:
        _wrong("fact_unknown", f"{at}/of", f"There is no kind of fact {definition.of}: {', '.join(kinds)}.")
    _check_aggregate(definition.numerator, kind, f"{at}/numerator")
    other = _of_denominator(definition, kinds, kind, at)
    if definition.denominator is not None:
        _check_aggregate(definition.denominator, other, f"{at}/denominator")
    for number, exclusion in enumerate(definition.exclusions):
        _check_condition(exclusion.where, kind, f"{at}/exclusions/{number}/where", frozenset())
    _check_quotient(definition, kind, other, at)
    _check_unit(definition, kind, at)


def _of_denominator(definition: Definition, kinds: Mapping[str, Kind], kind: Kind, at: str) -> Kind:
    """Return the kind of fact that the denominator is of."""
    for name in ("denominator_of", "over_all_suppliers"):
        if getattr(definition, name) and definition.denominator is None:
            _wrong(
                "denominator_missing", f"{at}/{name}", "It says of what a denominator is, and there is none."
            )
    if definition.over_all_suppliers and isinstance(definition.denominator, DistinctOf):
        why = "Different values of all suppliers are no whole that one has a share of."
        _wrong("quotient_of_quotients", f"{at}/denominator", why)
    if definition.denominator_of is None:
        return kind
    other = kinds.get(definition.denominator_of)
    if other is None:
        why = f"There is no kind of fact {definition.denominator_of}: {', '.join(kinds)}."
        _wrong("fact_unknown", f"{at}/denominator_of", why)
    return other


def measured(aggregate: Aggregate, kind: Kind) -> Unit | None:
    """Return the unit of what an aggregate is; None of a share, which has none."""
    if isinstance(aggregate, CountOf | DistinctOf):
        return Unit.COUNT
    if isinstance(aggregate, ShareOf):
        return None
    # Of a concentration it is what shares are of: the figure has none, and splits as its measure does.
    return kind.by_name[aggregate.column].unit


def named_by(definition: Definition, kind: Kind) -> tuple[str, ...]:
    """Return the columns whose values have figures of their own: the currency, the unit of measure."""
    found = measured(definition.numerator, kind)  # that of the denominator is the same
    return tuple(column for unit, column in NAMED_BY.items() if unit is found)


def _check_aggregate(aggregate: Aggregate, kind: Kind, at: str) -> None:
    if isinstance(aggregate, ConcentrationOf):
        _column(aggregate.among, kind, f"{at}/among")
    if isinstance(aggregate, SumOf | MeanOf | PercentileOf | SpreadOf | ConcentrationOf):
        column = _column(aggregate.column, kind, f"{at}/column")
        if column.type is not Type.NUMBER:
            _wrong("types_unlike", f"{at}/column", f"{column.name} is a {column.type}, no number.")
    elif isinstance(aggregate, DistinctOf):
        _column(aggregate.column, kind, f"{at}/column")
    elif isinstance(aggregate, ShareOf):
        _check_condition(aggregate.that, kind, f"{at}/that", frozenset())
    if aggregate.where is not None:
        _check_condition(aggregate.where, kind, f"{at}/where", frozenset())


def _check_condition(condition: Condition, kind: Kind, at: str, named: frozenset[str]) -> None:
    """Check a condition; `named` are columns that conditions beside it hold to one value."""
    match condition:
        case IsTrue(column=name):
            if _column(name, kind, f"{at}/column").type is not Type.TRUTH:
                _wrong("types_unlike", f"{at}/column", f"{name} is nothing that is so or not.")
        case IsMissing(column=name):
            _column(name, kind, f"{at}/column")
        case IsOneOf(column=name):
            if _column(name, kind, f"{at}/column").type is not Type.TEXT:
                _wrong("types_unlike", f"{at}/column", f"{name} is no text.")
        case AllHold(conditions=conditions) | AnyHolds(conditions=conditions):
            if isinstance(condition, AllHold):
                named |= {name for one in conditions for name in _named(one)}
            for number, one in enumerate(conditions):
                _check_condition(one, kind, f"{at}/conditions/{number}", named)
        case IsNot(of=inner):
            _check_condition(inner, kind, f"{at}/of", named)
        case Compares():
            _check_comparison(condition, kind, at, named)


def _named(condition: Condition) -> Iterator[str]:
    if isinstance(condition, IsOneOf) and len(set(condition.values)) == 1:
        yield condition.column


def _check_comparison(condition: Compares, kind: Kind, at: str, named: frozenset[str]) -> None:
    left, right = (_typed(getattr(condition, side), kind, f"{at}/{side}") for side in ("left", "right"))
    constants = [one for one in (condition.left, condition.right) if not isinstance(one, ColumnOperand)]
    if len(constants) > 1:
        _wrong("types_unlike", at, "Two constants are compared, and no fact says anything of it.")
    if left[0] is not right[0]:
        _wrong("types_unlike", f"{at}/right", f"A {left[0]} is compared with a {right[0]}.")
    if left[0] in {Type.TRUTH, Type.MOMENT}:
        _wrong("types_unlike", f"{at}/left", f"A {left[0]} is compared with nothing.")
    if not constants and left[1] is not right[1]:
        _wrong("units_mixed", f"{at}/right", f"{left[1]} are compared with {right[1]}.")
    unit = left[1] or right[1]
    if any(isinstance(one, NumberOperand) and one.number for one in constants):
        naming = NAMED_BY.get(unit) if unit else None
        if naming is not None and naming not in named:
            why = f"{unit} is compared with a number, and facts differ in {naming}: add `is_one_of`."
            _wrong("units_mixed", at, why)


def _typed(operand: Operand, kind: Kind, at: str) -> Typed:
    if isinstance(operand, DayOperand):
        return Type.DAY, None
    if isinstance(operand, NumberOperand):
        return Type.NUMBER, None
    column = _column(operand.column, kind, f"{at}/column")
    later = [name for name in ("plus_days", "plus") if getattr(operand, name) is not None]
    if later and column.type is not Type.DAY:
        _wrong("types_unlike", f"{at}/{later[0]}", f"{column.name} is no day: nothing is later than it.")
    if operand.plus is not None and _column(operand.plus, kind, f"{at}/plus").unit is not Unit.DAYS:
        _wrong("units_mixed", f"{at}/plus", f"{operand.plus} is not in days.")
    return column.type, column.unit


def _check_quotient(definition: Definition, kind: Kind, other: Kind, at: str) -> None:
    """Check what is divided: like by like, and by something that there may be."""
    numerator, denominator = definition.numerator, definition.denominator
    for side, aggregate in (("numerator", numerator), ("denominator", denominator)):
        if aggregate is not None and aggregate.where is not None and never(aggregate.where):
            if side == "denominator" or not isinstance(numerator, CountOf | SumOf | DistinctOf):
                why = "No fact can be so: it would always be divided by nothing."
                _wrong("denominator_never", f"{at}/{side}/where", why)
            _wrong("condition_never", f"{at}/{side}/where", "No fact can be so: it would always be nothing.")
    if denominator is None:
        return
    for side, aggregate in (("numerator", numerator), ("denominator", denominator)):
        if not isinstance(aggregate, CountOf | SumOf | DistinctOf):
            why = f"A {aggregate.aggregate} is no sum, and is divided by nothing but its own denominator."
            _wrong("quotient_of_quotients", f"{at}/{side}", why)
    above, below = measured(numerator, kind), measured(denominator, other)
    if above is not below:
        _wrong("units_mixed", f"{at}/denominator", f"{above} would be divided by {below}; see `mean`.")
    for column in named_by(definition, kind):
        of = [_values(one.where, column) for one in (numerator, denominator)]
        if all(one is not None for one in of) and of[0] != of[1]:
            why = f"The numerator is of other values of {column} than the denominator."
            _wrong("units_mixed", f"{at}/denominator/where", why)


def _values(where: Condition | None, column: str) -> frozenset[str] | None:
    """Return to which values a condition holds a column; None: to none."""
    match where:
        case IsOneOf(column=name, values=values) if name == column:
            return frozenset(values)
        case AllHold(conditions=conditions):
            held = [one for one in (_values(inner, column) for inner in conditions) if one is not None]
            return frozenset.intersection(*held) if held else None
    return None


def _check_unit(definition: Definition, kind: Kind, at: str) -> None:
    """Check that the figure says what it is in."""
    unit, scale = definition.unit, definition.scale
    is_quotient = definition.denominator is not None or isinstance(
        definition.numerator, ShareOf | ConcentrationOf
    )
    if is_quotient != (unit in QUOTIENTS):
        of = "a quotient: percent, ppm or ratio" if is_quotient else measured(definition.numerator, kind)
        _wrong("units_mixed", f"{at}/unit", f"The figure is {of}, not {unit}.")
    if not is_quotient and unit.value != (found := measured(definition.numerator, kind) or unit).value:
        _wrong("units_mixed", f"{at}/unit", f"The figure is in {found}, not in {unit}.")
    expected = QUOTIENTS.get(unit, 1)
    if expected is not None and scale != expected:
        _wrong("units_mixed", f"{at}/scale", f"Of a figure in {unit} it is {expected}, not {scale}.")


def _column(name: str, kind: Kind, at: str) -> Column:
    column = kind.by_name.get(name)
    if column is None:
        _wrong("column_unknown", at, f"There is no column {name} in {kind.name}.")
    return column


def _wrong(code: str, pointer: str, detail: str) -> NoReturn:
    raise InvalidError(code, detail, errors=[FieldError(pointer, detail)])
