"""How much of one unit is how much of another: exactly, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from purveyor.errors import FieldError, InvalidError

PLACES = 6
"""Decimals of a quantity, wherever one is kept."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A quantity of another unit, and the same in base units: 1 box is 12 pieces, 3 kg are 100."""

    unit: str
    quantity: Decimal
    base_quantity: Decimal


@dataclass(frozen=True, slots=True)
class Units:
    """The unit that an item is counted in, and those that it converts to."""

    base: str
    others: tuple[Conversion, ...] = ()

    @classmethod
    def of(cls, base: str, conversions: Sequence[Mapping[str, Any]]) -> Units:
        """Return the units of an item as it is kept."""
        return cls(
            base,
            tuple(
                Conversion(one["unit"], Decimal(one["quantity"]), Decimal(one["base_quantity"]))
                for one in conversions
            ),
        )

    def factor(self, unit: str) -> Fraction | None:
        """Return how many base units one of a unit is; None where the item does not convert to it."""
        if unit == self.base:
            return Fraction(1)
        for other in self.others:
            if other.unit == unit:
                return Fraction(other.base_quantity) / Fraction(other.quantity)
        return None

    def converted(self, quantity: Decimal, unit: str, into: str, pointer: str = "/unit") -> Fraction:
        """Return a quantity in another unit, however many decimals that takes.

        Raises InvalidError for a unit that the item does not convert to.
        """
        return Fraction(quantity) * self._factor(unit, pointer) / self._factor(into, pointer)

    def exactly(self, quantity: Decimal, unit: str, into: str, pointer: str = "/unit") -> Decimal:
        """Return a quantity in another unit, as it can be kept.

        Raises InvalidError where it would have to be rounded: what is rounded is lost when parts add up.
        """
        exact = self.converted(quantity, unit, into, pointer)
        millionths = exact * 10**PLACES
        if millionths.denominator != 1:
            why = f"{quantity:f} {unit} are no exact number of {into}: state it in {into}"
            raise InvalidError("quantity_not_exact", why + ".", errors=[FieldError(pointer, why)])
        return Decimal(millionths.numerator).scaleb(-PLACES).normalize() + 0

    def _factor(self, unit: str, pointer: str) -> Fraction:
        factor = self.factor(unit)
        if factor is None:
            why = self.refusal(unit)
            raise InvalidError("unit_not_convertible", why + ".", errors=[FieldError(pointer, why)])
        return factor

    def refusal(self, unit: str) -> str:
        """Return the sentence for a unit that the item does not convert to."""
        known = ", ".join([self.base, *(other.unit for other in self.others)])
        return f"the item does not convert to {unit}, only to {known}"
