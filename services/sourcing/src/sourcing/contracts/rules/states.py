"""Where a contract is in its life, and what may be done to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from purveyor.errors import ConflictError

SIGNED_BY_OTHERS = "Who wrote any of a contract, or of its amendment, does not sign it: ask two colleagues."
"""Why its authors do not sign (COSO: segregation of duties)."""
SIGNED_BY_TWO = "You have signed it already: somebody else signs as well."
SIGNATURES = 2


class ContractStatus(StrEnum):
    """Where a contract stands."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    SIGNED = "signed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    DISCARDED = "discarded"


class ContractMove(StrEnum):
    """What may be done to a contract."""

    CHANGE = "change"
    SUBMIT = "submit"
    SIGN = "sign"
    RETURN = "return"
    DISCARD = "discard"
    AMEND = "amend"
    RENEW = "renew"
    GIVE_NOTICE = "give_notice"
    SUSPEND = "suspend"
    RESUME = "resume"
    TERMINATE = "terminate"
    CONCLUDE = "conclude"
    ACTIVATE = "activate"
    EXPIRE = "expire"


_S, _M = ContractStatus, ContractMove
MOVES: Mapping[tuple[ContractStatus, ContractMove], ContractStatus] = {
    (_S.DRAFT, _M.CHANGE): _S.DRAFT,
    (_S.DRAFT, _M.SUBMIT): _S.IN_APPROVAL,
    (_S.DRAFT, _M.DISCARD): _S.DISCARDED,
    (_S.IN_APPROVAL, _M.SIGN): _S.IN_APPROVAL,
    (_S.IN_APPROVAL, _M.RETURN): _S.DRAFT,
    (_S.IN_APPROVAL, _M.DISCARD): _S.DISCARDED,
    (_S.IN_APPROVAL, _M.CONCLUDE): _S.SIGNED,
    (_S.SIGNED, _M.ACTIVATE): _S.ACTIVE,
    (_S.SIGNED, _M.TERMINATE): _S.TERMINATED,
    (_S.ACTIVE, _M.AMEND): _S.ACTIVE,
    (_S.ACTIVE, _M.RENEW): _S.ACTIVE,
    (_S.ACTIVE, _M.SIGN): _S.ACTIVE,
    (_S.ACTIVE, _M.RETURN): _S.ACTIVE,
    (_S.ACTIVE, _M.GIVE_NOTICE): _S.ACTIVE,
    (_S.ACTIVE, _M.SUSPEND): _S.SUSPENDED,
    (_S.ACTIVE, _M.TERMINATE): _S.TERMINATED,
    (_S.ACTIVE, _M.EXPIRE): _S.EXPIRED,
    (_S.SUSPENDED, _M.RESUME): _S.ACTIVE,
    (_S.SUSPENDED, _M.GIVE_NOTICE): _S.SUSPENDED,
    (_S.SUSPENDED, _M.TERMINATE): _S.TERMINATED,
    (_S.SUSPENDED, _M.EXPIRE): _S.EXPIRED,
}
"""Every move that exists. While it runs, signing and returning are of the amendment that was proposed."""

BY_ITSELF = frozenset({ContractMove.CONCLUDE, ContractMove.ACTIVATE, ContractMove.EXPIRE})
RUNNING = frozenset({ContractStatus.ACTIVE, ContractStatus.SUSPENDED})
BINDING = RUNNING | {ContractStatus.SIGNED}
"""Where no other contract may price the same."""
SHOWN_TO_SUPPLIERS = BINDING | {ContractStatus.EXPIRED, ContractStatus.TERMINATED}


def allowed_moves(status: ContractStatus) -> tuple[ContractMove, ...]:
    """Return what somebody may do to a contract of this status."""
    return tuple(move for at, move in MOVES if at is status and move not in BY_ITSELF)


def moved(number: str, status: ContractStatus, move: ContractMove) -> ContractStatus:
    """Return the status that a move leads to; raises ConflictError naming what is possible instead."""
    found = MOVES.get((status, move))
    if found is None:
        allowed = [possible.value for possible in allowed_moves(status)]
        raise ConflictError(
            "wrong_state",
            f"Contract {number} is {status}, which does not allow to {move}; "
            f"possible now: {', '.join(allowed) or 'nothing more'}.",
            allowed=allowed,
        )
    return found


def signed_wholly(signers: Sequence[str]) -> bool:
    """Whether as many people have signed as it takes."""
    return len(set(signers)) >= SIGNATURES
