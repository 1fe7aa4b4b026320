"""What can be done with people: they are stated, and never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procurement.people import store
from procurement.people.model import Person
from procurement.people.rules import check_line, check_not_their_own
from procurement.periods import check_period
from procurement.sites import store as sites
from procurement.stated import LOCK, Put, put
from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import FieldError, InvalidError
from purveyor.versions import Seen

LINES = "managers' lines"
"""No two change who stands above whom at once: together they might close a circle that neither sees."""


async def put_person(tx: Transaction, code: str, stated: Mapping[str, Any], seen: Seen | None) -> Put[Person]:
    """State somebody, or change them as their caller saw it.

    Raises InvalidError for a manager who is not known or stands below, a site that is not, and a subject that
    is another's; ForbiddenError for who states what they themselves may approve.
    """
    check_period(stated["valid_from"], stated["valid_to"])
    await LOCK.all(tx.connection, keys=[LINES])
    manager, site, subject = stated["manager"], stated["site"], stated["subject"]
    problems = []
    if manager is not None and manager != code and not await store.is_there(tx, manager):
        problems.append(FieldError("/manager", f"no person {manager} exists; PUT /v1/people/{manager} does"))
    if site is not None and await sites.place(tx, site) is None:
        problems.append(FieldError("/site", f"no site {site} exists; PUT /v1/sites/{site} creates it"))
    for other in await store.with_subject(tx, subject):
        if other.code != code:
            problems.append(FieldError("/subject", f"is who {other.code} is in tokens"))
    if problems:
        raise InvalidError("person_invalid", "The person cannot be so.", errors=problems)
    above = await store.with_all_above(tx, [] if manager is None else [manager])
    check_line(code, manager, {one.code: one.manager for one in above.values()})
    done = await put(tx, Person, code, stated, seen)
    before = {name: stated[name] for name in stated} | dict(done.changed)
    await expect_not_above(tx, manager, None if done.created else before["manager"])
    check_not_their_own(tx.actor, None if done.created else before, stated)
    return done


async def expect_not_above(tx: Transaction, manager: str | None, before: str | None) -> None:
    """Raise ForbiddenError for who puts themselves above somebody, or in charge of what is charged."""
    if manager is None or manager == before:
        return
    expect_another(
        tx.actor,
        {one.subject for one in await store.with_subject(tx, tx.actor) if one.code == manager},
        "Nobody states that they themselves are the manager.",
    )
