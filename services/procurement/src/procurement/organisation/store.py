"""The organisation in SQL: what orders may know of it, declared here for them to compose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from procurement.organisation.model import CostCentre
from procurement.organisation.rules import Named
from purveyor.db import Transaction
from purveyor.sql import Statement

NAMED = """
SELECT unit.code AS unit, unit.valid_from AS unit_from, unit.valid_to AS unit_to,
       centre.code AS centre, centre.business_unit AS centre_of, centre.valid_from AS centre_from,
       centre.valid_to AS centre_to,
       project.code AS project, project.business_unit AS project_of, project.valid_from AS project_from,
       project.valid_to AS project_to
FROM (SELECT) AS order_of
LEFT JOIN business_unit AS unit ON unit.code = {business_unit}
LEFT JOIN cost_centre AS centre ON centre.code = {cost_centre}
LEFT JOIN project ON project.code = {project}
"""
"""A business unit, a cost centre and a project that an order names; what does not exist is null."""

FIND_NAMED = Statement(
    Named, NAMED, business_unit=":business_unit", cost_centre=":cost_centre", project=":project"
)


async def named(tx: Transaction, business_unit: str, cost_centre: str, project: str | None) -> Named:
    """Return what is known of a business unit, a cost centre and a project, if one is named."""
    return await FIND_NAMED.one(
        tx.connection, business_unit=business_unit, cost_centre=cost_centre, project=project
    )


async def managers_of(tx: Transaction, cost_centres: Collection[str]) -> Mapping[str, str | None]:
    """Return the manager of each cost centre by their codes; None where none is stated."""
    if not cost_centres:
        return {}
    wanted = select(CostCentre.code, CostCentre.manager).where(CostCentre.code.in_(cost_centres))
    known = {row.code: row.manager for row in await tx.session.execute(wanted)}
    return {code: known.get(code) for code in cost_centres}


@dataclass(frozen=True, slots=True)
class ChargedTo:
    """A cost centre or a project, with its days."""

    kind: str
    code: str
    valid_from: date | None
    valid_to: date | None


CHARGED_TO = Statement(
    ChargedTo,
    """
    SELECT 'cost_centre' AS kind, code, valid_from, valid_to FROM cost_centre
    WHERE code = ANY(:cost_centres::text[])
    UNION ALL
    SELECT 'project', code, valid_from, valid_to FROM project WHERE code = ANY(:projects::text[])
    """,
)


async def charged_to(
    tx: Transaction, cost_centres: Collection[str], projects: Collection[str]
) -> dict[tuple[str, str], ChargedTo]:
    """Return cost centres and projects that there are, by their kinds and codes."""
    found = await CHARGED_TO.all(tx.connection, cost_centres=list(cost_centres), projects=list(projects))
    return {(one.kind, one.code): one for one in found}
