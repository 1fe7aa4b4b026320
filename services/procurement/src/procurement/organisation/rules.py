"""What an order may name of the organisation on its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from procurement.periods import why_not_valid
from purveyor.errors import FieldError, InvalidError


@dataclass(frozen=True, slots=True)
class Named:
    """A business unit and a cost centre that an order names, as they are known; None where they are not."""

    unit: str | None
    unit_from: date | None
    unit_to: date | None
    centre: str | None
    centre_of: str | None
    centre_from: date | None
    centre_to: date | None


def check_named(named: Named, business_unit: str, cost_centre: str, day: date) -> None:
    """Raise InvalidError naming what of the organisation an order cannot name on its day."""
    if problems := list(_problems(named, business_unit, cost_centre, day)):
        raise InvalidError(
            "organisation_not_valid", "The order names what is not there on its day.", errors=problems
        )


def _problems(named: Named, business_unit: str, cost_centre: str, day: date) -> Iterator[FieldError]:
    if named.unit is None:
        yield FieldError(
            "/business_unit",
            f"no business unit {business_unit} exists; PUT /v1/business-units/{business_unit} creates it",
        )
    elif why := why_not_valid(named.unit_from, named.unit_to, day):
        yield FieldError("/business_unit", why)
    if named.centre is None:
        yield FieldError(
            "/cost_centre",
            f"no cost centre {cost_centre} exists; PUT /v1/cost-centres/{cost_centre} creates it",
        )
    elif named.centre_of not in {None, business_unit}:
        yield FieldError("/cost_centre", f"belongs to the business unit {named.centre_of}")
    elif why := why_not_valid(named.centre_from, named.centre_to, day):
        yield FieldError("/cost_centre", why)
