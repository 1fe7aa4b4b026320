"""Policies: what an organisation decides about its own rules, in versions that hold from a day on.

A service declares a policy by a name and a pydantic model, whose defaults are version 0:
`GRACE = Policy("on-time", OnTime, "…", frozenset({"category"}))`. A version's value never changes; an
approval, where the policy asks for one, is written into its row once. A new decision is a new version, for
everything or for a place: a supplier, an item, a category, a site, a business unit, or several of these at
once. In force at a place is the most precise version that covers it and has begun, and of those the latest to
begin.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Generic, Literal, TypeVar, get_args
from uuid import UUID
from weakref import WeakKeyDictionary

from pydantic import BaseModel, TypeAdapter

from purveyor.db import Database, Transaction
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from purveyor.pending import Journal, as_json

KNOWN_FOR_SECONDS = 1.0
"""How long a process goes by what it has read: a version of another process holds here a second later."""

VERSIONS = Journal(
    "policy_version",
    {
        "policy": "text",
        "version": "integer",
        "supplier_id": "uuid",
        "item": "text",
        "category": "text",
        "site": "text",
        "business_unit": "text",
        "valid_from": "date",
        "value": "jsonb",
        "reason": "text",
        "recorded_at": "timestamptz",
        "recorded_by": "text",
        "needs_approval": "boolean",
    },
)
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('purveyor policy ' || $1, 0))"
READ = """
SELECT policy, version AS number, supplier_id, item, category, site, business_unit, valid_from, value, reason,
       recorded_at, recorded_by, needs_approval, approved_by, approved_at
FROM policy_version
"""
APPROVE = "UPDATE policy_version SET approved_by = $3, approved_at = $4 WHERE policy = $1 AND version = $2"
APPROVED_BY_ANOTHER = "Who proposed a version of a policy does not approve it: ask a colleague."
"""Why (COSO: segregation of duties)."""

T = TypeVar("T", bound=BaseModel)
Dimension = Literal["supplier_id", "item", "category", "site", "business_unit"]
"""What a version may be limited in: the fields of a `Place`, the most precise first."""
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something happens, or where a version holds; None is everywhere.

    One dimension that it is limited in counts for more than all behind it together.
    """

    supplier_id: UUID | None = None
    item: str | None = None
    category: str | None = None
    site: str | None = None
    business_unit: str | None = None

    @property
    def by(self) -> tuple[Dimension, ...]:
        """The dimensions that it is limited in, the most precise first."""
        return tuple(name for name in DIMENSIONS if getattr(self, name) is not None)

    @property
    def precision(self) -> tuple[bool, ...]:
        """How precise it is: comparable with other places."""
        return tuple(getattr(self, name) is not None for name in DIMENSIONS)

    def within(self, by: Sequence[Dimension]) -> Place:
        """Return the place that it lies in, limited in some dimensions only."""
        return Place(**{name: getattr(self, name) for name in by})

    def covers(self, other: Place) -> bool:
        """Whether everything that happens at the other place happens here too."""
        return other.within(self.by) == self

    def shown(self) -> dict[str, Any]:
        """Return what it is limited to, by dimension, each of them."""
        return {name: getattr(self, name) for name in DIMENSIONS}


EVERYWHERE = Place()


@dataclass(frozen=True, slots=True)
class Policy(Generic[T]):
    """What an organisation may decide; `by` are the dimensions that a version may be limited in."""

    name: str
    model: type[T]
    summary: str
    by: frozenset[Dimension] = frozenset()
    at_once: bool = False
    """Whether a version may begin today, whatever was judged today: it looks at nothing of days before, and
    what it judged says by which version."""


@dataclass(frozen=True, slots=True)
class Version(Generic[T]):
    """One decision; 0 is nobody's, the default."""

    number: int
    place: Place
    valid_from: date
    value: T
    reason: str | None = None
    recorded_at: datetime | None = None
    recorded_by: str | None = None
    needs_approval: bool = False
    approved_by: str | None = None
    approved_at: datetime | None = None

    @property
    def version(self) -> int:
        """Its number, as an ETag names it."""
        return self.number

    @property
    def is_proposed(self) -> bool:
        """Whether it waits for another's approval, and is not in force on any day."""
        return self.needs_approval and self.approved_by is None


@dataclass(frozen=True, slots=True)
class History(Generic[T]):
    """All versions of a policy, those that take precedence first; the default comes last.

    Those that wait for approval stand apart: nothing is judged by them.
    """

    policy: Policy[T]
    versions: tuple[Version[T], ...]
    proposed: tuple[Version[T], ...]
    by_place: Mapping[tuple[Dimension, ...], Mapping[Place, Sequence[Version[T]]]]
    """The same by what their places are limited in, and by place: of suppliers and items there are many."""

    @classmethod
    def of(cls, policy: Policy[T], recorded: Sequence[Version[T]]) -> History[T]:
        """Put the versions of a policy in order, the default behind them."""
        default = Version(0, EVERYWHERE, date.min, policy.model())
        decided = [version for version in recorded if not version.is_proposed]
        ordered = sorted(decided, key=lambda v: (v.place.precision, v.valid_from, v.number), reverse=True)
        versions = (*ordered, default)
        by_place: dict[tuple[Dimension, ...], dict[Place, list[Version[T]]]] = {}
        for version in versions:
            by_place.setdefault(version.place.by, {}).setdefault(version.place, []).append(version)
        return cls(policy, versions, tuple(v for v in recorded if v.is_proposed), by_place)

    @property
    def version(self) -> int:
        """The number of the version recorded last."""
        return max(version.number for version in (*self.versions, *self.proposed))

    def in_force(self, on: date, place: Place = EVERYWHERE) -> Version[T]:
        """Return the version that holds on a day at a place."""
        named = frozenset(place.by)
        covering = (
            version
            for by, versions in self.by_place.items()
            if named.issuperset(by)
            for version in versions.get(place.within(by), ())
        )
        return next(version for version in covering if version.valid_from <= on)

    def all_in_force(self, on: date) -> list[Version[T]]:
        """Return every version that holds somewhere on a day, the most general first."""
        places = {version.place for version in self.versions}
        holding = {(version := self.in_force(on, place)).number: version for place in places}
        return [version for version in reversed(self.versions) if version.number in holding]

    def newest(self, on: date) -> int:
        """Return the highest number of a version that has begun by a day."""
        return max(version.number for version in self.versions if version.valid_from <= on)


@dataclass(frozen=True, slots=True)
class _Known:
    read_at: float
    rows: Sequence[Mapping[str, Any]]
    histories: dict[str, History[Any]] = field(default_factory=dict)


_known: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()


async def history(tx: Transaction, policy: Policy[T]) -> History[T]:
    """Return a policy's versions to judge by, as this process has read them less than a second ago."""
    known = _known.get(tx.database)
    if known is None or time.monotonic() - known.read_at > KNOWN_FOR_SECONDS:
        read_at = time.monotonic()
        known = _Known(read_at, [dict(row) for row in await tx.connection.fetch(READ)])
        _known[tx.database] = known
    if policy.name not in known.histories:
        rows = [row for row in known.rows if row["policy"] == policy.name]
        known.histories[policy.name] = _history_of(policy, rows)
    return known.histories[policy.name]


async def read(tx: Transaction, policy: Policy[T]) -> History[T]:
    """Return a policy's versions as they are in the database now."""
    rows = await tx.connection.fetch(READ + "WHERE policy = $1", policy.name)
    return _history_of(policy, [dict(row) for row in rows])


async def locked(tx: Transaction, policy: Policy[T]) -> History[T]:
    """Return a policy's versions, and let nobody else record one until this transaction ends."""
    await tx.connection.execute(LOCK, policy.name)
    return await read(tx, policy)


def record(
    tx: Transaction,
    known: History[T],
    value: T,
    *,
    valid_from: date,
    place: Place,
    reason: str,
    judged_until: date | None,
    needs_approval: bool = False,
) -> Version[T]:
    """Record a decision as the next version of a policy whose history is locked.

    One that needs approval is in force on no day until another than who records it has approved it.

    `judged_until` is the last day for which something was judged by the policy: a version may not begin on
    or before it, so that it never changes a judgement. Raises InvalidError for that and for a place that
    the policy knows no difference in.
    """
    policy = known.policy
    for dimension in place.by:
        if dimension not in policy.by:
            everywhere = dimension.removesuffix("_id").replace("_", " ")
            raise InvalidError(
                "policy_not_divided",
                f"The policy {policy.name} is the same for every {everywhere}.",
                errors=[FieldError(f"/{dimension}", "Must be left out")],
            )
    _expect_unjudged(valid_from, judged_until)
    version = Version(known.version + 1, place, valid_from, value, reason, tx.now, tx.actor, needs_approval)
    before = known.in_force(valid_from, place)
    tx.append(VERSIONS, (policy.name, *_columns(version)))
    tx.audit(
        "propose" if needs_approval else "decide",
        "policy",
        policy.name,
        before={"version": before.number, "value": before.value.model_dump(mode="json")},
        after={
            "version": version.number,
            "value": value.model_dump(mode="json"),
            "valid_from": valid_from,
            **place.shown(),
        },
        reason=reason,
    )
    forget(tx.database)
    return version


async def approve(
    tx: Transaction, known: History[T], number: int, *, judged_until: date | None
) -> Version[T]:
    """Approve a proposed version of a policy whose history is locked: from its first day on it is in force.

    Raises NotFoundError, ConflictError when it waits for no approval, ForbiddenError for who proposed it, and
    InvalidError when something was judged meanwhile that it would judge otherwise: propose a later day.
    """
    every = {version.number: version for version in (*known.versions, *known.proposed)}
    version = every.get(number)
    if version is None:
        raise NotFoundError("policy version", str(number))
    if not version.is_proposed:
        raise ConflictError("wrong_state", f"Version {number} waits for no approval.", allowed=[])
    expect_another(tx.actor, [version.recorded_by or ""], APPROVED_BY_ANOTHER)
    _expect_unjudged(version.valid_from, judged_until)
    await tx.connection.execute(APPROVE, known.policy.name, number, tx.actor, tx.now)
    after = {"version": number, "value": version.value.model_dump(mode="json")}
    tx.audit("approve", "policy", known.policy.name, after=after, reason=version.reason)
    forget(tx.database)
    return replace(version, approved_by=tx.actor, approved_at=tx.now)


def _expect_unjudged(valid_from: date, judged_until: date | None) -> None:
    if judged_until is not None and valid_from <= judged_until:
        earliest = judged_until + timedelta(days=1)
        raise InvalidError(
            "already_judged",
            f"What was judged until {judged_until} stays as it is; the first day possible is {earliest}.",
            errors=[FieldError("/valid_from", f"Must be {earliest} or later")],
        )


def forget(database: Database) -> None:
    """Let the next judgement read the versions anew."""
    _known.pop(database, None)


def _history_of(policy: Policy[T], rows: Sequence[Mapping[str, Any]]) -> History[T]:
    read_value = TypeAdapter(policy.model).validate_python
    return History.of(
        policy,
        [
            Version(
                number=row["number"],
                place=Place(**{name: row[name] for name in DIMENSIONS}),
                valid_from=row["valid_from"],
                value=read_value(row["value"]),
                reason=row["reason"],
                recorded_at=row["recorded_at"],
                recorded_by=row["recorded_by"],
                needs_approval=row["needs_approval"],
                approved_by=row["approved_by"],
                approved_at=row["approved_at"],
            )
            for row in rows
        ],
    )


def _columns(version: Version[T]) -> tuple[object, ...]:
    """Return a version's values in the order of the journal's columns, behind the policy's name."""
    return (
        version.number,
        *version.place.shown().values(),
        version.valid_from,
        as_json(version.value.model_dump(mode="json")),
        version.reason,
        version.recorded_at,
        version.recorded_by,
        version.needs_approval,
    )
