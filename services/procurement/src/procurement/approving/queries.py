"""What approvals ask of procurement: people with their limits, managers, holidays' sites and rates."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from procurement.organisation import store as organisation
from procurement.people import store as people
from procurement.people.model import Person as PersonRow
from procurement.periods import why_not_valid
from procurement.rates import queries as rates
from procurement.sites import store as sites
from purveyor.db import Transaction
from purveyor.policies import Policy
from purveyor_approvals.kinds import Approving, Events, Place, Wanted
from purveyor_approvals.rules.assigning import Directory, Person
from purveyor_approvals.rules.policy import ApprovalPolicy
from purveyor_contract.events.procurement.approvals import (
    ApprovalDecided,
    ApprovalEscalated,
    ApprovalReminded,
    ApprovalRequested,
    ApprovalRestated,
)

NOWHERE = Place("", "UTC")
"""Where working days are counted of a document for no site: weekends alone are off."""
APPROVALS = Policy(
    "approvals",
    ApprovalPolicy,
    "Which steps of approval documents go through; no version yet: whoever may, as each document says",
    at_once=True,
)


class OurPeople:
    """Procurement's people, sites and rates, as approvals ask for them."""

    async def directory(self, tx: Transaction, wanted: Wanted) -> Directory:
        """Return people with all who stand above them; what nobody knows is left out."""
        managers = await organisation.managers_of(tx, wanted.cost_centres)
        named = {*wanted.people, *(code for code in managers.values() if code is not None)}
        rows = await people.with_all_above(tx, named, wanted.groups, wanted.subject)
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for row in rows.values():
            for group in row.groups:
                groups[group].append(row.code)
        known = {code: await self._person(tx, row, wanted.currency, wanted.day) for code, row in rows.items()}
        author = next((row.code for row in rows.values() if row.subject == wanted.subject), None)
        return Directory(known, managers, groups, author)

    async def person_of(
        self, tx: Transaction, subject: str, currency: str | None, day: date
    ) -> Person | None:
        """Return who somebody with a token is; without a currency nobody's limit is looked at."""
        rows = await people.with_subject(tx, subject)
        return await self._person(tx, rows[0], currency, day) if rows else None

    async def converted(
        self, tx: Transaction, amount: Decimal, currency: str, into: str, day: date
    ) -> Decimal:
        """Return what an amount is worth on a day, by the rates of the European Central Bank."""
        if currency == into:
            return amount
        found = await rates.converted(tx, amount, currency, into, day, source=rates.SOURCE, base=rates.BASE)
        return found.amount

    async def place(self, tx: Transaction, site: str | None) -> Place:
        """Return where a site is."""
        found = None if site is None else await sites.located(tx, site)
        return NOWHERE if found is None else Place(found.country, found.time_zone)

    async def _person(self, tx: Transaction, row: PersonRow, currency: str | None, day: date) -> Person:
        limit = row.limit_amount
        if limit is not None and row.limit_currency is not None and currency is not None:
            limit = await self.converted(tx, limit, row.limit_currency, currency, min(day, tx.day))
        there = why_not_valid(row.valid_from, row.valid_to, day) is None
        return Person(code=row.code, subject=row.subject, manager=row.manager, limit=limit, there=there)


APPROVING = Approving(
    policy=APPROVALS,
    organisation=OurPeople(),
    events=Events(
        requested=ApprovalRequested,
        reminded=ApprovalReminded,
        escalated=ApprovalEscalated,
        decided=ApprovalDecided,
        restated=ApprovalRestated,
    ),
)
