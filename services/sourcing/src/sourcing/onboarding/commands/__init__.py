"""What people do to have a company become a supplier, and its file kept by itself."""

from sourcing.onboarding.commands.accepting import accept, withdraw_access
from sourcing.onboarding.commands.deciding import decide
from sourcing.onboarding.commands.drafting import draft, redraft, submit, withdraw
from sourcing.onboarding.commands.inviting import Invited, invite, resend, revoke

__all__ = [
    "Invited",
    "accept",
    "decide",
    "draft",
    "invite",
    "redraft",
    "resend",
    "revoke",
    "submit",
    "withdraw",
    "withdraw_access",
]
