"""Whom an invitation's secret lets in, and why it lets in nobody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from purveyor.errors import ForbiddenError

VALID_DAYS, MOST_VALID_DAYS = 14, 90
ACCEPTED_BY_ANOTHER = "Who invited a company does not accept for it: the secret is for somebody there."
"""Why those who invited keep apart from who accepts (COSO: segregation of duties)."""


class InvitationStatus(StrEnum):
    """What became of an invitation; that its time is over is told apart."""

    SENT = "sent"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


class Refused(StrEnum):
    """Why a secret lets in nobody."""

    UNKNOWN = "invitation_unknown"
    USED = "invitation_used"
    REVOKED = "invitation_revoked"
    REPLACED = "invitation_replaced"
    EXPIRED = "invitation_expired"


@dataclass(frozen=True, slots=True)
class HeldSecret:
    """A secret that was given out once, and the invitation that it is of as it stands."""

    digest: bytes
    status: InvitationStatus
    replaced: bool
    expires_at: datetime


def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret: it is random and long, so that no salt and no slowness add to it."""
    return hashlib.sha256(secret.encode()).digest()


def why_refused(held: HeldSecret | None, now: datetime) -> Refused | None:
    """Return why a secret lets in nobody, None where it does; the last thing that happened to it is said."""
    if held is None:
        return Refused.UNKNOWN
    if held.status is InvitationStatus.ACCEPTED:
        return Refused.USED
    if held.status is InvitationStatus.REVOKED:
        return Refused.REVOKED
    if held.replaced:
        return Refused.REPLACED
    return Refused.EXPIRED if now >= held.expires_at else None


def refusal(why: Refused) -> ForbiddenError:
    """Return the refusal of a secret: who never held one is told the first, and no more."""
    match why:
        case Refused.UNKNOWN:
            said = "No invitation has this secret: look whether all of the link was copied."
            return ForbiddenError("invitation_unknown", said)
        case Refused.USED:
            said = "This invitation was accepted already, and it lets in one person once."
            return ForbiddenError("invitation_used", said)
        case Refused.REVOKED:
            return ForbiddenError("invitation_revoked", "This invitation was revoked: ask who sent it.")
        case Refused.REPLACED:
            said = "This invitation was sent again since: use the link that came last."
            return ForbiddenError("invitation_replaced", said)
        case Refused.EXPIRED:
            said = "The time of this invitation is over: ask who sent it for another."
            return ForbiddenError("invitation_expired", said)
