"""Routes of a tender's team, its bidders and their questions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from purveyor.auth import Principal, requires
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, carries
from purveyor.http.preconditions import IfMatch
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor_contract.roles import Role
from sourcing.tenders.api.forms import (
    BidderInvitation,
    QuestionAnswer,
    QuestionAsked,
    TeamDeclaration,
    TeamPart,
    VersionConfirmed,
)
from sourcing.tenders.api.tenders import Lead, Show
from sourcing.tenders.commands import asking, inviting, team
from sourcing.tenders.views.parts import BidderQuestionForSupplier, question_for_supplier
from sourcing.tenders.views.tenders import TenderForSupplier, TenderOut

router = APIRouter(prefix="/v1/tenders", tags=["tenders"], route_class=TransactionRoute)
Member = Annotated[
    Principal,
    requires(
        "sourcing:tenders:take-part",
        Role.BUYER,
        Role.APPROVER,
        Role.CATEGORY_MANAGER,
        Role.QUALITY,
        Role.REQUESTER,
    ),
]
OfBidder = Annotated[Principal, requires("sourcing:tenders:bid", Role.SUPPLIER)]


def own_supplier(by: Principal) -> UUID:
    """Return the supplier that the caller acts for; raises NotFoundError for who acts for none."""
    if by.supplier_id is None:
        raise NotFoundError("supplier", by.subject)
    return by.supplier_id


@router.post("/{tender_id}/team")
async def name_tender_member(
    tx: Tx, by: Lead, tender_id: UUID, seen: IfMatch, body: TeamPart, show: Show
) -> TenderOut:
    """Give somebody their part in a tender; openers are settled once it is published."""
    return await show(tx, await team.name_member(tx, tender_id, body.person, set(body.roles), seen))


@router.post("/{tender_id}:declare-conflict", responses={200: carries(ETAG)})
async def declare_tender_conflict(
    tx: Tx, by: Member, tender_id: UUID, body: TeamDeclaration, show: Show
) -> TenderOut:
    """Declare a conflict of interest, or that there is none; openers state their key with it.

    Nobody opens or is shown bids before. A conflict is not taken back.
    """
    return await show(tx, await team.declare(tx, tender_id, body.conflict, body.opening_key))


@router.post("/{tender_id}/bidders")
async def invite_bidder(
    tx: Tx, by: Lead, tender_id: UUID, seen: IfMatch, body: BidderInvitation, show: Show
) -> TenderOut:
    """Let a supplier bid that is qualified for all categories and the region, or by exception."""
    tender = await inviting.invite(tx, tender_id, seen, body.supplier_id, body.exception_reason)
    return await show(tx, tender)


@router.post("/{tender_id}:confirm", responses={200: carries(ETAG)})
async def confirm_tender_version(
    tx: Tx, by: OfBidder, tender_id: UUID, body: VersionConfirmed, show: Show
) -> TenderForSupplier:
    """Confirm the version that holds, as a bidder; bids count for the version that was confirmed."""
    tender = await inviting.confirm(tx, tender_id, body.edition, own_supplier(by))
    return await show.to_bidder(tx, tender, own_supplier(by))


@router.post("/{tender_id}/questions", status_code=201)
async def ask_tender_question(
    tx: Tx, by: OfBidder, tender_id: UUID, body: QuestionAsked
) -> BidderQuestionForSupplier:
    """Ask something as a bidder; nobody but us sees it until it is answered, and then nobody whose it was."""
    enquiry = await asking.ask(tx, tender_id, body.question, own_supplier(by))
    told = question_for_supplier(enquiry, own_supplier(by))
    if told is None:
        raise NotFoundError("tender question", enquiry.id)
    return told


@router.post("/{tender_id}/questions/{question_id}:answer", responses={200: carries(ETAG)})
async def answer_tender_question(
    tx: Tx, by: Lead, tender_id: UUID, question_id: UUID, body: QuestionAnswer, show: Show
) -> TenderOut:
    """Answer a question, once, to all bidders."""
    return await show(tx, await asking.answer(tx, tender_id, question_id, body.answer, body.told_as))
