"""Budgets, their figures and their ledger as HTTP shows them: for our own people alone."""
