"""What can be done with the organisation: its parts are stated, and never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from procurement.organisation.model import BusinessUnit, CostCentre, Project
from procurement.people import store as people
from procurement.people.commands import expect_not_above
from procurement.periods import check_period
from procurement.stated import Put, put
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.versions import Seen

ChargedT = TypeVar("ChargedT", CostCentre, Project)


async def put_business_unit(
    tx: Transaction, code: str, stated: Mapping[str, Any], seen: Seen | None
) -> Put[BusinessUnit]:
    """Create a business unit, or change it as its caller saw it."""
    check_period(stated["valid_from"], stated["valid_to"])
    return await put(tx, BusinessUnit, code, stated, seen)


async def put_charged(
    tx: Transaction, kind: type[ChargedT], code: str, stated: Mapping[str, Any], seen: Seen | None
) -> Put[ChargedT]:
    """Create a cost centre or a project, or change it as its caller saw it."""
    check_period(stated["valid_from"], stated["valid_to"])
    unit = stated["business_unit"]
    if unit is not None and await tx.session.get(BusinessUnit, unit) is None:
        raise InvalidError(
            "business_unit_unknown",
            f"No business unit {unit} exists; PUT /v1/business-units/{unit} creates it.",
            errors=[FieldError("/business_unit", "not a known business unit")],
        )
    manager = stated.get("manager")
    if manager is not None and not await people.is_there(tx, manager):
        raise InvalidError(
            "person_unknown",
            f"No person {manager} exists; PUT /v1/people/{manager} creates one.",
            errors=[FieldError("/manager", "not a known person")],
        )
    done = await put(tx, kind, code, stated, seen)
    before = None if done.created else done.changed.get("manager", manager)
    await expect_not_above(tx, manager, before)
    return done
