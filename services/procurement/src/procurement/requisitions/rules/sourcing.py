"""Which lines are not ordered before a supplier was looked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from purveyor.decimals import AS_WRITTEN, shortest
from purveyor.money import CurrencyCode
from purveyor.texts import Code


class RequisitionSourcing(BaseModel):
    """Which approved lines are to be sourced before they are ordered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    without_agreement: bool = Field(
        default=False, description="Those whose item no blanket order has that may be called off"
    )
    above: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6), AS_WRITTEN] | None = Field(
        default=None, description="Those that are estimated to cost more than this; null: whatever they cost"
    )
    currency: CurrencyCode = Field(default="EUR", description="Of the value")
    rate_source: Code = Field(default="ECB", description="Whose exchange rates convert estimates into it")
    rate_base: Code = Field(default="EUR", description="The currency that those rates are quoted against")


def why_sourced(policy: RequisitionSourcing, worth: Decimal | None, *, agreed: bool) -> str | None:
    """Return why a line is to be sourced, None where it need not.

    `worth` is its estimate in the policy's currency, and only asked for where the policy names a value.
    """
    reasons = []
    if policy.without_agreement and not agreed:
        reasons.append("no blanket order has it")
    if policy.above is not None and worth is not None and worth > policy.above:
        limit = f"{shortest(policy.above)} {policy.currency}"
        reasons.append(
            f"{shortest(worth)} {policy.currency} is above the {limit} up to which nobody is asked"
        )
    return "; ".join(reasons) or None
