"""Where an amendment stands and what may follow, and who may approve it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from procurement.orders.rules.amending import with_external_references
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from purveyor.duties import expect_another
from purveyor.errors import ConflictError


class AmendmentStatus(StrEnum):
    """Where an amendment stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


class AmendmentAction(StrEnum):
    """What can be done to an amendment."""

    CHANGE = "change"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    ISSUE = "issue"
    WITHDRAW = "withdraw"


TRANSITIONS: Mapping[AmendmentAction, Mapping[AmendmentStatus, AmendmentStatus]] = {
    AmendmentAction.CHANGE: {AmendmentStatus.DRAFT: AmendmentStatus.DRAFT},
    AmendmentAction.SUBMIT: {AmendmentStatus.DRAFT: AmendmentStatus.SUBMITTED},
    AmendmentAction.APPROVE: {AmendmentStatus.SUBMITTED: AmendmentStatus.APPROVED},
    AmendmentAction.RETURN: {
        AmendmentStatus.SUBMITTED: AmendmentStatus.DRAFT,
        AmendmentStatus.APPROVED: AmendmentStatus.DRAFT,
    },
    AmendmentAction.ISSUE: {AmendmentStatus.APPROVED: AmendmentStatus.ISSUED},
    AmendmentAction.WITHDRAW: {
        AmendmentStatus.DRAFT: AmendmentStatus.WITHDRAWN,
        AmendmentStatus.SUBMITTED: AmendmentStatus.WITHDRAWN,
        AmendmentStatus.APPROVED: AmendmentStatus.WITHDRAWN,
    },
}
"""The state machine: what is not here is refused."""

INITIAL = AmendmentStatus.DRAFT
OPEN = tuple(TRANSITIONS[AmendmentAction.WITHDRAW])
"""In what status an amendment begins, and in which an order has one at most."""

APPROVED_BY_OTHERS: Mapping[str, str] = {
    "authors": "Who created, changed or submitted an amendment does not approve it.",
    "order_authors": "Who wrote any of what an order says does not approve what it is to say next.",
    "supplier_authors": "Who onboarded a supplier, or changed who it is, does not approve its orders.",
    "site_authors": "Who created or changed a site does not approve what is ordered to it.",
}
"""By the part that people had: why they do not approve it. An approval is of the whole version it makes."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an amendment's author states; `lines` numbers those that have no number from a free one on.

    `stated` is what the order is to say but for its lines, by name.
    """

    based_on: int
    stated: Mapping[str, Any]
    lines: Callable[[int], tuple[DraftLine, ...]]
    cancelled_lines: tuple[int, ...]
    reason: str
    reason_for_supplier: str | None

    def content(self, before: DraftOrder, numbers: Collection[int]) -> DraftOrder:
        """Return what the order is to say; the supplier, its currency and its day stay what they are.

        `numbers` are those of all lines that the order has ever had: none is used twice.
        """
        return replace(
            before,
            **self.stated,
            lines=with_external_references(before, self.lines(max(numbers, default=0) + 1)),
        )


WITHOUT_ITS_ORDER = frozenset({AmendmentAction.WITHDRAW})
"""What is done to an amendment though its order is finished meanwhile, and amended no more."""


def allowed_actions(status: str, *, amendable: bool = True) -> list[str]:
    """Return what can be done to an amendment in a status, of an order that can be amended or not."""
    return [
        action.value
        for action, moves in TRANSITIONS.items()
        if status in moves and (amendable or action in WITHOUT_ITS_ORDER)
    ]


def next_status(action: AmendmentAction, status: str) -> AmendmentStatus:
    """Return where an action leads; raises ConflictError naming what else is possible."""
    reached = TRANSITIONS[action].get(AmendmentStatus(status))
    if reached is None:
        allowed = allowed_actions(status)
        raise ConflictError(
            "wrong_state",
            f"An amendment that is {status} cannot be the object of “{action}”; "
            + (f"possible now: {', '.join(allowed)}." if allowed else "it is finished."),
            status_now=status,
            allowed=allowed,
        )
    return reached


def check_approver(approver: str, parts: Mapping[str, Collection[str]]) -> None:
    """Raise ForbiddenError if the approver had one of the parts that keep from approving an amendment."""
    for part, why in APPROVED_BY_OTHERS.items():
        expect_another(approver, parts[part], why)


def check_based_on(based_on: int, current: int) -> None:
    """Raise ConflictError unless an amendment is of the version in force."""
    if based_on != current:
        raise ConflictError(
            "version_superseded",
            f"Version {current} is in force and you saw {based_on}: read it, then amend that.",
            current_version=current,
        )
