"""What can be done with sites."""

from __future__ import annotations

from procurement.sites import store
from procurement.sites.model import Site
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, PreconditionFailedError, PreconditionRequiredError
from purveyor.versions import Seen, expect_version, named


async def put_site(
    tx: Transaction, code: str, name: str, country: str, time_zone: str, seen: Seen | None
) -> tuple[Site, bool]:
    """Create a site, or change it as its caller saw it; return it and whether it is new.

    Saying again what is already so needs no ETag and changes nothing.
    """
    await _check_time_zone(tx, time_zone)
    stated = {"name": name, "country": country, "time_zone": time_zone}
    site = await store.lock(tx, code)
    if site is None:
        if seen is not None:
            raise PreconditionFailedError(
                "changed_meanwhile", f"There is no site {code}, and you saw {named(seen)}."
            )
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
    """Raise InvalidError unless PostgreSQL, which counts the site's days, knows a time zone."""
    if not await store.is_time_zone(tx, name):
        raise InvalidError(
            "time_zone_unknown",
            f"{name!r} is not a name of the IANA time zone database, such as Europe/Berlin.",
            errors=[FieldError("/time_zone", "not an IANA time zone")],
        )
