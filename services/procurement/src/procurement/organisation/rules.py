"""What an order may name of the organisation on its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from procurement.periods import why_not_valid
from purveyor.errors import FieldError, InvalidError


@dataclass(frozen=True, slots=True)
class Named:
    """What of the organisation an order names, as it is known; None where it is not, or nothing is named."""

    unit: str | None
    unit_from: date | None
    unit_to: date | None
    centre: str | None
    centre_of: str | None
    centre_from: date | None
    centre_to: date | None
    project: str | None = None
    project_of: str | None = None
    project_from: date | None = None
    project_to: date | None = None


def check_named(
    named: Named, business_unit: str, cost_centre: str, day: date, project: str | None = None
) -> None:
    """Raise InvalidError naming what of the organisation an order cannot name on its day."""
    if problems := list(named_problems(named, business_unit, cost_centre, day, project)):
        raise InvalidError(
            "organisation_not_valid", "The order names what is not there on its day.", errors=problems
        )


def named_problems(
    named: Named, business_unit: str, cost_centre: str, day: date, project: str | None = None
) -> Iterator[FieldError]:
    """Yield what of the organisation a document cannot name on its day."""
    yield from _problems(named, business_unit, cost_centre, day)
    if project is not None:
        yield from _project_problems(named, business_unit, project, day)


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


def _project_problems(named: Named, business_unit: str, project: str, day: date) -> Iterator[FieldError]:
    if named.project is None:
        yield FieldError("/project", f"no project {project} exists; PUT /v1/projects/{project} creates it")
    elif named.project_of not in {None, business_unit}:
        yield FieldError("/project", f"belongs to the business unit {named.project_of}")
    elif why := why_not_valid(named.project_from, named.project_to, day):
        yield FieldError("/project", why)
