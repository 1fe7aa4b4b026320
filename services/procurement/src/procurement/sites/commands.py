"""What can be done with sites."""

from __future__ import annotations

import asyncpg
from sqlalchemy import func, select

from procurement.sites.model import Site
from procurement.sites.rules import time_zones
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, PreconditionRequiredError
from purveyor.http.preconditions import expect_version


async def put_site(
    tx: Transaction, code: str, name: str, country: str, time_zone: str, seen: int | None
) -> tuple[Site, bool]:
    """Create a site, or change it as its caller saw it; return it and whether it is new.

    Saying again what is already so needs no ETag and changes nothing.
    """
    await _check_time_zone(tx, time_zone)
    stated = {"name": name, "country": country, "time_zone": time_zone}
    await tx.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"site {code}", 0))))
    site = await tx.session.get(Site, code, with_for_update=True)
    if site is None:
        site = Site(code=code, version=1, **stated)
        tx.session.add(site)
        tx.audit("create", "site", code, after=stated)
        await tx.flush()
        return site, True
    before = {name: getattr(site, name) for name in stated}
    if seen is None and before != stated:
        raise PreconditionRequiredError(
            "if_match_required", "The site exists and differs: send If-Match with the ETag that you saw."
        )
    if seen is not None:
        expect_version(site, seen)
    if before != stated:
        for field, value in stated.items():
            setattr(site, field, value)
        site.version += 1
        tx.audit("change", "site", code, before=before, after=stated)
        await tx.flush()
    return site, False


async def _check_time_zone(tx: Transaction, name: str) -> None:
    """Raise InvalidError unless both this program and the database know a time zone."""
    try:
        if name not in time_zones():
            raise ValueError
        async with tx.connection.transaction():
            await tx.connection.fetchval("SELECT $1::timestamptz AT TIME ZONE $2", tx.now, name)
    except (ValueError, asyncpg.InvalidParameterValueError):
        raise InvalidError(
            "time_zone_unknown",
            f"{name!r} is not a name of the IANA time zone database, such as Europe/Berlin.",
            errors=[FieldError("/time_zone", "not an IANA time zone")],
        ) from None
