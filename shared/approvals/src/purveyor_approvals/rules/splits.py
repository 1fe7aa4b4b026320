"""Documents that each stay under a threshold and together do not: one purchase in slices.

Splitting a purchase to stay under an approval limit is the classic way round it (COSO; ACFE, Fraud
Examiners Manual: bid and purchase splitting).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from purveyor_approvals.rules.policy import ApprovalPolicy


@dataclass(frozen=True, slots=True)
class Slice:
    """Another document that may be a part of the same purchase; its amount is in the policy's currency."""

    approval_id: UUID
    number: str
    amount: Decimal
    stated: str
    """Its amount as it was stated, with its currency."""
    submitted_by: str


@dataclass(frozen=True, slots=True)
class Split:
    """A purchase that was found in slices: what they add up to, and which threshold that reaches."""

    threshold: Decimal
    total: Decimal
    slices: tuple[Slice, ...]
    arithmetic: str


def thresholds(policy: ApprovalPolicy, kind: str) -> list[Decimal]:
    """Return the amounts from which something else is asked of documents of a kind, the highest first.

    A rule for less than an amount says by that what is asked from it on, be it by what no rule covers.
    """
    rules = [rule.when for rule in policy.rules if rule.when.kinds is None or kind in rule.when.kinds]
    amounts = {amount for when in rules for amount in (when.amount_from, when.amount_below) if amount}
    return sorted(amounts, reverse=True)


def find_split(
    number: str, amount: Decimal, currency: str, others: Sequence[Slice], limits: Collection[Decimal]
) -> Split | None:
    """Return the split with the highest threshold that is reached; None where none is.

    What was above a threshold by itself has passed the steps of it, and is no slice under it.
    """
    for threshold in sorted(limits, reverse=True):
        under = [one for one in others if one.amount < threshold]
        total = amount + sum((one.amount for one in under), Decimal(0))
        if amount < threshold <= total and under:
            terms = [f"{number} {amount:,}", *(f"{one.number} {one.amount:,}" for one in under)]
            said = f"{' + '.join(terms)} = {total:,} {currency}, which is {threshold:,} or more"
            return Split(threshold, total, tuple(under), said)
    return None
