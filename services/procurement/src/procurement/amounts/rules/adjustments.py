"""Allowances and charges: what is taken off a line or a document, and put on it (BG-20, 21, 27, 28)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from procurement.amounts.rules.lines import percentage
from purveyor.errors import FieldError
from purveyor.money import minor_units, round_amount

ALLOWANCE_REASONS = frozenset(
    "41 42 60 62 63 64 65 66 67 68 70 71 88 95 100 102 103 104 105".split()  # noqa: SIM905  # a list of codes
)
"""The codes of UNCL5189 that EN 16931 takes: why something is taken off."""


class SpreadBy(StrEnum):
    """By which share of them a charge falls on lines, for their landed cost."""

    VALUE = "value"
    QUANTITY = "quantity"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance or a charge: an amount, or a percentage of a base, which is the whole unless it is said.

    Those of a line are taxed as the line is; those of a document have a tax code, and its charges are spread.
    """

    reason: str
    amount: Decimal | None = None
    percent: Decimal | None = None
    base_amount: Decimal | None = None
    reason_code: str | None = None
    tax_code: str | None = None
    spread_by: SpreadBy = SpreadBy.VALUE

    def comes_to(self, whole: Decimal, currency: str) -> Decimal:
        """Return what is taken off or put on, rounded to the currency's minor unit."""
        if self.percent is None:
            return round_amount(self.amount or Decimal(0), currency)
        return percentage(whole if self.base_amount is None else self.base_amount, self.percent, currency)

    def __str__(self) -> str:
        """Say it as people read it, say `freight 120.00, spread by weight`."""
        if self.percent is None:
            said = f"{self.reason} {self.amount or Decimal(0):f}"
        else:
            of = "" if self.base_amount is None else f" of {self.base_amount:f}"
            said = f"{self.reason} {self.percent:f} %{of}"
        coded = "" if self.reason_code is None else f" ({self.reason_code})"
        taxed = "" if self.tax_code is None else f", taxed {self.tax_code}"
        return (
            said
            + coded
            + taxed
            + ("" if self.spread_by == SpreadBy.VALUE else f", spread by {self.spread_by}")
        )


def total_of(adjustments: Iterable[Adjustment], whole: Decimal, currency: str) -> Decimal:
    """Return what allowances or charges come to, each rounded apart."""
    return sum((one.comes_to(whole, currency) for one in adjustments), Decimal(0))


def adjustment_problems(
    at: str, allowances: Iterable[Adjustment], charges: Iterable[Adjustment]
) -> Iterator[FieldError]:
    """Return what is wrong with allowances and charges by themselves; `at` is what they are of."""
    for index, one in enumerate(allowances):
        where = f"{at}/allowances/{index}"
        yield from _problems(where, one)
        if one.reason_code is not None and one.reason_code not in ALLOWANCE_REASONS:
            why = f"{one.reason_code} is no code of UNCL5189 that EN 16931 takes, such as 95 (discount)"
            yield FieldError(f"{where}/reason_code", why)
    for index, one in enumerate(charges):
        where = f"{at}/charges/{index}"
        yield from _problems(where, one)
        code = one.reason_code
        if code is not None and not (2 <= len(code) <= 3 and code.isascii() and code.isupper()):
            why = f"{code} is no code of UNCL7161: two or three capital letters, such as FC (freight)"
            yield FieldError(f"{where}/reason_code", why)


def decimal_problems(
    at: str, allowances: Iterable[Adjustment], charges: Iterable[Adjustment], currency: str
) -> Iterator[FieldError]:
    """Return which amounts have more decimals than their currency has (ISO 4217): they are owed by nobody."""
    for kind, several in (("allowances", allowances), ("charges", charges)):
        for index, one in enumerate(several):
            for name, amount in (("amount", one.amount), ("base_amount", one.base_amount)):
                if amount is not None and amount != round_amount(amount, currency):
                    most = minor_units(currency)
                    why = f"{amount:f} is no amount in {currency}: say it with {most} decimals at most"
                    yield FieldError(f"{at}/{kind}/{index}/{name}", why)


def _problems(at: str, one: Adjustment) -> Iterator[FieldError]:
    if (one.amount is None) == (one.percent is None):
        yield FieldError(f"{at}/amount", "say an amount or a percentage, one of them")
    elif one.percent is None and one.base_amount is not None:
        yield FieldError(f"{at}/base_amount", "is what a percentage is of: leave it out beside an amount")
