"""Reads of sites."""

from __future__ import annotations

from sqlalchemy import select

from procurement.sites.model import Site
from purveyor.countries import Country
from purveyor.db import Transaction
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find
from purveyor.texts import Code

SITES = Listing(
    name="sites",
    id=Site.code,
    id_name="code",
    id_kind=Code,
    filters=(
        equal("country", Country, Site.country, "Where it is", example="DE"),
        equal("time_zone", Code, Site.time_zone, "Whose days are its days", example="Europe/Berlin"),
    ),
    sorts=(*both_ways("code", Site.code), *both_ways("name", Site.name, Site.code)),
    changed=Site.changed_in,
)


async def site_called(tx: Transaction, code: str) -> Site | None:
    """Return a site; None where there is none."""
    return await tx.session.get(Site, code)


async def find_sites(tx: Transaction, asked: Asked) -> Found[Site]:
    """Return a page of sites."""
    return await find(tx, select(Site), asked)
