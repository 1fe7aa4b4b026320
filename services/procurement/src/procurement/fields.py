"""Fields that requests of several features share: quantities and prices, with their limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field


def _plain(value: Decimal) -> Decimal:
    """Write 1E+3 as 1000 and -0 as 0: the same number is shown the same way wherever it comes from."""
    return Decimal(f"{abs(value):f}")


def _shortest(value: Decimal) -> Decimal:
    """Write 12.50 as 12.5: the same number is the same text, too."""
    return Decimal(f"{value.normalize():f}")


Quantity = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=6), AfterValidator(_plain)]
QuantityOrZero = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=6), AfterValidator(_plain)]
"""A quantity that may be zero."""

Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6), AfterValidator(_plain)]

Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=9, decimal_places=6), AfterValidator(_shortest)]
"""A share of a hundred."""

Share = Annotated[Decimal, Field(gt=0, le=100, max_digits=9, decimal_places=6), AfterValidator(_shortest)]
"""A share of a hundred above zero."""

Factor = Annotated[Quantity, AfterValidator(_shortest)]
"""A quantity that is kept in a document, and compared as it is written there."""
