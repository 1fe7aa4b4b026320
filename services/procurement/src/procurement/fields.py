"""Fields that requests of several features share: codes, texts and quantities, with their limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"

Code = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=PRINTABLE)
]
"""A short key of the organisation's own: a site, a business unit, a category."""

Reference = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PRINTABLE)
]
"""Somebody else's key for something: of another system, or of the supplier."""

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=PRINTABLE)
]
"""A line of text that people write and read."""


def _plain(value: Decimal) -> Decimal:
    """Write 1E+3 as 1000 and -0 as 0: the same number is shown the same way wherever it comes from."""
    return Decimal(f"{abs(value):f}")


Quantity = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=6), AfterValidator(_plain)]
QuantityOrZero = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=6), AfterValidator(_plain)]
"""A quantity that may be zero."""

Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6), AfterValidator(_plain)]
