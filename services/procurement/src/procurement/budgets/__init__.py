"""Budgets: what may be reserved, committed and spent, for what, in which days; and the ledger of it."""
