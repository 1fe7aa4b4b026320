"""People in SQL: looked for by what an approval needs, each with all who stand above."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from procurement.people.model import Person
from purveyor.db import Transaction
from purveyor.sql import Statement, only

ABOVE: Statement[str] = Statement(
    only,
    """
    WITH RECURSIVE line AS (
      SELECT code, manager FROM person
      WHERE code = ANY(:people::text[]) OR groups && :groups::text[] OR subject = :subject
      UNION
      SELECT above.code, above.manager FROM line JOIN person AS above ON above.code = line.manager
    )
    SELECT code FROM line
    """,
)
"""Those who are asked for, and all who stand above them, each once: no circle goes round for ever."""


async def with_all_above(
    tx: Transaction, people: Collection[str], groups: Collection[str] = (), subject: str | None = None
) -> Mapping[str, Person]:
    """Return people by codes, by groups and by the subject of a token, with all who stand above them."""
    codes = await ABOVE.all(tx.connection, people=list(people), groups=list(groups), subject=subject)
    found = await tx.session.scalars(select(Person).where(Person.code.in_(codes)).order_by(Person.code))
    return {person.code: person for person in found}


async def with_subject(tx: Transaction, subject: str) -> Sequence[Person]:
    """Return who somebody with a token is: one of the people, or nobody."""
    return (await tx.session.scalars(select(Person).where(Person.subject == subject))).all()


async def is_there(tx: Transaction, code: str) -> bool:
    """Whether a code is somebody's."""
    return await tx.session.get(Person, code) is not None
