"""What people state whole, under a code of their own: created, changed as it was seen, or left as it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Text, inspect, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from procurement.database import Base
from purveyor.db import Transaction
from purveyor.errors import PreconditionFailedError, PreconditionRequiredError, ProblemError
from purveyor.sql import Statement, only
from purveyor.versions import Seen, expect_version, named

LOCK: Statement[None] = Statement(
    only,
    """
    SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) AS locked
    FROM (SELECT DISTINCT key FROM unnest(:keys::text[]) AS key ORDER BY key) AS sorted
    """,
)
"""In the order of the keys, so that two who need the same ones never wait for each other."""


class Stated(Base):
    """What is stated: its code, and its optimistic version (the ETag)."""

    __abstract__ = True

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


RowT = TypeVar("RowT", bound=Stated)


@dataclass(frozen=True, slots=True)
class Put(Generic[RowT]):
    """What became of a statement: the row as it is now, and what of it was different before."""

    row: RowT
    created: bool
    changed: Mapping[str, Any]
    """Of a row that was there: the fields that say something else now, with what they said."""


async def put(
    tx: Transaction, mapped: type[RowT], code: str, stated: Mapping[str, Any], seen: Seen | None
) -> Put[RowT]:
    """Create what has a code, or change it as its caller saw it.

    Saying again what is already so needs no ETag and changes nothing.
    """
    known = await locked(tx, mapped, [code])
    done = await state(tx, mapped, known, code, stated, seen)
    await tx.flush()
    return done


async def locked(tx: Transaction, mapped: type[RowT], codes: Collection[str], *keys: str) -> dict[str, RowT]:
    """Lock what has some codes, and the codes, so that nobody else creates it meanwhile; return it by code.

    Other keys are locked with them: whatever else no two may state at once.
    """
    kind = mapped.__tablename__
    await LOCK.all(tx.connection, keys=[*(f"{kind} {code}" for code in codes), *keys])
    found = await tx.session.scalars(
        select(mapped).where(mapped.code.in_(codes)).order_by(mapped.code).with_for_update()
    )
    return {row.code: row for row in found}


async def state(
    tx: Transaction,
    mapped: type[RowT],
    known: dict[str, RowT],
    code: str,
    stated: Mapping[str, Any],
    seen: Seen | None,
    *,
    overwrite: bool = False,
) -> Put[RowT]:
    """Say what a locked code stands for, or raise why not; the flush is the caller's.

    What the same request has said of it before is flushed first: every change is a version of its own, and
    who states the next one is held to that.

    `overwrite` is for bulk: its rows may be stated by who has seen none of what they change.
    """
    kind = mapped.__tablename__.replace("_", " ")
    row = known.get(code)
    if row is None:
        if seen is not None:
            raise PreconditionFailedError(
                "changed_meanwhile", f"There is no {kind} {code}, and you saw {named(seen)}."
            )
        row = known[code] = mapped(code=code, **stated)
        tx.session.add(row)
        tx.audit("create", mapped.__tablename__, code, after=stated)
        return Put(row, True, {})
    if inspect(row).modified:
        await tx.flush()
    changed = {name: getattr(row, name) for name in stated if getattr(row, name) != stated[name]}
    if seen is not None:
        expect_version(row, seen)
    elif changed and not overwrite:
        raise PreconditionRequiredError(
            "if_match_required",
            f"The {kind} exists and differs: send If-Match with the ETag that you saw.",
        )
    if changed:
        for name in changed:
            setattr(row, name, stated[name])
        after = {name: stated[name] for name in changed}
        tx.audit("change", mapped.__tablename__, code, before=changed, after=after)
    return Put(row, False, changed)


async def stated_as(tx: Transaction, mapped: type[RowT], code: str, absent: ProblemError) -> RowT:
    """Return what has a code; raises what is said when nothing has."""
    found = await tx.session.scalars(select(mapped).where(mapped.code == code))
    row = found.one_or_none()
    if row is None:
        raise absent
    return row
