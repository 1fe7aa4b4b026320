"""Imports are of the past, proposed by one person and let in by another.

A proposal consists of the digests of its rows, with the figures that they add up to, counted here and not
claimed by who sends them. Another person approves exactly the digest of all of them, and from then on rows of
that content are let in, once each, and no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, column, select, table

from purveyor.db import Transaction, new_id
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, FieldError, ForbiddenError, InvalidError, NotFoundError
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find
from purveyor.settings import ImportSettings, Settings
from purveyor.sql import Statement, columnwise, only
from purveyor.texts import Line

NOT_LET_IN = "import_not_let_in"


class Status(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A row of a proposal: its digest, and what of it the figures add up.

    `supplier_here` says whether the supplier that it names was here already; None where it is one itself.
    """

    digest: bytes
    kind: str
    supplier: str | None = None
    currency: str | None = None
    amount: Decimal | None = None
    day: date | None = None
    supplier_here: bool | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who proposed an import, and who decided about it."""

    id: UUID
    name: str
    status: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a proposal's rows add up to; `digest` tells them from any others."""

    digest: bytes
    rows: int
    kinds: dict[str, int]
    amounts: dict[str, str]
    suppliers: int
    suppliers_not_here: int
    first_day: date | None
    last_day: date | None
    undated: int


COLUMNS = "id, name, status, proposed_by, proposed_at, decided_by, decided_at, reason"
ROW = Proposed.__slots__

PROPOSE: Statement[UUID] = Statement(
    only,
    """
    INSERT INTO import_proposal (id, name, proposed_by, proposed_at) VALUES (:id, :name, :actor, :now)
    RETURNING id
    """,
)
READ = Statement(Proposal, "SELECT {columns} FROM import_proposal WHERE id = :id", columns=COLUMNS)
TO_ADD = Statement(
    Proposal, "SELECT {columns} FROM import_proposal WHERE id = :id FOR KEY SHARE", columns=COLUMNS
)
TO_DECIDE = Statement(
    Proposal, "SELECT {columns} FROM import_proposal WHERE id = :id FOR UPDATE", columns=COLUMNS
)
ADD = Statement(
    only,
    """
    INSERT INTO import_proposed (proposal_id, digest, kind, supplier, currency, amount, day, supplier_here)
    SELECT :id, row.* FROM unnest(:digest::bytea[], :kind::text[], :supplier::text[], :currency::text[],
                                  :amount::numeric[], :day::date[], :supplier_here::boolean[]) AS row
    ON CONFLICT DO NOTHING
    """,
)
DECIDE = Statement(
    Proposal,
    """
    UPDATE import_proposal SET status = :status, decided_by = :actor, decided_at = :now, reason = :reason
    WHERE id = :id RETURNING {columns}
    """,
    columns=COLUMNS,
)
FIGURES = Statement(
    Figures,
    """
    SELECT sha256(coalesce(string_agg(digest, ''::bytea ORDER BY digest), '')) AS digest,
           count(*) AS rows,
           coalesce((SELECT jsonb_object_agg(kind, number) FROM (
             SELECT kind, count(*) AS number FROM import_proposed WHERE proposal_id = :id GROUP BY kind
           ) AS one), '{{}}') AS kinds,
           coalesce((SELECT jsonb_object_agg(currency, amount) FROM (
             SELECT currency, sum(amount)::text AS amount FROM import_proposed
             WHERE proposal_id = :id AND currency IS NOT NULL GROUP BY currency
           ) AS one), '{{}}') AS amounts,
           count(DISTINCT supplier) AS suppliers,
           count(DISTINCT supplier) FILTER (WHERE NOT supplier_here) AS suppliers_not_here,
           min(day) AS first_day, max(day) AS last_day, count(*) FILTER (WHERE day IS NULL) AS undated
    FROM import_proposed WHERE proposal_id = :id
    """,
)
PROPOSERS = """
SELECT array_agg(DISTINCT proposal.proposed_by) AS people
FROM import_proposed AS row JOIN import_proposal AS proposal ON proposal.id = row.proposal_id
WHERE row.digest = {digest} AND proposal.status = 'approved'
"""
"""Who proposed a row that was let in, and is an author of what comes of it; null: it was not let in."""


def _let_in(digest: bytes, people: list[str]) -> tuple[bytes, list[str]]:
    return digest, people


LET_IN = Statement(
    _let_in,
    """
    SELECT one.digest, proposed.people
    FROM unnest(:digests::bytea[]) AS one (digest) CROSS JOIN LATERAL ({proposers}) AS proposed
    WHERE proposed.people IS NOT NULL
    """,
    proposers=PROPOSERS.format(digest="one.digest"),
)
PROPOSALS = table(
    "import_proposal",
    *(column(name) for name in Proposal.__slots__ if name != "id"),
    column("id", Uuid()),
    column("changed_in", BigInteger()),
)
LISTED = Listing(
    name="imports",
    id=PROPOSALS.c.id,
    filters=(
        equal("status", Status, PROPOSALS.c.status, "Where it stands", example="open"),
        equal("proposed_by", Line, PROPOSALS.c.proposed_by, "Who proposed it", example="mika"),
    ),
    sorts=both_ways("id", PROPOSALS.c.id)[::-1],
    changed=PROPOSALS.c.changed_in,
)


def expect_imports(settings: Settings) -> None:
    """Raise ForbiddenError where imports are switched off."""
    if not isinstance(settings, ImportSettings) or not settings.imports:
        raise ForbiddenError("imports_off", "Imports are switched off here (PURVEYOR_IMPORTS).")


def past_problems(pointer: str, day: date, cut_over: date | None, today: date) -> list[FieldError]:
    """Return what is wrong with a document's day: from the cut-over on, and from today, nothing is imported.

    What happens after the cut-over happens here, under the duties of here.
    """
    if cut_over is not None and day >= cut_over:
        return [FieldError(pointer, f"{day} is not before the cut-over, {cut_over}: enter it here")]
    if day >= today:
        return [FieldError(pointer, f"{day} is not before today, {today}: imports are of the past")]
    return []


def check_past(tx: Transaction, pointer: str, day: date | None, today: date) -> None:
    """Raise InvalidError for a document that is not of the past; a day that nobody knows is none of today."""
    settings = tx.database.settings
    cut_over = settings.import_cut_over if isinstance(settings, ImportSettings) else None
    if day is not None and (problems := past_problems(pointer, day, cut_over, today)):
        raise InvalidError("not_of_the_past", "Imports are of the past.", errors=problems)


async def propose(tx: Transaction, name: str) -> Proposal:
    """Begin a proposal, which has no rows yet."""
    proposal_id = await PROPOSE.one(tx.connection, id=new_id(), name=name, actor=tx.actor, now=tx.now)
    tx.audit("propose", "import", proposal_id, after={"name": name})
    return await read(tx, proposal_id)


async def read(tx: Transaction, proposal_id: UUID) -> Proposal:
    """Return a proposal; raises NotFoundError when there is none."""
    return _existing(await READ.one_or_none(tx.connection, id=proposal_id), proposal_id)


async def find_proposals(tx: Transaction, asked: Asked) -> Found[Proposal]:
    """Return a page of proposals."""
    found = await find(tx, select(*(PROPOSALS.c[name] for name in Proposal.__slots__)), asked)
    return found.each([Proposal(*row[: len(Proposal.__slots__)]) for row in found.rows])


async def figures(tx: Transaction, proposal_id: UUID) -> Figures:
    """Return what a proposal's rows add up to now."""
    return await FIGURES.one(tx.connection, id=proposal_id)


async def add(tx: Transaction, proposal_id: UUID, rows: Sequence[Proposed]) -> None:
    """Add rows to one's own open proposal; a row that it has already is there once."""
    proposal = _existing(await TO_ADD.one_or_none(tx.connection, id=proposal_id), proposal_id)
    _expect_open(proposal)
    if proposal.proposed_by != tx.actor:
        raise ForbiddenError("not_your_proposal", "Who proposes an import sends all of its rows.")
    await ADD.all(tx.connection, columnwise(rows, ROW), id=proposal_id)


async def approve(tx: Transaction, proposal_id: UUID, digest: bytes) -> Proposal:
    """Let rows of a proposal in, whose digest somebody has seen; never who proposed them.

    Raises ConflictError when it has other rows by now.
    """
    proposal = _existing(await TO_DECIDE.one_or_none(tx.connection, id=proposal_id), proposal_id)
    expect_another(tx.actor, {proposal.proposed_by}, "Who proposes an import does not let it in.")
    _expect_open(proposal)
    found = await figures(tx, proposal_id)
    if found.digest != digest:
        raise ConflictError(
            "other_rows",
            "The proposal has other rows than those of this digest: look at its figures again.",
            errors=[FieldError("/digest", f"it is {found.digest.hex()} now")],
        )
    content = {"digest": digest.hex(), "rows": found.rows, "kinds": found.kinds, "amounts": found.amounts}
    return await _decide(tx, proposal_id, Status.APPROVED, None, content)


async def refuse(tx: Transaction, proposal_id: UUID, reason: str) -> Proposal:
    """Refuse a proposal, or take back one's own."""
    _expect_open(_existing(await TO_DECIDE.one_or_none(tx.connection, id=proposal_id), proposal_id))
    return await _decide(tx, proposal_id, Status.REFUSED, reason, {})


async def let_in(tx: Transaction, digests: Sequence[bytes]) -> dict[bytes, list[str]]:
    """Return which of some rows' digests somebody has let in, each with who proposed it."""
    return dict(await LET_IN.all(tx.connection, digests=digests)) if digests else {}


def not_let_in(reference: str) -> ConflictError:
    """Return the refusal of a row that nobody has let in."""
    return ConflictError(
        NOT_LET_IN,
        f"{reference}: an import is proposed by one person and let in by another; nobody has let this in.",
    )


async def _decide(
    tx: Transaction, proposal_id: UUID, status: Status, reason: str | None, content: dict[str, Any]
) -> Proposal:
    action = "approve" if status is Status.APPROVED else "refuse"
    tx.audit(action, "import", proposal_id, after={"status": status, **content}, reason=reason)
    return await DECIDE.one(
        tx.connection, id=proposal_id, status=status, actor=tx.actor, now=tx.now, reason=reason
    )


def _existing(proposal: Proposal | None, proposal_id: UUID) -> Proposal:
    if proposal is None:
        raise NotFoundError("import", proposal_id)
    return proposal


def _expect_open(proposal: Proposal) -> None:
    if proposal.status != Status.OPEN:
        raise ConflictError(
            "wrong_state",
            f"The proposal is {proposal.status}: it takes no more rows, and nobody approves or refuses it.",
            status_now=proposal.status,
            allowed=[],
        )
