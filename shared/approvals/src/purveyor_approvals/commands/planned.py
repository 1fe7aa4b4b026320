"""What a policy wants of a document, with people: the same for a document handed in and for a simulation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from purveyor.db import Transaction
from purveyor_approvals.kinds import Approving, Document, Wanted
from purveyor_approvals.rules.assigning import Assignment, assign
from purveyor_approvals.rules.planning import Facts, plan
from purveyor_approvals.rules.policy import (
    ApprovalPolicy,
    CostCentreManagerStep,
    GroupStep,
    PersonStep,
    Step,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """By what a document is judged: its amount in the policy's currency, alone and with its slices."""

    own: Decimal
    amount: Decimal


def facts_of(kind: str, document: Document, policy: ApprovalPolicy, amount: Decimal) -> Facts:
    """Return what conditions look at."""
    return Facts(
        kind=kind,
        amount=amount,
        currency=policy.currency,
        business_unit=document.business_unit,
        cost_centres=document.cost_centres,
        categories={*document.categories, *document.within},
        supplier_risk=document.supplier_risk,
        supplier_grade=document.supplier_grade,
        on_contract=document.on_contract,
    )


async def assigned(
    tx: Transaction,
    approving: Approving,
    policy: ApprovalPolicy,
    facts: Facts,
    day: date,
    *,
    undecided: tuple[Step, ...],
    kept_apart: Collection[str],
    submitted_by: str,
) -> Assignment:
    """Return the steps that a policy wants, each with those who may take it."""
    planned = plan(policy, facts, undecided)
    steps = [one.step for one in planned]
    directory = await approving.organisation.directory(
        tx,
        Wanted(
            currency=policy.currency,
            day=day,
            people={step.person for step in steps if isinstance(step, PersonStep)},
            groups={step.group for step in steps if isinstance(step, GroupStep)},
            cost_centres=facts.cost_centres
            if any(isinstance(step, CostCentreManagerStep) for step in steps)
            else (),
            subject=submitted_by,
        ),
    )
    return assign(planned, directory, facts.amount, kept_apart)
