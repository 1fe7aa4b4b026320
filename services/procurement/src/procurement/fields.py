"""Fields that requests of several features share: quantities and prices, with their limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from purveyor.decimals import AS_WRITTEN


def _shortest(value: Decimal) -> Decimal:
    """Write 12.50 as 12.5: the same number is the same text, too."""
    return Decimal(f"{value.normalize():f}")


SHORTEST = AfterValidator(_shortest)

Quantity = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=6), AS_WRITTEN]
QuantityOrZero = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=6), AS_WRITTEN]
"""A quantity that may be zero."""

Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6), AS_WRITTEN]

Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=9, decimal_places=6), SHORTEST, AS_WRITTEN]
"""A share of a hundred."""

Share = Annotated[Decimal, Field(gt=0, le=100, max_digits=9, decimal_places=6), SHORTEST, AS_WRITTEN]
"""A share of a hundred above zero."""

Factor = Annotated[Quantity, SHORTEST]
"""A quantity that is kept in a document, and compared as it is written there."""
