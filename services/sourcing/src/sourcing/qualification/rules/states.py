"""Where a case of qualification is in its life, and what it may be decided to be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from purveyor.errors import ConflictError


class CaseStatus(StrEnum):
    """Where a case stands."""

    INVITED = "invited"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    UNDER_EVALUATION = "under_evaluation"
    QUALIFIED = "qualified"
    CONDITIONALLY_QUALIFIED = "conditionally_qualified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class Move(StrEnum):
    """What may be done to a case."""

    ANSWER = "answer"
    SUBMIT = "submit"
    RETURN = "return"
    NAME_EVALUATOR = "name-evaluator"
    MARK = "mark"
    QUALIFY = "qualify"
    QUALIFY_CONDITIONALLY = "qualify-conditionally"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    MEET_CONDITION = "meet-condition"
    COMPLETE = "complete"
    EXPIRE = "expire"
    SUPERSEDE = "supersede"


class Decision(StrEnum):
    """What may be decided of a case."""

    QUALIFIED = "qualified"
    CONDITIONALLY_QUALIFIED = "conditionally_qualified"
    REJECTED = "rejected"


MOVE_OF: Mapping[Decision, Move] = {
    Decision.QUALIFIED: Move.QUALIFY,
    Decision.CONDITIONALLY_QUALIFIED: Move.QUALIFY_CONDITIONALLY,
    Decision.REJECTED: Move.REJECT,
}

OPEN = (
    CaseStatus.INVITED,
    CaseStatus.IN_PROGRESS,
    CaseStatus.SUBMITTED,
    CaseStatus.UNDER_EVALUATION,
)
"""Where nothing has been decided yet."""

HOLDS = (CaseStatus.QUALIFIED, CaseStatus.CONDITIONALLY_QUALIFIED)
"""Where a supplier is qualified, through the last day."""

MOVES: Mapping[tuple[CaseStatus, Move], CaseStatus] = {
    (CaseStatus.INVITED, Move.ANSWER): CaseStatus.IN_PROGRESS,
    (CaseStatus.INVITED, Move.WITHDRAW): CaseStatus.WITHDRAWN,
    (CaseStatus.IN_PROGRESS, Move.ANSWER): CaseStatus.IN_PROGRESS,
    (CaseStatus.IN_PROGRESS, Move.SUBMIT): CaseStatus.SUBMITTED,
    (CaseStatus.IN_PROGRESS, Move.WITHDRAW): CaseStatus.WITHDRAWN,
    (CaseStatus.SUBMITTED, Move.RETURN): CaseStatus.IN_PROGRESS,
    (CaseStatus.SUBMITTED, Move.NAME_EVALUATOR): CaseStatus.UNDER_EVALUATION,
    (CaseStatus.SUBMITTED, Move.WITHDRAW): CaseStatus.WITHDRAWN,
    (CaseStatus.UNDER_EVALUATION, Move.RETURN): CaseStatus.IN_PROGRESS,
    (CaseStatus.UNDER_EVALUATION, Move.NAME_EVALUATOR): CaseStatus.UNDER_EVALUATION,
    (CaseStatus.UNDER_EVALUATION, Move.MARK): CaseStatus.UNDER_EVALUATION,
    (CaseStatus.UNDER_EVALUATION, Move.QUALIFY): CaseStatus.QUALIFIED,
    (CaseStatus.UNDER_EVALUATION, Move.QUALIFY_CONDITIONALLY): CaseStatus.CONDITIONALLY_QUALIFIED,
    (CaseStatus.UNDER_EVALUATION, Move.REJECT): CaseStatus.REJECTED,
    (CaseStatus.UNDER_EVALUATION, Move.WITHDRAW): CaseStatus.WITHDRAWN,
    (CaseStatus.QUALIFIED, Move.EXPIRE): CaseStatus.EXPIRED,
    (CaseStatus.QUALIFIED, Move.SUPERSEDE): CaseStatus.SUPERSEDED,
    (CaseStatus.CONDITIONALLY_QUALIFIED, Move.MEET_CONDITION): CaseStatus.CONDITIONALLY_QUALIFIED,
    (CaseStatus.CONDITIONALLY_QUALIFIED, Move.COMPLETE): CaseStatus.QUALIFIED,
    (CaseStatus.CONDITIONALLY_QUALIFIED, Move.EXPIRE): CaseStatus.EXPIRED,
    (CaseStatus.CONDITIONALLY_QUALIFIED, Move.SUPERSEDE): CaseStatus.SUPERSEDED,
}
"""Every move that exists. The last condition that is met completes, a day that passes expires, and a newer
case supersedes: those three nobody asks for by themselves."""

BY_ITSELF = frozenset({Move.COMPLETE, Move.EXPIRE, Move.SUPERSEDE})


class Action(StrEnum):
    """What may be asked for of a case, as its operations are called."""

    ANSWERS = "answers"
    SUBMIT = "submit"
    RETURN = "return"
    EVALUATORS = "evaluators"
    DECLARE_CONFLICT = "declare-conflict"
    MARKS = "marks"
    DECIDE = "decide"
    WITHDRAW = "withdraw"
    MEET = "meet"


ACTIONS: Mapping[Move, tuple[Action, ...]] = {
    Move.ANSWER: (Action.ANSWERS,),
    Move.SUBMIT: (Action.SUBMIT,),
    Move.RETURN: (Action.RETURN,),
    Move.NAME_EVALUATOR: (Action.EVALUATORS,),
    Move.MARK: (Action.DECLARE_CONFLICT, Action.MARKS),
    Move.QUALIFY: (Action.DECIDE,),
    Move.QUALIFY_CONDITIONALLY: (Action.DECIDE,),
    Move.REJECT: (Action.DECIDE,),
    Move.WITHDRAW: (Action.WITHDRAW,),
    Move.MEET_CONDITION: (Action.MEET,),
}
"""What each move is asked for by; who marks says first whether a conflict keeps them from it."""


def allowed_actions(status: CaseStatus) -> tuple[Action, ...]:
    """Return what somebody may ask for of a case in this status."""
    moves = [move for at, move in MOVES if at is status and move not in BY_ITSELF]
    return tuple(dict.fromkeys(action for move in moves for action in ACTIONS[move]))


def moved(number: str, status: CaseStatus, move: Move) -> CaseStatus:
    """Return the status that a move leads to; raises ConflictError naming what is possible instead."""
    found = MOVES.get((status, move))
    if found is None:
        allowed = [possible.value for possible in allowed_actions(status)]
        raise ConflictError(
            "wrong_state",
            f"Case {number} is {status}, which does not allow to {move}; "
            f"possible now: {', '.join(allowed) or 'nothing more'}.",
            allowed=allowed,
        )
    return found


def holds(status: CaseStatus, valid_until: date | None, day: date) -> bool:
    """Whether a supplier is qualified by a case on a day: through the last one."""
    return status in HOLDS and valid_until is not None and valid_until >= day
