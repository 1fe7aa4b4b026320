"""Reads of people, and what their list can be asked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, or_, select

from procurement.people.model import Person
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.lists import Asked, Filter, Found, Listing, both_ways, equal, find
from purveyor.texts import Code


def _there_on(day: date) -> ColumnElement[bool]:
    begun = or_(Person.valid_from.is_(None), Person.valid_from <= day)
    return begun & or_(Person.valid_to.is_(None), Person.valid_to >= day)


PEOPLE = Listing(
    name="people",
    id=Person.code,
    id_name="code",
    id_kind=Code,
    filters=(
        equal("manager", Code, Person.manager, "Whose manager this is", example="mara"),
        Filter(
            name="group",
            kind=Code,
            test=lambda group: Person.groups.contains([group]),
            description="Members of this group",
            example="finance",
        ),
        Filter(name="valid_on", kind=Day, test=_there_on, description="Who is there on this day"),
    ),
    sorts=both_ways("code", Person.code),
    changed=Person.changed_in,
)


async def find_people(tx: Transaction, asked: Asked) -> Found[Person]:
    """Return a page of people."""
    return await find(tx, select(Person), asked)
