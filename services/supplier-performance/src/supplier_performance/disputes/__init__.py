"""Suppliers dispute lines of their scorecards, and people decide."""
