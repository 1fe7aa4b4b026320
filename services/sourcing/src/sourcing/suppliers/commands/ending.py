"""What becomes of the numbers and categories of a supplier that ends as another, or as nobody."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from purveyor.db import Transaction
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier
from purveyor_messaging.outbox import record
from sourcing.suppliers.commands.blocks import unblock_locked
from sourcing.suppliers.commands.identity import await_confirmation
from sourcing.suppliers.commands.registering import hold_identifiers
from sourcing.suppliers.commands.trail import audited_details, identifiers_of
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.store.ending import lock_present

Key = tuple[str, str]


async def take_over_locked(
    tx: Transaction, gone: Supplier, stays: Supplier, numbers: Sequence[Key], categories: Sequence[str]
) -> None:
    """Give one locked supplier numbers and categories of another; what is not named stays where it is.

    A number more is another identity: one that is approved waits until somebody else has confirmed it.
    """
    had, was = identifiers_of(stays), stays.identity()
    before = audited_details(stays, had)
    taken = set(numbers)
    rest = [one for one in identifiers_of(gone) if (one.scheme, one.value) not in taken]
    more = (SupplierIdentifier(scheme=scheme, value=value) for scheme, value in taken)
    identifiers = tuple(sorted({*had, *more}, key=lambda one: (one.scheme, one.value)))
    stays.categories = list(dict.fromkeys((*stays.categories, *categories)))
    after = audited_details(stays, identifiers)
    if after == before:
        return
    now = stays.identity(identifiers)
    stays.index_for_search(identifiers)
    gone.index_for_search(rest)
    stays.note_author(tx.actor)
    record(tx, stays, stays.details_changed(identifiers, tx.actor, identity_changed=now != was))
    tx.audit("take_over", "supplier", stays.id, before=before, after=after)
    await_confirmation(tx, stays, was, now)
    await tx.session.flush()
    await hold_identifiers(tx, gone, rest)
    await hold_identifiers(tx, stays, identifiers)


async def unblock_company(
    tx: Transaction, supplier: Supplier, cause: BlockCause, reference: UUID, reason: str
) -> None:
    """Lift the block of a locked supplier, and with it what came over to the one that it is since a merge."""
    unblock_locked(tx, supplier, cause, reference, reason)
    if supplier.merged_into is not None:
        present = await lock_present(tx, supplier.id)
        unblock_locked(tx, present, cause, reference, reason)


async def give_up_identifiers(tx: Transaction, supplier: Supplier) -> None:
    """Let a locked supplier have no number any more, so that another may."""
    supplier.index_for_search(())
    await tx.session.flush()
    await hold_identifiers(tx, supplier, ())
