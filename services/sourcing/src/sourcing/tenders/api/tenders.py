"""Routes of tenders: drafted, approved, amended, cancelled, read."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor_contract.roles import Role
from sourcing.openings.store.rows import opening_of
from sourcing.tenders import store
from sourcing.tenders.api.forms import TenderAmendment, TenderCancellation, TenderDraft, TenderReturn
from sourcing.tenders.commands import drafting, publishing
from sourcing.tenders.commands.parts import as_bidder
from sourcing.tenders.model import Tender
from sourcing.tenders.views.tenders import (
    Around,
    AroundForBidder,
    TenderForSupplier,
    TenderHeader,
    TenderHeaderForSupplier,
    TenderOut,
    shown,
    shown_to_bidder,
)

router = APIRouter(prefix="/v1/tenders", tags=["tenders"], route_class=TransactionRoute)
WRITE = "sourcing:tenders:write"
Reader = Annotated[Principal, requires("sourcing:tenders:read", suppliers_too=True)]
Lead = Annotated[Principal, requires(WRITE, Role.BUYER, Role.CATEGORY_MANAGER)]
Approver = Annotated[Principal, requires("sourcing:tenders:approve", Role.APPROVER, Role.CATEGORY_MANAGER)]


class Showing:
    """Shows a tender as it stands after what was done, with its ETag."""

    def __init__(self, response: Response) -> None:
        self.response = response

    async def __call__(self, tx: Transaction, tender: Tender) -> TenderOut:
        """Return what one of ours is shown of a tender."""
        await tx.flush()
        set_etag(self.response, tender)
        around = Around(
            await store.invited(tx, tender.id),
            await store.count_bidders(tx, tender.id),
            await store.enquiries_of(tx, tender.id),
            await store.versions_of(tx, tender.id),
        )
        return shown(tender, around)

    async def to_bidder(self, tx: Transaction, tender: Tender, supplier_id: UUID) -> TenderForSupplier:
        """Return what a bidder is shown of a tender; raises NotFoundError for one that may not bid."""
        await tx.flush()
        bidder = await as_bidder(tx, tender, supplier_id)
        opening = await opening_of(tx, tender.id)
        if opening is None:
            raise NotFoundError("tender", tender.id)
        around = AroundForBidder(
            bidder,
            await store.enquiries_of(tx, tender.id),
            await store.versions_of(tx, tender.id),
            opening.public_key,
        )
        set_etag(self.response, around)
        return shown_to_bidder(tender, around)


Show = Annotated[Showing, Depends()]


@router.get("")
async def list_tenders(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.TENDERS, TenderHeader, TenderHeaderForSupplier)]
) -> Page[TenderHeader] | Page[TenderHeaderForSupplier]:
    """List tenders, the latest first; a supplier sees those that it may bid for."""
    found = await store.find_tenders(tx, asked, by.supplier_id)
    if by.is_supplier:
        return asked.page(found, TenderHeaderForSupplier.of)
    return asked.page(found, TenderHeader.of)


@router.post("", status_code=201, responses={201: carries(ETAG, LOCATION)})
async def draft_tender(tx: Tx, by: Lead, body: TenderDraft, response: Response, show: Show) -> TenderOut:
    """Draft a tender, which the caller leads."""
    tender = await drafting.draft(tx, body.stated())
    response.headers["Location"] = f"{router.prefix}/{tender.id}"
    return await show(tx, tender)


@router.get("/{tender_id}", responses={200: carries(ETAG)})
async def get_tender(tx: Tx, by: Reader, tender_id: UUID, show: Show) -> TenderOut | TenderForSupplier:
    """Read a tender; a supplier reads one that it may bid for, without what we would pay."""
    tender = await store.get_tender(tx, tender_id)
    if by.supplier_id is not None:
        return await show.to_bidder(tx, tender, by.supplier_id)
    return await show(tx, tender)


@router.put("/{tender_id}")
async def change_tender(
    tx: Tx, by: Lead, tender_id: UUID, seen: IfMatch, body: TenderDraft, show: Show
) -> TenderOut:
    """State a draft anew, all of it."""
    return await show(tx, await drafting.change(tx, tender_id, seen, body.stated()))


@router.post("/{tender_id}:submit")
async def submit_tender(tx: Tx, by: Lead, tender_id: UUID, seen: IfMatch, show: Show) -> TenderOut:
    """Hand a draft in for approval, once enough openers have stated a key and somebody may bid."""
    return await show(tx, await drafting.submit(tx, tender_id, seen))


@router.post("/{tender_id}:return")
async def return_tender(
    tx: Tx, by: Approver, tender_id: UUID, seen: IfMatch, body: TenderReturn, show: Show
) -> TenderOut:
    """Approve neither what was submitted nor the amendment that was proposed, and say why."""
    return await show(tx, await drafting.give_back(tx, tender_id, seen, body.reason))


@router.post("/{tender_id}:approve")
async def approve_tender(tx: Tx, by: Approver, tender_id: UUID, seen: IfMatch, show: Show) -> TenderOut:
    """Publish what others wrote: a tender, whose opening key is made and split, or its amendment.

    An amendment leaves bidders the days that the policy `tendering` says, from now on.
    """
    return await show(tx, await publishing.approve(tx, tender_id, seen))


@router.post("/{tender_id}:amend")
async def amend_tender(
    tx: Tx, by: Lead, tender_id: UUID, seen: IfMatch, body: TenderAmendment, show: Show
) -> TenderOut:
    """Propose what a published tender is to say next; it does once somebody else has approved it."""
    return await show(tx, await publishing.propose(tx, tender_id, seen, body.content, body.why))


@router.post("/{tender_id}:cancel")
async def cancel_tender(
    tx: Tx, by: Lead, tender_id: UUID, seen: IfMatch, body: TenderCancellation, show: Show
) -> TenderOut:
    """End a tender by which nothing is bought, with a reason."""
    return await show(tx, await drafting.cancel(tx, tender_id, seen, body.reason))
