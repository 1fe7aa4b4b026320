"""Routes of the organisation: business units, cost centres and projects."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from procurement.organisation import commands, model, queries
from procurement.organisation.queries import CENTRES, PROJECTS, UNITS
from procurement.organisation.views import (
    BusinessUnit,
    BusinessUnitIn,
    ChargedIn,
    CostCentre,
    CostCentreIn,
    Project,
)
from procurement.stated import stated_as
from purveyor.auth import Principal, requires
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatchWhenPresent, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1", tags=["organisation"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:organisation:read")]
Writer = Annotated[Principal, requires("procurement:organisation:write", Role.ADMIN)]


@router.put(
    "/business-units/{code}",
    summary="Create or change a business unit",
    responses={201: {"model": BusinessUnit, "description": "Created"}},
)
async def put_business_unit(
    code: Code, body: BusinessUnitIn, response: Response, tx: Tx, by: Writer, seen: IfMatchWhenPresent = None
) -> BusinessUnit:
    """Create a business unit, or change one (with its ETag); repeating what is already so changes nothing.

    One that is no more is given its last day; it is never deleted, because orders name it.
    """
    stated = dict(body) | {
        "letterhead": body.letterhead and body.letterhead.model_dump(mode="json"),
        "electronic": body.electronic and body.electronic.model_dump(mode="json"),
    }
    done = await commands.put_business_unit(tx, code, stated, seen)
    response.status_code = 201 if done.created else 200
    set_etag(response, done.row)
    return BusinessUnit.model_validate(done.row)


@router.get("/business-units/{code}", summary="Read a business unit", responses={200: carries(ETAG)})
async def get_business_unit(code: Code, response: Response, tx: Tx, by: Reader) -> BusinessUnit:
    """Read a business unit."""
    found = await stated_as(tx, model.BusinessUnit, code, NotFoundError("business unit", code))
    set_etag(response, found)
    return BusinessUnit.model_validate(found)


@router.get("/business-units", summary="List business units")
async def list_business_units(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(UNITS, BusinessUnit)]
) -> Page[BusinessUnit]:
    """List business units, by their codes unless another order is asked for."""
    return asked.page(await queries.find_business_units(tx, asked), BusinessUnit.model_validate)


@router.put(
    "/cost-centres/{code}",
    summary="Create or change a cost centre",
    responses={201: {"model": CostCentre, "description": "Created"}},
)
async def put_cost_centre(
    code: Code, body: CostCentreIn, response: Response, tx: Tx, by: Writer, seen: IfMatchWhenPresent = None
) -> CostCentre:
    """Create a cost centre, or change one (with its ETag); repeating what is already so changes nothing."""
    done = await commands.put_charged(tx, model.CostCentre, code, dict(body), seen)
    response.status_code = 201 if done.created else 200
    set_etag(response, done.row)
    return CostCentre.model_validate(done.row)


@router.get("/cost-centres/{code}", summary="Read a cost centre", responses={200: carries(ETAG)})
async def get_cost_centre(code: Code, response: Response, tx: Tx, by: Reader) -> CostCentre:
    """Read a cost centre."""
    found = await stated_as(tx, model.CostCentre, code, NotFoundError("cost centre", code))
    set_etag(response, found)
    return CostCentre.model_validate(found)


@router.get("/cost-centres", summary="List cost centres")
async def list_cost_centres(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(CENTRES, CostCentre)]
) -> Page[CostCentre]:
    """List cost centres, by their codes unless another order is asked for."""
    return asked.page(await queries.find_cost_centres(tx, asked), CostCentre.model_validate)


@router.put(
    "/projects/{code}",
    summary="Create or change a project",
    responses={201: {"model": Project, "description": "Created"}},
)
async def put_project(
    code: Code, body: ChargedIn, response: Response, tx: Tx, by: Writer, seen: IfMatchWhenPresent = None
) -> Project:
    """Create a project, or change one (with its ETag); repeating what is already so changes nothing."""
    done = await commands.put_charged(tx, model.Project, code, dict(body), seen)
    response.status_code = 201 if done.created else 200
    set_etag(response, done.row)
    return Project.model_validate(done.row)


@router.get("/projects/{code}", summary="Read a project", responses={200: carries(ETAG)})
async def get_project(code: Code, response: Response, tx: Tx, by: Reader) -> Project:
    """Read a project."""
    found = await stated_as(tx, model.Project, code, NotFoundError("project", code))
    set_etag(response, found)
    return Project.model_validate(found)


@router.get("/projects", summary="List projects")
async def list_projects(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(PROJECTS, Project)]
) -> Page[Project]:
    """List projects, by their codes unless another order is asked for."""
    return asked.page(await queries.find_projects(tx, asked), Project.model_validate)
