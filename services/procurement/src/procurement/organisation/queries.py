"""Reads of the organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from procurement.organisation.model import BusinessUnit, CostCentre, Project
from purveyor.db import Transaction
from purveyor.pages import PageRequest, Sort

UNITS = Sort("code", BusinessUnit.code)
CENTRES = Sort("code", CostCentre.code)
PROJECTS = Sort("code", Project.code)


async def find_business_units(
    tx: Transaction, valid_on: date | None, page: PageRequest
) -> list[BusinessUnit]:
    """Return business units by their codes; those of a day, if one is named."""
    statement = select(BusinessUnit).where(*_on(BusinessUnit, valid_on))
    return list(await tx.session.scalars(UNITS.select(statement, page)))


async def find_cost_centres(
    tx: Transaction, business_unit: str | None, valid_on: date | None, page: PageRequest
) -> list[CostCentre]:
    """Return cost centres by their codes; those that a business unit may charge, if one is named."""
    wanted = (*_for(CostCentre, business_unit), *_on(CostCentre, valid_on))
    return list(await tx.session.scalars(CENTRES.select(select(CostCentre).where(*wanted), page)))


async def find_projects(
    tx: Transaction, business_unit: str | None, valid_on: date | None, page: PageRequest
) -> list[Project]:
    """Return projects by their codes; those that a business unit may charge, if one is named."""
    wanted = (*_for(Project, business_unit), *_on(Project, valid_on))
    return list(await tx.session.scalars(PROJECTS.select(select(Project).where(*wanted), page)))


def _on(part: type[BusinessUnit | CostCentre | Project], day: date | None) -> list[ColumnElement[bool]]:
    if day is None:
        return []
    begun: Any = part.valid_from
    ended: Any = part.valid_to
    return [or_(begun.is_(None), begun <= day), or_(ended.is_(None), ended >= day)]


def _for(part: type[CostCentre | Project], business_unit: str | None) -> list[ColumnElement[bool]]:
    if business_unit is None:
        return []
    return [or_(part.business_unit.is_(None), part.business_unit == business_unit)]
