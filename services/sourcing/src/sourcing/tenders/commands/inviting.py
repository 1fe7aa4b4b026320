"""Who may bid: invited by name, by exception, or because they qualify; and what they have confirmed."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError, InvalidError
from purveyor.versions import Seen
from sourcing.suppliers.rules.qualification import ENDED
from sourcing.suppliers.store.rows import get_supplier
from sourcing.tenders import queries, store
from sourcing.tenders.commands.parts import (
    as_bidder,
    audit,
    expect_first_round,
    expect_still_open,
    lock_as_lead,
)
from sourcing.tenders.commands.team import expect_no_bidder_among, of_team_and_bidders
from sourcing.tenders.model import Bidder, Tender
from sourcing.tenders.rules.states import TenderMove
from sourcing.tenders.rules.team import NO_BIDDER_OPENS

MOST_INVITED = 500


async def invite(
    tx: Transaction, tender_id: UUID, seen: Seen, supplier_id: UUID, exception_reason: str | None
) -> Tender:
    """Let a supplier bid that is qualified, or by exception with a reason.

    Raises InvalidError for one that is neither, or whose people have a part in the tender.
    """
    tender = await lock_as_lead(tx, tender_id, seen)
    expect_still_open(tx, tender, TenderMove.INVITE)
    expect_first_round(tender)
    supplier = await get_supplier(tx, supplier_id)
    if supplier.status in ENDED:
        detail = f"Supplier {supplier.display_number} is {supplier.status}."
        raise InvalidError("supplier_not_qualified", detail, errors=[FieldError("/supplier_id", detail)])
    why_not = await queries.why_not_qualified(tx, supplier, tender.says)
    if why_not is not None and exception_reason is None:
        detail = f"{why_not} Say by which exception_reason it may bid all the same."
        raise InvalidError("supplier_not_qualified", detail, errors=[FieldError("/supplier_id", detail)])
    invited = await store.invited(tx, tender.id)
    bidder = await store.bidder_of(tx, tender.id, supplier_id)
    if bidder is not None and bidder.invited_by is not None:
        raise ConflictError("invited_already", f"Supplier {supplier.display_number} is invited already.")
    if len(invited) >= MOST_INVITED:
        detail = f"{MOST_INVITED} are invited by name at most: let it be open to all who qualify."
        raise InvalidError("too_many_invited", detail)
    exception = None if why_not is None else exception_reason
    if bidder is None:
        bidder = Bidder(tender_id=tender.id, supplier_id=supplier_id, admitted_at=tx.now, round=1)
        store.add_bidder(tx, bidder)
    bidder.invited_by, bidder.exception_reason = tx.actor, exception
    await tx.session.flush()
    await expect_no_bidder_among(tx, tender)
    if tender.edition == 0:
        tender.note_author(tx.actor)
    audit(tx, "invite", tender, tender.status, exception, supplier=supplier_id)
    return tender


async def confirm(tx: Transaction, tender_id: UUID, edition: int, supplier_id: UUID) -> Tender:
    """Note that a bidder has taken note of what a tender says now: its bid counts for that.

    Raises InvalidError for another version than the one that holds.
    """
    tender = await store.lock_tender(tx, tender_id)
    bidder = await as_bidder(tx, tender, supplier_id)
    expect_still_open(tx, tender, TenderMove.BID)
    if edition != tender.edition:
        detail = f"Version {tender.edition} holds now: read it, then confirm that."
        raise InvalidError("version_not_in_force", detail, errors=[FieldError("/edition", detail)])
    if bidder.confirmed_edition != edition:
        bidder.confirmed_edition, bidder.confirmed_at = edition, tx.now
        audit(tx, "confirm", tender, tender.status, supplier=supplier_id, edition=edition)
    return tender


async def _keep_apart(tx: Transaction, tender: Tender) -> None:
    """Note the conflict of who acts for a supplier that was admitted: it bids, and they do not judge."""
    acting = await of_team_and_bidders(tx, tender)
    if not acting:
        return
    for member in (await store.lock_tender(tx, tender.id)).team:
        if member.person in acting and member.conflict is None:
            member.declared_at, member.conflict = tx.now, NO_BIDDER_OPENS
            audit(tx, "note_conflict", tender, tender.status, NO_BIDDER_OPENS, person=member.person)


async def admit_qualified(tx: Transaction) -> bool:
    """Let suppliers bid that qualify since an open tender was published; returns False: all was done."""
    for tender in await store.open_to_all(tx):
        if await store.admit(tx, tender.id, await queries.qualified(tx, tender.says), tx.now):
            await _keep_apart(tx, tender)
    return False
