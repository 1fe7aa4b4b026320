"""Invitations, their secrets and who acts for suppliers, in SQL."""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from purveyor.days import Moment
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from sourcing.onboarding.model import InvitationSecret, SupplierAccess, SupplierInvitation
from sourcing.onboarding.rules.invitations import HeldSecret, InvitationStatus

INVITATIONS = Listing(
    name="invitations",
    id=SupplierInvitation.id,
    filters=(
        equal("status", InvitationStatus, SupplierInvitation.status, "What became of it", example="sent"),
        equal("supplier_id", UUID, SupplierInvitation.supplier_id, "Which supplier it is, or became"),
        *between("expires", Moment, SupplierInvitation.expires_at, "Lets in nobody from this moment on"),
    ),
    sorts=both_ways("id", SupplierInvitation.id)[::-1],
    changed=SupplierInvitation.changed_in,
)
ACCESS = Listing(
    name="access",
    id=SupplierAccess.id,
    filters=(equal("supplier_id", UUID, SupplierAccess.supplier_id, "For whom they act"),),
    sorts=both_ways("id", SupplierAccess.id)[::-1],
    changed=SupplierAccess.changed_in,
)


def add_invitation(tx: Transaction, invitation: SupplierInvitation) -> None:
    """Keep a new invitation."""
    tx.session.add(invitation)


async def get_invitation(tx: Transaction, invitation_id: UUID) -> SupplierInvitation:
    """Return an invitation; raises NotFoundError."""
    return _found(invitation_id, await tx.session.get(SupplierInvitation, invitation_id))


async def lock_invitation(tx: Transaction, invitation_id: UUID) -> SupplierInvitation:
    """Return an invitation that nobody else changes meanwhile; raises NotFoundError."""
    return _found(invitation_id, await lock_invitation_if_any(tx, invitation_id))


async def lock_invitation_if_any(tx: Transaction, invitation_id: UUID) -> SupplierInvitation | None:
    """Return an invitation that nobody else changes meanwhile, if there is one."""
    found: SupplierInvitation | None = await tx.session.get(
        SupplierInvitation, invitation_id, with_for_update=True, populate_existing=True
    )
    return found


def _found(invitation_id: UUID, invitation: SupplierInvitation | None) -> SupplierInvitation:
    if invitation is None:
        raise NotFoundError("supplier invitation", invitation_id)
    return invitation


async def find_invitations(tx: Transaction, asked: Asked) -> Found[SupplierInvitation]:
    """Return a page of invitations."""
    return await find(tx, select(SupplierInvitation), asked)


async def keep_secret(
    tx: Transaction, invitation_id: UUID, digest: bytes, expires_at: datetime, now: datetime
) -> None:
    """Keep the digest of a secret, and that it takes the place of the one before it."""
    await tx.session.flush()
    await tx.session.execute(
        update(InvitationSecret)
        .where(InvitationSecret.invitation_id == invitation_id, InvitationSecret.replaced_at.is_(None))
        .values(replaced_at=now)
    )
    await tx.session.execute(
        insert(InvitationSecret).values(digest=digest, invitation_id=invitation_id, expires_at=expires_at)
    )


async def lock_by_secret(
    tx: Transaction, digest: bytes
) -> tuple[SupplierInvitation | None, HeldSecret | None]:
    """Return the invitation of a secret, locked, and how the secret stands; nothing for one never given out.

    What is compared is a digest, so that how long the index takes says nothing of any secret; the whole of it
    is compared once more in a time that does not depend on where two differ.
    """
    known = select(InvitationSecret.invitation_id).where(InvitationSecret.digest == digest)
    invitation_id: UUID | None = await tx.session.scalar(known)
    if invitation_id is None:
        return None, None
    invitation = await lock_invitation(tx, invitation_id)
    secret = await tx.session.get(InvitationSecret, digest, populate_existing=True)
    if secret is None or not hmac.compare_digest(secret.digest, digest):
        return None, None
    replaced = secret.replaced_at is not None
    return invitation, HeldSecret(digest, invitation.status, replaced, secret.expires_at)


async def grant_access(tx: Transaction, access: SupplierAccess) -> bool:
    """Let somebody act for a supplier; returns False when they act for one already."""
    columns = ("id", "version", "issuer", "subject", "supplier_id", "invitation_id", "granted_at")
    await tx.session.flush()
    given = await tx.session.execute(
        insert(SupplierAccess)
        .values({name: getattr(access, name) for name in columns})
        .on_conflict_do_nothing()
        .returning(SupplierAccess.id)
    )
    return given.first() is not None


async def supplier_of(tx: Transaction, issuer: str, subject: str) -> UUID | None:
    """Return the supplier that somebody acts for by an invitation."""
    found: UUID | None = await tx.session.scalar(
        select(SupplierAccess.supplier_id).where(
            SupplierAccess.subject == subject,
            SupplierAccess.issuer == issuer,
            SupplierAccess.withdrawn_at.is_(None),
        )
    )
    return found


async def get_access(tx: Transaction, access_id: UUID, *, lock: bool = False) -> SupplierAccess:
    """Return who acts for a supplier; raises NotFoundError."""
    found: SupplierAccess | None = await tx.session.get(
        SupplierAccess, access_id, with_for_update=lock or None, populate_existing=lock
    )
    if found is None:
        raise NotFoundError("supplier access", access_id)
    return found


async def find_access(tx: Transaction, asked: Asked) -> Found[SupplierAccess]:
    """Return a page of who acts for suppliers."""
    return await find(tx, select(SupplierAccess), asked)
