"""Which account may be paid, and why none may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from uuid import UUID


class AccountStatus(StrEnum):
    """Where an account stands, as sourcing said last; only what is active is paid to."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    ACTIVE = "active"
    ENDED = "ended"
    REFUSED = "refused"


class Why(StrEnum):
    """Why a supplier cannot be paid."""

    HELD = "held"
    NO_ACCOUNT = "no_account"
    NOT_OPENED = "not_opened"


class NotPayableError(Exception):
    """A supplier cannot be paid in a currency on a day; no refusal yet, since nobody asks for payments."""

    def __init__(self, why: Why, detail: str) -> None:
        super().__init__(detail)
        self.why = why


def expect_not_held(holds: Iterable[UUID], currency: str) -> None:
    """Raise NotPayableError while a change of the account is open: who asked may be a fraudster."""
    changes = ", ".join(sorted(map(str, holds)))
    if changes:
        raise NotPayableError(
            Why.HELD,
            f"Payments in {currency} are held: sourcing has yet to verify or reject the change {changes}.",
        )


def is_payable(active_from: date | None, ended_on: date | None, day: date) -> bool:
    """Whether an account is paid to on a day: from the one on which it is active to the one of its end."""
    return active_from is not None and active_from <= day and (ended_on is None or day < ended_on)
