"""Somebody who may lets a document take more than a budget leaves, with a reason."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from procurement.budgets.commands.budgets import BUDGET, locked
from procurement.budgets.model import BudgetOverride
from procurement.budgets.queries import BUDGET_CONTROL
from procurement.budgets.rules.charging import DocumentKind
from purveyor import policies
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import FieldError, ForbiddenError, InvalidError
from purveyor.money import minor_units, round_amount
from purveyor.policies import Place


async def grant_override(
    tx: Transaction,
    budget_id: UUID,
    kind: DocumentKind,
    document_id: UUID,
    amount: Decimal,
    reason: str,
    by: Principal,
    business_unit: str | None = None,
) -> BudgetOverride:
    """Let a document take so much more than a budget leaves: once it asks, however it does.

    Raises ForbiddenError for who has none of the roles that the policy names, for the budget's category and
    the document's unit. Whether that was its unit, and that nobody lets a document of their own take more, is
    seen when it asks.
    """
    budget = await locked(tx, budget_id)
    if amount != round_amount(amount, budget.currency):
        why = f"{budget.currency} has {minor_units(budget.currency)} decimals"
        raise InvalidError("override_invalid", f"{why}.", errors=[FieldError("/amount", why)])
    history = await policies.history(tx, BUDGET_CONTROL)
    version = history.in_force(tx.day, Place(category=budget.category, business_unit=business_unit))
    if by.roles.isdisjoint(version.value.override_roles):
        roles = ", ".join(sorted(version.value.override_roles)) or "nobody"
        raise ForbiddenError(
            "override_not_allowed",
            f"The policy {BUDGET_CONTROL.name}, version {version.number}, lets {roles} override.",
        )
    override = BudgetOverride(
        budget_id=budget.id,
        document_kind=kind,
        document_id=document_id,
        amount=amount,
        used=Decimal(0),
        reason=reason,
        granted_by=tx.actor,
        granted_at=tx.now,
        policy_version=version.number,
        document_authors=[],
    )
    tx.session.add(override)
    await tx.flush()
    after = {"override_id": override.id, "document_id": document_id, "amount": amount}
    tx.audit("grant_override", BUDGET, budget.id, after=after, reason=reason)
    return override
