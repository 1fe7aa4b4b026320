"""What a line of an invoice may charge: of what is ordered, arrived and not yet invoiced, at its price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from procurement.amounts.rules.lines import EXACT as DIGITS
from procurement.amounts.rules.lines import agrees, percentage
from procurement.matching.rules.exceptions import ExceptionKind, Finding
from procurement.matching.rules.tolerances import Matching
from procurement.matching.rules.turns import Sum
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
    """What other invoices have of it, for which this one has to leave room."""
    charged: Sum = field(default_factory=Sum)
    """What who came before this one charges of it."""
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

    @property
    def sum(self) -> Sum:
        """What it charges."""
        return Sum(self.quantity or NOTHING, self.net_amount)


def variance(charged: Charged, ordered: Ordered) -> Decimal:
    """Return by how much a line costs more than at the order's price; below zero: less."""
    return charged.net_amount - ordered.comes_to(charged.quantity or NOTHING)


def findings_of_line(
    charged: Charged, ordered: Ordered, before: Sum, invoiced: Decimal, policy: Matching
) -> Iterator[Finding]:
    """Yield what is wrong with a line but for its price.

    `before` was charged of its line of the order by who came first, and for `invoiced` it has to leave room.
    """
    if charged.quantity is None:
        why = f"{charged.unit} does not convert to {ordered.unit}, the unit of the order's line, exactly"
        yield Finding(ExceptionKind.UNIT, f"{why}.", charged.position)
        return
    if charged.quantity < NOTHING:
        yield from _taken_back(charged, before, ordered.currency)
    else:
        yield from _quantities(charged, ordered, invoiced + charged.quantity, policy)
    if ordered.tax_rate is not None and charged.tax_rate is not None:
        yield from _tax(charged.position, charged.tax_rate, ordered.tax_rate, policy, "% on the line")


def _taken_back(charged: Charged, before: Sum, currency: str) -> Iterator[Finding]:
    """Yield that a line below zero takes back what was not charged, or for less than it was charged."""
    taken = NOTHING - (charged.quantity or NOTHING)
    if taken > before.quantity:
        yield _more_than_charged(charged.position, taken, before)
        return
    expected = _at_the_price_of(before, taken, currency)
    found = NOTHING - charged.net_amount
    if found < expected and not agrees(found, expected):
        why = f"It takes back {taken:f} for {found:f}, and they were charged with {expected:f}."
        yield Finding(ExceptionKind.PRICE, why, charged.position, expected, found)


def credit_findings(charged: Charged, ordered: Ordered, before: Sum) -> Iterator[Finding]:
    """Yield that a line of a credit note takes back more than was charged before, or charges something."""
    if charged.quantity is None:
        yield from findings_of_line(charged, ordered, before, NOTHING, Matching())
    elif charged.quantity < NOTHING or charged.net_amount < NOTHING:
        why = f"It is below zero: {charged.quantity:f} for {charged.net_amount:f}, in a credit note."
        yield Finding(ExceptionKind.QUANTITY_ORDERED, why, charged.position, NOTHING, charged.quantity)
    elif charged.quantity > before.quantity:
        yield _more_than_charged(charged.position, charged.quantity, before)


def credited(charged: Charged, before: Sum, currency: str) -> Sum:
    """Return what a line of a credit note takes back: below the price that was charged, an amount alone."""
    quantity = charged.quantity or NOTHING
    if NOTHING < quantity <= before.quantity:
        expected = _at_the_price_of(before, quantity, currency)
        if charged.net_amount < expected and not agrees(charged.net_amount, expected):
            return Sum(NOTHING, charged.net_amount)
    return charged.sum


def _at_the_price_of(before: Sum, quantity: Decimal, currency: str) -> Decimal:
    if not before.quantity:
        return NOTHING
    exact = DIGITS.divide(DIGITS.multiply(before.net_amount, quantity), before.quantity)
    return round_amount(exact, currency)


def _more_than_charged(position: int, taken: Decimal, before: Sum) -> Finding:
    why = f"It takes back {taken:f}, and {before.quantity:f} were charged before."
    return Finding(ExceptionKind.QUANTITY_ORDERED, why, position, before.quantity, taken)


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


def price_findings(
    lines: Sequence[Charged], ordered: Ordered, credited: Sum, policy: Matching
) -> Iterator[Finding]:
    """Yield that an invoice's lines of one line of an order cost together more than at the order's price.

    What was credited of them is taken off where that is so; lines below zero are held against what they take
    back.
    """
    priced = [one for one in lines if one.quantity is not None and one.quantity >= NOTHING]
    if not priced:
        return
    kind, tolerance = (
        (ExceptionKind.AMOUNT, policy.amount)
        if all(_is_at_the_price_of(one, ordered) for one in priced)
        else (ExceptionKind.PRICE, policy.price)
    )
    charged = sum((one.sum for one in priced), Sum())
    for rest in dict.fromkeys((charged, charged - credited)):
        expected, found = ordered.comes_to(rest.quantity), rest.net_amount
        less_is_credited = rest != charged and found <= expected
        if less_is_credited or agrees(found, expected) or tolerance.allows(found, expected):
            return
    why = f"It charges {found:f}, and the order's price makes {expected:f}: {found - expected:+f}."
    yield Finding(kind, why, priced[0].position, expected, found)


def _is_at_the_price_of(charged: Charged, ordered: Ordered) -> bool:
    return charged.price is not None and DIGITS.divide(
        charged.price, charged.base_quantity or Decimal(1)
    ) == DIGITS.divide(ordered.price, ordered.base_quantity)


def price_in_another_currency(charged: Charged, currency: str, ordered: Ordered) -> Finding:
    """Return that a price cannot be held against the order's, since no rate is guessed (ADR 33)."""
    expected = ordered.comes_to(charged.quantity or NOTHING)
    why = f"It charges {charged.net_amount:f} {currency}, and the order's price makes {expected:f}"
    return Finding(ExceptionKind.PRICE, f"{why} {ordered.currency}.", charged.position)


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


def rebate_findings(
    allowances: Decimal, worth: Iterable[tuple[Decimal, Decimal, Decimal]], currency: str, policy: Matching
) -> Iterator[Finding]:
    """Yield that less is taken off beside lines than the orders say of what is invoiced, all told.

    Of each order: what it takes off its whole, what is invoiced of it at its price, and what it comes to.
    """
    shares = (
        DIGITS.divide(DIGITS.multiply(rebate, min(invoiced, whole)), whole)
        for rebate, invoiced, whole in worth
        if whole > NOTHING
    )
    expected = round_amount(sum(shares, NOTHING), currency)
    if allowances < expected and not agrees(allowances, expected):
        if policy.amount.allows(allowances, expected):
            return
        why = f"{allowances:f} are taken off beside lines, and the order takes off {expected:f} of so much."
        yield Finding(ExceptionKind.AMOUNT, why, None, expected, allowances)


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
