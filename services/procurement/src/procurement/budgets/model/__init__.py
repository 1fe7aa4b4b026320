"""Budgets with their versions, the entries of their ledger, overrides and transfers."""

from __future__ import annotations

from procurement.budgets.model.budgets import Budget, BudgetPeriod, BudgetVersion, budget_number
from procurement.budgets.model.entries import BudgetEntry, UncoveredLine
from procurement.budgets.model.overrides import BudgetOverride
from procurement.budgets.model.transfers import BudgetTransfer

__all__ = (
    "Budget",
    "BudgetEntry",
    "BudgetOverride",
    "BudgetPeriod",
    "BudgetTransfer",
    "BudgetVersion",
    "UncoveredLine",
    "budget_number",
)
