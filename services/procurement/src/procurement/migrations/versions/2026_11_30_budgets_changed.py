"""Budgets are found by what changed of them."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_30_budgets_changed"
down_revision = "2026_11_30_budgets"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_budget_changed_in", "budget (changed_in, id)")
