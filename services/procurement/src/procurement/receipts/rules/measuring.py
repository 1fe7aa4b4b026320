"""Goods are counted in any unit that their item converts to, and kept in the order line's, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from procurement.items.rules.conversions import Units
from procurement.items.rules.receiving import ReceivedItem
from procurement.orders.rules.expected import Balance
from procurement.receipts.rules.arriving import Arrival, ArrivedLine, ArrivedLot
from purveyor.errors import FieldError, InvalidError


def measured(arrival: Arrival, balances: Mapping[int, Balance], items: Mapping[int, ReceivedItem]) -> Arrival:
    """Return goods that arrived in the units of the order's lines; what was stated is kept beside.

    Raises InvalidError naming every line that is counted in a unit that its item does not convert to, or not
    exactly. What the order has no line for is told elsewhere.
    """
    lines: list[ArrivedLine] = []
    problems: list[FieldError] = []
    for index, line in enumerate(arrival.lines):
        balance, item = balances.get(line.line_number), items.get(line.line_number)
        line_of_order = _with_lots_rejected(line)
        if balance is not None and line.stated_unit not in {None, balance.unit}:
            units = item.units if item else Units(balance.unit)
            try:
                line_of_order = _converted(line_of_order, units, balance.unit, f"/lines/{index}/unit")
            except InvalidError as refused:
                problems += refused.errors
        elif line.stated_unit is not None:
            line_of_order = replace(line_of_order, stated_unit=None)
        lines.append(line_of_order)
    if problems:
        raise InvalidError("receipt_invalid", "The receipt breaks rules.", errors=problems)
    return replace(arrival, lines=tuple(lines))


def pieces(quantity: Decimal, unit: str, item: ReceivedItem | None) -> Fraction:
    """Return of how many single things a quantity is: each has a serial of its own.

    What is free text is counted in the unit of its line.
    """
    factor = item.units.factor(unit) if item else None
    return Fraction(quantity) * (factor or 1)


def _with_lots_rejected(line: ArrivedLine) -> ArrivedLine:
    """Say of every lot what of it was refused: of the only one, all that the line says."""
    unsaid = line.rejected_quantity if len(line.lots) == 1 else Decimal(0)
    lots = tuple(
        replace(lot, rejected_quantity=unsaid) if lot.rejected_quantity is None else lot for lot in line.lots
    )
    return replace(line, lots=lots)


def _converted(line: ArrivedLine, units: Units, into: str, at: str) -> ArrivedLine:
    unit = line.stated_unit or into

    def of(quantity: Decimal) -> Decimal:
        return units.exactly(quantity, unit, into, at)

    def of_lot(lot: ArrivedLot) -> ArrivedLot:
        return replace(
            lot, quantity=of(lot.quantity), rejected_quantity=of(lot.rejected_quantity or Decimal(0))
        )

    return replace(
        line,
        quantity=of(line.quantity),
        rejected_quantity=of(line.rejected_quantity),
        stated_quantity=line.quantity,
        stated_rejected_quantity=line.rejected_quantity,
        lots=tuple(map(of_lot, line.lots)),
    )
