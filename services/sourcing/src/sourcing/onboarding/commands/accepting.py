"""Accept invitations, and let nobody act for a supplier any more."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, ForbiddenError, InvalidError
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.onboarding import SupplierAccessGranted, SupplierAccessWithdrawn
from purveyor_messaging.outbox import record
from sourcing.categories.queries import expect_in_use
from sourcing.onboarding.model import SupplierAccess, SupplierInvitation
from sourcing.onboarding.rules.invitations import (
    ACCEPTED_BY_ANOTHER,
    Refused,
    digest_of,
    refusal,
    why_refused,
)
from sourcing.onboarding.store import invitations as store
from sourcing.suppliers.commands import register
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.store.rows import lock_supplier
from sourcing.suppliers.views.stated import Contact, IdentifierStated, SupplierDetails


async def accept(
    tx: Transaction, secret: str, issuer: str, acts_for: UUID | None
) -> tuple[SupplierAccess, Supplier]:
    """Let who holds an invitation's secret act for its supplier, which is registered if it is not known yet.

    Raises ForbiddenError for a secret that lets in nobody; of two at once one wins, and the other is told
    that it was used. Whoever acts for a supplier is an author of it, and decides nothing about it.
    """
    invitation, held = await store.lock_by_secret(tx, digest_of(secret))
    why = why_refused(held, tx.now)
    if invitation is None or why is not None:
        raise refusal(why or Refused.UNKNOWN)
    expect_another(tx.actor, invitation.authors, ACCEPTED_BY_ANOTHER)
    if acts_for is not None:
        raise _acts_already()
    supplier = await _supplier_of(tx, invitation)
    access = SupplierAccess(
        id=new_id(),
        version=1,
        issuer=issuer,
        subject=tx.actor,
        supplier_id=supplier.id,
        invitation_id=invitation.id,
        granted_at=tx.now,
    )
    before = {"status": invitation.status.value}
    record(tx, invitation, invitation.accept(supplier.id, tx.actor, tx.now))
    if not await store.grant_access(tx, access):
        raise _acts_already()
    before_access = {"authors": list(supplier.authors)}
    supplier.note_representative(tx.actor)
    granted = SupplierAccessGranted(
        supplier_id=supplier.id, access_id=access.id, subject=tx.actor, invitation_id=invitation.id
    )
    record(tx, supplier, granted)
    after = {"status": invitation.status.value, "supplier_id": supplier.id, "access_id": access.id}
    tx.audit("accept", "supplier_invitation", invitation.id, before=before, after=after)
    now = {"authors": list(supplier.authors), "subject": tx.actor}
    tx.audit("grant_access", "supplier", supplier.id, before=before_access, after=now)
    return access, supplier


async def withdraw_access(tx: Transaction, access_id: UUID, seen: Seen, reason: str) -> SupplierAccess:
    """Let somebody not act for a supplier any more, from their next request on."""
    supplier = await lock_supplier(tx, (await store.get_access(tx, access_id)).supplier_id)
    access = await store.get_access(tx, access_id, lock=True)
    expect_version(access, seen)
    if access.withdrawn_at is not None:
        raise ConflictError("wrong_state", "They do not act for the supplier any more already.", allowed=[])
    access.withdrawn_at, access.withdrawn_by, access.withdrawn_reason = tx.now, tx.actor, reason
    withdrawn = SupplierAccessWithdrawn(
        supplier_id=supplier.id,
        access_id=access.id,
        subject=access.subject,
        reason=reason,
        withdrawn_by=tx.actor,
    )
    record(tx, supplier, withdrawn)
    tx.audit(
        "withdraw_access",
        "supplier",
        supplier.id,
        before={"subject": access.subject},
        after={},
        reason=reason,
    )
    return access


async def _supplier_of(tx: Transaction, invitation: SupplierInvitation) -> Supplier:
    """Return the supplier of an invitation, locked, registered as whoever invited it stated it."""
    if invitation.supplier_id is not None:
        supplier = await lock_supplier(tx, invitation.supplier_id)
        if not supplier.allowed_actions:
            raise ForbiddenError("invitation_revoked", "This invitation is of no use any more.")
        return supplier
    try:
        await expect_in_use(tx, invitation.categories, "/categories")
    except InvalidError as error:
        raise ConflictError(
            "invitation_outdated",
            "What your company was to offer is not begun anew any more: ask who sent the invitation for "
            "another.",
        ) from error
    name = invitation.contact_name
    details = SupplierDetails(
        legal_name=invitation.legal_name,
        country=invitation.country,
        identifiers=[IdentifierStated(**one) for one in invitation.identifiers],
        contacts=[] if name is None else [Contact(name=name, email=invitation.email)],
        categories=invitation.categories,
    )
    try:
        return await register(tx, details, proposed_by=invitation.authors)
    except ConflictError as error:
        if error.code != "identifier_taken":
            raise
        # Which supplier that is, who was invited is not told.
        raise ConflictError(
            "company_known",
            "Your company was registered as a supplier since you were invited: ask who sent the invitation "
            "for one to that supplier.",
        ) from error


def _acts_already() -> ConflictError:
    return ConflictError(
        "acts_for_supplier",
        "You act for a supplier already, and one person acts for one: let a colleague accept it.",
    )
