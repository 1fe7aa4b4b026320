"""Invitations, who acts for suppliers, and what suppliers propose, over HTTP."""

from sourcing.onboarding.api.changes import router as changes
from sourcing.onboarding.api.invitations import access, invitations, supplier_of

__all__ = ["access", "changes", "invitations", "supplier_of"]
