"""Routes of budgets, their ledger, overrides and transfers."""

from __future__ import annotations

from procurement.budgets.api.budgets import router as budgets
from procurement.budgets.api.ledger import router as ledger
from procurement.budgets.api.transfers import router as transfers

ROUTERS = (budgets, ledger, transfers)
