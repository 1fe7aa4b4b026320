"""What breaks a rule, and what a rule is: a pure function of an invoice, with its identifier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from procurement.invoices.rules.terms import Invoice, Syntax
from purveyor.money import minor_units

HUNDRED, HALF = Decimal(100), Decimal("0.5")
EN16931_PLACES = 2


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a rule is broken: the term, what it says, what would be right, and of which part."""

    term: str
    value: object
    detail: str
    at: str = ""
    """A JSON pointer to the line, the breakdown, the allowance; nothing where it is the document."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that an invoice breaks, with the term and the value that break it."""

    rule: str
    term: str
    value: str | None
    detail: str
    at: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its identifier, and what in an invoice breaks it."""

    identifier: str
    broken_by: Callable[[Invoice], Iterator[Broken]]

    def violations(self, invoice: Invoice) -> Iterator[Violation]:
        """Yield what of an invoice breaks it."""
        for one in self.broken_by(invoice):
            value = None if one.value is None else str(one.value)
            yield Violation(self.identifier, one.term, value, one.detail, one.at)


def places_of(invoice: Invoice) -> int:
    """Return how many decimals its amounts have: two in documents of EN 16931, in others their currency's."""
    if invoice.syntax is not Syntax.STATED or invoice.currency is None:
        return EN16931_PLACES
    try:
        return minor_units(invoice.currency)
    except ValueError:
        return EN16931_PLACES


def rounded(amount: Decimal, places: int = EN16931_PLACES) -> Decimal:
    """Return an amount with so many decimals, half towards the greater one, as XPath's fn:round has it."""
    return (amount.scaleb(places) + HALF).to_integral_value(ROUND_FLOOR).scaleb(-places)


def whole(amount: Decimal) -> Decimal:
    """Return an amount without decimals, half towards the greater one (fn:round)."""
    return (amount + HALF).to_integral_value(ROUND_FLOOR)
