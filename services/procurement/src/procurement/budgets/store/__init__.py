"""Budgets and their ledger as rows."""
