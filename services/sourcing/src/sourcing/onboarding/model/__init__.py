"""Invitations, who acts for a supplier, and what suppliers propose."""

from sourcing.onboarding.model.changes import ProposedField, SupplierChange
from sourcing.onboarding.model.invitations import InvitationSecret, SupplierAccess, SupplierInvitation

__all__ = ["InvitationSecret", "ProposedField", "SupplierAccess", "SupplierChange", "SupplierInvitation"]
