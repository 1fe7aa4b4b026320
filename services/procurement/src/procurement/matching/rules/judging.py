"""What a line of an invoice may charge: of what is ordered, arrived and not yet invoiced, at its price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from procurement.amounts.rules.lines import EXACT as DIGITS
from procurement.amounts.rules.lines import agrees, percentage
from procurement.matching.rules.exceptions import ExceptionKind, Finding
from procurement.matching.rules.tolerances import Matching
from purveyor.money import round_amount

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Ordered:
    """A line of an order, what came of it, and what was invoiced before."""

    order_id: UUID
    order_number: str
    line_number: int
    currency: str
    unit: str
    quantity: Decimal
    """What the version in force orders."""
    wanted: Decimal
    """…less what was called off."""
    received: Decimal
    accepted: Decimal
    amount: Decimal
    """What all of it costs, with its allowances and charges."""
    price: Decimal
    base_quantity: Decimal
    invoiced: Decimal = NOTHING
    tax_rate: Decimal | None = None
    """In percent; None where the order does not say."""

    def comes_to(self, quantity: Decimal) -> Decimal:
        """Return what so much of it costs, rounded to the minor unit."""
        exact = DIGITS.divide(DIGITS.multiply(self.amount, quantity), self.quantity)
        return round_amount(exact, self.currency)

    def arrived(self, ways: int) -> Decimal:
        """Return what of it may be charged, by what came."""
        return self.accepted if ways == 4 else self.received  # ordered, arrived, accepted, charged


@dataclass(frozen=True, slots=True)
class Charged:
    """A line of an invoice that was assigned, in the unit of the order's line."""

    position: int
    quantity: Decimal | None
    """None: its unit does not convert."""
    unit: str | None
    net_amount: Decimal
    price: Decimal | None
    base_quantity: Decimal | None
    tax_rate: Decimal | None
    credited: Decimal = NOTHING
    """What credit notes have taken back of it, in the same unit."""


def variance(charged: Charged, ordered: Ordered) -> Decimal:
    """Return by how much a line costs more than at the order's price; below zero: less."""
    return charged.net_amount - ordered.comes_to(charged.quantity or NOTHING)


def findings_of_line(
    charged: Charged, ordered: Ordered, before: Decimal, policy: Matching, *, takes_back: bool = False
) -> Iterator[Finding]:
    """Yield what is wrong with a line, of which `before` was invoiced already."""
    if charged.quantity is None:
        why = f"{charged.unit} does not convert to {ordered.unit}, the unit of the order's line, exactly"
        yield Finding(ExceptionKind.UNIT, f"{why}.", charged.position)
        return
    if takes_back:
        yield from _taken_back(charged, before)
        return
    total = before + charged.quantity - charged.credited
    yield from _quantities(charged, ordered, total, policy)
    yield from _price(charged, ordered, policy)
    if ordered.tax_rate is not None and charged.tax_rate is not None:
        yield from _tax(charged.position, charged.tax_rate, ordered.tax_rate, policy, "% on the line")


def _taken_back(charged: Charged, before: Decimal) -> Iterator[Finding]:
    quantity = charged.quantity or NOTHING
    if quantity > before:
        why = f"It takes back {quantity:f}, and {before:f} were invoiced."
        yield Finding(ExceptionKind.QUANTITY_ORDERED, why, charged.position, before, quantity)


def _quantities(charged: Charged, ordered: Ordered, total: Decimal, policy: Matching) -> Iterator[Finding]:
    if not policy.quantity.allows(total, ordered.wanted):
        why = f"{total:f} {ordered.unit} are invoiced with it, and {ordered.wanted:f} are ordered."
        yield Finding(ExceptionKind.QUANTITY_ORDERED, why, charged.position, ordered.wanted, total)
    arrived = ordered.arrived(policy.ways)
    if policy.ways > 2 and not policy.quantity.allows(total, arrived):  # 2: ordered alone
        kind = ExceptionKind.QUANTITY_RECEIVED if arrived else ExceptionKind.MISSING_RECEIPT
        more = total - arrived
        why = f"{total:f} {ordered.unit} are invoiced with it, and {arrived:f} have come: {more:f} more."
        yield Finding(kind, why, charged.position, arrived, total)


def _price(charged: Charged, ordered: Ordered, policy: Matching) -> Iterator[Finding]:
    expected, found = ordered.comes_to(charged.quantity or NOTHING), charged.net_amount
    if agrees(found, expected):
        return
    same_price = charged.price is not None and DIGITS.divide(
        charged.price, charged.base_quantity or Decimal(1)
    ) == DIGITS.divide(ordered.price, ordered.base_quantity)
    kind, tolerance = (
        (ExceptionKind.AMOUNT, policy.amount) if same_price else (ExceptionKind.PRICE, policy.price)
    )
    if not tolerance.allows(found, expected):
        why = f"It charges {found:f}, and the order's price makes {expected:f}: {found - expected:+f}."
        yield Finding(kind, why, charged.position, expected, found)


def _tax(
    position: int | None, found: Decimal, expected: Decimal, policy: Matching, what: str
) -> Iterator[Finding]:
    if found != expected and not policy.tax.allows(found, expected):
        kind = ExceptionKind.OVER_TAX if found > expected else ExceptionKind.UNDER_TAX
        yield Finding(
            kind, f"It says {found:f} {what}, and {expected:f} is expected.", position, expected, found
        )


def tax_findings(
    currency: str, tax: Decimal, taxed: Iterable[tuple[Decimal, Decimal]], policy: Matching
) -> Iterator[Finding]:
    """Yield that the tax is not what amounts at their rates make, to the cent.

    The official rules let less than one unit pass (BR-CO-17): it is shown here all the same.
    """
    expected = sum((percentage(amount, rate, currency) for amount, rate in taxed), NOTHING)
    yield from _tax(None, tax, expected, policy, f"{currency} of tax")


def freight_findings(
    charges: Decimal, expected: Decimal, before: Decimal, policy: Matching
) -> Iterator[Finding]:
    """Yield that more is charged beside lines than the orders say, all invoices of them told."""
    total = before + charges
    if charges and not policy.freight.allows(total, expected):
        why = f"{total:f} are charged beside lines with it, and the order says {expected:f}."
        yield Finding(ExceptionKind.FREIGHT, why, None, expected, total)


def unmatched(positions: Sequence[int], *, any_assigned: bool, names_order: bool) -> Iterator[Finding]:
    """Yield that lines are of no line of an order; of an invoice without an order, that at once."""
    if positions and not any_assigned:
        why = "None of its lines is found in the order" if names_order else "It names no order that is known"
        yield Finding(
            ExceptionKind.UNMATCHED_LINE, f"{why}: assign its lines, accept it with a reason, or reject it."
        )
        return
    for position in positions:
        why = "No line of the order is surely meant: assign it, accept it with a reason, or reject it."
        yield Finding(ExceptionKind.UNMATCHED_LINE, why, position)
