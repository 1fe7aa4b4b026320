"""Takes suppliers of another system by the thousand, in few statements; each of them once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from purveyor import proposals
from purveyor.bulk import BulkOutcome
from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError, InvalidError, ProblemError
from purveyor.imported import SourceKey
from purveyor.proposals import Proposed
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier
from sourcing.categories import commands as categories
from sourcing.suppliers import commands
from sourcing.suppliers.imports.rows import SupplierRow
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.identifiers import canonical_identifiers
from sourcing.suppliers.store import importing
from sourcing.suppliers.store.importing import Holder

LOOKS = 5
"""How often rows are looked at anew because another transaction was quicker."""


async def propose_suppliers(
    tx: Transaction, proposal_id: UUID, rows: Sequence[SupplierRow]
) -> list[BulkOutcome | ProblemError]:
    """Add suppliers to a proposal, but for those that are here."""
    looked_up = await _look_up(tx, rows)
    outcomes: list[BulkOutcome | ProblemError] = []
    proposed = []
    for row in rows:
        try:
            there = looked_up.there(row)
            if there is not None:
                outcomes.append(there)
                continue
            looked_up.free_identifiers(row)
        except ProblemError as problem:
            outcomes.append(problem)
            continue
        kind = "approved supplier" if row.approved_categories else "supplier"
        proposed.append(Proposed(row.key.digest, kind, str(row.key.source), day=row.registered_on))
        outcomes.append(BulkOutcome("proposed"))
    await proposals.add(tx, proposal_id, proposed)
    return outcomes


async def import_suppliers(
    tx: Transaction, rows: Sequence[SupplierRow]
) -> Sequence[BulkOutcome | ProblemError]:
    """Register suppliers as they were registered elsewhere, and approved where they were approved there.

    The same row again changes nothing, whatever became of the supplier since; another row with the same
    reference is refused. What speaks against a row is returned in its place.
    """
    for _ in range(LOOKS):
        try:
            async with tx.savepoint():
                return await _import(tx, rows)
        except _TakenMeanwhileError:
            continue  # another transaction has taken it, and has ended: now it is seen
    raise ConflictError("taken_meanwhile", "Others import the same suppliers: send them again.")


class _TakenMeanwhileError(Exception):
    """A reference or an identifier was free when it was looked for, and taken when it was inserted."""


async def _import(tx: Transaction, rows: Sequence[SupplierRow]) -> list[BulkOutcome | ProblemError]:
    looked_up = await _look_up(tx, rows)
    let_in = await proposals.let_in(tx, [row.key.digest for row in rows if not looked_up.has(row)])
    coming = [row for row in rows if row.key.digest in let_in]
    await categories.take_over(tx, {code for row in coming for code in row.details().categories})
    numbers = iter(await importing.numbers(tx, len(let_in)) if let_in else ())
    new: list[Supplier] = []
    outcomes: list[BulkOutcome | ProblemError] = []
    for row in rows:
        try:
            there = looked_up.there(row)
            if there is not None:
                outcomes.append(there)
                continue
            identifiers = looked_up.free_identifiers(row)
            if row.key.digest not in let_in:
                raise proposals.not_let_in(str(row.key.source))
        except ProblemError as problem:
            outcomes.append(problem)
            continue
        supplier = commands.introduce(
            tx,
            next(numbers),
            row.details(),
            identifiers,
            source=row.key.source,
            registered_on=row.registered_on,
            import_digest=row.key.digest,
            proposed_by=let_in[row.key.digest],
        )
        if row.approved_categories:
            commands.take_over_approval(tx, supplier, row.approved_categories, row.approval_expires_on)
        looked_up.take(row, supplier, identifiers)
        new.append(supplier)
        outcomes.append(BulkOutcome("created", supplier.id))
    if new and not await importing.insert(tx, new, looked_up.taken):
        raise _TakenMeanwhileError
    return outcomes


async def _look_up(tx: Transaction, rows: Sequence[SupplierRow]) -> _LookedUp:
    stated: dict[bytes, tuple[SupplierIdentifier, ...] | ProblemError] = {}
    for row in rows:
        try:
            stated[row.key.digest] = _checked(tx, row)
        except ProblemError as problem:
            stated[row.key.digest] = problem
    keys = {
        (identifier.scheme, identifier.value)
        for identifiers in stated.values()
        if not isinstance(identifiers, ProblemError)
        for identifier in identifiers
    }
    # In this order: who is seen to have an identifier is seen to be here.
    holders = await importing.holders(tx, keys)
    there = await importing.there(tx, {row.key.source for row in rows})
    return _LookedUp(stated, holders, there)


@dataclass(slots=True)
class _LookedUp:
    """What is known of rows: those before them in their set, too, as they are taken one after the other."""

    stated: Mapping[bytes, tuple[SupplierIdentifier, ...] | ProblemError]
    holders: dict[importing.Key, Holder]
    suppliers: dict[SourceKey, tuple[UUID, bytes | None]]
    taken: list[tuple[importing.Key, UUID]] = field(default_factory=list)

    def has(self, row: SupplierRow) -> bool:
        """Whether a supplier with a row's reference is here."""
        return row.key.source in self.suppliers

    def there(self, row: SupplierRow) -> BulkOutcome | None:
        """Return that a supplier is here already; raises ConflictError when it says something else now."""
        if not self.has(row):
            return None
        supplier_id, digest = self.suppliers[row.key.source]
        row.key.expect_same(digest)
        return BulkOutcome("unchanged", supplier_id)

    def free_identifiers(self, row: SupplierRow) -> tuple[SupplierIdentifier, ...]:
        """Return the identifiers of a new supplier; raises ProblemError for what it cannot be."""
        identifiers = self.stated[row.key.digest]
        if isinstance(identifiers, ProblemError):
            raise identifiers
        for identifier in identifiers:
            holder = self.holders.get((identifier.scheme, identifier.value))
            if holder is not None:
                raise commands.identifier_taken(identifier.scheme, identifier.value, holder)
        return identifiers

    def take(self, row: SupplierRow, supplier: Supplier, identifiers: Sequence[SupplierIdentifier]) -> None:
        """Note that a row has become a supplier, for the rows behind it."""
        self.suppliers[row.key.source] = (supplier.id, row.key.digest)
        holder = Holder(supplier.id, supplier.number, supplier.legal_name)
        for identifier in identifiers:
            key = (identifier.scheme, identifier.value)
            self.holders[key] = holder
            self.taken.append((key, supplier.id))


def _checked(tx: Transaction, row: SupplierRow) -> tuple[SupplierIdentifier, ...]:
    """Return a row's identifiers; raises InvalidError for what no row can be, naming the row's columns."""
    _expect_past(tx, row)
    stated = row.identifiers()
    try:
        return canonical_identifiers([(one.scheme, one.value) for one in stated], row.country)
    except InvalidError as error:
        columns = {f"/identifiers/{nth}/value": f"/{one.scheme.lower()}" for nth, one in enumerate(stated)}
        errors = [FieldError(columns.get(e.pointer, e.pointer), e.detail) for e in error.errors]
        raise InvalidError(error.code, error.detail, errors=errors) from error


def _expect_past(tx: Transaction, row: SupplierRow) -> None:
    """Raise InvalidError for a supplier that is not of the past: one that is approved says since when.

    One that is registered only may be of today, for others approve it here.
    """
    today, registered_on = tx.now.date(), row.registered_on
    if registered_on is None and row.approved_categories:
        detail = "Say on which day it was registered: an approved supplier is imported from the past only."
        raise InvalidError("not_of_the_past", detail, errors=[FieldError("/registered_on", detail)])
    if registered_on is not None and registered_on > today:
        detail = f"{registered_on} is in the future."
        raise InvalidError("registered_in_future", detail, errors=[FieldError("/registered_on", detail)])
    proposals.check_past(tx, "/registered_on", registered_on, today)
