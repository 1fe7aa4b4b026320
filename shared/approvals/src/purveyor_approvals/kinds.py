"""What a service says to have its documents approved: their kinds, its people, its policy, its events."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from purveyor.db import Transaction
from purveyor.policies import Policy
from purveyor_approvals.rules.assigning import Directory, Person
from purveyor_approvals.rules.content import Content
from purveyor_approvals.rules.policy import ApprovalPolicy, Step
from purveyor_messaging.envelope import Event, Restated


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as it is handed in: all that a policy looks at, and all that is approved of it.

    `amount` is what it comes to, in `currency`. `authors` are the subjects of all who wrote any of it: none
    of them decides. Documents with one `thread` say the same thing one after the other (an order and its
    amendments): what was approved of one counts for the next. `suppliers` are all ids of the supplier, or of
    its group, `categories` those of the lines, `within` these and all that they lie in.
    """

    id: UUID
    number: str
    amount: Decimal
    currency: str
    authors: Collection[str]
    content: Content
    thread: UUID | None = None
    business_unit: str | None = None
    cost_centres: Collection[str] = ()
    categories: Collection[str] = ()
    within: Collection[str] = ()
    site: str | None = None
    supplier_id: UUID | None = None
    suppliers: Collection[UUID] = ()
    supplier_risk: str | None = None
    supplier_grade: str | None = None
    on_contract: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an approval: `by` is the subject of who decided last, None where it was withdrawn."""

    approval_id: UUID
    by: str
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of document, and what happens to one as its approval goes on.

    All functions run in the transaction of what causes them. `lock` locks the document, before its approval
    is: it is called first by whoever decides. `approved` and `rejected` let the document stand where that
    leads, and may refuse. `kept_apart` returns who does not decide it, beside its authors, by the reason why.

    `undecided` are the steps as long as no policy speaks of the kind; None leaves it to the document's own
    approval of old, and with none () it is refused.
    """

    name: str
    path: str
    """Where it is read, such as `/v1/requisitions/{id}`; `{thread}` is what it says the same as."""
    lock: Callable[[Transaction, UUID], Awaitable[object]]
    approved: Callable[[Transaction, UUID, Outcome], Awaitable[None]]
    rejected: Callable[[Transaction, UUID, Outcome], Awaitable[None]]
    kept_apart: Callable[[Transaction, UUID], Awaitable[Mapping[str, Collection[str]]]]
    undecided: tuple[Step, ...] | None = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which people a plan needs: named ones, groups, managers of cost centres, and who hands it in.

    Limits are wanted in a currency, converted by the rates of a day.
    """

    currency: str
    day: date
    people: Collection[str] = ()
    groups: Collection[str] = ()
    cost_centres: Collection[str] = ()
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works: whose holidays count, and whose clock."""

    country: str
    time_zone: str


class Organisation(Protocol):
    """What a service knows of its people, their sites, and what amounts are worth."""

    async def directory(self, tx: Transaction, wanted: Wanted) -> Directory:
        """Return people with all who stand above them; what nobody knows is left out."""
        ...

    async def person_of(
        self, tx: Transaction, subject: str, currency: str | None, day: date
    ) -> Person | None:
        """Return who somebody with a token is, their limit in a currency where one is asked; None: nobody."""
        ...

    async def converted(
        self, tx: Transaction, amount: Decimal, currency: str, into: str, day: date
    ) -> Decimal:
        """Return what an amount is worth on a day; raises InvalidError where no rate says so."""
        ...

    async def place(self, tx: Transaction, site: str | None) -> Place:
        """Return where a site is; of none, where the organisation counts its days."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """The service's own events of approvals."""

    requested: type[Event]
    reminded: type[Event]
    escalated: type[Event]
    decided: type[Event]
    restated: type[Restated]

    def all(self) -> tuple[type[Event], ...]:
        """Return all that are published."""
        return (self.requested, self.reminded, self.escalated, self.decided, self.restated)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approving:
    """How a service approves: its policy, its people, its events."""

    policy: Policy[ApprovalPolicy]
    organisation: Organisation
    events: Events


@dataclass(frozen=True, slots=True)
class Kinds:
    """All kinds of document that a service has approved, by name."""

    approving: Approving
    by_name: Mapping[str, Kind] = field(default_factory=dict)

    @classmethod
    def of(cls, approving: Approving, *kinds: Kind) -> Kinds:
        """Return kinds by their names."""
        return cls(approving, {kind.name: kind for kind in kinds})
