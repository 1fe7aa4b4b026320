"""Invite companies: a secret is made, told once to who invites, and kept as a digest."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError
from purveyor.pending import Personal
from purveyor.versions import Seen, expect_version
from purveyor_messaging.outbox import record
from sourcing.categories import commands as categories
from sourcing.onboarding.model import SupplierInvitation
from sourcing.onboarding.rules.invitations import InvitationStatus, digest_of
from sourcing.onboarding.store import invitations as store
from sourcing.onboarding.views.stated import Invitation
from sourcing.suppliers.commands import identifier_taken
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.identifiers import canonical_identifiers
from sourcing.suppliers.store.importing import Holder
from sourcing.suppliers.store.rows import get_supplier, holder_of

RANDOM_BYTES = 32
OF_COMPANY = ("legal_name", "country", "identifiers", "categories")
"""What is stated of a company that is not known yet, and of no other."""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that went out, and the secret that it is accepted by: nobody can tell it again."""

    invitation: SupplierInvitation
    secret: str


async def invite(tx: Transaction, stated: Invitation) -> Invited:
    """Ask a company in; raises ConflictError naming the supplier that has one of its numbers already."""
    supplier = None if stated.supplier_id is None else await _invitable(tx, stated, stated.supplier_id)
    invitation = SupplierInvitation(
        id=new_id(),
        version=1,
        sequence=0,
        status=InvitationStatus.SENT,
        email=stated.email,
        message=stated.message,
        invited_by=tx.actor,
        authors=[tx.actor],
        sent_at=tx.now,
        sendings=1,
        expires_at=tx.now + timedelta(days=stated.expires_in_days),
        **(await _company(tx, stated) if supplier is None else _known(supplier, stated)),
    )
    store.add_invitation(tx, invitation)
    record(tx, invitation, invitation.sent(tx.actor))
    tx.audit("invite", "supplier_invitation", invitation.id, after=_audited(invitation))
    return Invited(invitation, await _secret(tx, invitation))


async def resend(tx: Transaction, invitation_id: UUID, seen: Seen, expires_in_days: int) -> Invited:
    """Let an invitation go out once more: under a new secret, the one before lets in nobody."""
    invitation = await store.lock_invitation(tx, invitation_id)
    expect_version(invitation, seen)
    before = _audited(invitation)
    expires_at = tx.now + timedelta(days=expires_in_days)
    record(tx, invitation, invitation.send_again(tx.now, expires_at, tx.actor))
    invitation.note_author(tx.actor)
    tx.audit("resend", "supplier_invitation", invitation.id, before=before, after=_audited(invitation))
    return Invited(invitation, await _secret(tx, invitation))


async def revoke(tx: Transaction, invitation_id: UUID, seen: Seen, reason: str) -> SupplierInvitation:
    """Let an invitation let in nobody any more."""
    invitation = await store.lock_invitation(tx, invitation_id)
    expect_version(invitation, seen)
    before = _audited(invitation)
    record(tx, invitation, invitation.revoke(reason, tx.actor))
    after = _audited(invitation)
    tx.audit("revoke", "supplier_invitation", invitation.id, before=before, after=after, reason=reason)
    return invitation


async def _secret(tx: Transaction, invitation: SupplierInvitation) -> str:
    secret = secrets.token_urlsafe(RANDOM_BYTES)
    await store.keep_secret(tx, invitation.id, digest_of(secret), invitation.expires_at, tx.now)
    return secret


async def _invitable(tx: Transaction, stated: Invitation, supplier_id: UUID) -> Supplier:
    of_others = [name for name in OF_COMPANY if getattr(stated, name)]
    if of_others:
        detail = "A supplier that is known has it already: leave it out, or leave out supplier_id."
        errors = [FieldError(f"/{name}", detail) for name in of_others]
        raise InvalidError("company_named_twice", detail, errors=errors)
    supplier = await get_supplier(tx, supplier_id)
    if not supplier.allowed_actions:
        detail = f"Supplier {supplier.display_number} is {supplier.status}: nobody keeps its file any more."
        raise ConflictError("wrong_state", detail, allowed=[])
    return supplier


def _known(supplier: Supplier, stated: Invitation) -> dict[str, Any]:
    return {
        "supplier_id": supplier.id,
        "legal_name": supplier.legal_name,
        "country": supplier.country,
        "identifiers": [],
        "contact_name": stated.contact_name,
        "categories": [],
    }


async def _company(tx: Transaction, stated: Invitation) -> dict[str, Any]:
    errors = [
        FieldError(f"/{name}", "Say it of a company that is not known yet; else state its supplier_id.")
        for name in ("legal_name", "country")
        if getattr(stated, name) is None
    ]
    if errors:
        raise InvalidError("company_not_named", errors[0].detail, errors=errors)
    await categories.admit(tx, stated.categories, "/categories")
    written = [(one.scheme, one.value) for one in stated.identifiers]
    identifiers = canonical_identifiers(written, stated.country)
    for one in identifiers:
        holder = await holder_of(tx, one.scheme, one.value)
        if holder is not None:
            known = Holder(holder.id, holder.number, holder.legal_name)
            raise identifier_taken(one.scheme, one.value, known)
    return {
        "legal_name": stated.legal_name,
        "country": stated.country,
        "identifiers": [one.model_dump() for one in identifiers],
        "contact_name": stated.contact_name,
        "categories": list(stated.categories),
    }


def _audited(invitation: SupplierInvitation) -> dict[str, Any]:
    """Return what the trail says of an invitation: whom it is for by digest only, of its secret nothing."""
    return {
        "status": invitation.status.value,
        "email": Personal(invitation.email),
        "contact_name": None if invitation.contact_name is None else Personal(invitation.contact_name),
        "legal_name": invitation.legal_name,
        "country": invitation.country,
        "identifiers": invitation.identifiers,
        "categories": invitation.categories,
        "supplier_id": invitation.supplier_id,
        "sendings": invitation.sendings,
        "expires_at": invitation.expires_at,
    }
