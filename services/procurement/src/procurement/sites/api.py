"""Routes of sites."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.postal import Gln, PostalAddress
from procurement.sites import commands, model, queries
from procurement.sites.views import SITE, Site
from procurement.stated import stated_as
from purveyor.auth import Principal, requires
from purveyor.countries import Country
from purveyor.days import Day
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatchWhenPresent, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, Name
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1/sites", tags=["sites"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:sites:read")]


class SiteIn(BaseModel):
    """A site as the organisation states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SITE]})

    name: Name
    country: Country
    time_zone: Code = Field(description="IANA name; its days are the site's business days")
    address: PostalAddress | None = Field(default=None, description="Where goods are delivered")
    gln: Gln | None = None
    valid_from: Day | None = Field(default=None, description="The first day on which orders may name it")
    valid_to: Day | None = Field(default=None, description="The last day on which orders may name it")


@router.put(
    "/{code}",
    summary="Create or change a site",
    responses={201: {"model": Site, "description": "Created"}},
)
async def put_site(
    code: Code,
    body: SiteIn,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires("procurement:sites:write", Role.BUYER, Role.ADMIN)],
    seen: IfMatchWhenPresent = None,
) -> Site:
    """Create a site, or change one (with its ETag); repeating what is already so changes nothing."""
    stated = dict(body) | {"address": body.address and body.address.model_dump(mode="json")}
    done = await commands.put_site(tx, code, stated, seen)
    response.status_code = 201 if done.created else 200
    set_etag(response, done.row)
    return Site.model_validate(done.row)


@router.get("/{code}", summary="Read a site", responses={200: carries(ETAG)})
async def get_site(code: Code, response: Response, tx: Tx, by: Reader) -> Site:
    """Read a site."""
    site = await stated_as(tx, model.Site, code, NotFoundError("site", code))
    set_etag(response, site)
    return Site.model_validate(site)


@router.get("", summary="List sites")
async def list_sites(tx: Tx, by: Reader, asked: Annotated[Listed, listed(queries.SITES, Site)]) -> Page[Site]:
    """List sites, by their codes unless another order is asked for."""
    return asked.page(await queries.find_sites(tx, asked), Site.model_validate)
