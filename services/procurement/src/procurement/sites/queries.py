"""Reads of sites."""

from __future__ import annotations

from sqlalchemy import select

from procurement.sites.model import Site
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.pages import PageRequest, Sort

BY_CODE = Sort("code", Site.code)


async def site_with(tx: Transaction, code: str) -> Site:
    """Return a site; raises NotFoundError when there is none."""
    site = await tx.session.get(Site, code)
    if site is None:
        raise NotFoundError("site", code)
    return site


async def find_sites(tx: Transaction, page: PageRequest) -> list[Site]:
    """Return sites by their codes."""
    return list(await tx.session.scalars(BY_CODE.select(select(Site), page)))
