"""Somebody lets another decide in their place for a while."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from purveyor import policies
from purveyor.auth import Principal
from purveyor.db import Transaction, new_id
from purveyor.duties import CODE
from purveyor.errors import ConflictError, FieldError, ForbiddenError, InvalidError, NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_approvals import store
from purveyor_approvals.kinds import Approving, Wanted
from purveyor_approvals.model import Delegation
from purveyor_approvals.rules.delegating import Deputy, circle

DELEGATION = "approval_delegation"
LONGEST = timedelta(days=366)


async def delegate(
    tx: Transaction,
    approving: Approving,
    by: Principal,
    *,
    person: str,
    delegate: str,
    valid_from: date,
    valid_to: date,
    reason: str,
    for_others: bool,
) -> Delegation:
    """Let one decide in another's place from a day to a day.

    One's own place, or with `for_others` anybody's. Raises InvalidError for a circle, a period that is over
    or too long, and for a deputy who is not there on all of its days or approves nothing.
    """
    currency = (await policies.history(tx, approving.policy)).in_force(tx.day).value.currency
    await store.one_after_the_other(tx, "delegations")
    people = {}
    for day in (valid_from, valid_to):
        wanted = Wanted(currency=currency, day=day, people={person, delegate}, subject=by.subject)
        directory = await approving.organisation.directory(tx, wanted)
        people[day] = directory.people
    if not for_others and directory.author != person:
        raise ForbiddenError("not_your_own", "One gives one's own place away; an administrator anybody's.")
    if directory.author == delegate != person:
        raise ForbiddenError(CODE, "Nobody makes themselves the deputy of another.")
    problems = _problems(tx.day, person, delegate, valid_from, valid_to)
    for name, code in (("person", person), ("delegate", delegate)):
        there = [day for day, known in people.items() if code in known and known[code].there]
        if len(there) < len(people):
            problems.append(FieldError(f"/{name}", f"{code} is not one of the people in all of these days"))
    deputy = people[valid_to].get(delegate)
    if deputy is not None and deputy.limit == 0:
        problems.append(FieldError("/delegate", f"{delegate} may approve nothing"))
    if problems:
        raise InvalidError("delegation_not_possible", "Nobody can be a deputy so.", errors=problems)
    new = Deputy(person, delegate, valid_from, valid_to)
    if (way := circle(new, await store.deputies(tx, valid_from))) is not None:
        raise InvalidError(
            "delegation_circle",
            f"It would go round: {' → '.join(way)}.",
            errors=[FieldError("/delegate", "leads back to who gives the place away")],
        )
    row = Delegation(
        id=new_id(),
        person=person,
        delegate=delegate,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        created_by=tx.actor,
        created_at=tx.now,
    )
    tx.session.add(row)
    await tx.flush()
    stated = {"person": person, "delegate": delegate, "valid_from": valid_from, "valid_to": valid_to}
    tx.audit("create", DELEGATION, row.id, after=stated, reason=reason)
    return row


def _problems(today: date, person: str, delegate: str, valid_from: date, valid_to: date) -> list[FieldError]:
    problems = []
    if person == delegate:
        problems.append(FieldError("/delegate", "is who gives the place away"))
    if valid_to < valid_from:
        problems.append(FieldError("/valid_to", f"lies before valid_from, {valid_from}"))
    elif valid_to < today:
        problems.append(FieldError("/valid_to", f"is over; today is {today}"))
    elif valid_to - valid_from > LONGEST:
        problems.append(FieldError("/valid_to", "lies more than a year after valid_from"))
    return problems


async def end_delegation(
    tx: Transaction, approving: Approving, delegation_id: UUID, seen: Seen, by: Principal, *, for_others: bool
) -> Delegation:
    """Take one's place back at once; what was decided in it stays."""
    await store.one_after_the_other(tx, "delegations")
    found = await tx.session.scalars(
        select(Delegation).where(Delegation.id == delegation_id).with_for_update()
    )
    row = found.one_or_none()
    if row is None:
        raise NotFoundError("delegation", delegation_id)
    expect_version(row, seen)
    me = await approving.organisation.person_of(tx, by.subject, None, tx.day)
    if not for_others and (me is None or me.code != row.person):
        raise ForbiddenError("not_your_own", "One takes one's own place back; an administrator anybody's.")
    if row.ended_by is not None or row.valid_to < tx.day:
        raise ConflictError("wrong_state", "It is over.", allowed=[])
    row.ended_by = tx.actor
    before = {"valid_from": row.valid_from, "valid_to": row.valid_to}
    await tx.flush()
    tx.audit("end", DELEGATION, row.id, before=before)
    return row
