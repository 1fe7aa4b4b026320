"""What can be done with sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procurement.periods import check_period
from procurement.sites import store
from procurement.sites.model import Site
from procurement.stated import Put, locked, state
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.versions import Seen


async def put_site(tx: Transaction, code: str, stated: Mapping[str, Any], seen: Seen | None) -> Put[Site]:
    """Create a site, or change it as its caller saw it."""
    check_period(stated["valid_from"], stated["valid_to"])
    await _check_time_zone(tx, stated["time_zone"])
    known = await locked(tx, Site, [code])
    done = await state(tx, Site, known, code, stated, seen)
    if done.created or done.changed:
        done.row.note_author(tx.actor)
    await tx.flush()
    return done


async def _check_time_zone(tx: Transaction, name: str) -> None:
    """Raise InvalidError unless PostgreSQL, which counts the site's days, knows a time zone."""
    if not await store.is_time_zone(tx, name):
        raise InvalidError(
            "time_zone_unknown",
            f"{name!r} is not a name of the IANA time zone database, such as Europe/Berlin.",
            errors=[FieldError("/time_zone", "not an IANA time zone")],
        )
