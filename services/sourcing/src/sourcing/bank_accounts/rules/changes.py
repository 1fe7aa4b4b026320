"""A change of what is paid: who asks, who verifies, what speaks against it, when it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from purveyor.duties import expect_another
from purveyor.errors import ConflictError, FieldError, InvalidError

REQUESTED_BY_ANOTHER = "Who asked for a change of a bank account does not verify it: ask a colleague."
"""COSO, segregation of duties: nobody changes a bank account alone."""


class ChangeKind(StrEnum):
    """What a change does: a first account of a currency, another in its place, none any more."""

    NEW = "new"
    REPLACE = "replace"
    END = "end"


class AccountStatus(StrEnum):
    """Where an account stands; only what is active is paid to."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"
    REFUSED = "refused"


class ChangeStatus(StrEnum):
    """Where a change stands; payments are held while it is requested or verified."""

    REQUESTED = "requested"
    VERIFIED = "verified"
    DONE = "done"
    REJECTED = "rejected"


class Move(StrEnum):
    """What may be done to a change."""

    VERIFY = "verify"
    REJECT = "reject"


MOVES: Mapping[ChangeStatus, Sequence[Move]] = {
    ChangeStatus.REQUESTED: (Move.VERIFY, Move.REJECT),
    ChangeStatus.VERIFIED: (Move.REJECT,),
    ChangeStatus.DONE: (),
    ChangeStatus.REJECTED: (),
}
OPEN = (ChangeStatus.REQUESTED, ChangeStatus.VERIFIED)


class Warned(StrEnum):
    """What a verifier has to look at, and to answer in a note."""

    HOLDER_DIFFERS = "holder_differs"
    SAME_ACCOUNT_ELSEWHERE = "same_account_elsewhere"
    COUNTRY_DIFFERS = "country_differs"
    BIC_COUNTRY_DIFFERS = "bic_country_differs"


class BankAccountChanges(BaseModel):
    """How careful a change of a bank account is."""

    model_config = ConfigDict(frozen=True)

    waiting_days: int = Field(
        default=2,
        ge=0,
        le=90,
        description="Days from the verification of an account to the one from which on it is paid",
        examples=[2],
    )
    number_known_days: int = Field(
        default=14,
        ge=0,
        le=365,
        description="Days that a phone number was known before a request, to be called about it; about the"
        " first account of a supplier also at one that came in its own first days",
        examples=[14],
    )


def expect_possible(status: ChangeStatus, move: Move) -> None:
    """Raise ConflictError naming what is possible instead of a move."""
    allowed = MOVES[status]
    if move not in allowed:
        raise ConflictError(
            "wrong_state",
            f"The change is {status}, which does not allow to {move} it; possible now: "
            f"{', '.join(allowed) or 'nothing more'}.",
            allowed=[one.value for one in allowed],
        )


def kind_of(*, active: bool, states_account: bool) -> ChangeKind:
    """Return what a request comes to in a currency that has an active account, or none.

    Raises InvalidError for the end of what there is not.
    """
    if states_account:
        return ChangeKind.REPLACE if active else ChangeKind.NEW
    if not active:
        detail = "There is no active account of this currency to end: state the account that is to be paid."
        raise InvalidError("nothing_to_end", detail, errors=[FieldError("/account", detail)])
    return ChangeKind.END


def warnings_of(
    *,
    holder_key: str,
    name_key: str,
    supplier_country: str | None,
    account_country: str,
    bic: str | None,
    elsewhere: bool,
) -> list[Warned]:
    """Return what speaks against an account, in the order in which a verifier reads it.

    Business e-mail compromise names an account abroad, or of somebody else (FBI IC3).
    """
    found = [Warned.HOLDER_DIFFERS] if holder_key != name_key else []
    found += [Warned.SAME_ACCOUNT_ELSEWHERE] if elsewhere else []
    found += [Warned.COUNTRY_DIFFERS] if supplier_country not in (None, account_country) else []
    found += [Warned.BIC_COUNTRY_DIFFERS] if bic is not None and bic[4:6] != account_country else []
    return found


def expect_answered(warned: Sequence[Warned], note: str | None) -> None:
    """Raise InvalidError when what speaks against an account is passed over in silence."""
    if warned and note is None:
        detail = f"Say in a note why it is verified all the same: {', '.join(warned)}."
        raise InvalidError("warnings_unanswered", detail, errors=[FieldError("/note", detail)])


def expect_verifier(actor: str, requested_by: str) -> None:
    """Raise ForbiddenError when a change is verified by who asked for it."""
    expect_another(actor, (requested_by,), REQUESTED_BY_ANOTHER)


def pays_from(verified_on: date, kind: ChangeKind, waiting_days: int) -> date:
    """Return the day from which on a verified change holds: an end holds at once, as nothing can be lost."""
    return verified_on if kind is ChangeKind.END else verified_on + timedelta(days=waiting_days)
