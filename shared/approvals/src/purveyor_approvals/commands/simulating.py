"""What a policy would want of a document, if there were one; nothing is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from purveyor import policies
from purveyor.db import Transaction
from purveyor_approvals.commands.planned import assigned
from purveyor_approvals.kinds import Kinds
from purveyor_approvals.rules.assigning import Assignment
from purveyor_approvals.rules.planning import Facts
from purveyor_approvals.rules.policy import ApprovalPolicy


@dataclass(frozen=True, slots=True)
class Simulated:
    """The steps that would be asked for, by which version, and what the amount is there."""

    policy_version: int | None
    amount: Decimal
    currency: str
    assignment: Assignment


async def simulate(
    tx: Transaction,
    kinds: Kinds,
    policy: ApprovalPolicy | None,
    *,
    kind: str,
    amount: Decimal,
    currency: str,
    submitted_by: str,
    business_unit: str | None,
    cost_centres: Collection[str],
    categories: Collection[str],
    supplier_risk: str | None,
    supplier_grade: str | None,
    on_contract: bool,
) -> Simulated:
    """Return what the policy in force, or one that is stated, would want; its author does not decide."""
    approving = kinds.approving
    version = (await policies.history(tx, approving.policy)).in_force(tx.day)
    value = policy or version.value
    worth = await approving.organisation.converted(tx, amount, currency, value.currency, tx.day)
    known = kinds.by_name.get(kind)
    assignment = await assigned(
        tx,
        approving,
        value,
        Facts(
            kind=kind,
            amount=worth,
            currency=value.currency,
            business_unit=business_unit,
            cost_centres=cost_centres,
            categories=categories,
            supplier_risk=supplier_risk,
            supplier_grade=supplier_grade,
            on_contract=on_contract,
        ),
        tx.day,
        undecided=(known.undecided or ()) if known else (),
        kept_apart={submitted_by},
        submitted_by=submitted_by,
    )
    return Simulated(None if policy else version.number, worth, value.currency, assignment)
