"""A tender is drafted, changed, handed in for approval, given back, or ends before anything is bought."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.duties import expect_another
from purveyor.errors import FieldError, InvalidError
from purveyor.versions import Seen
from purveyor_contract.events.sourcing.tenders import TenderCancelled
from purveyor_messaging.outbox import record
from sourcing.categories.queries import expect_categories
from sourcing.openings.rules import check_openers
from sourcing.tenders import queries, store
from sourcing.tenders.commands.parts import audit, lock, lock_as_lead
from sourcing.tenders.model import TeamMember, Tender
from sourcing.tenders.rules.checks import check_content
from sourcing.tenders.rules.content import TenderContent, TenderKind
from sourcing.tenders.rules.states import APPROVED_BY_ANOTHER, TenderMove, TenderStatus
from sourcing.tenders.rules.team import TeamRole, openers


@dataclass(frozen=True, slots=True)
class TenderStated:
    """A tender as somebody states it."""

    kind: TenderKind
    open_to_all: bool
    openers_needed: int
    content: TenderContent


async def draft(tx: Transaction, stated: TenderStated) -> Tender:
    """Begin a tender, which its author leads; raises InvalidError for one that makes no sense."""
    await check(tx, stated.kind, stated.content)
    tender = Tender(
        id=new_id(),
        version=1,
        sequence=0,
        status=TenderStatus.DRAFT.value,
        edition=0,
        bids=0,
        round=1,
        enquiries_answered=0,
        amendment_authors=[],
        created_by=tx.actor,
        created_at=tx.now,
        team=[TeamMember(person=tx.actor, roles=[TeamRole.LEAD.value], named_by=tx.actor)],
    )
    _state(tender, stated)
    tender.note_author(tx.actor)
    store.add_tender(tx, tender)
    await tx.flush()
    audit(tx, "draft", tender, None, content=tender.content)
    return tender


async def change(tx: Transaction, tender_id: UUID, seen: Seen, stated: TenderStated) -> Tender:
    """State a draft anew, all of it."""
    tender = await lock_as_lead(tx, tender_id, seen)
    tender.move(TenderMove.CHANGE)
    await check(tx, stated.kind, stated.content)
    before = tender.content
    _state(tender, stated)
    tender.note_author(tx.actor)
    tx.audit("change", "tender", tender.id, before={"content": before}, after={"content": tender.content})
    return tender


async def submit(tx: Transaction, tender_id: UUID, seen: Seen) -> Tender:
    """Hand a draft in for approval, once openers have their keys and suppliers are invited."""
    tender = await lock_as_lead(tx, tender_id, seen)
    tender.expect_possible(TenderMove.SUBMIT)
    await expect_complete(tx, tender)
    before = tender.status
    tender.move(TenderMove.SUBMIT)
    tender.note_author(tx.actor)
    tender.returned_reason = None
    audit(tx, "submit", tender, before)
    return tender


async def give_back(tx: Transaction, tender_id: UUID, seen: Seen, reason: str) -> Tender:
    """Approve neither a tender nor an amendment, and say why; done by who wrote none of it."""
    tender = await lock(tx, tender_id, seen)
    tender.expect_possible(TenderMove.RETURN)
    before = tender.status
    if tender.stands is TenderStatus.IN_APPROVAL:
        expect_another(tx.actor, tender.authors, APPROVED_BY_ANOTHER)
    else:
        expect_amendment(tender)
        expect_another(tx.actor, tender.amendment_authors, APPROVED_BY_ANOTHER)
        tender.drop_amendment()
    tender.move(TenderMove.RETURN)
    tender.returned_reason = reason
    audit(tx, "return", tender, before, reason)
    return tender


async def cancel(tx: Transaction, tender_id: UUID, seen: Seen, reason: str) -> Tender:
    """End a tender by which nothing is bought; → TenderCancelled where it was published."""
    tender = await lock_as_lead(tx, tender_id, seen)
    before = tender.status
    tender.move(TenderMove.CANCEL)
    tender.cancelled_reason = reason
    tender.drop_amendment()
    if tender.edition > 0:
        event = TenderCancelled(
            tender_id=tender.id, number=tender.number, reason=reason, cancelled_by=tx.actor
        )
        record(tx, tender, event)
    audit(tx, "cancel", tender, before, reason)
    return tender


async def check(tx: Transaction, kind: TenderKind, content: TenderContent) -> None:
    """Raise InvalidError for a content that makes no sense, or speaks of categories that there are not."""
    check_content(kind, content, tx.now)
    places = {item.category: at for at, _, item in reversed(list(content.items()))}
    for category, at in places.items():
        try:
            await expect_categories(tx, [category], "")
        except InvalidError as error:
            errors = [FieldError(f"{at}/category", one.detail) for one in error.errors]
            raise InvalidError(error.code, error.detail, errors=errors) from error


async def expect_complete(tx: Transaction, tender: Tender) -> None:
    """Raise InvalidError unless bids could be sealed and opened, and somebody could bid."""
    check_openers(openers(tender.members), tender.openers_needed)
    invited = await store.invited(tx, tender.id)
    least = 1
    if tender.kind == TenderKind.QUICK_QUOTE:
        least = (await queries.policy(tx, tender.says)).value.quick_quote_suppliers
    if len(invited) < least and not tender.open_to_all:
        detail = f"{len(invited)} suppliers are invited, and it is not open to all: invite {least} at least."
        raise InvalidError("bidders_missing", detail, errors=[FieldError("/open_to_all", detail)])


def expect_amendment(tender: Tender) -> None:
    """Raise InvalidError when nothing waits to be approved."""
    if tender.amendment is None:
        detail = f"Nobody has proposed an amendment of tender {tender.number}."
        raise InvalidError("nothing_to_approve", detail)


def _state(tender: Tender, stated: TenderStated) -> None:
    tender.kind, tender.open_to_all = stated.kind.value, stated.open_to_all
    tender.openers_needed = stated.openers_needed
    tender.state(stated.content)
