"""Fields that requests of several features share: quantities and prices, with their limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from purveyor.decimals import AS_WRITTEN, SHORTEST, shortest

PLACES = 6
"""As many as a quantity and a price have at most; no table keeps more."""


def _fitting(value: Decimal) -> Decimal:
    """Leave 12.50 as it is written, and write 12.5000000 as 12.5: its zeros are more than a table keeps."""
    exponent = value.as_tuple().exponent
    return shortest(value) if isinstance(exponent, int) and -exponent > PLACES else value


FITTING = AfterValidator(_fitting)

StatedQuantity = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=PLACES), FITTING, AS_WRITTEN]
"""A quantity as it was written, in what may be imported: it is known again by that."""

StatedQuantityOrZero = Annotated[
    Decimal, Field(ge=0, max_digits=15, decimal_places=PLACES), FITTING, AS_WRITTEN
]
"""The same, which may be zero."""

Quantity = Annotated[StatedQuantity, SHORTEST]

QuantityOrZero = Annotated[StatedQuantityOrZero, SHORTEST]
"""A quantity that may be zero."""

Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=PLACES), FITTING, AS_WRITTEN]
"""A price or an amount, as it was written: people read 8.40."""

AmountAboveZero = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=PLACES), FITTING, AS_WRITTEN]
"""The same, but not for nothing."""

Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=9, decimal_places=PLACES), SHORTEST, AS_WRITTEN]
"""A share of a hundred."""

Share = Annotated[Decimal, Field(gt=0, le=100, max_digits=9, decimal_places=PLACES), SHORTEST, AS_WRITTEN]
"""A share of a hundred above zero."""
