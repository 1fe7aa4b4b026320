"""What happens to what a budget does not leave, to what none covers, and at a year's end."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from purveyor_contract.roles import Role


class OnExceeded(StrEnum):
    """What happens to a document that asks for more than there is."""

    STOP = "stop"
    WARN = "warn"
    IGNORE = "ignore"


class NotCovered(StrEnum):
    """What happens to what no budget covers."""

    ALLOW = "allow"
    WARN = "warn"
    REFUSE = "refuse"


class ReserveAt(StrEnum):
    """When a requisition reserves what it asks for."""

    SUBMISSION = "submission"
    APPROVAL = "approval"


class OpenAtYearEnd(StrEnum):
    """What becomes of what is reserved and committed when a budget's days are over."""

    CARRY_OVER = "carry_over"
    RELEASE = "release"


class UnspentAtYearEnd(StrEnum):
    """What becomes of what is left."""

    LAPSE = "lapse"
    CARRY_OVER = "carry_over"


class BudgetControl(BaseModel):
    """How strictly budgets are held to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on_exceeded: OnExceeded = OnExceeded.STOP
    tolerance_percent: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=100,
        description="How much more than budgeted may be taken, of what is budgeted",
        examples=["2"],
    )
    override_roles: tuple[Role, ...] = Field(
        default=(Role.APPROVER,), description="Who may let a document take more than there is, with a reason"
    )
    not_covered: NotCovered = Field(
        default=NotCovered.ALLOW, description="What happens to a line that no approved budget covers"
    )
    reserve_at: ReserveAt = Field(
        default=ReserveAt.APPROVAL, description="When a requisition reserves what it asks for"
    )


class BudgetYearEnd(BaseModel):
    """What becomes of a budget whose last day is over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    open_amounts: OpenAtYearEnd = Field(
        default=OpenAtYearEnd.CARRY_OVER,
        description="What is reserved and committed goes on to the next budget, with as much of this one; or "
        "it lapses",
    )
    unspent: UnspentAtYearEnd = UnspentAtYearEnd.LAPSE
    after_days: int = Field(
        default=14, ge=0, le=366, description="So many days after its last one a budget is closed"
    )
