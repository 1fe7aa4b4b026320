"""Reads of the organisation, and what its lists can be asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from procurement.organisation.model import BusinessUnit, CostCentre, Project
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.lists import Asked, Filter, Found, Listing, both_ways, find
from purveyor.texts import Code


def _valid_on(part: Any) -> Filter:
    def is_valid(day: date) -> ColumnElement[bool]:
        begun = or_(part.valid_from.is_(None), part.valid_from <= day)
        return begun & or_(part.valid_to.is_(None), part.valid_to >= day)

    return Filter(name="valid_on", kind=Day, test=is_valid, description="What orders of this day may name")


def _charged_by(part: Any) -> Filter:
    return Filter(
        name="business_unit",
        kind=Code,
        test=lambda unit: or_(part.business_unit.is_(None), part.business_unit == unit),
        description="What this business unit may charge: its own, and what is for every unit",
        example="drives",
    )


def _listing(name: str, part: Any, *filters: Filter) -> Listing:
    return Listing(
        name=name,
        id=part.code,
        id_name="code",
        id_kind=Code,
        filters=(*filters, _valid_on(part)),
        sorts=both_ways("code", part.code),
        changed=part.changed_in,
    )


UNITS = _listing("business-units", BusinessUnit)
CENTRES = _listing("cost-centres", CostCentre, _charged_by(CostCentre))
PROJECTS = _listing("projects", Project, _charged_by(Project))


async def business_unit_called(tx: Transaction, code: str) -> BusinessUnit | None:
    """Return a business unit; None where there is none, as orders of the past may name it."""
    return await tx.session.get(BusinessUnit, code)


async def find_business_units(tx: Transaction, asked: Asked) -> Found[BusinessUnit]:
    """Return a page of business units."""
    return await find(tx, select(BusinessUnit), asked)


async def find_cost_centres(tx: Transaction, asked: Asked) -> Found[CostCentre]:
    """Return a page of cost centres."""
    return await find(tx, select(CostCentre), asked)


async def find_projects(tx: Transaction, asked: Asked) -> Found[Project]:
    """Return a page of projects."""
    return await find(tx, select(Project), asked)
