"""What can be done with amendments, one function a use case."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from procurement.amendments import rules, store
from procurement.amendments.model import Amendment
from procurement.amendments.rules import INITIAL, AmendmentAction, Proposal
from procurement.approving.queries import APPROVING
from procurement.approving.rules import expect_no_steps
from procurement.orders.commands.amending import amend_order, check_amended, lock_seller, lock_to_amend
from procurement.orders.commands.approving import document_of
from procurement.orders.model import PurchaseOrder
from procurement.orders.rules.amounts import order_total
from procurement.orders.rules.drafts import order_amounts
from procurement.orders.rules.versions import Version
from procurement.orders.store import moves, rows
from procurement.promises.commands import note_amended
from procurement.sites import store as sites
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, NotFoundError
from purveyor.sql import by_name
from purveyor.versions import Seen, expect_version
from purveyor_approvals import commands as approvals
from purveyor_approvals.kinds import Kind, Outcome
from purveyor_approvals.model import is_pending

AMENDMENT = "purchase_order_amendment"
RECEIVED = "Who received goods of an order, or took them back, does not approve its amendments."


async def draft_amendment(
    tx: Transaction, order_id: UUID, proposal: Proposal, authors: Collection[str] = ()
) -> Amendment:
    """Draft what an order is to say next; it has one amendment at a time, of the version in force.

    `authors` are those who wrote what it proposes, beside who drafts it.
    """
    order = await lock_to_amend(tx, order_id)
    rules.check_based_on(proposal.based_on, order.current_version)
    if (there := await store.open_one(tx, order_id)) is not None:
        raise ConflictError(
            "amendment_open",
            f"The order has an amendment, {there}: change, issue or withdraw that one.",
            amendment_id=str(there),
        )
    amendment = Amendment(
        id=new_id(), order_id=order_id, status=INITIAL, created_by=tx.actor, created_at=tx.now
    )
    for author in authors:
        order.note_orderer(author)
        amendment.note_author(author)
    await _state(tx, order, amendment, proposal)
    tx.session.add(amendment)
    await tx.flush()
    _audit(tx, "create", amendment, after=_said(amendment), reason=proposal.reason)
    return amendment


async def change_amendment(
    tx: Transaction, order_id: UUID, amendment_id: UUID, seen: Seen, proposal: Proposal
) -> Amendment:
    """Replace what a draft says."""
    order = await lock_to_amend(tx, order_id)
    amendment = await _locked(tx, order_id, amendment_id, seen)
    rules.next_status(AmendmentAction.CHANGE, amendment.status)
    rules.check_based_on(proposal.based_on, order.current_version)
    before = _said(amendment)
    await _state(tx, order, amendment, proposal)
    await tx.flush()
    _audit(tx, "change", amendment, before=before, after=_said(amendment), reason=proposal.reason)
    return amendment


async def submit_amendment(tx: Transaction, order_id: UUID, amendment_id: UUID, seen: Seen) -> Amendment:
    """Hand a draft in for approval, of an order that can still be amended."""
    order = await lock_to_amend(tx, order_id)
    amendment = await _locked(tx, order_id, amendment_id, seen)
    before = amendment.status
    amendment.submit(tx.actor, tx.now)
    order.note_orderer(tx.actor)
    await _moved(tx, AmendmentAction.SUBMIT, amendment, before)
    return await _ask_for_approval(tx, order, amendment)


async def approve_amendment(tx: Transaction, order_id: UUID, amendment_id: UUID, seen: Seen) -> Amendment:
    """Approve what an order is to say next.

    Nobody may who wrote any of it, made its supplier, or received its goods.
    """
    order = await lock_to_amend(tx, order_id)
    amendment = await _locked(tx, order_id, amendment_id, seen)
    rules.next_status(AmendmentAction.APPROVE, amendment.status)
    expect_no_steps(amendment.awaits_approval)
    return await _approve(tx, order, amendment, tx.actor)


async def _approve(
    tx: Transaction, order: PurchaseOrder, amendment: Amendment, by: str, reason: str | None = None
) -> Amendment:
    before = amendment.status
    parts = await _parts(tx, amendment)
    rules.check_approver(by, parts)
    order.note_approver(by)
    amendment.approve(by, tx.now, parts["order_authors"], parts["supplier_authors"])
    return await _moved(tx, AmendmentAction.APPROVE, amendment, before, reason)


async def _parts(tx: Transaction, amendment: Amendment) -> Mapping[str, Collection[str]]:
    parts = by_name(await moves.parts(tx, amendment.order_id))
    return {
        "authors": amendment.authors,
        "order_authors": parts["authors"],
        "supplier_authors": parts["supplier_authors"],
        "site_authors": await sites.authors_of(tx, amendment.content["site"]),
    }


async def return_amendment(
    tx: Transaction, order_id: UUID, amendment_id: UUID, seen: Seen, reason: str
) -> Amendment:
    """Give an amendment back to its author as a draft."""
    await lock_to_amend(tx, order_id)
    amendment = await _locked(tx, order_id, amendment_id, seen)
    before = amendment.status
    amendment.take_back()
    await approvals.withdraw(tx, APPROVING, KIND, amendment_id, reason)
    return await _moved(tx, AmendmentAction.RETURN, amendment, before, reason)


async def withdraw_amendment(
    tx: Transaction, order_id: UUID, amendment_id: UUID, seen: Seen, reason: str
) -> Amendment:
    """Give an amendment up: the order says what it said."""
    amendment = await _locked(tx, order_id, amendment_id, seen)
    before = amendment.status
    amendment.withdraw(tx.actor, tx.now)
    await approvals.forget(tx, APPROVING, KIND, amendment_id, reason)
    return await _moved(tx, AmendmentAction.WITHDRAW, amendment, before, reason)


async def issue_amendment(tx: Transaction, order_id: UUID, amendment_id: UUID, seen: Seen) -> Amendment:
    """Make an approved amendment the order's next version, as the order stands now; → POAmended, POClosed.

    Days that it moves are moved by the buyer; → PromiseChanged.
    """
    seller = await lock_seller(tx, order_id)
    order = await lock_to_amend(tx, order_id)
    amendment = await _locked(tx, order_id, amendment_id, seen)
    before = amendment.status
    rules.next_status(AmendmentAction.ISSUE, before)
    rules.check_based_on(amendment.based_on, order.current_version)
    for orderer in (*amendment.authors, tx.actor):
        order.note_orderer(orderer)
    version, needed = _version(tx, order, amendment), order.stated().lines
    await amend_order(tx, order, seller, version, amendment.cancelled_lines)
    await note_amended(tx, order, needed)
    amendment.issue(tx.actor, tx.now, version.number)
    return await _moved(tx, AmendmentAction.ISSUE, amendment, before)


def _version(tx: Transaction, order: PurchaseOrder, amendment: Amendment) -> Version:
    content = amendment.stated()
    return Version(
        number=order.current_version + 1,
        content=content,
        amounts=order_amounts(content),
        authors=amendment.authors,
        approved_by=amendment.approved_by,
        approved_at=amendment.approved_at,
        issued_by=tx.actor,
        issued_at=tx.now,
        reason=amendment.reason,
        reason_for_supplier=amendment.reason_for_supplier,
        amendment_id=amendment.id,
    )


async def _state(tx: Transaction, order: PurchaseOrder, amendment: Amendment, proposal: Proposal) -> None:
    before = order.stated()
    content = proposal.content(before, order.lines_now())
    content = await check_amended(tx, order, content, proposal.cancelled_lines)
    order.note_orderer(tx.actor)
    amendment.state(proposal, before, content, tx.actor)


async def _locked(tx: Transaction, order_id: UUID, amendment_id: UUID, seen: Seen) -> Amendment:
    amendment = await store.lock(tx, order_id, amendment_id)
    if amendment is None:
        raise NotFoundError("amendment", amendment_id)
    expect_version(amendment, seen)
    return amendment


async def _moved(
    tx: Transaction, action: AmendmentAction, amendment: Amendment, before: str, reason: str | None = None
) -> Amendment:
    await tx.flush()
    _audit(tx, action, amendment, {"status": before}, {"status": amendment.status}, reason)
    return amendment


async def _ask_for_approval(tx: Transaction, order: PurchaseOrder, amendment: Amendment) -> Amendment:
    """Let an amendment go through the policy's steps, as far as it orders more than was approved."""
    if not await approvals.concerns(tx, APPROVING, KIND):
        return amendment
    content = amendment.stated()
    parts = await _parts(tx, amendment)
    document = await document_of(
        tx,
        order,
        content,
        document_id=amendment.id,
        number=f"{order.number} version {order.current_version + 1}",
        total=order_total(content, order_amounts(content)),
        authors=[*parts["authors"], *parts["order_authors"]],
    )
    approval = await approvals.submit(tx, APPROVING, KIND, document)
    if is_pending(approval):
        amendment.awaits_approval = approval.id
        await tx.flush()
    return amendment


async def _lock(tx: Transaction, amendment_id: UUID) -> tuple[PurchaseOrder, Amendment]:
    order_id = await store.order_of(tx, amendment_id)
    if order_id is None:
        raise NotFoundError("amendment", amendment_id)
    order = await lock_to_amend(tx, order_id)
    amendment = await store.lock(tx, order_id, amendment_id)
    if amendment is None:
        raise NotFoundError("amendment", amendment_id)
    return order, amendment


async def _approved(tx: Transaction, amendment_id: UUID, outcome: Outcome) -> None:
    order, amendment = await _lock(tx, amendment_id)
    await _approve(tx, order, amendment, outcome.by, outcome.reason)


async def _rejected(tx: Transaction, amendment_id: UUID, outcome: Outcome) -> None:
    _, amendment = await _lock(tx, amendment_id)
    before = amendment.status
    amendment.take_back()
    await _moved(tx, AmendmentAction.RETURN, amendment, before, outcome.reason)


async def _kept_apart(tx: Transaction, amendment_id: UUID) -> Mapping[str, Collection[str]]:
    amendment = await store.found(tx, amendment_id)
    if amendment is None:
        raise NotFoundError("amendment", amendment_id)
    parts = await _parts(tx, amendment)
    receivers = await rows.receivers_of(tx, amendment.order_id)
    return {why: parts[part] for part, why in rules.APPROVED_BY_OTHERS.items()} | {RECEIVED: receivers}


KIND = Kind(
    name=AMENDMENT,
    path="/v1/purchase-orders/{thread}/amendments/{id}",
    lock=_lock,
    approved=_approved,
    rejected=_rejected,
    kept_apart=_kept_apart,
    undecided=None,
)
"""As long as no policy speaks of amendments, one person other than their authors approves them, as ever."""


def _said(amendment: Amendment) -> dict[str, object]:
    return {
        "order_id": amendment.order_id,
        "based_on": amendment.based_on,
        "content": amendment.content,
        "cancelled_lines": amendment.cancelled_lines,
        "reason_for_supplier": amendment.reason_for_supplier,
    }


def _audit(
    tx: Transaction,
    action: str,
    amendment: Amendment,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str | None = None,
) -> None:
    tx.audit(action, AMENDMENT, amendment.id, before=before, after=after, reason=reason)
