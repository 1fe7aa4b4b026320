"""What an order states: its lines, what they are worth, and which numbers, units and dates cannot be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from procurement.amounts.rules.adjustments import Adjustment, adjustment_problems, total_of
from procurement.amounts.rules.lines import exact_gross
from procurement.items.rules.units import units
from procurement.orders.rules.schedules import Schedule, schedule_date_problems, schedule_problems
from procurement.taxes.rules import TaxRate
from purveyor.errors import FieldError, InvalidError
from purveyor.money import round_amount, why_not_owed

MOST_LINES = 1000
LARGEST_AMOUNT = Decimal(10) ** 15
"""No line and no order is worth as much; above it a typing error is certain."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as its author states it."""

    line_number: int
    item: str
    description: str
    category: str
    quantity: Decimal
    unit: str
    price: Decimal
    price_base_quantity: Decimal
    promised_on: date
    external_reference: str | None = None
    tax_code: str | None = None
    weight: Decimal | None = None
    """What all of it weighs, in kilograms; for charges that are spread by weight."""
    allowances: tuple[Adjustment, ...] = ()
    charges: tuple[Adjustment, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    """Empty: the line is one schedule, of all its quantity on its day."""


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """An order as its author states it."""

    supplier_id: UUID
    currency: str
    site: str
    business_unit: str
    cost_centre: str
    ordered_on: date | None
    lines: tuple[DraftLine, ...]
    payment_terms: str | None = None
    incoterm: str | None = None
    delivery_place: str | None = None
    project: str | None = None
    allowances: tuple[Adjustment, ...] = ()
    charges: tuple[Adjustment, ...] = ()
    tax_rates: tuple[TaxRate, ...] = ()
    """What the tax codes that it names say of its day; nobody states it."""

    def content(self) -> dict[str, Any]:
        """Return what it states by name; unlike `asdict`, without copying every value of every line."""
        return {name: getattr(self, name) for name in DraftOrder.__slots__}


def line_amount(line: DraftLine, currency: str) -> Decimal:
    """Return quantity × price ÷ base, less its allowances, plus its charges (EN 16931, BT-131).

    Each of them is rounded apart to the currency's minor unit.
    """
    exact = exact_gross(line.quantity, line.price, line.price_base_quantity)
    if exact >= LARGEST_AMOUNT:
        return exact
    gross = round_amount(exact, currency)
    if not (line.allowances or line.charges):
        return gross
    return gross - total_of(line.allowances, gross, currency) + total_of(line.charges, gross, currency)


def order_amounts(draft: DraftOrder) -> list[Decimal]:
    """Return what each line is worth."""
    return [line_amount(line, draft.currency) for line in draft.lines]


def check_lines(lines: Sequence[DraftLine], amounts: Sequence[Decimal]) -> None:
    """Raise InvalidError naming every line that is wrong by itself."""
    if problems := line_problems(lines, amounts):
        raise InvalidError("lines_invalid", "Lines of the order break rules.", errors=problems)


def line_problems(lines: Sequence[DraftLine], amounts: Sequence[Decimal]) -> list[FieldError]:
    """Return what is wrong with lines by themselves: numbers used twice, unknown units, absurd amounts."""
    used = Counter(line.line_number for line in lines)
    problems = []
    for index, (line, amount) in enumerate(zip(lines, amounts, strict=True)):
        if used[line.line_number] > 1:
            problems.append(
                FieldError(f"/lines/{index}/line_number", f"line number {line.line_number} is used twice")
            )
        if line.unit not in units():
            problems.append(
                FieldError(
                    f"/lines/{index}/unit",
                    f"{line.unit!r} is not a UN/ECE Recommendation 20 code, such as C62 (one) or KGM",
                )
            )
        if line.allowances or line.charges:
            problems += adjustment_problems(f"/lines/{index}", line.allowances, line.charges)
        if amount < 0:
            why = f"take more off than the line is worth: {amount:f} would be left"
            problems.append(FieldError(f"/lines/{index}/allowances", why))
        if amount >= LARGEST_AMOUNT:
            problems.append(FieldError(f"/lines/{index}/price", f"the line would be worth {amount:.0f}"))
        problems.extend(schedule_problems(f"/lines/{index}", line))
    if not problems and sum(amounts) >= LARGEST_AMOUNT:
        problems.append(FieldError("/lines", f"the order would be worth {sum(amounts):.0f}"))
    return problems


def check_dates(ordered_on: date, lines: Sequence[DraftLine], today: date) -> None:
    """Raise InvalidError naming every date that cannot be."""
    if problems := date_problems(ordered_on, lines, today):
        raise InvalidError("dates_invalid", "Dates of the order break rules.", errors=problems)


def check_currency(currency: str, ordered_on: date) -> None:
    """Raise InvalidError for a currency that was no money any more when the order was made."""
    if why := why_not_owed(currency, ordered_on):
        raise InvalidError("currency_withdrawn", why, errors=[FieldError("/currency", why)])


def date_problems(ordered_on: date, lines: Sequence[DraftLine], today: date) -> list[FieldError]:
    """Return what is wrong with an order's dates: ordered by today at the site, needed not before that."""
    problems = []
    if ordered_on > today:
        problems.append(FieldError("/ordered_on", f"lies in the future; at the site it is {today}"))
    for index, line in enumerate(lines):
        problems.extend(schedule_date_problems(f"/lines/{index}", line, ordered_on))
    return problems
